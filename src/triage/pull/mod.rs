//! From intake to a case: each envelope opened, stored once, acknowledged, and in time released.

mod attachments;
mod exchange;
mod ingest;
mod passing;
mod reply;

pub use exchange::{PullError, Relay};
pub(super) use ingest::Arriving;
pub use ingest::{Arrived, Ingested};
