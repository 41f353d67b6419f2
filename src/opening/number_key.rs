//! The key under which cases are numbered. It comes from the office identity, as the key of sketches does, and opens no age
//! file: whoever lacks it can neither tell which envelope has which number, nor how many numbers there are.

use super::Identity;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

const LABEL: &[u8] = b"mifeng/case-number/1";
/// Digits that one hash gives: as many as 128 bits hold without any digit coming more often than another by a trillionth.
pub const NUMBER_DIGITS: usize = 27;

/// Numbers cases.
#[derive(Clone)]
pub struct NumberKey(Zeroizing<[u8; 32]>);

impl NumberKey {
    /// The key of the office whose identity this is.
    #[must_use]
    pub fn derive(office: &Identity) -> Self {
        Self(office.derive(LABEL))
    }

    /// Decimal digits that follow from `content` and the key, each from 0 to 9.
    #[must_use]
    pub fn digits(&self, content: &[u8]) -> [u8; NUMBER_DIGITS] {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes any key length");
        mac.update(content);
        let hash: [u8; 32] = mac.finalize().into_bytes().into();
        let (first, _) = hash.split_at(16);
        let mut rest = u128::from_be_bytes(first.try_into().expect("16 bytes of 32"));
        let mut digits = [0; NUMBER_DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = u8::try_from(rest % 10).expect("below ten");
            rest /= 10;
        }
        digits
    }
}

impl fmt::Debug for NumberKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_and_content_give_the_same_digits_for_good() {
        let key = NumberKey(Zeroizing::new([7; 32]));
        let digits = key.digits(&[9; 32]).map(|digit| char::from(b'0' + digit));
        assert_eq!(
            digits.iter().collect::<String>(),
            "802773768984925003120727133"
        );
        let other = NumberKey(Zeroizing::new([8; 32]));
        assert_ne!(key.digits(&[9; 32]), other.digits(&[9; 32]));
    }
}
