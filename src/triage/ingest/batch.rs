//! Many envelopes at once. Opening, reading and sealing are work for every core, a commit to disk is as dear for sixteen tips as
//! for one: so tips are made ready side by side, routed one after the other as if each were stored before the next, and stored
//! together, while the next ones are made ready. Whatever is no tip, or does not go well so, is taken in by itself.

use super::new_case::{
    NewCase, OpenedCase, Staffing, WordsToIndex, after_stored, give_to_handler, index_words,
    new_case, route, staffing,
};
use super::opening::{Arrived, Ingested, ingest_one, open_seal, quarantine_envelope};
use super::read_tip::ReadTip;
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
pub(super) struct Storing<'a> {
    envelopes: &'a [Arrived],
    cases: Vec<OpenedCase>,
    /// What the store says, and with it what is to be read again if nobody waits for it any more.
    stored: JoinHandle<(Numbers, UnconfirmedWrite)>,
}

/// What is done on every core.
enum Piece<'a> {
    MakeReady(&'a Arrived),
    Index(Vec<WordsToIndex>),
}

/// Words of cases that are stored. What is not in the search yet is put into it when this is dropped.
struct Unindexed<'a> {
    office: &'a Office,
    words: Vec<WordsToIndex>,
}

impl Drop for Unindexed<'_> {
    fn drop(&mut self) {
        for words in std::mem::take(&mut self.words) {
            index_words(self.office, words);
        }
    }
}

/// Takes envelopes in, in this order and each exactly once: what it returns of each is durable. Nobody else changes
/// anything meanwhile.
///
/// # Errors
/// What the store says before anything was taken in; of each envelope as [`ingest`](super::ingest).
pub async fn ingest_all(office: &Office, arrived: &[Arrived]) -> Result<Results, OfficeError> {
    let _exclusive = office.exclusive().await;
    let hashes: Vec<_> = arrived
        .iter()
        .map(|one| ContentHash::of(&one.ciphertext))
        .collect();
    let known = office.parts.store.known(&hashes).await?;
    let known: HashSet<ContentHash> = known.into_iter().collect();
    let staffing = staffing(office).await?;
    let identities = office.identities();
    let mut results = Vec::with_capacity(arrived.len());
    let mut storing = None;
    let mut unindexed = Unindexed {
        office,
        words: Vec::new(),
    };
    for some in arrived.chunks(AT_ONCE) {
        // The words by one core, since whoever changes the search keeps others from it.
        let index = Piece::Index(std::mem::take(&mut unindexed.words));
        let pieces = std::iter::once(index).chain(some.iter().map(Piece::MakeReady));
        let work = on_every_core(pieces.collect(), |piece| match piece {
            Piece::MakeReady(one) => Some(made_ready(office, one, &known, &identities, &staffing)),
            Piece::Index(words) => {
                for words in words {
                    index_words(office, words);
                }
                None
            }
        });
        let work = work.into_iter().flatten().collect();
        let words = end_batch(office, storing.take(), &mut results).await;
        unindexed.words.extend(words);
        storing = begin_batch(office, some, work, &staffing, &mut results).await;
    }
    let words = end_batch(office, storing, &mut results).await;
    unindexed.words.extend(words);
    Ok(results)
}

/// What can be made of an envelope before those that came earlier are stored.
fn made_ready(
    office: &Office,
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
        let read = match ReadTip::of(&json, &office.parts.slug) {
            Ok(read) => read,
            Err(reason) => return Ok(Work::Quarantined(reason)),
        };
        let (arriving, text) = read.arriving(&envelope, &json);
        let case = new_case(office, &arriving, &text, staffing)?;
        Ok::<_, OfficeError>(Work::Case(Box::new(case)))
    });
    // What went wrong is told once it goes wrong by itself.
    made.ok().and_then(Result::ok).unwrap_or(Work::Alone)
}

/// Does what is to be done with some envelopes; where all of them become cases, those are stored while others are made
/// ready.
async fn begin_batch<'a>(
    office: &Office,
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
        let storing = store_batch(office, before, std::mem::take(&mut cases), staffing);
        for words in end_batch(office, storing, results).await {
            index_words(office, words);
        }
        results.push(match work {
            Work::Known => Ok(Ingested::Known),
            Work::Quarantined(reason) => {
                let envelope = arrived.envelope();
                quarantine_envelope(office, &envelope, arrived, reason).await
            }
            Work::Case(_) | Work::Alone => ingest_one(office, arrived).await,
        });
    }
    let from = envelopes.len() - cases.len();
    store_batch(office, &envelopes[from..], cases, staffing)
}

/// Routes cases one after the other, and begins to store them.
fn store_batch<'a>(
    office: &Office,
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
            route(office, &mut case, &routed, staffing);
            routed.push(case);
        }
        let given = on_every_core(routed, |mut case| {
            give_to_handler(office, &mut case, staffing)?;
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
    let write = office.unconfirmed(new.iter().map(|new| new.case.id));
    let store = Arc::clone(&office.parts.store);
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

/// Waits until cases are stored, and takes them into the caseload; what of them is still to be put into the search. Where they
/// cannot be stored together, each is taken in by itself.
async fn end_batch(
    office: &Office,
    storing: Option<Storing<'_>>,
    results: &mut Results,
) -> Vec<WordsToIndex> {
    let Some(storing) = storing else {
        return Vec::new();
    };
    let stored = storing.stored.await;
    if let Ok((Ok(Some(numbers)), write)) = stored {
        let mut words = Vec::with_capacity(numbers.len());
        for (case, number) in storing.cases.into_iter().zip(numbers) {
            words.push(after_stored(office, case, &number));
            results.push(Ok(Ingested::Case(number)));
        }
        write.confirmed();
        return words;
    }
    // Where the answer of the database was lost they are stored, and known to the one who takes them in again.
    drop(stored);
    Box::pin(office.reread()).await;
    for arrived in storing.envelopes {
        results.push(ingest_one(office, arrived).await);
    }
    Vec::new()
}
