//! What is changed: who handles a case, where it stands, what its reporter is told. Each change carries the version it
//! was made against, and says why.

use super::{Desk, DeskError};
use crate::tip::MessageKind;
use crate::triage::cases::{CaseNumber, CaseState, Conclusion, Draft, Entry};
use crate::triage::staff::{Member, MemberId, Role};
use crate::triage::trail::{Act, Kind};

/// Longest reason for the file, in characters.
pub(super) const REASON_MAX_CHARS: usize = 2_000;
/// Longest text to a reporter, in characters.
const ANSWER_MAX_CHARS: usize = 20_000;

impl Desk {
    /// Gives the case to `handler`.
    ///
    /// # Errors
    /// As [`Self::candidates`]; [`DeskError::NotPossible`] if the handler cannot have it, [`DeskError::Changed`].
    pub async fn assign(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        handler: MemberId,
        reason: &str,
    ) -> Result<(), DeskError> {
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number).await?;
        let act = Act::new(Kind::Assigned).on(entry.row.id).of(handler.0);
        self.on_record(
            actor,
            act,
            self.give(actor, entry, version, handler, reason),
        )
        .await
    }

    async fn give(
        &self,
        actor: &Member,
        entry: Entry,
        version: i64,
        handler: MemberId,
        reason: &str,
    ) -> Result<(), DeskError> {
        check_text(reason, REASON_MAX_CHARS)?;
        if !actor.role.sees_all_cases() {
            return Err(DeskError::NotPermitted);
        }
        let members = self.members().await?;
        let chosen = members.iter().find(|member| member.id == handler);
        let chosen = chosen
            .filter(|member| self.could_handle(member, &entry) && !entry.row.state.is_finished());
        let chosen = chosen.ok_or(DeskError::NotPossible)?;
        let mut draft = self.draft(entry, version)?;
        draft.entry.row.handler = Some(handler);
        draft.entry.card.unit = chosen.unit.clone().unwrap_or(draft.entry.card.unit);
        draft.note(
            Some(&actor.name),
            "assigned",
            &format!("{}: {reason}", chosen.name),
        )?;
        draft.remind(handler);
        self.store(draft).await
    }

    /// Moves the case to another state.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotPossible`], [`DeskError::Changed`], [`DeskError::BadText`].
    pub async fn change_state(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        to: CaseState,
        reason: &str,
    ) -> Result<(), DeskError> {
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number).await?;
        let act = Act::new(Kind::StateChanged).on(entry.row.id);
        self.on_record(actor, act.detailed(to.code()), async {
            check_text(reason, REASON_MAX_CHARS)?;
            if !entry.row.state.next_states().contains(&to) {
                return Err(DeskError::NotPossible);
            }
            let mut draft = self.draft(entry, version)?;
            draft.enter(to);
            draft.note(Some(&actor.name), to.code(), reason)?;
            draft.tell(MessageKind::Status, None, "").await?;
            self.store(draft).await
        })
        .await
    }

    /// Writes to the reporter.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::BadText`].
    pub async fn write_to_reporter(
        &self,
        actor: &Member,
        number: &CaseNumber,
        text: &str,
    ) -> Result<(), DeskError> {
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number).await?;
        let act = Act::new(Kind::WroteToReporter).on(entry.row.id);
        self.on_record(actor, act, self.write(actor, entry, text))
            .await
    }

    async fn write(&self, actor: &Member, entry: Entry, text: &str) -> Result<(), DeskError> {
        check_text(text, ANSWER_MAX_CHARS)?;
        if self.reporters_gone(&entry) {
            return Err(DeskError::NotPossible);
        }
        let version = entry.row.version;
        let mut draft = self.draft(entry, version)?;
        draft.entry.card.reporter_wrote = false;
        // An objection is answered by somebody other than whom it is against.
        if actor.role == Role::Supervisor {
            draft.entry.card.objected = false;
        }
        draft.note(Some(&actor.name), "wrote", "")?;
        draft
            .tell(MessageKind::Message, Some(&actor.name), text)
            .await?;
        self.store(draft).await
    }

    /// Concludes the case.
    ///
    /// # Errors
    /// As [`Self::change_state`].
    pub async fn conclude(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        conclusion: Conclusion,
    ) -> Result<(), DeskError> {
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number).await?;
        let act = Act::new(Kind::Concluded).on(entry.row.id);
        self.on_record(actor, act, self.end(actor, entry, version, conclusion))
            .await
    }

    async fn end(
        &self,
        actor: &Member,
        entry: Entry,
        version: i64,
        conclusion: Conclusion,
    ) -> Result<(), DeskError> {
        check_text(&conclusion.reason, REASON_MAX_CHARS)?;
        check_text(&conclusion.answer_to_reporter, ANSWER_MAX_CHARS)?;
        if entry.row.state.is_finished() || entry.row.state == CaseState::Received {
            return Err(DeskError::NotPossible);
        }
        let mut draft = self.draft(entry, version)?;
        draft.entry.card.outcome = Some(conclusion.outcome);
        draft.entry.card.reporter_wrote = false;
        draft.enter(CaseState::Concluded);
        draft.note(Some(&actor.name), "concluded", &conclusion.reason)?;
        draft
            .tell(
                MessageKind::Result,
                Some(&actor.name),
                &conclusion.answer_to_reporter,
            )
            .await?;
        self.store(draft).await
    }

    pub(super) fn draft(&self, entry: Entry, version: i64) -> Result<Draft<'_>, DeskError> {
        if entry.row.version != version {
            return Err(DeskError::Changed);
        }
        Draft::new(&self.office, entry)
    }

    pub(super) async fn store(&self, draft: Draft<'_>) -> Result<(), DeskError> {
        let (change, entry) = draft.finish()?;
        if !self.office.parts.store.change(&change).await? {
            return Err(DeskError::Changed);
        }
        self.office.board_mut(|board| board.replace(entry));
        Ok(())
    }
}

pub(super) fn check_text(text: &str, max_chars: usize) -> Result<(), DeskError> {
    let fits = !text.trim().is_empty() && text.chars().count() <= max_chars;
    fits.then_some(()).ok_or(DeskError::BadText)
}
