//! What is promised survives `kill -9` and a restored backup: every code given out leads to its tip, exactly once.

mod ended;
mod full_disk;
mod intake;
mod joining;
pub mod place;
mod restore;
mod triage;
mod ways;
