//! The public age test kit (C2SP/CCTV), as the npm package `cctv-age` has it: 143 files through our opening.

use crate::sealing::vectors::{self, Keys};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_opening::{Identity, OfficeIdentityFile, OfficeKeyError, OpenError};
use secrecy::SecretString;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const VECTORS: usize = 143;

/// One file of the kit.
#[derive(Deserialize)]
pub struct KitVector {
    pub name: String,
    pub expect: String,
    pub payload: Option<String>,
    pub identities: Vec<String>,
    pub passphrases: Vec<String>,
    file: String,
}

impl KitVector {
    /// The age file.
    pub fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD
            .decode(&self.file)
            .expect("base64 from our own script")
    }
}

#[derive(Deserialize)]
struct Differences {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    vector: String,
    kit: String,
    ours: String,
    reason: String,
}

/// The whole kit. Installed by `make test`.
pub fn kit() -> Vec<KitVector> {
    let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node");
    assert!(
        node.join("node_modules/cctv-age").is_dir(),
        "the npm package cctv-age is missing in tests/node: `make test` installs it (npm ci --prefix tests/node)"
    );
    let output = Command::new("node")
        .arg(node.join("age-testkit.mjs"))
        .output()
        .expect("node runs: `make test` installs it");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON from our own script")
}

#[test]
fn the_kit_opens_as_it_says_or_as_we_list() {
    let kit = kit();
    assert_eq!(kit.len(), VECTORS);
    let listed: Differences =
        toml::from_str(&vectors::text("age-testkit-differences.toml")).expect("a list");
    let mut listed: BTreeMap<String, Difference> = listed
        .difference
        .into_iter()
        .map(|entry| (entry.vector.clone(), entry))
        .collect();
    let mut wrong = Vec::new();
    for vector in &kit {
        let ours = outcome(vector);
        match listed.remove(&vector.name) {
            None if agrees(&vector.expect, &ours) => {}
            Some(entry)
                if entry.kit == vector.expect
                    && entry.ours == ours
                    && !agrees(&vector.expect, &ours)
                    && !entry.reason.is_empty() => {}
            _ => wrong.push(format!("{} | {} | {ours}", vector.name, vector.expect)),
        }
    }
    assert!(
        wrong.is_empty(),
        "not as the kit says nor as listed:\n{}",
        wrong.join("\n")
    );
    assert!(
        listed.is_empty(),
        "listed, but not in the kit: {:?}",
        listed.keys()
    );
}

/// The passphrase files hold no identity, so that the best that our unlock may say is "damaged": what counts is
/// that a wrong passphrase is told from a damaged file, and that a work factor beyond reason is not worked off.
#[test]
fn passphrase_files_are_told_apart_at_the_unlock() {
    let mut seen = 0;
    for vector in kit().iter().filter(|vector| !vector.passphrases.is_empty()) {
        let file = OfficeIdentityFile::from_bytes(vector.bytes());
        let passphrase = SecretString::from(vector.passphrases[0].clone());
        let error = file.unlock(passphrase).expect_err(&vector.name);
        if vector.name == "scrypt_no_match" {
            assert_eq!(error, OfficeKeyError::WrongPassphrase);
        }
        if vector.expect == "success" || vector.name == "scrypt_work_factor_23" {
            assert_eq!(error, OfficeKeyError::Damaged, "{}", vector.name);
        }
        seen += 1;
    }
    assert_eq!(seen, 26);
}

/// "opened", "opened to something else", or the error.
fn outcome(vector: &KitVector) -> String {
    let file = vector.bytes();
    let identities = vector
        .identities
        .iter()
        .filter_map(|text| Identity::from_secret_text(text).ok())
        // A key that fits nothing, where the kit has none that we take.
        .chain([Keys::read().other()]);
    let mut first_error = None;
    for identity in identities {
        match identity.open(&file) {
            Ok(opened) if Some(hex::encode(Sha256::digest(&opened))) == vector.payload => {
                return "opened".to_owned();
            }
            Ok(_) => return "opened to something else".to_owned(),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    format!("{:?}", first_error.expect("at least one was tried"))
}

/// Whether our outcome is what the kit expects. A header or an armor that must fail may do so in any way.
fn agrees(expect: &str, ours: &str) -> bool {
    match expect {
        "success" => ours == "opened",
        "no match" => ours == format!("{:?}", OpenError::WrongKey),
        "payload failure" => ours == format!("{:?}", OpenError::Damaged),
        _ => !ours.starts_with("opened"),
    }
}
