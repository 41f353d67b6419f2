//! Many envelopes at once. Opening, reading and sealing are work for every core, a commit to disk is as dear for sixteen tips as
//! for one: so tips are made ready side by side, routed one after the other as if each were stored before the next, and stored
//! together, while the next ones are made ready. Whatever is no tip, or does not go well so, is taken in by itself.

use super::new_case::{NewCase, OpenedCase, Staffing};
use super::opening::{Arrived, Ingested, ReadTip, open_seal};
use crate::cores::on_every_core;
use crate::model::QuarantineReason;
use crate::office::{Office, OfficeError, UnconfirmedWrite};
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::fenced_now;
use mifeng_opening::Identity;
use mifeng_sealing::{ContentHash, EnvelopeKind};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Tips that are stored in one transaction. What is rare, and what a template, is to all of them what the tips before say.
const AT_ONCE: usize = 16;

/// What became of each envelope.
type Results = Vec<Result<Ingested, OfficeError>>;

/// The numbers under which cases were stored; `None` where they are not to be stored together.
type Numbers = Result<Option<Vec<String>>, StoreError>;

/// What is to be done with an envelope.
enum Work {
    /// It was stored before.
    Known,
    /// It becomes a case.
    Case(Box<NewCase>),
    /// It goes into quarantine, for this reason.
    Quarantined(QuarantineReason),
    /// It is taken in by itself.
    Alone,
}

/// Cases that are being stored, by their envelopes.
struct Storing<'a> {
    envelopes: &'a [Arrived],
    cases: Vec<OpenedCase>,
    /// What the store says, and with it what is to be read again if nobody waits for it any more.
    stored: JoinHandle<(Numbers, UnconfirmedWrite)>,
}

impl Office {
    /// Takes envelopes in, in this order and each exactly once: what it returns of each is durable. Nobody else changes
    /// anything meanwhile.
    ///
    /// # Errors
    /// What the store says before anything was taken in; of each envelope as [`Self::ingest`].
    pub async fn ingest_all(&self, arrived: &[Arrived]) -> Result<Results, OfficeError> {
        let _exclusive = self.exclusive().await;
        let hashes: Vec<_> = arrived
            .iter()
            .map(|one| ContentHash::of(&one.ciphertext))
            .collect();
        let known = self.parts.store.known(&hashes).await?;
        let known: HashSet<ContentHash> = known.into_iter().collect();
        let staffing = self.staffing().await?;
        let identities = self.identities();
        let mut results = Vec::with_capacity(arrived.len());
        let mut storing = None;
        for some in arrived.chunks(AT_ONCE) {
            let ready = |one: &Arrived| self.made_ready(one, &known, &identities, &staffing);
            let work = on_every_core(some.iter().collect(), ready);
            self.end(storing.take(), &mut results).await;
            storing = self.begin(some, work, &staffing, &mut results).await;
        }
        self.end(storing, &mut results).await;
        Ok(results)
    }

    /// What can be made of an envelope before those that came earlier are stored.
    fn made_ready(
        &self,
        arrived: &Arrived,
        known: &HashSet<ContentHash>,
        identities: &[Identity],
        staffing: &Staffing,
    ) -> Work {
        let envelope = arrived.envelope();
        if known.contains(&envelope.content) {
            return Work::Known;
        }
        if arrived.kind != EnvelopeKind::Tip {
            return Work::Alone;
        }
        let made = fenced_now(|| {
            let json = match open_seal(identities, &arrived.ciphertext) {
                Ok(json) => json,
                Err(reason) => return Ok(Work::Quarantined(reason)),
            };
            let read = match ReadTip::of(&json, &self.parts.slug) {
                Ok(read) => read,
                Err(reason) => return Ok(Work::Quarantined(reason)),
            };
            let (arriving, text) = read.arriving(&envelope, &json);
            let case = self.new_case(&arriving, &text, staffing)?;
            Ok::<_, OfficeError>(Work::Case(Box::new(case)))
        });
        // What went wrong is told once it goes wrong by itself.
        made.ok().and_then(Result::ok).unwrap_or(Work::Alone)
    }

    /// Does what is to be done with some envelopes; where all of them become cases, those are stored while others are made
    /// ready.
    async fn begin<'a>(
        &self,
        envelopes: &'a [Arrived],
        work: Vec<Work>,
        staffing: &Staffing,
        results: &mut Results,
    ) -> Option<Storing<'a>> {
        let mut cases = Vec::new();
        for (at, (arrived, work)) in envelopes.iter().zip(work).enumerate() {
            if let Work::Case(case) = work {
                cases.push(*case);
                continue;
            }
            let before = &envelopes[at - cases.len()..at];
            let storing = self.store(before, std::mem::take(&mut cases), staffing);
            self.end(storing, results).await;
            results.push(match work {
                Work::Known => Ok(Ingested::Known),
                Work::Quarantined(reason) => {
                    let envelope = arrived.envelope();
                    self.quarantine(&envelope, arrived, reason).await
                }
                Work::Case(_) | Work::Alone => self.ingest_one(arrived).await,
            });
        }
        let from = envelopes.len() - cases.len();
        self.store(&envelopes[from..], cases, staffing)
    }

    /// Routes cases one after the other, and begins to store them.
    fn store<'a>(
        &self,
        envelopes: &'a [Arrived],
        cases: Vec<NewCase>,
        staffing: &Staffing,
    ) -> Option<Storing<'a>> {
        if cases.is_empty() {
            return None;
        }
        let given = fenced_now(|| {
            let mut routed: Vec<NewCase> = Vec::with_capacity(cases.len());
            for mut case in cases {
                self.route(&mut case, &routed, staffing);
                routed.push(case);
            }
            let given = on_every_core(routed, |mut case| {
                self.give_to_handler(&mut case, staffing)?;
                Ok::<_, OfficeError>(case.into_opened())
            });
            given.into_iter().collect::<Result<Vec<_>, _>>()
        });
        let (new, cases): (Vec<_>, Vec<_>) = given
            .ok()
            .and_then(Result::ok)
            .unwrap_or_default()
            .into_iter()
            .unzip();
        let write = self.unconfirmed(new.iter().map(|new| new.case.id));
        let store = Arc::clone(&self.parts.store);
        let stored = async move {
            if new.is_empty() {
                return (Ok(None), write);
            }
            (store.store_tips(&new).await, write)
        };
        Some(Storing {
            envelopes,
            cases,
            stored: tokio::spawn(stored),
        })
    }

    /// Waits until cases are stored, and takes them into the caseload. Where they cannot be stored together, each is taken
    /// in by itself.
    async fn end(&self, storing: Option<Storing<'_>>, results: &mut Results) {
        let Some(storing) = storing else { return };
        let stored = storing.stored.await;
        if let Ok((Ok(Some(numbers)), write)) = stored {
            for (case, number) in storing.cases.into_iter().zip(numbers) {
                self.opened(case, &number);
                results.push(Ok(Ingested::Case(number)));
            }
            write.confirmed();
            return;
        }
        // Where the answer of the database was lost they are stored, and known to the one who takes them in again.
        drop(stored);
        Box::pin(self.reread()).await;
        for arrived in storing.envelopes {
            results.push(self.ingest_one(arrived).await);
        }
    }
}
