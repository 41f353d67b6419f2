//! When each mailbox was last opened, as a field that nobody here can read. The statements are the same on both engines, so
//! each is written once.

use super::mixing::Changed;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, hash_from};
use mifeng_sealing::{LookupDigest, OpenedField, OpenedKey};
use sqlx::Row as _;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;

/// What is kept of one mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenedRow {
    /// What its days are encrypted to.
    pub key: OpenedKey,
    /// The day.
    pub field: OpenedField,
}

/// What shall be kept of one mailbox.
#[derive(Clone, Copy, Debug)]
pub struct NewOpened {
    /// The mailbox.
    pub mailbox: LookupDigest,
    /// What its days are encrypted to.
    pub key: OpenedKey,
    /// The day.
    pub field: OpenedField,
    /// What was there: another machine may have written it anew meanwhile, and then that stays,
    pub instead_of: Option<OpenedField>,
    /// unless something is known here that is not known there.
    pub is_news: bool,
}

/// The rows.
#[async_trait]
pub trait OpenedRows: Send + Sync {
    /// That of one mailbox, if it has one yet.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn one(&self, mailbox: LookupDigest) -> Result<Option<OpenedRow>, StoreError>;
    /// Mailboxes after `after`, at most `limit`, in the order of their digests, each with its row if it has one.
    async fn page(
        &self,
        after: Option<LookupDigest>,
        limit: u32,
    ) -> Result<Vec<(LookupDigest, Option<OpenedRow>)>, StoreError>;
    /// Writes rows of mailboxes that are there, in one transaction.
    async fn write(&self, rows: &[NewOpened]) -> Result<(), StoreError>;
    /// How many mailboxes there are.
    async fn count(&self) -> Result<u64, StoreError>;
}

fn row_of(key: Option<Vec<u8>>, field: Option<Vec<u8>>) -> Result<Option<OpenedRow>, StoreError> {
    let (Some(key), Some(field)) = (key, field) else {
        return Ok(None);
    };
    let damaged = || StoreError::Damaged("the day of an opening");
    Ok(Some(OpenedRow {
        key: OpenedKey::from_bytes(hash_from(&key)?).ok_or_else(damaged)?,
        field: OpenedField::from_bytes(&field).ok_or_else(damaged)?,
    }))
}

/// Writes the row of a mailbox that has one.
const UPDATE: &str = "UPDATE opened SET opened_key = $2, field = $3
                      WHERE lookup_digest = $1 AND (field = $4 OR $5 = 1)";

macro_rules! opened_rows {
    ($(#[$doc:meta])* $rows:ident, $pool:ty, $begin:literal, $limit:ty, $insert:literal) => {
        $(#[$doc])*
        pub struct $rows {
            pool: $pool,
            changed: Changed,
        }

        impl $rows {
            pub(super) fn new(pool: $pool, changed: Changed) -> Self {
                Self { pool, changed }
            }
        }

        #[async_trait]
        impl OpenedRows for $rows {
            async fn one(&self, mailbox: LookupDigest) -> Result<Option<OpenedRow>, StoreError> {
                let row = sqlx::query("SELECT opened_key, field FROM opened WHERE lookup_digest = $1")
                    .bind(mailbox.as_bytes().as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                match row {
                    Some(row) => row_of(row.try_get(0)?, row.try_get(1)?),
                    None => Ok(None),
                }
            }

            async fn page(
                &self,
                after: Option<LookupDigest>,
                limit: u32,
            ) -> Result<Vec<(LookupDigest, Option<OpenedRow>)>, StoreError> {
                let after = after.map(|digest| digest.as_bytes().to_vec());
                let rows = sqlx::query(
                    "SELECT mailbox.lookup_digest, opened_key, field FROM mailbox
                     LEFT JOIN opened ON opened.lookup_digest = mailbox.lookup_digest
                     WHERE mailbox.lookup_digest > $1 ORDER BY mailbox.lookup_digest LIMIT $2",
                )
                .bind(after.unwrap_or_default())
                .bind(<$limit>::from(limit))
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let digest: Vec<u8> = row.try_get(0)?;
                        let digest = LookupDigest::from_bytes(hash_from(&digest)?);
                        Ok((digest, row_of(row.try_get(1)?, row.try_get(2)?)?))
                    })
                    .collect()
            }

            async fn write(&self, rows: &[NewOpened]) -> Result<(), StoreError> {
                let _writing = self.changed.writing();
                let mut transaction = self.pool.begin_with($begin).await?;
                for row in rows {
                    let mut written = 0;
                    // Once more where another machine began the row in between.
                    for begins in [false, true, false] {
                        if written > 0 {
                            break;
                        }
                        let query = sqlx::query(if begins { $insert } else { UPDATE })
                            .bind(row.mailbox.as_bytes().as_slice())
                            .bind(row.key.as_bytes().as_slice())
                            .bind(row.field.to_bytes());
                        let query = if begins {
                            query
                        } else {
                            query
                                .bind(row.instead_of.map(|field| field.to_bytes()))
                                .bind(i64::from(row.is_news))
                        };
                        written = query.execute(&mut *transaction).await?.rows_affected();
                    }
                }
                transaction.commit().await?;
                Ok(())
            }

            async fn count(&self) -> Result<u64, StoreError> {
                let row = sqlx::query("SELECT COUNT(*) FROM mailbox").fetch_one(&self.pool).await?;
                Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
            }
        }
    };
}

opened_rows!(
    /// The rows in SQLite.
    SqliteOpenedRows, SqlitePool, "BEGIN IMMEDIATE", i64,
    "INSERT INTO opened (lookup_digest, opened_key, field)
     SELECT lookup_digest, $2, $3 FROM mailbox WHERE lookup_digest = $1
     ON CONFLICT DO NOTHING"
);
opened_rows!(
    /// The rows in PostgreSQL.
    PgOpenedRows, PgPool, "BEGIN", i64,
    "INSERT INTO opened (part, lookup_digest, opened_key, field)
     SELECT arrival_part, lookup_digest, $2, $3 FROM mailbox, mixing WHERE table_name = 'opened' AND lookup_digest = $1
     AND NOT EXISTS (SELECT 1 FROM opened WHERE lookup_digest = $1)
     ON CONFLICT DO NOTHING"
);
