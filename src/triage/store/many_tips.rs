//! Writing many new tips with one statement a table. What a statement costs is hardly the row: it is the way to the engine's
//! thread or process and back, which sixteen tips with a dozen rows each would take two hundred times.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::message_rows::{OutgoingRow, OutgoingState};
use super::rows::{DeadlineRow, NewTip};
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::ContentHash;
use sqlx::query_builder::Separated;
use sqlx::{Postgres, QueryBuilder, Sqlite};

/// Tips, and rows of other tables, that one statement writes: the engines take 32,766 and 65,535 values in one, and no row here
/// has more than ten.
pub(super) const TIPS_AT_ONCE: usize = 256;
const ROWS_AT_ONCE: usize = 1_024;

macro_rules! many_tips {
    ($store:ty, $connection:ty, $engine:ty) => {
        impl $store {
            /// Which of `hashes` are of envelopes that are stored.
            pub(super) async fn known_of(
                connection: &mut $connection,
                hashes: &[ContentHash],
            ) -> Result<Vec<Vec<u8>>, StoreError> {
                let mut sql = QueryBuilder::<$engine>::new(
                    "SELECT content_sha256 FROM envelope WHERE content_sha256 IN (",
                );
                let mut list = sql.separated(", ");
                for hash in hashes {
                    list.push_bind(hash.as_bytes().to_vec());
                }
                list.push_unseparated(")");
                let known = sql.build_query_scalar().persistent(false).fetch_all(connection).await?;
                Ok(known)
            }

            /// Writes all of some new tips under the first of their numbers. `false`, and then all is to be taken back, where
            /// one of them cannot be written so: it is stored already, comes out of quarantine, was typed in, or has a mailbox
            /// or a number that another has.
            pub(super) async fn insert_many(
                connection: &mut $connection,
                new: &[NewTip],
            ) -> Result<bool, StoreError> {
                let apart = |one: &NewTip| {
                    let is_more = one.opening.is_some() || !one.rewrap.take.is_empty();
                    is_more || one.envelope.from_quarantine || one.numbers.is_empty()
                };
                if new.iter().any(apart) {
                    return Ok(false);
                }
                let all_new = Self::insert_envelopes(&mut *connection, new).await?
                    && Self::insert_cases(&mut *connection, new).await?
                    && Self::insert_tips(&mut *connection, new).await?;
                if !all_new {
                    return Ok(false);
                }
                Self::insert_of_cases(&mut *connection, new).await?;
                Self::insert_sent(&mut *connection, new).await?;
                for one in new {
                    Self::insert_attachments(&mut *connection, &one.attachments).await?;
                }
                Ok(true)
            }

            async fn insert_envelopes(
                connection: &mut $connection,
                new: &[NewTip],
            ) -> Result<bool, StoreError> {
                let statement = (
                    "INSERT INTO envelope (content_sha256, intake_id, received_day, state, released, stored_batch)
                     SELECT column1, column2, column3, 'opened', 0, batch FROM (",
                    ") AS arrived, backup_mark WHERE backup_mark.id = 1 ON CONFLICT (content_sha256) DO NOTHING",
                );
                let written = Self::insert_rows(connection, statement, new.iter().collect(), |mut row, one: &NewTip| {
                    row.push_bind(one.envelope.content.as_bytes().to_vec())
                        .push_bind(one.envelope.intake_id.to_vec())
                        .push_bind(i64::from(one.envelope.received_day.number()));
                })
                .await?;
                Ok(written == new.len() as u64)
            }

            async fn insert_cases(
                connection: &mut $connection,
                new: &[NewTip],
            ) -> Result<bool, StoreError> {
                let statement = (
                    "INSERT INTO cases (id, number, state, handler_id, opened_day, changed_day, version, recipient,
                         wrapped_identity, card) ",
                    " ON CONFLICT (number) DO NOTHING",
                );
                let written = Self::insert_rows(connection, statement, new.iter().collect(), |mut row, one: &NewTip| {
                    let case = &one.case;
                    row.push_bind(case.id.0.to_vec())
                        .push_bind(one.numbers.first().cloned())
                        .push_bind(case.state.code())
                        .push_bind(case.handler.map(|id| id.0.to_vec()))
                        .push_bind(i64::from(case.opened_day.number()))
                        .push_bind(i64::from(case.changed_day.number()))
                        .push_bind(case.version)
                        .push_bind(case.recipient.clone())
                        .push_bind(case.wrapped_identity.clone())
                        .push_bind(case.summary.clone());
                })
                .await?;
                Ok(written == new.len() as u64)
            }

            async fn insert_tips(
                connection: &mut $connection,
                new: &[NewTip],
            ) -> Result<bool, StoreError> {
                let statement = (
                    "INSERT INTO tip (id, case_id, content_sha256, received_day, lookup_digest, sealed, sketch) ",
                    " ON CONFLICT (lookup_digest) DO NOTHING",
                );
                let written = Self::insert_rows(connection, statement, new.iter().collect(), |mut row, one: &NewTip| {
                    let tip = &one.tip;
                    row.push_bind(tip.id.to_vec())
                        .push_bind(tip.case.0.to_vec())
                        .push_bind(tip.content.as_bytes().to_vec())
                        .push_bind(i64::from(tip.received_day.number()))
                        .push_bind(tip.mailbox.as_bytes().to_vec())
                        .push_bind(tip.sealed.clone())
                        .push_bind(tip.sketch.clone());
                })
                .await?;
                Ok(written == new.len() as u64)
            }

            /// Writes rows by a statement, given as what stands before and behind their values; how many were written. Nothing
            /// is asked of the engine where there are none.
            async fn insert_rows<T>(
                connection: &mut $connection,
                (before, behind): (&'static str, &'static str),
                rows: Vec<T>,
                mut bind: impl FnMut(Separated<'_, $engine, &'static str>, T),
            ) -> Result<u64, StoreError> {
                let mut rows = rows.into_iter().peekable();
                let mut written = 0;
                while rows.peek().is_some() {
                    let mut sql = QueryBuilder::<$engine>::new(before);
                    sql.push_values(rows.by_ref().take(ROWS_AT_ONCE), &mut bind);
                    sql.push(behind);
                    let done = sql.build().persistent(false).execute(&mut *connection).await?;
                    written += done.rows_affected();
                }
                Ok(written)
            }

            /// What hangs on the cases.
            async fn insert_of_cases(
                connection: &mut $connection,
                new: &[NewTip],
            ) -> Result<(), StoreError> {
                let into =
                    "INSERT INTO clock (id, case_id, rule_id, start_day, due_day, provisional, met_day) ";
                let deadlines = new.iter().flat_map(|one| &one.deadlines).collect();
                Self::insert_rows(&mut *connection, (into, ""), deadlines, |mut row, deadline: &DeadlineRow| {
                    row.push_bind(deadline.id.to_vec())
                        .push_bind(deadline.case.0.to_vec())
                        .push_bind(deadline.rule.clone())
                        .push_bind(i64::from(deadline.start_day.number()))
                        .push_bind(i64::from(deadline.due_day.number()))
                        .push_bind(i64::from(deadline.provisional))
                        .push_bind(deadline.met_day.map(|day| i64::from(day.number())));
                })
                .await?;
                let into = "INSERT INTO history (id, case_id, sequence, day, sealed) ";
                let lines = new.iter().flat_map(|one| {
                    let numbered = (1_i64..).zip(&one.history);
                    numbered.map(|(number, line)| (one.case.id, number, line))
                });
                Self::insert_rows(connection, (into, ""), lines.collect(), |mut row, (case, number, line)| {
                    row.push_bind(line.id.to_vec())
                        .push_bind(case.0.to_vec())
                        .push_bind(number)
                        .push_bind(i64::from(line.day.number()))
                        .push_bind(line.sealed.clone());
                })
                .await?;
                Ok(())
            }

            /// What goes to somebody: to reporters, and to those who handle or see the cases.
            async fn insert_sent(
                connection: &mut $connection,
                new: &[NewTip],
            ) -> Result<(), StoreError> {
                let into =
                    "INSERT INTO outgoing (id, message_id, tip_id, lookup_digest, ciphertext, state) ";
                let outgoing = new.iter().flat_map(|one| &one.outgoing).collect();
                Self::insert_rows(&mut *connection, (into, ""), outgoing, |mut row, message: &OutgoingRow| {
                    row.push_bind(message.id.to_vec())
                        .push_bind(message.message.map(|id| id.to_vec()))
                        .push_bind(message.tip.to_vec())
                        .push_bind(message.mailbox.as_bytes().to_vec())
                        .push_bind(message.ciphertext.clone())
                        .push_bind(OutgoingState::Queued.code());
                })
                .await?;
                let into = "INSERT INTO mail_outbox (id, member_id, day, attempts, case_id) ";
                let mail = new.iter().flat_map(|one| {
                    let mail = one.mail.iter();
                    mail.map(|(id, member)| (id, member, &one.case))
                });
                Self::insert_rows(&mut *connection, (into, ""), mail.collect(), |mut row, (id, member, case)| {
                    row.push_bind(id.to_vec())
                        .push_bind(member.0.to_vec())
                        .push_bind(i64::from(case.changed_day.number()))
                        .push_bind(0_i64)
                        .push_bind(case.id.0.to_vec());
                })
                .await?;
                let into = "INSERT INTO case_wrap (member_id, case_id, wrapped) ";
                let wraps = new.iter().flat_map(|one| {
                    let give = one.rewrap.give.iter();
                    give.map(|(member, wrapped)| (member, one.case.id, wrapped))
                });
                Self::insert_rows(connection, (into, ""), wraps.collect(), |mut row, (member, case, wrapped)| {
                    row.push_bind(member.0.to_vec())
                        .push_bind(case.0.to_vec())
                        .push_bind(wrapped.clone());
                })
                .await?;
                Ok(())
            }
        }
    };
}

many_tips!(SqliteTriageStore, sqlx::SqliteConnection, Sqlite);
many_tips!(PgTriageStore, sqlx::PgConnection, Postgres);
