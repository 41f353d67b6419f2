//! The internal service, one module a task; which may use which is the table in `src/ARCHITECTURE.md`.
//!
//! It must never import `intake`: the two talk over the relay only. Start reading at [`service`], which puts it together,
//! and [`ingest`], where a tip comes in.

pub mod administration;
pub mod audit;
pub mod cases;
pub mod casework;
pub mod config;
mod cores;
pub mod deadlines;
pub mod engine;
pub mod error;
pub mod feed;
mod from_settings;
pub mod ingest;
pub mod jobs;
pub mod ledger;
pub mod model;
pub mod notify;
pub mod office;
mod opening;
pub mod oversight;
pub mod relay_client;
pub mod retention;
pub mod routing;
pub mod search;
mod served;
pub mod service;
mod sessions;
pub mod staff;
pub mod store;
mod unlocking;
pub mod viewer;
pub mod views;
pub mod web;
