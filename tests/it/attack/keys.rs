//! Public keys that strangers chose: every point that protects nothing, and every second spelling, is no recipient,
//! wherever one is read.

use crate::engine::{arrived, cases, office, sample_tips};
use crate::sealing::vectors::{self, Keys};
use crate::staff::Office;
use mifeng_foundation::clock::{Day, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_opening::Identity;
use mifeng_operator::sign_manifest_file;
use mifeng_sealing::{
    AttachmentSealer, EnvelopeKind, ManifestPublicKey, OfficeManifest, Recipient, RecipientError,
    seal_bytes, seal_key,
};
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::QuarantineReason;
use proptest::prelude::*;
use serde::Deserialize;
use std::io::Write as _;
use std::time::Duration;

#[derive(Deserialize)]
struct Vectors {
    points: Vec<Point>,
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Point {
    name: String,
    /// 32 bytes in hex.
    #[serde(rename = "point")]
    hex: String,
    recipient: String,
    result: String,
}

#[derive(Deserialize)]
struct Text {
    name: String,
    #[serde(rename = "text")]
    typed: String,
    result: String,
}

fn frozen() -> Vectors {
    serde_json::from_slice(&vectors::bytes("recipients.json")).expect("points and texts")
}

/// What X25519 gives of a point and some secret: nothing, if the point is of low order, whatever the secret is.
fn product(point: [u8; 32]) -> [u8; 32] {
    x25519_dalek::x25519([0x77; 32], point)
}

fn text_of(point: [u8; 32]) -> String {
    let prefix = bech32::Hrp::parse("age").expect("a constant");
    bech32::encode::<bech32::Bech32>(prefix, &point).expect("32 bytes are few")
}

/// Whether a point is below the prime: adding 19 does not reach the highest bit.
fn is_below_the_prime(point: [u8; 32]) -> bool {
    let sum = point.iter().fold((19_u16, 0), |(carry, _), byte| {
        let sum = u16::from(*byte) + carry;
        (sum >> 8, sum)
    });
    sum.1 < 0x80
}

#[test]
fn every_frozen_point_is_taken_or_refused_as_ever() {
    let vectors = frozen();
    let mut low = 0;
    for one in vectors.points {
        let mut point = [0; 32];
        hex::decode_to_slice(&one.hex, &mut point).expect("32 bytes");
        assert_eq!(text_of(point), one.recipient, "{}", one.name);
        let parsed = one.recipient.parse::<Recipient>();
        let expected = match one.result.as_str() {
            "sound" => {
                assert_ne!(product(point), [0; 32], "{}", one.name);
                let recipient = parsed.expect(&one.name);
                assert_eq!(recipient.to_string(), one.recipient);
                continue;
            }
            "low-order" => {
                low += 1;
                assert_eq!(product(point), [0; 32], "{}", one.name);
                RecipientError::LowOrder
            }
            _ => RecipientError::NotCanonical,
        };
        assert_eq!(parsed.err(), Some(expected), "{}", one.name);
    }
    assert_eq!(low, 5, "0, 1, -1 and two of order 8");
}

#[test]
fn what_is_no_recipient_is_told_without_repeating_it() {
    for one in frozen().texts {
        let error = one.typed.parse::<Recipient>().expect_err(&one.name);
        assert_eq!(error.code(), one.result, "{}", one.name);
        let secret = one.typed.get(16..40).unwrap_or("none");
        assert!(!error.to_string().contains(secret));
    }
}

/// Points that are near to those that are not fit, and any others.
fn points() -> impl Strategy<Value = [u8; 32]> {
    let any_point = any::<[u8; 32]>();
    let near = (
        0..frozen().points.len(),
        0..32_usize,
        any::<u8>(),
        any::<bool>(),
    );
    let near = near.prop_map(|(at, byte, change, changes)| {
        let mut point = [0; 32];
        hex::decode_to_slice(&frozen().points[at].hex, &mut point).expect("32 bytes");
        if changes {
            point[byte] ^= change;
        }
        point
    });
    prop_oneof![any_point, near]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Exactly those are taken that have one spelling and give a secret; and whatever is sealed to them is sealed.
    #[test]
    fn what_is_taken_can_be_sealed_to(point in points()) {
        let fit = is_below_the_prime(point) && product(point) != [0; 32];
        let parsed = text_of(point).parse::<Recipient>();
        prop_assert_eq!(parsed.is_ok(), fit);
        if let Ok(recipient) = parsed {
            let to = std::slice::from_ref(&recipient);
            let sealed = seal_bytes(b"[]", to);
            prop_assert!(sealed.is_ok());
            prop_assert!(seal_key(b"key", &recipient).is_ok());
            let mut sealer = AttachmentSealer::begin(Vec::new(), to).expect("begun");
            sealer.write_all(b"file").expect("written");
            prop_assert!(sealer.finish().is_ok());
        }
    }
}

/// A tip whose reporter would be answered at `recipient`.
fn tip_to(recipient: &str) -> String {
    let mut document: serde_json::Value =
        serde_json::from_str(&vectors::text("tip.json")).expect("a tip");
    document["mailbox"]["recipient"] = recipient.into();
    let digest: [u8; 32] = random_bytes(&SystemEntropy);
    document["mailbox"]["lookup_digest"] = hex::encode(digest).into();
    document.to_string()
}

/// The attack that ended an office: each is kept apart with its reason, at once and after a restart, and the next tip comes.
#[tokio::test]
async fn no_reply_address_stops_the_next_tip() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let key = Identity::generate();
    let mut working = office(&key, cases(&url).await).await;
    let texts = frozen()
        .texts
        .into_iter()
        .map(|one| (one.typed, Some(QuarantineReason::NotATip)));
    let points = frozen().points.into_iter().map(|one| {
        let weak = one.result != "sound";
        (one.recipient, weak.then_some(QuarantineReason::WeakKey))
    });
    for (at, (recipient, reason)) in points.chain(texts).enumerate() {
        if at == 20 {
            working = office(&key, cases(&url).await).await;
        }
        let sealed = seal_bytes(tip_to(&recipient).as_bytes(), &[key.recipient()]);
        let hostile = arrived(EnvelopeKind::Tip, sealed.expect("sealed").into_bytes());
        let outcome = tokio::time::timeout(Duration::from_secs(20), ingest(&working, &hostile));
        let outcome = outcome.await.expect("it is not held up").expect("kept");
        match outcome {
            Ingested::Case(_) => assert_eq!(reason, None, "{recipient}"),
            Ingested::Quarantined(why) => assert_eq!(reason, Some(why), "{recipient}"),
            other => panic!("{recipient}: {other:?}"),
        }
    }
    let (_, _, next) = &sample_tips(&key)[0];
    let outcome = ingest(&working, next).await.expect("stored");
    assert!(matches!(outcome, Ingested::Case(_)));
}

fn with_recipient(recipient: &str) -> String {
    let manifest = vectors::text("manifest.txt");
    let sound = Keys::read().office_recipient;
    assert!(manifest.contains(&sound));
    let body = manifest.split_once('\n').expect("a first line").1;
    let body = body.rsplit_once("mifeng-signature-1").expect("signed").0;
    body.replace(&sound, recipient)
}

/// Signs a manifest body as an operator does, whatever stands in it.
fn signed(body: &str) -> Result<OfficeManifest, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("body"), body).expect("written");
    std::fs::write(place("key"), Keys::read().manifest_signing_key).expect("written");
    sign_manifest_file(
        &place("body"),
        &place("key"),
        &place("out"),
        &SystemClock::new(),
    )
    .map_err(|error| error.to_string())
}

