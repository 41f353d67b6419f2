//! The last message for the mailbox of a destroyed case, until intake has it, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::LookupDigest;
use sqlx::Row as _;

/// The last message for a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastMessage {
    /// Its id at intake.
    pub id: [u8; 16],
    /// The mailbox that it closes.
    pub mailbox: LookupDigest,
    /// Sealed to the mailbox.
    pub ciphertext: Vec<u8>,
}

/// The part of triage's store that keeps them; they are written with what destroys the case.
#[async_trait]
pub trait LastMessageStore {
    /// Those that wait for intake.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn last_messages(&self, limit: u32) -> Result<Vec<LastMessage>, StoreError>;
    /// Forgets those that intake has, or whose mailbox is gone.
    async fn forget_last_messages(&self, ids: &[[u8; 16]]) -> Result<(), StoreError>;
}

macro_rules! last_messages {
    ($store:ty, $connection:ty) => {
        impl $store {
            pub(super) async fn insert_last_messages(
                connection: &mut $connection,
                messages: &[LastMessage],
            ) -> Result<(), StoreError> {
                for message in messages {
                    sqlx::query("INSERT INTO last_message (id, lookup_digest, ciphertext) VALUES ($1, $2, $3)")
                        .bind(message.id.as_slice())
                        .bind(message.mailbox.as_bytes().as_slice())
                        .bind(message.ciphertext.as_slice())
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(())
            }
        }

        #[async_trait]
        impl LastMessageStore for $store {
            async fn last_messages(&self, limit: u32) -> Result<Vec<LastMessage>, StoreError> {
                let rows = sqlx::query("SELECT id, lookup_digest, ciphertext FROM last_message ORDER BY id LIMIT $1")
                    .bind(i64::from(limit))
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        let mailbox = hash_from(&row.try_get::<Blob, _>(1)?)?;
                        Ok(LastMessage {
                            id: id_from(&row.try_get::<Blob, _>(0)?)?,
                            mailbox: LookupDigest::from_bytes(mailbox),
                            ciphertext: row.try_get(2)?,
                        })
                    })
                    .collect()
            }

            async fn forget_last_messages(&self, ids: &[[u8; 16]]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for id in ids {
                    sqlx::query("DELETE FROM last_message WHERE id = $1")
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }
        }
    };
}

last_messages!(SqliteTriageStore, sqlx::SqliteConnection);
last_messages!(PgTriageStore, sqlx::PgConnection);
