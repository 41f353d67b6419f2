//! The one place that reads a clock, and the [`Day`], which is all the service ever keeps of a time.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// A calendar day in the office's time zone. Serialised as `YYYY-MM-DD`, stored as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(Date);

const EPOCH: Date = Date::constant(1970, 1, 1);

impl Day {
    /// The day `year`-`month`-`day`, or `None` where the calendar has no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self)
    }

    /// Whole days since 1970-01-01: the form in which stores keep a day.
    #[must_use]
    pub fn number(self) -> i32 {
        (self.0 - EPOCH).get_days()
    }

    /// The day `number` days after 1970-01-01.
    ///
    /// # Errors
    /// [`DayError`] outside the years -9999 to 9999.
    pub fn from_number(number: i32) -> Result<Self, DayError> {
        let span = Span::new().try_days(number).map_err(|_| DayError)?;
        EPOCH.checked_add(span).map(Self).map_err(|_| DayError)
    }

    /// This day moved by `days` calendar days; stays at the calendar's end rather than passing it.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self::from_number(self.number().saturating_add(days)).unwrap_or(self)
    }

    /// This day moved by `months` calendar months: the month's last day where it has no such day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let span = Span::new().try_months(months).ok();
        let moved = span.and_then(|span| self.0.checked_add(span).ok());
        moved.map_or(self, Self)
    }

    /// Calendar days from `earlier` to this day; negative if this day comes first.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.number() - earlier.number()
    }

    /// The underlying civil date.
    #[must_use]
    pub fn date(self) -> Date {
        self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        text.parse().map(Self).map_err(|_| DayError)
    }
}

/// A day that no calendar has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the form YYYY-MM-DD")]
pub struct DayError;

/// What the time is. Passed in wherever time matters.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Time since some fixed start; never goes back. For sessions, limits and intervals.
    fn elapsed(&self) -> Duration;

    /// Today's date in `zone`.
    fn today(&self, zone: &TimeZone) -> Day {
        Day(self.now().to_zoned(zone.clone()).date())
    }
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// A clock that counts [`Clock::elapsed`] from now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one room that reads a clock")]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one room that reads a clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A clock that stands still until it is moved: for time travel in tests and trials.
#[derive(Debug)]
pub struct ManualClock {
    state: Mutex<(Timestamp, Duration)>,
}

impl ManualClock {
    /// A clock that says `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            state: Mutex::new((now, Duration::ZERO)),
        }
    }

    /// Moves the clock forward.
    ///
    /// # Panics
    /// If another user of this clock panicked while holding it.
    pub fn advance(&self, by: Duration) {
        let mut state = self.state.lock();
        state.0 = state.0.checked_add(by).unwrap_or(Timestamp::MAX);
        state.1 += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.state.lock().0
    }

    fn elapsed(&self) -> Duration {
        self.state.lock().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_numbers_go_both_ways() {
        for text in ["1970-01-01", "2026-02-28", "2024-02-29", "1969-12-31"] {
            let day: Day = text.parse().expect("a real day");
            assert_eq!(Day::from_number(day.number()), Ok(day));
            assert_eq!(day.to_string(), text);
        }
        assert!("2026-02-30".parse::<Day>().is_err());
        assert!(Day::from_number(i32::MAX).is_err());
    }

    #[test]
    fn today_is_the_offices_day() {
        let late: Timestamp = "2026-11-22T17:30:00Z".parse().expect("a timestamp");
        let clock = ManualClock::at(late);
        let zone = TimeZone::get("Asia/Shanghai").expect("bundled");
        assert_eq!(clock.today(&zone).to_string(), "2026-11-23");
        assert_eq!(clock.today(&TimeZone::UTC).to_string(), "2026-11-22");
    }
}
