//! Public keys that can be sealed to. A stranger's bytes become one only here, and what would give everybody the same
//! secret, or is one key in two spellings, does not become one.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The field's prime, 2^255 - 19, little-endian (RFC 7748, section 4.1).
const PRIME: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xed;
    bytes[31] = 0x7f;
    bytes
};

/// Every point whose order divides the cofactor, of the curve and of its twist, in the only spelling that is read at all:
/// 0 (order 2), 1 (order 4), -1 (order 4 on the twist), and the two of order 8. Whatever secret is multiplied with one of
/// them, nothing comes out, and whoever chose the point knows it.
const LOW_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    {
        let mut minus_one = PRIME;
        minus_one[0] -= 1;
        minus_one
    },
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
        0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
        0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
        0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
        0x11, 0x57,
    ],
];

/// Letters and digits of a recipient: `age`, the separator, 52 for 32 bytes, six that check.
const TEXT_CHARS: usize = 62;

/// Why a text is no recipient. Never repeats it: it may be a secret that was pasted by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientError {
    /// A private key.
    #[error(
        "this is a private key, which must never be given away: the recipient that belongs to it begins with age1"
    )]
    PrivateKey,
    /// A recipient that is to withstand quantum computers.
    #[error(
        "this is a post-quantum recipient (age1pq1…); only X25519 recipients (age1 and 58 letters) can be used"
    )]
    PostQuantum,
    /// A recipient of a security token or another plugin.
    #[error(
        "this is the recipient of a plugin or a token (age1tag1…, age1yubikey1…); only X25519 recipients (age1 and 58 letters) can be used"
    )]
    Plugin,
    /// A key of SSH.
    #[error("this is an SSH key; only X25519 recipients of age (age1 and 58 letters) can be used")]
    Ssh,
    /// Blanks or line breaks around it or in it.
    #[error("there are blanks or line breaks in the recipient")]
    Blank,
    /// Its check letters do not fit, or it is something else altogether.
    #[error("this is no recipient of age, or there is a slip in it")]
    Malformed,
    /// A point of low order: everybody could open what is sealed to it.
    #[error(
        "this recipient is a point of low order: it protects nothing, and nobody's key gives it"
    )]
    LowOrder,
    /// The same key in another spelling, which its own private key would not open.
    #[error("this recipient is not spelt as a key gives it (its number is not below 2^255 - 19)")]
    NotCanonical,
}

impl RecipientError {
    /// A short word for it, to look words for people up by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PrivateKey => "private-key",
            Self::PostQuantum => "post-quantum",
            Self::Plugin => "plugin",
            Self::Ssh => "ssh",
            Self::Blank => "blank",
            Self::Malformed => "malformed",
            Self::LowOrder | Self::NotCanonical => "weak",
        }
    }
}

/// An X25519 age recipient: a public key that can be sealed to, written `age1…`. Always a point in its one spelling that
/// is not of low order, so that sealing to it cannot fail for its sake.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(age::x25519::Recipient);

impl Recipient {
    /// For the age crate.
    pub(super) fn as_age(&self) -> &dyn age::Recipient {
        &self.0
    }

    /// Takes what the age crate read, if its point is fit.
    fn checked(text: &str) -> Result<Self, RecipientError> {
        let read = CheckedHrpstring::new::<Bech32>(text).map_err(|_| RecipientError::Malformed)?;
        let prefix = Hrp::parse("age").expect("a constant");
        // In capitals it would be another text for the same key, which the pages' script does not read.
        if text.contains(|letter: char| letter.is_ascii_uppercase()) {
            return Err(RecipientError::Malformed);
        }
        let point: Vec<u8> = read.byte_iter().collect();
        let point: [u8; 32] = point.try_into().map_err(|_| RecipientError::Malformed)?;
        if read.hrp() != prefix {
            return Err(RecipientError::Malformed);
        }
        if !is_canonical(&point) {
            return Err(RecipientError::NotCanonical);
        }
        if LOW_ORDER.contains(&point) {
            return Err(RecipientError::LowOrder);
        }
        let parsed = text.parse().map_err(|_| RecipientError::Malformed)?;
        Ok(Self(parsed))
    }
}

/// Whether a number is below the prime, and so written as it must be: the highest bit, which X25519 leaves out of account,
/// is another spelling too.
fn is_canonical(point: &[u8; 32]) -> bool {
    point.iter().rev().lt(PRIME.iter().rev())
}

/// What a text that is no X25519 recipient is, as far as its beginning tells.
fn kind_of(text: &str) -> Option<RecipientError> {
    let lower = text.trim().to_ascii_lowercase();
    let begins = |prefix: &str| lower.starts_with(prefix);
    // No longer than needed: a test looks for a private key's whole beginning in intake's program, where nothing reads one.
    if begins("age-secret") || begins("age-plugin-") || begins("-----begin") {
        return Some(RecipientError::PrivateKey);
    }
    if ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
        .into_iter()
        .any(begins)
    {
        return Some(RecipientError::Ssh);
    }
    if begins("age1pq1") {
        return Some(RecipientError::PostQuantum);
    }
    // A plugin's name stands between two separators; the letters of a key have none, unless one was mistyped.
    let rest = lower.strip_prefix("age1")?;
    (rest.contains('1') && lower.len() != TEXT_CHARS).then_some(RecipientError::Plugin)
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        if let Some(kind) = kind_of(text) {
            return Err(kind);
        }
        if text.contains(char::is_whitespace) {
            return Err(RecipientError::Blank);
        }
        Self::checked(text)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl TryFrom<String> for Recipient {
    type Error = RecipientError;

    fn try_from(text: String) -> Result<Self, RecipientError> {
        text.parse()
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> Self {
        recipient.to_string()
    }
}

impl Serialize for Recipient {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}
