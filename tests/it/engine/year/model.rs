//! The plain model of a year: working days off a list, and what is known of each tip and its deadlines.

use crate::engine::dated::day;
use jiff::civil::Weekday;
use mifeng_foundation::clock::Day;
use mifeng_triage::model::CaseNumber;

/// Days off and make-up days, copied by hand from the two notices.
const OFF: [(&str, &str); 9] = [
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
    ("2026-02-15", "2026-02-23"),
    ("2026-01-01", "2026-01-03"),
    ("2027-01-01", "2027-01-03"),
    ("2027-02-05", "2027-02-11"),
];

const MAKE_UP: [&str; 8] = [
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
    "2027-02-14",
    "2027-02-20",
];

/// Every working day from 2026 to 2028, in order; the notices of 2027 are known or not.
pub(super) fn working_days(next_year_is_out: bool) -> Vec<Day> {
    let known = |text: &str| next_year_is_out || text < "2027";
    let off: Vec<(Day, Day)> = OFF
        .iter()
        .filter(|(first, _)| known(first))
        .map(|(first, last)| (day(first), day(last)))
        .collect();
    let make_up: Vec<Day> = MAKE_UP
        .iter()
        .filter(|one| known(one))
        .map(|one| day(one))
        .collect();
    let all = (0..1000).map(|n| day("2026-01-01").plus_days(n));
    all.filter(|one| {
        let weekend = [Weekday::Saturday, Weekday::Sunday].contains(&one.date().weekday());
        let is_off = off.iter().any(|(first, last)| first <= one && one <= last);
        make_up.contains(one) || (!weekend && !is_off)
    })
    .collect()
}

/// The `count`th of `working` after `start`.
pub(super) fn counted(working: &[Day], start: Day, count: usize) -> Day {
    let mut after = working.iter().filter(|one| **one > start);
    *after.nth(count - 1).expect("far enough")
}

/// A deadline as the model has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticking {
    pub(super) rule: &'static str,
    pub(super) start: Day,
    pub(super) due: Day,
    pub(super) provisional: bool,
    pub(super) met: Option<Day>,
    pub(super) extended: u16,
    pub(super) escalated: u8,
}

/// A tip as the model has it.
pub(super) struct Known {
    pub(super) index: usize,
    pub(super) number: CaseNumber,
    pub(super) received: Day,
    pub(super) handler: u8,
    pub(super) open: bool,
    /// Whether somebody recused himself from it: it counts in nobody's load for a tip that all may read.
    pub(super) recused: bool,
    pub(super) deadlines: Vec<Ticking>,
}

impl Known {
    pub(super) fn meet(&mut self, rule: Option<&str>, today: Day) {
        let running = self.deadlines.iter_mut().filter(|one| one.met.is_none());
        for deadline in running.filter(|one| rule.is_none_or(|rule| one.rule == rule)) {
            deadline.met = Some(today);
        }
    }

    pub(super) fn next_due(&self) -> Option<Day> {
        let running = self.deadlines.iter().filter(|one| one.met.is_none());
        running.map(|one| one.due).min()
    }
}

/// The level of a deadline that is so many days late: 1 handler or dispatcher, 2 supervisor, 3 the office above.
pub(super) fn height(late: i32) -> u8 {
    match late {
        10.. => 3,
        1.. => 2,
        0 => 1,
        _ => 0,
    }
}
