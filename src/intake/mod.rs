//! The public service: submit, pickup, limits. Seals, stores, forgets.

pub mod store;
