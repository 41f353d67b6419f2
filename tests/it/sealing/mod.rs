//! Sealing: frozen vectors, properties of sealed files, hostile headers, manifests.

mod attachments;
mod frozen;
mod headers;
mod intake_binary;
mod manifests;
mod properties;
mod replies;
pub mod vectors;
