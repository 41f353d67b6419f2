//! Filling the caseload at start: every case opened, every sketch put into the index, with how far it is for whoever waits.

use super::indexing::index_case;
use super::rewrapping::Rewrapping;
use super::sketches::{new_sketch, rebuild_sketch};
use crate::cases::Entry;
use crate::cores::on_every_core;
use crate::model::{CaseNumber, CaseSummary, MemberId};
use crate::office::indexing::{
    text_of_tip, texts_of, texts_of_files, texts_of_history, texts_of_summary,
};
use crate::office::retired::CaseKey;
use crate::office::{Office, OfficeError, Progress, name_search_text_of_case, open_json, open_tip};
use crate::search::Text;
use crate::store::{CaseRow, DeadlineRow, Renumbered, TipRow, WholeCase};
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
pub(super) struct Opened {
    pub(super) tip: TipId,
    pub(super) row: CaseRow,
    pub(super) summary: CaseSummary,
    pub(super) deadlines: Vec<DeadlineRow>,
    pub(super) name_search_text: crate::routing::NameSearchText,
    pub(super) holders: Vec<MemberId>,
    /// Its words, to search for.
    pub(super) texts: Vec<Text>,
    pub(super) key: Identity,
    /// Whether its key is sealed to an old identity of the office.
    pub(super) is_old: bool,
}

/// A case that is open, with its tip as it stands in the store and as it says.
type Whole = (Opened, TipRow, TipDocument);

/// Fills the caseload. A sketch that does not open is made anew from its sealed tip, told in the log and counted; it
/// stops nothing else.
pub(crate) async fn load_caseload(office: &Office, progress: &Progress) -> Result<(), OfficeError> {
    let store = &office.parts.store;
    progress.begin(store.case_count().await?);
    office.unread_cases.store(0, Ordering::Relaxed);
    let mut rewrapping = Rewrapping::new(office);
    let read = read_all(office, progress, &mut rewrapping).await?;
    let rebuilt = read.damaged.len();
    let tips = read.tips;
    let whole = with_sketches(office, &mut rewrapping, read).await?;
    let apart = office.parts.store.apart().await?;
    let older_numbers = office.parts.store.older_numbers(None).await?;
    let tasks = office.parts.store.open_tasks().await?;
    office.caseload_mut(|caseload| {
        for (opened, sketch) in whole {
            caseload.add(opened.tip, opened.with(sketch));
        }
        for (number, case) in older_numbers {
            caseload.add_older_number(number, case);
        }
        for pair in apart {
            caseload.held_apart_mut().set(pair, true);
        }
        for task in tasks {
            caseload.tasks_mut().add(task);
        }
    });
    office.rebuilt_sketches.store(rebuilt, Ordering::Relaxed);
    log(Event::Loaded { tips, rebuilt });
    Ok(())
}

/// Every case as it was read, by what its sketch is.
#[derive(Default)]
struct Loaded {
    tips: usize,
    whole: Vec<(Opened, Arc<Sketch>)>,
    /// Those with a sketch of an earlier version.
    old: Vec<(Opened, TipDocument)>,
    /// Those with one that does not open, and why.
    damaged: Vec<(Opened, TipDocument, mifeng_opening::SketchError)>,
}

