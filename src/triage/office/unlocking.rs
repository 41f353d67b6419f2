//! Opening the office from a page: by the passphrase, or by so many officers who enter a share each.

use crate::model::MemberId;
use mifeng_opening::{Identity, OfficeIdentityFile, Share, ShareError, join_shares};
use mifeng_sealing::Recipient;
use parking_lot::Mutex;
use secrecy::SecretString;
use tokio::sync::mpsc;

/// Why the office was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// The passphrase is another, or what it or the shares opened is no key of this office.
    #[error("this does not open the office's key")]
    Wrong,
    /// Not a share, or with a slip in it.
    #[error("not a share")]
    NotAShare,
    /// Of another split, or one that was entered before.
    #[error("not a share that goes with those that were entered")]
    Foreign,
}

/// How far entering shares is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// Officers who entered one.
    pub count: usize,
    /// How many are needed; 0 before the first.
    pub needed: usize,
}

/// A locked office, and who waits for its key.
pub struct Unlocking {
    identity_file: OfficeIdentityFile,
    shares_file: Option<Vec<u8>>,
    recipients: Vec<Recipient>,
    entered: Mutex<Vec<(MemberId, Share)>>,
    /// One passphrase is tried at a time: each takes a good part of a second and much memory.
    trying: tokio::sync::Mutex<()>,
    found: mpsc::Sender<Identity>,
}

impl Unlocking {
    /// Of an office that has `recipients`; what is found goes to `found`.
    #[must_use]
    pub fn new(
        identity_file: OfficeIdentityFile,
        shares_file: Option<Vec<u8>>,
        recipients: Vec<Recipient>,
        found: mpsc::Sender<Identity>,
    ) -> Self {
        Self {
            identity_file,
            shares_file,
            recipients,
            entered: Mutex::default(),
            trying: tokio::sync::Mutex::default(),
            found,
        }
    }

    /// Whether there are shares.
    #[must_use]
    pub fn by_shares(&self) -> bool {
        self.shares_file.is_some()
    }

    /// How far entering shares is.
    #[must_use]
    pub fn entered(&self) -> Entered {
        let entered = self.entered.lock();
        Entered {
            count: entered.len(),
            needed: entered.first().map_or(0, |(_, share)| share.needed()),
        }
    }

    /// The office's key, by its passphrase.
    ///
    /// # Errors
    /// [`UnlockError::Wrong`].
    pub async fn by_passphrase(&self, passphrase: SecretString) -> Result<Identity, UnlockError> {
        let _one = self.trying.lock().await;
        let file = self.identity_file.clone();
        let opened = tokio::task::spawn_blocking(move || file.unlock(passphrase)).await;
        let identity = opened.map_err(|_| UnlockError::Wrong)?;
        self.of_this_office(identity.map_err(|_| UnlockError::Wrong)?)
    }

    /// Takes the share of an officer, one each; with the last that is needed comes the office's key.
    ///
    /// # Errors
    /// [`UnlockError`]; shares that opened nothing are forgotten.
    pub fn by_share(
        &self,
        officer: MemberId,
        typed: &str,
    ) -> Result<Option<Identity>, UnlockError> {
        let file = self.shares_file.as_deref().ok_or(UnlockError::NotAShare)?;
        let share = Share::parse(typed).map_err(|_| UnlockError::NotAShare)?;
        let mut entered = self.entered.lock();
        // Another try of the same officer stands for the first.
        entered.retain(|(member, _)| *member != officer);
        if !entered.iter().all(|(_, one)| one.goes_with(&share)) {
            return Err(UnlockError::Foreign);
        }
        entered.push((officer, share));
        let shares: Vec<Share> = entered.iter().map(|(_, share)| share.clone()).collect();
        match join_shares(&shares, file) {
            Err(ShareError::TooFew) => Ok(None),
            opened => {
                entered.clear();
                let identity = opened.map_err(|_| UnlockError::Wrong)?;
                self.of_this_office(identity).map(Some)
            }
        }
    }

    fn of_this_office(&self, identity: Identity) -> Result<Identity, UnlockError> {
        let known = self.recipients.contains(&identity.recipient());
        known.then_some(identity).ok_or(UnlockError::Wrong)
    }

    /// Opens the office, once that is on record.
    pub fn open(&self, identity: Identity) {
        // A second one who is as quick finds the door open already.
        let _ = self.found.try_send(identity);
    }
}
