//! The keys of manifests: the one that signs, and the one that an intake trusts.

use super::manifest_file::ManifestError;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use mifeng_foundation::entropy::{Entropy, random_bytes};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

const PUBLIC_PREFIX: &str = "mifeng-manifest-key-1:";
const SECRET_PREFIX: &str = "mifeng-manifest-signing-key-1:";

/// The key that an intake trusts for an office, `mifeng-manifest-key-1:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestPublicKey(VerifyingKey);

impl ManifestPublicKey {
    /// The first 128 bits of the key's SHA-256 in hex.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(&Sha256::digest(self.0.as_bytes())[..16])
    }

    /// Whether a signature over `signed` is by this key.
    pub(super) fn holds(&self, signed: &[u8], signature: &Signature) -> bool {
        self.0.verify_strict(signed, signature).is_ok()
    }
}

impl FromStr for ManifestPublicKey {
    type Err = ManifestError;

    fn from_str(text: &str) -> Result<Self, ManifestError> {
        if text.trim().starts_with(SECRET_PREFIX) {
            return Err(ManifestError::SigningKey);
        }
        let bytes = decode_key(text, PUBLIC_PREFIX)?;
        VerifyingKey::from_bytes(&bytes)
            .map(Self)
            .map_err(|_| ManifestError::BadKey)
    }
}

impl fmt::Display for ManifestPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{PUBLIC_PREFIX}{}",
            BASE64_STANDARD.encode(self.0.as_bytes())
        )
    }
}

/// The key that signs manifests. Kept by the office, offline if it can.
pub struct ManifestSigningKey(SigningKey);

impl ManifestSigningKey {
    /// A new key.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let seed = Zeroizing::new(random_bytes::<32>(entropy));
        Self(SigningKey::from_bytes(&seed))
    }

    /// The key to trust.
    #[must_use]
    pub fn public(&self) -> ManifestPublicKey {
        ManifestPublicKey(self.0.verifying_key())
    }

    /// Signs `bytes`.
    pub(super) fn sign(&self, bytes: &[u8]) -> Signature {
        self.0.sign(bytes)
    }

    /// The secret as text, for a file that only its owner can read.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!(
            "{SECRET_PREFIX}{}",
            BASE64_STANDARD.encode(self.0.as_bytes())
        ))
    }

    /// Reads what [`Self::to_secret_text`] wrote.
    ///
    /// # Errors
    /// [`ManifestError::BadKey`].
    pub fn from_secret_text(text: &str) -> Result<Self, ManifestError> {
        let bytes = Zeroizing::new(decode_key(text, SECRET_PREFIX)?);
        Ok(Self(SigningKey::from_bytes(&bytes)))
    }
}

impl fmt::Debug for ManifestSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManifestSigningKey(..)")
    }
}

fn decode_key(text: &str, prefix: &str) -> Result<[u8; 32], ManifestError> {
    text.trim()
        .strip_prefix(prefix)
        .and_then(|base64| BASE64_STANDARD.decode(base64).ok())
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(ManifestError::BadKey)
}
