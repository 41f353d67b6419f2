//! Rows of the files that go with tips and additions, on both engines.

use super::AttachmentRow;
use super::engines::{PgTriageStore, SqliteTriageStore};
use crate::model::CaseId;
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::ContentHash;
use sqlx::Row as _;

/// Where a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentState {
    /// At intake still.
    Waiting,
    /// Here, sealed to its case.
    Stored,
    /// Named by its tip, and not at intake.
    Missing,
    /// It came, and is not what its tip says, or does not open.
    Damaged,
}

impl AttachmentState {
    /// The word stored, and the end of its key of words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Stored => "stored",
            Self::Missing => "missing",
            Self::Damaged => "damaged",
        }
    }

    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Stored, Self::Missing, Self::Damaged];

    pub(super) fn from_code(code: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or(StoreError::Damaged("a file's state is unknown"))
    }
}

/// A file that intake holds still.
#[derive(Clone, Debug)]
pub struct WaitingAttachment {
    /// Its row.
    pub row: AttachmentRow,
    /// Its envelope's id at intake.
    pub envelope_id: [u8; 16],
    /// The day its envelope came.
    pub received_day: Day,
}

/// The files' part of triage's store.
#[async_trait]
pub trait AttachmentStore {
    /// The files of a case, in order.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn attachments(&self, case: CaseId) -> Result<Vec<AttachmentRow>, StoreError>;

    /// Files that intake holds still.
    async fn waiting_attachments(&self) -> Result<Vec<WaitingAttachment>, StoreError>;

    /// Those of `hashes` whose envelopes wait for a file.
    async fn incomplete(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError>;

    /// Notes where a file is. Its envelope counts as stored from now on, so that the next backup holds the file too
    /// before intake may delete it.
    async fn mark_attachment(
        &self,
        id: [u8; 16],
        content: ContentHash,
        state: AttachmentState,
    ) -> Result<(), StoreError>;
}

macro_rules! attachments {
    ($store:ty, $row:ty, $connection:ty) => {
        impl $store {
            pub(super) async fn insert_attachments(
                connection: &mut $connection,
                attachments: &[AttachmentRow],
            ) -> Result<(), StoreError> {
                for (sequence, file) in (1_i64..).zip(attachments) {
                    sqlx::query(
                        "INSERT INTO attachment (id, intake_id, content_sha256, case_id, tip_id, sequence, state, sealed)
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    )
                    .bind(file.id.as_slice())
                    .bind(file.intake_id.as_slice())
                    .bind(file.content.as_bytes().as_slice())
                    .bind(file.case.0.as_slice())
                    .bind(file.tip.as_slice())
                    .bind(sequence)
                    .bind(file.state.code())
                    .bind(file.sealed.as_slice())
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }

            /// Notes where a file is, in whose table `statement` says.
            pub(super) async fn mark_file(
                &self,
                statement: &'static str,
                id: [u8; 16],
                content: ContentHash,
                state: AttachmentState,
            ) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                sqlx::query(statement)
                    .bind(state.code())
                    .bind(id.as_slice())
                    .execute(&mut *transaction)
                    .await?;
                sqlx::query(
                    "UPDATE envelope SET stored_batch = (SELECT batch FROM backup_mark WHERE id = 1)
                     WHERE content_sha256 = $1",
                )
                .bind(content.as_bytes().as_slice())
                .execute(&mut *transaction)
                .await?;
                Ok(transaction.commit().await?)
            }

            pub(super) fn attachment_row(row: &$row) -> Result<AttachmentRow, StoreError> {
                Ok(AttachmentRow {
                    id: id_from(row.try_get("id")?)?,
                    intake_id: id_from(row.try_get("intake_id")?)?,
                    content: ContentHash::from_bytes(hash_from(row.try_get("content_sha256")?)?),
                    case: CaseId(id_from(row.try_get("case_id")?)?),
                    tip: id_from(row.try_get("tip_id")?)?,
                    state: AttachmentState::from_code(row.try_get("state")?)?,
                    sealed: row.try_get("sealed")?,
                })
            }
        }

        #[async_trait]
        impl AttachmentStore for $store {
            async fn attachments(&self, case: CaseId) -> Result<Vec<AttachmentRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT attachment.* FROM attachment JOIN envelope USING (content_sha256)
                     WHERE case_id = $1 ORDER BY received_day, content_sha256, sequence",
                )
                .bind(case.0.as_slice())
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::attachment_row).collect()
            }

            async fn waiting_attachments(&self) -> Result<Vec<WaitingAttachment>, StoreError> {
                let rows = sqlx::query(
                    "SELECT attachment.*, envelope.intake_id AS envelope_id, received_day
                     FROM attachment JOIN envelope USING (content_sha256)
                     WHERE attachment.state = 'waiting' ORDER BY attachment.id",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        Ok(WaitingAttachment {
                            row: Self::attachment_row(row)?,
                            envelope_id: id_from(row.try_get("envelope_id")?)?,
                            received_day: super::day_from(row.try_get("received_day")?)?,
                        })
                    })
                    .collect()
            }

            async fn incomplete(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError> {
                let mut incomplete = Vec::new();
                for hash in hashes {
                    let row = sqlx::query(
                        "SELECT 1 FROM attachment WHERE content_sha256 = $1 AND state = 'waiting'
                         UNION ALL
                         SELECT 1 FROM kept_file WHERE content_sha256 = $1 AND state = 'waiting' LIMIT 1",
                    )
                    .bind(hash.as_bytes().as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                    incomplete.extend(row.map(|_| *hash));
                }
                Ok(incomplete)
            }

            async fn mark_attachment(
                &self,
                id: [u8; 16],
                content: ContentHash,
                state: AttachmentState,
            ) -> Result<(), StoreError> {
                let statement = "UPDATE attachment SET state = $1 WHERE id = $2";
                self.mark_file(statement, id, content, state).await
            }
        }
    };
}

attachments!(
    SqliteTriageStore,
    sqlx::sqlite::SqliteRow,
    sqlx::SqliteConnection
);
attachments!(PgTriageStore, sqlx::postgres::PgRow, sqlx::PgConnection);
