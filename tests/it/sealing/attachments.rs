//! Files that go with tips: sealed as they stream by, opened by us and by the stock tool, lengths that say little.

use super::vectors::{self, Keys};
use mifeng_opening::{Identity, OpenError};
use mifeng_sealing::tip::{ReplyDocument, Said, TipDocument};
use mifeng_sealing::{
    AttachmentSeal, AttachmentSealer, HeaderError, attachment_length, is_attachment_length,
};
use sha2::{Digest as _, Sha256};
use std::io::{Read as _, Write as _};

fn seal(identity: &Identity, content: &[u8]) -> (Vec<u8>, AttachmentSeal) {
    let recipients = [identity.recipient()];
    let mut sealer = AttachmentSealer::begin(Vec::new(), &recipients).expect("a recipient");
    for piece in content.chunks(7000) {
        sealer.write_all(piece).expect("memory");
    }
    let (seal, file) = sealer.finish().expect("memory");
    (file, seal)
}

fn open(identity: &Identity, file: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut content = Vec::new();
    let mut stream = identity.open_stream(file)?;
    let read = stream.read_to_end(&mut content);
    read.map(|_| content).map_err(|_| OpenError::Damaged)
}

#[test]
fn every_length_comes_back_and_is_hidden() {
    let key = Identity::generate();
    let chunk = 64 * 1024;
    for size in [
        0,
        1,
        13_000,
        14_000,
        chunk - 1,
        chunk,
        chunk + 1,
        5 * chunk,
        1_000_003,
    ] {
        let content: Vec<u8> = (0..size).map(|at: usize| at.to_le_bytes()[0]).collect();
        let (file, about) = seal(&key, &content);
        assert_eq!(about.content_bytes, size as u64);
        assert_eq!(
            about.content_sha256,
            <[u8; 32]>::from(Sha256::digest(&content))
        );
        assert_eq!(about.sealed_bytes, file.len() as u64);
        assert_eq!(about.sealed_bytes, attachment_length(size as u64));
        assert!(is_attachment_length(about.sealed_bytes));
        let opened = open(&key, &file).expect("our key");
        let (same, padding) = opened.split_at(size);
        assert!(same == content && padding.iter().all(|byte| *byte == 0));
    }
}

#[test]
fn a_header_that_varies_changes_no_length() {
    let key = Identity::generate();
    let lengths: std::collections::BTreeSet<usize> = (0..200)
        .map(|_| seal(&key, &[1].repeat(20_000)).0.len())
        .collect();
    assert_eq!(lengths.len(), 1, "{lengths:?}");
}

#[test]
fn whatever_is_altered_or_missing_is_noticed() {
    let key = Identity::generate();
    let (file, _) = seal(&key, &[7].repeat(150_000));
    assert_eq!(open(&Identity::generate(), &file), Err(OpenError::WrongKey));
    for at in [30, 150, 400, 70_000, file.len() - 1] {
        let mut altered = file.clone();
        altered[at] ^= 1;
        assert!(open(&key, &altered).is_err(), "byte {at}");
    }
    for length in [0, 10, 200, 65_000, 100_000, file.len() - 1] {
        assert!(open(&key, &file[..length]).is_err(), "cut at {length}");
    }
    let stanza = "-> X25519 AAAA\nAAAA\n".repeat(1000);
    let long = format!("age-encryption.org/v1\n{stanza}--- AAAA\n");
    let refused = open(&key, long.as_bytes());
    assert_eq!(refused, Err(OpenError::Header(HeaderError::TooLong)));
}

#[test]
fn the_stock_tool_opens_a_file_that_the_tip_describes() {
    use secrecy::ExposeSecret as _;
    let (key, folder) = (Identity::generate(), tempfile::tempdir().expect("a folder"));
    let content = b"%PDF-1.7 and more".repeat(9000);
    let (file, about) = seal(&key, &content);
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("sealed.age"), file).expect("ours");
    std::fs::write(path("key"), key.to_secret_text().expose_secret()).expect("ours");
    let opened = std::process::Command::new("age")
        .args(["-d", "-i"])
        .args([path("key"), path("sealed.age")])
        .output()
        .expect("age; `make test` installs it");
    assert!(opened.status.success());
    let size = usize::try_from(about.content_bytes).expect("small");
    assert_eq!(&opened.stdout[..size], content);
}

#[test]
fn the_frozen_attachment_opens_and_its_documents_name_it() {
    let office = Keys::read().office();
    let tip = TipDocument::from_json(&vectors::bytes("tip-with-attachment.json")).expect("a tip");
    assert_eq!(tip.to_json(), vectors::bytes("tip-with-attachment.json"));
    let reply = ReplyDocument::from_json(&vectors::bytes("reply-with-attachment.json"));
    let reply = reply.expect("a reply of the first version");
    assert!(matches!(&reply.said, Said::Addition { text } if !text.is_empty()));
    assert_eq!(reply.attachments, tip.attachments);
    let about = &tip.attachments[0];
    let file = vectors::bytes("attachment.age");
    assert_eq!(file.len() as u64, attachment_length(about.size_bytes));
    let opened = open(&office, &file).expect("sealed to the office");
    let size = usize::try_from(about.size_bytes).expect("small");
    assert_eq!(hex::encode(Sha256::digest(&opened[..size])), about.sha256);
    assert_eq!(opened[..size], vectors::bytes("attachment.pdf"));
    let sealed_tip = office
        .open(&vectors::bytes("tip-with-attachment.age"))
        .expect("a tip");
    assert_eq!(
        sealed_tip.trim_ascii_end(),
        vectors::bytes("tip-with-attachment.json")
    );
}

/// Written once, by hand: `cargo nextest run --run-ignored all -E 'test(freeze_attachments)'`.
#[test]
#[ignore = "writes the vectors, which are written once"]
fn freeze_attachments() {
    let office = Keys::read().office();
    let write = |name: &str, bytes: &[u8]| {
        assert!(!vectors::path(name).exists(), "{name} is frozen");
        std::fs::write(vectors::path(name), bytes).expect("written");
    };
    let content =
        b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";
    let (file, about) = seal(&office, content);
    let attachment = serde_json::json!({"id": "00112233445566778899aabbccddeeff", "name": "收据.pdf",
        "media_type": "application/pdf", "size_bytes": about.content_bytes,
        "sha256": hex::encode(about.content_sha256)});
    let attachment: mifeng_sealing::tip::Attachment =
        serde_json::from_value(attachment).expect("its shape");
    let mut tip = TipDocument::from_json(&vectors::bytes("tip.json")).expect("a tip");
    tip.attachments.push(attachment.clone());
    let mut reply = ReplyDocument::from_json(&vectors::bytes("reply.json")).expect("a reply");
    reply.attachments.push(attachment);
    let sealed = mifeng_sealing::seal_tip(&tip, &[office.recipient()]).expect("sealed");
    write("attachment.pdf", content);
    write("attachment.age", &file);
    write("tip-with-attachment.json", &tip.to_json());
    write("tip-with-attachment.age", sealed.0.as_bytes());
    write("reply-with-attachment.json", &reply.to_json());
}
