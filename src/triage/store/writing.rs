//! What both engines write within a transaction: the statements are the same on SQLite and PostgreSQL.

use super::TipStored;
use super::engines::{PgTriageStore, SqliteTriageStore};
use super::message_rows::{HistoryRow, MessageRow, OutgoingRow};
use super::rows::{CaseRow, Change, DeadlineRow, NewTip, ReplyId, StoredEnvelope};
use crate::model::{CaseId, MemberId};
use mifeng_foundation::storage::StoreError;

macro_rules! writing {
    ($store:ty, $connection:ty) => {
        impl $store {
            pub(super) async fn insert_envelope(
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

            /// Notes an envelope that opens: a new one, or one that comes out of quarantine. `false`, and nothing is done, if
            /// it was stored before, or was taken out or discarded meanwhile.
            pub(super) async fn take_envelope(
                connection: &mut $connection,
                envelope: &StoredEnvelope,
            ) -> Result<bool, StoreError> {
                if envelope.from_quarantine {
                    Self::leave_quarantine(connection, envelope).await
                } else {
                    Self::insert_envelope(connection, envelope, "opened").await
                }
            }

            /// Notes the id of what a reporter said; `false` if it was said before.
            pub(super) async fn insert_reply_id(
                connection: &mut $connection,
                case: CaseId,
                reply: &ReplyId,
            ) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "INSERT INTO reply_id (tip_id, id, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                )
                .bind(reply.tip.as_slice())
                .bind(reply.id.as_slice())
                .bind(case.0.as_slice())
                .execute(connection)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            pub(super) async fn insert_deadlines(connection: &mut $connection, deadlines: &[DeadlineRow]) -> Result<(), StoreError> {
                for deadline in deadlines {
                    sqlx::query(
                        "INSERT INTO clock (id, case_id, rule_id, start_day, due_day, provisional, met_day)
                         VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    )
                    .bind(deadline.id.as_slice())
                    .bind(deadline.case.0.as_slice())
                    .bind(deadline.rule.as_str())
                    .bind(i64::from(deadline.start_day.number()))
                    .bind(i64::from(deadline.due_day.number()))
                    .bind(i64::from(deadline.provisional))
                    .bind(deadline.met_day.map(|day| i64::from(day.number())))
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }

            pub(super) async fn insert_history(
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

            pub(super) async fn insert_messages(connection: &mut $connection, messages: &[MessageRow]) -> Result<(), StoreError> {
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

            pub(super) async fn insert_outgoing(connection: &mut $connection, outgoing: &[OutgoingRow]) -> Result<(), StoreError> {
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

            pub(super) async fn insert_mail(
                connection: &mut $connection,
                case: &CaseRow,
                mail: &[([u8; 16], MemberId)],
            ) -> Result<(), StoreError> {
                for (id, member) in mail {
                    sqlx::query("INSERT INTO mail_outbox (id, member_id, day, attempts, case_id) VALUES ($1, $2, $3, 0, $4)")
                        .bind(id.as_slice())
                        .bind(member.0.as_slice())
                        .bind(i64::from(case.changed_day.number()))
                        .bind(case.id.0.as_slice())
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(())
            }

            /// Stores a case under the first of `numbers` that no other case has.
            pub(super) async fn insert_case(
                connection: &mut $connection,
                case: &CaseRow,
                numbers: &[String],
            ) -> Result<String, StoreError> {
                for number in numbers {
                    let done = sqlx::query(
                        "INSERT INTO cases (id, number, state, handler_id, opened_day, changed_day, version, recipient,
                             wrapped_identity, card)
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (number) DO NOTHING",
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
                    .bind(case.summary.as_slice())
                    .execute(&mut *connection)
                    .await?;
                    if done.rows_affected() == 1 {
                        return Ok(number.clone());
                    }
                }
                Err(StoreError::Damaged("no number is left for a case"))
            }

            /// Writes all of a new tip. What it says but [`TipStored::New`] is to be taken back.
            pub(super) async fn insert_new(connection: &mut $connection, new: &NewTip) -> Result<TipStored, StoreError> {
                if !Self::take_envelope(&mut *connection, &new.envelope).await? {
                    return Ok(TipStored::Known);
                }
                let number = Self::insert_case(&mut *connection, &new.case, &new.numbers).await?;
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
                .execute(&mut *connection)
                .await?;
                if done.rows_affected() == 0 {
                    return Ok(TipStored::MailboxTaken);
                }
                Self::insert_deadlines(&mut *connection, &new.deadlines).await?;
                Self::insert_history(&mut *connection, new.case.id, &new.history).await?;
                Self::insert_outgoing(&mut *connection, &new.outgoing).await?;
                Self::insert_mail(&mut *connection, &new.case, &new.mail).await?;
                Self::insert_attachments(&mut *connection, &new.attachments).await?;
                if let Some(opening) = &new.opening {
                    Self::insert_opening(&mut *connection, &new.tip, opening).await?;
                }
                Self::write_rewraps(&mut *connection, std::slice::from_ref(&new.rewrap)).await?;
                Ok(TipStored::New(number))
            }

            pub(super) async fn apply(connection: &mut $connection, change: &Change) -> Result<bool, StoreError> {
                let case = &change.case;
                let joined = case.joined.as_ref();
                let done = sqlx::query(
                    "UPDATE cases SET state = $1, handler_id = $2, changed_day = $3, card = $4, version = version + 1,
                         joined_to = $7, joined_day = $8, joined_identity = $9
                     WHERE id = $5 AND version = $6",
                )
                .bind(case.state.code())
                .bind(case.handler.as_ref().map(|id| id.0.as_slice()))
                .bind(i64::from(case.changed_day.number()))
                .bind(case.summary.as_slice())
                .bind(case.id.0.as_slice())
                .bind(case.version)
                .bind(joined.map(|joined| joined.lead.0.as_slice()))
                .bind(joined.map(|joined| i64::from(joined.day.number())))
                .bind(joined.map(|joined| joined.identity.as_slice()))
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
                Self::insert_deadlines(connection, &change.deadlines).await?;
                Self::move_deadlines(connection, &change.moved).await?;
                Self::insert_history(connection, case.id, &change.history).await?;
                Self::insert_messages(connection, &change.messages).await?;
                Self::insert_outgoing(connection, &change.outgoing).await?;
                Self::insert_mail(connection, case, &change.mail).await?;
                Self::insert_attachments(connection, &change.attachments).await?;
                Self::insert_passing(connection, &change.passing).await?;
                Self::write_rewraps(connection, &change.rewraps).await?;
                Ok(true)
            }
        }
    };
}

writing!(SqliteTriageStore, sqlx::SqliteConnection);
writing!(PgTriageStore, sqlx::PgConnection);
