//! Filling the board at start: every case opened, every sketch put into the index, with how far it is for whoever waits.

use crate::opening::Identity;
use crate::telemetry::{Event, log};
use crate::tip::TipDocument;
use crate::triage::cases::{Card, Entry};
use crate::triage::desk::DeskError;
use crate::triage::office::{Office, Parts, haystack_of_case, open_json, open_tip};
use crate::triage::rounds::filing::{Written, text_of_tip, texts_of};
use crate::triage::rounds::retired::CaseKey;
use crate::triage::similarity::{Sketch, TipId};
use crate::triage::staff::MemberId;
use crate::triage::store::{CaseId, CaseRow, ClockRow, MessageRow, TipRow};
use crate::triage::trail::{Act, Kind};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tips between two looks at whether somebody else has to be served.
const BATCH_TIPS: usize = 64;
/// How often it is logged on the way.
const LOGGED_STEPS: usize = 10;

/// How far loading is. Shared with the page that is shown meanwhile.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Progress {
    /// In hundredths; 0 while it is not known how much there is.
    #[must_use]
    pub fn percent(&self) -> usize {
        let total = self.total.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed);
        (done * 100).checked_div(total).unwrap_or(0)
    }

    fn begin(&self, total: usize) {
        self.total.store(total, Ordering::Relaxed);
        log(Event::Loading { percent: 0 });
    }

    /// One more; logged now and then.
    fn step(&self) {
        let total = self.total.load(Ordering::Relaxed);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let part = |count: usize| count * LOGGED_STEPS / total.max(1);
        if part(done) > part(done - 1) {
            log(Event::Loading {
                percent: self.percent(),
            });
        }
    }
}

/// What the store holds, by case.
struct Stored {
    cases: HashMap<CaseId, CaseRow>,
    clocks: HashMap<CaseId, Vec<ClockRow>>,
    written: HashMap<CaseId, Vec<MessageRow>>,
    holders: HashMap<CaseId, Vec<MemberId>>,
}

/// A case that is open, but for its sketch.
struct Opened {
    tip: TipId,
    row: CaseRow,
    card: Card,
    clocks: Vec<ClockRow>,
    haystack: crate::triage::routing::Haystack,
    holders: Vec<MemberId>,
    key: Identity,
    /// Whether its key is sealed to an old identity of the office.
    is_old: bool,
}

impl Office {
    /// Fills the board. A sketch that does not open is made anew from its sealed tip, told in the log and counted; it
    /// stops nothing else.
    pub(in crate::triage) async fn load_board(&self, progress: &Progress) -> Result<(), DeskError> {
        let tips = self.parts.store.tips(None).await?;
        progress.begin(tips.len());
        let mut stored = self.stored().await?;
        let mut written = self.written_by_office().await?;
        let (mut whole, mut sketches, mut damaged) = (Vec::new(), Vec::new(), Vec::new());
        let (mut old, mut rewrapping) = (Vec::new(), Rewrapping::new(self));
        for (at, tip) in tips.iter().enumerate() {
            if at % BATCH_TIPS == 0 {
                tokio::task::yield_now().await;
            }
            progress.step();
            let Some((mut opened, document)) = self.open_case(tip, &mut stored, &mut written)?
            else {
                continue;
            };
            if opened.is_old {
                rewrapping.rewrap(&mut opened).await?;
            }
            match Sketch::open(&tip.id, &tip.sketch, &self.sketch_key) {
                Ok(sketch) => {
                    sketches.push((tip.id, sketch.clone()));
                    whole.push((opened, sketch));
                }
                Err(_) if self.is_old_sketch(tip.id, &tip.sketch) => old.push((opened, document)),
                Err(cause) => damaged.push((opened, document, cause)),
            }
        }
        self.board_mut(|board| board.index_all(sketches));
        // By their days: what is rare, and what a template, is what the tips before each say.
        old.sort_by_key(|(opened, _)| (opened.row.opened_day, opened.row.number.clone()));
        for (opened, document) in old {
            rewrapping.begin().await?;
            let sketch = self.new_sketch(&opened, &document).await?;
            self.board_mut(|board| board.index_one(opened.tip, &sketch));
            whole.push((opened, sketch));
        }
        let rebuilt = damaged.len();
        for (opened, document, cause) in damaged {
            // After all others, which say what is rare.
            let sketch = self.rebuild_sketch(&opened, &document, cause).await?;
            whole.push((opened, sketch));
        }
        let apart = self.parts.store.apart().await?;
        let tasks = self.parts.store.open_tasks().await?;
        self.board_mut(|board| {
            for (opened, sketch) in whole {
                board.add(opened.tip, opened.with(sketch));
            }
            for pair in apart {
                board.hold_apart(pair, true);
            }
            for task in tasks {
                board.add_task(task);
            }
        });
        self.rebuilt_sketches.store(rebuilt, Ordering::Relaxed);
        log(Event::Loaded {
            tips: tips.len(),
            rebuilt,
        });
        Ok(())
    }

