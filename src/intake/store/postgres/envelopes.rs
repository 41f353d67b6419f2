//! Envelopes on PostgreSQL once they are stored: listed, fetched, said to be safe at triage, and deleted; and answers to them.

use super::PgIntakeStore;
use crate::store::{EnvelopeName, ListedEnvelope, NewMessage};
use mifeng_foundation::storage::StoreError;
use sqlx::Row as _;

impl PgIntakeStore {
    /// As [`IntakeStore::list`](crate::store::IntakeStore::list); so for each here.
    pub(super) async fn list_of(
        &self,
        addressee: &str,
        only_waiting: bool,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<ListedEnvelope>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, kind, content_sha256, LENGTH(ciphertext)::BIGINT, received_day FROM envelope \
             WHERE addressee = $1 AND id > $2 AND (NOT is_stored OR NOT $3) ORDER BY id LIMIT $4",
        )
        .bind(addressee)
        .bind(after.map(Vec::from).unwrap_or_default())
        .bind(only_waiting)
        .bind(i64::from(limit))
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
            sqlx::query("SELECT COUNT(*) FROM envelope WHERE addressee = $1 AND NOT is_stored")
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
        let row = sqlx::query("SELECT ciphertext FROM envelope WHERE id = $1 AND addressee = $2")
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
        let (ids, contents) = columns(names);
        let done = sqlx::query(
            "UPDATE envelope SET is_stored = TRUE \
             FROM UNNEST($1::BYTEA[], $2::BYTEA[]) AS named (id, content) \
             WHERE envelope.id = named.id AND content_sha256 = named.content \
             AND addressee = $3 AND NOT is_stored",
        )
        .bind(ids)
        .bind(contents)
        .bind(addressee)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    pub(super) async fn delete_stored(
        &self,
        addressee: &str,
        names: &[EnvelopeName],
    ) -> Result<u64, StoreError> {
        let (ids, contents) = columns(names);
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "UPDATE attachment SET state = 'gone', envelope_id = NULL \
             FROM envelope, UNNEST($1::BYTEA[], $2::BYTEA[]) AS named (id, content) \
             WHERE attachment.envelope_id = envelope.id AND envelope.id = named.id \
             AND content_sha256 = named.content AND envelope.addressee = $3",
        )
        .bind(&ids)
        .bind(&contents)
        .bind(addressee)
        .execute(&mut *transaction)
        .await?;
        let gone = sqlx::query(
            "DELETE FROM envelope \
             USING UNNEST($1::BYTEA[], $2::BYTEA[]) AS named (id, content) \
             WHERE envelope.id = named.id AND content_sha256 = named.content AND addressee = $3 \
             RETURNING LENGTH(ciphertext)::BIGINT",
        )
        .bind(ids)
        .bind(contents)
        .bind(addressee)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        for row in &gone {
            self.quota
                .give_back(row.try_get::<i64, _>(0)?.unsigned_abs());
        }
        Ok(gone.len() as u64)
    }

    pub(super) async fn put_message(
        &self,
        addressee: &str,
        message: NewMessage,
    ) -> Result<bool, StoreError> {
        let known =
            sqlx::query("SELECT 1 FROM mailbox WHERE lookup_digest = $1 AND addressee = $2")
                .bind(message.lookup_digest.as_bytes().as_slice())
                .bind(addressee)
                .fetch_optional(&self.pool)
                .await?;
        if known.is_none() {
            return Ok(false);
        }
        let _writing = self.changed.writing();
        sqlx::query(
            "INSERT INTO message (part, id, lookup_digest, ciphertext) \
             SELECT arrival_part, $1, $2, $3 FROM mixing WHERE table_name = 'message' \
             AND NOT EXISTS (SELECT 1 FROM message WHERE id = $1) ON CONFLICT DO NOTHING",
        )
        .bind(message.id.as_slice())
        .bind(message.lookup_digest.as_bytes().as_slice())
        .bind(message.ciphertext)
        .execute(&self.pool)
        .await?;
        Ok(true)
    }
}

fn columns(names: &[EnvelopeName]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    names
        .iter()
        .map(|(id, content)| (id.to_vec(), content.as_bytes().to_vec()))
        .unzip()
}