#[test]
fn no_manifest_names_a_key_that_protects_nothing() {
    assert!(signed(&with_recipient(&Keys::read().office_recipient)).is_ok());
    let vectors = frozen();
    let points = vectors.points.into_iter();
    for one in points.filter(|one| one.result != "sound") {
        let said = signed(&with_recipient(&one.recipient)).expect_err(&one.name);
        assert!(
            said.contains("low order") || said.contains("2^255 - 19"),
            "{}: {said}",
            one.name
        );
    }
    let said = |text: &str| signed(&with_recipient(text)).expect_err("refused");
    let find = |name: &str| {
        let mut texts = frozen().texts.into_iter();
        texts.find(|one| one.name == name).expect("frozen").typed
    };
    let private = find("private key");
    let words = said(&private);
    assert!(words.contains("private key") && !words.contains(&private[20..40]));
    assert!(said(&find("post-quantum")).contains("post-quantum"));
    assert!(said(&find("ssh")).contains("SSH"));
    assert!(said(&find("blank behind")).contains("blanks"));
}

/// What editors and mails do to a signed file is told as that.
#[test]
fn a_changed_manifest_says_what_happened_to_it() {
    let day: Day = "2026-02-13".parse().expect("a day");
    let trusted = Keys::read().trusted();
    let refusal = |file: &str| {
        let error = OfficeManifest::verify(file, &trusted, day).expect_err("refused");
        error.to_string()
    };
    let file = vectors::text("manifest.txt");
    assert!(refusal(&format!("\u{feff}{file}")).contains("byte order mark"));
    assert!(refusal(&file.replace('\n', "\r\n")).contains("CR LF"));
    for blank in [" ", "\t", "\u{3000}"] {
        assert!(refusal(&format!("{}{blank}\n", file.trim_end())).contains("blanks"));
        let at = file.find("\nname_zh").expect("a line");
        let inside = format!("{}{blank}{}", &file[..at], &file[at..]);
        assert!(refusal(&inside).contains("blanks"));
    }
    let signing = Keys::read().manifest_signing_key;
    let error = signing.parse::<ManifestPublicKey>().expect_err("refused");
    assert!(error.to_string().contains("secret"), "{error}");
}

