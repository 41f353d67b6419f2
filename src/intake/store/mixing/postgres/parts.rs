//! A table in its parts (`migrations/intake/postgres/0010_parts.sql`), and the few steps in which rows go from one to another.
//!
//! Each step is a transaction of its own that first locks the table against whoever writes, and then looks which parts are in
//! use: so each is right whatever was done before it, by whichever machine, and however often one was broken off. A step
//! locks one table and asks for no other lock while it holds that one, so that nobody waits for it in a circle. Readers go on;
//! only the truncating of a part, which takes as long however much was in it, has them wait as well.

use crate::store::mixing::pace::PIECE_BYTES;
use mifeng_foundation::storage::StoreError;
use sqlx::postgres::{PgConnection, PgPool, Postgres};
use sqlx::{AssertSqlSafe, Row as _, Transaction};

/// Longest that a step waits until those who write now are done, since whoever comes after it waits too.
const LOCK_WAIT: &str = "SET LOCAL lock_timeout = '100ms'";

/// What a step does is lost in a crash as a whole or not at all, and before anything that was done after it. So nobody waits
/// for the disk because of it.
const NOT_AWAITED: &str = "SET LOCAL synchronous_commit = off";

/// One of a table's parts.
pub(super) type Part = i16;

/// A table.
pub(super) struct Table {
    pub name: &'static str,
    /// The column of its random key.
    pub key: &'static str,
    /// Its columns, but for the part.
    pub columns: &'static str,
    /// How large a row is, in bytes.
    pub size_bytes: &'static str,
}

/// Which parts are in use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct InUse {
    /// Where rows arrive.
    pub arrival: Part,
    /// Where they are moved to.
    pub rest: Part,
}

impl InUse {
    /// The part where rows arrived before.
    pub(super) fn last_arrival(self) -> Part {
        1 - self.arrival
    }

    /// The part where rows rested before.
    pub(super) fn last_rest(self) -> Part {
        5 - self.rest
    }

    /// Whether rows are only taken out of `part`.
    fn is_left(self, part: Part) -> bool {
        part != self.arrival && part != self.rest
    }
}

/// Rows of a part that are moved together: those above a key, up to another.
pub(super) struct Piece {
    pub after: Vec<u8>,
    pub to: Vec<u8>,
    pub rows: usize,
    pub bytes: u64,
}

/// What is done in one transaction.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// Rows go from a part that is left to the one where rows rest, in the order of their keys. They are at most as many as
    /// when the piece was made: nobody writes new ones into a part that is left.
    Move(Part, &'a Piece),
    /// Rows arrive in the other part from now on, if that one is empty.
    TurnArrivals,
    /// Rows rest in the other part from now on, if that one is empty.
    TurnRest,
    /// The files of a part that is left are emptied, if no row is in it.
    Truncate(Part),
}

#[derive(Clone, Copy)]
enum Lock {
    AgainstWriters,
    AgainstAll,
}

impl Table {
    /// Which parts are in use.
    pub(super) async fn in_use(&self, connection: &mut PgConnection) -> Result<InUse, StoreError> {
        let row = sqlx::query("SELECT arrival_part, rest_part FROM mixing WHERE table_name = $1")
            .bind(self.name)
            .fetch_one(connection)
            .await?;
        Ok(InUse {
            arrival: row.try_get(0)?,
            rest: row.try_get(1)?,
        })
    }

    /// The next rows of `part` above the key `after`.
    pub(super) async fn next_piece(
        &self,
        connection: &mut PgConnection,
        part: Part,
        after: Vec<u8>,
        most_rows: usize,
    ) -> Result<Option<Piece>, StoreError> {
        let Self {
            name,
            key,
            size_bytes,
            ..
        } = self;
        let scan = format!(
            "SELECT {key}, ({size_bytes})::BIGINT FROM {name}_{part} WHERE {key} > $1 ORDER BY {key} LIMIT {most_rows}"
        );
        let rows = sqlx::query(AssertSqlSafe(scan))
            .bind(&after)
            .fetch_all(connection)
            .await?;
        let (mut to, mut moved, mut bytes) = (Vec::new(), 0, 0);
        for row in rows {
            if bytes >= PIECE_BYTES {
                break;
            }
            to = row.try_get(0)?;
            bytes += row.try_get::<i64, _>(1)?.unsigned_abs();
            moved += 1;
        }
        let piece = Piece {
            after,
            to,
            rows: moved,
            bytes,
        };
        Ok((moved > 0).then_some(piece))
    }

