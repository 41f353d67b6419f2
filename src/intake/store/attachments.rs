//! Rows of the files that go with envelopes. The statements are the same on both engines, so each is written once.

use super::mixing::Changed;
use super::quota::Quota;
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::{PgPool, Postgres, QueryBuilder, Row as _, Sqlite, SqlitePool};
use std::collections::HashSet;

/// A file's random id.
pub type AttachmentId = [u8; 16];

/// A file that no envelope names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclaimed {
    /// Its id.
    pub id: AttachmentId,
    /// The day it came.
    pub arrived_day: Day,
    /// Its sealed length; 0 while it arrives.
    pub size_bytes: u64,
}

/// The rows of the files. Every write is durable when it returns.
#[async_trait]
pub trait AttachmentRows: Send + Sync {
    /// Notes a file that begins to arrive for `addressee`.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn begin(&self, id: AttachmentId, addressee: &str, day: Day) -> Result<(), StoreError>;

    /// Notes that a file is whole. `false` if it was swept meanwhile.
    async fn complete(&self, id: AttachmentId, size_bytes: u64) -> Result<bool, StoreError>;

    /// Those of `ids` that are ready for an envelope to `addressee`, in no order.
    async fn ready(
        &self,
        addressee: &str,
        ids: &[AttachmentId],
    ) -> Result<HashSet<AttachmentId>, StoreError>;

    /// Marks a file that no envelope names as one to delete; `false` if one does by now.
    async fn condemn(&self, id: AttachmentId) -> Result<bool, StoreError>;

    /// Files that no envelope names.
    async fn unclaimed(&self) -> Result<Vec<Unclaimed>, StoreError>;

    /// Files to delete.
    async fn gone(&self) -> Result<Vec<AttachmentId>, StoreError>;

    /// Forgets files that were deleted.
    async fn forget(&self, ids: &[AttachmentId]) -> Result<(), StoreError>;

    /// Ids and lengths of the files that an envelope of `addressee` names.
    async fn of_envelope(
        &self,
        addressee: &str,
        envelope: [u8; 16],
    ) -> Result<Vec<(AttachmentId, u64)>, StoreError>;

    /// Counts the files' bytes anew: other machines over the same database take files in too.
    async fn count_anew(&self) -> Result<(), StoreError>;

    /// How much may be held.
    fn quota(&self) -> &Quota;
}

