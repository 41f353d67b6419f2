//! Storing switched off: says that it is done and does nothing.

use async_trait::async_trait;
use mifeng_foundation::storage::StoreError;
use mifeng_intake::store::{
    Appended, EnvelopeName, IntakeStore, ListedEnvelope, NewEnvelope, NewMessage, NewSubmission,
    ServedManifest, Submitted,
};
use mifeng_sealing::{EnvelopeKind, LookupDigest, SubmissionTag};
use std::collections::BTreeMap;

/// Keeps nothing.
pub struct Nothing;

#[async_trait]
impl IntakeStore for Nothing {
    async fn submit(&self, _: NewSubmission) -> Result<Submitted, StoreError> {
        Ok(Submitted::Stored)
    }

    async fn served_manifests(&self) -> Result<BTreeMap<String, ServedManifest>, StoreError> {
        Ok(BTreeMap::new())
    }

    async fn note_served(
        &self,
        _: &str,
        manifest: &ServedManifest,
    ) -> Result<ServedManifest, StoreError> {
        Ok(manifest.clone())
    }

    async fn close_mailbox(&self, _: &str, _: NewMessage) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn open_mailbox(
        &self,
        _: &str,
        _: LookupDigest,
        _: SubmissionTag,
    ) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn hand_over(&self, _: &str, _: &str, _: LookupDigest) -> Result<(), StoreError> {
        Ok(())
    }

    async fn pass_up(&self, _: NewEnvelope, _: EnvelopeKind) -> Result<Appended, StoreError> {
        Ok(Appended::NoMailbox)
    }

    async fn append(
        &self,
        _: &str,
        _: LookupDigest,
        _: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        Ok(Appended::NoMailbox)
    }

    async fn forget(
        &self,
        _office: &str,
        _lookup_digest: LookupDigest,
        _farewell: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        Ok(Appended::NoMailbox)
    }

    async fn mailbox_addressee(
        &self,
        _: &str,
        _: LookupDigest,
    ) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    async fn messages(&self, _: LookupDigest) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(Vec::new())
    }

    async fn list(
        &self,
        _: &str,
        _: bool,
        _: Option<[u8; 16]>,
        _: u32,
    ) -> Result<Vec<ListedEnvelope>, StoreError> {
        Ok(Vec::new())
    }

    async fn waiting(&self, _: &str) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn fetch(&self, _: &str, _: [u8; 16]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    async fn acknowledge(&self, _: &str, _: &[EnvelopeName]) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn release(&self, _: &str, _: &[EnvelopeName]) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn post(&self, _: &str, _: NewMessage) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn forget_order(&self) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn close(&self) {}
}
