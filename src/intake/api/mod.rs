//! The JSON API, described by `openapi.json` beside this file.

mod admitted;
mod attachments;
mod cleaning;
mod handlers;
mod mailboxes;
mod responses;
mod sealed;

pub use handlers::configure;
pub use mailboxes::SEALED_PICKUP_CLASS_BYTES;
pub use responses::{PAGE_CLASS_BYTES, PICKUP_CLASS_BYTES, even, padded_to, problem};

/// The description that is served at `/api/openapi.json`.
pub const OPENAPI: &str = include_str!("openapi.json");
