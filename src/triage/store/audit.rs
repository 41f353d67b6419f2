//! The audit log's rows on both engines.

use super::write_lock::{Next, WaitingLink};
use super::{PgTriageStore, SqliteTriageStore, day_from};
use crate::model::{AUDIT_ID_BYTES, AuditQuery, AuditRow, CaseId, Head, Link, MemberId};
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use sqlx::Row as _;

/// Keeps the audit log and its place.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Adds a row at the end, in a transaction that holds rows of the audit log and nothing else. Writers wait for one another;
    /// rows that wait meanwhile share the next transaction.
    ///
    /// # Errors
    /// What the engine says, as for every method here.
    async fn append_to_audit_log(&self, link: &Link) -> Result<(), StoreError>;
    /// Where the chain was left.
    async fn audit_head(&self) -> Result<Head, StoreError>;
    /// Rows after `after`, in order, at most `limit`.
    async fn audit_rows_after(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError>;
    /// Rows as asked for, the latest first, at most `limit`.
    async fn audit_rows(&self, asked: AuditQuery, limit: u32) -> Result<Vec<AuditRow>, StoreError>;
    /// Day of the last daily mail to each member that got one, as days since 1970-01-01.
    async fn daily_mails(&self) -> Result<Vec<(MemberId, i64)>, StoreError>;
    /// Notes that `member` got the daily mail of `day`.
    async fn daily_mail_sent(&self, member: MemberId, day: i64) -> Result<(), StoreError>;
}

/// The first and the last id that begin with `prefix`.
fn range_of(prefix: [u8; AUDIT_ID_BYTES]) -> ([u8; 16], [u8; 16]) {
    let (mut from, mut to) = ([0; 16], [0xff; 16]);
    from[..AUDIT_ID_BYTES].copy_from_slice(&prefix);
    to[..AUDIT_ID_BYTES].copy_from_slice(&prefix);
    (from, to)
}

