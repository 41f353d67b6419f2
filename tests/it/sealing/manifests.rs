//! Manifests that must be refused, each with words that say why.

use super::vectors::{self, Keys};
use mifeng_foundation::clock::Day;
use mifeng_sealing::{
    ManifestBody, ManifestError, ManifestPublicKey, OfficeManifest, Recipient, sign_manifest,
};

fn verify(file: &str, today: &str) -> Result<OfficeManifest, ManifestError> {
    let today: Day = today.parse().expect("a day");
    OfficeManifest::verify(file, &Keys::read().trusted(), today)
}

/// Makes a sound body unsound.
type Spoil = fn(&mut ManifestBody);

fn body() -> ManifestBody {
    verify(&vectors::text("manifest.txt"), "2026-02-13")
        .expect("the frozen manifest")
        .body()
        .clone()
}

fn refusal(file: &str) -> String {
    verify(file, "2026-02-13")
        .expect_err("must be refused")
        .to_string()
}

#[test]
fn an_unsigned_manifest_is_refused() {
    let file = vectors::text("manifest.txt");
    let at = file.rfind("mifeng-signature-1").expect("signed");
    assert_eq!(refusal(&file[..at]), "the manifest is not signed");
    assert_eq!(refusal(""), "the manifest is not signed");
}

#[test]
fn a_forged_manifest_is_refused() {
    let said = refusal(&vectors::text("manifest-forged.txt"));
    assert_eq!(
        said,
        "the manifest's signature is not by the trusted key, or the text was altered"
    );
}

#[test]
fn an_expired_manifest_is_refused_from_the_day_after() {
    let file = vectors::text("manifest-expired.txt");
    assert_eq!(refusal(&file), "the manifest ran out on 2024-12-31");
    assert!(verify(&file, "2024-12-31").is_ok());
    assert!(verify(&file, "2025-01-01").is_err());
}

#[test]
fn any_altered_byte_is_refused() {
    let file = vectors::bytes("manifest.txt");
    for at in 0..file.len() - 1 {
        let mut altered = file.clone();
        altered[at] ^= 1 << (at % 7);
        let Ok(altered) = String::from_utf8(altered) else {
            continue;
        };
        assert!(verify(&altered, "2026-02-13").is_err(), "byte {at}");
    }
}

#[test]
fn text_after_the_signature_is_refused() {
    let file = vectors::text("manifest.txt");
    assert!(verify(&format!("{file}slug = \"other\"\n"), "2026-02-13").is_err());
}

#[test]
fn a_recipient_shared_with_the_parent_is_neither_signed_nor_read() {
    let mut body = body();
    let shared = body.recipients[0].clone();
    body.parent
        .as_mut()
        .expect("it has one")
        .recipients
        .push(shared);
    let error = sign_manifest(&body, &Keys::read().signing()).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the manifest is not well formed: a recipient is both the office's and its parent's"
    );
}

#[test]
fn bodies_that_intake_could_not_use_are_not_signed() {
    let sound = body();
    let spoiled: [(&str, Spoil); 6] = [
        ("slug", |b| "Qing xi".clone_into(&mut b.slug)),
        ("slug", |b| b.slug = "q".repeat(41)),
        ("names no recipient", |b| b.recipients.clear()),
        ("time zone", |b| "Asia/Qingxi".clone_into(&mut b.time_zone)),
        ("parent office has no recipient", |b| {
            b.parent.as_mut().expect("it has one").recipients.clear();
        }),
        ("too many recipients", |b| {
            let one: Recipient = b.recipients[0].clone();
            b.recipients = vec![one; 17];
        }),
    ];
    for (words, spoil) in spoiled {
        let mut body = sound.clone();
        spoil(&mut body);
        let error = sign_manifest(&body, &Keys::read().signing()).expect_err(words);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn texts_that_are_no_key_are_refused() {
    for text in [
        "",
        "mifeng-manifest-key-1:",
        "mifeng-manifest-key-1:AAAA",
        "age1x",
    ] {
        assert_eq!(
            text.parse::<ManifestPublicKey>(),
            Err(ManifestError::BadKey)
        );
    }
}
