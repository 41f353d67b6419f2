//! What a pickup code gives: the lookup, the mailbox's key pair, the key that later words are signed with, the receipt
//! secret and the tag of a submission. HKDF-SHA256 over the 28 digits, salted by the office's slug, one label each.
//!
//! No slow hash: 90 random bits need none, and it would be a lever to stall the service with.

use super::PickupCode;
use bech32::{Bech32, Hrp};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The secret name of a mailbox, as it is sent by a client that seals for itself. Intake keeps only its digest.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Lookup([u8; 32]);

impl Lookup {
    /// A lookup received from a client.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From 64 hex digits; `None` if it is anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// What a store keeps of it.
    #[must_use]
    pub fn digest(&self) -> LookupDigest {
        LookupDigest(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup(..)")
    }
}

/// SHA-256 of a [`Lookup`]: a mailbox's key in the stores and on the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LookupDigest([u8; 32]);

impl LookupDigest {
    /// From the stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From 64 hex digits; `None` if it is anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hex, as in documents and on the relay.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

/// Tells a repeated submission from another one under the same code, without saying anything about either:
/// an HMAC under a key that only the code gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubmissionTag([u8; 32]);

impl SubmissionTag {
    /// Lower-case hex, as on the relay and in statements.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// From the stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From 64 hex digits; `None` if it is anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Everything one code gives at one office. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MailboxSecrets {
    lookup: [u8; 32],
    mailbox_scalar: [u8; 32],
    receipt: [u8; 32],
    submission_key: [u8; 32],
    reply_seed: [u8; 32],
    opened_scalar: [u8; 32],
}

const LOOKUP: &[u8] = b"mifeng/lookup/1";
const MAILBOX_IDENTITY: &[u8] = b"mifeng/mailbox-identity/1";
const RECEIPT: &[u8] = b"mifeng/receipt/1";
const SUBMISSION_TAG: &[u8] = b"mifeng/submission-tag/1";
const REPLY_KEY: &[u8] = b"mifeng/reply-key/1";
const OPENED_KEY: &[u8] = b"mifeng/opened-key/1";

impl MailboxSecrets {
    /// Derives them from `code` for the office with slug `office`.
    #[must_use]
    pub fn derive(code: &PickupCode, office: &str) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(office.as_bytes()), code.digits().as_bytes());
        let expand = |label: &[u8]| {
            let mut key = [0; 32];
            hkdf.expand(label, &mut key)
                .expect("32 bytes are within HKDF's limit of 255 blocks");
            key
        };
        Self {
            lookup: expand(LOOKUP),
            mailbox_scalar: expand(MAILBOX_IDENTITY),
            receipt: expand(RECEIPT),
            submission_key: expand(SUBMISSION_TAG),
            reply_seed: expand(REPLY_KEY),
            opened_scalar: expand(OPENED_KEY),
        }
    }

    /// The mailbox's secret name.
    #[must_use]
    pub fn lookup(&self) -> Lookup {
        Lookup(self.lookup)
    }

    /// The age recipient (`age1…`) that the office's answers are sealed to.
    #[must_use]
    pub fn recipient(&self) -> String {
        let public = PublicKey::from(&self.mailbox_secret());
        let hrp = Hrp::parse("age").expect("a constant");
        bech32::encode::<Bech32>(hrp, public.as_bytes())
            .expect("32 bytes are within Bech32's limit")
    }

    /// The mailbox's X25519 secret key, for whoever reads the mailbox with the code in hand.
    #[must_use]
    pub fn mailbox_secret(&self) -> StaticSecret {
        StaticSecret::from(self.mailbox_scalar)
    }

    /// The receipt secret in lower-case hex, as it stands in the tip.
    #[must_use]
    pub fn receipt_secret(&self) -> String {
        hex::encode(self.receipt)
    }

    /// What is said later is signed with it.
    pub(super) fn reply_signing_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.reply_seed)
    }

    /// Reads the day of an opening.
    pub(super) fn opened_scalar(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.opened_scalar)
    }

    /// The tag of a submission whose canonical content is `content`.
    #[must_use]
    pub fn submission_tag(&self, content: &[u8]) -> SubmissionTag {
        let key = Zeroizing::new(self.submission_key);
        let mut mac =
            Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("HMAC takes any key length");
        mac.update(content);
        SubmissionTag(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for MailboxSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxSecrets(..)")
    }
}
