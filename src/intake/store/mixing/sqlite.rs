//! Mixing in a SQLite file.

use super::Changed;
use crate::storage::{StoreError, sqlite_options};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Up to this size a database is written anew in memory, beyond it through a temporary file, in bytes.
const IN_MEMORY_MAX_BYTES: i64 = 64 * 1024 * 1024;

/// Mixing in a SQLite file, over a connection of its own.
pub(in super::super) struct SqliteMixing {
    connection: Mutex<Option<SqliteConnection>>,
    readers: SqlitePool,
    gate: Arc<Mutex<()>>,
    changed: Changed,
}

impl SqliteMixing {
    pub(in super::super) async fn open(
        path: &Path,
        readers: SqlitePool,
        changed: Changed,
    ) -> Result<Self, StoreError> {
        let connection = sqlite_options(path).connect().await?;
        Ok(Self {
            connection: Mutex::new(Some(connection)),
            readers,
            gate: Arc::default(),
            changed,
        })
    }

    /// What the writer holds while it writes.
    pub(in super::super) fn gate(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.gate)
    }

    pub(in super::super) async fn mix(&self) -> Result<bool, StoreError> {
        let mut connection = self.connection.lock().await;
        let connection = connection.as_mut().ok_or(StoreError::Closed)?;
        let _nobody_writes = self.gate.lock().await;
        let Some(count) = self.changed.unmixed() else {
            return Ok(false);
        };
        self.rewrite(connection).await?;
        self.changed.all_mixed(count);
        Ok(true)
    }

    /// Random places, then the whole file anew: pages in the order of keys, none left over from before.
    async fn rewrite(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let pages = number(connection, "PRAGMA page_count").await?;
        let page_bytes = number(connection, "PRAGMA page_size").await?;
        let temporary = if pages.saturating_mul(page_bytes) <= IN_MEMORY_MAX_BYTES {
            "PRAGMA temp_store = MEMORY"
        } else {
            "PRAGMA temp_store = FILE"
        };
        for statement in [
            temporary,
            "UPDATE envelope SET place = -1 - ABS(RANDOM() % 4611686018427387904) WHERE place > 0",
            "VACUUM",
        ] {
            sqlx::query(statement).execute(&mut *connection).await?;
        }
        // Readers may hold it back; then the journal is emptied after the next deletion or mixing.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.readers)
            .await?;
        Ok(())
    }

    pub(in super::super) async fn close(&self) {
        // What is not mixed now is mixed at the next start.
        let _ = self.mix().await;
        if let Some(connection) = self.connection.lock().await.take() {
            let _ = connection.close().await;
        }
    }
}

async fn number(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<i64, StoreError> {
    let row = sqlx::query(pragma).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}
