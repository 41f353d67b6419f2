//! The rules of retention as they were in force before, on both engines.

use super::day_from;
use super::engines::{PgTriageStore, SqliteTriageStore};
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreError;
use sqlx::Row as _;

/// The rules that are in force, and what was before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionSeen {
    /// The rules' file as it was read last.
    pub rules: String,
    /// The rules before them.
    pub before: Option<String>,
    /// The day on which they changed.
    pub since: Day,
}

/// The part of triage's store that remembers them.
#[async_trait]
pub trait RetentionSeenStore {
    /// What was in force at the last start; `None` before the first.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn retention_seen(&self) -> Result<Option<RetentionSeen>, StoreError>;
    /// Remembers what is in force now.
    async fn see_retention(&self, seen: &RetentionSeen) -> Result<(), StoreError>;
}

macro_rules! retention_seen {
    ($store:ty) => {
        #[async_trait]
        impl RetentionSeenStore for $store {
            async fn retention_seen(&self) -> Result<Option<RetentionSeen>, StoreError> {
                let row = sqlx::query("SELECT rules, before, since_day FROM retention_seen WHERE id = 1")
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| {
                    Ok(RetentionSeen {
                        rules: row.try_get("rules")?,
                        before: row.try_get("before")?,
                        since: day_from(row.try_get("since_day")?)?,
                    })
                })
                .transpose()
            }

            async fn see_retention(&self, seen: &RetentionSeen) -> Result<(), StoreError> {
                sqlx::query(
                    "INSERT INTO retention_seen (id, rules, before, since_day) VALUES (1, $1, $2, $3)
                     ON CONFLICT (id) DO UPDATE
                     SET rules = excluded.rules, before = excluded.before, since_day = excluded.since_day",
                )
                .bind(seen.rules.as_str())
                .bind(seen.before.as_deref())
                .bind(i64::from(seen.since.number()))
                .execute(&self.pool)
                .await?;
                Ok(())
            }
        }
    };
}

retention_seen!(SqliteTriageStore);
retention_seen!(PgTriageStore);
