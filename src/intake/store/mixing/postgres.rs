//! Mixing in a PostgreSQL database.

use super::Changed;
use crate::storage::{StoreError, end_postgres_journal};
use crate::telemetry::{Event, log};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPool;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Of so many parts of time at most one is spent on it, since whoever sends something meanwhile waits.
const SELDOM: u32 = 100;

/// The tables in the order in which a submission locks them, each with its key.
const TABLES: [(&str, &str); 4] = [
    ("mailbox", "lookup_digest"),
    ("message", "id"),
    ("envelope", "id"),
    ("attachment", "id"),
];

/// Mixing in a PostgreSQL database.
pub(in super::super) struct PgMixing {
    changed: Changed,
    refused: AtomicBool,
    next: Mutex<Option<Instant>>,
}

impl PgMixing {
    pub(in super::super) fn new(changed: Changed) -> Self {
        Self {
            changed,
            refused: AtomicBool::new(false),
            next: Mutex::default(),
        }
    }

    /// Mixes if it is time again, or at the end.
    pub(in super::super) async fn mix(
        &self,
        pool: &PgPool,
        at_the_end: bool,
    ) -> Result<bool, StoreError> {
        let Some(count) = self.changed.unmixed() else {
            return Ok(false);
        };
        let mut next = self.next.lock().await;
        let begun = Instant::now();
        if !at_the_end && next.is_some_and(|next| begun < next) {
            return Ok(false);
        }
        let rewritten = rewrite(pool).await;
        *next = Some(Instant::now() + begun.elapsed() * SELDOM);
        rewritten?;
        if !end_postgres_journal(pool).await? && !self.refused.swap(true, Ordering::Relaxed) {
            log(Event::Weakness {
                what: "the database's journal keeps the order of arrival: grant pg_checkpoint and pg_switch_wal",
            });
        }
        self.changed.all_mixed(count);
        Ok(true)
    }
}

/// One transaction in which every row is written anew in the order of its key: by it, place, chunk and number of the
/// transaction are the same for all. Gives up where somebody writes for long; the next time does it.
async fn rewrite(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SET LOCAL lock_timeout = '500ms'")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("LOCK TABLE mailbox, message, envelope, attachment IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *transaction)
        .await?;
    for (table, key) in TABLES {
        for statement in [
            format!("CREATE TEMPORARY TABLE mixed_{table} ON COMMIT DROP AS TABLE {table}"),
            format!("TRUNCATE {table}"),
            format!("INSERT INTO {table} SELECT * FROM mixed_{table} ORDER BY {key}"),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
