//! Both engines. The statements are the same on SQLite and PostgreSQL (numbered parameters, `ON CONFLICT`,
//! `RETURNING`), so each is written once; how a writing transaction begins is not.

use super::rows::{
    CaseId, CaseRow, Change, ClockRow, HistoryRow, KeptFileRow, MessageRow, NewTip, OutgoingRow,
    OutgoingState, QuarantineRow, StoredEnvelope, StoredTip, TipRow,
};
use super::{TipStored, TriageStore, day_from};
use crate::sealing::{ContentHash, LookupDigest};
use crate::storage::{StoreError, hash_from, id_from};
use crate::triage::cases::CaseState;
use crate::triage::deadlines::Rung;
use crate::triage::staff::MemberId;
use async_trait::async_trait;
use jiff::civil::Date;
use sqlx::{PgPool, Row as _, SqlitePool};

type Blob = Vec<u8>;

fn year_of(date: Date) -> i64 {
    i64::from(date.year())
}

fn optional_id(bytes: Option<Blob>) -> Result<Option<[u8; 16]>, StoreError> {
    bytes.map(|bytes| id_from(&bytes)).transpose()
}

macro_rules! engine {
    ($(#[$doc:meta])* $name:ident, $pool:ty, $row:ty, $connection:ty, $begin:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub(super) pool: $pool,
        }

        impl $name {
            /// Over a pool whose schema is up to date.
            #[must_use]
            pub fn new(pool: $pool) -> Self {
                Self { pool }
            }

            pub(super) async fn begin(&self) -> Result<sqlx::Transaction<'_, <$row as sqlx::Row>::Database>, StoreError> {
                Ok(self.pool.begin_with($begin).await?)
            }

            async fn insert_envelope(
                connection: &mut $connection,
                envelope: &StoredEnvelope,
                state: &'static str,
            ) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "INSERT INTO envelope (content_sha256, intake_id, received_day, state, released, stored_batch)
                     SELECT $1, $2, $3, $4, 0, batch FROM backup_mark WHERE id = 1
                     ON CONFLICT (content_sha256) DO NOTHING",
                )
                .bind(envelope.content.as_bytes().as_slice())
                .bind(envelope.intake_id.as_slice())
                .bind(i64::from(envelope.received_day.number()))
                .bind(state)
                .execute(connection)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn insert_clocks(connection: &mut $connection, clocks: &[ClockRow]) -> Result<(), StoreError> {
                for clock in clocks {
                    sqlx::query(
                        "INSERT INTO clock (id, case_id, rule_id, start_day, due_day, provisional, met_day)
                         VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    )
                    .bind(clock.id.as_slice())
                    .bind(clock.case.0.as_slice())
                    .bind(clock.rule.as_str())
                    .bind(i64::from(clock.start_day.number()))
                    .bind(i64::from(clock.due_day.number()))
                    .bind(i64::from(clock.provisional))
                    .bind(clock.met_day.map(|day| i64::from(day.number())))
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }

            async fn insert_history(
                connection: &mut $connection,
                case: CaseId,
                history: &[HistoryRow],
            ) -> Result<(), StoreError> {
                for line in history {
                    sqlx::query(
                        "INSERT INTO history (id, case_id, sequence, day, sealed)
                         SELECT $1, $2, COALESCE(MAX(sequence), 0) + 1, $3, $4 FROM history WHERE case_id = $2",
                    )
                    .bind(line.id.as_slice())
                    .bind(case.0.as_slice())
                    .bind(i64::from(line.day.number()))
                    .bind(line.sealed.as_slice())
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }

            async fn insert_messages(connection: &mut $connection, messages: &[MessageRow]) -> Result<(), StoreError> {
                for message in messages {
                    sqlx::query(
                        "INSERT INTO message (id, tip_id, case_id, sequence, from_reporter, day, sealed)
                         SELECT $1, $2, $3, COALESCE(MAX(sequence), 0) + 1, $4, $5, $6 FROM message WHERE case_id = $3",
                    )
                    .bind(message.id.as_slice())
                    .bind(message.tip.as_slice())
                    .bind(message.case.0.as_slice())
                    .bind(i64::from(message.from_reporter))
                    .bind(i64::from(message.day.number()))
                    .bind(message.sealed.as_slice())
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }

            async fn insert_outgoing(connection: &mut $connection, outgoing: &[OutgoingRow]) -> Result<(), StoreError> {
                for message in outgoing {
                    sqlx::query(
                        "INSERT INTO outgoing (id, message_id, tip_id, lookup_digest, ciphertext, state)
                         VALUES ($1, $2, $3, $4, $5, 'queued')",
                    )
                    .bind(message.id.as_slice())
                    .bind(message.message.as_ref().map(<[u8; 16]>::as_slice))
                    .bind(message.tip.as_slice())
                    .bind(message.mailbox.as_bytes().as_slice())
                    .bind(message.ciphertext.as_slice())
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }

            async fn insert_mail(
                connection: &mut $connection,
                day: i32,
                mail: &[([u8; 16], MemberId)],
            ) -> Result<(), StoreError> {
                for (id, member) in mail {
                    sqlx::query("INSERT INTO mail_outbox (id, member_id, day, attempts) VALUES ($1, $2, $3, 0)")
                        .bind(id.as_slice())
                        .bind(member.0.as_slice())
                        .bind(i64::from(day))
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(())
            }

            async fn insert_case(connection: &mut $connection, case: &CaseRow) -> Result<String, StoreError> {
                let year = year_of(case.opened_day.date());
                let row = sqlx::query(
                    "INSERT INTO counter (year, next) VALUES ($1, 2)
                     ON CONFLICT (year) DO UPDATE SET next = counter.next + 1 RETURNING next",
                )
                .bind(year)
                .fetch_one(&mut *connection)
                .await?;
                let next: i64 = row.try_get(0)?;
                let number = format!("{year}-{:04}", next - 1);
                sqlx::query(
                    "INSERT INTO cases (id, number, state, handler_id, opened_day, changed_day, version, recipient,
                         wrapped_identity, card)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                )
                .bind(case.id.0.as_slice())
                .bind(number.as_str())
                .bind(case.state.code())
                .bind(case.handler.as_ref().map(|id| id.0.as_slice()))
                .bind(i64::from(case.opened_day.number()))
                .bind(i64::from(case.changed_day.number()))
                .bind(case.version)
                .bind(case.recipient.as_str())
                .bind(case.wrapped_identity.as_slice())
                .bind(case.card.as_slice())
                .execute(&mut *connection)
                .await?;
                Ok(number)
            }

            async fn apply(connection: &mut $connection, change: &Change) -> Result<bool, StoreError> {
                let case = &change.case;
                let done = sqlx::query(
                    "UPDATE cases SET state = $1, handler_id = $2, changed_day = $3, card = $4, version = version + 1
                     WHERE id = $5 AND version = $6",
                )
                .bind(case.state.code())
                .bind(case.handler.as_ref().map(|id| id.0.as_slice()))
                .bind(i64::from(case.changed_day.number()))
                .bind(case.card.as_slice())
                .bind(case.id.0.as_slice())
                .bind(case.version)
                .execute(&mut *connection)
                .await?;
                if done.rows_affected() != 1 {
                    return Ok(false);
                }
                for (id, day) in &change.met {
                    sqlx::query("UPDATE clock SET met_day = $1 WHERE id = $2 AND met_day IS NULL")
                        .bind(i64::from(day.number()))
                        .bind(id.as_slice())
                        .execute(&mut *connection)
                        .await?;
                }
                Self::insert_clocks(connection, &change.clocks).await?;
                Self::move_clocks(connection, &change.moved).await?;
                Self::insert_history(connection, case.id, &change.history).await?;
                Self::insert_messages(connection, &change.messages).await?;
                Self::insert_outgoing(connection, &change.outgoing).await?;
                Self::insert_mail(connection, case.changed_day.number(), &change.mail).await?;
                Self::insert_attachments(connection, &change.attachments).await?;
                Ok(true)
            }

            fn case_row(row: &$row) -> Result<CaseRow, StoreError> {
                let state: String = row.try_get("state")?;
                Ok(CaseRow {
                    id: CaseId(id_from(&row.try_get::<Blob, _>("id")?)?),
                    number: row.try_get("number")?,
                    state: CaseState::from_code(&state).ok_or(StoreError::Damaged("a case's state is unknown"))?,
                    handler: optional_id(row.try_get("handler_id")?)?.map(MemberId),
                    opened_day: day_from(row.try_get("opened_day")?)?,
                    changed_day: day_from(row.try_get("changed_day")?)?,
                    version: row.try_get("version")?,
                    recipient: row.try_get("recipient")?,
                    wrapped_identity: row.try_get("wrapped_identity")?,
                    card: row.try_get("card")?,
                })
            }

            fn tip_row(row: &$row) -> Result<TipRow, StoreError> {
                Ok(TipRow {
                    id: id_from(&row.try_get::<Blob, _>("id")?)?,
                    case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                    content: ContentHash::from_bytes(hash_from(&row.try_get::<Blob, _>("content_sha256")?)?),
                    received_day: day_from(row.try_get("received_day")?)?,
                    mailbox: LookupDigest::from_bytes(hash_from(&row.try_get::<Blob, _>("lookup_digest")?)?),
                    sealed: row.try_get("sealed")?,
                    sketch: row.try_get("sketch")?,
                })
            }

            fn clock_row(row: &$row) -> Result<ClockRow, StoreError> {
                Ok(ClockRow {
                    id: id_from(&row.try_get::<Blob, _>("id")?)?,
                    case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                    rule: row.try_get("rule_id")?,
                    start_day: day_from(row.try_get("start_day")?)?,
                    due_day: day_from(row.try_get("due_day")?)?,
                    provisional: row.try_get::<i64, _>("provisional")? != 0,
                    met_day: row.try_get::<Option<i64>, _>("met_day")?.map(day_from).transpose()?,
                    extended_days: u16::try_from(row.try_get::<i64, _>("extended_days")?)
                        .map_err(|_| StoreError::Damaged("an extension is out of range"))?,
                    climbed: Rung::from_number(row.try_get("climbed")?)
                        .ok_or(StoreError::Damaged("a clock climbed to nobody known"))?,
                })
            }

            fn message_row(row: &$row) -> Result<(MessageRow, bool), StoreError> {
                Ok((
                    MessageRow {
                        id: id_from(&row.try_get::<Blob, _>("id")?)?,
                        tip: id_from(&row.try_get::<Blob, _>("tip_id")?)?,
                        case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                        from_reporter: row.try_get::<i64, _>("from_reporter")? != 0,
                        day: day_from(row.try_get("day")?)?,
                        sealed: row.try_get("sealed")?,
                    },
                    row.try_get::<i64, _>("waiting")? == 0,
                ))
            }
        }

        #[async_trait]
        impl TriageStore for $name {
            async fn known(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError> {
                let mut connection = self.pool.acquire().await?;
                let mut known = Vec::new();
                for hash in hashes {
                    let row = sqlx::query("SELECT 1 FROM envelope WHERE content_sha256 = $1")
                        .bind(hash.as_bytes().as_slice())
                        .fetch_optional(&mut *connection)
                        .await?;
                    known.extend(row.map(|_| *hash));
                }
                Ok(known)
            }

            async fn store_tip(&self, new: &NewTip) -> Result<TipStored, StoreError> {
                let mut transaction = self.begin().await?;
                if !Self::insert_envelope(&mut transaction, &new.envelope, "opened").await? {
                    return Ok(TipStored::Known);
                }
                let number = Self::insert_case(&mut transaction, &new.case).await?;
                let tip = &new.tip;
                let done = sqlx::query(
                    "INSERT INTO tip (id, case_id, content_sha256, received_day, lookup_digest, sealed, sketch)
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (lookup_digest) DO NOTHING",
                )
                .bind(tip.id.as_slice())
                .bind(tip.case.0.as_slice())
                .bind(tip.content.as_bytes().as_slice())
                .bind(i64::from(tip.received_day.number()))
                .bind(tip.mailbox.as_bytes().as_slice())
                .bind(tip.sealed.as_slice())
                .bind(tip.sketch.as_slice())
                .execute(&mut *transaction)
                .await?;
                if done.rows_affected() == 0 {
                    return Ok(TipStored::MailboxTaken);
                }
                Self::insert_clocks(&mut transaction, &new.clocks).await?;
                Self::insert_history(&mut transaction, new.case.id, &new.history).await?;
                Self::insert_outgoing(&mut transaction, &new.outgoing).await?;
                Self::insert_mail(&mut transaction, new.case.changed_day.number(), &new.mail).await?;
                Self::insert_attachments(&mut transaction, &new.attachments).await?;
                transaction.commit().await?;
                Ok(TipStored::New(number))
            }

            async fn store_reply(&self, envelope: &StoredEnvelope, change: &Change) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                let repeated = sqlx::query("SELECT 1 FROM envelope WHERE intake_id = $1")
                    .bind(envelope.intake_id.as_slice())
                    .fetch_optional(&mut *transaction)
                    .await?
                    .is_some();
                if !Self::insert_envelope(&mut transaction, envelope, "opened").await? {
                    return Ok(false);
                }
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

            async fn store_quarantined(
                &self,
                envelope: &StoredEnvelope,
                row: &QuarantineRow,
                files: &[KeptFileRow],
            ) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                if !Self::insert_envelope(&mut transaction, envelope, "quarantined").await? {
                    return Ok(false);
                }
                sqlx::query(
                    "INSERT INTO quarantine (id, content_sha256, ciphertext, reason, received_day)
                     VALUES ($1, $2, $3, $4, $5)",
                )
                .bind(row.id.as_slice())
                .bind(row.content.as_bytes().as_slice())
                .bind(row.ciphertext.as_slice())
                .bind(row.reason.as_str())
                .bind(i64::from(row.received_day.number()))
                .execute(&mut *transaction)
                .await?;
                Self::insert_kept_files(&mut transaction, files).await?;
                transaction.commit().await?;
                Ok(true)
            }

            async fn quarantined(&self) -> Result<Vec<QuarantineRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT id, content_sha256, CAST(LENGTH(ciphertext) AS BIGINT) AS size_bytes, reason, received_day
                     FROM quarantine ORDER BY received_day, id",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        Ok(QuarantineRow {
                            id: id_from(&row.try_get::<Blob, _>("id")?)?,
                            content: ContentHash::from_bytes(hash_from(&row.try_get::<Blob, _>("content_sha256")?)?),
                            ciphertext: Vec::new(),
                            size_bytes: row.try_get::<i64, _>("size_bytes")?.unsigned_abs(),
                            reason: row.try_get("reason")?,
                            received_day: day_from(row.try_get("received_day")?)?,
                        })
                    })
                    .collect()
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
                let rows = sqlx::query(
                    "SELECT id, number, state, handler_id, opened_day, changed_day, version, recipient,
                         wrapped_identity, card FROM cases",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::case_row).collect()
            }

            async fn tips(&self, case: Option<CaseId>) -> Result<Vec<TipRow>, StoreError> {
                let rows = match &case {
                    Some(case) => sqlx::query("SELECT * FROM tip WHERE case_id = $1").bind(case.0.as_slice()),
                    None => sqlx::query("SELECT * FROM tip"),
                };
                rows.fetch_all(&self.pool).await?.iter().map(Self::tip_row).collect()
            }

            async fn clocks(&self, case: Option<CaseId>) -> Result<Vec<ClockRow>, StoreError> {
                let rows = match &case {
                    Some(case) => sqlx::query("SELECT * FROM clock WHERE case_id = $1").bind(case.0.as_slice()),
                    None => sqlx::query("SELECT * FROM clock"),
                };
                rows.fetch_all(&self.pool).await?.iter().map(Self::clock_row).collect()
            }

            async fn messages(&self, case: Option<CaseId>) -> Result<Vec<(MessageRow, bool)>, StoreError> {
                let rows = match &case {
                    Some(case) => sqlx::query(
                        "SELECT message.*, (SELECT COUNT(*) FROM outgoing
                             WHERE message_id = message.id AND outgoing.state <> 'posted') AS waiting
                         FROM message WHERE case_id = $1 ORDER BY sequence",
                    )
                    .bind(case.0.as_slice()),
                    None => sqlx::query(
                        "SELECT message.*, CAST(0 AS BIGINT) AS waiting FROM message
                         WHERE from_reporter = 1 ORDER BY case_id, sequence",
                    ),
                };
                rows.fetch_all(&self.pool).await?.iter().map(Self::message_row).collect()
            }

            async fn history(&self, case: CaseId) -> Result<Vec<HistoryRow>, StoreError> {
                let rows = sqlx::query("SELECT id, day, sealed FROM history WHERE case_id = $1 ORDER BY sequence")
                    .bind(case.0.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        Ok(HistoryRow {
                            id: id_from(&row.try_get::<Blob, _>("id")?)?,
                            day: day_from(row.try_get("day")?)?,
                            sealed: row.try_get("sealed")?,
                        })
                    })
                    .collect()
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
                     WHERE state = 'queued' ORDER BY id LIMIT $1",
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

            async fn mail_due(&self) -> Result<Vec<([u8; 16], MemberId, u32)>, StoreError> {
                let rows = sqlx::query("SELECT id, member_id, attempts FROM mail_outbox")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        let attempts = u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(u32::MAX);
                        let member = MemberId(id_from(&row.try_get::<Blob, _>("member_id")?)?);
                        Ok((id_from(&row.try_get::<Blob, _>("id")?)?, member, attempts))
                    })
                    .collect()
            }

            async fn mail_sent(&self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for id in ids {
                    sqlx::query("DELETE FROM mail_outbox WHERE id = $1")
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }

            async fn mail_failed(&self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for id in ids {
                    sqlx::query("UPDATE mail_outbox SET attempts = attempts + 1 WHERE id = $1")
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }
        }
    };
}

engine!(
    /// The store in SQLite. A writing transaction takes the write lock at once, so that it never has to be
    /// given up half-way.
    SqliteTriageStore, SqlitePool, sqlx::sqlite::SqliteRow, sqlx::SqliteConnection, "BEGIN IMMEDIATE"
);
engine!(
    /// The store in PostgreSQL.
    PgTriageStore, PgPool, sqlx::postgres::PgRow, sqlx::PgConnection, "BEGIN"
);
