//! The jobs that triage does by itself, again and again: escalates what is late, seals to the office above what is passed
//! up, destroys what was kept long enough, and makes the index of sketches anew after that.

pub(crate) mod destroying;
pub mod overdue;
pub(crate) mod passing;
pub(crate) mod renewing;
