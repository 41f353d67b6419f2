//! The office at work: its key in memory, its rules, its store and the board of cases; who is in it, what each holds the key of and
//! sees, and how the key comes into memory.

mod access;
mod apart;
mod doubt;
mod error;
pub(crate) mod filing;
pub mod loading;
pub(crate) mod losing;
mod passing_clocks;
mod progress;
mod recusals;
mod refused;
pub(crate) mod retired;
mod rung;
mod sight;
mod turns;
pub mod unlocking;

use crate::cases::{Board, Entry};
use crate::deadlines::Deadlines;
use crate::model::{Member, MemberId, MessageText};
use crate::retention::Retention;
use crate::routing::{Haystack, Rules};
use crate::search::Index;
use crate::staff::{Directory, TwoPersons};
use crate::store::{CaseRow, MessageRow, TriageStore};
use crate::trail::Trail;
pub(crate) use access::Involved;
pub(crate) use doubt::Doubt;
use doubt::Doubted;
pub use error::OfficeError;
use jiff::tz::TimeZone;
use mifeng_foundation::blobs::BlobStore;
use mifeng_foundation::clock::{Clock, Day};
use mifeng_foundation::entropy::{Entropy, random_id};
use mifeng_foundation::supervisor::Pulse;
use mifeng_names::Part;
use mifeng_opening::{Identity, NumberKey, SketchKey};
use mifeng_sealing::tip::TipDocument;
use mifeng_sealing::{ParentOffice, Recipient, seal_bytes};
use mifeng_similarity::{Fields, Reading, Sketch};
use parking_lot::{Mutex, RwLock};
pub use progress::Progress;
use recusals::Recusals;
pub use refused::Lie;
pub(crate) use refused::Refused;
use retired::Retired;
use serde::Serialize;
use serde::de::DeserializeOwned;
pub(crate) use sight::Seen;
use sight::Sights;
use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};
pub(crate) use turns::CaseTurn;
use turns::Turns;
use zeroize::Zeroizing;

/// What an office is made of.
pub struct Parts {
    /// Its slug.
    pub slug: String,
    /// The zone its days begin in.
    pub zone: TimeZone,
    /// Its private key; one that opens nothing where the office is [sealed](Office::sealed).
    pub identity: Identity,
    /// What it keeps.
    pub store: Arc<dyn TriageStore>,
    /// Who works there.
    pub directory: Arc<dyn Directory>,
    /// Where tips go at the start.
    pub rules: Rules,
    /// By when.
    pub deadlines: Deadlines,
    /// The office above, which gets what this one may not handle; `None` where there is none.
    pub parent: Option<ParentOffice>,
    /// What the time is.
    pub clock: Arc<dyn Clock>,
    /// What nobody can guess.
    pub entropy: Arc<dyn Entropy>,
}

/// An office at work.
pub struct Office {
    pub(crate) parts: Arc<Parts>,
    /// Whether the office's key is locked: then nothing is loaded, and each member opens her own cases with her own key.
    pub(crate) sealed: bool,
    /// Where tips go now: as at the start, or as a person has changed it since.
    rules: RwLock<Arc<Rules>>,
    pub(crate) sketch_key: SketchKey,
    /// To whom cases' keys are sealed for the office: its identity's.
    pub(crate) recipient: Recipient,
    /// What new cases are numbered under.
    pub(crate) number_key: NumberKey,
    /// Identities that the office had before.
    pub(crate) retired: RwLock<Vec<Retired>>,
    pub(crate) board: RwLock<Board>,
    /// Whose turn it is to change what: the board and the store never part.
    turns: Turns,
    /// Cases that the board may not know as the store has them.
    doubted: Arc<Doubted>,
    /// Where files lie; `None` where no place is set.
    pub(crate) blobs: Option<Arc<dyn BlobStore>>,
    /// How long cases are kept.
    pub(crate) retention: Retention,
    /// How collecting goes, while there is a task that collects.
    pub(crate) collecting: OnceLock<Pulse>,
    /// What intake said that cannot be, since the start.
    pub(crate) refused: Mutex<Refused>,
    /// What one person does not do alone.
    pub(crate) two_persons: TwoPersons,
    /// Sketches that did not open at the last start, and were made anew.
    pub(crate) rebuilt_sketches: AtomicUsize,
    /// Cases that the program failed over at the last start; they are stored, and left out.
    pub(crate) unread_cases: AtomicUsize,
    /// The accounts as they were when every key was last brought into line with them.
    pub(crate) aligned: tokio::sync::Mutex<Vec<Member>>,
    /// Which recusals were found of whom.
    pub(crate) sights: Sights,
    /// What each member may have nothing to do with.
    pub(crate) recusals: Recusals,
    /// Whose calendar was read on which day last.
    pub(crate) feeds_read: Mutex<HashMap<MemberId, Day>>,
    /// Every word of every case, to search for.
    pub(crate) search: RwLock<Index>,
}

