//! Many envelopes at once. Opening, reading and sealing are work for every core, a commit to disk is as dear for sixteen tips as
//! for one: so tips are made ready side by side, routed one after the other as if each were stored before the next, and stored
//! together, while the next ones are made ready. Whatever is no tip, or does not go well so, is taken in by itself.

use super::new_case::{NewCase, OpenedCase, Staffing, Words};
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

/// What is done on every core.
enum Piece<'a> {
    MakeReady(&'a Arrived),
    File(Vec<Words>),
}

/// Words of cases that are stored. What nobody has filed yet is filed when this is dropped.
struct Unfiled<'a> {
    office: &'a Office,
    words: Vec<Words>,
}

impl Drop for Unfiled<'_> {
    fn drop(&mut self) {
        for words in std::mem::take(&mut self.words) {
            self.office.file_words(words);
        }
    }
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
        let mut unfiled = Unfiled {
            office: self,
            words: Vec::new(),
        };
        for some in arrived.chunks(AT_ONCE) {
            // The words by one core, since who files them keeps others from it.
            let filing = Piece::File(std::mem::take(&mut unfiled.words));
            let pieces = std::iter::once(filing).chain(some.iter().map(Piece::MakeReady));
            let work = on_every_core(pieces.collect(), |piece| match piece {
                Piece::MakeReady(one) => Some(self.made_ready(one, &known, &identities, &staffing)),
                Piece::File(words) => {
                    for words in words {
                        self.file_words(words);
                    }
                    None
                }
            });
            let work = work.into_iter().flatten().collect();
            let words = self.end(storing.take(), &mut results).await;
            unfiled.words.extend(words);
            storing = self.begin(some, work, &staffing, &mut results).await;
        }
        unfiled.words.extend(self.end(storing, &mut results).await);
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
            for words in self.end(storing, results).await {
                self.file_words(words);
            }
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

    /// Waits until cases are stored, and takes them into the caseload; what is to be filed of them. Where they cannot be stored
    /// together, each is taken in by itself.
    async fn end(&self, storing: Option<Storing<'_>>, results: &mut Results) -> Vec<Words> {
        let Some(storing) = storing else {
            return Vec::new();
        };
        let stored = storing.stored.await;
        if let Ok((Ok(Some(numbers)), write)) = stored {
            let mut words = Vec::with_capacity(numbers.len());
            for (case, number) in storing.cases.into_iter().zip(numbers) {
                words.push(self.opened(case, &number));
                results.push(Ok(Ingested::Case(number)));
            }
            write.confirmed();
            return words;
        }
        // Where the answer of the database was lost they are stored, and known to the one who takes them in again.
        drop(stored);
        Box::pin(self.reread()).await;
        for arrived in storing.envelopes {
            results.push(self.ingest_one(arrived).await);
        }
        Vec::new()
    }
}
