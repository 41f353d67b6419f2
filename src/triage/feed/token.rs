//! The secret of a calendar's address, and what is stored of it.

use mifeng_foundation::entropy::{Entropy, random_bytes};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const BYTES: usize = 32;

/// What stands in the address: 32 random bytes in hex. Only its hash is kept here.
pub struct FeedToken(Zeroizing<String>);

/// What is stored of it. A plain hash: nobody guesses 256 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedTokenHash(pub [u8; 32]);

impl FeedToken {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let bytes = Zeroizing::new(random_bytes::<BYTES>(entropy));
        Self(Zeroizing::new(hex::encode(bytes.as_slice())))
    }

    /// Reads what stands in an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == 2 * BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then(|| Self(Zeroizing::new(text.to_ascii_lowercase())))
    }

    /// For the address.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// For the store.
    #[must_use]
    pub fn hash(&self) -> FeedTokenHash {
        FeedTokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}
