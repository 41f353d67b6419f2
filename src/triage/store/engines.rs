//! The store on both engines: its pool, and how a writing transaction begins, which is not the same on the two.

use super::write_lock::{AuditQueue, WriteTransaction, writing_pool};
use mifeng_foundation::storage::StoreError;
use sqlx::{PgPool, SqlitePool};
use std::sync::Arc;
use tokio::sync::Mutex;

macro_rules! engine {
    ($(#[$doc:meta])* $name:ident, $pool:ty, $row:ty, $connection:ty, $begin:literal, $write_lock:expr, $writes:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            pub(super) pool: $pool,
            /// Where a writing transaction gets its connection; a single statement may also go over `pool`.
            writes: $pool,
            /// Held while something is written, where the engine has one writer.
            write_lock: Option<Arc<Mutex<()>>>,
            pub(super) audit_log: AuditQueue,
        }

        impl $name {
            /// Over a pool whose schema is up to date.
            #[must_use]
            pub fn new(pool: $pool) -> Self {
                Self {
                    writes: $writes(&pool),
                    pool,
                    write_lock: $write_lock,
                    audit_log: AuditQueue::default(),
                }
            }

            pub(super) async fn begin(&self) -> Result<WriteTransaction<'_, <$row as sqlx::Row>::Database>, StoreError> {
                let lock = match &self.write_lock {
                    Some(write_lock) => Some(Arc::clone(write_lock).lock_owned().await),
                    None => None,
                };
                Ok(WriteTransaction::new(self.writes.begin_with($begin).await?, lock))
            }
        }
    };
}

engine!(
    /// The store in SQLite. A writing transaction takes the write lock at once, so that it never has to be
    /// given up half-way.
    SqliteTriageStore, SqlitePool, sqlx::sqlite::SqliteRow, sqlx::SqliteConnection, "BEGIN IMMEDIATE",
    Some(Arc::default()), writing_pool
);
engine!(
    /// The store in PostgreSQL.
    PgTriageStore, PgPool, sqlx::postgres::PgRow, sqlx::PgConnection, "BEGIN", None, PgPool::clone
);
