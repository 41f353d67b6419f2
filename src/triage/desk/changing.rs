//! What is changed: who handles a case, and what its reporter is told; and what every change has in common. Each carries
//! the version it was made against, and says why.

use super::Desk;
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::casework::Draft;
use crate::deadlines::Start;
use crate::model::{CaseNumber, CaseState, Member, MemberId, Note, Role};
use crate::office::OfficeError;
use crate::store::{ChangeSet, PaperChanges, Rewrap};
use mifeng_sealing::tip::MessageKind;

/// Longest reason for the file, in characters.
pub(super) const REASON_MAX_CHARS: usize = 2_000;
/// Longest text to a reporter, in characters.
pub(super) const ANSWER_MAX_CHARS: usize = 20_000;

impl Desk {
    /// Gives the case to `handler`.
    ///
    /// # Errors
    /// As [`Self::candidates`]; [`OfficeError::NotPossible`] if the handler cannot have it, [`OfficeError::Changed`].
    pub async fn assign(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        handler: MemberId,
        reason: &str,
    ) -> Result<(), OfficeError> {
        let act = Act::new(Kind::Assigned).of(handler.0);
        self.change_case(actor, number, act, async |entries| {
            self.give(actor, entries, version, handler, reason).await
        })
        .await
    }

    async fn give(
        &self,
        actor: &Member,
        entries: Vec<Entry>,
        version: i64,
        handler: MemberId,
        reason: &str,
    ) -> Result<(), OfficeError> {
        check_text("reason", reason, REASON_MAX_CHARS)?;
        if !actor.role.sees_all_cases() {
            return Err(OfficeError::NotPermitted);
        }
        let members = self.members().await?;
        let chosen = members.iter().find(|member| member.id == handler);
        let chosen = chosen.filter(|member| self.could_handle(member, &entries));
        let chosen = chosen.filter(|_| !state_of(&entries).is_finished());
        let chosen = chosen.ok_or(OfficeError::NotPossible)?;
        let mut drafts = self.drafts(entries, version)?;
        for draft in &mut drafts {
            let before = draft.entry.row.handler.replace(handler);
            let before = before.filter(|before| *before != handler);
            let before = before.map(|before| hex::encode(before.0));
            draft.entry.summary.handled_by.extend(before);
            draft
                .entry
                .summary
                .co_handlers
                .remove(&hex::encode(handler.0));
            if let Some(unit) = &chosen.unit {
                draft.entry.summary.unit.clone_from(unit);
            }
            let detail = format!("{}: {reason}", chosen.name);
            draft.note(Some(&actor.name), Note::Assigned, &detail)?;
        }
        drafts[0].remind(handler);
        self.store(drafts).await
    }

    /// Writes to the reporter of one tip: `to` is its number, and may be left out where the case has one tip only. What
    /// is asked of one is not told to the others.
    ///
    /// # Errors
    /// As [`Self::case`]; [`OfficeError::BadText`], [`OfficeError::NotPossible`] if nobody or somebody unknown is meant, or
    /// the mailbox was deleted.
    pub async fn write_to_reporter(
        &self,
        actor: &Member,
        number: &CaseNumber,
        to: Option<&CaseNumber>,
        text: &str,
    ) -> Result<(), OfficeError> {
        self.tell_reporter(actor, number, to, MessageKind::Message, text)
            .await
    }

    /// The same as a question: the reporter's page puts it first until it is answered.
    ///
    /// # Errors
    /// As [`Self::write_to_reporter`].
    pub async fn ask_reporter(
        &self,
        actor: &Member,
        number: &CaseNumber,
        to: Option<&CaseNumber>,
        text: &str,
    ) -> Result<(), OfficeError> {
        self.tell_reporter(actor, number, to, MessageKind::Question, text)
            .await
    }

    async fn tell_reporter(
        &self,
        actor: &Member,
        number: &CaseNumber,
        to: Option<&CaseNumber>,
        kind: MessageKind,
        text: &str,
    ) -> Result<(), OfficeError> {
        let _lock = self.lock_of(number).await;
        let entries = self.entries(actor, number).await?;
        let meant = entries.iter().find(|entry| match to {
            Some(to) => entry.row.number == to.0,
            None => entries.len() == 1,
        });
        let on = meant.unwrap_or(&entries[0]).row.id;
        let act = Act::new(Kind::WroteToReporter).on(on);
        let drafts = self.drafts_of(actor, &entries[0]).await?;
        self.on_record(actor, act, self.write(actor, meant, (kind, text), drafts))
            .await
    }