/// Reads and opens every case, some at a time.
async fn read_all(
    office: &Office,
    progress: &Progress,
    rewrapping: &mut Rewrapping<'_>,
) -> Result<Loaded, OfficeError> {
    let store = &office.parts.store;
    let mut read = Loaded::default();
    let (mut unopened, mut after) = (None, None);
    let mut unsealing = office.sketch_key.opener();
    loop {
        let mut batch = store.whole_cases(after, BATCH_CASES).await?;
        renumber(office, &mut batch).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.row.id);
        // What is sealed is each a curve's work of a tenth of a millisecond, and a case has a dozen.
        for case in on_every_core(batch, |case| open_fenced(office, case)) {
            progress.step();
            let (mut opened, tip, document) = match case {
                Ok(Some(whole)) => whole,
                Ok(None) => continue,
                Err(cause) => {
                    unopened = Some(cause);
                    continue;
                }
            };
            read.tips += 1;
            if opened.is_old {
                rewrapping.rewrap(&mut opened).await?;
            }
            match Sketch::open_next(&tip.id, &tip.sketch, &mut unsealing) {
                Ok(sketch) => read.whole.push((opened, Arc::new(sketch))),
                Err(_) if office.is_old_sketch(tip.id, &tip.sketch) => {
                    read.old.push((opened, document));
                }
                Err(cause) => read.damaged.push((opened, document, cause)),
            }
        }
        tokio::task::yield_now().await;
    }
    if let Some(cause) = unopened
        && read.tips == 0
    {
        // Where none opens it is the key.
        return Err(cause);
    }
    Ok(read)
}

/// Every case with its sketch, which is made anew where it has to be; all are in the index then.
async fn with_sketches(
    office: &Office,
    rewrapping: &mut Rewrapping<'_>,
    read: Loaded,
) -> Result<Vec<(Opened, Arc<Sketch>)>, OfficeError> {
    let Loaded {
        mut whole,
        mut old,
        damaged,
        ..
    } = read;
    office.caseload_mut(|caseload| {
        let sketches = whole.iter().map(|(opened, sketch)| (opened.tip, &**sketch));
        caseload.index_mut().fill(sketches.collect());
    });
    // By their days: what is rare, and what a template, is what the tips before each say.
    old.sort_by_key(|(opened, _)| (opened.row.opened_day, opened.row.number.clone()));
    for (opened, document) in old {
        rewrapping.begin().await?;
        let sketch = Arc::new(new_sketch(office, &opened, &document).await?);
        office.caseload_mut(|caseload| {
            caseload.index_one(opened.tip, &sketch);
        });
        whole.push((opened, sketch));
    }
    for (opened, document, cause) in damaged {
        // After all others, which say what is rare.
        let sketch = rebuild_sketch(office, &opened, &document, cause).await?;
        whole.push((opened, Arc::new(sketch)));
    }
    Ok(whole)
}

/// Gives those cases a number of today's kind that have one of year and counter; that one still leads to them.
async fn renumber(office: &Office, batch: &mut [WholeCase]) -> Result<(), OfficeError> {
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
                numbers: CaseNumber::of_envelope(&office.number_key, content),
            })
        })
        .collect();
    if cases.is_empty() {
        return Ok(());
    }
    let given = office.parts.store.renumber(&cases).await?;
    counted.retain(|case| !case.tips.is_empty());
    for (case, number) in counted.into_iter().zip(given) {
        case.row.number = number;
    }
    Ok(())
}

/// Opens a case; one that does not open, or that the program fails over, is left out, told and counted, and keeps no other
/// from its people.
///
/// # Errors
/// Why it does not open.
fn open_fenced(office: &Office, case: WholeCase) -> Result<Option<Whole>, OfficeError> {
    let id = case.row.id;
    let unread = |why: &dyn std::error::Error| {
        log(Event::EnvelopeFailed {
            id: &hex::encode(id.0),
            cause: why,
        });
        office.unread_cases.fetch_add(1, Ordering::Relaxed);
    };
    match fenced_now(|| open_case(office, case)) {
        Ok(Ok(mut whole)) => {
            if let Some((opened, ..)) = &mut whole {
                index_case(office, &opened.row, std::mem::take(&mut opened.texts));
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

pub(super) fn open_case(office: &Office, case: WholeCase) -> Result<Option<Whole>, OfficeError> {
    let Some(tip) = case.tips.into_iter().next() else {
        return Ok(None);
    };
    let mut row = case.row;
    let CaseKey { key, is_old } = office.any_case_key(&row)?;
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

impl Opened {
    pub(super) fn with(self, sketch: Arc<Sketch>) -> Entry {
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
