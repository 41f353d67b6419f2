//! What a line of a case's history says was done. The codes are stored in sealed rows and are the keys of words
//! (`history-<code>`): they are frozen, and the test says how.

use super::{CaseState, Mode, PaperKind};
use mifeng_sealing::tip::Channel;
use serde::{Deserialize, Serialize};

/// Declares the notes with their codes, once.
macro_rules! notes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What was done to a case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Note {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
            /// What a later version of the program wrote, and this one has no words for.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Note {
            /// Every note that is written.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word stored.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Unknown => "unknown",
                }
            }
        }
    };
}

notes! {
    /// A tip came and was routed.
    Received = "received",
    /// A tip was typed in from a call.
    TypedInPhone = "typed-in-phone",
    /// A tip was typed in from a letter.
    TypedInLetter = "typed-in-letter",
    /// A tip was typed in from a visit.
    TypedInWalkIn = "typed-in-walk-in",
    /// The case was given to somebody.
    Assigned = "assigned",
    /// The case was accepted.
    Accepted = "accepted",
    /// The case was declined.
    Declined = "declined",
    /// A second person confirmed that it was declined.
    DecliningConfirmed = "declining-confirmed",
    /// The case was referred to another body.
    Referred = "referred",
    /// An inquiry was opened.
    UnderInquiry = "under-inquiry",
    /// It is studied by several together.
    JointStudy = "joint-study",
    /// It was concluded.
    Concluded = "concluded",
    /// Its closing was approved by a second person.
    Closed = "closed",
    /// Closing was proposed.
    ClosingProposed = "closing-proposed",
    /// The proposal to close was sent back.
    ClosingRejected = "closing-rejected",
    /// It was opened again by a person.
    OpenedAgain = "opened-again",
    /// It was opened again since a tip was joined to it.
    Reopened = "reopened",
    /// Its due day was moved.
    Extended = "extended",
    /// Its due day was counted anew with a calendar.
    Recounted = "recounted",
    /// Its mode is: investigate directly.
    ModeDirect = "mode-direct",
    /// Its mode is: pass on.
    ModePassed = "mode-passed",
    /// Its mode is: pass on and supervise.
    ModeSupervised = "mode-supervised",
    /// Its mode is: joint study.
    ModeJoint = "mode-joint",
    /// A handler was added.
    HandlerAdded = "handler-added",
    /// A handler was taken off.
    HandlerRemoved = "handler-removed",
    /// A member stepped aside.
    RecusedOneself = "recused-oneself",
    /// A dispatcher said that the tip means a member.
    PersonMeant = "person-meant",
    /// A dispatcher said that the tip does not mean a member.
    PersonNotMeant = "person-not-meant",
    /// The office wrote to the reporter.
    Wrote = "wrote",
    /// The reporter added something.
    ReporterWrote = "reporter-wrote",
    /// The reporter objected.
    ReporterObjected = "reporter-objected",
    /// The reporter answered the questions after closing.
    ReporterAftercare = "reporter-aftercare",
    /// The reporter deleted the mailbox.
    ReporterGone = "reporter-gone",
    /// The reporter corrected the tip.
    ReporterCorrected = "reporter-corrected",
    /// The reporter withdrew the tip.
    ReporterWithdrew = "reporter-withdrew",
    /// Words came that nothing tells to be the reporter's.
    ReplyUnproven = "reply-unproven",
    /// Words of the reporter went to the office above.
    ReplyPassedUp = "reply-passed-up",
    /// Later words named a member, who is recused and can no longer open the case.
    KeyTaken = "key-taken",
    /// Two cases were joined.
    Joined = "joined",
    /// A tip was split off.
    Split = "split",
    /// Another tip leads the group.
    Leads = "leads",
    /// Two cases were said not to be the same.
    HeldApart = "held-apart",
    /// A note was written.
    PaperNote = "paper-note",
    /// Evidence was registered.
    PaperEvidence = "paper-evidence",
    /// An interview was registered.
    PaperInterview = "paper-interview",
    /// A task was set.
    PaperTask = "paper-task",
    /// A task was finished.
    TaskDone = "task-done",
    /// A joint opinion was written.
    OpinionWritten = "opinion-written",
    /// A joint opinion was signed.
    OpinionAgrees = "opinion-agrees",
    /// A joint opinion was signed with dissent.
    OpinionDissents = "opinion-dissents",
    /// It was asked that the case be destroyed early.
    DeletionAsked = "deletion-asked",
    /// That was sent back.
    DeletionRejected = "deletion-rejected",
    /// The case is held, whatever its age.
    HoldSet = "hold-set",
    /// The hold was lifted.
    HoldLifted = "hold-lifted",
    /// The case has to go to the office above.
    PassingDue = "passing-due",
    /// It was asked that the case go to the office above.
    PassingAsked = "passing-asked",
    /// That was sent back.
    PassingRejected = "passing-rejected",
    /// The case goes to the office above on a stated day.
    PassingWaits = "passing-waits",
    /// The case stays after all.
    PassingStays = "passing-stays",
    /// A person kept the case here.
    KeptHere = "kept-here",
    /// The case went to the office above.
    PassedUp = "passed-up",
}

