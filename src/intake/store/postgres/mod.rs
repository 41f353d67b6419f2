//! The store on PostgreSQL, for an intake of several machines.

mod taking_in;

use crate::store::attachments::{AttachmentRows, PgAttachmentRows};
use crate::store::mixing::{Changed, PgMixing};
use crate::store::opened::{OpenedRows, PgOpenedRows};
use crate::store::quota::{Allowance, Quota};
use crate::store::{
    Appended, EnvelopeName, IntakeStore, ListedEnvelope, NewEnvelope, NewMessage, NewSubmission,
    ServedManifest, Submitted, listed,
};
use async_trait::async_trait;
use mifeng_foundation::storage::{MigrationSource, StoreError, open_postgres};
use mifeng_sealing::{EnvelopeKind, LookupDigest, SubmissionTag};
use sqlx::Row as _;
use sqlx::postgres::PgPool;
use std::collections::BTreeMap;
use std::sync::Arc;
use taking_in::{Committed, appended, held_bytes};

const MIGRATIONS: &[MigrationSource] = &[
    (
        1,
        "intake",
        include_str!("../../../../migrations/intake/postgres/0001_intake.sql"),
    ),
    (
        2,
        "attachments",
        include_str!("../../../../migrations/intake/postgres/0002_attachments.sql"),
    ),
    (
        4,
        "serials",
        include_str!("../../../../migrations/intake/postgres/0004_serials.sql"),
    ),
    (
        6,
        "opened",
        include_str!("../../../../migrations/intake/postgres/0006_opened.sql"),
    ),
    (
        8,
        "closed_mailboxes",
        include_str!("../../../../migrations/intake/postgres/0008_closed_mailboxes.sql"),
    ),
    (
        10,
        "parts",
        include_str!("../../../../migrations/intake/postgres/0010_parts.sql"),
    ),
    (
        11,
        "served_content",
        include_str!("../../../../migrations/intake/postgres/0011_served_content.sql"),
    ),
];

/// Connections; a durable commit each, which the server groups by itself.
const POOL: u32 = 16;

/// The store in a PostgreSQL database.
pub struct PgIntakeStore {
    pub(in crate::store) pool: PgPool,
    attachments: Arc<PgAttachmentRows>,
    opened: Arc<PgOpenedRows>,
    quota: Quota,
    mixing: PgMixing,
    pub(in crate::store) changed: Changed,
}

impl PgIntakeStore {
    /// Opens the database.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(url: &str, allowance: impl Into<Allowance>) -> Result<Self, StoreError> {
        let pool = open_postgres(url, POOL, MIGRATIONS).await?;
        let changed = Changed::at_start();
        let quota = Quota::new(held_bytes(&pool).await?, Arc::default(), allowance.into());
        let attachments =
            PgAttachmentRows::open(pool.clone(), quota.clone(), changed.clone()).await?;
        Ok(Self {
            opened: Arc::new(PgOpenedRows::new(pool.clone(), changed.clone())),
            pool,
            attachments: Arc::new(attachments),
            quota,
            mixing: PgMixing::new(changed.clone()),
            changed,
        })
    }
}

