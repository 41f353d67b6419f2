//! Mixing in a PostgreSQL database: a little at a time, so that whoever sends something waits for one piece at most, however
//! much there is. What came since the last time is moved in the order of its random keys, to where everything else rests; now
//! and then all that rests is moved in that order too, since until then the numbers of the moving transactions, and the
//! places of the rows, tell which came between one time and the next.

mod parts;

use super::{BEFORE_STOP, CLOSING, Changed};
use crate::store::mixing::pace::Pace;
use mifeng_foundation::storage::{StoreError, end_postgres_journal};
use mifeng_foundation::telemetry::{Event, log};
use parts::{Part, Step, Table};
use sqlx::postgres::PgPool;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// After each piece those who write have so many times as long for themselves.
const PAUSE: u32 = 3;

/// Of so many parts of time at most one is spent on moving what rests.
const SELDOM: u32 = 20;

/// Bytes moved after which the server writes its pages: it has fewer to write at once then, for which everybody waits.
const WRITTEN_AFTER_BYTES: u64 = 16 * 1024 * 1024;

/// How often a step is tried that finds a table in use, and how long it waits in between. When the service stops, it is tried
/// until there is no time left.
const TRIES: u32 = 4;
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// SQLSTATE of a lock that was not got in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// Longest that the service's stop waits for the server to end its journal, which may take it a while.
const ENDING_JOURNAL: Duration = Duration::from_secs(5);

/// The tables that are mixed.
const TABLES: [Table; 5] = [
    Table {
        name: "mailbox",
        key: "lookup_digest",
        columns: "lookup_digest, office, addressee, submission_tag, closed",
        size_bytes: "128",
    },
    Table {
        name: "opened",
        key: "lookup_digest",
        columns: "lookup_digest, opened_key, field",
        size_bytes: "256",
    },
    Table {
        name: "message",
        key: "id",
        columns: "id, lookup_digest, ciphertext",
        size_bytes: "LENGTH(ciphertext)",
    },
    Table {
        name: "envelope",
        key: "id",
        columns: "id, addressee, kind, content_sha256, ciphertext, is_stored, received_day",
        size_bytes: "LENGTH(ciphertext)",
    },
    Table {
        name: "attachment",
        key: "id",
        columns: "id, addressee, state, envelope_id, size_bytes, arrived_day",
        size_bytes: "128",
    },
];

/// Mixing in a PostgreSQL database.
pub(in super::super) struct PgMixing {
    changed: Changed,
    refused: AtomicBool,
    /// When what rests is moved next.
    next: Mutex<Option<Instant>>,
}

/// One round: who is in a hurry, and how much it has done.
struct Round<'a> {
    pool: &'a PgPool,
    /// When it has to end; without it those who write get their time between pieces.
    until: Option<Instant>,
    held: Duration,
    unwritten_bytes: u64,
    has_moved: bool,
    /// What a table was not got for, which somebody else uses for long; the others are mixed all the same.
    in_use: Option<StoreError>,
}

impl PgMixing {
    pub(in super::super) fn new(changed: Changed) -> Self {
        Self {
            changed,
            refused: AtomicBool::new(false),
            next: Mutex::default(),
        }
    }

    pub(in super::super) async fn mix(&self, pool: &PgPool) -> Result<bool, StoreError> {
        self.mix_until(pool, None).await
    }

    /// The same in a hurry, while whoever sends something is still answered.
    pub(in super::super) async fn mix_before_stop(
        &self,
        pool: &PgPool,
    ) -> Result<bool, StoreError> {
        let until = Instant::now() + BEFORE_STOP;
        let mixed = self.mix_until(pool, Some(until));
        let mixed = tokio::time::timeout_at(until + ENDING_JOURNAL, mixed).await;
        mixed.unwrap_or(Ok(true))
    }

    /// What is not mixed in time is mixed after the next start.
    pub(in super::super) async fn mix_at_the_end(&self, pool: &PgPool) {
        let until = Instant::now() + CLOSING;
        let late = until + ENDING_JOURNAL;
        let _ = tokio::time::timeout_at(late, self.mix_until(pool, Some(until))).await;
    }

