//! The day on which a mailbox was last opened, for whoever has its code and for nobody else. The public host has to write it,
//! cannot read it, and must be able to write it anew for all mailboxes without knowing what it says: else one look at the disk
//! before and one after would tell which were opened between.
//!
//! So it is encrypted in the manner of Golle, Jakobsson, Juels and Syverson, "Universal Re-encryption for Mixnets" (2004), over
//! X25519 alone, which browsers have. The code gives a key pair `x`, `P = x·G`, of this purpose only. A digit `v` has a public
//! scalar `c(v)`. What is kept is `A = a·G` and, for each digit of the day, `B = c(v)·a·P`, for a random `a`. Multiplying all by
//! one random number makes a field that cannot be told from a new one, whatever it says, and takes no key. Whoever has `x` tries
//! which `c(v)·x·A` is `B`. Telling two days apart without `x` is the decisional Diffie-Hellman problem.

use super::mailbox::MailboxSecrets;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::{Entropy, random_bytes};
use sha2::{Digest as _, Sha256};
use std::fmt;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

/// Values of a digit of a day.
const BASE: i32 = 32;
/// Digits that are kept: days come again after 1,024, nearly three years.
const DIGITS: usize = 2;
const CYCLE_DAYS: i32 = 1024;

const DIGIT: &[u8] = b"mifeng/opened-digit/1";

/// Length of an [`OpenedField`], in bytes.
pub const OPENED_FIELD_BYTES: usize = 32 * (1 + DIGITS);

/// The public half of what a day is encrypted to. It leads to no message, and seals none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedKey([u8; 32]);

impl OpenedKey {
    /// From the stored bytes; `None` for a point of small order, under which every day would look alike.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Option<Self> {
        let is_point = x25519([1; 32], bytes) != [0; 32];
        is_point.then_some(Self(bytes))
    }

    /// From 64 hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Self::from_bytes(bytes)
    }

    /// A key that nobody has the other half of, for a mailbox that brought none.
    #[must_use]
    pub fn nobodys(entropy: &dyn Entropy) -> Self {
        let secret = Zeroizing::new(random_bytes::<32>(entropy));
        Self(x25519(*secret, X25519_BASEPOINT_BYTES))
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hex.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

/// A day, or none, for whoever has the code. All look alike.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OpenedField([[u8; 32]; 1 + DIGITS]);

impl OpenedField {
    /// That the mailbox of `key` was opened on `day`.
    #[must_use]
    pub fn of(key: &OpenedKey, day: Day, entropy: &dyn Entropy) -> Self {
        let a = Zeroizing::new(random_bytes::<32>(entropy));
        let shared = x25519(*a, key.0);
        let [one, other] = digits_of(day);
        Self([
            x25519(*a, X25519_BASEPOINT_BYTES),
            x25519(scalar(0, one), shared),
            x25519(scalar(1, other), shared),
        ])
    }

    /// That it was not opened yet.
    #[must_use]
    pub fn none(entropy: &dyn Entropy) -> Self {
        Self(std::array::from_fn(|_| {
            *OpenedKey::nobodys(entropy).as_bytes()
        }))
    }

    /// What says the same and cannot be told to. Needs no key.
    #[must_use]
    pub fn anew(&self, entropy: &dyn Entropy) -> Self {
        let by = Zeroizing::new(random_bytes::<32>(entropy));
        Self(self.0.map(|point| x25519(*by, point)))
    }

    /// From the stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; OPENED_FIELD_BYTES] = bytes.try_into().ok()?;
        let (points, _) = bytes.as_chunks::<32>();
        Some(Self(std::array::from_fn(|at| points[at])))
    }

    /// The bytes to store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// Lower-case hex.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.0.concat())
    }
}

impl fmt::Debug for OpenedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedField(..)")
    }
}

impl MailboxSecrets {
    /// What the day of an opening is encrypted to.
    #[must_use]
    pub fn opened_key(&self) -> OpenedKey {
        OpenedKey(x25519(*self.opened_scalar(), X25519_BASEPOINT_BYTES))
    }

    /// The day that `field` says, if it says one: the last such day up to `today`. The work is alike for every field.
    #[must_use]
    pub fn opened_day(&self, field: &OpenedField, today: Day) -> Option<Day> {
        let shared = x25519(*self.opened_scalar(), field.0[0]);
        let digit = |at: u8, point: &[u8; 32]| {
            let mut found = None;
            for value in 0..BASE {
                if x25519(scalar(at, value), shared) == *point {
                    found = Some(value);
                }
            }
            found
        };
        let (one, other) = (digit(0, &field.0[1]), digit(1, &field.0[2]));
        let number = one? + other? * BASE;
        let ago = (today.number() - number).rem_euclid(CYCLE_DAYS);
        Some(today.plus_days(-ago))
    }
}

fn digits_of(day: Day) -> [i32; DIGITS] {
    let number = day.number().rem_euclid(CYCLE_DAYS);
    [number % BASE, number / BASE]
}

/// The public scalar of a digit at a place.
fn scalar(at: u8, value: i32) -> [u8; 32] {
    let value = u8::try_from(value).expect("a digit is below 32");
    Sha256::new_with_prefix(DIGIT)
        .chain_update([at, value])
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PickupCode;
    use mifeng_foundation::entropy::SystemEntropy;

    fn secrets() -> MailboxSecrets {
        MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi")
    }

    #[test]
    fn every_day_of_the_cycle_comes_back_however_often_it_is_written_anew() {
        let today: Day = "2026-11-30".parse().expect("a day");
        let (mine, other) = (secrets(), secrets());
        for ago in (0..CYCLE_DAYS).step_by(31).chain([1, CYCLE_DAYS - 1]) {
            let day = today.plus_days(-ago);
            let mut field = OpenedField::of(&mine.opened_key(), day, &SystemEntropy);
            for _ in 0..3 {
                let next = field.anew(&SystemEntropy);
                assert!(next.0.iter().zip(&field.0).all(|(one, other)| one != other));
                field = OpenedField::from_bytes(&next.to_bytes()).expect("its length");
                assert_eq!(mine.opened_day(&field, today), Some(day));
                assert_eq!(other.opened_day(&field, today), None);
            }
        }
        let none = OpenedField::none(&SystemEntropy).anew(&SystemEntropy);
        assert_eq!(mine.opened_day(&none, today), None);
        assert_eq!(OpenedField::from_bytes(&[0; 95]), None);
    }

    #[test]
    fn points_of_small_order_are_no_keys() {
        for text in [
            "00".repeat(32),
            format!("01{}", "00".repeat(31)),
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800".to_owned(),
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157".to_owned(),
            format!("ec{}7f", "ff".repeat(30)),
            format!("ed{}7f", "ff".repeat(30)),
            format!("ee{}7f", "ff".repeat(30)),
            "00".to_owned(),
        ] {
            assert_eq!(OpenedKey::from_hex(&text), None, "{text}");
        }
        let own = secrets().opened_key();
        assert_eq!(OpenedKey::from_hex(&own.to_hex()), Some(own));
    }
}
