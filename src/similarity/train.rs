//! The regression's training: by Newton's method, on what the candidates of labelled tips have in common.

use super::features::{COUNT, Feature, Features, Speaks};
use super::reading::Schools;
use super::trial::{Trial, TrialError, TrialTip};
use super::weights::{Regression, Tiers, Weights};
use mifeng_opening::SketchKey;
use std::collections::HashMap;

/// Two tips and whether they are of one incident.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What was measured.
    pub features: Features,
    /// The truth.
    pub is_same: bool,
    /// How much it counts.
    pub weight: f64,
    /// Place of the later tip in its file: examples of one tip stay together.
    pub tip: usize,
}

/// Parameters: the weights and the bias.
const SIZE: usize = COUNT + 1;
/// Rounds of Newton's method; it has settled after a dozen.
const ROUNDS: usize = 40;
/// How strongly weights are drawn towards zero, so that a feature seldom seen does not run away.
const RIDGE: f64 = 2.0;
/// The true mates of one tip count as this many at most: a flood of forty must not drown the rest.
const TIP_COUNTS_AS: f64 = 4.0;

/// What the regression for schools of no list does without: shares of a text depend on how long texts are and how much
/// of them is chatter, and invented ones differ in that from real ones. What two texts share at all does not. And mates
/// that no list confirms are too often wrong themselves to speak against anything.
const NOT_OPEN: [Feature; 6] = [
    Feature::Cosine,
    Feature::Contained,
    Feature::Breadth,
    Feature::RareShared,
    Feature::Company,
    Feature::CompanyAndGap,
];

/// The examples of a file of labelled tips. `weights` say which candidates a tip has and who is whose mate.
///
/// # Errors
/// [`TrialError`].
pub fn examples(
    tips: &[TrialTip],
    schools: &Schools,
    key: &SketchKey,
    weights: &Weights,
) -> Result<Vec<Example>, TrialError> {
    let mut trial = Trial::new(schools, key, weights.clone());
    let by_name: HashMap<&str, &TrialTip> =
        tips.iter().map(|tip| (tip.tip.as_str(), tip)).collect();
    let mut examples = Vec::new();
    for (number, tip) in tips.iter().enumerate() {
        let candidates = trial.next(tip)?;
        let mut own = Vec::new();
        for candidate in candidates
            .iter()
            .filter(|candidate| candidate.compared.veto.is_none())
        {
            let name = trial.name(&candidate.tip);
            if tip.incident.is_none() || tip.ambiguous_with.iter().any(|other| other == name) {
                continue;
            }
            let is_same = by_name[name].incident == tip.incident;
            own.push(Example {
                features: candidate.compared.features,
                is_same,
                weight: 1.0,
                tip: number,
            });
        }
        let same = own.iter().filter(|example| example.is_same).count();
        #[expect(clippy::cast_precision_loss, reason = "at most fifty")]
        let weight = (TIP_COUNTS_AS / same.max(1) as f64).min(1.0);
        own.iter_mut()
            .filter(|example| example.is_same)
            .for_each(|example| example.weight = weight);
        examples.extend(own);
    }
    Ok(examples)
}

/// Weights that make the examples most probable, of those in which every feature speaks the way it may.
#[must_use]
pub fn fit(mut examples: Vec<Example>) -> Regression {
    loop {
        let fitted = fit_freely(&examples);
        let speaks = Feature::ALL.iter().zip(fitted.weights);
        let wrong = speaks.filter(|(feature, weight)| match feature.speaks() {
            Speaks::For => *weight < 0.0,
            Speaks::Against => *weight > 0.0,
            Speaks::Either => false,
        });
        let wrong: Vec<Feature> = wrong.map(|(feature, _)| *feature).collect();
        if wrong.is_empty() {
            return fitted;
        }
        leave_out(&mut examples, &wrong);
    }
}

