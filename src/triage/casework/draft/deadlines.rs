//! What a change of a case does to its state and its deadlines.

use super::Draft;
use crate::deadlines::{DeadlineRule, Start};
use crate::model::CaseState;
use crate::office::passing_deadlines;
use crate::store::DeadlineRow;
use mifeng_foundation::clock::Day;

impl Draft<'_> {
    /// Moves the case to `state`, with its deadlines.
    pub fn enter(&mut self, state: CaseState) {
        let deadline_rules = &self.office.parts.deadline_rules;
        self.entry.row.state = state;
        if state.is_finished() {
            let summary = &mut self.entry.summary;
            (summary.passing, summary.leaves_day) = (None, None);
        }
        if matches!(state, CaseState::Declined | CaseState::Concluded) {
            self.entry.summary.decided_day = Some(self.today);
        }
        self.meet(|rule| {
            state.is_finished() || rule.is_some_and(|rule| rule.met_by.contains(&state))
        });
        let received = self.entry.row.opened_day;
        for rule in deadline_rules.starting(self.entry.summary.category, Start::Decision) {
            let known = self
                .entry
                .deadlines
                .iter()
                .any(|deadline| deadline.rule == rule.id);
            if rule.met_by.contains(&state) && !known {
                let due = deadline_rules.due(rule, received);
                let (id, case) = (self.office.new_id(), self.entry.row.id);
                let deadline = DeadlineRow {
                    met_day: Some(self.today),
                    ..DeadlineRow::new(id, case, rule, received, due)
                };
                self.change.deadlines.push(deadline.clone());
                self.entry.deadlines.push(deadline);
            }
        }
    }

    /// Takes up again what was decided: what must be met by the decision begins anew today, and earlier answers to the
    /// questions after it no longer count.
    pub fn reopen(&mut self) {
        let summary = &mut self.entry.summary;
        (summary.outcome, summary.closing, summary.deletion) = (None, None, None);
        summary.declined = None;
        summary.findings.clear();
        summary.objected = false;
        summary.decided_day = None;
        for reporter in summary.reporters.values_mut() {
            reporter.aftercare_answered_days = 0;
        }
        self.entry.row.state = CaseState::Reopened;
        self.stop_deadlines(Start::Objection);
        let deadline_rules = &self.office.parts.deadline_rules;
        let decided = [CaseState::Accepted, CaseState::UnderInquiry];
        let category = self.entry.summary.category;
        for rule in deadline_rules.starting(category, Start::Receipt) {
            if !decided.iter().any(|state| rule.met_by.contains(state)) {
                let due = deadline_rules.due(rule, self.today);
                let (id, case) = (self.office.new_id(), self.entry.row.id);
                let deadline = DeadlineRow::new(id, case, rule, self.today, due);
                self.change.deadlines.push(deadline.clone());
                self.entry.deadlines.push(deadline);
            }
        }
    }

    /// Starts the deadline of what this office may not handle itself, if it was never started; whether it was now.
    pub fn start_passing_deadline(&mut self, day: Day) -> bool {
        let started = passing_deadlines(self.office, self.entry.row.id, day, &self.entry.deadlines);
        self.change.deadlines.extend(started.iter().cloned());
        let any = !started.is_empty();
        self.entry.deadlines.extend(started);
        any
    }

    /// Starts the deadlines of an objection that came on `day`, unless one runs already.
    pub fn start_objection_deadlines(&mut self, day: Day) {
        let deadline_rules = &self.office.parts.deadline_rules;
        for rule in deadline_rules.beginning(Start::Objection) {
            let mut deadlines = self.entry.deadlines.iter();
            if deadlines.any(|deadline| deadline.rule == rule.id && deadline.met_day.is_none()) {
                continue;
            }
            let due = deadline_rules.due(rule, day);
            let (id, case) = (self.office.new_id(), self.entry.row.id);
            let deadline = DeadlineRow::new(id, case, rule, day, due);
            self.change.deadlines.push(deadline.clone());
            self.entry.deadlines.push(deadline);
        }
    }

    /// Stops the deadline for passing it up, since the office handles it after all.
    pub fn stop_passing_deadline(&mut self) {
        self.stop_deadlines(Start::NotOurs);
    }

    /// Stops what runs of the deadlines that begin at `start`.
    pub fn stop_deadlines(&mut self, start: Start) {
        self.meet(|rule| rule.is_some_and(|rule| rule.start == start));
    }

    /// Stops what runs of the deadlines whose rule says so; there is none where the rules have lost it.
    pub(super) fn meet(&mut self, is_met: impl Fn(Option<&DeadlineRule>) -> bool) {
        let deadline_rules = &self.office.parts.deadline_rules;
        let deadlines = self.entry.deadlines.iter_mut();
        for deadline in deadlines.filter(|deadline| deadline.met_day.is_none()) {
            if is_met(deadline_rules.rule(&deadline.rule)) {
                deadline.met_day = Some(self.today);
                self.change.met.push((deadline.id, self.today));
            }
        }
    }

    /// Gives a running deadline another last day.
    pub fn move_deadline(&mut self, mut deadline: DeadlineRow) {
        deadline.moved_times = deadline.moved_times.saturating_add(1);
        deadline.moved_day = Some(self.today);
        let deadlines = self.entry.deadlines.iter_mut();
        for known in deadlines.filter(|known| known.id == deadline.id) {
            known.clone_from(&deadline);
        }
        self.change.moved.push(deadline);
    }
}