/// On My account nothing is cut off, and whoever pastes another kind of key is told which.
#[tokio::test]
async fn ones_own_mail_key_is_told_what_it_is() {
    let office = Office::start().await;
    let browser = office.signed_in("supervisor").await;
    let page = browser.get("/en/own").await.text;
    let at = page.find("id=\"recipient\"").expect("the field");
    let field = &page[at..at + page[at..].find('>').expect("its end")];
    assert!(!field.contains("maxlength"), "{field}");
    for one in frozen().texts {
        let words = match one.result.as_str() {
            "private-key" => "private key",
            "post-quantum" => "post-quantum",
            "plugin" => "token",
            "ssh" => "SSH key",
            // Blanks around it are taken off, and an empty field means none.
            _ if one.typed.trim().parse::<Recipient>().is_ok() || one.typed.is_empty() => continue,
            _ => "62 small letters",
        };
        let form = [("recipient", one.typed.as_str())];
        let page = browser.post("/en/own/mail", &form).await;
        let at = page.text.find("id=\"recipient-error\"").expect(&one.name);
        let said = &page.text[at..at + page.text[at..].find("</p>").expect("its end")];
        assert!(said.contains(words), "{}: {said}", one.name);
    }
    for one in frozen().points.iter().filter(|one| one.result != "sound") {
        let form = [("recipient", one.recipient.as_str())];
        let page = browser.post("/en/own/mail", &form).await;
        assert!(page.text.contains("protect nothing"), "{}", one.name);
    }
    let sound = Identity::generate().recipient().to_string();
    let saved = browser
        .post("/en/own/mail", &[("recipient", &*sound)])
        .await;
    assert_eq!(saved.location, "/en/own?changed=mail");
    office.stop().await;
}
