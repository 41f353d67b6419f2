//! Where a case stands, and where it can go from there: one table says every step there is.

use mifeng_sealing::tip::Status;
use serde::{Deserialize, Serialize};

/// Where a case stands. The legal steps are those of [`CaseState::step_to`], and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// Routed, nobody has decided yet (待受理).
    Received,
    /// 受理.
    Accepted,
    /// 不予受理, with a reason that the reporter is told.
    Declined,
    /// 转办.
    Referred,
    /// 查办中.
    UnderInquiry,
    /// 会商: a hard case is studied together.
    JointStudy,
    /// 办结, with an outcome.
    Concluded,
    /// 销号: off the ledger, by two persons.
    Closed,
    /// 重新办理: it was decided, and is open again.
    Reopened,
    /// 移交上级: the office above has it; here it is closed to everybody.
    PassedUp,
}

/// How a step is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By whoever handles it, with a reason.
    ByHand,
    /// By passing it on with a written extract.
    Referring,
    /// By concluding with an outcome.
    Concluding,
    /// By closing: one proposes, another approves.
    Closing,
    /// By whoever sees all cases, with a reason: what was decided is taken up again.
    Reopening,
    /// By whoever sees all cases, with a reason, or by itself where nobody may see it: to the office above.
    PassingUp,
}

/// Every legal step.
const STEPS: &[(CaseState, CaseState, Step)] = {
    use CaseState::{
        Accepted, Closed, Concluded, Declined, JointStudy, PassedUp, Received, Referred, Reopened,
        UnderInquiry,
    };
    use Step::{ByHand, Closing, Concluding, PassingUp, Referring, Reopening};
    &[
        (Received, Accepted, ByHand),
        (Received, Declined, ByHand),
        (Received, Referred, Referring),
        (Accepted, UnderInquiry, ByHand),
        (Accepted, JointStudy, ByHand),
        (Accepted, Referred, Referring),
        (Accepted, Concluded, Concluding),
        (Referred, UnderInquiry, ByHand),
        (Referred, Concluded, Concluding),
        (UnderInquiry, JointStudy, ByHand),
        (UnderInquiry, Referred, Referring),
        (UnderInquiry, Concluded, Concluding),
        (JointStudy, UnderInquiry, ByHand),
        (JointStudy, Concluded, Concluding),
        (Reopened, UnderInquiry, ByHand),
        (Reopened, JointStudy, ByHand),
        (Reopened, Referred, Referring),
        (Reopened, Concluded, Concluding),
        (Concluded, Closed, Closing),
        (Declined, Reopened, Reopening),
        (Concluded, Reopened, Reopening),
        (Closed, Reopened, Reopening),
        (Received, PassedUp, PassingUp),
        (Accepted, PassedUp, PassingUp),
        (Referred, PassedUp, PassingUp),
        (UnderInquiry, PassedUp, PassingUp),
        (JointStudy, PassedUp, PassingUp),
        (Reopened, PassedUp, PassingUp),
    ]
};

impl CaseState {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Accepted,
        Self::Declined,
        Self::Referred,
        Self::UnderInquiry,
        Self::JointStudy,
        Self::Concluded,
        Self::Closed,
        Self::Reopened,
        Self::PassedUp,
    ];

    /// The word stored and used in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Referred => "referred",
            Self::UnderInquiry => "under-inquiry",
            Self::JointStudy => "joint-study",
            Self::Concluded => "concluded",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::PassedUp => "passed-up",
        }
    }

    /// The state with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What the reporter is told. What the office does within itself has no word of its own there: a joint study is an
    /// inquiry, so is one that was taken up again, and closing changes nothing of the result.
    #[must_use]
    pub fn told_as(self) -> Status {
        match self {
            Self::Received => Status::Received,
            Self::Accepted => Status::Accepted,
            Self::Declined => Status::Declined,
            Self::Referred | Self::PassedUp => Status::Referred,
            Self::UnderInquiry | Self::JointStudy | Self::Reopened => Status::UnderInquiry,
            Self::Concluded | Self::Closed => Status::Concluded,
        }
    }

    /// How `to` is reached from here; `None` if it is not.
    #[must_use]
    pub fn step_to(self, to: Self) -> Option<Step> {
        let mut steps = STEPS.iter();
        let found = steps.find(|(from, reached, _)| (*from, *reached) == (self, to));
        found.map(|(_, _, step)| *step)
    }

    /// States that are reached from here by `step`.
    pub fn reached_by(self, step: Step) -> impl Iterator<Item = Self> {
        let steps = STEPS.iter();
        let reached = steps.filter(move |(from, _, by)| *from == self && *by == step);
        reached.map(|(_, to, _)| *to)
    }

    /// Whether `step` leads anywhere from here.
    #[must_use]
    pub fn allows(self, step: Step) -> bool {
        self.reached_by(step).next().is_some()
    }

    /// How far it is on the way, to tell which of two is further.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Received => 0,
            Self::Accepted => 1,
            Self::Referred => 2,
            Self::Reopened => 3,
            Self::UnderInquiry => 4,
            Self::JointStudy => 5,
            Self::Declined | Self::Concluded => 6,
            Self::Closed | Self::PassedUp => 7,
        }
    }

    /// Whether the reporter has the answer, or gets it from another office, so that no deadline runs.
    #[must_use]
    pub fn is_finished(self) -> bool {
        matches!(
            self,
            Self::Declined | Self::Concluded | Self::Closed | Self::PassedUp
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_means_one_state_and_no_step_stands_twice() {
        for state in CaseState::ALL {
            assert_eq!(CaseState::from_code(state.code()), Some(state));
            assert_eq!(state.step_to(state), None);
        }
        for (from, to, step) in STEPS {
            let same = STEPS.iter().filter(|(a, b, _)| (a, b) == (from, to));
            assert_eq!(same.count(), 1, "{from:?} to {to:?}");
            assert_eq!(from.step_to(*to), Some(*step));
        }
    }

    #[test]
    fn only_a_finished_case_is_closed_or_opened_again() {
        for (from, to, step) in STEPS {
            match step {
                Step::Closing => {
                    assert_eq!((*from, *to), (CaseState::Concluded, CaseState::Closed));
                }
                Step::Reopening => assert!(from.is_finished() && *to == CaseState::Reopened),
                Step::Concluding => assert!(!from.is_finished() && *to == CaseState::Concluded),
                Step::Referring => {
                    assert!(!from.is_finished() && *to == CaseState::Referred);
                }
                Step::ByHand => assert!(!from.is_finished()),
                Step::PassingUp => assert!(!from.is_finished() && *to == CaseState::PassedUp),
            }
        }
    }
}
