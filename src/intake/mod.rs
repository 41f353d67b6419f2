//! The public service: submit, pickup, limits. Seals, stores, forgets.

pub mod config;
pub mod desk;
pub mod mailbox;
pub mod store;
