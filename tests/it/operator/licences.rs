//! What `make licences` says of others' work.

use std::fs::File;
use std::path::Path;
use std::process::Command;

#[test]
fn every_part_that_is_shipped_has_a_licence_with_its_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let metadata = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["metadata", "--locked", "--format-version", "1"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .output()
        .expect("cargo runs");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("metadata.json");
    std::fs::write(&file, metadata.stdout).expect("our own folder");
    let output = Command::new("python3")
        .current_dir(root)
        .args(["deploy/licences/texts.py", "src/intake/web/script"])
        .stdin(File::open(&file).expect("just written"))
        .output()
        .expect("python3 runs: `make test-deps` installs it");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8_lossy(&output.stdout);
    for part in ["\nsqlx 0.", "\nage 0.", "\nage-encryption 0."] {
        assert!(text.contains(part), "{part} is shipped and not there");
    }
    assert!(
        !text.contains("\nproptest "),
        "what only tests is not shipped"
    );
}
