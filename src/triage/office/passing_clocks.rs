//! The clocks of what goes to the office above.

use super::Office;
use crate::cases::Entry;
use crate::deadlines::Start;
use crate::model::CaseId;
use crate::store::ClockRow;
use mifeng_foundation::clock::Day;

impl Office {
    /// The clocks that begin on `day` for a case that is for the office above; none where there is no such office, or where
    /// `known` has them.
    pub(crate) fn passing_clocks(
        &self,
        case: CaseId,
        day: Day,
        known: &[ClockRow],
    ) -> Vec<ClockRow> {
        if self.parts.parent.is_none() {
            return Vec::new();
        }
        let deadlines = &self.parts.deadlines;
        let rules = deadlines.beginning(Start::NotOurs);
        rules
            .filter(|rule| known.iter().all(|clock| clock.rule != rule.id))
            .map(|rule| {
                let due = deadlines.due(rule, day);
                ClockRow::new(self.new_id(), case, rule, day, due)
            })
            .collect()
    }

    /// By when a case is to be passed up: its clock for that runs.
    pub(crate) fn passing_day(&self, entry: &Entry) -> Option<Day> {
        let deadlines = &self.parts.deadlines;
        let running = entry.clocks.iter().filter(|clock| clock.met_day.is_none());
        let passing = running.filter(|clock| {
            let rule = deadlines.rule(&clock.rule);
            rule.is_some_and(|rule| rule.start == Start::NotOurs)
        });
        passing.map(|clock| clock.due_day).min()
    }

    /// Whether its clock for that was ever started.
    pub(crate) fn had_to_pass(&self, entry: &Entry) -> bool {
        let deadlines = &self.parts.deadlines;
        let mut rules = deadlines.beginning(Start::NotOurs);
        rules.any(|rule| entry.clocks.iter().any(|clock| clock.rule == rule.id))
    }
}
