//! Versions of the routing rules, on both engines.

use super::day_from;
use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use crate::model::MemberId;
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// A version of the routing rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingRow {
    /// Counted from 2: the first is the file's.
    pub number: i64,
    /// Random id, for the audit log.
    pub id: [u8; 16],
    /// When it was written.
    pub written_day: Day,
    /// By whom.
    pub member: MemberId,
    /// The rules, JSON.
    pub rules: String,
    /// Why, sealed to the office.
    pub reason: Vec<u8>,
}

/// The rules' part of triage's store.
#[async_trait]
pub trait RoutingStore {
    /// Every version, the latest first.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn routing_versions(&self) -> Result<Vec<RoutingRow>, StoreError>;
    /// Writes a version; `false`, and nothing is done, if there is one of its number: somebody was faster.
    async fn add_routing_version(&self, row: &RoutingRow) -> Result<bool, StoreError>;
}

macro_rules! routing {
    ($store:ty) => {
        #[async_trait]
        impl RoutingStore for $store {
            async fn routing_versions(&self) -> Result<Vec<RoutingRow>, StoreError> {
                let rows = sqlx::query("SELECT * FROM routing_rules ORDER BY number DESC")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        Ok(RoutingRow {
                            number: row.try_get("number")?,
                            id: id_from(&row.try_get::<Blob, _>("id")?)?,
                            written_day: day_from(row.try_get("written_day")?)?,
                            member: MemberId(id_from(&row.try_get::<Blob, _>("member_id")?)?),
                            rules: row.try_get("rules")?,
                            reason: row.try_get("reason")?,
                        })
                    })
                    .collect()
            }

            async fn add_routing_version(&self, row: &RoutingRow) -> Result<bool, StoreError> {
                let done = sqlx::query(
                    "INSERT INTO routing_rules (number, id, written_day, member_id, rules, reason)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (number) DO NOTHING",
                )
                .bind(row.number)
                .bind(row.id.as_slice())
                .bind(i64::from(row.written_day.number()))
                .bind(row.member.0.as_slice())
                .bind(row.rules.as_str())
                .bind(row.reason.as_slice())
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }
        }
    };
}

routing!(SqliteTriageStore);
routing!(PgTriageStore);
