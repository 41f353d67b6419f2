//! Working days in China: weekends, days off and make-up days as published year by year.

use jiff::civil::Weekday;
use mifeng_foundation::clock::Day;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

const EMBEDDED: [&str; 3] = [
    include_str!("../../../deploy/calendar/2024.toml"),
    include_str!("../../../deploy/calendar/2025.toml"),
    include_str!("../../../deploy/calendar/2026.toml"),
];

/// A calendar file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// Not well formed.
    #[error("the calendar is not well formed")]
    Malformed(#[from] toml::de::Error),
    /// A day of another year, or a holiday that ends before it begins.
    #[error("a day of the calendar is not in its year")]
    OtherYear,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: i16,
    off: Vec<(Day, Day)>,
    make_up: Vec<Day>,
}

#[derive(Clone, Debug, Default)]
struct Year {
    off: BTreeSet<Day>,
    make_up: BTreeSet<Day>,
}

/// The published years.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

impl Calendar {
    /// The years that come with the program.
    #[must_use]
    pub fn embedded() -> Self {
        let mut calendar = Self::default();
        for text in EMBEDDED {
            calendar.add(text).expect("the samples are parsed in tests");
        }
        calendar
    }

    /// Adds a year, or replaces it.
    ///
    /// # Errors
    /// [`CalendarError`].
    pub fn add(&mut self, text: &str) -> Result<(), CalendarError> {
        let file: File = toml::from_str(text)?;
        let mut year = Year::default();
        for (first, last) in file.off {
            if first > last || last.days_since(first) > 366 {
                return Err(CalendarError::OtherYear);
            }
            year.off
                .extend((0..=last.days_since(first)).map(|n| first.plus_days(n)));
        }
        year.make_up.extend(file.make_up);
        let all_in_year = year
            .off
            .iter()
            .chain(&year.make_up)
            .all(|day| day.date().year() == file.year);
        if !all_in_year {
            return Err(CalendarError::OtherYear);
        }
        self.years.insert(file.year, year);
        Ok(())
    }

    /// Whether `day` is worked, and whether that is a guess because its year is not published.
    #[must_use]
    pub fn is_working(&self, day: Day) -> (bool, bool) {
        let weekend = matches!(day.date().weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.years.get(&day.date().year()) {
            Some(year) if weekend => (year.make_up.contains(&day), false),
            Some(year) => (!year.off.contains(&day), false),
            None => (!weekend, true),
        }
    }

    /// The day `count` working days after `start` (the day after it is the first), and whether it is provisional.
    #[must_use]
    pub fn add_working_days(&self, start: Day, count: u16) -> (Day, bool) {
        let (mut day, mut left, mut provisional) = (start, count, false);
        while left > 0 {
            day = day.plus_days(1);
            let (working, guessed) = self.is_working(day);
            provisional |= guessed;
            left -= u16::from(working);
        }
        (day, provisional)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn years_have_as_many_working_days_as_published() {
        let calendar = Calendar::embedded();
        for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
            let first = Day::new(year, 1, 1).expect("a day");
            let worked = (0..366)
                .map(|n| first.plus_days(n))
                .filter(|day| day.date().year() == year && calendar.is_working(*day).0)
                .count();
            assert_eq!(worked, expected, "{year}");
        }
    }

    #[test]
    fn spring_festival_is_not_counted() {
        let calendar = Calendar::embedded();
        assert_eq!(
            calendar.add_working_days(day("2026-02-13"), 15),
            (day("2026-03-12"), false)
        );
        assert!(calendar.add_working_days(day("2026-12-30"), 5).1);
    }
}
