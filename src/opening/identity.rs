//! An X25519 identity: an office's, a case's or, in tests, a mailbox's.

use mifeng_sealing::{HeaderError, Recipient, SealError, check_header, seal_key};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use zeroize::Zeroizing;

/// Why something did not open. Never says what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Refused by the look at its header.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Sealed to another key.
    #[error("sealed to another key")]
    WrongKey,
    /// The header or the payload was altered or cut short.
    #[error("the sealed file is damaged or cut short")]
    Damaged,
    /// Opens to more than is ever sealed here.
    #[error("the sealed file is larger than any that is made here")]
    TooLarge,
    /// Text that is no age identity.
    #[error("not an age identity")]
    BadIdentity,
}

/// A private key, kept in memory and wiped when dropped.
#[derive(Clone)]
pub struct Identity(pub(super) age::x25519::Identity);

/// Most plaintext that one file may open to, in bytes: the largest class.
const PLAINTEXT_MAX_BYTES: u64 = 1024 * 1024;

/// How often something was opened.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// How many sealed documents and keys this process has set about opening: what a page costs is measured by it. Files, which
/// are streamed, are not counted.
#[must_use]
pub fn opened_documents() -> u64 {
    OPENED.load(Ordering::Relaxed)
}

impl Identity {
    /// A new identity. (Randomness here is the age crate's own: it takes no generator.)
    #[must_use]
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// Reads `AGE-SECRET-KEY-1…`.
    ///
    /// # Errors
    /// [`OpenError::BadIdentity`].
    pub fn from_secret_text(text: &str) -> Result<Self, OpenError> {
        text.trim()
            .parse()
            .map(Self)
            .map_err(|_| OpenError::BadIdentity)
    }

    /// The identity as `AGE-SECRET-KEY-1…`, to be sealed to someone.
    #[must_use]
    pub fn to_secret_text(&self) -> SecretString {
        self.0.to_string()
    }

    /// Whom to seal to, for this identity to open.
    #[must_use]
    pub fn recipient(&self) -> Recipient {
        self.0
            .to_public()
            .to_string()
            .parse()
            .expect("the age crate writes the recipients that it reads")
    }

    /// Opens a sealed document in memory. What comes back still has its padding of spaces.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        open_with(std::slice::from_ref(self), file)
    }

    /// Opens an identity that was sealed to this one: a case's, wrapped to the office.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_identity(&self, wrapped: &[u8]) -> Result<Self, OpenError> {
        let text = self.open(wrapped)?;
        Self::from_secret_text(std::str::from_utf8(&text).map_err(|_| OpenError::BadIdentity)?)
    }

    /// Seals this identity to `recipient`: a case's to a member, a member's to her password. About 300 bytes.
    ///
    /// # Errors
    /// [`SealError::Failed`] where the age crate refuses.
    pub fn wrap(&self, recipient: &Recipient) -> Result<Vec<u8>, SealError> {
        seal_key(self.to_secret_text().expose_secret().as_bytes(), recipient)
    }

    /// Key material for a purpose other than opening, named by `label`.
    pub(super) fn derive(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let secret = self.0.to_string();
        let mut key = Zeroizing::new([0; 32]);
        hkdf::Hkdf::<sha2::Sha256>::new(None, secret.expose_secret().as_bytes())
            .expand(label, key.as_mut())
            .expect("32 bytes are within HKDF's limit of 255 blocks");
        key
    }
}

/// Opens a sealed document in memory with whichever of `identities` it was sealed to. What comes back still has its padding
/// of spaces.
///
/// # Errors
/// [`OpenError`].
pub fn open_with(identities: &[Identity], file: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    OPENED.fetch_add(1, Ordering::Relaxed);
    check_header(file)?;
    let decryptor = age::Decryptor::new_buffered(file).map_err(map_age_error)?;
    let reader = decryptor
        .decrypt(identities.iter().map(|one| &one.0 as &dyn age::Identity))
        .map_err(map_age_error)?;
    let mut plaintext = Zeroizing::new(Vec::with_capacity(file.len()));
    reader
        .take(PLAINTEXT_MAX_BYTES + 1)
        .read_to_end(&mut plaintext)
        .map_err(|_| OpenError::Damaged)?;
    if plaintext.len() as u64 > PLAINTEXT_MAX_BYTES {
        return Err(OpenError::TooLarge);
    }
    Ok(plaintext)
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(super) fn map_age_error(error: age::DecryptError) -> OpenError {
    match error {
        age::DecryptError::NoMatchingKeys => OpenError::WrongKey,
        _ => OpenError::Damaged,
    }
}
