//! Second factors and recovery codes at rest, on both engines.

use super::engines::{PgStaffStore, SqliteStaffStore};
use super::second_factor::{RecoveryHash, StoredFactor};
use crate::model::MemberId;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// The part of the accounts' store that keeps second factors.
#[async_trait]
pub trait FactorStore {
    /// A member's second factor.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn second_factor(&self, id: MemberId) -> Result<Option<StoredFactor>, StoreError>;
    /// Who has one.
    async fn second_factors(&self) -> Result<Vec<MemberId>, StoreError>;
    /// Gives a member a second factor with its recovery codes, in place of an earlier one, all in one transaction.
    async fn set_second_factor(
        &self,
        id: MemberId,
        factor: &StoredFactor,
        recovery: &[RecoveryHash],
    ) -> Result<(), StoreError>;
    /// Takes the code of `step`. `false` if it or a later one was taken before: of two at once, one is.
    async fn use_step(&self, id: MemberId, step: i64) -> Result<bool, StoreError>;
    /// Takes a recovery code, once.
    async fn use_recovery(&self, id: MemberId, code: RecoveryHash) -> Result<bool, StoreError>;
    /// Takes a second factor away with its recovery codes; `false` if there is none.
    async fn remove_second_factor(&self, id: MemberId) -> Result<bool, StoreError>;
}

macro_rules! factors {
    ($store:ty, $connection:ty) => {
        impl $store {
            /// Takes a second factor away within the caller's transaction: it opens with a key that is no more.
            pub(super) async fn forget_factor(
                connection: &mut $connection,
                id: MemberId,
            ) -> Result<bool, StoreError> {
                sqlx::query("DELETE FROM recovery_code WHERE member_id = $1")
                    .bind(id.0.as_slice())
                    .execute(&mut *connection)
                    .await?;
                let done = sqlx::query("DELETE FROM second_factor WHERE member_id = $1")
                    .bind(id.0.as_slice())
                    .execute(&mut *connection)
                    .await?;
                Ok(done.rows_affected() == 1)
            }
        }

        #[async_trait]
        impl FactorStore for $store {
            async fn second_factor(&self, id: MemberId) -> Result<Option<StoredFactor>, StoreError> {
                let row = sqlx::query("SELECT sealed, last_step FROM second_factor WHERE member_id = $1")
                    .bind(id.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| {
                    Ok(StoredFactor {
                        sealed: row.try_get(0)?,
                        last_step: row.try_get(1)?,
                    })
                })
                .transpose()
            }

            async fn second_factors(&self) -> Result<Vec<MemberId>, StoreError> {
                let rows = sqlx::query("SELECT member_id FROM second_factor")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| Ok(MemberId(id_from(&row.try_get::<Vec<u8>, _>(0)?)?)))
                    .collect()
            }

            async fn set_second_factor(
                &self,
                id: MemberId,
                factor: &StoredFactor,
                recovery: &[RecoveryHash],
            ) -> Result<(), StoreError> {
                let mut transaction = self.pool.begin().await?;
                Self::forget_factor(&mut transaction, id).await?;
                sqlx::query("INSERT INTO second_factor (member_id, sealed, last_step) VALUES ($1, $2, $3)")
                    .bind(id.0.as_slice())
                    .bind(factor.sealed.as_slice())
                    .bind(factor.last_step)
                    .execute(&mut *transaction)
                    .await?;
                for code in recovery {
                    sqlx::query("INSERT INTO recovery_code (member_id, code_sha256) VALUES ($1, $2)")
                        .bind(id.0.as_slice())
                        .bind(code.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }

            async fn use_step(&self, id: MemberId, step: i64) -> Result<bool, StoreError> {
                let done = sqlx::query("UPDATE second_factor SET last_step = $2 WHERE member_id = $1 AND last_step < $2")
                    .bind(id.0.as_slice())
                    .bind(step)
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn use_recovery(&self, id: MemberId, code: RecoveryHash) -> Result<bool, StoreError> {
                let done = sqlx::query("DELETE FROM recovery_code WHERE member_id = $1 AND code_sha256 = $2")
                    .bind(id.0.as_slice())
                    .bind(code.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn remove_second_factor(&self, id: MemberId) -> Result<bool, StoreError> {
                let mut transaction = self.pool.begin().await?;
                let removed = Self::forget_factor(&mut transaction, id).await?;
                transaction.commit().await?;
                Ok(removed)
            }
        }
    };
}

factors!(SqliteStaffStore, sqlx::SqliteConnection);
factors!(PgStaffStore, sqlx::PgConnection);
