//! To which level a late case is escalated.

use super::Office;
use crate::cases::Group;
use crate::deadlines::EscalationLevel;
use crate::model::{Member, Role};
use crate::store::DeadlineRow;
use mifeng_foundation::clock::Day;

/// The level to which a case is escalated today, by the tip of it that is latest. Where no supervisor may see the case, it
/// is escalated to the office above instead.
#[must_use]
pub fn escalation_level(office: &Office, group: &Group<'_>, members: &[Member]) -> EscalationLevel {
    let today = office.today();
    let running = group.cases().flat_map(|entry| &entry.deadlines);
    let running = running.filter(|deadline| deadline.met_day.is_none());
    let reached = running
        .map(|deadline| escalation_level_of(office, deadline, today))
        .max();
    passed_on(office, reached.unwrap_or_default(), group, members)
}

/// The level to which one deadline is escalated today, whoever may see its case.
pub(crate) fn escalation_level_of(
    office: &Office,
    deadline: &DeadlineRow,
    today: Day,
) -> EscalationLevel {
    let late = today.days_since(deadline.due_day);
    office
        .parts
        .deadline_rules
        .escalation()
        .escalation_level(late)
}

/// `level`, or the office above where `level` is that of supervisors and none may see the group.
pub(crate) fn passed_on(
    office: &Office,
    level: EscalationLevel,
    group: &Group<'_>,
    members: &[Member],
) -> EscalationLevel {
    let mut supervisors = members
        .iter()
        .filter(|member| member.role == Role::Supervisor);
    let supervised = supervisors.any(|member| office.entitled(member, group));
    if level == EscalationLevel::Supervisor && !supervised {
        return EscalationLevel::Parent;
    }
    level
}
