//! One extension of a deadline, by a supervisor, with a reason that the reporter is told.

use super::draft::Draft;
use super::on_record::change_case;
use super::storing::{drafts, store_drafts};
use super::texts::{REASON_MAX_CHARS, check_text};
use super::told::{told, unended};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::deadlines::{DeadlineRule, EscalationLevel};
use crate::model::{CaseNumber, Member, Note, Role};
use crate::office::{Office, OfficeError};
use crate::store::DeadlineRow;
use mifeng_sealing::tip::MessageKind;

/// Whether `deadline` can be extended, and by which rule: it runs, its rule allows it, and it was not extended before.
pub(crate) fn extensible<'a>(
    office: &'a Office,
    deadline: &DeadlineRow,
) -> Option<(&'a DeadlineRule, u16)> {
    let rule = office.parts.deadline_rules.rule(&deadline.rule)?;
    let free = deadline.met_day.is_none() && deadline.extended_days == 0;
    free.then_some((rule, rule.extension_days?))
}

/// Extends the deadline that runs under the rule `clock`, once; of joined tips, that of each where it still runs. Every
/// reporter is told the day of his own.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`] for all but a supervisor, [`OfficeError::NotPossible`] where the rule
/// allows none or it was given before, [`OfficeError::Changed`], [`OfficeError::BadText`].
pub async fn extend(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    deadline: &str,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::Extended);
    change_case(office, actor, number, act, async |entries| {
        give_time(office, actor, entries, version, deadline, reason).await
    })
    .await
}

async fn give_time(
    office: &Office,
    actor: &Member,
    entries: Vec<Entry>,
    version: i64,
    deadline: &str,
    reason: &str,
) -> Result<(), OfficeError> {
    if actor.role != Role::Supervisor {
        return Err(OfficeError::NotPermitted);
    }
    check_text("reason", reason, REASON_MAX_CHARS)?;
    let runs = |entry: &Entry| {
        let mut deadlines = entry.deadlines.iter().filter(|row| row.rule == deadline);
        let found = deadlines.find(|row| extensible(office, row).is_some());
        found.cloned()
    };
    let deadlines: Vec<_> = entries.iter().map(runs).collect();
    if deadlines.iter().all(Option::is_none) {
        return Err(OfficeError::NotPossible);
    }
    let mut drafts = drafts(office, entries, version)?;
    for (draft, deadline) in drafts.iter_mut().zip(deadlines) {
        if let Some(deadline) = deadline {
            extend_one(office, actor, draft, deadline, reason).await?;
        }
    }
    store_drafts(office, drafts).await
}

async fn extend_one(
    office: &Office,
    actor: &Member,
    draft: &mut Draft<'_>,
    mut deadline: DeadlineRow,
    reason: &str,
) -> Result<(), OfficeError> {
    let (rule, days) = extensible(office, &deadline).ok_or(OfficeError::NotPossible)?;
    let deadline_rules = &office.parts.deadline_rules;
    let due = deadline_rules.extended(rule, deadline.due_day, days);
    deadline.extended_days = days;
    deadline.due_day = due.day;
    deadline.provisional |= due.provisional;
    deadline.escalated = EscalationLevel::Nobody;
    draft.move_deadline(deadline);
    let day = due.day.to_string();
    draft.note(
        Some(&actor.name),
        Note::Extended,
        &format!("{day}: {reason}"),
    )?;
    if rule.tell {
        let told_of = [("reason", unended(reason)), ("due", day.as_str())];
        let say = |language| told(language, "told-extended", &told_of);
        draft
            .tell_each(MessageKind::Message, Some(&actor.name), say)
            .await?;
    }
    Ok(())
}
