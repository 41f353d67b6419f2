//! Filling the caseload at start: every case opened, every sketch put into the index, with how far it is for whoever waits.

use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::cores::on_every_core;
use crate::model::{CaseId, CaseNumber, CaseSummary, MemberId};
use crate::office::filing::{
    text_of_tip, texts_of, texts_of_files, texts_of_history, texts_of_summary,
};
use crate::office::retired::CaseKey;
use crate::office::{
    Office, OfficeError, Parts, Progress, name_search_text_of_case, open_json, open_tip,
};
use crate::search::Text;
use crate::store::{CaseRow, DeadlineRow, PaperRow, Renumbered, TipRow, WholeCase};
use mifeng_foundation::supervisor::fenced_now;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::Identity;
use mifeng_sealing::tip::TipDocument;
use mifeng_similarity::{Sketch, TipId};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Cases that are read at once. What is sealed takes ten times what is kept of it: all of it at once would be most of what
/// the program ever needs.
const BATCH_CASES: u32 = 256;

/// A case that is open, but for its sketch.
struct Opened {
    tip: TipId,
    row: CaseRow,
    summary: CaseSummary,
    deadlines: Vec<DeadlineRow>,
    name_search_text: crate::routing::NameSearchText,
    holders: Vec<MemberId>,
    /// Its words, to search for.
    texts: Vec<Text>,
    key: Identity,
    /// Whether its key is sealed to an old identity of the office.
    is_old: bool,
}

/// A case that is open, with its tip as it stands in the store and as it says.
type Whole = (Opened, TipRow, TipDocument);

impl Office {
    /// Fills the caseload. A sketch that does not open is made anew from its sealed tip, told in the log and counted; it
    /// stops nothing else.
    pub(crate) async fn load_caseload(&self, progress: &Progress) -> Result<(), OfficeError> {
        let store = &self.parts.store;
        progress.begin(store.case_count().await?);
        self.unread_cases.store(0, Ordering::Relaxed);
        let (mut whole, mut damaged) = (Vec::new(), Vec::new());
        let mut unopened = None;
        let (mut old, mut rewrapping) = (Vec::new(), Rewrapping::new(self));
        let mut unsealing = self.sketch_key.opener();
        let (mut tips, mut after) = (0, None);
        loop {
            let mut batch = store.whole_cases(after, BATCH_CASES).await?;
            self.renumber(&mut batch).await?;
            let Some(last) = batch.last() else { break };
            after = Some(last.row.id);
            // What is sealed is each a curve's work of a tenth of a millisecond, and a case has a dozen.
            for case in on_every_core(batch, |case| self.open_fenced(case)) {
                progress.step();
                let (mut opened, tip, document) = match case {
                    Ok(Some(whole)) => whole,
                    Ok(None) => continue,
                    Err(cause) => {
                        unopened = Some(cause);
                        continue;
                    }
                };
                tips += 1;
                if opened.is_old {
                    rewrapping.rewrap(&mut opened).await?;
                }
                match Sketch::open_next(&tip.id, &tip.sketch, &mut unsealing) {
                    Ok(sketch) => whole.push((opened, Arc::new(sketch))),
                    Err(_) if self.is_old_sketch(tip.id, &tip.sketch) => {
                        old.push((opened, document));
                    }
                    Err(cause) => damaged.push((opened, document, cause)),
                }
            }
            tokio::task::yield_now().await;
        }
        if let Some(cause) = unopened
            && tips == 0
        {
            // Where none opens it is the key.
            return Err(cause);
        }
        self.caseload_mut(|caseload| {
            let sketches = whole.iter().map(|(opened, sketch)| (opened.tip, &**sketch));
            caseload.index_all(sketches.collect());
        });
        // By their days: what is rare, and what a template, is what the tips before each say.
        old.sort_by_key(|(opened, _)| (opened.row.opened_day, opened.row.number.clone()));
        for (opened, document) in old {
            rewrapping.begin().await?;
            let sketch = Arc::new(self.new_sketch(&opened, &document).await?);
            self.caseload_mut(|caseload| caseload.index_one(opened.tip, &sketch));
            whole.push((opened, sketch));
        }
        let rebuilt = damaged.len();
        for (opened, document, cause) in damaged {
            // After all others, which say what is rare.
            let sketch = self.rebuild_sketch(&opened, &document, cause).await?;
            whole.push((opened, Arc::new(sketch)));
        }
        let apart = self.parts.store.apart().await?;
        let older_numbers = self.parts.store.older_numbers(None).await?;
        let tasks = self.parts.store.open_tasks().await?;
        self.caseload_mut(|caseload| {
            for (opened, sketch) in whole {
                caseload.add(opened.tip, opened.with(sketch));
            }
            for (number, case) in older_numbers {
                caseload.add_older_number(number, case);
            }
            for pair in apart {
                caseload.hold_apart(pair, true);
            }
            for task in tasks {
                caseload.add_task(task);
            }
        });
        self.rebuilt_sketches.store(rebuilt, Ordering::Relaxed);
        log(Event::Loaded { tips, rebuilt });
        Ok(())
    }

