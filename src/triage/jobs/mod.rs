//! What triage does by itself in each round: lets what is late climb, seals to the office above what is passed up, destroys
//! what was kept long enough, and makes the index of sketches anew after that.

pub(crate) mod destroying;
pub mod overdue;
pub(crate) mod passing;
pub(crate) mod renewing;
