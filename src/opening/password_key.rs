//! The key that a password gives: what a member's own identity is sealed to. So that one is an age file too.

use super::Identity;
use argon2::{Algorithm, Argon2, Params, Version};
use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

/// Bytes of the salt, which is another than that of the hash that a sign-in is checked against.
pub const PASSWORD_SALT_BYTES: usize = 16;

/// Memory in KiB, passes and lanes: OWASP's least for Argon2id. Frozen, since what was sealed must open: other numbers
/// would need a column that says so. More would not help while the hash that is kept for the sign-in costs as much.
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// A password that cannot be made into a key: longer than Argon2 takes, or no memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password gives no key")]
pub struct PasswordKeyError;

impl Identity {
    /// The identity that `password` gives with `salt`: Argon2id, 32 bytes, taken as an X25519 key. Takes some hundredths of
    /// a second and 19 MiB, on purpose: call it off the event loop, and bound how many run at once.
    ///
    /// # Errors
    /// [`PasswordKeyError`].
    pub fn from_password(
        password: &[u8],
        salt: &[u8; PASSWORD_SALT_BYTES],
    ) -> Result<Self, PasswordKeyError> {
        let (memory_kib, passes, lanes) = COST;
        let params =
            Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| PasswordKeyError)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password, salt, key.as_mut_slice())
            .map_err(|_| PasswordKeyError)?;
        Ok(Self::from_bytes(&key))
    }

    /// 32 bytes taken as an X25519 key.
    pub(super) fn from_bytes(key: &[u8; 32]) -> Self {
        let hrp = Hrp::parse("age-secret-key-").expect("a constant");
        let text = bech32::encode_upper::<Bech32>(hrp, key);
        let text = Zeroizing::new(text.expect("32 bytes are within Bech32's limit"));
        Self::from_secret_text(&text).expect("32 bytes in the form of an age identity")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_gives_the_key_that_it_gave_in_the_first_version() {
        let key = |password: &[u8], salt| Identity::from_password(password, &salt).expect("a key");
        let recipient = key(b"twelve green bottles", [7; 16]).recipient();
        assert_eq!(
            recipient.to_string(),
            "age1xfrgae6dhc9xjjclteaqz7vkhx9su07fhj9zl4tmuyc6kymagdtsyjx62k"
        );
        assert_ne!(key(b"twelve green bottles", [8; 16]).recipient(), recipient);
        assert_ne!(key(b"twelve green bottle", [7; 16]).recipient(), recipient);
    }
}
