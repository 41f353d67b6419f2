//! One file on its way in: from a stream of bytes to a sealed file on disk with its row, or to nothing at all.

use super::sealing::seal_file;
use super::uploads::{Evicted, Grown};
use super::{Attachments, FileProblem, Lane};
use crate::store::{AttachmentId, AttachmentRows};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt as _};
use mifeng_foundation::blobs::{BlobStore, BlobWriter};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::random_id;
use mifeng_foundation::streaming::{
    PIECE_BYTES, PieceReceiver, PieceSender, into_thread, on_thread, out_of_thread,
};
use mifeng_metadata::{Outcome, Reason, Report};
use mifeng_sealing::tip::{Attachment, clean_name};
use mifeng_sealing::{
    HEADER_MAX_BYTES, Recipient, attachment_length, check_header, is_attachment_length,
};
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Sealed bytes that are written at once.
const WRITE_BYTES: usize = PIECE_BYTES;

/// How often it is looked whether there is a place.
const PLACE_STEP: Duration = Duration::from_millis(100);

/// Whom a file is for.
#[derive(Clone, Debug)]
pub struct Target {
    /// Slug of the office that may pull it.
    pub addressee: String,
    /// Whom it is sealed to.
    pub recipients: Vec<Recipient>,
    /// Today, where the office is.
    pub day: Day,
}

/// How many files there are already, and how large they are together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    /// Files.
    pub count: usize,
    /// Bytes in the clear.
    pub bytes: u64,
}

impl Room {
    /// What `list` takes up.
    #[must_use]
    pub fn of(list: &[Attachment]) -> Self {
        let bytes = list.iter().map(|one| one.size_bytes);
        Self {
            count: list.len(),
            bytes: bytes.fold(0, u64::saturating_add),
        }
    }
}

/// An upload that has a place, for as long as it lives. Broken off at any moment, it leaves nothing.
struct Arriving<'a> {
    attachments: &'a Attachments,
    id: AttachmentId,
    bytes: u64,
    ended: bool,
}

impl Arriving<'_> {
    /// Counts `bytes` more. What belongs to no tip goes for them where there is no room otherwise.
    async fn add(&mut self, bytes: u64) -> Result<(), FileProblem> {
        let Attachments { uploads, rows, .. } = self.attachments;
        loop {
            match uploads.grow(self.id, bytes) {
                Grown::Counted => break,
                Grown::After(gone) => self.attachments.delete_evicted(gone).await,
                Grown::Evicted => return Err(FileProblem::Busy),
                Grown::NoRoom => return Err(away_for_room()),
            }
        }
        while !rows.quota().take_for_file(bytes) {
            let gone = uploads
                .evict(Some(self.id), &[])
                .filter(|gone| gone.is_whole);
            let gone = gone.ok_or_else(away_for_room)?;
            self.attachments.delete_evicted(gone).await;
        }
        self.bytes += bytes;
        Ok(())
    }

    /// It is whole or given up, and its row says so.
    fn end(mut self) {
        self.ended = true;
    }
}

fn away_for_room() -> FileProblem {
    mifeng_foundation::telemetry::log(mifeng_foundation::telemetry::Event::QuotaFull);
    FileProblem::Away
}

impl Drop for Arriving<'_> {
    fn drop(&mut self) {
        let Attachments { uploads, rows, .. } = self.attachments;
        rows.quota().arrived(self.bytes);
        if self.ended {
            return;
        }
        // Whoever waited for it went away in the middle.
        uploads.forget(&[self.id]);
        let (id, rows, blobs) = (
            self.id,
            Arc::clone(rows),
            Arc::clone(&self.attachments.blobs),
        );
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { delete(&*rows, &*blobs, id).await });
        }
    }
}

/// Deletes a file that no envelope names; what cannot be deleted now, the sweep does.
async fn delete(rows: &dyn AttachmentRows, blobs: &dyn BlobStore, id: AttachmentId) {
    if let Ok(true) = rows.condemn(id).await
        && blobs.delete(id).await.is_ok()
    {
        let _ = rows.forget(&[id]).await;
    }
}

/// That a file with this id is arriving, and no other with the same.
struct Alone<'a> {
    among: &'a Mutex<HashSet<AttachmentId>>,
    id: AttachmentId,
}

impl<'a> Alone<'a> {
    fn begin(among: &'a Mutex<HashSet<AttachmentId>>, id: AttachmentId) -> Option<Self> {
        let mut arriving = among.lock();
        arriving.insert(id).then_some(Self { among, id })
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        let mut arriving = self.among.lock();
        arriving.remove(&self.id);
    }
}

