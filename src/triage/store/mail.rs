//! News that the staff are to be mailed about, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::{Blob, optional_id};
use crate::model::{CaseId, MemberId};
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use mifeng_sealing::{Recipient, RecipientError};
use sqlx::Row as _;

/// News that a member is to be mailed about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueMail {
    /// The row's id.
    pub id: [u8; 16],
    /// Whom to remind.
    pub member: MemberId,
    /// Deliveries tried.
    pub attempts: u32,
    /// The case that there is news of: she is told only while she may see it. `None` for news of before this was noted.
    pub case: Option<CaseId>,
}

/// A member, and to whom her mail is sealed.
pub type MailRecipient = (MemberId, Result<Recipient, RecipientError>);

/// The mail's part of triage's store.
#[async_trait]
pub trait MailStore {
    /// News that nobody was mailed about yet.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn mail_due(&self) -> Result<Vec<DueMail>, StoreError>;
    /// Forgets news that went out.
    async fn mail_sent(&self, ids: &[[u8; 16]]) -> Result<(), StoreError>;
    /// To whom mail is sealed, of those who want that. A recipient that an earlier version took and that nothing can be sealed
    /// to says so, and stands in nobody else's way.
    async fn mail_recipients(&self) -> Result<Vec<MailRecipient>, StoreError>;
    /// Seals a member's mail to `recipient` from now on, or no longer.
    async fn set_mail_recipient(
        &self,
        member: MemberId,
        recipient: Option<&Recipient>,
    ) -> Result<(), StoreError>;
    /// Counts a delivery that failed.
    async fn mail_failed(&self, ids: &[[u8; 16]]) -> Result<(), StoreError>;
}

macro_rules! mail {
    ($store:ty) => {
        #[async_trait]
        impl MailStore for $store {
            async fn mail_due(&self) -> Result<Vec<DueMail>, StoreError> {
                let rows = sqlx::query("SELECT id, member_id, attempts, case_id FROM mail_outbox")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        let attempts =
                            u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(u32::MAX);
                        let member = MemberId(id_from(&row.try_get::<Blob, _>("member_id")?)?);
                        Ok(DueMail {
                            id: id_from(&row.try_get::<Blob, _>("id")?)?,
                            member,
                            attempts,
                            case: optional_id(row.try_get("case_id")?)?.map(CaseId),
                        })
                    })
                    .collect()
            }

            async fn mail_sent(&self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for id in ids {
                    sqlx::query("DELETE FROM mail_outbox WHERE id = $1")
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }

            async fn mail_recipients(&self) -> Result<Vec<MailRecipient>, StoreError> {
                let rows = sqlx::query("SELECT member_id, recipient FROM mail_recipient")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        let recipient = row.try_get::<String, _>(1)?.parse();
                        Ok((MemberId(id_from(&row.try_get::<Blob, _>(0)?)?), recipient))
                    })
                    .collect()
            }

            async fn set_mail_recipient(
                &self,
                member: MemberId,
                recipient: Option<&Recipient>,
            ) -> Result<(), StoreError> {
                let statement = match recipient {
                    Some(recipient) => sqlx::query(
                        "INSERT INTO mail_recipient (member_id, recipient) VALUES ($1, $2)
                         ON CONFLICT (member_id) DO UPDATE SET recipient = excluded.recipient",
                    )
                    .bind(member.0.as_slice())
                    .bind(recipient.to_string()),
                    None => sqlx::query("DELETE FROM mail_recipient WHERE member_id = $1")
                        .bind(member.0.as_slice()),
                };
                statement.execute(&self.pool).await?;
                Ok(())
            }

            async fn mail_failed(&self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for id in ids {
                    sqlx::query("UPDATE mail_outbox SET attempts = attempts + 1 WHERE id = $1")
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }
        }
    };
}

mail!(SqliteTriageStore);
mail!(PgTriageStore);
