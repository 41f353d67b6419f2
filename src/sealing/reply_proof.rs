//! The proof that what is said under a code is said by whoever has it. Its key is made from the code, and the tip's seal
//! carries the public half alone: neither who holds the public host's database nor who opened the tip can speak for its
//! reporter. A tip of the first version carries a shared secret instead, which those who opened it know.
//!
//! What is signed is the statement as a text, behind a label of its own and a zero byte, which no label holds: nothing that is
//! signed or authenticated for another purpose has such a beginning, and no two statements have one encoding.

use super::mailbox::MailboxSecrets;
use crate::tip::{MailboxAddress, ReplyDocument, ReplyStatement, SignedStatement};
use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::str::FromStr;
use zeroize::Zeroizing;

const SIGNED: &[u8] = b"mifeng/reply-signature/1\0";
const AUTHENTICATED: &[u8] = b"mifeng/reply-mac/1\0";
/// Label of the key that authenticates, expanded from the receipt secret.
const MAC_KEY: &[u8] = b"mifeng/reply-mac-key/1";

/// The public key of whoever has a code: a canonical Ed25519 point of full order. A weak one, under which a signature holds
/// for many texts, does not exist as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyKey(VerifyingKey);

/// Text that is no [`ReplyKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key that replies are signed with")]
pub struct BadReplyKey;

impl FromStr for ReplyKey {
    type Err = BadReplyKey;

    fn from_str(text: &str) -> Result<Self, BadReplyKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| BadReplyKey)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| BadReplyKey)?;
        let is_canonical = key.to_edwards().compress().to_bytes() == bytes;
        let fits = !key.is_weak() && is_canonical && hex::encode(bytes) == text;
        fits.then_some(Self(key)).ok_or(BadReplyKey)
    }
}

impl ReplyKey {
    fn proves(&self, signed: &SignedStatement) -> bool {
        let mut bytes = [0; 64];
        hex::decode_to_slice(&signed.signature, &mut bytes).is_ok()
            && self
                .0
                .verify_strict(&labelled(SIGNED, signed), &Signature::from_bytes(&bytes))
                .is_ok()
    }
}

/// What a reporter said, for certain. There is no other way to one than [`ProvenReply::of`], and nothing acts but one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenReply(ReplyStatement);

impl ProvenReply {
    /// What `reply` says, if its proof holds for the tip of `office` whose mailbox is `mailbox`. A tip that has a key is
    /// spoken for by signatures under it alone, whatever else a reply brings along.
    #[must_use]
    pub fn of(reply: &ReplyDocument, office: &str, mailbox: &MailboxAddress) -> Option<Self> {
        let signed = reply.proof()?;
        let holds = match &mailbox.reply_key {
            Some(key) => key.parse::<ReplyKey>().ok()?.proves(signed),
            None => is_authentic(signed, &mailbox.receipt_secret),
        };
        // Only now is anything of it read.
        let statement = holds.then(|| ReplyStatement::from_json(&signed.statement).ok())??;
        let here = statement.office == office && statement.lookup_digest == mailbox.lookup_digest;
        here.then_some(Self(statement))
    }

    /// What was said.
    #[must_use]
    pub fn statement(&self) -> &ReplyStatement {
        &self.0
    }

    /// By which it counts once at its mailbox; `None` if it has none of the right shape, which no program of ours writes.
    #[must_use]
    pub fn id(&self) -> Option<[u8; 32]> {
        let mut id = [0; 32];
        hex::decode_to_slice(&self.0.reply_id, &mut id).ok()?;
        Some(id)
    }
}

impl MailboxSecrets {
    /// Where answers go, as the tip's seal carries it.
    #[must_use]
    pub fn address(&self) -> MailboxAddress {
        MailboxAddress {
            lookup_digest: self.lookup().digest().to_hex(),
            recipient: self.recipient(),
            receipt_secret: self.receipt_secret(),
            reply_key: Some(hex::encode(self.reply_signing_key().verifying_key())),
        }
    }

    /// Proves that `statement` is said by whoever has the code: for tips of either version, since which it is stands in the
    /// tip's seal only.
    #[must_use]
    pub fn sign(&self, statement: &ReplyStatement) -> SignedStatement {
        let mut signed = SignedStatement {
            statement: statement.to_json(),
            signature: String::new(),
            mac: String::new(),
        };
        let signature = self.reply_signing_key().sign(&labelled(SIGNED, &signed));
        signed.signature = hex::encode(signature.to_bytes());
        let secret = Zeroizing::new(self.receipt_secret());
        let mac = mac_of(&signed, &secret).expect("a receipt secret of our own is 32 bytes in hex");
        signed.mac = hex::encode(mac.finalize().into_bytes());
        signed
    }
}

fn labelled(label: &[u8], signed: &SignedStatement) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([label, signed.statement.as_bytes()].concat())
}

fn mac_of(signed: &SignedStatement, receipt_secret: &str) -> Option<Hmac<Sha256>> {
    let mut secret = Zeroizing::new([0; 32]);
    hex::decode_to_slice(receipt_secret, secret.as_mut_slice()).ok()?;
    let hkdf = Hkdf::<Sha256>::from_prk(secret.as_slice()).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    hkdf.expand(MAC_KEY, key.as_mut_slice()).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).ok()?;
    mac.update(&labelled(AUTHENTICATED, signed));
    Some(mac)
}

/// Compares in the same time wherever the two differ.
fn is_authentic(signed: &SignedStatement, receipt_secret: &str) -> bool {
    let mut given = [0; 32];
    hex::decode_to_slice(&signed.mac, &mut given).is_ok()
        && mac_of(signed, receipt_secret).is_some_and(|mac| mac.verify_slice(&given).is_ok())
}
