//! The store on PostgreSQL, for an intake of several machines.

mod envelopes;
mod schema;
mod taking_in;

use crate::store::attachments::{AttachmentRows, PgAttachmentRows};
use crate::store::mixing::{Changed, PgMixing};
use crate::store::opened::{OpenedRows, PgOpenedRows};
use crate::store::quota::{Allowance, Quota};
use crate::store::{
    Appended, EnvelopeName, IntakeStore, ListedEnvelope, NewEnvelope, NewMessage, NewSubmission,
    ServedManifest, Submitted,
};
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, open_postgres};
use mifeng_sealing::{EnvelopeKind, LookupDigest, SubmissionTag};
use schema::MIGRATIONS;
use sqlx::postgres::PgPool;
use std::collections::BTreeMap;
use std::sync::Arc;
use taking_in::held_bytes;

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
        self.take_in(submission).await
    }

    async fn append(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        envelope: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        self.add(office, lookup_digest, envelope).await
    }

    async fn forget(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        farewell: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        self.forget_mailbox(office, lookup_digest, farewell).await
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
        self.keep(envelope, kind).await
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
        self.list_of(addressee, only_waiting, after, limit).await
    }

    async fn waiting(&self, addressee: &str) -> Result<u64, StoreError> {
        self.waiting_for(addressee).await
    }

    async fn fetch(&self, addressee: &str, id: [u8; 16]) -> Result<Option<Vec<u8>>, StoreError> {
        self.ciphertext_of(addressee, id).await
    }

    async fn acknowledge(
        &self,
        addressee: &str,
        names: &[EnvelopeName],
    ) -> Result<u64, StoreError> {
        self.mark_stored(addressee, names).await
    }

    async fn release(&self, addressee: &str, names: &[EnvelopeName]) -> Result<u64, StoreError> {
        self.delete_stored(addressee, names).await
    }

    async fn post(&self, addressee: &str, message: NewMessage) -> Result<bool, StoreError> {
        self.put_message(addressee, message).await
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

    async fn forget_order_before_stop(&self) -> Result<bool, StoreError> {
        self.mixing.mix_before_stop(&self.pool).await
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