impl Attachments {
    /// Cleans and seals the file called `name` that `bytes` brings, beside the files in `room`, and tells what was taken
    /// out of it. Durable when it returns; the
    /// stream may not be at its end after an error.
    ///
    /// # Errors
    /// [`FileProblem`]; nothing is left then.
    pub async fn seal<E>(
        &self,
        (target, lane): (&Target, Lane),
        name: &str,
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
        room: Room,
    ) -> Result<(Attachment, Report), FileProblem> {
        let limits = &self.limits;
        if room.count >= limits.files_max {
            return Err(limits.too_many());
        }
        let left = limits.together_max_bytes.saturating_sub(room.bytes);
        let (most, over) = if left < limits.file_max_bytes {
            (left, limits.too_large_together())
        } else {
            (limits.file_max_bytes, limits.too_large())
        };
        let id = random_id(self.entropy.as_ref());
        self.take_in((target, lane), id, async |writer, arriving| {
            let (feed, reader) = into_thread();
            let (thread_writer, sealed_pieces) = out_of_thread();
            let (called, recipients) = (clean_name(name), target.recipients.clone());
            let held = Arc::clone(&self.held);
            let sealed =
                on_thread(move || seal_file(reader, thread_writer, &called, recipients, &held));
            let (sent, stored, sealed) = tokio::join!(
                give(bytes, feed, (most, over), |more| self
                    .uploads
                    .came(id, more)),
                store(sealed_pieces, writer, arriving),
                sealed
            );
            let sealed = sealed.map_err(|_| FileProblem::Busy);
            // Whoever broke off first knows why; the thread's own verdict on the content comes before what the
            // others saw of its end.
            sent?;
            stored?;
            let sealed = sealed??;
            Ok((sealed.seal.sealed_bytes, sealed))
        })
        .await
        .map(|sealed| {
            let attachment = Attachment {
                id: hex::encode(id),
                name: sealed.known.name,
                media_type: sealed.known.media_type.to_owned(),
                size_bytes: sealed.seal.content_bytes,
                sha256: hex::encode(sealed.seal.content_sha256),
                labelled_origin: sealed.report.has_origin(),
                under_password: sealed.report.outcome == Outcome::CouldNot(Reason::Encrypted),
            };
            (attachment, sealed.report)
        })
    }

    /// Stores a file that was sealed by the sender. Nothing of it can be looked at but its header and its length.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub async fn store_sealed<E>(
        &self,
        (target, lane): (&Target, Lane),
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<AttachmentId, FileProblem> {
        let id = random_id(self.entropy.as_ref());
        self.store_sealed_as((target, lane), id, bytes).await?;
        Ok(id)
    }

