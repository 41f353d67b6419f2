//! What can be done with a case by whoever looks at it, from where it stands: which forms its page has.

use super::case_actions::CaseAction;
use super::cases::CasePage;
use crate::cases::{Signing, TipView};
use crate::casework::{self, Candidate};
use crate::model::{CaseState, Closing, Step};
use mifeng_foundation::clock::Day;
use std::collections::BTreeSet;

impl CasePage<'_> {
    /// Whether the form that was sent is still on the page; another's change may have taken it away.
    pub(super) fn offers(&self) -> bool {
        let Some(sent) = CaseAction::named(&self.f.action) else {
            return true;
        };
        match sent {
            CaseAction::Conclude => self.can_conclude(),
            CaseAction::Extend => self.can_extend(),
            CaseAction::State => self.can_move(),
            CaseAction::Mode => self.can_change_mode(),
            CaseAction::AddHandler => !self.c.handling.could_help.is_empty(),
            CaseAction::RemoveHandler => !self.can_take_off().is_empty(),
            CaseAction::Opinion => self.c.handling.can_write,
            CaseAction::SignOpinion => self.c.handling.can_sign,
            CaseAction::Assign => self.can_assign(),
            CaseAction::PassUp => self.can_ask_passing(),
            CaseAction::RejectPassing => self.can_reject_passing(),
            CaseAction::Meant => !self.c.questions.is_empty(),
            CaseAction::KeepHere => self.is_to_pass().is_some(),
            CaseAction::Close => self.can_propose(),
            CaseAction::Refer => self.can_refer(),
            CaseAction::Reject => self.waiting().is_some(),
            CaseAction::Delete => self.c.end.can_ask,
            CaseAction::RejectDeletion => self.can_reject_deletion(),
            CaseAction::Hold | CaseAction::Release => self.c.end.can_hold,
            // Nothing is typed into these but a version, or they are always there.
            CaseAction::Message
            | CaseAction::Phrase
            | CaseAction::Draft
            | CaseAction::Note
            | CaseAction::Evidence
            | CaseAction::Interview
            | CaseAction::Task
            | CaseAction::TaskDone
            | CaseAction::Split
            | CaseAction::Recuse
            | CaseAction::ConfirmDeclining
            | CaseAction::ApprovePassing
            | CaseAction::Approve
            | CaseAction::ApproveDeletion => true,
        }
    }

    /// Whether there is anybody whom the viewer can give it to.
    pub(super) fn can_assign(&self) -> bool {
        !self.offered().is_empty() && !self.c.row.state.is_finished()
    }

    /// Those who can be given it.
    pub(super) fn offered(&self) -> Vec<&(String, Candidate)> {
        let all = self.candidates.iter();
        all.filter(|(_, one)| one.standing.is_free()).collect()
    }

    /// Those who handle it with others and whom the viewer can take off: all of them, or herself.
    pub(super) fn can_take_off(&self) -> Vec<&(String, String)> {
        let own = self.p.member.map(|member| hex::encode(member.id.0));
        let (names, helpers) = (self.c.handling.names, self.c.handling.helpers.iter());
        helpers
            .filter(|(id, _)| names || own.as_ref() == Some(id))
            .collect()
    }

    /// Whether the viewer can pass it up from where it stands.
    pub(super) fn can_pass_up(&self) -> bool {
        let step = self.c.row.state.step_to(CaseState::PassedUp);
        let passes = |member| casework::passes_up(&self.p.state.office, member);
        step == Some(Step::PassingUp) && self.p.member.is_some_and(passes)
    }

    /// Whether the viewer can ask for that.
    pub(super) fn can_ask_passing(&self) -> bool {
        self.can_pass_up() && self.c.passing.is_none()
    }

    /// Whether the viewer can approve it as the second person.
    pub(super) fn can_approve_passing(&self) -> bool {
        self.c.passing_signing == Signing::Second
    }

    /// Whether the viewer can send it back, or take it back.
    pub(super) fn can_reject_passing(&self) -> bool {
        self.c.passing_signing != Signing::Nothing
    }

    /// Whether the viewer asked for it.
    pub(super) fn asked_passing(&self) -> bool {
        self.c.passing_signing == Signing::Proposed
    }

    /// Whether the viewer may extend a deadline.
    pub(super) fn can_extend(&self) -> bool {
        self.c.deadlines.iter().any(|deadline| deadline.can_extend)
    }

    /// The rules of the deadlines that the viewer may extend, each once.
    pub(super) fn extensible(&self) -> BTreeSet<&str> {
        let deadlines = self
            .c
            .deadlines
            .iter()
            .filter(|deadline| deadline.can_extend);
        deadlines.map(|deadline| deadline.rule.as_str()).collect()
    }

    /// Whether the viewer may split the tip off: of two, each leaves the other, and one form is enough.
    pub(super) fn may_split(&self, tip: &TipView) -> bool {
        self.p.may_join() && (tip.joined_day.is_some() || self.c.tips.len() > 2)
    }

    /// Whether the case can be concluded from where it stands: it must have been decided on first.
    pub(super) fn can_conclude(&self) -> bool {
        self.c.row.state.allows(Step::Concluding)
    }

    /// Whether it can be moved by hand from where it stands.
    pub(super) fn can_move(&self) -> bool {
        !self.moves().is_empty()
    }

    /// Where it can be moved from here by the viewer.
    pub(super) fn moves(&self) -> Vec<CaseState> {
        let state = self.c.row.state;
        let again = state.reached_by(Step::Reopening);
        let again = again.filter(|_| self.p.may_join());
        state.reached_by(Step::ByHand).chain(again).collect()
    }

    /// Whether deciding on it is what comes next.
    pub(super) fn is_new(&self) -> bool {
        self.c.row.state == CaseState::Received
    }

    pub(super) fn can_change_mode(&self) -> bool {
        !self.is_new() && !self.c.row.state.is_finished()
    }

    /// Whether it can be passed on from where it stands.
    pub(super) fn can_refer(&self) -> bool {
        self.c.row.state.step_to(CaseState::Referred) == Some(Step::Referring)
    }

    /// The closing that waits for a second person.
    pub(super) fn waiting(&self) -> Option<&Closing> {
        let closing = self.c.closing.as_ref()?;
        closing.waits().then_some(closing)
    }

    /// Whether closing can be proposed.
    pub(super) fn can_propose(&self) -> bool {
        self.c.row.state.allows(Step::Closing) && self.waiting().is_none()
    }

    /// Whether the viewer can send the closing that waits back, or take it back.
    pub(super) fn can_reject(&self) -> bool {
        self.c.signing != Signing::Nothing
    }

    /// Whether the viewer can sign it as the second person.
    pub(super) fn can_approve(&self) -> bool {
        self.c.signing == Signing::Second
    }

    /// Whether the closing that waits is the viewer's own proposal.
    pub(super) fn proposed_it(&self) -> bool {
        self.c.signing == Signing::Proposed
    }

    /// The first day on which it may be destroyed early, where that is still to come.
    pub(super) fn too_early(&self) -> Option<Day> {
        let today = self.p.state.office.today();
        self.c.end.earliest.filter(|day| *day > today)
    }

    /// Whether the viewer can confirm that it was rightly declined.
    pub(super) fn can_confirm_declining(&self) -> bool {
        self.c.declined_signing == Signing::Second
    }

    /// Whether the viewer can approve destroying it early.
    pub(super) fn can_approve_deletion(&self) -> bool {
        self.c.end.signing == Signing::Second
    }

    /// Whether the viewer can send that back, or take it back.
    pub(super) fn can_reject_deletion(&self) -> bool {
        self.c.end.signing != Signing::Nothing
    }

    /// Whether the viewer asked for it.
    pub(super) fn asked_it(&self) -> bool {
        self.c.end.signing == Signing::Proposed
    }
}
