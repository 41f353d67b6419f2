//! Who works here, as far as the engine asks: the accounts' store answers.

use crate::model::Member;
use async_trait::async_trait;
use mifeng_foundation::storage::StoreError;

/// Knows every member of the staff.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Every member, active or not.
    ///
    /// # Errors
    /// What the store says.
    async fn members(&self) -> Result<Vec<Member>, StoreError>;
}
