//! What every part of Mifeng stands on: the clock and randomness that everything else is given, the closed list of log
//! events, settings, databases and files, listeners, supervised tasks, and the words of pages.
//!
//! It must never import another crate of the workspace. Start reading at [`clock`] and [`entropy`], which all others take
//! as parameters.

pub mod backoff;
pub mod blobs;
pub mod clock;
pub mod cross_site;
pub mod entropy;
pub mod qr;
pub mod serving;
pub mod settings;
pub mod storage;
pub mod streaming;
pub mod supervisor;
pub mod telemetry;
pub mod terminal;
pub mod words;
