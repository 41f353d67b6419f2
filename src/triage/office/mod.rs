//! The office at work: its key in memory, its rules, its store and the caseload; who is in it, what each holds the key of and
//! sees, and how the key comes into memory.

mod access;
pub(crate) mod access_loss;
mod alignment;
mod error;
mod escalation;
pub(crate) mod indexing;
pub mod loading;
mod locks;
mod named_and_missing;
mod parts;
mod passing_deadlines;
mod progress;
mod quarantine;
mod recusals;
mod rereading;
pub(crate) mod retired;
mod rewrapping;
mod sealed_json;
mod searched_names;
mod sketches;
mod unconfirmed;
pub mod unlocking;
mod violations;
mod visibility;

use crate::audit::AuditLog;
use crate::cases::{Caseload, Entry};
use crate::model::{Member, MemberId};
use crate::retention::Retention;
use crate::routing::Rules;
use crate::search::Index;
use crate::staff::TwoPersons;
use crate::store::CaseRow;
pub(crate) use access::Involved;
pub(crate) use access_loss::{loss_of, takes_two};
pub use error::OfficeError;
pub use escalation::escalation_level;
pub(crate) use escalation::{escalation_level_of, passed_on};
pub(crate) use indexing::{forget_words, index_case, index_changes, search_words};
use loading::load_caseload;
pub(crate) use locks::CaseLock;
use locks::CaseLocks;
use mifeng_foundation::blobs::BlobStore;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::{Entropy, random_id};
use mifeng_foundation::supervisor::Heartbeat;
use mifeng_opening::{Identity, NumberKey, SketchKey};
use mifeng_sealing::Recipient;
use mifeng_sealing::tip::TipDocument;
use mifeng_similarity::{Fields, Reading, Sketch};
pub use named_and_missing::named_and_missing;
use parking_lot::{Mutex, RwLock};
pub use parts::Parts;
pub(crate) use passing_deadlines::{had_to_pass, passing_day, passing_deadlines};
pub use progress::Progress;
pub(crate) use quarantine::quarantined;
use recusals::Recusals;
use retired::Retired;
pub(crate) use sealed_json::{open_json, open_tip, seal, seal_json};
pub(crate) use searched_names::{name_search_text_of, name_search_text_of_case};
use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};
use unconfirmed::CasesToReload;
pub(crate) use unconfirmed::UnconfirmedWrite;
pub use violations::ProtocolViolation;
pub(crate) use violations::ViolationCounts;
use visibility::VisibilityCache;
pub(crate) use visibility::VisibleCases;

/// An office at work.
pub struct Office {
    pub(crate) parts: Arc<Parts>,
    /// Whether the office's key is locked: then nothing is loaded, and each member opens her own cases with her own key.
    pub(crate) locked: bool,
    /// Where tips go now: as at the start, or as a person has changed it since.
    rules: RwLock<Arc<Rules>>,
    pub(crate) sketch_key: SketchKey,
    /// To whom cases' keys are sealed for the office: its identity's.
    pub(crate) recipient: Recipient,
    /// What new cases are numbered under.
    pub(crate) number_key: NumberKey,
    /// Identities that the office had before.
    pub(crate) retired: RwLock<Vec<Retired>>,
    pub(crate) caseload: RwLock<Caseload>,
    /// Locks that order changes, so that the caseload and the store never differ.
    locks: CaseLocks,
    /// Cases that the caseload may not know as the store has them.
    to_reload: Arc<CasesToReload>,
    /// Where files lie; `None` where no place is set.
    pub(crate) blobs: Option<Arc<dyn BlobStore>>,
    /// How long cases are kept.
    pub(crate) retention: Retention,
    /// How collecting goes, while there is a task that collects.
    pub(crate) collecting: OnceLock<Heartbeat>,
    /// How often intake violated the relay contract since the start.
    pub(crate) refused: Mutex<ViolationCounts>,
    /// What one person does not do alone.
    pub(crate) two_persons: TwoPersons,
    /// Sketches that did not open at the last start, and were made anew.
    pub(crate) rebuilt_sketches: AtomicUsize,
    /// Cases that the program failed over at the last start; they are stored, and left out.
    pub(crate) unread_cases: AtomicUsize,
    /// The accounts as they were when every key was last brought into line with them.
    pub(crate) aligned: tokio::sync::Mutex<Vec<Member>>,
    /// From which cases each member is recused, as far as it was computed.
    pub(crate) visibility_cache: VisibilityCache,
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
        load_caseload(&office, progress).await?;
        office.reseal_reasons().await?;
        office.forget_stale_wraps().await?;
        office.align().await?;
        office.settle(&office.parts.directory.members().await?);
        Ok(office)
    }

    /// The office while its key is locked; the identity in `parts` is none of anybody's.
    #[must_use]
    pub fn locked(parts: Parts) -> Self {
        Self::empty(Arc::new(parts), true)
    }

    pub(crate) fn empty(parts: Arc<Parts>, locked: bool) -> Self {
        Self {
            sketch_key: SketchKey::derive(&parts.identity),
            number_key: NumberKey::derive(&parts.identity),
            recipient: parts.identity.recipient(),
            rules: RwLock::new(Arc::new(parts.rules.clone())),
            parts,
            locked,
            retired: RwLock::default(),
            caseload: RwLock::default(),
            locks: CaseLocks::default(),
            to_reload: Arc::default(),
            blobs: None,
            retention: Retention::default(),
            collecting: OnceLock::new(),
            refused: Mutex::default(),
            two_persons: TwoPersons::default(),
            rebuilt_sketches: AtomicUsize::new(0),
            unread_cases: AtomicUsize::new(0),
            aligned: tokio::sync::Mutex::default(),
            visibility_cache: VisibilityCache::default(),
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

    /// How long cases are kept.
    #[must_use]
    pub fn retention(&self) -> &Retention {
        &self.retention
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
        self.caseload(|caseload| caseload.index().sketch(&reading, &self.sketch_key))
    }

    pub(crate) fn caseload<T>(&self, read: impl FnOnce(&Caseload) -> T) -> T {
        read(&self.caseload.read())
    }

    pub(crate) fn caseload_mut<T>(&self, write: impl FnOnce(&mut Caseload) -> T) -> T {
        write(&mut self.caseload.write())
    }

    /// Whether the calendar of `member` was not read yet on `today`; it is now.
    pub(crate) fn first_today(&self, member: MemberId, today: Day) -> bool {
        let mut read = self.feeds_read.lock();
        read.insert(member, today) != Some(today)
    }

    /// Its audit log.
    #[must_use]
    pub fn audit_log(&self) -> AuditLog {
        let Parts {
            store, clock, zone, ..
        } = &*self.parts;
        AuditLog::new(Arc::clone(store), Arc::clone(clock), zone.clone())
    }

    /// Whether its key is locked.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.locked
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
        self.caseload(|caseload| {
            let tips = caseload.tips_of(entry.row.id);
            !tips.is_empty() && tips.iter().all(|tip| entry.summary.reporter(*tip).gone)
        })
    }

    pub(crate) fn case_key(&self, row: &CaseRow) -> Result<Identity, OfficeError> {
        let key = self.parts.identity.open_identity(&row.wrapped_identity);
        key.map_err(|_| OfficeError::Damaged)
    }
}
