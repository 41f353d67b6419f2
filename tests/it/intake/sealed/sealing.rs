//! Tips that are sealed by the page's own script.

use super::super::{Anonymous, Answer, OFFICE, Place, TODAY};
use crate::support::script;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::{MailboxSecrets, PickupCode, Recipient, seal_bytes, sign_manifest};
use serde_json::{Value, json};

/// A reporter whose browser seals.
pub(super) struct Sealing<'a> {
    pub(super) place: &'a Place,
    pub(super) code: PickupCode,
}

impl<'a> Sealing<'a> {
    pub(super) fn at(place: &'a Place) -> Self {
        Self {
            place,
            code: PickupCode::generate(&SystemEntropy),
        }
    }

    pub(super) fn task(&self, tip: &Value) -> Value {
        let manifest = sign_manifest(&self.place.body(), &self.place.signing);
        json!({
            "manifest": manifest.expect("a good manifest"),
            "key": self.place.signing.public().to_string(),
            "today": TODAY,
            "code": self.code.digits(),
            "tip": tip,
        })
    }

    /// What the page would send.
    pub(super) fn request(&self, tip: &Value) -> Value {
        let request = script::seal(&json!([self.task(tip)])).remove(0);
        serde_json::from_str(&request).expect("JSON")
    }

    /// A request with a file that was made otherwise.
    pub(super) fn request_with(&self, file: &[u8]) -> Value {
        let secrets = MailboxSecrets::derive(&self.code, OFFICE);
        json!({
            "addressee": OFFICE,
            // Any 32 bytes will do: only the owner of a code can tell.
            "lookup": hex::encode(secrets.submission_tag(b"lookup").as_bytes()),
            "submission_tag": hex::encode(secrets.submission_tag(b"content").as_bytes()),
            "ciphertext": BASE64_STANDARD.encode(file),
        })
    }
}

pub(super) async fn send(anonymous: &Anonymous, request: &Value) -> Answer {
    anonymous.api("sealed-tips", request).await
}

pub(super) fn seal_to(recipients: &[Recipient], document: &[u8]) -> Vec<u8> {
    let sealed = seal_bytes(document, recipients);
    sealed.expect("good recipients").into_bytes()
}
