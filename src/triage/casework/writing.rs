//! Writing to the reporter: an answer or a question.

use super::draft::Draft;
use super::on_record::{entries, lock_of, on_record};
use super::papers::drafts_of;
use super::storing::store_drafts_with;
use super::texts::{ANSWER_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::deadlines::Start;
use crate::model::{CaseNumber, Member, Note, Role};
use crate::office::{Office, OfficeError};
use crate::store::{ChangeSet, PaperChanges};
use mifeng_sealing::tip::MessageKind;

/// Writes to the reporter of one tip: `to` is its number, and may be left out where the case has one tip only. What
/// is asked of one is not told to the others.
///
/// # Errors
/// As [every change](super); [`OfficeError::BadText`], [`OfficeError::NotPossible`] if nobody or somebody unknown is meant, or
/// the mailbox was deleted.
pub async fn write_to_reporter(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    to: Option<&CaseNumber>,
    text: &str,
) -> Result<(), OfficeError> {
    tell_reporter(office, actor, number, to, MessageKind::Message, text).await
}

/// The same as a question: the reporter's page puts it first until it is answered.
///
/// # Errors
/// As [`write_to_reporter`].
pub async fn ask_reporter(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    to: Option<&CaseNumber>,
    text: &str,
) -> Result<(), OfficeError> {
    tell_reporter(office, actor, number, to, MessageKind::Question, text).await
}

async fn tell_reporter(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    to: Option<&CaseNumber>,
    kind: MessageKind,
    text: &str,
) -> Result<(), OfficeError> {
    let _lock = lock_of(office, number).await;
    let entries = entries(office, actor, number).await?;
    let meant = entries.iter().find(|entry| match to {
        Some(to) => entry.row.number == to.0,
        None => entries.len() == 1,
    });
    let on = meant.unwrap_or(&entries[0]).row.id;
    let act = Act::new(Kind::WroteToReporter).on(on);
    let drafts = drafts_of(office, actor, &entries[0]).await?;
    on_record(
        office,
        actor,
        act,
        write_and_store(office, actor, meant, (kind, text), drafts),
    )
    .await
}

/// Writes, and forgets the drafts with the ids `kept`.
async fn write_and_store(
    office: &Office,
    actor: &Member,
    to: Option<&Entry>,
    (kind, text): (MessageKind, &str),
    kept: Vec<[u8; 16]>,
) -> Result<(), OfficeError> {
    check_text("text", text, ANSWER_MAX_CHARS)?;
    let entry = to.filter(|entry| !office.reporter_gone(entry));
    let entry = entry.ok_or(OfficeError::NotPossible)?;
    let mut draft = Draft::new(office, entry.clone())?;
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
    store_drafts_with(office, vec![draft], together).await
}
