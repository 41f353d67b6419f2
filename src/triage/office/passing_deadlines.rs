//! The deadlines of what goes to the office above.

use super::Office;
use crate::cases::Entry;
use crate::deadlines::Start;
use crate::model::CaseId;
use crate::store::DeadlineRow;
use mifeng_foundation::clock::Day;

/// The deadlines that begin on `day` for a case that is for the office above; none where there is no such office, or where
/// `known` has them.
pub(crate) fn passing_deadlines(
    office: &Office,
    case: CaseId,
    day: Day,
    known: &[DeadlineRow],
) -> Vec<DeadlineRow> {
    if office.parts.parent.is_none() {
        return Vec::new();
    }
    let deadline_rules = &office.parts.deadline_rules;
    let rules = deadline_rules.beginning(Start::NotOurs);
    rules
        .filter(|rule| known.iter().all(|deadline| deadline.rule != rule.id))
        .map(|rule| {
            let due = deadline_rules.due(rule, day);
            DeadlineRow::new(office.new_id(), case, rule, day, due)
        })
        .collect()
}

/// By when a case is to be passed up: its deadline for that runs.
pub(crate) fn passing_day(office: &Office, entry: &Entry) -> Option<Day> {
    let deadline_rules = &office.parts.deadline_rules;
    let running = entry
        .deadlines
        .iter()
        .filter(|deadline| deadline.met_day.is_none());
    let passing = running.filter(|deadline| {
        let rule = deadline_rules.rule(&deadline.rule);
        rule.is_some_and(|rule| rule.start == Start::NotOurs)
    });
    passing.map(|deadline| deadline.due_day).min()
}

/// Whether its deadline for that was ever started.
pub(crate) fn had_to_pass(office: &Office, entry: &Entry) -> bool {
    let deadline_rules = &office.parts.deadline_rules;
    let mut rules = deadline_rules.beginning(Start::NotOurs);
    rules.any(|rule| {
        entry
            .deadlines
            .iter()
            .any(|deadline| deadline.rule == rule.id)
    })
}
