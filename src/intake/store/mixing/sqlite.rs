//! Mixing in a SQLite file: a little at a time, so that whoever sends something waits for one piece at most, however much
//! there is. What came is moved in the order of its random ids; each row takes a place that another one left.

use super::Changed;
use mifeng_foundation::storage::{StoreError, sqlite_options};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Most rows that are moved while the writer waits.
const PIECE_ROWS: usize = 512;

/// Most bytes in them, but for the last row: some tens of milliseconds on a slow disk.
const PIECE_BYTES: u64 = 2 * 1024 * 1024;

/// A file of which no more pages than these are in use is written anew whole, which takes no longer than a piece.
const WHOLE_MAX_PAGES: i64 = 1024;

/// After each piece the writer has so many times as long for itself.
const PAUSE: u32 = 3;

/// Bytes moved after which the journal is copied into the file.
const COPIED_AFTER_BYTES: u64 = 4 * 1024 * 1024;

/// Tables that are ordered by a random key. Only within a page do they keep the order in which rows came, so that they are
/// written anew seldom: of so many parts of time at most one is spent on it.
const KEYED: [(&str, &str, &str); 4] = [
    ("mailbox", "lookup_digest", "128"),
    ("opened", "lookup_digest", "128"),
    ("message", "id", "LENGTH(ciphertext)"),
    ("attachment", "id", "128"),
];
const SELDOM: u32 = 100;

/// Longest that mixing goes on when the service stops; what is left then is mixed after the next start.
const CLOSING: Duration = Duration::from_secs(5);

/// How long readers may keep the journal from being emptied while nobody may write, in milliseconds.
const EMPTYING_WAIT: &str = "PRAGMA busy_timeout = 50";

/// As everywhere else.
const USUAL_WAIT: &str = "PRAGMA busy_timeout = 10000";

/// Mixing in a SQLite file, over a connection of its own.
pub(in super::super) struct SqliteMixing {
    connection: Mutex<Option<SqliteConnection>>,
    gate: Arc<Mutex<()>>,
    changed: Changed,
    seldom: Mutex<Seldom>,
    holds: Holds,
}

/// When the tables with random keys are written anew next.
#[derive(Default)]
struct Seldom {
    next: Option<Instant>,
}

/// How the writer was held up so far.
#[derive(Default)]
pub(in super::super) struct Holds {
    /// How often.
    pub count: AtomicU64,
    /// Most rows that were moved in one of them.
    pub most_rows: AtomicU64,
}

/// One round: who is in a hurry, and how much it has done.
struct Round {
    /// When it has to end; without it the writer gets its time between pieces.
    until: Option<Instant>,
    held: Duration,
    uncopied_bytes: u64,
}

impl Round {
    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// Rows of a table that are moved together: those above a key, up to another.
struct Piece {
    after: Vec<u8>,
    to: Vec<u8>,
    rows: usize,
    bytes: u64,
}

impl SqliteMixing {
    pub(in super::super) async fn open(path: &Path, changed: Changed) -> Result<Self, StoreError> {
        let connection = sqlite_options(path).connect().await?;
        Ok(Self {
            connection: Mutex::new(Some(connection)),
            gate: Arc::default(),
            changed,
            seldom: Mutex::default(),
            holds: Holds::default(),
        })
    }

    /// What the writer holds while it writes.
    pub(in super::super) fn gate(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.gate)
    }

    /// How the writer was held up.
    #[cfg(test)]
    pub(in super::super) fn holds(&self) -> &Holds {
        &self.holds
    }

    pub(in super::super) async fn mix(&self) -> Result<bool, StoreError> {
        self.mix_until(None).await
    }

    async fn mix_until(&self, until: Option<Instant>) -> Result<bool, StoreError> {
        let mut connection = self.connection.lock().await;
        let connection = connection.as_mut().ok_or(StoreError::Closed)?;
        let Some(count) = self.changed.unmixed() else {
            return Ok(false);
        };
        let free = number(connection, "PRAGMA freelist_count").await?;
        let pages = number(connection, "PRAGMA page_count").await? - free;
        if pages <= WHOLE_MAX_PAGES {
            self.write_anew(connection).await?;
            return Ok(true);
        }
        let mut round = Round {
            until,
            held: Duration::ZERO,
            uncopied_bytes: 0,
        };
        let mut whole = self.move_envelopes(connection, &mut round).await?;
        let mut seldom = self.seldom.lock().await;
        let is_due = seldom.next.is_none_or(|next| Instant::now() >= next);
        if until.is_some() || is_due {
            let others = std::mem::take(&mut round.held);
            for table in KEYED {
                whole &= self.sort_anew(connection, table, &mut round).await?;
            }
            seldom.next = Some(Instant::now() + round.held * SELDOM);
            round.held += others;
        } else {
            whole = false;
        }
        self.copy_journal(connection, true).await?;
        if whole {
            self.changed.all_mixed(count);
        }
        Ok(true)
    }

    /// Random places, then the whole file anew: pages in the order of keys, none left over from before.
    async fn write_anew(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let _nobody_writes = self.gate.lock().await;
        let Some(count) = self.changed.unmixed() else {
            return Ok(());
        };
        self.holds.count.fetch_add(1, Ordering::Relaxed);
        for statement in [
            "UPDATE envelope SET place = -1 - ABS(RANDOM() % 4611686018427387904) WHERE place > 0",
            "VACUUM",
        ] {
            run(connection, statement).await?;
        }
        empty_journal(connection).await?;
        self.changed.all_mixed(count);
        Ok(())
    }

