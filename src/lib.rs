//! Mifeng (密封): a sealed mailbox for tips. The map of the house:
//!
//! - [`tip`]: what a tip is; [`sealing`]: how it is sealed (recipients only); [`relay`]: the contract between the services;
//! - `intake`: the public service; it never imports `triage`;
//! - `opening`: the one room that touches a private key; `triage`: the internal service; neither is compiled into intake;
//! - `operator`: what the `mifeng` tool does;
//! - [`blobs`], [`clock`], [`cross_site`], [`entropy`], [`storage`], [`supervisor`], [`telemetry`], [`words`]: shared plumbing.

pub mod blobs;
pub mod clock;
pub mod cross_site;
pub mod entropy;
#[cfg(feature = "intake")]
pub mod intake;
#[cfg(feature = "triage")]
pub mod names;
#[cfg(feature = "triage")]
pub mod opening;
#[cfg(all(feature = "intake", feature = "triage"))]
pub mod operator;
pub mod qr;
pub mod relay;
pub mod sealing;
pub mod serving;
pub mod settings;
pub mod storage;
pub mod streaming;
pub mod supervisor;
pub mod telemetry;
pub mod terminal;
pub mod tip;
#[cfg(feature = "triage")]
pub mod triage;
pub mod words;
