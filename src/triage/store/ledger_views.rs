//! Filters of the ledger that members save, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use crate::model::MemberId;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// The saved filters' part of triage's store.
#[async_trait]
pub trait LedgerViewStore {
    /// What `member` saved, each with its id, sealed to her; in no order.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn ledger_views(&self, member: MemberId) -> Result<Vec<([u8; 16], Vec<u8>)>, StoreError>;
    /// Keeps one more.
    async fn add_ledger_view(
        &self,
        member: MemberId,
        id: [u8; 16],
        sealed: &[u8],
    ) -> Result<(), StoreError>;
    /// Takes one away. `false` if `member` has none with this id.
    async fn remove_ledger_view(&self, member: MemberId, id: [u8; 16]) -> Result<bool, StoreError>;
}

macro_rules! views {
    ($store:ty) => {
        #[async_trait]
        impl LedgerViewStore for $store {
            async fn ledger_views(
                &self,
                member: MemberId,
            ) -> Result<Vec<([u8; 16], Vec<u8>)>, StoreError> {
                let rows = sqlx::query("SELECT id, sealed FROM ledger_view WHERE member_id = $1")
                    .bind(member.0.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| Ok((id_from(&row.try_get::<Blob, _>(0)?)?, row.try_get(1)?)))
                    .collect()
            }

            async fn add_ledger_view(
                &self,
                member: MemberId,
                id: [u8; 16],
                sealed: &[u8],
            ) -> Result<(), StoreError> {
                let sql = "INSERT INTO ledger_view (id, member_id, sealed) VALUES ($1, $2, $3)";
                sqlx::query(sql)
                    .bind(id.as_slice())
                    .bind(member.0.as_slice())
                    .bind(sealed)
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }

            async fn remove_ledger_view(
                &self,
                member: MemberId,
                id: [u8; 16],
            ) -> Result<bool, StoreError> {
                let done = sqlx::query("DELETE FROM ledger_view WHERE id = $1 AND member_id = $2")
                    .bind(id.as_slice())
                    .bind(member.0.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }
        }
    };
}

views!(SqliteTriageStore);
views!(PgTriageStore);
