//! The frozen vectors in `tests/vectors`, read.

use mifeng_foundation::clock::Day;
use mifeng_opening::Identity;
use mifeng_sealing::tip::{Attachment, ReplyDocument, ReplyStatement, Said};
use mifeng_sealing::{MailboxSecrets, ManifestPublicKey, ManifestSigningKey, PickupCode};
use secrecy::SecretString;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The keys that everything in `tests/vectors` was made with. Good for nothing else.
#[derive(Deserialize)]
pub struct Keys {
    /// `AGE-SECRET-KEY-1…`, for which the tip and the reply are sealed.
    pub office_identity: String,
    /// `age1…` of the same.
    pub office_recipient: String,
    /// What `office-identity.age` is locked with.
    pub office_identity_passphrase: String,
    /// An identity for which nothing is sealed.
    pub other_identity: String,
    /// Signed `manifest.txt`.
    pub manifest_signing_key: String,
    /// Trusted for `manifest.txt`.
    pub manifest_public_key: String,
    /// The code whose mailbox `message.age` is sealed to,
    pub mailbox_pickup_code: String,
    /// and the office that salts it.
    pub mailbox_office: String,
}

/// One code and all it must give for ever.
#[derive(Deserialize)]
pub struct CodeVector {
    pub office: String,
    pub pickup_code: String,
    pub lookup_digest: String,
    pub recipient: String,
    pub receipt_secret: String,
    pub mailbox_secret: String,
    pub submission_tag: TagVector,
}

/// One code and how it signs.
#[derive(Deserialize)]
pub struct ReplyVector {
    pub office: String,
    pub pickup_code: String,
    pub reply_key: String,
    pub statement: String,
    pub signature: String,
    pub mac: String,
}

#[derive(Deserialize)]
pub struct TagVector {
    pub content: String,
    pub tag: String,
}

impl Keys {
    /// Reads `keys.json`.
    pub fn read() -> Self {
        serde_json::from_slice(&bytes("keys.json")).expect("keys.json has these fields")
    }

    pub fn office(&self) -> Identity {
        identity(&self.office_identity)
    }

    pub fn other(&self) -> Identity {
        identity(&self.other_identity)
    }

    pub fn passphrase(&self) -> SecretString {
        SecretString::from(self.office_identity_passphrase.clone())
    }

    pub fn trusted(&self) -> ManifestPublicKey {
        self.manifest_public_key.parse().expect("a frozen key")
    }

    pub fn signing(&self) -> ManifestSigningKey {
        ManifestSigningKey::from_secret_text(&self.manifest_signing_key).expect("a frozen key")
    }

    pub fn mailbox(&self) -> MailboxSecrets {
        let code = PickupCode::parse(&self.mailbox_pickup_code).expect("a frozen code");
        MailboxSecrets::derive(&code, &self.mailbox_office)
    }
}

/// What `secrets` says on `day`, signed as a page signs it. The id is of the words alone, as for one day.
pub fn signed_on(
    secrets: &MailboxSecrets,
    day: Day,
    said: Said,
    files: &[Attachment],
) -> ReplyDocument {
    let said_and_files = [
        said.canonical().as_slice(),
        &serde_json::to_vec(files).expect("JSON"),
        // The same words on another day are said again, as the pages have it.
        &day.number().to_be_bytes(),
    ]
    .concat();
    let statement = ReplyStatement {
        office: "qingxi".to_owned(),
        lookup_digest: secrets.lookup().digest().to_hex(),
        reply_id: secrets.submission_tag(&said_and_files).to_hex(),
        received_day: day,
        said,
        files: Vec::new(),
    };
    let mut ids = files.iter().map(|file| file.id.clone());
    let signed = secrets.sign(&statement.with_files(files));
    ReplyDocument::signed(signed, |_| ids.next()).expect("a statement")
}

/// `pickup-codes.json`.
pub fn codes() -> Vec<CodeVector> {
    serde_json::from_slice(&bytes("pickup-codes.json")).expect("a list of codes")
}

/// `reply-keys.json`.
pub fn reply_keys() -> Vec<ReplyVector> {
    serde_json::from_slice(&bytes("reply-keys.json")).expect("a list of codes")
}

/// The path of the file `name` in `tests/vectors`.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name)
}

/// The bytes of the file `name` in `tests/vectors`.
pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap_or_else(|error| panic!("tests/vectors/{name}: {error}"))
}

/// The text of the file `name` in `tests/vectors`.
pub fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).expect("a text file")
}

/// The mailbox's key in the words of the age tools: what a reporter with the code and a stock `age` would use.
pub fn mailbox_identity_text(secrets: &MailboxSecrets) -> String {
    let hrp = bech32::Hrp::parse("age-secret-key-").expect("a constant");
    bech32::encode::<bech32::Bech32>(hrp, &secrets.mailbox_secret().to_bytes())
        .expect("32 bytes are within Bech32's limit")
        .to_uppercase()
}

/// The mailbox's key as an identity that opens.
pub fn mailbox_identity(secrets: &MailboxSecrets) -> Identity {
    identity(&mailbox_identity_text(secrets))
}

fn identity(text: &str) -> Identity {
    Identity::from_secret_text(text).expect("a frozen identity")
}