    /// Gives those cases a number of today's kind that have one of year and counter; that one still leads to them.
    async fn renumber(&self, batch: &mut [WholeCase]) -> Result<(), OfficeError> {
        let mut counted: Vec<_> = batch
            .iter_mut()
            .filter(|case| CaseNumber::is_counted(&case.row.number))
            .collect();
        let cases: Vec<_> = counted
            .iter()
            .filter_map(|case| {
                let content = &case.tips.first()?.content;
                Some(Renumbered {
                    case: case.row.id,
                    old: case.row.number.clone(),
                    numbers: CaseNumber::of_envelope(&self.number_key, content),
                })
            })
            .collect();
        if cases.is_empty() {
            return Ok(());
        }
        let given = self.parts.store.renumber(&cases).await?;
        counted.retain(|case| !case.tips.is_empty());
        for (case, number) in counted.into_iter().zip(given) {
            case.row.number = number;
        }
        Ok(())
    }

    /// What a case that is not finished names and the routing file has no more: a unit or a school, by its id. Without it nobody
    /// could be given the case, and who has to do with the school could not be told.
    #[must_use]
    pub fn named_and_missing(&self) -> Option<String> {
        let rules = self.rules();
        self.caseload(|caseload| {
            let open = caseload
                .groups()
                .filter(|group| !group.state().is_finished());
            let missing = open.flat_map(|group| {
                let named = |entry: &Entry| {
                    let unit = &entry.summary.unit;
                    let unit = rules
                        .unit(unit)
                        .is_none()
                        .then(|| format!("[[unit]] \"{unit}\""));
                    let school = entry.summary.school_id.as_deref();
                    let school = school.filter(|id| rules.school_by_id(id).is_none());
                    unit.or_else(|| school.map(|id| format!("[[school]] \"{id}\"")))
                };
                group.cases().filter_map(named).collect::<Vec<_>>()
            });
            missing.min()
        })
    }

    /// Opens a case; one that does not open, or that the program fails over, is left out, told and counted, and keeps no other
    /// from its people.
    ///
    /// # Errors
    /// Why it does not open.
    fn open_fenced(&self, case: WholeCase) -> Result<Option<Whole>, OfficeError> {
        let id = case.row.id;
        let unread = |why: &dyn std::error::Error| {
            log(Event::EnvelopeFailed {
                id: &hex::encode(id.0),
                cause: why,
            });
            self.unread_cases.fetch_add(1, Ordering::Relaxed);
        };
        match fenced_now(|| self.open_case(case)) {
            Ok(Ok(mut whole)) => {
                if let Some((opened, ..)) = &mut whole {
                    self.file(&opened.row, std::mem::take(&mut opened.texts));
                }
                Ok(whole)
            }
            Ok(Err(why)) => {
                unread(&why);
                Err(why)
            }
            Err(why) => {
                unread(&why);
                Ok(None)
            }
        }
    }

