//! Envelopes on SQLite once they are stored: listed, fetched, said to be safe at triage, and deleted; and answers to them.

use super::SqliteIntakeStore;
use crate::store::{EnvelopeName, ListedEnvelope, NewMessage};
use mifeng_foundation::storage::StoreError;
use sqlx::Row as _;
use sqlx::sqlite::SqliteExecutor;

/// Envelopes' ciphertext held, in bytes.
pub(in crate::store) async fn held_bytes(
    connection: impl SqliteExecutor<'_>,
) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT COALESCE(SUM(LENGTH(ciphertext)), 0) FROM envelope")
        .fetch_one(connection)
        .await?;
    Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
}

impl SqliteIntakeStore {
    /// As [`IntakeStore::list`](crate::store::IntakeStore::list); so for each here.
    pub(super) async fn list_of(
        &self,
        addressee: &str,
        only_waiting: bool,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<ListedEnvelope>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, kind, content_sha256, LENGTH(ciphertext), received_day FROM envelope \
             WHERE addressee = ? AND id > ? AND (is_stored = 0 OR NOT ?) ORDER BY id LIMIT ?",
        )
        .bind(addressee)
        .bind(after.map(Vec::from).unwrap_or_default())
        .bind(only_waiting)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                ListedEnvelope::from_columns(
                    row.try_get(0)?,
                    row.try_get(1)?,
                    row.try_get(2)?,
                    row.try_get(3)?,
                    row.try_get(4)?,
                )
            })
            .collect()
    }

    pub(super) async fn waiting_for(&self, addressee: &str) -> Result<u64, StoreError> {
        let row =
            sqlx::query("SELECT COUNT(*) FROM envelope WHERE addressee = ? AND is_stored = 0")
                .bind(addressee)
                .fetch_one(&self.pool)
                .await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    pub(super) async fn ciphertext_of(
        &self,
        addressee: &str,
        id: [u8; 16],
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT ciphertext FROM envelope WHERE id = ? AND addressee = ?")
            .bind(id.as_slice())
            .bind(addressee)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    pub(super) async fn mark_stored(
        &self,
        addressee: &str,
        names: &[EnvelopeName],
    ) -> Result<u64, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut changed = 0;
        for (id, content) in names {
            let done = sqlx::query(
                "UPDATE envelope SET is_stored = 1 \
                 WHERE id = ? AND content_sha256 = ? AND addressee = ? AND is_stored = 0",
            )
            .bind(id.as_slice())
            .bind(content.as_bytes().as_slice())
            .bind(addressee)
            .execute(&mut *transaction)
            .await?;
            changed += done.rows_affected();
        }
        transaction.commit().await?;
        Ok(changed)
    }

    pub(super) async fn delete_stored(
        &self,
        addressee: &str,
        names: &[EnvelopeName],
    ) -> Result<u64, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let (mut changed, mut freed_bytes) = (0, 0);
        for (id, content) in names {
            sqlx::query(
                "UPDATE attachment SET state = 'gone', envelope_id = NULL WHERE envelope_id = \
                 (SELECT id FROM envelope WHERE id = ? AND content_sha256 = ? AND addressee = ?)",
            )
            .bind(id.as_slice())
            .bind(content.as_bytes().as_slice())
            .bind(addressee)
            .execute(&mut *transaction)
            .await?;
            let gone = sqlx::query(
                "DELETE FROM envelope WHERE id = ? AND content_sha256 = ? AND addressee = ? \
                 RETURNING LENGTH(ciphertext)",
            )
            .bind(id.as_slice())
            .bind(content.as_bytes().as_slice())
            .bind(addressee)
            .fetch_optional(&mut *transaction)
            .await?;
            if let Some(row) = gone {
                changed += 1;
                freed_bytes += row.try_get::<i64, _>(0)?.unsigned_abs();
            }
        }
        transaction.commit().await?;
        self.quota.give_back(freed_bytes);
        if changed > 0 {
            // Deleted bytes would otherwise stay in the journal.
            self.journal.empty_soon().await?;
        }
        Ok(changed)
    }

    pub(super) async fn put_message(
        &self,
        addressee: &str,
        message: NewMessage,
    ) -> Result<bool, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let known = sqlx::query("SELECT 1 FROM mailbox WHERE lookup_digest = ? AND addressee = ?")
            .bind(message.lookup_digest.as_bytes().as_slice())
            .bind(addressee)
            .fetch_optional(&mut *transaction)
            .await?;
        if known.is_none() {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO message (id, lookup_digest, ciphertext) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(message.id.as_slice())
        .bind(message.lookup_digest.as_bytes().as_slice())
        .bind(message.ciphertext)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }
}
