//! Late deadlines are escalated, and those counted without a calendar are counted again once it is published.

use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::casework::Draft;
use crate::model::{Member, Note};
use crate::office::{Office, OfficeError, escalation_level_of, index_changes, passed_on};
use crate::store::DeadlineRow;
use mifeng_foundation::clock::Day;
use mifeng_foundation::supervisor::by_itself;
use mifeng_sealing::tip::MessageKind;

/// Escalates every deadline that is late enough, those of joined tips too, each level once and on record. Returns how many
/// were escalated. A failure over one is logged and keeps no other from being escalated.
///
/// # Errors
/// What the store says.
pub async fn escalate(office: &Office) -> Result<usize, OfficeError> {
    let today = office.today();
    let higher =
        |deadline: &DeadlineRow| escalation_level_of(office, deadline, today) > deadline.escalated;
    let late = |group: &Group<'_>| group.cases().flat_map(running).any(higher);
    if !office.caseload(|caseload| caseload.groups().any(|group| late(&group))) {
        return Ok(0);
    }
    let _exclusive = office.exclusive().await;
    let members = office.parts.directory.members().await?;
    let escalating: Vec<DeadlineRow> = office.caseload(|caseload| {
        let late = caseload.groups().filter(late);
        late.flat_map(|group| escalating(office, &group, today, &members))
            .collect()
    });
    let mut escalated = 0;
    for deadline in &escalating {
        escalated += usize::from(
            by_itself("climb", escalate_one(office, deadline))
                .await
                .is_some(),
        );
    }
    Ok(escalated)
}

async fn escalate_one(office: &Office, deadline: &DeadlineRow) -> Result<(), OfficeError> {
    let act = Act::new(Kind::Escalated).on(deadline.case).of(deadline.id);
    let act = act.detailed(deadline.escalated.code());
    office.audit_log().record_own(act).await?;
    let store = &office.parts.store;
    let write = office.unconfirmed([deadline.case]);
    store
        .deadline_escalated(deadline.id, deadline.escalated)
        .await?;
    office.caseload_mut(|caseload| caseload.replace_deadline(deadline));
    write.confirmed();
    Ok(())
}

/// The deadlines of a case that are to be escalated today, as they stand afterwards.
fn escalating(
    office: &Office,
    group: &Group<'_>,
    today: Day,
    members: &[Member],
) -> Vec<DeadlineRow> {
    let deadlines = group.cases().flat_map(running).filter_map(|deadline| {
        let reached = passed_on(
            office,
            escalation_level_of(office, deadline, today),
            group,
            members,
        );
        (reached > deadline.escalated).then(|| DeadlineRow {
            escalated: reached,
            ..deadline.clone()
        })
    });
    deadlines.collect()
}

/// Counts again what was counted without a calendar; how many deadlines moved or became certain. Each is on record, and
/// a reporter whose day moved is told. What fails of one case is logged and keeps no other from it.
///
/// # Errors
/// What the store says.
pub async fn recount(office: &Office) -> Result<usize, OfficeError> {
    let is_to_count = |entry: &Entry| {
        entry
            .deadlines
            .iter()
            .any(|it| counted_again(office, it).is_some())
    };
    let any = |group: Group<'_>| group.cases().any(is_to_count);
    if !office.caseload(|caseload| caseload.groups().any(any)) {
        return Ok(0);
    }
    let _exclusive = office.exclusive().await;
    let waiting: Vec<Entry> = office.caseload(|caseload| {
        let groups = caseload.groups();
        let entries = groups.flat_map(|group| group.to_entries());
        entries.filter(is_to_count).collect()
    });
    let mut counted = 0;
    for entry in waiting {
        let moved = by_itself("recount", Box::pin(recount_one(office, entry))).await;
        counted += moved.unwrap_or_default();
    }
    Ok(counted)
}

async fn recount_one(office: &Office, entry: Entry) -> Result<usize, OfficeError> {
    let deadlines = entry.deadlines.iter();
    let moved: Vec<_> = deadlines
        .filter_map(|deadline| counted_again(office, deadline))
        .collect();
    let counted = moved.len();
    let mut draft = Draft::new(office, entry)?;
    let mut told = false;
    for (deadline, was) in moved {
        let act = Act::new(Kind::Recounted).on(deadline.case).of(deadline.id);
        office.audit_log().record_own(act).await?;
        draft.note(
            None,
            Note::Recounted,
            &format!("{was} → {}", deadline.due_day),
        )?;
        let rule = office.parts.deadline_rules.rule(&deadline.rule);
        told |= rule.is_some_and(|rule| rule.tell);
        draft.move_deadline(deadline);
    }
    if told {
        draft.tell(MessageKind::Status, None, "").await?;
    }
    let (change, entry) = draft.finish()?;
    let write = office.unconfirmed([change.case.id]);
    if !office.parts.store.change(&change).await? {
        return Err(OfficeError::Changed);
    }
    office.caseload_mut(|caseload| caseload.replace(entry));
    write.confirmed();
    index_changes(office, std::slice::from_ref(&change), &[]);
    Ok(counted)
}

/// The deadline as it stands now, with the day it stood at, if that is another or was a guess.
fn counted_again(office: &Office, deadline: &DeadlineRow) -> Option<(DeadlineRow, Day)> {
    if deadline.met_day.is_some() || !deadline.provisional {
        return None;
    }
    let deadline_rules = &office.parts.deadline_rules;
    let rule = deadline_rules.rule(&deadline.rule)?;
    let mut due = deadline_rules.due(rule, deadline.start_day);
    if deadline.extended_days > 0 {
        let more = deadline_rules.extended(rule, due.day, deadline.extended_days);
        due.day = more.day;
        due.provisional |= more.provisional;
    }
    let changed = due.day != deadline.due_day || due.provisional != deadline.provisional;
    changed.then(|| {
        let now = DeadlineRow {
            due_day: due.day,
            provisional: due.provisional,
            ..deadline.clone()
        };
        (now, deadline.due_day)
    })
}

/// The deadlines of a tip that run.
fn running(entry: &Entry) -> impl Iterator<Item = &DeadlineRow> {
    let deadlines = entry.deadlines.iter();
    deadlines.filter(|deadline| deadline.met_day.is_none())
}
