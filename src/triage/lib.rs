//! The internal service, one room a step: pull, compare, route, clock, case, reply, notify.

pub mod cases;
pub mod config;
mod cores;
pub mod deadlines;
pub mod desk;
pub mod feed;
pub mod ledger;
pub mod notify;
pub mod office;
pub mod oversight;
pub mod pull;
pub mod retention;
pub mod rounds;
pub mod routing;
pub mod run;
pub mod search;
mod served;
pub mod service;
pub mod staff;
pub mod store;
pub mod trail;
pub mod viewer;
pub mod web;
