//! Files that go with tips: fetched from intake in ranges, opened and sealed anew to their case while they stream by.
//! A case has a key of its own, and whoever is given the case is given its files with it, without touching them.

use super::answers;
use super::exchange::{PullError, Relay};
use crate::office::{Office, OfficeError, open_json};
use crate::store::{
    AttachmentState, KeptFileRow, StoredEnvelope, WaitingAttachment, WaitingKeptFile,
};
use actix_web::http::header::ContentRangeSpec;
use mifeng_foundation::blobs::{BlobError, BlobStore, BlobWriter, READ_MAX_BYTES};
use mifeng_foundation::entropy::parse_id;
use mifeng_foundation::streaming::{
    PieceReader, PieceReceiver, PieceSender, PieceWriter, into_thread, on_thread, out_of_thread,
};
use mifeng_foundation::supervisor::{Panicked, fenced};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::{Identity, open_stream_with};
use mifeng_sealing::relay::{ATTACHMENTS_PATH, AttachmentEntry};
use mifeng_sealing::tip::{ATTACHMENTS_MAX, Attachment};
use mifeng_sealing::{AttachmentSealer, Recipient, attachment_length, padme};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, RANGE};
use std::io::{self, Read as _};

/// How often a part of a file is asked for before the file waits for the next round.
const TRIES: u32 = 3;

impl Office {
    /// Rows for the files that came with an envelope that does not open. What they are nobody can tell; a person may.
    pub(crate) fn kept_file_rows(
        &self,
        envelope: &StoredEnvelope,
        files: &[AttachmentEntry],
    ) -> Vec<KeptFileRow> {
        let rows = files.iter().take(ATTACHMENTS_MAX).filter_map(|file| {
            Some(KeptFileRow {
                id: self.new_id(),
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
    pub(crate) async fn forget_surplus_files(&self) -> Result<(), OfficeError> {
        let Some(blobs) = &self.blobs else {
            return Ok(());
        };
        let store = &self.parts.store;
        for id in store.surplus_kept_files().await? {
            blobs.delete(id).await?;
            store.forget_kept_file(id).await?;
        }
        Ok(())
    }
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
    async fn range(&self, place: &str, from: u64) -> Result<Option<(Vec<u8>, u64)>, Failed> {
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

/// Where a part of a file begins, and how long the whole is, of `bytes BEGIN-END/WHOLE`.
fn range_of(text: &str) -> Option<(u64, u64)> {
    match text.parse().ok()? {
        ContentRangeSpec::Bytes {
            range: Some((begin, _)),
            instance_length: Some(whole),
        } => Some((begin, whole)),
        _ => None,
    }
}

/// Where a file is read from.
pub(super) enum Place<'a> {
    /// At intake, under this address.
    Intake(&'a Relay, String),
    /// Here, as it came.
    Here(&'a dyn BlobStore, [u8; 16]),
}

/// The longest sealed file of so many bytes of content: the length that it has, or where no padding fits, the next one.
fn longest_sealed(content_bytes: u64) -> u64 {
    padme(attachment_length(content_bytes).saturating_add(1))
}

/// A file, range by range.
pub(super) struct Ranges<'a> {
    place: Place<'a>,
    from: u64,
    /// How long the whole is, once it was said.
    size_bytes: Option<u64>,
    /// How long it can be.
    most_bytes: u64,
}

impl<'a> Ranges<'a> {
    /// From its beginning.
    pub(super) fn of(place: Place<'a>) -> Self {
        Self {
            place,
            from: 0,
            size_bytes: None,
            most_bytes: padme(u64::MAX >> 20),
        }
    }

    /// The next range; `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failed> {
        if self.size_bytes.is_some_and(|whole| self.from >= whole) {
            return Ok(None);
        }
        let bytes = match &self.place {
            Place::Here(blobs, id) => {
                let read = blobs.read(*id, self.from, READ_MAX_BYTES).await?;
                let bytes = read.ok_or(Failed::Missing)?;
                if bytes.is_empty() {
                    return Ok(None);
                }
                bytes
            }
            Place::Intake(relay, address) => {
                let Some((bytes, size_bytes)) = relay.range(address, self.from).await? else {
                    return Ok(None);
                };
                let is_one = *self.size_bytes.get_or_insert(size_bytes) == size_bytes;
                let left = size_bytes.saturating_sub(self.from);
                // Cut short of the length it has, longer than it can be, or another's: not whole.
                if bytes.is_empty()
                    || !is_one
                    || size_bytes > self.most_bytes
                    || bytes.len() as u64 > left
                {
                    return Err(Failed::Damaged);
                }
                bytes
            }
        };
        self.from += bytes.len() as u64;
        Ok(Some(bytes))
    }
}

/// Reads a file range by range and hands it to the thread.
pub(super) async fn give_ranges(
    mut whole: Ranges<'_>,
    mut sender: PieceSender,
) -> Result<(), Failed> {
    while let Some(bytes) = whole.next().await? {
        if sender.give(&bytes).await.is_err() {
            // The thread has seen enough and says why.
            return Ok(());
        }
    }
    let _ = sender.end().await;
    Ok(())
}

/// In the thread: opens, compares with what the tip says, seals to the case, or to the office above.
pub(super) fn seal_anew(
    reader: PieceReader,
    writer: PieceWriter,
    with: &[Identity],
    to: &[Recipient],
    file: &Attachment,
) -> io::Result<()> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let mut opened = open_stream_with(with, reader).map_err(|_| damaged())?;
    let sealer = AttachmentSealer::begin(writer, to);
    let mut sealer = sealer.map_err(|_| damaged())?;
    let mut content = opened.by_ref().take(file.size_bytes);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match content.read(&mut buffer)? {
            0 => break,
            read => io::Write::write_all(&mut sealer, &buffer[..read])?,
        }
    }
    // The padding is under the seal as well: a file cut short in it was altered.
    io::copy(&mut opened, &mut io::sink())?;
    let (seal, writer) = sealer.finish()?;
    if seal.content_bytes != file.size_bytes || hex::encode(seal.content_sha256) != file.sha256 {
        return Err(damaged());
    }
    writer.end()
}

/// Takes the sealed file from the thread into its place. Where that fails the receiver goes away with it: a thread that
/// waited for it would wait for ever.
async fn store(mut receiver: PieceReceiver, writer: &mut dyn BlobWriter) -> Result<(), Failed> {
    // Where the thread breaks off, it says why itself.
    while let Ok(Some(bytes)) = receiver.take().await {
        writer.write(bytes).await?;
    }
    Ok(())
}
