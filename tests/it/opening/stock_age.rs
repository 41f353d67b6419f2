//! Debian's `age` opens what we seal, and we unlock what it locks: nobody depends on us to read a tip.

use crate::sealing::vectors::{self, Keys};
use mifeng_opening::OfficeIdentityFile;
use mifeng_sealing::tip::{MailboxMessage, TipDocument};
use mifeng_sealing::{seal_message, seal_tip};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// `age -d` of `file` with the identity `secret`; the identity goes in a file, the sealed bytes through a pipe.
fn stock_open(secret: &str, file: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let key = folder.path().join("key.txt");
    std::fs::write(&key, format!("{secret}\n")).expect("a file in it");
    let mut age = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(&key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Debian's age runs: `make test` installs it");
    let mut input = age.stdin.take().expect("piped");
    let file = file.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&file));
    let output = age.wait_with_output().expect("it ends");
    writer.join().expect("no panic").expect("it reads");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

#[test]
fn stock_age_opens_a_tip_with_the_office_key() {
    let keys = Keys::read();
    let tip = TipDocument::from_json(&vectors::bytes("tip.json")).expect("the frozen tip");
    let fresh = seal_tip(&tip, &[keys.office().recipient()])
        .expect("it fits")
        .0;
    for file in [fresh.into_bytes(), vectors::bytes("tip.age")] {
        let opened = stock_open(&keys.office_identity, &file);
        let json: serde_json::Value = serde_json::from_slice(&opened).expect("JSON");
        assert_eq!(json["subject"], tip.subject.as_str());
        assert!(TipDocument::from_json(&opened).expect("a tip") == tip);
    }
}

#[test]
fn stock_age_opens_a_message_with_the_key_from_the_code() {
    let secrets = Keys::read().mailbox();
    let message = MailboxMessage::from_json(&vectors::bytes("message.json")).expect("frozen");
    let mailbox = secrets.recipient().parse().expect("a recipient");
    let fresh = seal_message(&message, &mailbox).expect("it fits").0;
    for file in [fresh.into_bytes(), vectors::bytes("message.age")] {
        let opened = stock_open(&vectors::mailbox_identity_text(&secrets), &file);
        let json: serde_json::Value = serde_json::from_slice(&opened).expect("JSON");
        assert_eq!(json["text"], message.text.as_str());
    }
}

/// `age` asks for a passphrase on a terminal only, so `script` lends it one.
fn on_a_terminal(command: &str, typed: &str, folder: &Path) {
    let mut script = Command::new("script")
        .args(["-qec", command, "/dev/null"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("util-linux's script runs");
    let mut input = script.stdin.take().expect("piped");
    input.write_all(typed.as_bytes()).expect("it reads");
    let status = script.wait().expect("it ends");
    drop(input);
    assert!(status.success(), "{command}");
}

#[test]
fn stock_age_unlocks_our_identity_file_and_we_unlock_its() {
    let keys = Keys::read();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    std::fs::write(path.join("ours.age"), vectors::bytes("office-identity.age")).expect("written");
    let line = format!("{}\n", keys.office_identity_passphrase);
    on_a_terminal("age -d -o opened.txt ours.age", &line, path);
    let opened = std::fs::read_to_string(path.join("opened.txt")).expect("age wrote it");
    assert_eq!(opened.trim(), keys.office_identity);

    on_a_terminal("age -p -o theirs.age opened.txt", &line.repeat(2), path);
    let theirs = std::fs::read(path.join("theirs.age")).expect("age wrote it");
    let unlocked = OfficeIdentityFile::from_bytes(theirs)
        .unlock(keys.passphrase())
        .expect("the same passphrase");
    assert_eq!(unlocked.recipient().to_string(), keys.office_recipient);
}
