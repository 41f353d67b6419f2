//! What triage does by itself, at start and in each round: fills board and index, lets what is late climb, passes up what the
//! office may not handle, destroys what was kept long enough, forgets old keys.

pub(crate) mod destroying;
pub mod overdue;
pub(crate) mod passing;
pub(crate) mod renewing;
