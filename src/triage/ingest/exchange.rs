//! The exchange with intake over HTTP, each step safe to repeat.

use super::answers;
use super::answers::{Asked, Listed, record_violation};
use super::batch::ingest_all;
use super::opening::{Arrived, Ingested, try_early_again};
use crate::office::{Office, OfficeError, ProtocolViolation};
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::by_itself;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::relay::{
    ACKNOWLEDGE_PATH, BATCH_MAX, Done, EnvelopeList, EnvelopeRef, EnvelopeRefs, FETCH_PATH,
    FetchRequest, FetchResponse, FetchedEnvelope, LIST_PATH, ListState, RELEASE_PATH,
};
use mifeng_sealing::{ContentHash, EnvelopeKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why an exchange stopped; the next one goes on where this one ended.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// Intake is away, or answers what it should not.
    #[error("the relay is away")]
    Away(#[from] reqwest::Error),
    /// Intake answers what cannot be.
    #[error(transparent)]
    Violation(#[from] ProtocolViolation),
    /// Storing failed.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

impl PullError {
    /// Whether intake cannot be reached at all, so that nothing else would be fetched now either.
    pub(super) fn is_away(&self) -> bool {
        matches!(self, Self::Away(error) if error.is_connect() || error.is_timeout())
    }
}

impl From<StoreError> for PullError {
    fn from(error: StoreError) -> Self {
        Self::Office(error.into())
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
        let asked = if path == FETCH_PATH {
            Asked::Envelopes
        } else {
            Asked::Other
        };
        answers::read(self.to(path).json(body).send().await?, asked).await
    }

    /// Exchanges with intake once: takes in everything that waits (or is held), releases what is safe, posts what is queued.
    /// Returns how many envelopes were new.
    ///
    /// # Errors
    /// [`PullError`].
    pub async fn exchange(&self, office: &Office, state: ListState) -> Result<usize, PullError> {
        let done = self.try_exchange(office, state).await;
        if let Err(PullError::Violation(violation)) = &done {
            record_violation(office, *violation).await;
        }
        done
    }

    async fn try_exchange(&self, office: &Office, state: ListState) -> Result<usize, PullError> {
        let word = match state {
            ListState::Waiting => "waiting",
            ListState::Held => "held",
        };
        let (mut after, mut new) = (String::new(), 0);
        for _ in 0..PAGES_MAX {
            let page = self.get(&format!("{LIST_PATH}?state={word}&after={after}"));
            let page: EnvelopeList = answers::read(page.send().await?, Asked::List).await?;
            let last = page.envelopes.last().map(|entry| entry.id.clone());
            let today = office.today();
            let (entries, violations) = answers::looked_at(page.envelopes, &after, today)?;
            for violation in violations {
                record_violation(office, violation).await;
            }
            new += self.take_in(office, &entries).await?;
            match last {
                Some(last) if page.more => after = last,
                _ => break,
            }
        }
        if new > 0 {
            by_itself("early additions", try_early_again(office)).await;
        }
        self.release(office).await?;
        // What goes into mailboxes that are there is not held up by one that cannot be opened.
        let opened = self.open_mailboxes(office).await;
        self.post_messages(office).await?;
        // An intake that is older closes none; all else goes on.
        let closed = self.close_mailboxes(office).await;
        opened?;
        closed?;
        Ok(new)
    }

    async fn take_in(&self, office: &Office, entries: &[Listed]) -> Result<usize, PullError> {
        let hash_of = |(entry, _): &Listed| ContentHash::from_hex(&entry.content_sha256);
        let hashes: Vec<_> = entries.iter().filter_map(hash_of).collect();
        let known = office.parts.store.known(&hashes).await?;
        let is_known = |one: &&Listed| hash_of(one).is_some_and(|hash| known.contains(&hash));
        let mut stored: Vec<_> = entries.iter().filter(is_known).collect();
        let mut missing: Vec<_> = entries.iter().filter(|one| !is_known(one)).collect();
        let (mut new, mut left) = (0, 0);
        while !missing.is_empty() {
            let ids = missing.iter().map(|(entry, _)| entry.id.clone()).collect();
            let fetched: FetchResponse = self.post(FETCH_PATH, &FetchRequest { ids }).await?;
            if fetched.envelopes.len() > missing.len() {
                return Err(ProtocolViolation::TooMany.into());
            }
            let before = missing.len();
            let fetched_as = asked_for(office, fetched.envelopes, &mut missing).await;
            let (listed_as, arrivals): (Vec<_>, Vec<_>) = fetched_as.into_iter().unzip();
            let results = ingest_all(office, &arrivals).await?;
            for (listed, result) in listed_as.into_iter().zip(results) {
                match result {
                    Ok(ingested) => {
                        new += usize::from(ingested != Ingested::Known);
                        stored.push(listed);
                    }
                    // The next one may go well, and this one in the next round.
                    Err(cause) => {
                        log(Event::EnvelopeLeft {
                            id: &listed.0.id,
                            cause: &cause,
                        });
                        left += 1;
                        if left >= LEFT_MAX {
                            return Err(cause.into());
                        }
                    }
                }
            }
            if missing.len() == before {
                break;
            }
        }
        self.acknowledge(office, &hashes, &stored).await?;
        Ok(new)
    }

    /// Tells intake what of these is here: an envelope is once its files are.
    async fn acknowledge(
        &self,
        office: &Office,
        hashes: &[ContentHash],
        stored: &[&Listed],
    ) -> Result<(), PullError> {
        let incomplete = office.parts.store.incomplete(hashes).await?;
        let is_whole = |(entry, _): &&&Listed| {
            let mut waiting = incomplete.iter();
            waiting.all(|hash| hash.to_hex() != entry.content_sha256)
        };
        let refs = stored
            .iter()
            .filter(is_whole)
            .map(|(entry, _)| EnvelopeRef {
                id: entry.id.clone(),
                content_sha256: entry.content_sha256.clone(),
            });
        let envelopes: Vec<_> = refs.collect();
        if !envelopes.is_empty() {
            let asked = envelopes.len() as u64;
            let done: Done = self
                .post(ACKNOWLEDGE_PATH, &EnvelopeRefs { envelopes })
                .await?;
            if done.changed > asked {
                return Err(ProtocolViolation::TooMany.into());
            }
        }
        Ok(())
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
            let done: Done = self.post(RELEASE_PATH, &body).await?;
            if done.changed > safe.len() as u64 {
                return Err(ProtocolViolation::TooMany.into());
            }
            let hashes: Vec<_> = safe.iter().map(|(hash, _)| *hash).collect();
            store.mark_released(&hashes).await?;
        }
    }
}

/// Most pages of one round: an intake that lists without end is left after so many, far more than a quota holds.
const PAGES_MAX: usize = 1 << 16;

/// What was listed, with what was sent for it, if the two are one.
fn arrived((entry, id): &Listed, ciphertext: Vec<u8>) -> Option<Arrived> {
    let is_listed = ciphertext.len() as u64 == entry.size_bytes
        && ContentHash::of(&ciphertext).to_hex() == entry.content_sha256;
    is_listed.then(|| Arrived {
        id: *id,
        kind: entry.kind,
        received_day: entry.received_day,
        ciphertext,
        files: entry.attachments.clone(),
    })
}

/// After so many envelopes of a page that could not be stored for now, it is the store that is away.
const LEFT_MAX: usize = 8;

#[expect(clippy::cast_possible_truncation, reason = "64")]
pub(super) const BATCH_U32: u32 = BATCH_MAX as u32;

/// Of what was fetched, what was asked for and is what was listed; it is taken from `missing`.
async fn asked_for<'a>(
    office: &Office,
    fetched: Vec<FetchedEnvelope>,
    missing: &mut Vec<&'a Listed>,
) -> Vec<(&'a Listed, Arrived)> {
    let mut fetched_as = Vec::new();
    for envelope in fetched {
        let Some(at) = missing.iter().position(|(one, _)| one.id == envelope.id) else {
            record_violation(office, ProtocolViolation::Id).await;
            continue;
        };
        let listed = missing.swap_remove(at);
        let Some(arrived) = arrived(listed, envelope.ciphertext) else {
            record_violation(office, ProtocolViolation::Content).await;
            continue;
        };
        fetched_as.push((listed, arrived));
    }
    // What is said of a tip comes after it, in whatever order they are listed.
    fetched_as.sort_by_key(|(_, arrived)| arrived.kind != EnvelopeKind::Tip);
    fetched_as
}
