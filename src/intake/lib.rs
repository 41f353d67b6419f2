//! The public service: submit, pickup, limits. Seals, stores, forgets.
//!
//! It must never import `opening` or `triage`: what runs on the public host cannot open what it stored. Start reading at
//! [`service`], which puts it together.

pub mod address;
pub mod api;
pub mod attachments;
pub mod config;
mod connection_buffers;
mod constant_time;
pub mod conversation;
pub mod desk;
pub mod flood;
pub mod mailbox;
mod mixing;
pub mod offices;
pub mod onion;
pub mod opened;
mod own_pages;
pub mod pickup;
pub mod problem;
pub mod rate_limits;
pub mod relay;
pub mod request;
pub mod service;
pub mod store;
pub mod web;
