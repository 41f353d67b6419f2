//! The regression's weights: a readable file with its version, made by `mifeng similarity train`.

use super::features::{COUNT, Feature, Features};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Weights that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// Not well formed.
    #[error("the weights are not well formed: {0}")]
    Malformed(#[from] toml::de::Error),
    /// A feature without a weight, or a weight without a feature.
    #[error("the weights do not fit this program: \"{0}\"")]
    Misfit(String),
}

/// Weights, the bias and where the tiers begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    version: String,
    bias: f32,
    same_from: f32,
    maybe_from: f32,
    weights: [f32; COUNT],
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Day of training, and what it was trained on.
    version: String,
    /// Odds before anything is measured, as their logarithm.
    bias: f32,
    /// Probability from which two tips are likely the same.
    same_from: f32,
    /// Probability from which they may be related.
    maybe_from: f32,
    /// Logarithm of the odds that each feature adds.
    weights: BTreeMap<String, f32>,
}

/// The file that is part of the program.
const EMBEDDED: &str = include_str!("weights.toml");

impl Weights {
    /// Puts a file's parts together.
    #[must_use]
    pub fn new(version: &str, bias: f32, tiers: (f32, f32), weights: [f32; COUNT]) -> Self {
        Self {
            version: version.to_owned(),
            bias,
            same_from: tiers.0,
            maybe_from: tiers.1,
            weights,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`WeightsError`].
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let mut file: File = toml::from_str(text)?;
        let mut weights = [0.0; COUNT];
        for (feature, weight) in Feature::ALL.iter().zip(&mut weights) {
            let missing = || WeightsError::Misfit(feature.name().to_owned());
            *weight = file.weights.remove(feature.name()).ok_or_else(missing)?;
        }
        match file.weights.into_keys().next() {
            Some(unknown) => Err(WeightsError::Misfit(unknown)),
            None => Ok(Self::new(
                &file.version,
                file.bias,
                (file.same_from, file.maybe_from),
                weights,
            )),
        }
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let weights = Feature::ALL
            .iter()
            .map(|feature| (feature.name().to_owned(), self.of(*feature)));
        let file = File {
            version: self.version.clone(),
            bias: self.bias,
            same_from: self.same_from,
            maybe_from: self.maybe_from,
            weights: weights.collect(),
        };
        toml::to_string_pretty(&file).expect("numbers and names always have a TOML form")
    }

    /// Which training they come from.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What a feature adds to the logarithm of the odds when it is 1.
    #[must_use]
    pub fn of(&self, feature: Feature) -> f32 {
        self.weights[feature as usize]
    }

    /// Probability from which two tips are likely the same, and may be related.
    #[must_use]
    pub fn tiers(&self) -> (f32, f32) {
        (self.same_from, self.maybe_from)
    }

    /// How probable it is that two tips are of one incident.
    #[must_use]
    pub fn probability(&self, features: &Features) -> f32 {
        let sum: f32 = self
            .weights
            .iter()
            .zip(features.0)
            .map(|(weight, value)| weight * value)
            .sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self::parse(EMBEDDED).expect("a test reads the embedded weights")
    }
}
