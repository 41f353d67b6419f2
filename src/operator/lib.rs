//! What the `mifeng` tool does for the people who run an office: keys, manifests, accounts, backups, and a demo
//! on one machine. Everything that opens a sealed thing is still done in [`mifeng_opening`]. No other crate imports this
//! one. Start reading at [`Cli`].

mod audit;
mod backup;
mod bench;
mod certificates;
mod cli;
mod demo;
mod error;
mod files;
mod keys;
mod manifest;
mod rotate;
mod similarity;
mod staff;

pub use certificates::{CertificatePair, client_certificate, server_certificate};
pub use cli::{Cli, run};
pub use demo::{DemoOptions, DemoReport};
pub use error::OperatorError;
pub use files::{read_secret, read_text, write_public, write_secret};
pub use keys::{KeyFiles, OfficeDetails, init_keys};
pub use manifest::{check_manifest, sign_manifest_file};
pub use rotate::{Opener, Rotated, Rotation, rotate_keys};
pub use staff::{NewMember, add_member};
