//! A little work for one submission. The server keeps nothing of what it asks: a challenge carries its difficulty and its
//! end under a MAC over both and over what was submitted, so that it fits nothing else. Only the answers that were taken
//! are kept, until they would be too late anyway: each counts once.

use hmac::{Hmac, Mac as _};
use mifeng_foundation::entropy::{Entropy, random_bytes};
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Most answers that are kept. With as many in one life of a challenge, none is taken until some have run out.
const USED_MAX: usize = 200_000;

/// Longest number that is taken for an answer, in digits.
const NONCE_MAX_CHARS: usize = 20;

/// Bytes of a challenge: bits, end, salt, MAC.
const CHALLENGE_BYTES: usize = 1 + 4 + 8 + 16;

/// SHA-256 of the address and the body of a submission.
pub type Binding = [u8; 32];

/// What is to be solved. Its text is 58 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Leading zero bits that the answer's hash must have.
    pub bits: u8,
    until_s: u32,
    salt: [u8; 8],
    mac: [u8; 16],
}

/// A challenge with an answer, `CHALLENGE:NUMBER`: the SHA-256 of this very text begins with as many zero bits as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    challenge: Challenge,
    text: String,
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; CHALLENGE_BYTES];
        bytes[0] = self.bits;
        bytes[1..5].copy_from_slice(&self.until_s.to_be_bytes());
        bytes[5..13].copy_from_slice(&self.salt);
        bytes[13..].copy_from_slice(&self.mac);
        f.write_str(&hex::encode(bytes))
    }
}

impl Challenge {
    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; CHALLENGE_BYTES];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self {
            bits: bytes[0],
            until_s: u32::from_be_bytes(bytes[1..5].try_into().ok()?),
            salt: bytes[5..13].try_into().ok()?,
            mac: bytes[13..].try_into().ok()?,
        })
    }
}

/// Not of the form `CHALLENGE:NUMBER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a proof")]
pub struct ProofError;

impl FromStr for Proof {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let (challenge, nonce) = text.split_once(':').ok_or(ProofError)?;
        let is_number = (1..=NONCE_MAX_CHARS).contains(&nonce.len())
            && nonce.bytes().all(|b| b.is_ascii_digit());
        let challenge = Challenge::parse(challenge).filter(|_| is_number);
        Ok(Self {
            challenge: challenge.ok_or(ProofError)?,
            text: text.to_owned(),
        })
    }
}

impl Proof {
    fn is_solved(&self) -> bool {
        let hash: [u8; 32] = Sha256::digest(&self.text).into();
        let head = u128::from_be_bytes(hash[..16].try_into().expect("half of 32 bytes"));
        head.leading_zeros() >= u32::from(self.challenge.bits)
    }
}

/// Sets and checks the work.
pub struct Proofs {
    key: [u8; 32],
    entropy: Arc<dyn Entropy>,
    /// Ends and MACs of what was answered.
    used: Mutex<BTreeSet<(u32, [u8; 16])>>,
}

impl Proofs {
    /// With a key of its own: a challenge from before a restart is worth nothing after it.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        Self {
            key: random_bytes(entropy.as_ref()),
            entropy,
            used: Mutex::default(),
        }
    }

    /// Work for the submission that `binding` stands for.
    pub fn challenge(&self, bits: u8, binding: &Binding, now: Duration, life_s: u32) -> Challenge {
        let salt = random_bytes(self.entropy.as_ref());
        let until_s = seconds(now).saturating_add(life_s);
        Challenge {
            bits,
            until_s,
            salt,
            mac: self.mac(bits, until_s, salt, binding),
        }
    }

    /// Whether `proof` solves a challenge of ours for this submission, in time, and for the first time.
    pub fn accept(&self, proof: &Proof, binding: &Binding, now: Duration) -> bool {
        let now_s = seconds(now);
        let Challenge {
            bits,
            until_s,
            salt,
            mac,
        } = proof.challenge;
        if until_s <= now_s || self.mac(bits, until_s, salt, binding) != mac || !proof.is_solved() {
            return false;
        }
        let mut used = self.used.lock();
        *used = used.split_off(&(now_s, [0; 16]));
        used.len() < USED_MAX && used.insert((until_s, mac))
    }

    fn mac(&self, bits: u8, until_s: u32, salt: [u8; 8], binding: &Binding) -> [u8; 16] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes any key length");
        mac.update(&[bits]);
        mac.update(&until_s.to_be_bytes());
        mac.update(&salt);
        mac.update(binding);
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        full[..16].try_into().expect("half of 32 bytes")
    }
}

fn seconds(now: Duration) -> u32 {
    u32::try_from(now.as_secs()).unwrap_or(u32::MAX)
}
