//! The internal service, one room a step: pull, compare, route, clock, case, reply, notify.

mod access;
pub mod accounts;
pub mod cases;
pub mod config;
pub mod deadlines;
pub mod desk;
mod destroying;
pub mod directory;
pub mod files;
pub mod loading;
pub mod notify;
pub mod office;
pub mod overdue;
mod own;
pub mod pull;
pub mod retention;
mod retired;
pub mod routing;
pub mod run;
pub mod service;
pub mod similarity;
pub mod staff;
pub mod store;
pub mod trail;
pub mod unlocking;
pub mod viewer;
pub mod web;
