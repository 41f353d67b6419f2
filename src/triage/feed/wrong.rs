//! Addresses that are wrong: only so many a minute are looked at, and they go on record by tens, so that nobody fills the
//! audit log with them.

use mifeng_foundation::clock::{Clock, Day};
use parking_lot::Mutex;
use std::sync::Arc;

/// Wrong addresses a minute that are answered as what they are.
const A_MINUTE: u32 = 30;

/// How many wrong ones of a day go on record, and as what.
const ON_RECORD: [(u32, &str); 6] = [
    (1, "1"),
    (10, "10"),
    (100, "100"),
    (1_000, "1000"),
    (10_000, "10000"),
    (100_000, "100000"),
];

#[derive(Default)]
struct Count {
    minute: u64,
    in_minute: u32,
    day: Option<Day>,
    in_day: u32,
}

/// Counts wrong addresses, in memory.
pub struct WrongTokens {
    clock: Arc<dyn Clock>,
    count: Mutex<Count>,
}

/// What is to be done about a wrong address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// To be put on record: so many today.
    pub on_record: Option<&'static str>,
    /// There were too many this minute.
    pub too_many: bool,
}

impl WrongTokens {
    /// None yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            count: Mutex::default(),
        }
    }

    /// One more, on `today`.
    pub fn count(&self, today: Day) -> Refused {
        let minute = self.clock.elapsed().as_secs() / 60;
        let mut count = self.count.lock();
        if count.minute != minute {
            (count.minute, count.in_minute) = (minute, 0);
        }
        if count.day != Some(today) {
            (count.day, count.in_day) = (Some(today), 0);
        }
        count.in_minute = count.in_minute.saturating_add(1);
        count.in_day = count.in_day.saturating_add(1);
        let known = ON_RECORD.iter().find(|(many, _)| *many == count.in_day);
        Refused {
            on_record: known.map(|(_, code)| *code),
            too_many: count.in_minute > A_MINUTE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_foundation::clock::ManualClock;
    use std::time::Duration;

    #[test]
    fn they_go_on_record_by_tens() {
        let clock = Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
        let wrong = WrongTokens::new(clock.clone());
        let today = Day::new(2026, 3, 9).expect("a day");
        let all: Vec<Refused> = (0..1_000).map(|_| wrong.count(today)).collect();
        let recorded: Vec<_> = all.iter().filter_map(|one| one.on_record).collect();
        assert_eq!(recorded, ["1", "10", "100", "1000"]);
        let through = all.iter().filter(|one| !one.too_many).count();
        assert_eq!(u32::try_from(through), Ok(A_MINUTE));
        clock.advance(Duration::from_mins(1));
        assert!(!wrong.count(today).too_many);
        assert_eq!(wrong.count(today.plus_days(1)).on_record, Some("1"));
    }
}
