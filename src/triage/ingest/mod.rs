//! From intake to a case: each envelope opened, stored once, acknowledged, and in time released.

mod answers;
mod attachments;
mod batch;
mod exchange;
mod new_case;
mod opening;
mod passing;
mod reply;

pub use exchange::{PullError, Relay};
pub(super) use new_case::Arriving;
pub use opening::{Arrived, Ingested};
