//! What was promised and by when, and whether it was kept.

use crate::web::page::Page;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::ToldDeadline;

/// What was promised, and what became of it.
pub(in crate::web) struct Promise {
    pub what: String,
    /// In words, with its days.
    pub kept: String,
    pub is_late: bool,
}

/// Rules whose promise has words of its own; an office's further ones share those of an answer.
const PROMISES: [&str; 4] = ["acknowledge", "child-harm", "handle", "objection"];

/// Each promise with its days in words.
pub(super) fn promises(page: &Page<'_>, deadlines: &[ToldDeadline], today: Day) -> Vec<Promise> {
    let promise = |deadline: &ToldDeadline| {
        let rule = deadline.rule.as_str();
        let known = PROMISES.contains(&rule);
        let due = page.day(deadline.due_day);
        let is_late = deadline.met_day.unwrap_or(today) > deadline.due_day;
        let kept = match (deadline.met_day.map(|met| page.day(met)), is_late) {
            (None, false) => page.say_with("promise-open", "due", &due),
            (None, true) => page.say_with("promise-late", "due", &due),
            (Some(met), false) => page.say_with("promise-met", "met", &met),
            (Some(met), true) => page.say_two("promise-met-late", "due", &due, "met", &met),
        };
        let first = deadline.first_due_day.map(|day| page.day(day));
        let first = first.map(|day| page.say_with("promise-first", "day", &day));
        let kept = kept + &first.unwrap_or_default();
        Promise {
            what: page.say(&format!("promise-{}", if known { rule } else { "other" })),
            kept,
            is_late,
        }
    };
    deadlines.iter().map(promise).collect()
}

/// The next promised day that has not passed.
pub(super) fn next_day(deadlines: &[ToldDeadline], today: Day) -> Option<Day> {
    let ahead = |deadline: &&ToldDeadline| deadline.met_day.is_none() && deadline.due_day >= today;
    deadlines
        .iter()
        .find(ahead)
        .map(|deadline| deadline.due_day)
}
