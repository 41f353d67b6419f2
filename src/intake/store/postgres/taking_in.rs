//! An envelope taken in: if there is room for it, with the files that it claims, once.

use super::PgIntakeStore;
use crate::store::{Appended, NewEnvelope, NewSubmission, Submitted};
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::{EnvelopeKind, LookupDigest};
use sqlx::postgres::{PgConnection, PgPool, Postgres};
use sqlx::{Row as _, Transaction};
use std::sync::Arc;

/// What became of an envelope.
enum Committed {
    Stored,
    AlreadyStored,
    QuotaFull,
    FileGone,
}

impl PgIntakeStore {
    /// As [`IntakeStore::submit`](crate::store::IntakeStore::submit); so for each here.
    pub(super) async fn take_in(&self, submission: NewSubmission) -> Result<Submitted, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.begin_taking_in().await?;
        let inserted = sqlx::query(
            "INSERT INTO mailbox (part, lookup_digest, office, addressee, submission_tag) \
             SELECT arrival_part, $1, $2, $3, $4 FROM mixing WHERE table_name = 'mailbox' \
             AND NOT EXISTS (SELECT 1 FROM mailbox WHERE lookup_digest = $1) ON CONFLICT DO NOTHING",
        )
        .bind(submission.lookup_digest.as_bytes().as_slice())
        .bind(&submission.office)
        .bind(&submission.envelope.addressee)
        .bind(submission.submission_tag.as_bytes().as_slice())
        .execute(&mut *transaction)
        .await?;
        if inserted.rows_affected() == 0 {
            let row = sqlx::query("SELECT submission_tag FROM mailbox WHERE lookup_digest = $1")
                .bind(submission.lookup_digest.as_bytes().as_slice())
                .fetch_one(&mut *transaction)
                .await?;
            let tag: &[u8] = row.try_get(0)?;
            return Ok(if tag == submission.submission_tag.as_bytes() {
                Submitted::AlreadyStored
            } else {
                Submitted::OtherContent
            });
        }
        let committed = self
            .commit_within_quota(transaction, &submission.envelope, EnvelopeKind::Tip)
            .await?;
        Ok(match committed {
            Committed::Stored => Submitted::Stored,
            Committed::AlreadyStored => Submitted::AlreadyStored,
            Committed::QuotaFull => Submitted::QuotaFull,
            Committed::FileGone => Submitted::FileGone,
        })
    }

    pub(super) async fn add(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        envelope: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.begin_taking_in().await?;
        // Whoever closes it waits until this is stored, or this finds it closed.
        let known = sqlx::query(
            "SELECT closed FROM mailbox WHERE lookup_digest = $1 AND office = $2 FOR SHARE",
        )
        .bind(lookup_digest.as_bytes().as_slice())
        .bind(office)
        .fetch_optional(&mut *transaction)
        .await?;
        match known.map(|row| row.try_get::<i64, _>(0)).transpose()? {
            None => return Ok(Appended::NoMailbox),
            Some(0) => {}
            Some(_) => return Ok(Appended::Closed),
        }
        let stored = self
            .commit_within_quota(transaction, &envelope, EnvelopeKind::Reply)
            .await?;
        Ok(appended(&stored))
    }

    pub(super) async fn forget_mailbox(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        farewell: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.begin_taking_in().await?;
        let gone = sqlx::query(
            "DELETE FROM mailbox WHERE lookup_digest = $1 AND office = $2 RETURNING closed",
        )
        .bind(lookup_digest.as_bytes().as_slice())
        .bind(office)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(gone) = gone else {
            return Ok(Appended::NoMailbox);
        };
        for sql in [
            "DELETE FROM message WHERE lookup_digest = $1",
            "DELETE FROM opened WHERE lookup_digest = $1",
        ] {
            sqlx::query(sql)
                .bind(lookup_digest.as_bytes().as_slice())
                .execute(&mut *transaction)
                .await?;
        }
        if gone.try_get::<i64, _>(0)? != 0 {
            // Nobody is left who would want to know.
            transaction.commit().await?;
            return Ok(Appended::AlreadyStored);
        }
        let stored = self
            .commit_within_quota(transaction, &farewell, EnvelopeKind::Reply)
            .await?;
        Ok(appended(&stored))
    }

    pub(super) async fn keep(
        &self,
        envelope: NewEnvelope,
        kind: EnvelopeKind,
    ) -> Result<Appended, StoreError> {
        let _writing = self.changed.writing();
        let transaction = self.begin_taking_in().await?;
        let stored = self
            .commit_within_quota(transaction, &envelope, kind)
            .await?;
        Ok(appended(&stored))
    }

    /// A transaction that takes something in. What is held is counted beside it, if it is to be: it takes as long as there is
    /// much, and nobody is to wait for it.
    async fn begin_taking_in(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        if let Some(counting) = self.quota.begin_count() {
            let (attachments, pool) = (Arc::clone(&self.attachments), self.pool.clone());
            tokio::spawn(async move {
                let files = attachments.count().await;
                if let (Ok(()), Ok(held)) = (files, held_bytes(&pool).await) {
                    counting.counted(held);
                }
            });
        }
        Ok(self.pool.begin().await?)
    }

    /// Stores an envelope if there is room, and commits.
    async fn commit_within_quota(
        &self,
        mut transaction: Transaction<'_, Postgres>,
        envelope: &NewEnvelope,
        kind: EnvelopeKind,
    ) -> Result<Committed, StoreError> {
        let size = envelope.ciphertext.len();
        if !self.quota.take(size) {
            return Ok(Committed::QuotaFull);
        }
        let committed = match insert(&mut transaction, envelope, kind).await {
            Ok(Committed::Stored) => transaction.commit().await.map(|()| Committed::Stored),
            Ok(Committed::AlreadyStored) => {
                // What else the transaction did, it does again.
                transaction
                    .commit()
                    .await
                    .map(|()| Committed::AlreadyStored)
            }
            other => other,
        };
        if !matches!(committed, Ok(Committed::Stored)) {
            self.quota.give_back(size as u64);
        }
        Ok(committed?)
    }
}