macro_rules! rows {
    ($(#[$doc:meta])* $name:ident, $engine:ty, $pool:ty, $insert:literal, $after_deletion:expr) => {
        $(#[$doc])*
        pub struct $name {
            pool: $pool,
            quota: Quota,
            changed: Changed,
        }

        impl $name {
            /// Over an open database. `quota` is told the sum of the files' lengths.
            pub(super) async fn open(
                pool: $pool,
                quota: Quota,
                changed: Changed,
            ) -> Result<Self, StoreError> {
                let rows = Self { pool, quota, changed };
                rows.count().await?;
                Ok(rows)
            }

            /// Counts the files' bytes anew.
            pub(super) async fn count(&self) -> Result<(), StoreError> {
                let row = sqlx::query("SELECT CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT) FROM attachment")
                    .fetch_one(&self.pool)
                    .await?;
                let bytes = row.try_get::<i64, _>(0)?.unsigned_abs();
                self.quota.counted_files(bytes);
                Ok(())
            }
        }

        #[async_trait]
        impl AttachmentRows for $name {
            async fn begin(&self, id: AttachmentId, addressee: &str, day: Day) -> Result<(), StoreError> {
                let _writing = self.changed.writing();
                sqlx::query($insert)
                .bind(id.as_slice())
                .bind(addressee)
                .bind(i64::from(day.number()))
                .execute(&self.pool)
                .await?;
                Ok(())
            }

            async fn complete(&self, id: AttachmentId, size_bytes: u64) -> Result<bool, StoreError> {
                let _writing = self.changed.writing();
                let done = sqlx::query(
                    "UPDATE attachment SET state = 'ready', size_bytes = $1 WHERE id = $2 AND state = 'arriving'",
                )
                .bind(i64::try_from(size_bytes).unwrap_or(i64::MAX))
                .bind(id.as_slice())
                .execute(&self.pool)
                .await?;
                self.count().await?;
                Ok(done.rows_affected() == 1)
            }

            async fn ready(
                &self,
                addressee: &str,
                ids: &[AttachmentId],
            ) -> Result<HashSet<AttachmentId>, StoreError> {
                if ids.is_empty() {
                    return Ok(HashSet::new());
                }
                let mut sql = QueryBuilder::<$engine>::new(
                    "SELECT id FROM attachment WHERE state = 'ready' AND addressee = ",
                );
                sql.push_bind(addressee).push(" AND id IN (");
                let mut list = sql.separated(", ");
                for id in ids {
                    list.push_bind(id.as_slice());
                }
                sql.push(")");
                let rows = sql.build().fetch_all(&self.pool).await?;
                rows.iter().map(|row| id_from(row.try_get(0)?)).collect()
            }

            async fn condemn(&self, id: AttachmentId) -> Result<bool, StoreError> {
                let _writing = self.changed.writing();
                let done = sqlx::query(
                    "UPDATE attachment SET state = 'gone' WHERE id = $1 AND state IN ('arriving', 'ready')",
                )
                .bind(id.as_slice())
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn unclaimed(&self) -> Result<Vec<Unclaimed>, StoreError> {
                let rows = sqlx::query(
                    "SELECT id, arrived_day, size_bytes FROM attachment WHERE state IN ('arriving', 'ready')",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let day = i32::try_from(row.try_get::<i64, _>(1)?).ok();
                        let day = day.and_then(|day| Day::from_number(day).ok());
                        Ok(Unclaimed {
                            id: id_from(row.try_get(0)?)?,
                            arrived_day: day.ok_or(StoreError::Damaged("a day beyond the calendar"))?,
                            size_bytes: row.try_get::<i64, _>(2)?.unsigned_abs(),
                        })
                    })
                    .collect()
            }

            async fn gone(&self) -> Result<Vec<AttachmentId>, StoreError> {
                let rows = sqlx::query("SELECT id FROM attachment WHERE state = 'gone'")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter().map(|row| id_from(row.try_get(0)?)).collect()
            }

            async fn forget(&self, ids: &[AttachmentId]) -> Result<(), StoreError> {
                let _writing = self.changed.writing();
                let mut deleted = 0;
                for id in ids {
                    let done = sqlx::query("DELETE FROM attachment WHERE id = $1 AND state = 'gone'")
                        .bind(id.as_slice())
                        .execute(&self.pool)
                        .await?;
                    deleted += done.rows_affected();
                }
                let after: Option<&'static str> = $after_deletion;
                if deleted > 0 && let Some(statement) = after {
                    sqlx::query(statement).execute(&self.pool).await?;
                }
                self.count().await
            }

            async fn of_envelope(
                &self,
                addressee: &str,
                envelope: [u8; 16],
            ) -> Result<Vec<(AttachmentId, u64)>, StoreError> {
                let rows = sqlx::query(
                    "SELECT id, size_bytes FROM attachment
                     WHERE envelope_id = $1 AND addressee = $2 AND state = 'claimed' ORDER BY id",
                )
                .bind(envelope.as_slice())
                .bind(addressee)
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| Ok((id_from(row.try_get(0)?)?, row.try_get::<i64, _>(1)?.unsigned_abs())))
                    .collect()
            }

            async fn count_anew(&self) -> Result<(), StoreError> {
                self.count().await
            }

            fn quota(&self) -> &Quota {
                &self.quota
            }
        }
    };
}

rows!(
    /// The rows in SQLite.
    SqliteAttachmentRows,
    Sqlite,
    SqlitePool,
    "INSERT INTO attachment (id, addressee, state, size_bytes, arrived_day) VALUES ($1, $2, 'arriving', 0, $3)",
    // As after a release: deleted rows would otherwise stay in the WAL.
    Some("PRAGMA wal_checkpoint(TRUNCATE)")
);
rows!(
    /// The rows in PostgreSQL.
    PgAttachmentRows,
    Postgres,
    PgPool,
    "INSERT INTO attachment (part, id, addressee, state, size_bytes, arrived_day)
     SELECT arrival_part, $1, $2, 'arriving', 0, $3 FROM mixing WHERE table_name = 'attachment'",
    None
);