    /// Gives every envelope a random place that came since the last time; whether all have one.
    async fn move_envelopes(
        &self,
        connection: &mut SqliteConnection,
        round: &mut Round,
    ) -> Result<bool, StoreError> {
        let mut after = Vec::new();
        loop {
            let scan = "SELECT id, LENGTH(ciphertext) FROM envelope WHERE id > ? AND place > 0 ORDER BY id LIMIT ?";
            let Some(piece) = next_piece(connection, scan.to_owned(), after).await? else {
                return Ok(true);
            };
            self.moved(connection, round, &piece, [
                "CREATE TEMPORARY TABLE piece AS SELECT id, addressee, kind, content_sha256, is_stored, received_day, ciphertext \
                 FROM envelope WHERE id > ? AND id <= ? AND place > 0 ORDER BY id LIMIT ?".to_owned(),
                "DELETE FROM envelope WHERE id IN (SELECT id FROM temp.piece)".to_owned(),
                "INSERT INTO envelope (place, id, addressee, kind, content_sha256, is_stored, received_day, ciphertext) \
                 SELECT -1 - ABS(RANDOM() % 4611686018427387904), id, addressee, kind, content_sha256, is_stored, received_day, \
                 ciphertext FROM temp.piece ORDER BY id".to_owned(),
            ])
            .await?;
            if round.is_over() {
                return Ok(false);
            }
            after = piece.to;
        }
    }

    /// Writes a table with a random key anew, in the order of that key; whether all of it.
    async fn sort_anew(
        &self,
        connection: &mut SqliteConnection,
        (table, key, size): (&str, &str, &str),
        round: &mut Round,
    ) -> Result<bool, StoreError> {
        let mut after = Vec::new();
        loop {
            let scan =
                format!("SELECT {key}, {size} FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT ?");
            let Some(piece) = next_piece(connection, scan, after).await? else {
                return Ok(true);
            };
            self.moved(connection, round, &piece, [
                format!("CREATE TEMPORARY TABLE piece AS SELECT * FROM {table} WHERE {key} > ? AND {key} <= ? ORDER BY {key} LIMIT ?"),
                format!("DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM temp.piece)"),
                format!("INSERT INTO {table} SELECT * FROM temp.piece ORDER BY {key}"),
            ])
            .await?;
            if round.is_over() {
                return Ok(false);
            }
            after = piece.to;
        }
    }

    /// Takes a piece out and puts it in again while nobody writes.
    async fn moved(
        &self,
        connection: &mut SqliteConnection,
        round: &mut Round,
        piece: &Piece,
        [take, delete, insert]: [String; 3],
    ) -> Result<(), StoreError> {
        let nobody_writes = self.gate.lock().await;
        let begun = Instant::now();
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
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
        run(&mut transaction, "DROP TABLE temp.piece").await?;
        transaction.commit().await?;
        drop(nobody_writes);
        let took = begun.elapsed();
        self.holds.count.fetch_add(1, Ordering::Relaxed);
        self.holds.most_rows.fetch_max(gone, Ordering::Relaxed);
        round.held += took;
        round.uncopied_bytes += piece.bytes;
        if round.uncopied_bytes >= COPIED_AFTER_BYTES {
            round.uncopied_bytes = 0;
            self.copy_journal(connection, false).await?;
        }
        if round.until.is_none() {
            tokio::time::sleep(took * PAUSE).await;
        }
        Ok(())
    }

    /// Copies the journal into the file: most of it while others write on, and what is left while none may. `empties` it too.
    async fn copy_journal(
        &self,
        connection: &mut SqliteConnection,
        empties: bool,
    ) -> Result<(), StoreError> {
        run(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
        let _nobody_writes = self.gate.lock().await;
        if empties {
            empty_journal(connection).await
        } else {
            run(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
            Ok(())
        }
    }

    pub(in super::super) async fn close(&self) {
        // What is not mixed now is mixed at the next start.
        let _ = self.mix_until(Some(Instant::now() + CLOSING)).await;
        if let Some(connection) = self.connection.lock().await.take() {
            let _ = connection.close().await;
        }
    }
}

/// Readers may hold it back; then the journal is emptied after the next deletion or mixing.
async fn empty_journal(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    for statement in [EMPTYING_WAIT, "PRAGMA wal_checkpoint(TRUNCATE)", USUAL_WAIT] {
        run(connection, statement).await?;
    }
    Ok(())
}

/// The rows above the key `after` that are moved together. `scan` gives keys and sizes.
async fn next_piece(
    connection: &mut SqliteConnection,
    scan: String,
    after: Vec<u8>,
) -> Result<Option<Piece>, StoreError> {
    let rows = sqlx::query(AssertSqlSafe(scan))
        .bind(&after)
        .bind(i64::try_from(PIECE_ROWS).unwrap_or(i64::MAX))
        .fetch_all(connection)
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

async fn run(connection: &mut SqliteConnection, statement: &'static str) -> Result<(), StoreError> {
    sqlx::query(statement).execute(connection).await?;
    Ok(())
}

async fn number(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<i64, StoreError> {
    let row = sqlx::query(pragma).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}
