//! Files that go with tips: fetched from intake in ranges, opened and sealed anew to their case while they stream by.
//! A case has a key of its own, and whoever is given the case is given its files with it, without touching them.

use super::answers;
use super::exchange::{PullError, Relay};
use super::ranges::{Place, Ranges, give_ranges, longest_sealed, range_of, seal_anew, store};
use crate::office::{Office, OfficeError, open_json};
use crate::store::{
    AttachmentState, KeptFileRow, StoredEnvelope, WaitingAttachment, WaitingKeptFile,
};
use mifeng_foundation::blobs::{BlobError, BlobStore};
use mifeng_foundation::entropy::parse_id;
use mifeng_foundation::streaming::{into_thread, on_thread, out_of_thread};
use mifeng_foundation::supervisor::{Panicked, fenced};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::relay::{ATTACHMENTS_PATH, AttachmentEntry};
use mifeng_sealing::tip::{ATTACHMENTS_MAX, Attachment};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, RANGE};

/// How often a part of a file is asked for before the file waits for the next round.
const TRIES: u32 = 3;

/// Rows for the files that came with an envelope that does not open. What they are nobody can tell; a person may.
pub(super) fn kept_file_rows(
    office: &Office,
    envelope: &StoredEnvelope,
    files: &[AttachmentEntry],
) -> Vec<KeptFileRow> {
    let rows = files.iter().take(ATTACHMENTS_MAX).filter_map(|file| {
        Some(KeptFileRow {
            id: office.new_id(),
            intake_id: parse_id(&file.id)?,
            content: envelope.content,
            size_bytes: file.size_bytes,
            state: AttachmentState::Waiting,
        })
    });
    rows.collect()
}

/// Deletes files that nobody needs any more as they came. Safe to break off: what is not forgotten is deleted again.
///
/// # Errors
/// What the place for files or the store says.
pub(crate) async fn forget_surplus_files(office: &Office) -> Result<(), OfficeError> {
    let Some(blobs) = &office.blobs else {
        return Ok(());
    };
    let store = &office.parts.store;
    for id in store.surplus_kept_files().await? {
        blobs.delete(id).await?;
        store.forget_kept_file(id).await?;
    }
    Ok(())
}

/// Why a file could not be brought over.
pub(super) enum Failed {
    /// For now: the next round tries again.
    Pull(PullError),
    /// Intake has no such file.
    Missing,
    /// It does not open, or is not what its tip says.
    Damaged,
}

impl From<BlobError> for Failed {
    fn from(error: BlobError) -> Self {
        Self::Pull(OfficeError::Files(error).into())
    }
}

/// What a file is marked as, once it was tried: `damaged` where it is no file that can be kept, or the program failed over it.
fn outcome(
    done: Result<Result<(), Failed>, Panicked>,
    damaged: AttachmentState,
) -> Result<AttachmentState, PullError> {
    match done {
        Ok(Ok(())) => Ok(AttachmentState::Stored),
        Ok(Err(Failed::Missing)) => Ok(AttachmentState::Missing),
        Ok(Err(Failed::Damaged)) => Ok(damaged),
        Ok(Err(Failed::Pull(error))) => Err(error),
        Err(cause) => {
            log(Event::RequestFailed {
                place: "attachments",
                cause: &cause,
            });
            Ok(damaged)
        }
    }
}