    /// Does a step; `false` if it is not to be done as things are now.
    pub(super) async fn step(&self, pool: &PgPool, step: Step<'_>) -> Result<bool, StoreError> {
        let lock = match step {
            Step::Truncate(_) => Lock::AgainstAll,
            Step::Move(..) | Step::TurnArrivals | Step::TurnRest => Lock::AgainstWriters,
        };
        let mut transaction = self.locked(pool, lock).await?;
        let in_use = self.in_use(&mut transaction).await?;
        let done = match step {
            Step::Move(from, piece) => self.move_piece(&mut transaction, in_use, from, piece).await,
            Step::TurnArrivals => {
                let to = in_use.last_arrival();
                self.turn(&mut transaction, "arrival_part", to).await
            }
            Step::TurnRest => {
                let to = in_use.last_rest();
                self.turn(&mut transaction, "rest_part", to).await
            }
            Step::Truncate(part) => self.truncate(&mut transaction, in_use, part).await,
        };
        if done? {
            transaction.commit().await?;
            Ok(true)
        } else {
            Ok(false)
        }
    }

    async fn move_piece(
        &self,
        connection: &mut PgConnection,
        in_use: InUse,
        from: Part,
        piece: &Piece,
    ) -> Result<bool, StoreError> {
        if !in_use.is_left(from) {
            return Ok(false);
        }
        let Self {
            name, key, columns, ..
        } = self;
        let to = in_use.rest;
        let moved = format!(
            "WITH moved AS (DELETE FROM {name}_{from} WHERE {key} > $1 AND {key} <= $2 RETURNING {columns}) \
             INSERT INTO {name}_{to} (part, {columns}) SELECT {to}, {columns} FROM moved ORDER BY {key}"
        );
        sqlx::query(AssertSqlSafe(moved))
            .bind(&piece.after)
            .bind(&piece.to)
            .execute(connection)
            .await?;
        Ok(true)
    }

    async fn turn(
        &self,
        connection: &mut PgConnection,
        column: &str,
        to: Part,
    ) -> Result<bool, StoreError> {
        if self.has_rows(connection, to).await? {
            return Ok(false);
        }
        let turned = format!("UPDATE mixing SET {column} = $1 WHERE table_name = $2");
        sqlx::query(AssertSqlSafe(turned))
            .bind(to)
            .bind(self.name)
            .execute(connection)
            .await?;
        Ok(true)
    }

    async fn truncate(
        &self,
        connection: &mut PgConnection,
        in_use: InUse,
        part: Part,
    ) -> Result<bool, StoreError> {
        if !in_use.is_left(part) || self.has_rows(connection, part).await? {
            return Ok(false);
        }
        let truncated = format!("TRUNCATE {}_{part}", self.name);
        sqlx::query(AssertSqlSafe(truncated))
            .execute(connection)
            .await?;
        Ok(true)
    }

    /// Whether a row is in `part`. By the key, since its index soon forgets what was moved.
    pub(super) async fn has_rows(
        &self,
        connection: &mut PgConnection,
        part: Part,
    ) -> Result<bool, StoreError> {
        let Self { name, key, .. } = self;
        let first = format!(
            "SELECT {key} FROM {name}_{part} WHERE {key} > ''::BYTEA ORDER BY {key} LIMIT 1"
        );
        let row = sqlx::query(AssertSqlSafe(first))
            .fetch_optional(connection)
            .await?;
        Ok(row.is_some())
    }

    /// Whether `part` has files with something in them, be it only of rows that were deleted.
    pub(super) async fn has_pages(
        &self,
        connection: &mut PgConnection,
        part: Part,
    ) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT pg_relation_size($1::TEXT::REGCLASS)")
            .bind(format!("{}_{part}", self.name))
            .fetch_one(connection)
            .await?;
        Ok(row.try_get::<i64, _>(0)? > 0)
    }

    async fn locked(
        &self,
        pool: &PgPool,
        lock: Lock,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mode = match lock {
            // Against rows locked for sharing as well; not against readers.
            Lock::AgainstWriters => "EXCLUSIVE",
            Lock::AgainstAll => "ACCESS EXCLUSIVE",
        };
        let mut transaction = pool.begin().await?;
        for statement in [LOCK_WAIT, NOT_AWAITED] {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
        // The table and its parts.
        let locked = format!("LOCK TABLE {} IN {mode} MODE", self.name);
        sqlx::query(AssertSqlSafe(locked))
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }
}
