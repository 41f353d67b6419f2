//! The operator's tool, run as a program, and the files around it.

mod backup;
mod demo;
mod deploy;
mod keys;
mod licences;
mod settings;
mod similarity;
mod staff;

use std::path::Path;
use std::process::{Command, Output};

/// Runs `mifeng` in `folder`.
fn mifeng(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mifeng"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the tool was built with the tests")
}

/// Runs `mifeng` where it must work, and returns what it said.
pub(crate) fn mifeng_ok(folder: &Path, arguments: &[&str]) -> String {
    let output = mifeng(folder, arguments);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("the tool speaks UTF-8")
}

/// Runs `mifeng` where it must refuse, and returns why it did.
pub(crate) fn mifeng_refuses(folder: &Path, arguments: &[&str]) -> String {
    let output = mifeng(folder, arguments);
    assert!(!output.status.success(), "{arguments:?} was not refused");
    String::from_utf8(output.stderr).expect("the tool speaks UTF-8")
}
