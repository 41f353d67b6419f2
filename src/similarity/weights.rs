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

/// One regression: what each feature adds, and the odds before any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regression {
    /// Logarithm of the odds that each feature adds.
    pub weights: [f32; COUNT],
    /// Logarithm of the odds before anything is measured.
    pub bias: f32,
}

/// Probabilities from which two tips are shown as near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tiers {
    /// Likely the same.
    pub same_from: f32,
    /// Maybe related.
    pub maybe_from: f32,
}

/// Two regressions, and where the tiers begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    version: String,
    tiers: Tiers,
    /// For two tips whose schools are on the office's list.
    listed: Regression,
    /// For all others: words have to do more there.
    open: Regression,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What they were trained on.
    version: String,
    /// See [`Tiers`].
    same_from: f32,
    maybe_from: f32,
    /// Logarithms of odds by the name of the feature, and the bias.
    listed: BTreeMap<String, f32>,
    open: BTreeMap<String, f32>,
}

const BIAS: &str = "bias";

impl Regression {
    fn of_table(mut table: BTreeMap<String, f32>) -> Result<Self, WeightsError> {
        let mut take = |name: &str| {
            table
                .remove(name)
                .ok_or_else(|| WeightsError::Misfit(name.to_owned()))
        };
        let mut weights = [0.0; COUNT];
        for (feature, weight) in Feature::ALL.iter().zip(&mut weights) {
            *weight = take(feature.name())?;
        }
        let bias = take(BIAS)?;
        match table.into_keys().next() {
            Some(unknown) => Err(WeightsError::Misfit(unknown)),
            None => Ok(Self { weights, bias }),
        }
    }

    fn to_table(self) -> BTreeMap<String, f32> {
        let weights = Feature::ALL.iter().zip(self.weights);
        let weights = weights.map(|(feature, weight)| (feature.name().to_owned(), weight));
        weights.chain([(BIAS.to_owned(), self.bias)]).collect()
    }
}

/// The file that is part of the program.
const EMBEDDED: &str = include_str!("weights.toml");

impl Weights {
    /// Puts a file's parts together: the regression for listed schools first.
    #[must_use]
    pub fn new(version: &str, tiers: Tiers, listed: Regression, open: Regression) -> Self {
        Self {
            version: version.to_owned(),
            tiers,
            listed,
            open,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`WeightsError`].
    pub fn parse(text: &str) -> Result<Self, WeightsError> {
        let file: File = toml::from_str(text)?;
        Ok(Self {
            version: file.version,
            tiers: Tiers {
                same_from: file.same_from,
                maybe_from: file.maybe_from,
            },
            listed: Regression::of_table(file.listed)?,
            open: Regression::of_table(file.open)?,
        })
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let file = File {
            version: self.version.clone(),
            same_from: self.tiers.same_from,
            maybe_from: self.tiers.maybe_from,
            listed: self.listed.to_table(),
            open: self.open.to_table(),
        };
        toml::to_string_pretty(&file).expect("numbers and names always have a TOML form")
    }

    /// Which training they come from.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The regression that two tips with these features go by.
    #[must_use]
    pub fn regression(&self, features: &Features) -> &Regression {
        if features.get(Feature::Listed) > 0.0 {
            &self.listed
        } else {
            &self.open
        }
    }

    /// Where the tiers begin.
    #[must_use]
    pub fn tiers(&self) -> Tiers {
        self.tiers
    }

    /// How probable it is that two tips are of one incident.
    #[must_use]
    pub fn probability(&self, features: &Features) -> f32 {
        let regression = self.regression(features);
        let added = regression.weights.iter().zip(features.0);
        let sum: f32 = added.map(|(weight, value)| weight * value).sum();
        1.0 / (1.0 + (-(regression.bias + sum)).exp())
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self::parse(EMBEDDED).expect("a test reads the embedded weights")
    }
}
