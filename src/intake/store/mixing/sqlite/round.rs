//! One round of mixing over a SQLite file, in pieces for which whoever writes waits.

use super::Holds;
use crate::store::journal::Journal;
use crate::store::mixing::pace::{PIECE_BYTES, Pace};
use mifeng_foundation::storage::StoreError;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// After each piece the writer has so many times as long for itself.
const PAUSE: u32 = 3;

/// Bytes moved after which the journal is copied into the file.
const COPIED_AFTER_BYTES: u64 = 1024 * 1024;

/// Tables that are ordered by a random key. Only within a page do they keep the order in which rows came, so that they are
/// written anew seldom.
pub(super) const KEYED: [(&str, &str, &str); 4] = [
    ("mailbox", "lookup_digest", "128"),
    ("opened", "lookup_digest", "128"),
    ("message", "id", "LENGTH(ciphertext)"),
    ("attachment", "id", "128"),
];

/// One round: who is in a hurry, and how much it has done.
pub(super) struct Round<'a> {
    connection: &'a mut SqliteConnection,
    journal: &'a Journal,
    holds: &'a Holds,
    /// When it has to end; without it the writer gets its time between pieces.
    until: Option<Instant>,
    held: Duration,
    uncopied_bytes: u64,
}

/// Rows of a table that are moved together: those above a key, up to another.
struct Piece {
    after: Vec<u8>,
    to: Vec<u8>,
    rows: usize,
    bytes: u64,
}

impl<'a> Round<'a> {
    pub(super) fn new(
        connection: &'a mut SqliteConnection,
        journal: &'a Journal,
        holds: &'a Holds,
        until: Option<Instant>,
    ) -> Self {
        Self {
            connection,
            journal,
            holds,
            until,
            held: Duration::ZERO,
            uncopied_bytes: 0,
        }
    }

    /// How long the writer was held up so far.
    pub(super) fn held(&self) -> Duration {
        self.held
    }

    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Gives every envelope a random place that came since the last time; whether all have one.
    pub(super) async fn move_envelopes(&mut self) -> Result<bool, StoreError> {
        let (mut after, mut pace) = (Vec::new(), Pace::unknown());
        loop {
            let scan = "SELECT id, LENGTH(ciphertext) FROM envelope WHERE id > ? AND place > 0 ORDER BY id LIMIT ?";
            let Some(piece) = self.next_piece(scan.to_owned(), after, &pace).await? else {
                return Ok(true);
            };
            self.moved(&piece, &mut pace, [
                "CREATE TEMPORARY TABLE piece AS SELECT id, addressee, kind, content_sha256, is_stored, received_day, ciphertext \
                 FROM envelope WHERE id > ? AND id <= ? AND place > 0 ORDER BY id LIMIT ?".to_owned(),
                "DELETE FROM envelope WHERE id IN (SELECT id FROM temp.piece)".to_owned(),
                "INSERT INTO envelope (place, id, addressee, kind, content_sha256, is_stored, received_day, ciphertext) \
                 SELECT -1 - ABS(RANDOM() % 4611686018427387904), id, addressee, kind, content_sha256, is_stored, received_day, \
                 ciphertext FROM temp.piece ORDER BY id".to_owned(),
            ])
            .await?;
            if self.is_over() {
                return Ok(false);
            }
            after = piece.to;
        }
    }

    /// Writes a table with a random key anew, in the order of that key; whether all of it.
    pub(super) async fn sort_anew(
        &mut self,
        (table, key, size): (&str, &str, &str),
    ) -> Result<bool, StoreError> {
        let (mut after, mut pace) = (Vec::new(), Pace::unknown());
        loop {
            let scan =
                format!("SELECT {key}, {size} FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT ?");
            let Some(piece) = self.next_piece(scan, after, &pace).await? else {
                return Ok(true);
            };
            self.moved(&piece, &mut pace, [
                format!("CREATE TEMPORARY TABLE piece AS SELECT * FROM {table} WHERE {key} > ? AND {key} <= ? ORDER BY {key} LIMIT ?"),
                format!("DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM temp.piece)"),
                format!("INSERT INTO {table} SELECT * FROM temp.piece ORDER BY {key}"),
            ])
            .await?;
            if self.is_over() {
                return Ok(false);
            }
            after = piece.to;
        }
    }

    /// The rows above the key `after` that are moved together. `scan` gives keys and sizes.
    async fn next_piece(
        &mut self,
        scan: String,
        after: Vec<u8>,
        pace: &Pace,
    ) -> Result<Option<Piece>, StoreError> {
        let rows = sqlx::query(AssertSqlSafe(scan))
            .bind(&after)
            .bind(i64::try_from(pace.rows()).unwrap_or(i64::MAX))
            .fetch_all(&mut *self.connection)
            .await?;
        let mut piece = Piece {
            after,
            to: Vec::new(),
            rows: 0,
            bytes: 0,
        };
        for row in rows {
            if piece.bytes >= PIECE_BYTES {
                break;
            }
            piece.to = row.try_get(0)?;
            piece.bytes += row.try_get::<i64, _>(1)?.unsigned_abs();
            piece.rows += 1;
        }
        Ok((piece.rows > 0).then_some(piece))
    }

    /// Takes a piece out and puts it in again while nobody writes.
    async fn moved(
        &mut self,
        piece: &Piece,
        pace: &mut Pace,
        [take, delete, insert]: [String; 3],
    ) -> Result<(), StoreError> {
        let nobody_writes = self.journal.nobody_writes().await;
        let begun = Instant::now();
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(AssertSqlSafe(take))
            .bind(&piece.after)
            .bind(&piece.to)
            .bind(i64::try_from(piece.rows).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        let gone = sqlx::query(AssertSqlSafe(delete));
        let gone = gone.execute(&mut *transaction).await?.rows_affected();
        sqlx::query(AssertSqlSafe(insert))
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DROP TABLE temp.piece")
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        drop(nobody_writes);
        let took = begun.elapsed();
        pace.took(piece.rows, took);
        self.holds.count.fetch_add(1, Ordering::Relaxed);
        self.holds.most_rows.fetch_max(gone, Ordering::Relaxed);
        self.held += took;
        self.uncopied_bytes += piece.bytes;
        if self.uncopied_bytes >= COPIED_AFTER_BYTES {
            self.uncopied_bytes = 0;
            self.journal.copy().await?;
        }
        if self.until.is_none() {
            tokio::time::sleep(took * PAUSE).await;
        }
        Ok(())
    }
}