impl Note {
    /// That the case came into `state`.
    #[must_use]
    pub fn of_state(state: CaseState) -> Self {
        match state {
            CaseState::Received => Self::Received,
            CaseState::Accepted => Self::Accepted,
            CaseState::Declined => Self::Declined,
            CaseState::Referred => Self::Referred,
            CaseState::UnderInquiry => Self::UnderInquiry,
            CaseState::JointStudy => Self::JointStudy,
            CaseState::Concluded => Self::Concluded,
            CaseState::Closed => Self::Closed,
            CaseState::Reopened => Self::Reopened,
            CaseState::PassedUp => Self::PassedUp,
        }
    }

    /// That the case is now handled in this `mode`.
    #[must_use]
    pub fn of_mode(mode: Mode) -> Self {
        match mode {
            Mode::Direct => Self::ModeDirect,
            Mode::Passed => Self::ModePassed,
            Mode::Supervised => Self::ModeSupervised,
            Mode::Joint => Self::ModeJoint,
        }
    }

    /// That a paper of this `kind` was put to the case; drafts are nobody's record, and an extract is told by the referral.
    #[must_use]
    pub fn of_paper(kind: PaperKind) -> Option<Self> {
        match kind {
            PaperKind::Note => Some(Self::PaperNote),
            PaperKind::Evidence => Some(Self::PaperEvidence),
            PaperKind::Interview => Some(Self::PaperInterview),
            PaperKind::Task => Some(Self::PaperTask),
            PaperKind::Draft | PaperKind::Extract => None,
        }
    }

    /// That a tip came by this `channel`.
    #[must_use]
    pub fn of_channel(channel: Channel) -> Self {
        match channel {
            Channel::Web => Self::Received,
            Channel::Phone => Self::TypedInPhone,
            Channel::Letter => Self::TypedInLetter,
            Channel::WalkIn => Self::TypedInWalkIn,
        }
    }

    /// Whether the reporter did it.
    #[must_use]
    pub fn is_reporters(self) -> bool {
        matches!(
            self,
            Self::ReporterWrote
                | Self::ReporterObjected
                | Self::ReporterAftercare
                | Self::ReporterGone
                | Self::ReporterCorrected
                | Self::ReporterWithdrew
        )
    }

    /// Whether it is of a joint opinion, which is filed as such.
    #[must_use]
    pub fn is_of_opinion(self) -> bool {
        matches!(
            self,
            Self::OpinionWritten | Self::OpinionAgrees | Self::OpinionDissents
        )
    }
}

#[cfg(test)]
mod tests;