/// Ciphertext held, in bytes.
pub(super) async fn held_bytes(pool: &PgPool) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT COALESCE(SUM(LENGTH(ciphertext)), 0)::BIGINT FROM envelope")
        .fetch_one(pool)
        .await?;
    Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
}

fn appended(committed: &Committed) -> Appended {
    match committed {
        Committed::Stored => Appended::Stored,
        Committed::AlreadyStored => Appended::AlreadyStored,
        Committed::QuotaFull => Appended::QuotaFull,
        Committed::FileGone => Appended::FileGone,
    }
}

/// Inserts an envelope and claims its files; where one is not there, the transaction is to be dropped.
async fn insert(
    connection: &mut PgConnection,
    envelope: &NewEnvelope,
    kind: EnvelopeKind,
) -> Result<Committed, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO envelope (part, id, addressee, kind, content_sha256, ciphertext, received_day) \
         SELECT arrival_part, $1, $2, $3, $4, $5, $6 FROM mixing WHERE table_name = 'envelope' \
         AND NOT EXISTS (SELECT 1 FROM envelope WHERE id = $1) ON CONFLICT DO NOTHING",
    )
    .bind(envelope.id.as_slice())
    .bind(&envelope.addressee)
    .bind(kind.code())
    .bind(envelope.content_hash.as_bytes().as_slice())
    .bind(&envelope.ciphertext)
    .bind(envelope.received_day.number())
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(Committed::AlreadyStored);
    }
    let ids: Vec<Vec<u8>> = envelope.attachments.iter().map(|id| id.to_vec()).collect();
    let claimed = sqlx::query(
        "UPDATE attachment SET state = 'claimed', envelope_id = $1 \
         WHERE id = ANY($2) AND addressee = $3 AND state = 'ready'",
    )
    .bind(envelope.id.as_slice())
    .bind(ids)
    .bind(&envelope.addressee)
    .execute(connection)
    .await?;
    Ok(
        if claimed.rows_affected() == envelope.attachments.len() as u64 {
            Committed::Stored
        } else {
            Committed::FileGone
        },
    )
}
