//! Due days for a member's calendar: numbers of cases and names of deadlines, by day, and nothing else. Whoever has the
//! secret address reads it; nobody signs in.

mod calendar;
mod token;
mod wrong;

pub use calendar::{Event, calendar};
pub use token::{FeedToken, FeedTokenHash};
pub use wrong::{Refused, WrongTokens};