    /// Stores a file that another office passes up, under the id that it chose; `false` where it is here already. What a try
    /// left that was broken off is deleted first.
    ///
    /// # Errors
    /// As [`Self::seal`]; [`FileProblem::Busy`] where it is just arriving.
    pub async fn store_passed<E>(
        &self,
        target: &Target,
        id: AttachmentId,
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<bool, FileProblem> {
        let _exclusive = Alone::begin(&self.passing, id).ok_or(FileProblem::Busy)?;
        if self.missing(&target.addressee, &[id]).await?.is_empty() {
            return Ok(false);
        }
        self.rows.condemn(id).await?;
        self.purge().await?;
        self.store_sealed_as((target, Lane::Relay), id, bytes)
            .await?;
        Ok(true)
    }

    async fn store_sealed_as<E>(
        &self,
        target: (&Target, Lane),
        id: AttachmentId,
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<(), FileProblem> {
        let most = attachment_length(self.limits.file_max_bytes);
        let stored = self.take_in(target, id, async |writer, arriving| {
            let mut piece = Vec::with_capacity(WRITE_BYTES);
            let (mut total, mut looked) = (0_u64, false);
            while let Some(bytes) = bytes.next().await {
                let bytes = bytes.map_err(|_| FileProblem::CutShort)?;
                self.uploads.came(id, bytes.len() as u64);
                total += bytes.len() as u64;
                if total > most {
                    return Err(self.limits.too_large());
                }
                piece.extend_from_slice(&bytes);
                if !looked && piece.len() > HEADER_MAX_BYTES {
                    check_header(&piece).map_err(|_| FileProblem::NotSealed)?;
                    looked = true;
                }
                if piece.len() >= WRITE_BYTES {
                    arriving.add(piece.len() as u64).await?;
                    let full = std::mem::replace(&mut piece, Vec::with_capacity(WRITE_BYTES));
                    writer.write(full).await?;
                }
            }
            if total == 0 {
                return Err(FileProblem::Empty);
            }
            if !looked || !is_attachment_length(total) {
                return Err(FileProblem::NotSealed);
            }
            arriving.add(piece.len() as u64).await?;
            writer.write(piece).await?;
            Ok((total, ()))
        });
        stored.await
    }

    /// Row, file, row: whatever goes wrong in between, a row is left by which the sweep finds the file.
    async fn take_in<T>(
        &self,
        (target, lane): (&Target, Lane),
        id: AttachmentId,
        write: impl AsyncFnOnce(&mut dyn BlobWriter, &mut Arriving<'_>) -> Result<(u64, T), FileProblem>,
    ) -> Result<T, FileProblem> {
        let stop = self.place(id, lane).await?;
        let mut arriving = Arriving {
            attachments: self,
            id,
            bytes: 0,
            ended: false,
        };
        self.rows.begin(id, &target.addressee, target.day).await?;
        let begun = self.blobs.begin(id, target.day).await;
        let mut writer = match begun {
            Ok(writer) => writer,
            Err(error) => return Err(self.give_up(arriving, error.into()).await),
        };
        let written = tokio::select! {
            written = write(writer.as_mut(), &mut arriving) => written,
            () = stop.notified() => Err(FileProblem::TooSlow),
        };
        let (size_bytes, result) = match written {
            Ok(written) => written,
            Err(problem) => {
                writer.abort().await;
                return Err(self.give_up(arriving, problem).await);
            }
        };
        if let Err(error) = writer.finish().await {
            return Err(self.give_up(arriving, error.into()).await);
        }
        let completed = self.rows.complete(id, size_bytes).await?;
        self.uploads.whole(id);
        arriving.end();
        if completed {
            Ok(result)
        } else {
            // Swept while it arrived, and with it the row by which it would be found.
            self.uploads.forget(&[id]);
            self.blobs.delete(id).await?;
            Err(FileProblem::Gone)
        }
    }

    /// A place for an upload, once there is one: where all are taken, others end soon or are too slow to keep theirs.
    async fn place(&self, id: AttachmentId, lane: Lane) -> Result<Arc<Notify>, FileProblem> {
        let until = Instant::now() + Duration::from_secs(self.limits.held_wait_s);
        loop {
            if let Some(stop) = self.uploads.begin(id, lane, self.begun.elapsed()) {
                return Ok(stop);
            }
            if Instant::now() >= until {
                return Err(FileProblem::Busy);
            }
            tokio::time::sleep(PLACE_STEP).await;
        }
    }

    /// Deletes those of `ids` that no envelope names, as far as that can be done now.
    pub async fn discard(&self, ids: &[AttachmentId]) {
        self.uploads.forget(ids);
        for id in ids {
            delete(&*self.rows, &*self.blobs, *id).await;
        }
    }

    /// Those of `ids` are a tip's by now.
    pub fn claimed(&self, ids: &[AttachmentId]) {
        self.uploads.forget(ids);
    }

    /// Makes room for `bytes` of text where there is none, of what no tip has claimed but for the files that are `kept` for it.
    pub async fn make_room(&self, bytes: usize, kept: &[AttachmentId]) {
        let quota = self.rows.quota();
        if quota.fits(bytes) {
            return;
        }
        // What was released meanwhile is room too.
        let _ = self.rows.count_anew().await;
        while !quota.fits(bytes)
            && let Some(gone) = self.uploads.evict(None, kept)
        {
            self.delete_evicted(gone).await;
            if !gone.is_whole {
                // It hears of it, and gives back what it holds.
                tokio::time::sleep(PLACE_STEP).await;
            }
        }
    }

    async fn delete_evicted(&self, gone: Evicted) {
        if gone.is_whole {
            delete(&*self.rows, &*self.blobs, gone.id).await;
        }
    }

    /// Deletes what there is of a file that failed.
    async fn give_up(&self, arriving: Arriving<'_>, problem: FileProblem) -> FileProblem {
        let id = arriving.id;
        self.uploads.forget(&[id]);
        delete(&*self.rows, &*self.blobs, id).await;
        arriving.end();
        problem
    }
}

/// Hands a stream on to the thread.
async fn give<E>(
    bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    mut sender: PieceSender,
    (most, over): (u64, FileProblem),
    came: impl Fn(u64),
) -> Result<(), FileProblem> {
    let mut total = 0;
    while let Some(bytes) = bytes.next().await {
        let bytes = bytes.map_err(|_| FileProblem::CutShort)?;
        came(bytes.len() as u64);
        total += bytes.len() as u64;
        if total > most {
            return Err(over);
        }
        if sender.give(&bytes).await.is_err() {
            // The thread has seen enough and says why.
            return Ok(());
        }
    }
    // Likewise.
    let _ = sender.end().await;
    Ok(())
}

/// Takes the sealed file from the thread into its place. Where that fails the receiver goes away with it: a thread that
/// waited for it would wait for ever.
async fn store(
    mut receiver: PieceReceiver,
    writer: &mut dyn BlobWriter,
    arriving: &mut Arriving<'_>,
) -> Result<(), FileProblem> {
    // Where the thread breaks off, it says why itself.
    while let Ok(Some(bytes)) = receiver.take().await {
        arriving.add(bytes.len() as u64).await?;
        writer.write(bytes).await?;
    }
    Ok(())
}
