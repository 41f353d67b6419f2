//! Rows of the files that came with envelopes in quarantine, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::{AttachmentState, KeptFileRow};
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::ContentHash;
use sqlx::Row as _;

/// A file of an envelope in quarantine that intake holds still.
#[derive(Clone, Debug)]
pub struct WaitingKeptFile {
    /// Its row.
    pub row: KeptFileRow,
    /// Its envelope's id at intake.
    pub envelope_id: [u8; 16],
    /// The day its envelope came.
    pub received_day: Day,
}

/// The quarantined files' part of triage's store.
#[async_trait]
pub trait KeptFileStore {
    /// Every file that came with an envelope in quarantine.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn kept_files(&self) -> Result<Vec<KeptFileRow>, StoreError>;

    /// Those that intake holds still, of envelopes that are to be kept.
    async fn waiting_kept_files(&self) -> Result<Vec<WaitingKeptFile>, StoreError>;

    /// Notes where a file is; for its envelope as [`super::AttachmentStore::mark_attachment`].
    async fn mark_kept_file(
        &self,
        id: [u8; 16],
        content: ContentHash,
        state: AttachmentState,
    ) -> Result<(), StoreError>;

    /// Under which id a file lies here as it came, if it does.
    async fn kept_file(
        &self,
        content: ContentHash,
        intake_id: [u8; 16],
    ) -> Result<Option<[u8; 16]>, StoreError>;

    /// Files that nobody needs any more as they came: their envelope is discarded, or it opened and they are sealed to its
    /// case.
    async fn surplus_kept_files(&self) -> Result<Vec<[u8; 16]>, StoreError>;

    /// Forgets a file that is deleted.
    async fn forget_kept_file(&self, id: [u8; 16]) -> Result<(), StoreError>;
}

macro_rules! kept_files {
    ($store:ty, $row:ty, $connection:ty) => {
        impl $store {
            pub(super) async fn insert_kept_files(
                connection: &mut $connection,
                files: &[KeptFileRow],
            ) -> Result<(), StoreError> {
                for file in files {
                    sqlx::query(
                        "INSERT INTO kept_file (id, intake_id, content_sha256, size_bytes, state)
                         VALUES ($1, $2, $3, $4, $5)",
                    )
                    .bind(file.id.as_slice())
                    .bind(file.intake_id.as_slice())
                    .bind(file.content.as_bytes().as_slice())
                    .bind(i64::try_from(file.size_bytes).unwrap_or(i64::MAX))
                    .bind(file.state.code())
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }

            fn kept_file_row(row: &$row) -> Result<KeptFileRow, StoreError> {
                Ok(KeptFileRow {
                    id: id_from(row.try_get("id")?)?,
                    intake_id: id_from(row.try_get("intake_id")?)?,
                    content: ContentHash::from_bytes(hash_from(row.try_get("content_sha256")?)?),
                    size_bytes: row.try_get::<i64, _>("size_bytes")?.unsigned_abs(),
                    state: AttachmentState::from_code(row.try_get("state")?)?,
                })
            }
        }

        #[async_trait]
        impl KeptFileStore for $store {
            async fn kept_files(&self) -> Result<Vec<KeptFileRow>, StoreError> {
                let rows = sqlx::query("SELECT * FROM kept_file ORDER BY id")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter().map(Self::kept_file_row).collect()
            }

            async fn waiting_kept_files(&self) -> Result<Vec<WaitingKeptFile>, StoreError> {
                let rows = sqlx::query(
                    "SELECT kept_file.*, envelope.intake_id AS envelope_id, received_day
                     FROM kept_file JOIN envelope USING (content_sha256)
                     WHERE kept_file.state = 'waiting' AND EXISTS (SELECT 1 FROM quarantine
                         WHERE quarantine.content_sha256 = kept_file.content_sha256 AND quarantine.state <> 'discarded')
                     ORDER BY kept_file.id",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        Ok(WaitingKeptFile {
                            row: Self::kept_file_row(row)?,
                            envelope_id: id_from(row.try_get("envelope_id")?)?,
                            received_day: super::day_from(row.try_get("received_day")?)?,
                        })
                    })
                    .collect()
            }

            async fn mark_kept_file(
                &self,
                id: [u8; 16],
                content: ContentHash,
                state: AttachmentState,
            ) -> Result<(), StoreError> {
                let statement = "UPDATE kept_file SET state = $1 WHERE id = $2";
                self.mark_file(statement, id, content, state).await
            }

            async fn kept_file(
                &self,
                content: ContentHash,
                intake_id: [u8; 16],
            ) -> Result<Option<[u8; 16]>, StoreError> {
                let id: Option<Vec<u8>> = sqlx::query_scalar(
                    "SELECT id FROM kept_file WHERE content_sha256 = $1 AND intake_id = $2 AND state = 'stored'",
                )
                .bind(content.as_bytes().as_slice())
                .bind(intake_id.as_slice())
                .fetch_optional(&self.pool)
                .await?;
                id.map(|id| id_from(&id)).transpose()
            }

            async fn surplus_kept_files(&self) -> Result<Vec<[u8; 16]>, StoreError> {
                let ids: Vec<Vec<u8>> = sqlx::query_scalar(
                    "SELECT id FROM kept_file
                     WHERE NOT EXISTS (SELECT 1 FROM quarantine
                         WHERE quarantine.content_sha256 = kept_file.content_sha256 AND quarantine.state <> 'discarded')
                     AND NOT EXISTS (SELECT 1 FROM attachment
                         WHERE attachment.content_sha256 = kept_file.content_sha256
                         AND attachment.intake_id = kept_file.intake_id AND attachment.state = 'waiting')",
                )
                .fetch_all(&self.pool)
                .await?;
                ids.iter().map(|id| id_from(id)).collect()
            }

            async fn forget_kept_file(&self, id: [u8; 16]) -> Result<(), StoreError> {
                sqlx::query("DELETE FROM kept_file WHERE id = $1")
                    .bind(id.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }
        }
    };
}

kept_files!(
    SqliteTriageStore,
    sqlx::sqlite::SqliteRow,
    sqlx::SqliteConnection
);
kept_files!(PgTriageStore, sqlx::postgres::PgRow, sqlx::PgConnection);
