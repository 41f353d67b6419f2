//! From intake to a case: each envelope opened, stored once, acknowledged, and in time released.

mod acknowledgement;
mod answers;
mod attachments;
mod batch;
mod exchange;
mod mailboxes;
mod new_case;
mod new_entry;
mod opening;
mod passing;
mod quarantine;
mod ranges;
mod read_tip;
mod reply;
mod typing_in;
mod unproven;

pub(crate) use attachments::forget_surplus_files;
pub use batch::ingest_all;
pub use exchange::{PullError, Relay};
pub use opening::{Arrived, Ingested, ingest, try_early_again};
pub use quarantine::{
    Tried, approve_discarding, keep_in_quarantine, propose_discarding, quarantine,
    try_envelope_again,
};
pub use typing_in::{TYPED_CHANNELS, TypedIn, channel_code, type_in};