macro_rules! engine {
    ($name:ty, $row:ty, $connection:ty) => {
        impl $name {
            fn audit_row(row: &$row) -> Result<AuditRow, StoreError> {
                let id = |name: &str| {
                    let bytes = row.try_get::<Option<Vec<u8>>, _>(name)?;
                    bytes.map(|bytes| id_from(&bytes)).transpose()
                };
                let second = row.try_get::<Option<i64>, _>("second")?.map(i32::try_from);
                Ok(AuditRow {
                    sequence: row.try_get("sequence")?,
                    link: Link {
                        day: day_from(row.try_get("day")?)?,
                        second: second.transpose().map_err(|_| StoreError::Damaged("a second of a day"))?,
                        actor: id("actor_id")?.map(MemberId),
                        kind: row.try_get("kind")?,
                        case: id("case_id")?.map(CaseId),
                        object: id("object_id")?,
                        detail: row.try_get("detail")?,
                    },
                    hash: hash_from(&row.try_get::<Vec<u8>, _>("hash")?)?,
                })
            }

            /// Adds a row within the caller's transaction.
            pub(super) async fn append_link(connection: &mut $connection, link: &Link) -> Result<(), StoreError> {
                // Takes the row's lock: the next writer waits here until this one has committed.
                let head = sqlx::query(
                    "UPDATE trail_head SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence, hash",
                )
                .fetch_one(&mut *connection)
                .await?;
                let sequence: i64 = head.try_get(0)?;
                let hash = link.hash(sequence, &hash_from(&head.try_get::<Vec<u8>, _>(1)?)?);
                sqlx::query(
                    "INSERT INTO trail (sequence, day, second, actor_id, kind, case_id, object_id, detail, hash)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                )
                .bind(sequence)
                .bind(i64::from(link.day.number()))
                .bind(link.second.map(i64::from))
                .bind(link.actor.as_ref().map(|id| id.0.as_slice()))
                .bind(link.kind.as_str())
                .bind(link.case.as_ref().map(|id| id.0.as_slice()))
                .bind(link.object.as_ref().map(<[u8; 16]>::as_slice))
                .bind(link.detail.as_str())
                .bind(hash.as_slice())
                .execute(&mut *connection)
                .await?;
                sqlx::query("UPDATE trail_head SET hash = $1 WHERE id = 1")
                    .bind(hash.as_slice())
                    .execute(&mut *connection)
                    .await?;
                Ok(())
            }

            async fn append_all(&self, links: &[&Link]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for link in links {
                    Self::append_link(&mut transaction, link).await?;
                }
                Ok(transaction.commit().await?)
            }

            /// Writes rows in one transaction; if that fails, in one for each, so that a bad row fails alone.
            async fn write_waiting(&self, waiting: Vec<WaitingLink>) {
                let links: Vec<&Link> = waiting.iter().map(|(link, _)| link).collect();
                // Who went away meanwhile does not want to know.
                match (self.append_all(&links).await, <[WaitingLink; 1]>::try_from(waiting)) {
                    (done, Ok([(_, tell)])) => drop(tell.send(done)),
                    (Ok(()), Err(waiting)) => {
                        for (_, tell) in waiting {
                            let _ = tell.send(Ok(()));
                        }
                    }
                    (Err(_), Err(waiting)) => {
                        for (link, tell) in waiting {
                            let _ = tell.send(self.append_all(&[&link]).await);
                        }
                    }
                }
            }
        }

        #[async_trait]
        impl AuditStore for $name {
            async fn append_to_audit_log(&self, link: &Link) -> Result<(), StoreError> {
                let (next, told) = self.audit_log.next(link).await;
                match next {
                    Next::Told(answer) => answer,
                    Next::Write(waiting, lock) => {
                        // Somebody who goes away does not take the rows of others along.
                        let store = self.clone();
                        tokio::spawn(async move {
                            store.write_waiting(waiting).await;
                            drop(lock);
                        });
                        told.await.map_err(|_| StoreError::Closed)?
                    }
                }
            }

            async fn audit_head(&self) -> Result<Head, StoreError> {
                let row = sqlx::query("SELECT sequence, hash FROM trail_head WHERE id = 1")
                    .fetch_one(&self.pool)
                    .await?;
                Ok(Head {
                    sequence: row.try_get(0)?,
                    hash: hash_from(&row.try_get::<Vec<u8>, _>(1)?)?,
                })
            }

            async fn audit_rows_after(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
                let rows = sqlx::query("SELECT * FROM trail WHERE sequence > $1 ORDER BY sequence LIMIT $2")
                    .bind(after)
                    .bind(i64::from(limit))
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter().map(Self::audit_row).collect()
            }

            async fn audit_rows(&self, asked: AuditQuery, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
                let (from, to) = asked.case.map(range_of).unzip();
                let rows = sqlx::query(
                    "SELECT * FROM trail WHERE sequence < $1
                     AND ($2 = 0 OR case_id BETWEEN $3 AND $4) AND ($5 = 0 OR actor_id = $6)
                     ORDER BY sequence DESC LIMIT $7",
                )
                .bind(asked.before.unwrap_or(i64::MAX))
                .bind(i64::from(asked.case.is_some()))
                .bind(from.as_ref().map(<[u8; 16]>::as_slice))
                .bind(to.as_ref().map(<[u8; 16]>::as_slice))
                .bind(i64::from(asked.actor.is_some()))
                .bind(asked.actor.as_ref().map(|id| id.0.as_slice()))
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::audit_row).collect()
            }

            async fn daily_mails(&self) -> Result<Vec<(MemberId, i64)>, StoreError> {
                let rows = sqlx::query("SELECT member_id, day FROM daily_mail")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| Ok((MemberId(id_from(&row.try_get::<Vec<u8>, _>(0)?)?), row.try_get(1)?)))
                    .collect()
            }

            async fn daily_mail_sent(&self, member: MemberId, day: i64) -> Result<(), StoreError> {
                sqlx::query(
                    "INSERT INTO daily_mail (member_id, day) VALUES ($1, $2)
                     ON CONFLICT (member_id) DO UPDATE SET day = excluded.day",
                )
                .bind(member.0.as_slice())
                .bind(day)
                .execute(&self.pool)
                .await?;
                Ok(())
            }
        }
    };
}

engine!(
    SqliteTriageStore,
    sqlx::sqlite::SqliteRow,
    sqlx::SqliteConnection
);
engine!(PgTriageStore, sqlx::postgres::PgRow, sqlx::PgConnection);
