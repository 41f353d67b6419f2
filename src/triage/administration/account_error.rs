//! Why an account was not changed.

use crate::office::OfficeError;
use mifeng_foundation::storage::StoreError;

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is no such account.
    #[error("there is no such account")]
    Missing,
    /// Nobody closes his own account, gives himself a role or vouches for himself.
    #[error("nobody does this to himself")]
    Oneself,
    /// The login is another's.
    #[error("the login is taken")]
    LoginTaken,
    /// What was typed is not the code of the member's key.
    #[error("not the code of this key")]
    WrongCode,
    /// There is nothing to vouch for: it was done, or she has not chosen a password yet.
    #[error("there is nothing to vouch for")]
    NothingToConfirm,
    /// The role does not do this.
    #[error("the role does not allow this")]
    NotPermitted,
    /// The account was changed since a change of it was asked for, which is void.
    #[error("the account was changed meanwhile")]
    Changed,
    /// A reason is missing or too long.
    #[error("a reason is missing or too long")]
    BadText,
    /// The keys could not be made.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
