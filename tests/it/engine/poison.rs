//! What cannot be read: envelopes are kept apart and visible, rules are refused with their place.

use super::cases;
use super::{RULES, arrived, office, sample_tips, staff, today};
use crate::opening::age_testkit::kit;
use mifeng_opening::Identity;
use mifeng_sealing::tip::{ReplyDocument, Said};
use mifeng_sealing::{EnvelopeKind, MailboxSecrets, PickupCode, seal_bytes, seal_reply};
use mifeng_triage::ingest::{self, Ingested, ingest};
use mifeng_triage::model::QuarantineReason;
use mifeng_triage::routing::Rules;
use parking_lot::Mutex;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// Where the log of one test goes.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn envelopes_that_make_no_sense_are_kept_apart_and_logged() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let key = Identity::generate();
    let office = office(&key, cases(&url).await).await;
    let code = PickupCode::generate(&mifeng_foundation::entropy::SystemEntropy);
    let nowhere = MailboxSecrets::derive(&code, "qingxi").lookup().digest();
    let said = Said::Addition {
        text: "金丝雀".to_owned(),
    };
    let reply = ReplyDocument::new("qingxi", nowhere.to_hex(), today(), said);
    let reply = seal_reply(&reply, &[key.recipient()]).expect("sealed");
    let sealed = |json: &[u8]| {
        seal_bytes(json, &[key.recipient()])
            .expect("sealed")
            .into_bytes()
    };
    let tip = |text: &str| sealed(sample_with(text).as_bytes());
    let called = sample_with("补课").replace("\"channel\":\"web\"", "\"channel\":\"phone\"");
    assert!(called.contains("phone"));
    let called = sealed(called.as_bytes());
    let poison = [
        (EnvelopeKind::Tip, tip(" "), QuarantineReason::NotATip),
        (EnvelopeKind::Tip, called, QuarantineReason::NotATip),
        (
            EnvelopeKind::Tip,
            tip(&"长".repeat(100_001)),
            QuarantineReason::NotATip,
        ),
        (
            EnvelopeKind::Reply,
            reply.0.into_bytes(),
            QuarantineReason::UnknownMailbox,
        ),
        (
            EnvelopeKind::Tip,
            sealed(b"{\"a\":1}"),
            QuarantineReason::NotATip,
        ),
        (EnvelopeKind::Tip, sealed(b"[]"), QuarantineReason::NotATip),
        (
            EnvelopeKind::Reply,
            sealed(b"{}"),
            QuarantineReason::NotATip,
        ),
    ];
    let mut ids = Vec::new();
    for (kind, ciphertext, reason) in poison {
        let envelope = arrived(kind, ciphertext);
        let outcome = ingest(&office, &envelope).await.expect("kept");
        assert_eq!(outcome, Ingested::Quarantined(reason));
        let again = ingest(&office, &envelope).await.expect("known");
        assert_eq!(again, Ingested::Known);
        ids.push((hex::encode(envelope.id), reason));
    }
    let (_, _, next) = &sample_tips(&key)[0];
    let outcome = ingest(&office, next).await.expect("stored");
    assert!(
        matches!(outcome, Ingested::Case(_)),
        "the next tip is opened"
    );
    let listed = ingest::quarantine(&office, &staff()[0]).await;
    assert_eq!(listed.expect("listed").len(), ids.len());
    let log = String::from_utf8(lines.0.lock().clone()).expect("UTF-8");
    for (id, reason) in ids {
        let found: Vec<_> = log.lines().filter(|line| line.contains(&id)).collect();
        assert_eq!(found.len(), 1, "logged once: {log}");
        assert!(found[0].contains("quarantined") && found[0].contains(reason.code()));
    }
    assert!(!log.contains("金丝雀"));
}

/// A sound document but for its text: what a program that is not ours can put under a seal.
fn sample_with(text: &str) -> String {
    let frozen = include_str!("../../vectors/tip.json");
    let mut document: serde_json::Value = serde_json::from_str(frozen).expect("a tip");
    document["text"] = text.into();
    document.to_string()
}

/// Every file of the public age test kit, a tip to another key and one cut short: none holds up the next tip.
#[tokio::test]
async fn hostile_files_hold_nothing_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let key = Identity::generate();
    let office = office(&key, cases(&url).await).await;
    let (_, _, foreign) = sample_tips(&Identity::generate()).remove(1);
    let (_, _, mut cut) = sample_tips(&key).remove(2);
    cut.ciphertext.truncate(3000);
    let kit = kit();
    let hostile = kit
        .iter()
        .map(|vector| arrived(EnvelopeKind::Tip, vector.bytes()))
        .chain([foreign, cut]);
    let mut kept = 0;
    for envelope in hostile {
        match ingest(&office, &envelope).await.expect("kept") {
            Ingested::Quarantined(_) => kept += 1,
            outcome => assert_eq!(outcome, Ingested::Known, "the kit has a file twice"),
        }
    }
    assert!(kept > 100);
    let (_, _, next) = &sample_tips(&key)[0];
    let opened = tokio::time::timeout(Duration::from_secs(20), ingest(&office, next));
    let opened = opened.await.expect("it is not held up").expect("stored");
    assert!(matches!(opened, Ingested::Case(_)));
    let listed = ingest::quarantine(&office, &staff()[0]).await;
    assert_eq!(listed.expect("listed").len(), kept);
}

#[test]
fn rules_that_cannot_be_used_are_refused_with_their_place() {
    let error = |text: &str| Rules::parse(text).expect_err("refused").to_string();
    let rule = |lines: &str| {
        format!("{RULES}\n[[rule]]\nid = \"extra\"\nreason_zh = \"\"\nreason_en = \"\"\n{lines}\n")
    };
    let unit = error(&rule("unit = \"nobody\""));
    assert!(
        unit.contains("\"extra\"") && unit.contains("\"nobody\""),
        "{unit}"
    );
    let known = Rules::parse(RULES).expect("the sample").units()[0]
        .id
        .clone();
    for list in ["school", "stage", "area"] {
        let text = error(&rule(&format!(
            "unit = \"{known}\"\n{list} = [\"nowhere\"]"
        )));
        assert!(
            text.contains("\"extra\"") && text.contains("\"nowhere\""),
            "{text}"
        );
    }
    let leading = RULES.replacen("leading_group_unit = \"", "leading_group_unit = \"x", 1);
    let leading = error(&leading);
    assert!(leading.contains("leading_group_unit"), "{leading}");
    let line = RULES.lines().count() + 2;
    let unknown_key = error(&format!("{RULES}\n[[rule]]\nidd = \"extra\"\n"));
    assert!(
        unknown_key.contains(&format!("line {}", line + 1)) && unknown_key.contains("idd"),
        "{unknown_key}"
    );
}
