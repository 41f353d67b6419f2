//! From features to a score and a tier.

use super::features::{Feature, Features, Veto};
use super::weights::{Tiers, Weights};

/// How near two tips are, in the words of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Nothing to show.
    Unrelated,
    /// One school or one teacher (同校/同师): listed, never proposed.
    SchoolOrTeacher,
    /// Maybe related (可能相关).
    Maybe,
    /// Likely the same incident (疑似同一事件).
    Same,
}

impl Tier {
    /// The word used by the tool and as the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unrelated => "unrelated",
            Self::SchoolOrTeacher => "school-or-teacher",
            Self::Maybe => "maybe",
            Self::Same => "same",
        }
    }
}

/// What comparing two tips says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// How probable it is that they are of one incident, from 0 to 1; low where there is a veto.
    pub score: f32,
    /// How it is shown.
    pub tier: Tier,
    /// What it comes from.
    pub features: Features,
    /// What forbids that they be proposed as the same.
    pub veto: Option<Veto>,
}

/// What a veto leaves of a score: enough to keep the order among the vetoed, below all that are not.
const VETOED_SHARE: f32 = 0.2;

impl Compared {
    pub(super) fn new(features: Features, veto: Option<Veto>, weights: &Weights) -> Self {
        let probability = weights.probability(&features);
        let Tiers {
            same_from,
            maybe_from,
        } = weights.tiers();
        let score = if veto.is_some() {
            probability * VETOED_SHARE
        } else {
            probability
        };
        let near = features.get(Feature::SchoolAgrees) + features.get(Feature::NameAgrees) > 0.0;
        let tier = if veto.is_none() && score >= same_from {
            Tier::Same
        } else if veto.is_none() && score >= maybe_from {
            Tier::Maybe
        } else if near {
            Tier::SchoolOrTeacher
        } else {
            Tier::Unrelated
        };
        Self {
            score,
            tier,
            features,
            veto,
        }
    }
}
