//! The one place that draws randomness. Everything else takes an [`Entropy`] as a parameter, so that
//! a test can repeat itself and a review knows where to look.

use rand::rngs::SysRng;
use rand::{CryptoRng, Rng, TryCryptoRng, TryRng};
use std::convert::Infallible;

/// A source of bytes nobody can guess.
pub trait Entropy: Send + Sync {
    /// Fills `buffer`.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        SysRng
            .try_fill_bytes(buffer)
            .expect("a host whose system generator fails must not go on making keys and codes");
    }
}

/// Sixteen random bytes: the form of every row's key, so that no order of arrival is on disk.
#[must_use]
pub fn random_id(entropy: &dyn Entropy) -> [u8; 16] {
    random_bytes(entropy)
}

/// The id that `text` names in 32 hex digits.
#[must_use]
pub fn parse_id(text: &str) -> Option<[u8; 16]> {
    let mut id = [0; 16];
    hex::decode_to_slice(text, &mut id).ok()?;
    Some(id)
}

/// `N` random bytes.
#[must_use]
pub fn random_bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// Lends an [`Entropy`] to an interface that wants a `rand` generator.
pub struct AsRng<'a>(pub &'a dyn Entropy);

impl TryRng for AsRng<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(random_bytes(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(random_bytes(self.0)))
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl TryCryptoRng for AsRng<'_> {}

const _: fn() = || {
    fn is_crypto<R: CryptoRng + Rng>() {}
    is_crypto::<AsRng<'static>>();
};