impl Relay {
    /// Brings over the files that wait at intake; how many came. Safe to break off: what is not whole is begun anew.
    ///
    /// # Errors
    /// [`PullError`].
    pub async fn fetch_attachments(&self, office: &Office) -> Result<usize, PullError> {
        let Some(blobs) = &office.blobs else {
            return Ok(0);
        };
        let store = &office.parts.store;
        let (mut fetched, mut failed) = (0, None);
        for waiting in store.waiting_attachments().await? {
            let done = fenced(self.bring_over(office, blobs.as_ref(), &waiting)).await;
            let row = &waiting.row;
            match outcome(done, AttachmentState::Damaged) {
                Ok(state) => {
                    store.mark_attachment(row.id, row.content, state).await?;
                    fetched += usize::from(state == AttachmentState::Stored);
                }
                Err(error) if error.is_away() => return Err(error),
                // It waits for the next round; the others need not.
                Err(error) => failed = Some(error),
            }
        }
        for waiting in store.waiting_kept_files().await? {
            let done = fenced(self.keep_as_it_came(blobs.as_ref(), &waiting)).await;
            let row = &waiting.row;
            match outcome(done, AttachmentState::Missing) {
                Ok(state) => {
                    store.mark_kept_file(row.id, row.content, state).await?;
                    fetched += usize::from(state == AttachmentState::Stored);
                }
                Err(error) if error.is_away() => return Err(error),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(fetched), Err)
    }

    /// A file of an envelope in quarantine: it stays under the seal that it came with.
    async fn keep_as_it_came(
        &self,
        blobs: &dyn BlobStore,
        waiting: &WaitingKeptFile,
    ) -> Result<(), Failed> {
        let row = &waiting.row;
        // Of a try that was broken off.
        blobs.delete(row.id).await?;
        let mut writer = blobs.begin(row.id, waiting.received_day).await?;
        let mut whole = self.ranges(waiting.envelope_id, row.intake_id);
        whole.size_bytes = Some(row.size_bytes);
        let written = async {
            while let Some(bytes) = whole.next().await? {
                writer.write(bytes).await?;
            }
            Ok(())
        };
        match written.await {
            Ok(()) => Ok(writer.finish().await?),
            Err(failed) => {
                writer.abort().await;
                Err(failed)
            }
        }
    }

    async fn bring_over(
        &self,
        office: &Office,
        blobs: &dyn BlobStore,
        waiting: &WaitingAttachment,
    ) -> Result<(), Failed> {
        let row = &waiting.row;
        let entry = office.caseload(|caseload| caseload.by_id(row.case).cloned());
        let damaged = |_| Failed::Pull(OfficeError::Damaged.into());
        let entry = entry.ok_or(Failed::Pull(OfficeError::Damaged.into()))?;
        let key = office.case_key(&entry.row).map_err(damaged)?;
        let file: Attachment = open_json(&key, &row.sealed).map_err(damaged)?;
        // Of a try that was broken off.
        blobs.delete(row.id).await?;
        let mut writer = blobs.begin(row.id, waiting.received_day).await?;
        let (feed, reader) = into_thread();
        let (thread_writer, sealed_pieces) = out_of_thread();
        let (identities, to_case) = (office.identities(), [key.recipient()]);
        let file_bytes = file.size_bytes;
        let resealed =
            on_thread(move || seal_anew(reader, thread_writer, &identities, &to_case, &file));
        // What came out of quarantine may lie here, and be gone at intake.
        let kept = office.parts.store.kept_file(row.content, row.intake_id);
        let from = match kept.await.map_err(|error| Failed::Pull(error.into()))? {
            Some(id) => Ranges::of(Place::Here(blobs, id)),
            None => Ranges {
                most_bytes: longest_sealed(file_bytes),
                ..self.ranges(waiting.envelope_id, row.intake_id)
            },
        };
        let (sent, stored, resealed) = tokio::join!(
            give_ranges(from, feed),
            store(sealed_pieces, writer.as_mut()),
            resealed
        );
        let done = sent.and(stored).and(match resealed {
            Ok(Ok(())) => Ok(()),
            _ => Err(Failed::Damaged),
        });
        match done {
            Ok(()) => Ok(writer.finish().await?),
            Err(failed) => {
                writer.abort().await;
                Err(failed)
            }
        }
    }

    /// The file `id` of `envelope` at intake, from its beginning.
    fn ranges(&self, envelope: [u8; 16], id: [u8; 16]) -> Ranges<'_> {
        let (envelope, id) = (hex::encode(envelope), hex::encode(id));
        let address = format!("{ATTACHMENTS_PATH}/{envelope}/{id}");
        Ranges::of(Place::Intake(self, address))
    }

    /// A part of a file from `from`, and the length of the whole; `None` at its end.
    pub(super) async fn range(
        &self,
        place: &str,
        from: u64,
    ) -> Result<Option<(Vec<u8>, u64)>, Failed> {
        let mut count = 1;
        loop {
            match self.try_range(place, from).await {
                Err(Failed::Pull(_)) if count < TRIES => count += 1,
                answer => return answer,
            }
        }
    }

    async fn try_range(&self, place: &str, from: u64) -> Result<Option<(Vec<u8>, u64)>, Failed> {
        let away = |error: reqwest::Error| Failed::Pull(error.into());
        let request = self.get(place).header(RANGE, format!("bytes={from}-"));
        let answer = request.send().await.map_err(away)?;
        match answer.status() {
            StatusCode::NOT_FOUND => return Err(Failed::Missing),
            StatusCode::RANGE_NOT_SATISFIABLE => return Ok(None),
            _ => {}
        }
        let answer = answer.error_for_status().map_err(away)?;
        let range = answer.headers().get(CONTENT_RANGE);
        let range = range.and_then(|value| range_of(value.to_str().ok()?));
        let (begins, whole) = range.ok_or(Failed::Damaged)?;
        if begins != from {
            return Err(Failed::Damaged);
        }
        let bytes = answers::read_range(answer).await.map_err(Failed::Pull)?;
        Ok(Some((bytes, whole)))
    }
}
