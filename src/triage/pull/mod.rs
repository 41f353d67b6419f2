//! From intake to a case: each envelope opened, stored once, acknowledged, and in time released.

mod answers;
mod attachments;
mod batch;
mod exchange;
mod ingest;
mod new_case;
mod passing;
mod reply;

pub use exchange::{PullError, Relay};
pub use ingest::{Arrived, Ingested};
pub(super) use new_case::Arriving;