impl Office {
    /// Loads every case.
    ///
    /// # Errors
    /// What the store says, or [`OfficeError::Damaged`] where something stored does not open.
    pub async fn load(parts: Parts) -> Result<Self, OfficeError> {
        Self::load_telling(parts, &Progress::default()).await
    }

    /// The same, with how far it is.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn load_telling(parts: Parts, progress: &Progress) -> Result<Self, OfficeError> {
        let office = Self::empty(Arc::new(parts), false);
        office.load_retired().await?;
        office.load_board(progress).await?;
        office.reseal_reasons().await?;
        office.forget_stale_wraps().await?;
        office.align().await?;
        office.settle(&office.parts.directory.members().await?);
        Ok(office)
    }

    /// The office while its key is locked; the identity in `parts` is none of anybody's.
    #[must_use]
    pub fn sealed(parts: Parts) -> Self {
        Self::empty(Arc::new(parts), true)
    }

    pub(crate) fn empty(parts: Arc<Parts>, sealed: bool) -> Self {
        Self {
            sketch_key: SketchKey::derive(&parts.identity),
            number_key: NumberKey::derive(&parts.identity),
            recipient: parts.identity.recipient(),
            rules: RwLock::new(Arc::new(parts.rules.clone())),
            parts,
            sealed,
            retired: RwLock::default(),
            board: RwLock::default(),
            turns: Turns::default(),
            doubted: Arc::default(),
            blobs: None,
            retention: Retention::default(),
            collecting: OnceLock::new(),
            refused: Mutex::default(),
            two_persons: TwoPersons::default(),
            rebuilt_sketches: AtomicUsize::new(0),
            unread_cases: AtomicUsize::new(0),
            aligned: tokio::sync::Mutex::default(),
            sights: Sights::default(),
            recusals: Recusals::default(),
            feeds_read: Mutex::default(),
            search: RwLock::default(),
        }
    }

    /// The same with a place for files.
    #[must_use]
    pub fn with_blobs(self, blobs: Option<Arc<dyn BlobStore>>) -> Self {
        Self { blobs, ..self }
    }

    /// Where tips go.
    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules.read())
    }

    /// Puts other rules in force.
    pub(crate) fn set_rules(&self, rules: Arc<Rules>) {
        let mut now = self.rules.write();
        *now = rules;
    }

    /// The same with an office's own rules of how long cases are kept.
    #[must_use]
    pub fn with_retention(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// The same with an office's own settings of what takes two.
    #[must_use]
    pub fn with_two_persons(self, two_persons: TwoPersons) -> Self {
        Self {
            two_persons,
            ..self
        }
    }

    /// What a tip is compared by, as the tips so far say what is rare.
    pub(crate) fn sketch_of(&self, tip: &TipDocument, day: Day) -> Sketch {
        let fields = Fields {
            day,
            ..Fields::from(tip)
        };
        let reading = Reading::of(&fields, self.rules().compared_schools());
        self.board(|board| board.index().sketch(&reading, &self.sketch_key))
    }

    pub(crate) fn board<T>(&self, read: impl FnOnce(&Board) -> T) -> T {
        read(&self.board.read())
    }

    pub(crate) fn board_mut<T>(&self, write: impl FnOnce(&mut Board) -> T) -> T {
        write(&mut self.board.write())
    }

    /// Whether the calendar of `member` was not read yet on `today`; it is now.
    pub(crate) fn first_today(&self, member: MemberId, today: Day) -> bool {
        let mut read = self.feeds_read.lock();
        read.insert(member, today) != Some(today)
    }

    /// Its trail.
    #[must_use]
    pub fn trail(&self) -> Trail {
        let Parts {
            store, clock, zone, ..
        } = &*self.parts;
        Trail::new(Arc::clone(store), Arc::clone(clock), zone.clone())
    }

    /// Today, where the office is.
    #[must_use]
    pub fn today(&self) -> Day {
        self.parts.clock.today(&self.parts.zone)
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        self.parts.entropy.as_ref()
    }

    pub(crate) fn new_id(&self) -> [u8; 16] {
        random_id(self.entropy())
    }

    /// Whether the reporter of every tip of the case deleted the mailbox.
    pub(crate) fn reporter_gone(&self, entry: &Entry) -> bool {
        self.board(|board| {
            let tips = board.tips_of(entry.row.id);
            !tips.is_empty() && tips.iter().all(|tip| entry.card.reporter(*tip).gone)
        })
    }

    pub(crate) fn case_key(&self, row: &CaseRow) -> Result<Identity, OfficeError> {
        let key = self.parts.identity.open_identity(&row.wrapped_identity);
        key.map_err(|_| OfficeError::Damaged)
    }
}

