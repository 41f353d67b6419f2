//! Mailboxes that intake is to open, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, hash_from};
use mifeng_sealing::{LookupDigest, SubmissionTag};
use sqlx::Row as _;

/// A mailbox that intake is to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpeningRow {
    /// The mailbox.
    pub mailbox: LookupDigest,
    /// Tells a repeat from another tip under the same code.
    pub tag: SubmissionTag,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningState {
    /// Intake does not know of it yet.
    Queued,
    /// It is open.
    Open,
    /// Another is in its place.
    Taken,
}

impl OpeningState {
    fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Open => "open",
            Self::Taken => "taken",
        }
    }
}

/// The openings' part of triage's store; they are written with their tip.
#[async_trait]
pub trait OpeningStore {
    /// Those that intake does not know of.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn queued_openings(&self, limit: u32) -> Result<Vec<OpeningRow>, StoreError>;
    /// Notes what became of them.
    async fn mark_openings(
        &self,
        mailboxes: &[LookupDigest],
        state: OpeningState,
    ) -> Result<(), StoreError>;
    /// The tag under which a mailbox was asked for here; `None` for one that was not.
    async fn opening_tag(&self, mailbox: LookupDigest)
    -> Result<Option<SubmissionTag>, StoreError>;
}

macro_rules! openings {
    ($store:ty, $connection:ty) => {
        impl $store {
            /// Writes an opening with its tip. Nothing of such a tip is at intake, so nothing is to be released there.
            pub(super) async fn insert_opening(
                connection: &mut $connection,
                tip: &super::TipRow,
                opening: &OpeningRow,
            ) -> Result<(), StoreError> {
                sqlx::query("INSERT INTO opening (lookup_digest, tip_id, submission_tag, state) VALUES ($1, $2, $3, $4)")
                    .bind(opening.mailbox.as_bytes().as_slice())
                    .bind(tip.id.as_slice())
                    .bind(opening.tag.as_bytes().as_slice())
                    .bind(OpeningState::Queued.code())
                    .execute(&mut *connection)
                    .await?;
                sqlx::query("UPDATE envelope SET released = 1 WHERE content_sha256 = $1")
                    .bind(tip.content.as_bytes().as_slice())
                    .execute(&mut *connection)
                    .await?;
                Ok(())
            }
        }

        #[async_trait]
        impl OpeningStore for $store {
            async fn queued_openings(&self, limit: u32) -> Result<Vec<OpeningRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT lookup_digest, submission_tag FROM opening
                     WHERE state = 'queued' ORDER BY lookup_digest LIMIT $1",
                )
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let hash = |name: &str| hash_from(&row.try_get::<Blob, _>(name)?);
                        Ok(OpeningRow {
                            mailbox: LookupDigest::from_bytes(hash("lookup_digest")?),
                            tag: SubmissionTag::from_bytes(hash("submission_tag")?),
                        })
                    })
                    .collect()
            }

            async fn mark_openings(
                &self,
                mailboxes: &[LookupDigest],
                state: OpeningState,
            ) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for mailbox in mailboxes {
                    sqlx::query("UPDATE opening SET state = $1 WHERE lookup_digest = $2")
                        .bind(state.code())
                        .bind(mailbox.as_bytes().as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }

            async fn opening_tag(&self, mailbox: LookupDigest) -> Result<Option<SubmissionTag>, StoreError> {
                let row = sqlx::query("SELECT submission_tag FROM opening WHERE lookup_digest = $1")
                    .bind(mailbox.as_bytes().as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| Ok(SubmissionTag::from_bytes(hash_from(&row.try_get::<Blob, _>(0)?)?)))
                    .transpose()
            }
        }
    };
}

openings!(SqliteTriageStore, sqlx::SqliteConnection);
openings!(PgTriageStore, sqlx::PgConnection);
