//! A case read again from the store, where what was stored of it is not known.

use super::indexing::{forget_words, index_case};
use super::loading::open_case;
use super::sketches::rebuild_sketch;
use crate::model::CaseId;
use crate::office::{Office, OfficeError};
use crate::store::PaperRow;
use mifeng_foundation::supervisor::fenced_now;
use mifeng_similarity::Sketch;
use std::sync::Arc;

/// Brings the caseload into step with what the store has of one case, whatever that is.
///
/// # Errors
/// What the store says, or why the case does not open.
pub(super) async fn reread_case(office: &Office, case: CaseId) -> Result<(), OfficeError> {
    if office.locked {
        // There is no caseload: each member opens what she holds the key of, anew each time.
        return Ok(());
    }
    let store = &office.parts.store;
    let whole = store.whole_case(case).await?;
    let apart = store.apart().await?;
    let tasks = whole.iter().flat_map(|whole| &whole.papers);
    let tasks: Vec<_> = tasks.filter_map(PaperRow::open_task).collect();
    let opened = match whole {
        Some(whole) => {
            fenced_now(|| open_case(office, whole)).map_err(|_| OfficeError::Damaged)??
        }
        None => None,
    };
    forget_words(office, &[case]);
    let Some((mut opened, tip, document)) = opened else {
        office.caseload_mut(|caseload| caseload.forget(&[case]));
        return Ok(());
    };
    index_case(office, &opened.row, std::mem::take(&mut opened.texts));
    let known = office.caseload(|caseload| Some(Arc::clone(&caseload.by_id(case)?.sketch)));
    let sketch = match (
        known,
        Sketch::open(&tip.id, &tip.sketch, &office.sketch_key),
    ) {
        (Some(known), _) => known,
        (None, Ok(sketch)) => Arc::new(sketch),
        (None, Err(error)) => Arc::new(rebuild_sketch(office, &opened, &document, error).await?),
    };
    office.caseload_mut(|caseload| {
        caseload.read_again(tip.id, opened.with(sketch), tasks, &apart);
    });
    office.settle(&office.parts.directory.members().await?);
    Ok(())
}
