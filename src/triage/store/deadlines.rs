//! Deadlines that are moved or escalated, on both engines.

use super::rows::DeadlineRow;
use super::{PgTriageStore, SqliteTriageStore};
use crate::deadlines::EscalationLevel;
use async_trait::async_trait;
use mifeng_foundation::storage::StoreError;

/// The part of triage's store that keeps to which level deadlines are escalated.
#[async_trait]
pub trait DeadlineStore: Send + Sync {
    /// Stores the level to which a running deadline is escalated.
    ///
    /// # Errors
    /// What the engine says.
    async fn deadline_escalated(
        &self,
        deadline: [u8; 16],
        level: EscalationLevel,
    ) -> Result<(), StoreError>;
}

macro_rules! engine {
    ($name:ty, $connection:ty) => {
        impl $name {
            /// Gives running deadlines their new last days.
            pub(super) async fn move_deadlines(
                connection: &mut $connection,
                deadlines: &[DeadlineRow],
            ) -> Result<(), StoreError> {
                for deadline in deadlines {
                    sqlx::query(
                        "UPDATE clock SET due_day = $1, provisional = $2, extended_days = $3, climbed = $4,
                             moved_times = $6, moved_day = $7
                         WHERE id = $5 AND met_day IS NULL",
                    )
                    .bind(i64::from(deadline.due_day.number()))
                    .bind(i64::from(deadline.provisional))
                    .bind(i64::from(deadline.extended_days))
                    .bind(deadline.escalated.number())
                    .bind(deadline.id.as_slice())
                    .bind(i64::from(deadline.moved_times))
                    .bind(deadline.moved_day.map(|day| i64::from(day.number())))
                    .execute(&mut *connection)
                    .await?;
                }
                Ok(())
            }
        }

        #[async_trait]
        impl DeadlineStore for $name {
            async fn deadline_escalated(&self, deadline: [u8; 16], level: EscalationLevel) -> Result<(), StoreError> {
                sqlx::query("UPDATE clock SET climbed = $1 WHERE id = $2 AND met_day IS NULL")
                    .bind(level.number())
                    .bind(deadline.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(())
            }
        }
    };
}

engine!(SqliteTriageStore, sqlx::SqliteConnection);
engine!(PgTriageStore, sqlx::PgConnection);