    async fn mix_until(&self, pool: &PgPool, until: Option<Instant>) -> Result<bool, StoreError> {
        let mut next = self.next.lock().await;
        let Some(count) = self.changed.unmixed() else {
            return Ok(false);
        };
        let mut round = Round {
            pool,
            until,
            held: Duration::ZERO,
            unwritten_bytes: 0,
            has_moved: false,
            in_use: None,
        };
        let mut whole = true;
        for table in &TABLES {
            whole &= round.lay_to_rest(table).await?;
        }
        if until.is_some() || next.is_none_or(|next| Instant::now() >= next) {
            let others = std::mem::take(&mut round.held);
            for table in &TABLES {
                whole &= round.sort_anew(table).await?;
            }
            *next = Some(Instant::now() + round.held * SELDOM);
            round.held += others;
        } else {
            whole = false;
        }
        if (round.has_moved || whole)
            && !end_postgres_journal(pool).await?
            && !self.refused.swap(true, Ordering::Relaxed)
        {
            log(Event::Weakness {
                what: "the database's journal keeps the order of arrival: grant pg_checkpoint and pg_switch_wal",
            });
        }
        if whole {
            self.changed.all_mixed(count);
        }
        round.in_use.map_or(Ok(true), Err)
    }
}

impl Round<'_> {
    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Moves what arrived to where rows rest; whether all of it.
    async fn lay_to_rest(&mut self, table: &Table) -> Result<bool, StoreError> {
        let in_use = table.in_use(&mut *self.pool.acquire().await?).await?;
        // What an earlier round left.
        if !self.empty(table, in_use.last_arrival()).await? {
            return Ok(false);
        }
        if !self.has_pages(table, in_use.arrival).await? {
            return Ok(true);
        }
        if !self.step(table, Step::TurnArrivals).await? {
            return Ok(false);
        }
        self.empty(table, in_use.arrival).await
    }

    /// Moves what rests, in the order of its keys; whether all of it.
    async fn sort_anew(&mut self, table: &Table) -> Result<bool, StoreError> {
        let in_use = table.in_use(&mut *self.pool.acquire().await?).await?;
        if !self.empty(table, in_use.last_rest()).await? {
            return Ok(false);
        }
        if !self.has_pages(table, in_use.rest).await? {
            return Ok(true);
        }
        if !self.step(table, Step::TurnRest).await? {
            return Ok(false);
        }
        self.empty(table, in_use.rest).await
    }

    async fn has_pages(&self, table: &Table, part: Part) -> Result<bool, StoreError> {
        table
            .has_pages(&mut *self.pool.acquire().await?, part)
            .await
    }

    /// Moves every row out of a part that is left, and truncates it; whether it is empty now.
    async fn empty(&mut self, table: &Table, part: Part) -> Result<bool, StoreError> {
        if !self.has_pages(table, part).await? {
            return Ok(true);
        }
        let (mut after, mut pace) = (Vec::new(), Pace::unknown());
        loop {
            let piece = {
                let mut connection = self.pool.acquire().await?;
                let most_rows = pace.rows();
                table
                    .next_piece(&mut connection, part, after, most_rows)
                    .await?
            };
            let Some(piece) = piece else {
                break;
            };
            let held = self.held;
            if !self.step(table, Step::Move(part, &piece)).await? {
                return Ok(false);
            }
            pace.took(piece.rows, self.held.saturating_sub(held));
            self.has_moved = true;
            self.unwritten_bytes += piece.bytes;
            if self.unwritten_bytes >= WRITTEN_AFTER_BYTES {
                self.unwritten_bytes = 0;
                end_postgres_journal(self.pool).await?;
            }
            if self.is_over() {
                return Ok(false);
            }
            after = piece.to;
        }
        self.step(table, Step::Truncate(part)).await
    }

    /// Does a step, and again where somebody uses the table for long; whether it was done.
    async fn step(&mut self, table: &Table, step: Step<'_>) -> Result<bool, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let begun = Instant::now();
            let done = table.step(self.pool, step).await;
            let took = begun.elapsed();
            self.held += took;
            let done = match done {
                Err(error) if is_locked(&error) => {
                    if !self.is_over() && (tries < TRIES || self.until.is_some()) {
                        tokio::time::sleep(AGAIN_AFTER).await;
                        continue;
                    }
                    self.in_use = Some(error);
                    Ok(false)
                }
                done => done,
            };
            if self.until.is_none() {
                tokio::time::sleep(took * PAUSE).await;
            }
            return done;
        }
    }
}

fn is_locked(error: &StoreError) -> bool {
    let StoreError::Engine(sqlx::Error::Database(error)) = error else {
        return false;
    };
    error.code().is_some_and(|code| code == LOCK_NOT_AVAILABLE)
}
