//! Clocks that are moved, and clocks that climb, on both engines.

use super::rows::ClockRow;
use super::{PgTriageStore, SqliteTriageStore};
use crate::deadlines::Rung;
use async_trait::async_trait;
use mifeng_foundation::storage::StoreError;

/// Keeps how far clocks have climbed.
#[async_trait]
pub trait ClockStore: Send + Sync {
    /// Notes how far a running clock has climbed.
    ///
    /// # Errors
    /// What the engine says.
    async fn clock_climbed(&self, clock: [u8; 16], rung: Rung) -> Result<(), StoreError>;
}

macro_rules! engine {
    ($name:ty, $connection:ty) => {
        impl $name {
            /// Gives running clocks their new last days.
            pub(super) async fn move_clocks(
                connection: &mut $connection,
                clocks: &[ClockRow],
            ) -> Result<(), StoreError> {
                for clock in clocks {
                    sqlx::query(
                        "UPDATE clock SET due_day = $1, provisional = $2, extended_days = $3, climbed = $4,
                             moved_times = $6, moved_day = $7
                         WHERE id = $5 AND met_day IS NULL",
                    )
                    .bind(i64::from(clock.due_day.number()))
                    .bind(i64::from(clock.provisional))
                    .bind(i64::from(clock.extended_days))
                    .bind(clock.climbed.number())
                    .bind(clock.id.as_slice())
                    .bind(i64::from(clock.moved_times))
                    .bind(clock.moved_day.map(|day| i64::from(day.number())))
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }
        }

        #[async_trait]
        impl ClockStore for $name {
            async fn clock_climbed(&self, clock: [u8; 16], rung: Rung) -> Result<(), StoreError> {
                sqlx::query("UPDATE clock SET climbed = $1 WHERE id = $2 AND met_day IS NULL")
                    .bind(rung.number())
                    .bind(clock.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }
        }
    };
}

engine!(SqliteTriageStore, sqlx::SqliteConnection);
engine!(PgTriageStore, sqlx::PgConnection);
