//! Mailboxes and what is in them, and which manifests were served, but for what is written together with an envelope. The statements are the same on both
//! engines, so each is written once; how a writing transaction begins is not.

use super::postgres::PgIntakeStore;
use super::sqlite::SqliteIntakeStore;
use super::{NewMessage, ServedManifest};
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::{LookupDigest, SubmissionTag};
use sqlx::Row as _;
use std::collections::BTreeMap;

macro_rules! mailboxes {
    ($store:ty, $begin:literal, $insert_mailbox:literal, $insert_message:literal) => {
        impl $store {
            /// As [`super::IntakeStore::mailbox_addressee`]; so for each here.
            pub(super) async fn addressee_of(
                &self,
                office: &str,
                lookup_digest: LookupDigest,
            ) -> Result<Option<String>, StoreError> {
                let row = sqlx::query(
                    "SELECT addressee FROM mailbox WHERE lookup_digest = $1 AND office = $2",
                )
                .bind(lookup_digest.as_bytes().as_slice())
                .bind(office)
                .fetch_optional(&self.pool)
                .await?;
                Ok(row.map(|row| row.try_get(0)).transpose()?)
            }

            pub(super) async fn messages_in(
                &self,
                lookup_digest: LookupDigest,
            ) -> Result<Vec<Vec<u8>>, StoreError> {
                let rows = sqlx::query("SELECT ciphertext FROM message WHERE lookup_digest = $1")
                    .bind(lookup_digest.as_bytes().as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
            }

            pub(super) async fn open_empty(
                &self,
                office: &str,
                lookup_digest: LookupDigest,
                submission_tag: SubmissionTag,
            ) -> Result<bool, StoreError> {
                let _writing = self.changed.writing();
                let mut transaction = self.pool.begin_with($begin).await?;
                sqlx::query($insert_mailbox)
                .bind(lookup_digest.as_bytes().as_slice())
                .bind(office)
                .bind(submission_tag.as_bytes().as_slice())
                .execute(&mut *transaction)
                .await?;
                let row = sqlx::query(
                    "SELECT 1 FROM mailbox
                     WHERE lookup_digest = $1 AND office = $2 AND addressee = $2 AND submission_tag = $3",
                )
                .bind(lookup_digest.as_bytes().as_slice())
                .bind(office)
                .bind(submission_tag.as_bytes().as_slice())
                .fetch_optional(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(row.is_some())
            }

            /// Not a mailbox's, but as small and as much the same on both.
            pub(super) async fn served(
                &self,
            ) -> Result<BTreeMap<String, ServedManifest>, StoreError> {
                let rows = sqlx::query(
                    "SELECT office, serial, content_sha256, fingerprint, revoked, is_top FROM served_manifest",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let manifest = ServedManifest::from_columns(
                            row.try_get(1)?,
                            row.try_get(2)?,
                            row.try_get(3)?,
                            row.try_get(4)?,
                            row.try_get(5)?,
                        );
                        Ok((row.try_get(0)?, manifest?))
                    })
                    .collect()
            }

            pub(super) async fn note(
                &self,
                office: &str,
                manifest: &ServedManifest,
            ) -> Result<ServedManifest, StoreError> {
                let _writing = self.changed.writing();
                sqlx::query(
                    "INSERT INTO served_manifest (office, serial, content_sha256, fingerprint, revoked, is_top)
                     VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (office) DO UPDATE SET serial = excluded.serial,
                         content_sha256 = excluded.content_sha256, fingerprint = excluded.fingerprint,
                         revoked = excluded.revoked, is_top = excluded.is_top
                     WHERE excluded.serial > served_manifest.serial
                         OR (excluded.serial = served_manifest.serial
                             AND (served_manifest.content_sha256 IS NULL
                                  OR served_manifest.content_sha256 = excluded.content_sha256))",
                )
                .bind(office)
                .bind(i64::try_from(manifest.serial).unwrap_or(i64::MAX))
                .bind(manifest.content_sha256.map(|hash| hash.to_vec()))
                .bind(&manifest.fingerprint)
                .bind(manifest.revoked_text())
                .bind(i64::from(manifest.is_top))
                .execute(&self.pool)
                .await?;
                let noted = self.served().await?.remove(office);
                noted.ok_or(StoreError::Damaged("a manifest that was noted is not there"))
            }

            pub(super) async fn close_with(
                &self,
                addressee: &str,
                last: NewMessage,
            ) -> Result<bool, StoreError> {
                let _writing = self.changed.writing();
                let mut transaction = self.pool.begin_with($begin).await?;
                let closed = sqlx::query(
                    "UPDATE mailbox SET closed = 1 WHERE lookup_digest = $1 AND addressee = $2",
                )
                .bind(last.lookup_digest.as_bytes().as_slice())
                .bind(addressee)
                .execute(&mut *transaction)
                .await?;
                if closed.rows_affected() == 0 {
                    return Ok(false);
                }
                sqlx::query($insert_message)
                .bind(last.id.as_slice())
                .bind(last.lookup_digest.as_bytes().as_slice())
                .bind(last.ciphertext)
                .execute(&mut *transaction)
                .await?;
                transaction.commit().await?;
                Ok(true)
            }

            pub(super) async fn change_addressee(
                &self,
                addressee: &str,
                to: &str,
                lookup_digest: LookupDigest,
            ) -> Result<(), StoreError> {
                let _writing = self.changed.writing();
                sqlx::query(
                    "UPDATE mailbox SET addressee = $1 WHERE lookup_digest = $2 AND addressee = $3",
                )
                .bind(to)
                .bind(lookup_digest.as_bytes().as_slice())
                .bind(addressee)
                .execute(&self.pool)
                .await?;
                Ok(())
            }
        }
    };
}

mailboxes!(
    SqliteIntakeStore,
    "BEGIN IMMEDIATE",
    "INSERT INTO mailbox (lookup_digest, office, addressee, submission_tag)
     VALUES ($1, $2, $2, $3) ON CONFLICT DO NOTHING",
    "INSERT INTO message (id, lookup_digest, ciphertext) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
);
mailboxes!(
    PgIntakeStore,
    "BEGIN",
    "INSERT INTO mailbox (part, lookup_digest, office, addressee, submission_tag)
     SELECT arrival_part, $1, $2, $2, $3 FROM mixing WHERE table_name = 'mailbox'
     AND NOT EXISTS (SELECT 1 FROM mailbox WHERE lookup_digest = $1) ON CONFLICT DO NOTHING",
    "INSERT INTO message (part, id, lookup_digest, ciphertext)
     SELECT arrival_part, $1, $2, $3 FROM mixing WHERE table_name = 'message'
     AND NOT EXISTS (SELECT 1 FROM message WHERE id = $1) ON CONFLICT DO NOTHING"
);
