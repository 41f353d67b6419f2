//! Keys that come from the office identity and open no age file: the one under which similarity sketches are
//! sealed, and the one under which what they compare is hashed.

use super::Identity;
use chacha20poly1305::aead::{Aead, AeadInPlace, Payload};
use chacha20poly1305::{Key, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use mifeng_foundation::entropy::{Entropy, random_bytes};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

const SEAL_LABEL: &[u8] = b"mifeng/sketch-seal/1";
const HASH_LABEL: &[u8] = b"mifeng/sketch-hash/1";
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// A sealed sketch that does not open: damaged, or of another row or office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sketch is damaged or belongs to another row")]
pub struct SketchError;

/// Seals rows of fixed size (XChaCha20-Poly1305, the row's id as associated data) and hashes what they compare.
#[derive(Clone)]
pub struct SketchKey {
    seal: Zeroizing<[u8; 32]>,
    hash: Zeroizing<[u8; 32]>,
}

impl SketchKey {
    /// The keys of the office whose identity this is.
    #[must_use]
    pub fn derive(office: &Identity) -> Self {
        Self {
            seal: office.derive(SEAL_LABEL),
            hash: office.derive(HASH_LABEL),
        }
    }

    /// HMAC-SHA256 of `value`, which means nothing to whoever lacks the office identity.
    #[must_use]
    pub fn hash(&self, value: &[u8]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(self.hash.as_slice())
            .expect("HMAC takes any key length");
        mac.update(value);
        mac.finalize().into_bytes().into()
    }

    /// Seals `row` for the row with id `row_id`: nonce, then ciphertext with its tag.
    #[must_use]
    pub fn seal(&self, row_id: &[u8], row: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random_bytes(entropy);
        let ciphertext = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), payload(row_id, row))
            .expect("a row is far below the cipher's limit");
        [nonce.as_slice(), &ciphertext].concat()
    }

    /// What opens rows that [`Self::seal`] made.
    #[must_use]
    pub fn opener(&self) -> SketchOpener {
        SketchOpener {
            cipher: self.cipher(),
            row: Zeroizing::default(),
        }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(Key::from_slice(self.seal.as_slice()))
    }
}

/// Opens one row after another in the same place, which is wiped in the end.
pub struct SketchOpener {
    cipher: XChaCha20Poly1305,
    row: Zeroizing<Vec<u8>>,
}

impl SketchOpener {
    /// Opens what [`SketchKey::seal`] made for the same row.
    ///
    /// # Errors
    /// [`SketchError`].
    pub fn open(&mut self, row_id: &[u8], sealed: &[u8]) -> Result<&[u8], SketchError> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_BYTES).ok_or(SketchError)?;
        let row_bytes = rest.len().checked_sub(TAG_BYTES).ok_or(SketchError)?;
        let (ciphertext, tag) = rest.split_at(row_bytes);
        if self.row.len() != row_bytes {
            // A vector that grows would leave a copy behind that is not wiped.
            self.row = Zeroizing::new(vec![0; row_bytes]);
        }
        self.row.copy_from_slice(ciphertext);
        self.cipher
            .decrypt_in_place_detached(
                XNonce::from_slice(nonce),
                row_id,
                &mut self.row,
                Tag::from_slice(tag),
            )
            .map_err(|_| SketchError)?;
        Ok(&self.row)
    }
}

impl fmt::Debug for SketchOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SketchOpener(..)")
    }
}

fn payload<'a>(row_id: &'a [u8], message: &'a [u8]) -> Payload<'a, 'a> {
    Payload {
        msg: message,
        aad: row_id,
    }
}

impl fmt::Debug for SketchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SketchKey(..)")
    }
}