/// Weights that make the examples most probable.
fn fit_freely(examples: &[Example]) -> Regression {
    let mut parameters = [0.0; SIZE];
    for _ in 0..ROUNDS {
        let (gradient, curvature) = slope(examples, &parameters);
        let Some(step) = solve(curvature, gradient) else {
            break;
        };
        let largest = step
            .iter()
            .fold(0.0_f64, |largest, by| largest.max(by.abs()));
        // Far from the optimum a full step overshoots.
        let scale = (2.0 / largest.max(2.0)).min(1.0);
        for (parameter, by) in parameters.iter_mut().zip(step) {
            *parameter += by * scale;
        }
        if largest < 1e-6 {
            break;
        }
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "six digits are plenty for a weight"
    )]
    let short = |value: f64| value as f32;
    let mut weights = [0.0; COUNT];
    for (weight, parameter) in weights.iter_mut().zip(parameters) {
        *weight = short(parameter);
    }
    Regression {
        weights,
        bias: short(parameters[COUNT]),
    }
}

fn row(features: &Features) -> [f64; SIZE] {
    let mut row = [1.0; SIZE];
    for (place, value) in row.iter_mut().zip(features.0) {
        *place = f64::from(value);
    }
    row
}

/// Gradient and curvature of the penalised likelihood.
fn slope(examples: &[Example], parameters: &[f64; SIZE]) -> ([f64; SIZE], Vec<[f64; SIZE]>) {
    let mut gradient = [0.0; SIZE];
    let mut curvature = vec![[0.0; SIZE]; SIZE];
    for example in examples {
        let row = row(&example.features);
        let sum: f64 = row
            .iter()
            .zip(parameters)
            .map(|(value, parameter)| value * parameter)
            .sum();
        let probability = 1.0 / (1.0 + (-sum).exp());
        let miss = (f64::from(u8::from(example.is_same)) - probability) * example.weight;
        let bend = probability * (1.0 - probability) * example.weight;
        for (i, value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            gradient[i] += miss * value;
            for (j, other) in row.iter().enumerate() {
                curvature[i][j] += bend * value * other;
            }
        }
    }
    for i in 0..SIZE {
        // The bias is not drawn to zero, only kept from running away.
        let ridge = if i == COUNT { 1e-3 } else { RIDGE };
        gradient[i] -= ridge * parameters[i];
        curvature[i][i] += ridge;
    }
    (gradient, curvature)
}

/// Gauss's elimination with pivots.
fn solve(mut matrix: Vec<[f64; SIZE]>, mut right: [f64; SIZE]) -> Option<[f64; SIZE]> {
    for column in 0..SIZE {
        let pivot = (column..SIZE).max_by(|a, b| {
            matrix[*a][column]
                .abs()
                .total_cmp(&matrix[*b][column].abs())
        })?;
        if matrix[pivot][column].abs() < 1e-12 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for line in column + 1..SIZE {
            let factor = matrix[line][column] / matrix[column][column];
            let pivot_line = matrix[column];
            let values = matrix[line].iter_mut().zip(pivot_line).skip(column);
            for (value, above) in values {
                *value -= factor * above;
            }
            right[line] -= factor * right[column];
        }
    }
    let mut solution = [0.0; SIZE];
    for line in (0..SIZE).rev() {
        let known: f64 = (line + 1..SIZE)
            .map(|at| matrix[line][at] * solution[at])
            .sum();
        solution[line] = (right[line] - known) / matrix[line][line];
    }
    Some(solution)
}

/// The weights, of two rounds: in the first each two tips stand alone; in the second, their mates by the first round's
/// weights speak too. `examples` gives the examples of every file by the weights it is handed.
///
/// # Errors
/// Those of `examples`.
pub fn weights<E>(
    version: &str,
    tiers: Tiers,
    mut examples: impl FnMut(&Weights) -> Result<Vec<Example>, E>,
) -> Result<Weights, E> {
    let mut alone = examples(&Weights::default())?;
    leave_out(&mut alone, &Feature::COMPANY);
    let alone = fit_both(version, tiers, alone);
    Ok(fit_both(version, tiers, examples(&alone)?))
}

/// Both regressions: one for the pairs whose schools are on a list, one for the others.
fn fit_both(version: &str, tiers: Tiers, examples: Vec<Example>) -> Weights {
    let is_listed = |example: &Example| example.features.get(Feature::Listed) > 0.0;
    let (listed, mut open): (Vec<_>, Vec<_>) = examples.into_iter().partition(is_listed);
    leave_out(&mut open, &NOT_OPEN);
    Weights::new(version, tiers, fit(listed), fit(open))
}

fn leave_out(examples: &mut [Example], features: &[Feature]) {
    for example in examples {
        for feature in features {
            example.features.set(*feature, 0.0);
        }
    }
}
