//! Passwords, which are kept as Argon2id hashes only.

use crate::entropy::{Entropy, random_bytes};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Hashes computed at once: each takes 19 MiB, and without a bound a flood of sign-ins takes the machine.
const PERMITS: usize = 2;

/// Shortest password that is accepted, in characters.
const LEAST_CHARACTERS: usize = 10;

/// Longest, so that hashing a body is not a lever.
const MOST_CHARACTERS: usize = 200;

/// A password's hash in PHC form: the only form that is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredPassword(String);

impl StoredPassword {
    /// From a column.
    #[must_use]
    pub fn from_phc(phc: String) -> Self {
        Self(phc)
    }

    /// For a column.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StoredPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredPassword(..)")
    }
}

/// Why a password was not hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Under ten or over two hundred characters.
    #[error("the password is too short or too long")]
    Length,
    /// The hash could not be computed.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes and checks passwords, off the event loop and two at a time.
pub struct Passwords {
    permits: Semaphore,
    entropy: Arc<dyn Entropy>,
    /// Checked for an unknown login, so that it takes as long as a wrong password.
    decoy: StoredPassword,
}

impl Passwords {
    /// Takes the time of one hash.
    ///
    /// # Errors
    /// [`PasswordError::Failed`] if the machine cannot hash at all.
    pub fn new(entropy: Arc<dyn Entropy>) -> Result<Self, PasswordError> {
        let decoy = hash(&random_bytes::<32>(&*entropy), random_bytes(&*entropy))?;
        Ok(Self {
            permits: Semaphore::new(PERMITS),
            entropy,
            decoy,
        })
    }

    /// The hash to store for a new password.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<StoredPassword, PasswordError> {
        if !(LEAST_CHARACTERS..=MOST_CHARACTERS).contains(&password.chars().count()) {
            return Err(PasswordError::Length);
        }
        let salt = random_bytes(&*self.entropy);
        self.bounded(move || hash(password.as_bytes(), salt)).await
    }

    /// Does what takes Argon2's time and memory, off the event loop and no more than a few at once.
    pub(super) async fn bounded<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = self.permits.acquire().await;
        let _permit = permit.map_err(|_| PasswordError::Failed)?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| PasswordError::Failed)?
    }

    pub(super) fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// Whether `password` is the one stored; takes as long where nothing is stored.
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        stored: Option<StoredPassword>,
    ) -> bool {
        if password.chars().count() > MOST_CHARACTERS {
            return false;
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.clone());
        let matches = self.bounded(move || {
            let phc = PasswordHash::new(stored.as_phc()).map_err(|_| PasswordError::Failed)?;
            let verified = Argon2::default().verify_password(password.as_bytes(), &phc);
            Ok(verified.is_ok())
        });
        known && matches.await.unwrap_or(false)
    }
}

/// Argon2id with the crate's defaults, which are OWASP's: 19 MiB, two passes, one lane.
fn hash(password: &[u8], salt: [u8; 16]) -> Result<StoredPassword, PasswordError> {
    Argon2::default()
        .hash_password_with_salt(password, &salt)
        .map(|phc: PasswordHash| StoredPassword(phc.to_string()))
        .map_err(|_| PasswordError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_login_passes() {
        let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("argon2 works");
        let word = || Zeroizing::new("correct horse".to_owned());
        let stored = passwords.hash(word()).await.expect("long enough");
        assert!(
            stored
                .as_phc()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        assert!(passwords.verify(word(), Some(stored.clone())).await);
        let wrong = Zeroizing::new("wrong horse".to_owned());
        assert!(!passwords.verify(wrong, Some(stored)).await);
        assert!(!passwords.verify(word(), None).await);
        let short = Zeroizing::new("九个字".to_owned());
        assert_eq!(passwords.hash(short).await, Err(PasswordError::Length));
    }
}
