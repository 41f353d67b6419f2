//! What goes to the office above and is not at intake yet, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use super::rows::CaseId;
use crate::sealing::{EnvelopeKind, LookupDigest};
use crate::storage::{StoreError, hash_from, id_from};
use async_trait::async_trait;
use sqlx::Row as _;

/// An envelope for the office above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassingRow {
    /// Its id at intake. That of a tip is below those of what its reporter wrote since, so that it is taken in first.
    pub id: [u8; 16],
    /// The case it is from.
    pub case: CaseId,
    /// The mailbox, which the office above answers from now on.
    pub mailbox: LookupDigest,
    /// A tip, or what its reporter wrote since.
    pub kind: EnvelopeKind,
    /// Sealed to the office above.
    pub ciphertext: Vec<u8>,
}

/// The part of triage's store that passes on; the rows are written with the change of their case.
#[async_trait]
pub trait PassingStore {
    /// What waits, by mailbox and id; not what is for a mailbox that the last words of this office have not reached.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn queued_passing(&self, limit: u32) -> Result<Vec<PassingRow>, StoreError>;
    /// Notes that intake has it, and forgets the ciphertext.
    async fn mark_passed(&self, ids: &[[u8; 16]]) -> Result<(), StoreError>;
    /// The id at intake of the tip of a case that was passed up.
    async fn passed_tip(&self, case: CaseId) -> Result<Option<[u8; 16]>, StoreError>;
}

macro_rules! passing {
    ($store:ty, $connection:ty) => {
        impl $store {
            pub(super) async fn insert_passing(
                connection: &mut $connection,
                rows: &[PassingRow],
            ) -> Result<(), StoreError> {
                for row in rows {
                    sqlx::query(
                        "INSERT INTO passing (id, case_id, lookup_digest, kind, ciphertext, state)
                         VALUES ($1, $2, $3, $4, $5, 'queued')",
                    )
                    .bind(row.id.as_slice())
                    .bind(row.case.0.as_slice())
                    .bind(row.mailbox.as_bytes().as_slice())
                    .bind(row.kind.code())
                    .bind(row.ciphertext.as_slice())
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }
        }

        #[async_trait]
        impl PassingStore for $store {
            async fn queued_passing(&self, limit: u32) -> Result<Vec<PassingRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT id, case_id, lookup_digest, kind, ciphertext FROM passing
                     WHERE state = 'queued'
                     AND NOT EXISTS (SELECT 1 FROM outgoing
                         WHERE outgoing.lookup_digest = passing.lookup_digest AND outgoing.state = 'queued')
                     ORDER BY lookup_digest, id LIMIT $1",
                )
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let kind: String = row.try_get("kind")?;
                        let mailbox = hash_from(&row.try_get::<Blob, _>("lookup_digest")?)?;
                        Ok(PassingRow {
                            id: id_from(&row.try_get::<Blob, _>("id")?)?,
                            case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                            mailbox: LookupDigest::from_bytes(mailbox),
                            kind: EnvelopeKind::from_code(&kind)
                                .ok_or(StoreError::Damaged("a kind of envelope"))?,
                            ciphertext: row.try_get("ciphertext")?,
                        })
                    })
                    .collect()
            }

            async fn mark_passed(&self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
                let (mut transaction, nothing) = (self.begin().await?, Vec::<u8>::new());
                for id in ids {
                    sqlx::query("UPDATE passing SET state = 'passed', ciphertext = $2 WHERE id = $1")
                        .bind(id.as_slice())
                        .bind(nothing.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }

            async fn passed_tip(&self, case: CaseId) -> Result<Option<[u8; 16]>, StoreError> {
                let row = sqlx::query("SELECT id FROM passing WHERE case_id = $1 AND kind = 'tip'")
                    .bind(case.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| id_from(&row.try_get::<Blob, _>(0)?)).transpose()
            }
        }
    };
}

passing!(SqliteTriageStore, sqlx::SqliteConnection);
passing!(PgTriageStore, sqlx::PgConnection);
