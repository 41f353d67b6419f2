//! The office identity at rest: an age identity file under a passphrase, as the stock `age -p` makes one.

use super::identity::{Identity, OpenError};
use age::secrecy::{ExposeSecret, SecretString};
use std::io::{Read, Write};
use zeroize::Zeroizing;

/// The work factor of new files: scrypt with N = 2^16 takes about a fifth of a second and 64 MiB.
const SCRYPT_LOG_N: u8 = 16;

/// The largest work factor read: more would let a planted file stall the unlock.
const SCRYPT_MAX_LOG_N: u8 = 20;

/// Largest identity file that is looked at, in bytes.
const FILE_MAX_BYTES: usize = 16 * 1024;

/// Why the office identity did not unlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfficeKeyError {
    /// Not a file of this kind, or damaged.
    #[error("the office identity file is damaged or of another kind")]
    Damaged,
    /// The passphrase is not the one it was locked with.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Nothing to lock it with.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
}

/// A locked office identity.
#[derive(Clone, Debug)]
pub struct OfficeIdentityFile(Vec<u8>);

impl OfficeIdentityFile {
    /// From the bytes of a file.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to write.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Locks `identity` under `passphrase`.
    ///
    /// # Errors
    /// [`OfficeKeyError::EmptyPassphrase`].
    pub fn lock(identity: &Identity, passphrase: SecretString) -> Result<Self, OfficeKeyError> {
        if passphrase.expose_secret().is_empty() {
            return Err(OfficeKeyError::EmptyPassphrase);
        }
        let mut recipient = age::scrypt::Recipient::new(passphrase);
        recipient.set_work_factor(SCRYPT_LOG_N);
        let encryptor =
            age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
                .map_err(|_| OfficeKeyError::Damaged)?;
        let mut file = Vec::new();
        let text = identity.to_secret_text();
        let written = encryptor.wrap_output(&mut file).and_then(|mut writer| {
            writer.write_all(text.expose_secret().as_bytes())?;
            writer.write_all(b"\n")?;
            writer.finish()
        });
        written.map_err(|_| OfficeKeyError::Damaged)?;
        Ok(Self(file))
    }

    /// Unlocks it. Takes a good part of a second, on purpose: call it off the event loop.
    ///
    /// # Errors
    /// [`OfficeKeyError`].
    pub fn unlock(&self, passphrase: SecretString) -> Result<Identity, OfficeKeyError> {
        if self.0.len() > FILE_MAX_BYTES {
            return Err(OfficeKeyError::Damaged);
        }
        let mut key = age::scrypt::Identity::new(passphrase);
        key.set_max_work_factor(SCRYPT_MAX_LOG_N);
        let decryptor =
            age::Decryptor::new_buffered(self.0.as_slice()).map_err(|_| OfficeKeyError::Damaged)?;
        let mut reader = decryptor
            .decrypt(std::iter::once(&key as &dyn age::Identity))
            .map_err(|error| match error {
                age::DecryptError::DecryptionFailed
                | age::DecryptError::KeyDecryptionFailed
                | age::DecryptError::NoMatchingKeys => OfficeKeyError::WrongPassphrase,
                _ => OfficeKeyError::Damaged,
            })?;
        let mut text = Zeroizing::new(String::new());
        reader
            .read_to_string(&mut text)
            .map_err(|_| OfficeKeyError::Damaged)?;
        text.lines()
            .find(|line| line.starts_with("AGE-SECRET-KEY-"))
            .ok_or(OpenError::BadIdentity)
            .and_then(Identity::from_secret_text)
            .map_err(|_| OfficeKeyError::Damaged)
    }
}
