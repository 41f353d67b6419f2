//! Sketches of tips, made anew where the stored one does not open or is of an earlier version.

use super::loading::Opened;
use crate::office::{Office, OfficeError};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::tip::TipDocument;
use mifeng_similarity::Sketch;

pub(super) async fn rebuild_sketch(
    office: &Office,
    opened: &Opened,
    document: &TipDocument,
    cause: mifeng_opening::SketchError,
) -> Result<Sketch, OfficeError> {
    log(Event::SketchRebuilt {
        id: &hex::encode(opened.tip),
        cause: &cause,
    });
    new_sketch(office, opened, document).await
}

/// Makes a tip's sketch anew, as the tips in the index say what is rare.
pub(super) async fn new_sketch(
    office: &Office,
    opened: &Opened,
    document: &TipDocument,
) -> Result<Sketch, OfficeError> {
    let sketch = office.sketch_of(document, opened.row.opened_day);
    let sealed = sketch.seal(&opened.tip, &office.sketch_key, office.entropy());
    let store = &office.parts.store;
    store.replace_sketch(opened.tip, &sealed).await?;
    Ok(sketch)
}
