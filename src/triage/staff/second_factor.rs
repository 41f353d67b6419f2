//! The second factor: codes of six digits that change every half minute (RFC 6238), made by a program on the member's own
//! telephone. Its secret is sealed to her identity, which only her password opens: a stolen database gives neither.

use crate::model::MemberId;
use mifeng_foundation::entropy::{Entropy, random_bytes};
use mifeng_opening::Identity;
use mifeng_sealing::{Recipient, seal_bytes};
use sha2::{Digest as _, Sha256};
use std::fmt;
use totp_rs::{Algorithm, Builder, Secret, Totp};
use zeroize::Zeroizing;

/// Length of a secret: that of the hash, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// Digits of a code.
const DIGITS: u8 = 6;

/// How long a code holds, in seconds.
const STEP_S: u64 = 30;

/// Codes before and after the present one that are taken: clocks of telephones go wrong by a little.
const SKEW: u16 = 1;

/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 8;

/// Random bytes of a recovery code: 80 bits, far beyond guessing, so that a plain hash of it is kept.
const RECOVERY_BYTES: usize = 10;

/// A second factor that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the second factor cannot be read")]
pub struct SecondFactorError;

/// A second factor as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFactor {
    /// Sealed to the member: the secret.
    pub sealed: Vec<u8>,
    /// The step of the last code that was taken: neither it nor an earlier one is taken again.
    pub last_step: i64,
}

/// The secret that a telephone and the service share.
pub struct SecondFactor(Totp);

impl SecondFactor {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let bytes = Zeroizing::new(random_bytes::<SECRET_BYTES>(entropy));
        Self::of(bytes.as_slice()).expect("its own length")
    }

    fn of(secret: &[u8]) -> Result<Self, SecondFactorError> {
        if secret.len() != SECRET_BYTES {
            return Err(SecondFactorError);
        }
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP_S)
            .with_skew(SKEW)
            .with_secret(Secret::new(secret.into()))
            .build_noncompliant();
        Ok(Self(totp))
    }

    /// From its secret as it is typed.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub fn parse(typed: &str) -> Result<Self, SecondFactorError> {
        let letters: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .map(|letter| letter.to_ascii_uppercase())
                .collect(),
        );
        let secret = Secret::try_from_base32(letters.as_str()).map_err(|_| SecondFactorError)?;
        Self::of(secret.as_bytes())
    }

    /// Its secret, to be typed into a telephone: groups of four.
    #[must_use]
    pub fn to_typed(&self) -> Zeroizing<String> {
        grouped(&Zeroizing::new(self.0.secret().to_base32()))
    }

    /// What a telephone's camera reads. Neither `issuer` nor `account` may be empty or have a colon, else `None`.
    #[must_use]
    pub fn to_url(&self, issuer: &str, account: &str) -> Option<Zeroizing<String>> {
        let named = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP_S)
            .with_skew(SKEW)
            .with_secret(self.0.secret().clone())
            .with_account_name(account)
            .with_issuer(Some(issuer))
            .build();
        named.ok()?.to_url().ok().map(Zeroizing::new)
    }

    /// The step that `typed` is the code of, if it is one about `now_s` seconds after 1970. Full-width digits and spaces are
    /// read as they are meant.
    #[must_use]
    pub fn step_of(&self, typed: &str, now_s: u64) -> Option<i64> {
        let step = self.0.check(&digits(typed), now_s)?;
        i64::try_from(step).ok()
    }

    /// Seals it to its member.
    ///
    /// # Errors
    /// [`SecondFactorError`] where the age crate refuses.
    pub fn seal(&self, to: &Recipient) -> Result<Vec<u8>, SecondFactorError> {
        let sealed = seal_bytes(self.0.secret().as_bytes(), std::slice::from_ref(to));
        let sealed = sealed.map_err(|_| SecondFactorError)?;
        Ok(sealed.into_bytes())
    }

    /// Opens it with its member's identity.
    ///
    /// # Errors
    /// [`SecondFactorError`].
    pub fn open(sealed: &[u8], with: &Identity) -> Result<Self, SecondFactorError> {
        let bytes = with.open(sealed).map_err(|_| SecondFactorError)?;
        // Behind it stands the padding of spaces.
        Self::of(bytes.get(..SECRET_BYTES).ok_or(SecondFactorError)?)
    }
}

impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecondFactor(..)")
    }
}

/// A code that stands for the telephone once, should that be lost.
pub struct RecoveryCode(Zeroizing<String>);

/// What is kept of one.
pub type RecoveryHash = [u8; 32];

impl RecoveryCode {
    /// A new one.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let bytes = Zeroizing::new(random_bytes::<RECOVERY_BYTES>(entropy));
        Self(Zeroizing::new(hex::encode(*bytes)))
    }

    /// To be written down: groups of four.
    #[must_use]
    pub fn to_typed(&self) -> Zeroizing<String> {
        grouped(&self.0)
    }

    /// What is kept of what was typed; `None` for what is no recovery code.
    #[must_use]
    pub fn hash_of(member: MemberId, typed: &str) -> Option<RecoveryHash> {
        let letters: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|letter| !letter.is_whitespace() && *letter != '-')
                .map(|letter| letter.to_ascii_lowercase())
                .collect(),
        );
        let is_hex = letters.bytes().all(|byte| byte.is_ascii_hexdigit());
        if letters.len() != 2 * RECOVERY_BYTES || !is_hex {
            return None;
        }
        let hash = Sha256::new()
            .chain_update(b"mifeng/recovery-code/1")
            .chain_update(member.0)
            .chain_update(letters.as_bytes());
        Some(hash.finalize().into())
    }
}

fn grouped(letters: &str) -> Zeroizing<String> {
    let mut groups = Zeroizing::new(String::new());
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            groups.push(' ');
        }
        groups.push(letter);
    }
    groups
}

fn digits(typed: &str) -> Zeroizing<String> {
    let digit = |letter: char| match letter {
        '０'..='９' => char::from_u32(u32::from(letter) - u32::from('０') + u32::from('0')),
        _ => Some(letter),
    };
    let kept = typed.chars().filter(|letter| !letter.is_whitespace());
    Zeroizing::new(kept.filter_map(digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_foundation::entropy::SystemEntropy;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let factor = SecondFactor::of(b"12345678901234567890").expect("twenty bytes");
        for (now_s, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            let step = i64::try_from(now_s / STEP_S).expect("small");
            assert_eq!(factor.step_of(code, now_s), Some(step));
            assert_eq!(factor.step_of(code, now_s + STEP_S), Some(step));
            assert_eq!(factor.step_of(code, now_s + 2 * STEP_S), None);
        }
        assert_eq!(factor.step_of(" ２８７ 082", 59), Some(1));
        for wrong in ["", "287083", "87082", "0287082", "28708x"] {
            assert_eq!(factor.step_of(wrong, 59), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_survives_typing_and_sealing() {
        let factor = SecondFactor::generate(&SystemEntropy);
        let typed = factor.to_typed();
        let again = SecondFactor::parse(&typed.to_lowercase()).expect("as written");
        assert_eq!(again.to_typed(), typed);
        let (owner, thief) = (Identity::generate(), Identity::generate());
        let sealed = factor.seal(&owner.recipient()).expect("sealed");
        let opened = SecondFactor::open(&sealed, &owner).expect("hers");
        assert_eq!(opened.to_typed(), typed);
        assert!(SecondFactor::open(&sealed, &thief).is_err());
        assert!(SecondFactor::parse("MZXW 6YTB").is_err());
        let url = factor.to_url("青溪县 Bureau", "wen.yining").expect("named");
        assert!(url.starts_with("otpauth://totp/") && url.contains("wen.yining?secret="));
    }

    #[test]
    fn a_recovery_code_is_read_as_it_was_written() {
        let member = MemberId([1; 16]);
        let code = RecoveryCode::generate(&SystemEntropy).to_typed();
        let hash = RecoveryCode::hash_of(member, &code).expect("a code");
        let typed = code.to_uppercase().replace(' ', "-");
        assert_eq!(RecoveryCode::hash_of(member, &typed), Some(hash));
        assert_ne!(RecoveryCode::hash_of(MemberId([2; 16]), &code), Some(hash));
        assert_eq!(RecoveryCode::hash_of(member, "123456"), None);
    }
}
