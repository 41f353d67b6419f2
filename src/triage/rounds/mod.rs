//! What triage does by itself, at start and in each round: fills board and index, lets what is late climb, passes up what the
//! office may not handle, destroys what was kept long enough, forgets old keys.

pub(in crate::triage) mod destroying;
pub(in crate::triage) mod filing;
pub mod loading;
pub mod overdue;
pub(in crate::triage) mod passing;
pub(in crate::triage) mod renewing;
pub(in crate::triage) mod retired;
