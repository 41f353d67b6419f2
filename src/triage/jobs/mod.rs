//! The jobs that triage does by itself, again and again: escalates what is late, seals to the office above what is passed
//! up, destroys what was kept long enough, and makes the index of sketches anew after that.

mod destroying;
pub mod overdue;
mod passing;
mod renewing;

pub use destroying::expire;
pub(crate) use destroying::tell_shortened;
pub use overdue::{escalate, recount};
pub use passing::watch;
