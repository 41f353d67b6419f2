//! The end of a case: its keys and rows are destroyed, and its reporters are told last. The audit log says that it was.

use super::draft::sent_tip;
use super::told::told;
use crate::cases::{Entry, Group};
use crate::model::{CaseState, MemberId};
use crate::office::{Office, OfficeError, forget_words, open_tip};
use crate::retention::RetentionRule;
use crate::store::{AttachmentState, CaseToDestroy, LastMessage};
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use mifeng_sealing::seal_message;
use mifeng_sealing::tip::{MailboxMessage, MessageKind};

/// What the audit log names instead of a rule where two persons signed.
pub(super) const BY_TWO: &str = "by-two";

/// The day on which a case is destroyed by itself, and by which rule; `None` while something stands against it that no day
/// ends: it is not off the ledger, is objected to, or held, or that it was declined waits for a second person.
pub(crate) fn destroyed_on<'a>(
    office: &'a Office,
    group: &Group<'_>,
) -> Option<(Day, &'a RetentionRule)> {
    if group.cases().any(is_barred) {
        return None;
    }
    let (kept_until, rule) = office.retention.of(group)?;
    let earliest = office.retention.earliest(group)?;
    Some((kept_until.plus_days(1).max(earliest), rule))
}

/// What stands against destroying a case, whatever its age: it is not off the ledger, is objected to or held, was
/// declined by one person where it takes two, a reporter was not told, or a file is on its way; or the days in which a
/// reporter can object, is asked how it is, or wrote, are not
/// over.
pub(crate) async fn holds_back(
    office: &Office,
    entries: &[Entry],
) -> Result<Option<OfficeError>, OfficeError> {
    let finished = |entry: &Entry| {
        let state = entry.row.state;
        matches!(state, CaseState::Closed | CaseState::Declined)
    };
    if !entries.iter().all(finished) || entries.iter().any(is_barred) {
        return Ok(Some(OfficeError::NotPossible));
    }
    let store = &office.parts.store;
    for entry in entries {
        if !office.reporter_gone(entry) && store.undelivered(entry.row.id).await? > 0 {
            return Ok(Some(OfficeError::NotTold));
        }
        let files = store.attachments(entry.row.id).await?;
        if files
            .iter()
            .any(|file| file.state == AttachmentState::Waiting)
        {
            return Ok(Some(OfficeError::NotPossible));
        }
    }
    let earliest = Group::of(entries).and_then(|group| office.retention.earliest(&group));
    let over = earliest.is_some_and(|day| day <= office.today());
    Ok((!over).then_some(OfficeError::TooEarly))
}

/// Destroys cases that are handled together, the one that leads first, whole or not at all.
pub(super) async fn destroy(
    office: &Office,
    entries: &[Entry],
    rule: &str,
    actor: Option<MemberId>,
) -> Result<(), OfficeError> {
    let group = (entries.to_vec(), rule.to_owned());
    destroy_all(office, &[group], actor).await.map(drop)
}

/// The same for several groups, each by its own rule, all of them or none; how many cases.
pub(crate) async fn destroy_all(
    office: &Office,
    groups: &[(Vec<Entry>, String)],
    actor: Option<MemberId>,
) -> Result<usize, OfficeError> {
    let mut to_destroy = Vec::new();
    for (entries, rule) in groups {
        for entry in entries.iter().rev() {
            let detail = format!("{} {rule}", entry.row.number);
            to_destroy.push(CaseToDestroy {
                case: entry.row.id,
                version: entry.row.version,
                last: last_messages(office, entry, rule).await?,
                link: office.audit_log().destroyed(actor, entry.row.id, detail),
            });
        }
    }
    let gone: Vec<_> = to_destroy.iter().map(|one| one.case).collect();
    let write = office.unconfirmed(gone.iter().copied());
    if !office
        .parts
        .store
        .destroy(&to_destroy, office.new_id())
        .await?
    {
        return Err(OfficeError::Changed);
    }
    office.caseload_mut(|caseload| caseload.forget(&gone));
    write.confirmed();
    forget_words(office, &gone);
    Ok(gone.len())
}

/// What the reporters of a case are told last, each in the language of the tip; nothing where the mailbox was deleted.
async fn last_messages(
    office: &Office,
    entry: &Entry,
    rule: &str,
) -> Result<Vec<LastMessage>, OfficeError> {
    let (store, key) = (&office.parts.store, office.case_key(&entry.row)?);
    let mut last = Vec::new();
    for tip in store.tips(Some(entry.row.id)).await? {
        let reporter = entry.summary.reporter(tip.id);
        if reporter.gone {
            continue;
        }
        let document = open_tip(&key, &tip.sealed)?;
        let sent = store.outgoing_count(tip.id).await?;
        let sequence = entry
            .summary
            .messages_before
            .saturating_add(sent)
            .saturating_add(1);
        let state = entry.row.state.told_as();
        let mut message = MailboxMessage::new(sequence, office.today(), MessageKind::Closed, state);
        message.messages_read = reporter.messages_read;
        message.aftercare_answered_days = reporter.aftercare_answered_days;
        message.sent = vec![sent_tip(&document)];
        message.sent.extend(reporter.sent.iter().flatten());
        message.sent_left_out = reporter.sent_left_out;
        message.text = farewell(office, document.language, rule);
        let to = document.mailbox.recipient.parse();
        let to = to.map_err(|_| OfficeError::Damaged)?;
        let sealed = seal_message(&message, &to).map_err(|_| OfficeError::BadText(""))?;
        last.push(LastMessage {
            id: office.new_id(),
            mailbox: tip.mailbox,
            ciphertext: sealed.0.into_bytes(),
        });
    }
    Ok(last)
}

/// By which rule it was destroyed, and that nobody reads here any more.
fn farewell(office: &Office, language: Language, rule: &str) -> String {
    let known = office.retention.rule(rule).map(|rule| {
        if language.is_chinese() {
            rule.source_zh.as_str()
        } else {
            rule.source_en.as_str()
        }
    });
    match known {
        Some(source) => told(language, "told-destroyed", &[("rule", source)]),
        None => told(language, "told-destroyed-early", &[]),
    }
}

/// Whether something stands against destroying a case that no day ends: it is objected to or held, or that it was declined waits
/// for a second person.
fn is_barred(entry: &Entry) -> bool {
    let summary = &entry.summary;
    summary.objected || summary.hold.is_some() || summary.declined.is_some()
}
