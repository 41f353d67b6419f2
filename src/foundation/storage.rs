//! Plumbing shared by both services' stores: which engine a URL means, how each is opened, and the check that a
//! database's schema is one this program knows. What is stored is each service's own business.

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Row as _, SqlSafeStr as _};
use std::borrow::Cow;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Where a store is: `sqlite:PATH` or `postgres://…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreUrl {
    /// A file; made if it is not there.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres(String),
}

/// What went wrong with a store. Holds no row's content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A URL of neither kind.
    #[error("the store's URL begins with neither `sqlite:` nor `postgres:`")]
    UnknownScheme,
    /// The database has a schema from a newer version, or one that was altered.
    #[error("the store's schema is not one this program knows: {0}")]
    UnknownSchema(String),
    /// No room on the disk, or in the database.
    #[error("the store is full")]
    Full,
    /// A row holds what no version of this program writes.
    #[error("a stored row is damaged: {0}")]
    Damaged(&'static str),
    /// The engine failed; the cause is for the log.
    #[error("the store failed")]
    Engine(#[source] sqlx::Error),
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether the same may go well later: the engine is away, busy or full. Not where it refuses what it was given, or a row
    /// is damaged.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Full | Self::Closed => true,
            Self::Engine(sqlx::Error::Database(error)) => {
                matches!(error.kind(), sqlx::error::ErrorKind::Other)
            }
            Self::Engine(cause) => !matches!(
                cause,
                sqlx::Error::Encode(_)
                    | sqlx::Error::Decode(_)
                    | sqlx::Error::ColumnDecode { .. }
                    | sqlx::Error::RowNotFound
            ),
            Self::UnknownScheme | Self::UnknownSchema(_) | Self::Damaged(_) => false,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLite: 13 is SQLITE_FULL. PostgreSQL: 53100 is disk_full.
        let full = error
            .as_database_error()
            .and_then(|e| e.code().map(|code| matches!(&*code, "13" | "53100")))
            .unwrap_or(false);
        if full {
            Self::Full
        } else {
            Self::Engine(error)
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) => error.into(),
            other => Self::UnknownSchema(other.to_string()),
        }
    }
}

impl FromStr for StoreUrl {
    type Err = StoreError;

    fn from_str(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            Ok(Self::Sqlite(path.trim_start_matches("//").into()))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres(url.to_owned()))
        } else {
            Err(StoreError::UnknownScheme)
        }
    }
}

/// One migration: its version, its name and its SQL.
pub type MigrationSource = (i64, &'static str, &'static str);

/// Pages that a SQLite connection keeps in memory, in KiB, negative as SQLite wants it: the system keeps the file anyway.
const CACHE_KIB: &str = "-1000";

/// Prepared statements that a SQLite connection keeps. Those that insert many rows are large, and one a number of rows.
const STATEMENTS: usize = 24;

/// How every SQLite connection is opened: WAL, synchronous FULL, deleted bytes overwritten, nothing logged.
#[must_use]
pub fn sqlite_options(path: &std::path::Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("secure_delete", "on")
        .pragma("temp_store", "memory")
        .pragma("cache_size", CACHE_KIB)
        .statement_cache_capacity(STATEMENTS)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging()
}

/// Opens a SQLite file with its schema brought up to date.
///
/// # Errors
/// [`StoreError::UnknownSchema`] for a database from a newer version, else what the engine says.
pub async fn open_sqlite(
    path: &std::path::Path,
    readers: u32,
    migrations: &[MigrationSource],
) -> Result<SqlitePool, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(readers)
        .connect_with(sqlite_options(path))
        .await?;
    let mut connection = pool.acquire().await?;
    migrate::<SqliteConnection>(&mut connection, migrations).await?;
    drop(connection);
    Ok(pool)
}

/// Opens a PostgreSQL database with its schema brought up to date.
///
/// # Errors
/// As [`open_sqlite`].
pub async fn open_postgres(
    url: &str,
    connections: u32,
    migrations: &[MigrationSource],
) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)?.disable_statement_logging();
    // A connection belongs to the runtime that opened it, and dies with it. Those of a web server's workers end with the
    // server, while others still use the pool: so all are opened here, at once and for good.
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .after_release(|connection, _| Box::pin(outside_transactions(connection)))
        .connect_with(options)
        .await?;
    let mut connection = pool.acquire().await?;
    migrate::<sqlx::PgConnection>(&mut connection, migrations).await?;
    drop(connection);
    Ok(pool)
}

/// Ends a transaction that a connection is left in. One whose beginning was broken off, since whoever asked for it hung up at
/// that moment, is open at the server without the pool's knowledge: what the next ones wrote over this connection, each by a
/// single statement, would be told to be stored and be stored by nobody.
async fn outside_transactions(connection: &mut sqlx::PgConnection) -> Result<bool, sqlx::Error> {
    // As one simple query, which begins a transaction of its own at its own time where none is open.
    let query = sqlx::raw_sql("SELECT now() = statement_timestamp()");
    let row = query.fetch_one(&mut *connection).await;
    // Within a transaction that failed nothing else is answered.
    let is_outside = row.and_then(|row| row.try_get(0)).unwrap_or(false);
    if !is_outside {
        sqlx::raw_sql("ROLLBACK").execute(connection).await?;
    }
    Ok(true)
}

async fn migrate<C>(connection: &mut C, migrations: &[MigrationSource]) -> Result<(), StoreError>
where
    C: Migrate,
{
    let migrations = migrations
        .iter()
        .map(|(version, name, sql)| {
            Migration::new(
                *version,
                Cow::Borrowed(name),
                MigrationType::Simple,
                (*sql).into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
        .run_direct(None, connection, false)
        .await?;
    Ok(())
}

/// What ends PostgreSQL's own journal. It needs the role `pg_checkpoint` and the right to call `pg_switch_wal`.
const END_JOURNAL: [&str; 2] = ["SELECT pg_switch_wal()", "CHECKPOINT"];

/// Has PostgreSQL begin a new segment of its journal, so that it takes the older ones away (`wal_recycle = off`). `false`
/// where a right is missing.
///
/// # Errors
/// What the engine says otherwise.
pub async fn end_postgres_journal(pool: &PgPool) -> Result<bool, StoreError> {
    for statement in END_JOURNAL {
        match sqlx::query(statement).execute(pool).await {
            Ok(_) => {}
            Err(error) if is_refused(&error) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

/// SQLSTATE 42501: the privilege is missing.
fn is_refused(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "42501")
}

/// Sixteen bytes from a column that holds an id.
///
/// # Errors
/// [`StoreError::Damaged`] for any other length.
pub fn id_from(bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes
        .try_into()
        .map_err(|_| StoreError::Damaged("an id is not 16 bytes"))
}

/// Thirty-two bytes from a column that holds a hash.
///
/// # Errors
/// [`StoreError::Damaged`] for any other length.
pub fn hash_from(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes
        .try_into()
        .map_err(|_| StoreError::Damaged("a hash is not 32 bytes"))
}
