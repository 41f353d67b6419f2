//! Passwords, which are kept as Argon2id hashes only. A password is hashed in Unicode's composed form (NFC), so that the same
//! letters typed on another keyboard are the same password; one that was hashed as it was typed is accepted still.

use super::common::is_common;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use mifeng_foundation::entropy::{Entropy, random_bytes};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Semaphore;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
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
    /// One of those that are guessed first, or made of the account's own words.
    #[error("the password is too easily guessed")]
    Common,
    /// The hash could not be computed.
    #[error("the password could not be hashed")]
    Failed,
}

/// How a right password was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Composed, as every password is hashed now.
    Composed,
    /// As it was typed, before passwords were composed: to be hashed anew.
    AsTyped,
}

/// Hashes and checks passwords, off the event loop and two at a time.
pub struct Passwords {
    permits: Semaphore,
    entropy: Arc<dyn Entropy>,
    /// Checked for an unknown login, so that it takes as long as a wrong password.
    decoy: StoredPassword,
    /// How many passwords were checked against a hash, the decoy's included.
    checks: Arc<AtomicU64>,
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
            checks: Arc::default(),
        })
    }

    /// The hash to store for a new password. Whether it is a common one is [`Self::check_new`]'s to say.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<StoredPassword, PasswordError> {
        let password = composed(&password);
        check_length(&password)?;
        self.hash_whatever(password).await
    }

    /// The hash of a composed password that was accepted before, whatever is asked of one today.
    pub(super) async fn hash_whatever(
        &self,
        password: Zeroizing<String>,
    ) -> Result<StoredPassword, PasswordError> {
        let salt = random_bytes(&*self.entropy);
        self.bounded(move || hash(password.as_bytes(), salt)).await
    }

    /// Whether a new password may be chosen by an account that has `about` it: login, name, office.
    ///
    /// # Errors
    /// [`PasswordError::Length`], [`PasswordError::Common`].
    pub async fn check_new(
        &self,
        password: &Zeroizing<String>,
        about: &[&str],
    ) -> Result<(), PasswordError> {
        let password = composed(password);
        check_length(&password)?;
        let about: Vec<String> = about.iter().map(|&word| word.to_owned()).collect();
        let common = self.bounded(move || Ok(is_common(&password, &about)));
        if common.await? {
            return Err(PasswordError::Common);
        }
        Ok(())
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

    /// How many passwords were checked against a hash since the start: what a sign-in costs, whoever it is for.
    #[must_use]
    pub fn checks(&self) -> u64 {
        self.checks.load(Ordering::Relaxed)
    }

    /// Whether `password` is the one stored; does the same work where nothing is stored.
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        stored: Option<StoredPassword>,
    ) -> bool {
        self.check(password, stored).await.is_some()
    }

    /// How `password` was hashed, if it is the one stored. How much is hashed depends on what was typed and on nothing else:
    /// one hash, or two where letters were typed in parts; the decoy's where nothing is stored.
    pub async fn check(
        &self,
        password: Zeroizing<String>,
        stored: Option<StoredPassword>,
    ) -> Option<Form> {
        if password.chars().count() > MOST_CHARACTERS {
            return None;
        }
        let is_stored = stored.is_some();
        let against = stored.unwrap_or_else(|| self.decoy.clone());
        let checks = Arc::clone(&self.checks);
        // Nothing is decided before this is done: a future that nobody waits for does no work.
        let form = self.bounded(move || {
            let phc = PasswordHash::new(against.as_phc()).map_err(|_| PasswordError::Failed)?;
            let mut right = None;
            for (form, word) in forms(&password) {
                checks.fetch_add(1, Ordering::Relaxed);
                let verified = Argon2::default().verify_password(word.as_bytes(), &phc);
                right = right.or(verified.is_ok().then_some(form));
            }
            Ok(right)
        });
        let form = form.await.unwrap_or_default();
        form.filter(|_| is_stored)
    }
}

/// A password in the form in which it is hashed.
pub(super) fn composed(password: &Zeroizing<String>) -> Zeroizing<String> {
    // Composing never makes a text longer than three times its bytes: nothing is left behind by a string that grew.
    let mut composed = Zeroizing::new(String::with_capacity(password.len() * 3));
    composed.extend(password.nfc());
    composed
}

/// The forms in which a password may have been hashed, the present one first.
pub(super) fn forms(password: &Zeroizing<String>) -> Vec<(Form, Zeroizing<String>)> {
    let mut forms = vec![(Form::Composed, composed(password))];
    if !is_nfc(password) {
        forms.push((Form::AsTyped, password.clone()));
    }
    forms
}

fn check_length(password: &str) -> Result<(), PasswordError> {
    let fits = (LEAST_CHARACTERS..=MOST_CHARACTERS).contains(&password.chars().count());
    fits.then_some(()).ok_or(PasswordError::Length)
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
    use mifeng_foundation::entropy::SystemEntropy;

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(SystemEntropy)).expect("argon2 works")
    }

    fn word(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_known_login_passes() {
        let passwords = passwords();
        let right = || word("correct horse");
        let stored = passwords.hash(right()).await.expect("long enough");
        assert!(
            stored
                .as_phc()
                .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
        );
        assert!(passwords.verify(right(), Some(stored.clone())).await);
        assert!(!passwords.verify(word("wrong horse"), Some(stored)).await);
        assert!(!passwords.verify(right(), None).await);
        let short = passwords.hash(word("九个字")).await;
        assert_eq!(short, Err(PasswordError::Length));
    }

    #[tokio::test]
    async fn as_much_is_hashed_where_nothing_is_stored() {
        let passwords = passwords();
        let stored = passwords.hash(word("Zürich im Regen")).await.expect("fits");
        for typed in [
            "Zürich im Regen",
            "Zu\u{308}rich im Regen",
            "another password",
            "",
        ] {
            let mut cost = Vec::new();
            for against in [Some(stored.clone()), None] {
                let before = passwords.checks();
                passwords.verify(word(typed), against).await;
                cost.push(passwords.checks() - before);
            }
            assert!(cost[0] > 0 && cost[0] == cost[1], "{typed}: {cost:?}");
        }
    }

    #[tokio::test]
    async fn letters_in_parts_are_the_letters_and_what_was_hashed_so_is_accepted_still() {
        let passwords = passwords();
        let (whole, parts) = ("Zürich im Regen", "Zu\u{308}rich im Regen");
        let stored = passwords.hash(word(parts)).await.expect("fits");
        for typed in [whole, parts] {
            let form = passwords.check(word(typed), Some(stored.clone())).await;
            assert_eq!(form, Some(Form::Composed), "{typed}");
        }
        let older = hash(parts.as_bytes(), [7; 16]).expect("hashed");
        let form = passwords.check(word(parts), Some(older)).await;
        assert_eq!(form, Some(Form::AsTyped));
    }

    #[tokio::test]
    async fn a_common_password_is_not_chosen() {
        let passwords = passwords();
        let about = ["wen.yining", "温以宁", "青溪县教育局"];
        for common in ["password123", "1234567890", "qwertyuiop", "wenyining2026"] {
            let refused = passwords.check_new(&word(common), &about).await;
            assert_eq!(refused, Err(PasswordError::Common), "{common}");
        }
        let fit = word("twelve green bottles");
        assert_eq!(passwords.check_new(&fit, &about).await, Ok(()));
    }
}