pub(crate) fn haystack_of(tip: &TipDocument) -> Haystack {
    let mut haystack = Haystack::default();
    haystack.add_to(Part::School, &tip.school);
    haystack.add_to(Part::Subject, &tip.subject);
    haystack.add(&tip.when);
    haystack.add(&tip.text);
    haystack
}

/// What names are looked for in of a whole case: its tip, and what its reporter wrote since.
pub(crate) fn haystack_of_case<'a>(
    key: &Identity,
    tip: &TipDocument,
    messages: impl IntoIterator<Item = &'a MessageRow>,
) -> Result<Haystack, OfficeError> {
    let mut haystack = haystack_of(tip);
    for message in messages.into_iter().filter(|message| message.from_reporter) {
        let words: MessageText = open_json(key, &message.sealed)?;
        // Whom words name that anybody may have written stays with the case.
        if words.heard.is_none_or(|heard| heard.proven) {
            haystack.add(&words.text);
        }
    }
    Ok(haystack)
}

pub(crate) fn open_tip(key: &Identity, sealed: &[u8]) -> Result<TipDocument, OfficeError> {
    let json = key.open(sealed).map_err(|_| OfficeError::Damaged)?;
    TipDocument::from_json(&json).map_err(|_| OfficeError::Damaged)
}

pub(crate) fn open_json<T: DeserializeOwned>(
    key: &Identity,
    sealed: &[u8],
) -> Result<T, OfficeError> {
    let json = key.open(sealed).map_err(|_| OfficeError::Damaged)?;
    serde_json::from_slice(&json).map_err(|_| OfficeError::Damaged)
}

pub(crate) fn seal_json<T: Serialize>(
    document: &T,
    to: &Recipient,
) -> Result<Vec<u8>, OfficeError> {
    let json =
        serde_json::to_vec(document).expect("strings, days and codes always have a JSON form");
    seal(&Zeroizing::new(json), to)
}

pub(crate) fn seal(document: &[u8], to: &Recipient) -> Result<Vec<u8>, OfficeError> {
    seal_bytes(document, std::slice::from_ref(to))
        .map(mifeng_sealing::Sealed::into_bytes)
        .map_err(|_| OfficeError::BadText(""))
}
