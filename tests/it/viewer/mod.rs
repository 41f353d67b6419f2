//! Drawing attachments in a process of its own: the real program, real pictures, and processes that mean ill.

mod contained;
mod drawn;

use mifeng_triage::viewer::{Limits, Renderer};
use std::path::PathBuf;

fn renderer() -> Renderer {
    Renderer::new(PathBuf::from(env!("CARGO_BIN_EXE_mifeng-triage")))
}

fn limits() -> Limits {
    Limits::default()
}
