//! Envelopes, tips, changes and answers in the store. The statements are the same on SQLite and PostgreSQL (numbered
//! parameters, `ON CONFLICT`, `RETURNING`), so each is written once.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::many_tips::TIPS_AT_ONCE;
use super::message_rows::{HistoryRow, MessageRow, OutgoingRow, OutgoingState};
use super::reading::{Blob, optional_id};
use super::rows::{CaseRow, Change, DeadlineRow, NewTip, StoredEnvelope, StoredTip, TipRow};
use super::{TipStored, TriageStore};
use crate::model::CaseId;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::{ContentHash, LookupDigest};
use sqlx::Row as _;

/// Envelopes that are asked for in one statement.
const ASKED_AT_ONCE: usize = 256;

macro_rules! engine {
    ($name:ident) => {
        #[async_trait]
        impl TriageStore for $name {
            async fn known(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError> {
                let mut connection = self.pool.acquire().await?;
                let mut known = Vec::new();
                for some in hashes.chunks(ASKED_AT_ONCE) {
                    for hash in Self::known_of(&mut connection, some).await? {
                        known.push(ContentHash::from_bytes(hash_from(&hash)?));
                    }
                }
                Ok(known)
            }

            async fn store_tip(&self, new: &NewTip) -> Result<TipStored, StoreError> {
                let mut transaction = self.begin().await?;
                let stored = Self::insert_new(&mut transaction, new).await?;
                if matches!(stored, TipStored::New(_)) {
                    transaction.commit().await?;
                }
                Ok(stored)
            }

            async fn store_tips(&self, new: &[NewTip]) -> Result<Option<Vec<String>>, StoreError> {
                let mut transaction = self.begin().await?;
                for some in new.chunks(TIPS_AT_ONCE) {
                    if !Self::insert_many(&mut transaction, some).await? {
                        return Ok(None);
                    }
                }
                transaction.commit().await?;
                let numbers = new.iter().map(|one| one.numbers.first().cloned());
                Ok(numbers.collect())
            }

            async fn store_reply(&self, envelope: &StoredEnvelope, change: &Change) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                // Itself, if it was in quarantine, is no other.
                let repeated = sqlx::query("SELECT 1 FROM envelope WHERE intake_id = $1 AND content_sha256 <> $2")
                    .bind(envelope.intake_id.as_slice())
                    .bind(envelope.content.as_bytes().as_slice())
                    .fetch_optional(&mut *transaction)
                    .await?
                    .is_some();
                if !Self::take_envelope(&mut transaction, envelope).await? {
                    return Ok(false);
                }
                let repeated = match &change.reply {
                    Some(reply) => !Self::insert_reply_id(&mut transaction, change.case.id, reply).await?,
                    None => repeated,
                };
                if repeated {
                    transaction.commit().await?;
                    return Ok(false);
                }
                if !Self::apply(&mut transaction, change).await? {
                    return Err(StoreError::Damaged("a case changed under its only writer"));
                }
                transaction.commit().await?;
                Ok(true)
            }

            async fn releasable(
                &self,
                only_backed_up: bool,
                limit: u32,
            ) -> Result<Vec<(ContentHash, [u8; 16])>, StoreError> {
                // Without the policy everything is old enough: no period is ever below zero.
                let rows = sqlx::query(
                    "SELECT content_sha256, intake_id FROM envelope
                     WHERE released = 0 AND ($1 = 0 OR stored_batch <= (SELECT safe FROM backup_mark WHERE id = 1))
                     AND NOT EXISTS (SELECT 1 FROM attachment
                         WHERE attachment.content_sha256 = envelope.content_sha256 AND attachment.state = 'waiting')
                     AND NOT EXISTS (SELECT 1 FROM kept_file
                         WHERE kept_file.content_sha256 = envelope.content_sha256 AND kept_file.state = 'waiting')
                     LIMIT $2",
                )
                .bind(i64::from(only_backed_up))
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let hash = hash_from(&row.try_get::<Blob, _>(0)?)?;
                        Ok((ContentHash::from_bytes(hash), id_from(&row.try_get::<Blob, _>(1)?)?))
                    })
                    .collect()
            }

            async fn mark_released(&self, hashes: &[ContentHash]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for hash in hashes {
                    sqlx::query("UPDATE envelope SET released = 1 WHERE content_sha256 = $1")
                        .bind(hash.as_bytes().as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }

            async fn begin_backup(&self) -> Result<i64, StoreError> {
                let row = sqlx::query("UPDATE backup_mark SET batch = batch + 1 WHERE id = 1 RETURNING batch - 1")
                    .fetch_one(&self.pool)
                    .await?;
                Ok(row.try_get(0)?)
            }

            async fn mark_backup(&self, period: i64) -> Result<(), StoreError> {
                sqlx::query("UPDATE backup_mark SET safe = $1 WHERE id = 1 AND safe < $1 AND batch > $1")
                    .bind(period)
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }

            async fn cases(&self) -> Result<Vec<CaseRow>, StoreError> {
                let rows = sqlx::query("SELECT * FROM cases").fetch_all(&self.pool).await?;
                rows.iter().map(Self::case_row).collect()
            }

            async fn tips(&self, case: Option<CaseId>) -> Result<Vec<TipRow>, StoreError> {
                let rows = match &case {
                    Some(case) => sqlx::query("SELECT * FROM tip WHERE case_id = $1").bind(case.0.as_slice()),
                    None => sqlx::query("SELECT * FROM tip"),
                };
                rows.fetch_all(&self.pool).await?.iter().map(Self::tip_row).collect()
            }

            async fn deadlines(&self, case: Option<CaseId>) -> Result<Vec<DeadlineRow>, StoreError> {
                let rows = match &case {
                    Some(case) => sqlx::query("SELECT * FROM clock WHERE case_id = $1").bind(case.0.as_slice()),
                    None => sqlx::query("SELECT * FROM clock"),
                };
                rows.fetch_all(&self.pool).await?.iter().map(Self::deadline_row).collect()
            }

            async fn messages(&self, case: CaseId) -> Result<Vec<(MessageRow, bool)>, StoreError> {
                let rows = sqlx::query(
                    "SELECT message.*, (SELECT COUNT(*) FROM outgoing
                         WHERE message_id = message.id AND outgoing.state <> 'posted') AS waiting
                     FROM message WHERE case_id = $1 ORDER BY sequence",
                )
                .bind(case.0.as_slice())
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::message_row).collect()
            }

            async fn history(&self, case: CaseId) -> Result<Vec<HistoryRow>, StoreError> {
                let rows = sqlx::query("SELECT id, day, sealed FROM history WHERE case_id = $1 ORDER BY sequence")
                    .bind(case.0.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter().map(Self::history_row).collect()
            }

            async fn tip_of_mailbox(&self, mailbox: LookupDigest) -> Result<Option<StoredTip>, StoreError> {
                let row = sqlx::query("SELECT id, case_id FROM tip WHERE lookup_digest = $1")
                    .bind(mailbox.as_bytes().as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| {
                    Ok(StoredTip {
                        id: id_from(&row.try_get::<Blob, _>(0)?)?,
                        case: CaseId(id_from(&row.try_get::<Blob, _>(1)?)?),
                    })
                })
                .transpose()
            }

            async fn outgoing_count(&self, tip: [u8; 16]) -> Result<u32, StoreError> {
                let row = sqlx::query("SELECT COUNT(*) FROM outgoing WHERE tip_id = $1")
                    .bind(tip.as_slice())
                    .fetch_one(&self.pool)
                    .await?;
                u32::try_from(row.try_get::<i64, _>(0)?).map_err(|_| StoreError::Damaged("a count is out of range"))
            }

            async fn undelivered(&self, case: CaseId) -> Result<u32, StoreError> {
                let row = sqlx::query(
                    "SELECT COUNT(*) FROM outgoing JOIN tip ON tip.id = outgoing.tip_id
                     WHERE tip.case_id = $1 AND outgoing.state = 'queued'",
                )
                .bind(case.0.as_slice())
                .fetch_one(&self.pool)
                .await?;
                u32::try_from(row.try_get::<i64, _>(0)?).map_err(|_| StoreError::Damaged("a count is out of range"))
            }

            async fn change(&self, change: &Change) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                if !Self::apply(&mut transaction, change).await? {
                    return Ok(false);
                }
                transaction.commit().await?;
                Ok(true)
            }

            async fn replace_sketch(&self, tip: [u8; 16], sketch: &[u8]) -> Result<(), StoreError> {
                sqlx::query("UPDATE tip SET sketch = $1 WHERE id = $2")
                    .bind(sketch)
                    .bind(tip.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }

            async fn queued_messages(&self, limit: u32) -> Result<Vec<OutgoingRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT id, message_id, tip_id, lookup_digest, ciphertext FROM outgoing
                     WHERE state = 'queued'
                     AND NOT EXISTS (SELECT 1 FROM opening
                         WHERE opening.lookup_digest = outgoing.lookup_digest AND opening.state = 'queued')
                     ORDER BY id LIMIT $1",
                )
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let mailbox = hash_from(&row.try_get::<Blob, _>("lookup_digest")?)?;
                        Ok(OutgoingRow {
                            id: id_from(&row.try_get::<Blob, _>("id")?)?,
                            message: optional_id(row.try_get("message_id")?)?,
                            tip: id_from(&row.try_get::<Blob, _>("tip_id")?)?,
                            mailbox: LookupDigest::from_bytes(mailbox),
                            ciphertext: row.try_get("ciphertext")?,
                        })
                    })
                    .collect()
            }

            async fn mark_messages(&self, ids: &[[u8; 16]], state: OutgoingState) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for id in ids {
                    sqlx::query("UPDATE outgoing SET state = $1 WHERE id = $2")
                        .bind(state.code())
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }
        }
    };
}

engine!(SqliteTriageStore);
engine!(PgTriageStore);
