//! Members' calendars, on both engines.

use super::day_from;
use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use crate::feed::FeedTokenHash;
use crate::model::MemberId;
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// The calendars' part of triage's store.
#[async_trait]
pub trait CalendarFeedStore {
    /// Gives `member` a calendar, in place of the one she had.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn set_feed(
        &self,
        member: MemberId,
        token: FeedTokenHash,
        made: Day,
    ) -> Result<(), StoreError>;
    /// Takes it away. `false` if she has none.
    async fn remove_feed(&self, member: MemberId) -> Result<bool, StoreError>;
    /// The day on which the calendar of `member` was made, if she has one.
    async fn feed_of(&self, member: MemberId) -> Result<Option<Day>, StoreError>;
    /// Whose calendar it is.
    async fn feed_owner(&self, token: FeedTokenHash) -> Result<Option<MemberId>, StoreError>;
}

macro_rules! feeds {
    ($store:ty) => {
        #[async_trait]
        impl CalendarFeedStore for $store {
            async fn set_feed(
                &self,
                member: MemberId,
                token: FeedTokenHash,
                made: Day,
            ) -> Result<(), StoreError> {
                sqlx::query(
                    "INSERT INTO calendar_feed (member_id, token_sha256, made_day) VALUES ($1, $2, $3)
                     ON CONFLICT (member_id) DO UPDATE SET token_sha256 = excluded.token_sha256,
                                                           made_day = excluded.made_day",
                )
                .bind(member.0.as_slice())
                .bind(token.0.as_slice())
                .bind(i64::from(made.number()))
                .execute(&self.pool)
                .await?;
                Ok(())
            }

            async fn remove_feed(&self, member: MemberId) -> Result<bool, StoreError> {
                let done = sqlx::query("DELETE FROM calendar_feed WHERE member_id = $1")
                    .bind(member.0.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn feed_of(&self, member: MemberId) -> Result<Option<Day>, StoreError> {
                let sql = "SELECT made_day FROM calendar_feed WHERE member_id = $1";
                let row = sqlx::query(sql)
                    .bind(member.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| day_from(row.try_get(0)?)).transpose()
            }

            async fn feed_owner(&self, token: FeedTokenHash) -> Result<Option<MemberId>, StoreError> {
                let sql = "SELECT member_id FROM calendar_feed WHERE token_sha256 = $1";
                let row = sqlx::query(sql)
                    .bind(token.0.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| Ok(MemberId(id_from(&row.try_get::<Blob, _>(0)?)?)))
                    .transpose()
            }
        }
    };
}

feeds!(SqliteTriageStore);
feeds!(PgTriageStore);
