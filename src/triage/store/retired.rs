//! Identities that the office had before, on both engines.

use super::day_from;
use super::engines::{PgTriageStore, SqliteTriageStore};
use crate::model::CaseId;
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreError;
use sqlx::Row as _;

/// An identity that the office had before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetiredKey {
    /// Its age recipient.
    pub recipient: String,
    /// The age recipient that it is sealed to.
    pub wrapped_to: String,
    /// Sealed to that.
    pub wrapped: Vec<u8>,
    /// The day it was replaced.
    pub retired_day: Day,
    /// The last day on which anybody may still seal to it.
    pub sealed_until_day: Day,
}

/// What a reason, sealed to the office, is the reason of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonOf {
    /// Of what was decided on the envelope in quarantine with this id.
    Quarantined([u8; 16]),
    /// Of the version of the routing rules with this id.
    Rules([u8; 16]),
}

/// The part of triage's store that keeps old identities.
#[async_trait]
pub trait RetiredKeyStore {
    /// Every old identity, once for each that it is sealed to.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn retired_keys(&self) -> Result<Vec<RetiredKey>, StoreError>;
    /// Keeps old identities, all or none; one that is kept already stays as it is.
    async fn retire_keys(&self, keys: &[RetiredKey]) -> Result<(), StoreError>;
    /// Destroys an old identity, whatever it is sealed to, and notes under `mark` that the engine's own files are to be wiped.
    async fn destroy_retired(&self, recipient: &str, mark: [u8; 16]) -> Result<(), StoreError>;
    /// Takes away what is sealed to an old identity that is itself sealed to another by now.
    async fn forget_wraps_to(&self, wrapped_to: &str) -> Result<(), StoreError>;
    /// Keeps a reason sealed anew.
    async fn reseal_reason(&self, of: ReasonOf, why: &[u8]) -> Result<(), StoreError>;
    /// Seals the identity of `case` to the office anew, and notes under `mark` that the engine's own files are to be wiped.
    /// The case counts as unchanged.
    async fn rewrap_for_office(
        &self,
        case: CaseId,
        wrapped: &[u8],
        mark: [u8; 16],
    ) -> Result<(), StoreError>;
}

macro_rules! retired {
    ($store:ty, $connection:ty) => {
        impl $store {
            /// Notes that the engine's own files are to be wiped.
            pub(super) async fn mark_journal(
                connection: &mut $connection,
                mark: [u8; 16],
            ) -> Result<(), StoreError> {
                sqlx::query(
                    "INSERT INTO remains (id, kind) VALUES ($1, 'journal') ON CONFLICT (id) DO NOTHING",
                )
                .bind(mark.as_slice())
                .execute(connection)
                .await?;
                Ok(())
            }
        }

        #[async_trait]
        impl RetiredKeyStore for $store {
            async fn retired_keys(&self) -> Result<Vec<RetiredKey>, StoreError> {
                let rows = sqlx::query("SELECT * FROM retired_key ORDER BY retired_day, recipient, wrapped_to")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        Ok(RetiredKey {
                            recipient: row.try_get("recipient")?,
                            wrapped_to: row.try_get("wrapped_to")?,
                            wrapped: row.try_get("wrapped")?,
                            retired_day: day_from(row.try_get("retired_day")?)?,
                            sealed_until_day: day_from(row.try_get("sealed_until_day")?)?,
                        })
                    })
                    .collect()
            }

            async fn retire_keys(&self, keys: &[RetiredKey]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for key in keys {
                    sqlx::query(
                        "INSERT INTO retired_key (recipient, wrapped_to, wrapped, retired_day, sealed_until_day)
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (recipient, wrapped_to) DO NOTHING",
                    )
                    .bind(key.recipient.as_str())
                    .bind(key.wrapped_to.as_str())
                    .bind(key.wrapped.as_slice())
                    .bind(i64::from(key.retired_day.number()))
                    .bind(i64::from(key.sealed_until_day.number()))
                    .execute(&mut *transaction)
                    .await?;
                }
                Ok(transaction.commit().await?)
            }

            async fn destroy_retired(&self, recipient: &str, mark: [u8; 16]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                sqlx::query("DELETE FROM retired_key WHERE recipient = $1")
                    .bind(recipient)
                    .execute(&mut *transaction)
                    .await?;
                Self::mark_journal(&mut transaction, mark).await?;
                Ok(transaction.commit().await?)
            }

            async fn forget_wraps_to(&self, wrapped_to: &str) -> Result<(), StoreError> {
                sqlx::query("DELETE FROM retired_key WHERE wrapped_to = $1")
                    .bind(wrapped_to)
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }

            async fn reseal_reason(&self, of: ReasonOf, why: &[u8]) -> Result<(), StoreError> {
                let (statement, id) = match of {
                    ReasonOf::Quarantined(id) => ("UPDATE quarantine SET why = $1 WHERE id = $2", id),
                    ReasonOf::Rules(id) => ("UPDATE routing_rules SET reason = $1 WHERE id = $2", id),
                };
                sqlx::query(statement)
                    .bind(why)
                    .bind(id.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }

            async fn rewrap_for_office(
                &self,
                case: CaseId,
                wrapped: &[u8],
                mark: [u8; 16],
            ) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                sqlx::query("UPDATE cases SET wrapped_identity = $1 WHERE id = $2")
                    .bind(wrapped)
                    .bind(case.0.as_slice())
                    .execute(&mut *transaction)
                    .await?;
                Self::mark_journal(&mut transaction, mark).await?;
                Ok(transaction.commit().await?)
            }
        }
    };
}

retired!(SqliteTriageStore, sqlx::SqliteConnection);
retired!(PgTriageStore, sqlx::PgConnection);
