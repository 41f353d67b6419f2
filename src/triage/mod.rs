//! The internal service, one room a step: pull, compare, route, clock, case, reply, notify.

pub mod cases;
pub mod desk;
pub mod directory;
pub mod staff;
pub mod web;