    async fn stored(&self) -> Result<Stored, DeskError> {
        let store = &self.parts.store;
        let cases = store.cases().await?.into_iter();
        let mut stored = Stored {
            cases: cases.map(|row| (row.id, row)).collect(),
            clocks: HashMap::new(),
            written: HashMap::new(),
            holders: HashMap::new(),
        };
        for (case, member) in store.holders().await? {
            stored.holders.entry(case).or_default().push(member);
        }
        for clock in store.clocks(None).await? {
            stored.clocks.entry(clock.case).or_default().push(clock);
        }
        for (message, _) in store.messages(None).await? {
            stored
                .written
                .entry(message.case)
                .or_default()
                .push(message);
        }
        Ok(stored)
    }

    fn open_case(
        &self,
        tip: &TipRow,
        stored: &mut Stored,
        by_office: &mut Written,
    ) -> Result<Option<(Opened, TipDocument)>, DeskError> {
        let Some(row) = stored.cases.remove(&tip.case) else {
            return Ok(None);
        };
        let CaseKey { key, is_old } = self.any_case_key(&row)?;
        let document = open_tip(&key, &tip.sealed)?;
        let written = stored.written.remove(&row.id).unwrap_or_default();
        let haystack = haystack_of_case(&key, &document, &written)?;
        let (said, papers) = by_office.take(row.id);
        let mut texts = texts_of(&key, written.iter().chain(&said), &papers)?;
        texts.push(text_of_tip(&document));
        self.file(&row, texts);
        let opened = Opened {
            tip: tip.id,
            card: open_json(&key, &row.card)?,
            clocks: stored.clocks.remove(&row.id).unwrap_or_default(),
            holders: stored.holders.remove(&row.id).unwrap_or_default(),
            haystack,
            row,
            key,
            is_old,
        };
        Ok(Some((opened, document)))
    }

    async fn rebuild_sketch(
        &self,
        opened: &Opened,
        document: &TipDocument,
        cause: crate::opening::SketchError,
    ) -> Result<Sketch, DeskError> {
        log(Event::SketchRebuilt {
            id: &hex::encode(opened.tip),
            cause: &cause,
        });
        self.new_sketch(opened, document).await
    }

    /// Makes a tip's sketch anew, as the tips in the index say what is rare.
    async fn new_sketch(
        &self,
        opened: &Opened,
        document: &TipDocument,
    ) -> Result<Sketch, DeskError> {
        let sketch = self.sketch_of(document, opened.row.opened_day);
        let sealed = sketch.seal(&opened.tip, &self.sketch_key, self.entropy());
        let store = &self.parts.store;
        store.replace_sketch(opened.tip, &sealed).await?;
        Ok(sketch)
    }
}

/// Sealing cases to the office's new key, on record once.
struct Rewrapping<'a> {
    office: &'a Office,
    /// What the engine's own files are wiped under afterwards.
    mark: [u8; 16],
    begun: bool,
}

impl<'a> Rewrapping<'a> {
    fn new(office: &'a Office) -> Self {
        Self {
            office,
            mark: office.new_id(),
            begun: false,
        }
    }

    async fn begin(&mut self) -> Result<(), DeskError> {
        if !self.begun {
            let act = Act::new(Kind::KeysRewrapped);
            self.office.trail().record_own(act).await?;
            self.begun = true;
        }
        Ok(())
    }

    async fn rewrap(&mut self, opened: &mut Opened) -> Result<(), DeskError> {
        self.begin().await?;
        let Parts {
            identity, store, ..
        } = &*self.office.parts;
        let wrapped = opened.key.wrap(&identity.recipient());
        let wrapped = wrapped.map_err(|_| DeskError::Damaged)?;
        let case = opened.row.id;
        store.rewrap_for_office(case, &wrapped, self.mark).await?;
        opened.row.wrapped_identity = wrapped;
        Ok(())
    }
}

impl Opened {
    fn with(self, sketch: Sketch) -> Entry {
        Entry {
            row: self.row,
            card: self.card,
            clocks: self.clocks,
            haystack: self.haystack,
            sketch,
            holders: self.holders,
        }
    }
}
