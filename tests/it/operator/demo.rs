//! `mifeng demo` before it starts anything.

use super::mifeng_refuses;
use std::fs;

#[test]
fn folder_of_someone_else_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("letter"), "keep me").expect("a file");
    let why = mifeng_refuses(folder.path(), &["demo", "--dir", "."]);
    assert!(why.contains("no demo made"), "{why}");
    let names: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["letter"]);
}

#[test]
fn ports_that_collide_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (intake, triage) in [
        ("9001", "9001"),
        ("9002", "9001"),
        ("9003", "9001"),
        ("9000", "65534"),
        ("0", "9001"),
    ] {
        let arguments = [
            "demo",
            "--dir",
            "d",
            "--intake-port",
            intake,
            "--triage-port",
            triage,
        ];
        let why = mifeng_refuses(folder.path(), &arguments);
        assert!(why.contains("ports"), "{intake} {triage}: {why}");
        assert!(!folder.path().join("d").exists());
    }
}
