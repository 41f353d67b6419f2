//! Two tips and the others near them. One account says little by itself: what it leaves out, those that tell of the same
//! often say. So two that have the same mates are nearer than their own words show, and two whose mates agree on what
//! speaks against them are less near.

use super::Index;
use crate::index::compare_sides;
use crate::index::likeness::side_at;
use crate::score::Compared;

/// Candidates that are looked at together, the nearest: it bounds the time.
const NEAREST: usize = 12;
/// Probability from which a tip is another's mate.
const MATE_FROM: f32 = 0.5;
/// No mate says more than this many to one.
const ODDS_MAX: f32 = 10_000.0;

/// Whether two tips may be one incident at all, and how probable it is.
fn probability(compared: &Compared) -> Option<f32> {
    compared.veto.is_none().then_some(compared.score)
}

/// Logarithm of the odds.
fn log_odds(probability: f32) -> f32 {
    let least = 1.0 / ODDS_MAX;
    let probability = probability.clamp(least, 1.0 - least);
    (probability / (1.0 - probability)).ln()
}

/// Scores the nearest candidates of a tip anew, by what their mates and its own say. `nearest` gives each one's
/// number and how it compares, best first. Says whether anything changed.
///
/// A mate says the same whichever of the two came first; a veto stays one; a tip that is nobody's mate says nothing.
pub(super) fn hear_company<'a>(
    index: &Index,
    nearest: impl Iterator<Item = (u32, &'a mut Compared)>,
) -> bool {
    let mut nearest: Vec<_> = nearest
        .take(NEAREST)
        .filter(|(_, compared)| compared.veto.is_none())
        .collect();
    if nearest.len() < 2 {
        return false;
    }
    let heard: Vec<Option<f32>> = {
        let own: Vec<f32> = nearest.iter().map(|(_, compared)| compared.score).collect();
        let between = between(index, &nearest);
        (0..own.len()).map(|at| said(at, &own, &between)).collect()
    };
    let mut changed = false;
    for ((_, compared), said) in nearest.iter_mut().zip(heard) {
        let Some(said) = said else { continue };
        let mut features = compared.features;
        features.hear(said - log_odds(compared.score));
        **compared = Compared::new(features, None, index.weights());
        changed = true;
    }
    changed
}

/// How probable it is of each two of them that they are one incident; `None` where they may not be.
fn between(index: &Index, nearest: &[(u32, &mut Compared)]) -> Vec<Vec<Option<f32>>> {
    let sides: Vec<_> = nearest
        .iter()
        .map(|(doc, _)| side_at(index, *doc))
        .collect();
    let mut between = vec![vec![None; sides.len()]; sides.len()];
    for (at, one) in sides.iter().enumerate() {
        for (other, side) in sides.iter().enumerate().skip(at + 1) {
            let found = probability(&compare_sides(index, one, side));
            between[at][other] = found;
            between[other][at] = found;
        }
    }
    between
}

/// What the others say of the tip and its candidate at `at`: the mean of what each mate of the one is to the other,
/// each by how surely it is a mate; `None` if neither has any.
fn said(at: usize, own: &[f32], between: &[Vec<Option<f32>>]) -> Option<f32> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (other, to_tip) in own.iter().enumerate() {
        let Some(to_candidate) = between[at][other] else {
            continue;
        };
        for (mate_of_one, to_the_other) in [(to_candidate, *to_tip), (*to_tip, to_candidate)] {
            if mate_of_one >= MATE_FROM {
                sum += mate_of_one * log_odds(to_the_other);
                weights += mate_of_one;
            }
        }
    }
    (weights > 0.0).then(|| sum / weights)
}

#[cfg(test)]
mod tests {
    use super::{log_odds, said};

    /// What a tip and its candidate hear of one third tip, where `to_tip` is how near that is to the tip.
    fn heard(to_tip: f32, to_candidate: Option<f32>) -> Option<f32> {
        let between = vec![vec![None, to_candidate], vec![to_candidate, None]];
        said(0, &[0.4, to_tip], &between)
    }

    #[test]
    fn a_common_mate_brings_two_tips_nearer() {
        let heard = heard(0.9, Some(0.9)).expect("it has something to say");
        assert!((heard - log_odds(0.9)).abs() < 1e-5);
    }

    #[test]
    fn a_mate_of_one_that_is_far_from_the_other_speaks_against_whichever_it_is() {
        let (mate_of_candidate, mate_of_tip) = (heard(0.1, Some(0.8)), heard(0.8, Some(0.1)));
        assert!(mate_of_candidate.expect("said") < 0.0);
        assert_eq!(mate_of_candidate, mate_of_tip);
    }

    #[test]
    fn nobodys_mate_and_one_that_may_not_be_the_same_say_nothing() {
        assert_eq!(heard(0.3, Some(0.3)), None);
        assert_eq!(heard(0.9, None), None);
    }
}
