//! What an account is opened with: the password's hash, and the member's identity sealed to the key that her password
//! gives.

use super::password::{PasswordError, Passwords, StoredPassword, composed, forms};
use mifeng_foundation::entropy::random_bytes;
use mifeng_opening::{Identity, PASSWORD_SALT_BYTES};
use mifeng_sealing::Recipient;
use zeroize::Zeroizing;

/// A member's key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberKeys {
    /// Whom to seal to for her to open.
    pub recipient: Recipient,
    /// For the key that the password gives.
    pub salt: [u8; PASSWORD_SALT_BYTES],
    /// Her identity, sealed to that key.
    pub sealed_identity: Vec<u8>,
}

/// What an account is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// What a sign-in is checked against.
    pub password: StoredPassword,
    /// Whether she chose it. One that somebody else set is only good for choosing another.
    pub own: bool,
    /// Her key; `None` until she has signed in with a password of her own.
    pub keys: Option<MemberKeys>,
}

impl Credentials {
    /// A password that somebody else set: no key can come of it, since two people know it.
    #[must_use]
    pub fn set_by_another(password: StoredPassword) -> Self {
        Self {
            password,
            own: false,
            keys: None,
        }
    }
}

impl Passwords {
    /// The credentials for a password that its owner chose, with `identity`, which is hers already, or a new one.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn choose(
        &self,
        password: Zeroizing<String>,
        identity: Option<&Identity>,
    ) -> Result<Credentials, PasswordError> {
        let identity = identity.map_or_else(Identity::generate, Clone::clone);
        let keys = self.seal_identity(password.clone(), identity).await?;
        Ok(Credentials {
            password: self.hash(password).await?,
            own: true,
            keys: Some(keys),
        })
    }

    /// The same for a password that was accepted before, whatever is asked of a new one today.
    pub(super) async fn hashed_anew(
        &self,
        password: Zeroizing<String>,
        identity: Option<&Identity>,
    ) -> Result<Credentials, PasswordError> {
        let keys = match identity {
            Some(identity) => Some(
                self.seal_identity(password.clone(), identity.clone())
                    .await?,
            ),
            None => None,
        };
        Ok(Credentials {
            password: self.hash_whatever(composed(&password)).await?,
            own: keys.is_some(),
            keys,
        })
    }

    /// Seals a member's identity to the key that `password` gives with a new salt.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn seal_identity(
        &self,
        password: Zeroizing<String>,
        identity: Identity,
    ) -> Result<MemberKeys, PasswordError> {
        let (salt, password) = (random_bytes(self.entropy()), composed(&password));
        self.bounded(move || {
            let key = Identity::from_password(password.as_bytes(), &salt)
                .map_err(|_| PasswordError::Failed)?;
            let sealed = identity.wrap(&key.recipient());
            Ok(MemberKeys {
                recipient: identity.recipient(),
                salt,
                sealed_identity: sealed.map_err(|_| PasswordError::Failed)?,
            })
        })
        .await
    }

    /// Opens a member's identity with her password, sealed under it composed or as it was typed.
    ///
    /// # Errors
    /// [`PasswordError::Failed`], where the password is another or what is stored is damaged.
    pub async fn open_identity(
        &self,
        password: Zeroizing<String>,
        keys: MemberKeys,
    ) -> Result<Identity, PasswordError> {
        self.bounded(move || {
            for (_, word) in forms(&password) {
                let key = Identity::from_password(word.as_bytes(), &keys.salt);
                let key = key.map_err(|_| PasswordError::Failed)?;
                if let Ok(identity) = key.open_identity(&keys.sealed_identity) {
                    return Ok(identity);
                }
            }
            Err(PasswordError::Failed)
        })
        .await
    }
}