#[async_trait]
impl IntakeStore for PgIntakeStore {
    async fn submit(&self, submission: NewSubmission) -> Result<Submitted, StoreError> {
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

    async fn append(
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

    async fn forget(
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

    async fn mailbox_addressee(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
    ) -> Result<Option<String>, StoreError> {
        self.addressee_of(office, lookup_digest).await
    }

    async fn open_mailbox(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        submission_tag: SubmissionTag,
    ) -> Result<bool, StoreError> {
        self.open_empty(office, lookup_digest, submission_tag).await
    }

    async fn hand_over(
        &self,
        addressee: &str,
        to: &str,
        lookup_digest: LookupDigest,
    ) -> Result<(), StoreError> {
        self.change_addressee(addressee, to, lookup_digest).await
    }

    async fn pass_up(
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

    async fn messages(&self, lookup_digest: LookupDigest) -> Result<Vec<Vec<u8>>, StoreError> {
        self.messages_in(lookup_digest).await
    }

    async fn list(
        &self,
        addressee: &str,
        only_waiting: bool,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<ListedEnvelope>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, kind, content_sha256, LENGTH(ciphertext)::BIGINT, received_day FROM envelope \
             WHERE addressee = $1 AND id > $2 AND (NOT is_stored OR NOT $3) ORDER BY id LIMIT $4",
        )
        .bind(addressee)
        .bind(after.map(Vec::from).unwrap_or_default())
        .bind(only_waiting)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                listed(
                    row.try_get(0)?,
                    row.try_get(1)?,
                    row.try_get(2)?,
                    row.try_get(3)?,
                    row.try_get(4)?,
                )
            })
            .collect()
    }

    async fn waiting(&self, addressee: &str) -> Result<u64, StoreError> {
        let row =
            sqlx::query("SELECT COUNT(*) FROM envelope WHERE addressee = $1 AND NOT is_stored")
                .bind(addressee)
                .fetch_one(&self.pool)
                .await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    async fn fetch(&self, addressee: &str, id: [u8; 16]) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT ciphertext FROM envelope WHERE id = $1 AND addressee = $2")
            .bind(id.as_slice())
            .bind(addressee)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    async fn acknowledge(
        &self,
        addressee: &str,
        names: &[EnvelopeName],
    ) -> Result<u64, StoreError> {
        let _writing = self.changed.writing();
        let (ids, contents) = columns(names);
        let done = sqlx::query(
            "UPDATE envelope SET is_stored = TRUE \
             FROM UNNEST($1::BYTEA[], $2::BYTEA[]) AS named (id, content) \
             WHERE envelope.id = named.id AND content_sha256 = named.content \
             AND addressee = $3 AND NOT is_stored",
        )
        .bind(ids)
        .bind(contents)
        .bind(addressee)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    async fn release(&self, addressee: &str, names: &[EnvelopeName]) -> Result<u64, StoreError> {
        let (ids, contents) = columns(names);
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "UPDATE attachment SET state = 'gone', envelope_id = NULL \
             FROM envelope, UNNEST($1::BYTEA[], $2::BYTEA[]) AS named (id, content) \
             WHERE attachment.envelope_id = envelope.id AND envelope.id = named.id \
             AND content_sha256 = named.content AND envelope.addressee = $3",
        )
        .bind(&ids)
        .bind(&contents)
        .bind(addressee)
        .execute(&mut *transaction)
        .await?;
        let gone = sqlx::query(
            "DELETE FROM envelope \
             USING UNNEST($1::BYTEA[], $2::BYTEA[]) AS named (id, content) \
             WHERE envelope.id = named.id AND content_sha256 = named.content AND addressee = $3 \
             RETURNING LENGTH(ciphertext)::BIGINT",
        )
        .bind(ids)
        .bind(contents)
        .bind(addressee)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        for row in &gone {
            self.quota
                .give_back(row.try_get::<i64, _>(0)?.unsigned_abs());
        }
        Ok(gone.len() as u64)
    }

    async fn post(&self, addressee: &str, message: NewMessage) -> Result<bool, StoreError> {
        let known =
            sqlx::query("SELECT 1 FROM mailbox WHERE lookup_digest = $1 AND addressee = $2")
                .bind(message.lookup_digest.as_bytes().as_slice())
                .bind(addressee)
                .fetch_optional(&self.pool)
                .await?;
        if known.is_none() {
            return Ok(false);
        }
        let _writing = self.changed.writing();
        sqlx::query(
            "INSERT INTO message (part, id, lookup_digest, ciphertext) \
             SELECT arrival_part, $1, $2, $3 FROM mixing WHERE table_name = 'message' \
             AND NOT EXISTS (SELECT 1 FROM message WHERE id = $1) ON CONFLICT DO NOTHING",
        )
        .bind(message.id.as_slice())
        .bind(message.lookup_digest.as_bytes().as_slice())
        .bind(message.ciphertext)
        .execute(&self.pool)
        .await?;
        Ok(true)
    }

    async fn served_manifests(&self) -> Result<BTreeMap<String, ServedManifest>, StoreError> {
        self.served().await
    }

    async fn note_served(
        &self,
        office: &str,
        manifest: &ServedManifest,
    ) -> Result<ServedManifest, StoreError> {
        self.note(office, manifest).await
    }

    async fn close_mailbox(&self, addressee: &str, last: NewMessage) -> Result<bool, StoreError> {
        self.close_with(addressee, last).await
    }

    fn attachments(&self) -> Option<Arc<dyn AttachmentRows>> {
        Some(self.attachments.clone())
    }

    fn opened(&self) -> Option<Arc<dyn OpenedRows>> {
        Some(self.opened.clone())
    }

    async fn forget_order(&self) -> Result<bool, StoreError> {
        self.mixing.mix(&self.pool).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM envelope LIMIT 1")
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn close(&self) {
        self.mixing.mix_at_the_end(&self.pool).await;
        self.pool.close().await;
    }
}

fn columns(names: &[EnvelopeName]) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    names
        .iter()
        .map(|(id, content)| (id.to_vec(), content.as_bytes().to_vec()))
        .unzip()
}
