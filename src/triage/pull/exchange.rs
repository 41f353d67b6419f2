//! The exchange with intake over HTTP, each step safe to repeat.

use super::{Arrived, Ingested};
use crate::relay::{
    ACKNOWLEDGE_PATH, BATCH_MAX, Done, EnvelopeEntry, EnvelopeList, EnvelopeRef, EnvelopeRefs,
    FETCH_PATH, FetchRequest, FetchResponse, LIST_PATH, ListState, MAILBOXES_PATH, MESSAGES_PATH,
    MailboxEntry, MessageEntry, OpenMailboxes, Opened, PostMessages, Posted, RELEASE_PATH,
};
use crate::sealing::{ContentHash, LookupDigest};
use crate::storage::StoreError;
use crate::triage::desk::DeskError;
use crate::triage::office::Office;
use crate::triage::store::{OpeningState, OutgoingState};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why an exchange stopped; the next one goes on where this one ended.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// Intake is away, or answers what it should not.
    #[error("the relay is away")]
    Away(#[from] reqwest::Error),
    /// Storing failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<StoreError> for PullError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// The way to intake: a client that already carries its certificate or token.
#[derive(Clone, Debug)]
pub struct Relay {
    client: reqwest::Client,
    base_url: String,
    only_backed_up: bool,
}

impl Relay {
    /// Over `client` to `base_url` (no slash at its end); with `only_backed_up`, envelopes are released after a
    /// verified backup only.
    #[must_use]
    pub fn new(client: reqwest::Client, base_url: String, only_backed_up: bool) -> Self {
        Self {
            client,
            base_url,
            only_backed_up,
        }
    }

    /// A question to an address under the base.
    pub(super) fn get(&self, place: &str) -> reqwest::RequestBuilder {
        self.client.get(format!("{}{place}", self.base_url))
    }

    /// Something to send to an address under the base.
    pub(super) fn to(&self, place: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{place}", self.base_url))
    }

    pub(super) async fn post<B: Serialize + Sync, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<T, PullError> {
        let request = self.to(path).json(body);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// One round: takes in everything that waits (or is held), releases what is safe, posts what is queued.
    /// Returns how many envelopes were new.
    ///
    /// # Errors
    /// [`PullError`].
    pub async fn round(&self, office: &Office, state: ListState) -> Result<usize, PullError> {
        let word = match state {
            ListState::Waiting => "waiting",
            ListState::Held => "held",
        };
        let (mut after, mut new) = (String::new(), 0);
        loop {
            let page: EnvelopeList = self
                .get(&format!("{LIST_PATH}?state={word}&after={after}"))
                .send()
                .await?
                .error_for_status()?
                .json()
                .await?;
            new += self.take_in(office, &page.envelopes).await?;
            match page.envelopes.last() {
                Some(last) if page.more => after.clone_from(&last.id),
                _ => break,
            }
        }
        self.release(office).await?;
        // What goes into mailboxes that are there is not held up by one that cannot be opened.
        let opened = self.open_mailboxes(office).await;
        self.post_messages(office).await?;
        self.pass_up(office).await?;
        opened?;
        Ok(new)
    }

    async fn take_in(
        &self,
        office: &Office,
        entries: &[EnvelopeEntry],
    ) -> Result<usize, PullError> {
        let hashes: Vec<_> = entries
            .iter()
            .filter_map(|e| ContentHash::from_hex(&e.content_sha256))
            .collect();
        let known = office.parts.store.known(&hashes).await?;
        let is_known =
            |e: &&EnvelopeEntry| known.iter().any(|hash| hash.to_hex() == e.content_sha256);
        let mut stored: Vec<&EnvelopeEntry> = entries.iter().filter(is_known).collect();
        let mut missing: Vec<_> = entries.iter().filter(|entry| !is_known(entry)).collect();
        let mut new = 0;
        while !missing.is_empty() {
            let ids = missing.iter().map(|entry| entry.id.clone()).collect();
            let fetched: FetchResponse = self.post(FETCH_PATH, &FetchRequest { ids }).await?;
            let before = missing.len();
            for envelope in fetched.envelopes {
                let Some(at) = missing.iter().position(|entry| entry.id == envelope.id) else {
                    continue;
                };
                let entry = missing.swap_remove(at);
                let mut id = [0; 16];
                let whole = ContentHash::of(&envelope.ciphertext).to_hex() == entry.content_sha256;
                if !whole || hex::decode_to_slice(&entry.id, &mut id).is_err() {
                    continue;
                }
                let arrived = Arrived {
                    id,
                    kind: entry.kind,
                    received_day: entry.received_day,
                    ciphertext: envelope.ciphertext,
                    files: entry.attachments.clone(),
                };
                new += usize::from(office.ingest(&arrived).await? != Ingested::Known);
                stored.push(entry);
            }
            if missing.len() == before {
                break;
            }
        }
        // An envelope is here once its files are.
        let incomplete = office.parts.store.incomplete(&hashes).await?;
        let is_whole = |entry: &&&EnvelopeEntry| {
            let mut waiting = incomplete.iter();
            waiting.all(|hash| hash.to_hex() != entry.content_sha256)
        };
        let refs = stored.iter().filter(is_whole).map(|entry| EnvelopeRef {
            id: entry.id.clone(),
            content_sha256: entry.content_sha256.clone(),
        });
        let envelopes: Vec<_> = refs.collect();
        if !envelopes.is_empty() {
            let _: Done = self
                .post(ACKNOWLEDGE_PATH, &EnvelopeRefs { envelopes })
                .await?;
        }
        Ok(new)
    }

    async fn release(&self, office: &Office) -> Result<(), PullError> {
        let store = &office.parts.store;
        loop {
            let safe = store.releasable(self.only_backed_up, BATCH_U32).await?;
            if safe.is_empty() {
                return Ok(());
            }
            let refs = safe.iter().map(|(hash, id)| EnvelopeRef {
                id: hex::encode(id),
                content_sha256: hash.to_hex(),
            });
            let body = EnvelopeRefs {
                envelopes: refs.collect(),
            };
            let _: Done = self.post(RELEASE_PATH, &body).await?;
            let hashes: Vec<_> = safe.iter().map(|(hash, _)| *hash).collect();
            store.mark_released(&hashes).await?;
        }
    }

    /// Has the mailboxes opened of what was typed in here.
    async fn open_mailboxes(&self, office: &Office) -> Result<(), PullError> {
        let store = &office.parts.store;
        loop {
            let queued = store.queued_openings(BATCH_U32).await?;
            if queued.is_empty() {
                return Ok(());
            }
            let entries = queued.iter().map(|row| MailboxEntry {
                lookup_digest: row.mailbox.to_hex(),
                submission_tag: hex::encode(row.tag.as_bytes()),
            });
            let body = OpenMailboxes {
                mailboxes: entries.collect(),
            };
            let opened: Opened = self.post(MAILBOXES_PATH, &body).await?;
            let digests = |words: &[String]| -> Vec<LookupDigest> {
                let known = queued.iter().map(|row| row.mailbox);
                known.filter(|one| words.contains(&one.to_hex())).collect()
            };
            let (open, taken) = (digests(&opened.open), digests(&opened.taken));
            store.mark_openings(&open, OpeningState::Open).await?;
            store.mark_openings(&taken, OpeningState::Taken).await?;
            if open.is_empty() && taken.is_empty() {
                return Ok(());
            }
        }
    }

    async fn post_messages(&self, office: &Office) -> Result<(), PullError> {
        let store = &office.parts.store;
        loop {
            let queued = store.queued_messages(BATCH_U32).await?;
            let entries = queued.iter().map(|row| MessageEntry {
                id: hex::encode(row.id),
                lookup_digest: row.mailbox.to_hex(),
                ciphertext: row.ciphertext.clone(),
            });
            let body = PostMessages {
                messages: entries.collect(),
            };
            if body.messages.is_empty() {
                return Ok(());
            }
            let posted: Posted = self.post(MESSAGES_PATH, &body).await?;
            let ids = |words: &[String]| -> Vec<[u8; 16]> {
                let known = queued.iter().map(|row| row.id);
                known
                    .filter(|id| words.contains(&hex::encode(id)))
                    .collect()
            };
            let (stored, gone) = (ids(&posted.stored), ids(&posted.no_mailbox));
            store.mark_messages(&stored, OutgoingState::Posted).await?;
            store.mark_messages(&gone, OutgoingState::NoMailbox).await?;
            if stored.is_empty() && gone.is_empty() {
                return Ok(());
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "64")]
pub(super) const BATCH_U32: u32 = BATCH_MAX as u32;
