//! The accounts' store, on both engines.

use super::factor_store::FactorStore;
use super::keys::{Credentials, MemberKeys};
use super::password::StoredPassword;
use super::request_store::RequestStore;
use crate::model::{Member, MemberId};
use crate::staff::Directory;
use crate::store::Rewrap;
use async_trait::async_trait;
use mifeng_foundation::storage::StoreError;

/// Keeps the accounts. [`Directory::members`] lists them.
#[async_trait]
pub trait StaffStore: Directory + FactorStore + RequestStore {
    /// The member with this id.
    ///
    /// # Errors
    /// What the engine says, as for every method here.
    async fn member(&self, id: MemberId) -> Result<Option<Member>, StoreError>;

    /// The member with this login, exactly.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn member_by_login(&self, login: &str) -> Result<Option<Member>, StoreError>;

    /// Adds an account; `false` if the login is taken. Its recipient is that of the credentials.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn add(&self, member: &Member, credentials: &Credentials) -> Result<bool, StoreError>;

    /// Changes an account, and who holds which key because of it, all in one transaction; `false` if there is no such
    /// account, and nothing is done then.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn change(&self, change: &MemberChange) -> Result<bool, StoreError>;

    /// What a member's account is opened with.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn credentials(&self, id: MemberId) -> Result<Option<Credentials>, StoreError>;

    /// Puts other credentials of the same member and the same key in place of those with the hash `old`; `false`, and nothing
    /// is done, if they are others by now.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn hash_anew(
        &self,
        id: MemberId,
        old: &StoredPassword,
        new: &Credentials,
    ) -> Result<bool, StoreError>;

    /// Gives a member who has a password of her own her first key; `false` if she has one by now.
    ///
    /// # Errors
    /// As [`StaffStore::member`].
    async fn add_keys(&self, id: MemberId, keys: &MemberKeys) -> Result<bool, StoreError>;
}

/// A change of an account.
#[derive(Clone, Debug)]
pub struct MemberChange {
    /// The account as it shall be, but for login and recipient, which stay.
    pub member: Member,
    /// Other credentials, with another recipient or none.
    pub credentials: Option<Credentials>,
    /// Who gets and who loses the key of a case by it. Who [reads nothing](Member::is_reader) holds no key afterwards,
    /// whatever this says.
    pub rewraps: Vec<Rewrap>,
}