    fn open_case(&self, case: WholeCase) -> Result<Option<Whole>, OfficeError> {
        let Some(tip) = case.tips.into_iter().next() else {
            return Ok(None);
        };
        let mut row = case.row;
        let CaseKey { key, is_old } = self.any_case_key(&row)?;
        let document = open_tip(&key, &tip.sealed)?;
        let name_search_text = name_search_text_of_case(&key, &document, &case.messages)?;
        let mut texts = texts_of(&key, &case.messages, &case.papers)?;
        texts.push(text_of_tip(&document));
        texts.extend(texts_of_files(&key, &case.files)?);
        texts.extend(texts_of_history(&key, &case.history)?);
        let summary = open_json(&key, &row.summary)?;
        texts.extend(texts_of_summary(&summary));
        // It is open from here on: what is sealed lies in the store.
        row.summary = Vec::new();
        let opened = Opened {
            tip: tip.id,
            summary,
            deadlines: case.deadlines,
            holders: case.holders,
            name_search_text,
            texts,
            row,
            key,
            is_old,
        };
        Ok(Some((opened, tip, document)))
    }

    /// Brings the caseload into step with what the store has of one case, whatever that is.
    ///
    /// # Errors
    /// What the store says, or why the case does not open.
    pub(super) async fn reread_case(&self, case: CaseId) -> Result<(), OfficeError> {
        if self.locked {
            // There is no caseload: each member opens what she holds the key of, anew each time.
            return Ok(());
        }
        let store = &self.parts.store;
        let whole = store.whole_case(case).await?;
        let apart = store.apart().await?;
        let tasks = whole.iter().flat_map(|whole| &whole.papers);
        let tasks: Vec<_> = tasks.filter_map(PaperRow::open_task).collect();
        let opened = match whole {
            Some(whole) => {
                fenced_now(|| self.open_case(whole)).map_err(|_| OfficeError::Damaged)??
            }
            None => None,
        };
        self.forget_words(&[case]);
        let Some((mut opened, tip, document)) = opened else {
            self.caseload_mut(|caseload| caseload.forget(&[case]));
            return Ok(());
        };
        self.file(&opened.row, std::mem::take(&mut opened.texts));
        let known = self.caseload(|caseload| Some(Arc::clone(&caseload.by_id(case)?.sketch)));
        let sketch = match (known, Sketch::open(&tip.id, &tip.sketch, &self.sketch_key)) {
            (Some(known), _) => known,
            (None, Ok(sketch)) => Arc::new(sketch),
            (None, Err(error)) => Arc::new(self.rebuild_sketch(&opened, &document, error).await?),
        };
        self.caseload_mut(|caseload| {
            caseload.read_again(tip.id, opened.with(sketch), tasks, &apart);
        });
        self.settle(&self.parts.directory.members().await?);
        Ok(())
    }

    async fn rebuild_sketch(
        &self,
        opened: &Opened,
        document: &TipDocument,
        cause: mifeng_opening::SketchError,
    ) -> Result<Sketch, OfficeError> {
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
    ) -> Result<Sketch, OfficeError> {
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

    async fn begin(&mut self) -> Result<(), OfficeError> {
        if !self.begun {
            let act = Act::new(Kind::KeysRewrapped);
            self.office.audit_log().record_own(act).await?;
            self.begun = true;
        }
        Ok(())
    }

    async fn rewrap(&mut self, opened: &mut Opened) -> Result<(), OfficeError> {
        self.begin().await?;
        let Parts {
            identity, store, ..
        } = &*self.office.parts;
        let wrapped = opened.key.wrap(&identity.recipient());
        let wrapped = wrapped.map_err(|_| OfficeError::Damaged)?;
        let case = opened.row.id;
        store.rewrap_for_office(case, &wrapped, self.mark).await?;
        opened.row.wrapped_identity = wrapped;
        Ok(())
    }
}

impl Opened {
    fn with(self, sketch: Arc<Sketch>) -> Entry {
        Entry {
            row: self.row,
            summary: self.summary,
            deadlines: self.deadlines,
            name_search_text: self.name_search_text,
            sketch,
            holders: self.holders,
        }
    }
}
