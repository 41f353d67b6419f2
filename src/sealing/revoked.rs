//! Keys that an office above has taken back, in its own manifest: whoever serves both refuses the manifest of an office below
//! that is signed by one of them or names one. So a stolen signing key is of no use where its owner cannot be reached.

use super::Recipient;
use super::manifest::OfficeManifest;
use super::manifest_file::ManifestError;
use super::manifest_key::ManifestPublicKey;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Hex digits of a signing key's fingerprint.
const FINGERPRINT_CHARS: usize = 32;

/// A key of an office below: the fingerprint of one that signs manifests, or a recipient. Read from either, or from the public
/// signing key itself, `mifeng-manifest-key-1:…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RevokedKey {
    /// Of a key that signs manifests.
    Fingerprint(String),
    /// Whom nothing is to be sealed to any more.
    Recipient(Recipient),
}

impl FromStr for RevokedKey {
    type Err = ManifestError;

    fn from_str(text: &str) -> Result<Self, ManifestError> {
        if let Ok(key) = text.parse::<ManifestPublicKey>() {
            return Ok(Self::Fingerprint(key.fingerprint()));
        }
        // As a poster has it, in groups of four.
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = digits.to_ascii_lowercase();
        let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if is_hex && digits.len() == FINGERPRINT_CHARS {
            return Ok(Self::Fingerprint(digits));
        }
        text.parse()
            .map(Self::Recipient)
            .map_err(|_| ManifestError::BadKey)
    }
}

impl TryFrom<String> for RevokedKey {
    type Error = ManifestError;

    fn try_from(text: String) -> Result<Self, ManifestError> {
        text.parse()
    }
}

impl From<RevokedKey> for String {
    fn from(key: RevokedKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for RevokedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fingerprint(digits) => f.write_str(digits),
            Self::Recipient(recipient) => write!(f, "{recipient}"),
        }
    }
}

impl OfficeManifest {
    /// The key of `other` that this manifest revokes, if there is one and it may. An office may revoke keys of those that name
    /// it as the one above; and one that has none above itself those of all others, since a stolen key could sign a manifest
    /// that names nobody above.
    #[must_use]
    pub fn revokes(&self, other: &Self) -> Option<&RevokedKey> {
        let parent = other.body().parent.as_ref();
        let is_above = parent.is_some_and(|parent| parent.slug == self.slug());
        if self.slug() == other.slug() || !(is_above || self.body().parent.is_none()) {
            return None;
        }
        self.body().revoked.iter().find(|key| other.has(key))
    }

    /// Whether this manifest is signed by `key`, or names it.
    #[must_use]
    pub fn has(&self, key: &RevokedKey) -> bool {
        let above = self.body().parent.as_ref();
        let above = above.map_or(&[][..], |above| &above.recipients);
        match key {
            RevokedKey::Fingerprint(digits) => digits == self.fingerprint(),
            RevokedKey::Recipient(recipient) => {
                self.body().recipients.contains(recipient) || above.contains(recipient)
            }
        }
    }
}
