//! What goes to the office above and is not at intake yet, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use crate::model::CaseId;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::{EnvelopeKind, LookupDigest};
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
    /// The files that it names. Those that never came are left out when they are read again.
    pub files: Vec<PassingFile>,
}

/// A file that goes with it, and is sealed to the office above on its way to intake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassingFile {
    /// Its id at intake.
    pub id: [u8; 16],
    /// The file here.
    pub attachment: [u8; 16],
}

/// The part of triage's store that passes on; the rows are written with the change of their case.
#[async_trait]
pub trait PassingStore {
    /// What waits, by mailbox and id; not what is for a mailbox that the last words of this office have not reached, or of
    /// which a file is still on its way here.
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
                    for file in &row.files {
                        sqlx::query(
                            "INSERT INTO passing_file (id, passing_id, attachment_id, case_id) VALUES ($1, $2, $3, $4)",
                        )
                        .bind(file.id.as_slice())
                        .bind(row.id.as_slice())
                        .bind(file.attachment.as_slice())
                        .bind(row.case.0.as_slice())
                        .execute(&mut *connection)
                        .await?;
                    }
                }
                Ok(())
            }

            async fn files_of(&self, passing: [u8; 16]) -> Result<Vec<PassingFile>, StoreError> {
                let rows = sqlx::query(
                    "SELECT passing_file.id, attachment_id FROM passing_file
                     JOIN attachment ON attachment.id = attachment_id
                     WHERE passing_id = $1 AND attachment.state = 'stored' ORDER BY passing_file.id",
                )
                .bind(passing.as_slice())
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        Ok(PassingFile {
                            id: id_from(&row.try_get::<Blob, _>(0)?)?,
                            attachment: id_from(&row.try_get::<Blob, _>(1)?)?,
                        })
                    })
                    .collect()
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
                     AND NOT EXISTS (SELECT 1 FROM passing AS other
                         JOIN passing_file ON passing_id = other.id JOIN attachment ON attachment.id = attachment_id
                         WHERE other.lookup_digest = passing.lookup_digest AND other.state = 'queued'
                         AND attachment.state = 'waiting')
                     ORDER BY lookup_digest, id LIMIT $1",
                )
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
                let mut queued = Vec::with_capacity(rows.len());
                for row in &rows {
                    let kind: String = row.try_get("kind")?;
                    let mailbox = hash_from(&row.try_get::<Blob, _>("lookup_digest")?)?;
                    let id = id_from(&row.try_get::<Blob, _>("id")?)?;
                    queued.push(PassingRow {
                        id,
                        case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                        mailbox: LookupDigest::from_bytes(mailbox),
                        kind: EnvelopeKind::from_code(&kind)
                            .ok_or(StoreError::Damaged("a kind of envelope"))?,
                        ciphertext: row.try_get("ciphertext")?,
                        files: self.files_of(id).await?,
                    });
                }
                Ok(queued)
            }

            async fn mark_passed(&self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
                let (mut transaction, nothing) = (self.begin().await?, Vec::<u8>::new());
                for id in ids {
                    sqlx::query("DELETE FROM passing_file WHERE passing_id = $1")
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
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
