//! Objections to decisions that no supervisor has answered.

use crate::cases::{Entry, OpenObjection};
use crate::deadlines::Start;
use crate::model::CaseNumber;
use crate::office::Office;
use crate::store::DeadlineRow;

/// The objections to decisions of a case that no supervisor has answered.
pub(crate) fn open_objections<'a>(
    office: &Office,
    cases: impl Iterator<Item = &'a Entry>,
) -> Vec<OpenObjection> {
    let deadline_rules = &office.parts.deadline_rules;
    let objected = cases.filter(|entry| entry.summary.objected);
    let open = objected.map(|entry| {
        let is_of = |deadline: &&DeadlineRow| {
            let mut rules = deadline_rules.beginning(Start::Objection);
            deadline.met_day.is_none() && rules.any(|rule| rule.id == deadline.rule)
        };
        let deadline = entry.deadlines.iter().find(is_of);
        OpenObjection {
            number: CaseNumber(entry.row.number.clone()),
            title: entry.summary.title(),
            since: deadline.map(|deadline| deadline.start_day),
            until: deadline.map(|deadline| deadline.due_day),
            days_left: deadline.map(|deadline| deadline.due_day.days_since(office.today())),
        }
    });
    open.collect()
}
