//! What the engine's own files and the place for files hold of destroyed cases is wiped.

use crate::office::{Office, OfficeError};
use crate::store::LeftToWipe;
use mifeng_foundation::telemetry::{Event, log};

/// Files and marks that are noted as wiped in one transaction.
const WIPED_AT_ONCE: usize = 64;

/// Wipes what the engine's own files and the place for files hold of destroyed cases. What cannot be wiped now is tried
/// again the next time.
///
/// # Errors
/// What the store or the place for files says.
pub async fn wipe(office: &Office) -> Result<(), OfficeError> {
    let store = &office.parts.store;
    let remains = store.remains().await?;
    let in_journal = |one: &LeftToWipe| matches!(one, LeftToWipe::Journal(_));
    let wiped = !remains.iter().any(in_journal) || store.wipe().await?;
    if !wiped {
        let what = "the database's journal holds rows of destroyed cases still: tried again";
        log(Event::Weakness { what });
    }
    let remains = remains.into_iter();
    let remains: Vec<_> = remains.filter(|one| wiped || !in_journal(one)).collect();
    for some in remains.chunks(WIPED_AT_ONCE) {
        for one in some {
            // Without a place for files none was ever kept.
            if let (LeftToWipe::File(name), Some(blobs)) = (one, &office.blobs) {
                blobs.delete(*name).await?;
            }
        }
        // What is wiped and not noted is wiped again, which does no harm.
        store.wiped(some).await?;
    }
    Ok(())
}
