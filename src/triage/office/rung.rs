//! How far a late case has climbed.

use super::Office;
use crate::cases::Group;
use crate::deadlines::Rung;
use crate::model::{Member, Role};
use crate::store::ClockRow;
use mifeng_foundation::clock::Day;

impl Office {
    /// How far the case has climbed today, by the latest of its tips. Where there is no supervisor who may see it, it goes
    /// on to the office above.
    #[must_use]
    pub fn rung(&self, group: &Group<'_>, members: &[Member]) -> Rung {
        let today = self.today();
        let running = group.cases().flat_map(|entry| &entry.clocks);
        let running = running.filter(|clock| clock.met_day.is_none());
        let reached = running.map(|clock| self.rung_of(clock, today)).max();
        self.passed_on(reached.unwrap_or_default(), group, members)
    }

    pub(crate) fn rung_of(&self, clock: &ClockRow, today: Day) -> Rung {
        let late = today.days_since(clock.due_day);
        self.parts.deadlines.climb().rung(late)
    }

    pub(crate) fn passed_on(&self, rung: Rung, group: &Group<'_>, members: &[Member]) -> Rung {
        let mut supervisors = members
            .iter()
            .filter(|member| member.role == Role::Supervisor);
        let supervised = supervisors.any(|member| self.entitled(member, group));
        if rung == Rung::Supervisor && !supervised {
            return Rung::Parent;
        }
        rung
    }
}