    /// Writes, and forgets the drafts with the ids `kept`.
    async fn write(
        &self,
        actor: &Member,
        to: Option<&Entry>,
        (kind, text): (MessageKind, &str),
        kept: Vec<[u8; 16]>,
    ) -> Result<(), OfficeError> {
        check_text("text", text, ANSWER_MAX_CHARS)?;
        let entry = to.filter(|entry| !self.reporter_gone(entry));
        let entry = entry.ok_or(OfficeError::NotPossible)?;
        let mut draft = Draft::new(&self.office, entry.clone())?;
        draft.entry.summary.reporter_wrote = false;
        draft.entry.summary.unproven_words = false;
        // An objection is answered by somebody other than whom it is against, and not by a question.
        if actor.role == Role::Supervisor && kind != MessageKind::Question {
            draft.entry.summary.objected = false;
            draft.stop_deadlines(Start::Objection);
        }
        draft.note(Some(&actor.name), Note::Wrote, "")?;
        draft.tell(kind, Some(&actor.name), text).await?;
        let papers = PaperChanges {
            gone: kept,
            ..PaperChanges::default()
        };
        let together = ChangeSet {
            papers,
            ..ChangeSet::default()
        };
        self.store_with(vec![draft], together).await
    }

    /// Drafts of all, where the first is as it was when `version` of it was shown.
    pub(super) fn drafts(
        &self,
        entries: Vec<Entry>,
        version: i64,
    ) -> Result<Vec<Draft<'_>>, OfficeError> {
        if entries.first().map(|lead| lead.row.version) != Some(version) {
            return Err(OfficeError::Changed);
        }
        let drafts = entries.into_iter();
        drafts
            .map(|entry| Draft::new(&self.office, entry))
            .collect()
    }

    pub(super) async fn store(&self, drafts: Vec<Draft<'_>>) -> Result<(), OfficeError> {
        self.store_with(drafts, ChangeSet::default()).await
    }

    /// Stores the drafts with what else is to be stored, all or nothing.
    pub(super) async fn store_with(
        &self,
        drafts: Vec<Draft<'_>>,
        mut together: ChangeSet,
    ) -> Result<(), OfficeError> {
        let mut entries = Vec::new();
        for draft in drafts {
            let (change, entry) = draft.finish()?;
            together.changes.push(change);
            entries.push(entry);
        }
        let members = self.members().await?;
        let rewraps = self.office.rewraps_after(&entries, &members).await?;
        if let Some(change) = together.changes.first_mut() {
            change.rewraps.clone_from(&rewraps);
        }
        let acts = keys_on_record(&rewraps);
        for act in &acts {
            self.audit_log().record_own(*act).await?;
        }
        let cases = entries.iter().map(|entry| entry.row.id);
        let rewrapped = rewraps.iter().map(|rewrap| rewrap.case);
        let pairs = together.apart.iter().map(|(pair, _)| pair);
        let pairs = pairs.chain(&together.no_longer_apart);
        let paired = pairs.flat_map(|pair| pair.both_ways().map(|(case, _)| case));
        let write = self
            .office
            .unconfirmed(cases.chain(rewrapped).chain(paired));
        let stored = self.office.parts.store.change_together(&together).await;
        if !matches!(stored, Ok(true)) {
            for act in acts {
                self.audit_log().record_own(act.failed()).await?;
            }
        }
        if !stored? {
            return Err(OfficeError::Changed);
        }
        self.office.caseload_mut(|caseload| {
            for entry in entries {
                caseload.replace(entry);
            }
            caseload.rewrap(&rewraps);
            caseload.keep_papers(&together.papers);
            for (pair, _) in &together.apart {
                caseload.hold_apart(*pair, true);
            }
            for pair in &together.no_longer_apart {
                caseload.hold_apart(*pair, false);
            }
        });
        write.confirmed();
        self.office.settle(&members);
        self.office
            .file_changes(&together.changes, &together.papers.new);
        Ok(())
    }
}

/// Where a case with these tips stands.
pub(super) fn state_of(entries: &[Entry]) -> CaseState {
    Group::of(entries).map_or(CaseState::Received, |group| group.state())
}

/// Who got and who lost the key of which case.
fn keys_on_record(rewraps: &[Rewrap]) -> Vec<Act> {
    let of = |rewrap: &Rewrap| {
        let act = |kind, member: MemberId| Act::new(kind).on(rewrap.case).of(member.0);
        let taken = rewrap.take.iter().map(|one| act(Kind::KeyTaken, *one));
        let given = rewrap.give.iter().map(|(one, _)| act(Kind::KeyGiven, *one));
        taken.chain(given).collect::<Vec<_>>()
    };
    rewraps.iter().flat_map(of).collect()
}

/// Whether there is a text, and it is not too long.
pub(super) fn text_fits(text: &str, max_chars: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max_chars
}

/// The same as an error of the field `field`.
pub(super) fn check_text(
    field: &'static str,
    text: &str,
    max_chars: usize,
) -> Result<(), OfficeError> {
    let fits = text_fits(text, max_chars);
    fits.then_some(()).ok_or(OfficeError::BadText(field))
}
