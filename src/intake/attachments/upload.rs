//! One file on its way in: from a stream of bytes to a sealed file on disk with its row, or to nothing at all.

use super::sealing::seal_file;
use super::{Attachments, FileProblem};
use crate::blobs::BlobWriter;
use crate::clock::Day;
use crate::entropy::random_id;
use crate::intake::metadata::{Outcome, Reason, Report};
use crate::intake::store::AttachmentId;
use crate::sealing::{
    HEADER_MAX_BYTES, Recipient, attachment_length, check_header, is_attachment_length,
};
use crate::streaming::{Giver, PIECE_BYTES, Taker, into_thread, on_thread, out_of_thread};
use crate::tip::{Attachment, clean_name};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt as _};
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Sealed bytes that are written at once.
const WRITE_BYTES: usize = PIECE_BYTES;

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

/// Counts sealed bytes as arriving for as long as it lives.
struct Arriving<'a> {
    attachments: &'a Attachments,
    bytes: u64,
    /// Held and arriving before this file.
    others_bytes: u64,
}

impl<'a> Arriving<'a> {
    async fn begin(attachments: &'a Attachments) -> Result<Self, FileProblem> {
        let held = attachments.rows.held_bytes().await?;
        let arriving = attachments.arriving_bytes.load(Ordering::Relaxed);
        Ok(Self {
            attachments,
            bytes: 0,
            others_bytes: held.saturating_add(arriving),
        })
    }

    fn add(&mut self, bytes: u64) -> Result<(), FileProblem> {
        self.bytes += bytes;
        self.attachments
            .arriving_bytes
            .fetch_add(bytes, Ordering::Relaxed);
        if self.others_bytes.saturating_add(self.bytes) > self.attachments.quota_bytes {
            crate::telemetry::log(crate::telemetry::Event::QuotaFull);
            return Err(FileProblem::Away);
        }
        Ok(())
    }
}

impl Drop for Arriving<'_> {
    fn drop(&mut self) {
        self.attachments
            .arriving_bytes
            .fetch_sub(self.bytes, Ordering::Relaxed);
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
        target: &Target,
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
        self.take_in(target, id, async |writer, arriving| {
            let (feed, reader) = into_thread();
            let (thread_writer, sealed_pieces) = out_of_thread();
            let (called, recipients) = (clean_name(name), target.recipients.clone());
            let held = Arc::clone(&self.held);
            let sealed =
                on_thread(move || seal_file(reader, thread_writer, &called, recipients, &held));
            let (sent, stored, sealed) = tokio::join!(
                give(bytes, feed, most, over),
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
        target: &Target,
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<AttachmentId, FileProblem> {
        let id = random_id(self.entropy.as_ref());
        self.store_sealed_as(target, id, bytes).await?;
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
        let _alone = Alone::begin(&self.passing, id).ok_or(FileProblem::Busy)?;
        if self.missing(&target.addressee, &[id]).await?.is_empty() {
            return Ok(false);
        }
        self.rows.condemn(id).await?;
        self.purge().await?;
        self.store_sealed_as(target, id, bytes).await?;
        Ok(true)
    }

    async fn store_sealed_as<E>(
        &self,
        target: &Target,
        id: AttachmentId,
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<(), FileProblem> {
        let most = attachment_length(self.limits.file_max_bytes);
        let stored = self.take_in(target, id, async |writer, arriving| {
            let mut piece = Vec::with_capacity(WRITE_BYTES);
            let (mut total, mut looked) = (0_u64, false);
            while let Some(bytes) = bytes.next().await {
                let bytes = bytes.map_err(|_| FileProblem::CutShort)?;
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
                    arriving.add(piece.len() as u64)?;
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
            arriving.add(piece.len() as u64)?;
            writer.write(piece).await?;
            Ok((total, ()))
        });
        stored.await
    }

    /// Row, file, row: whatever goes wrong in between, a row is left by which the sweep finds the file.
    async fn take_in<T>(
        &self,
        target: &Target,
        id: AttachmentId,
        write: impl AsyncFnOnce(&mut dyn BlobWriter, &mut Arriving<'_>) -> Result<(u64, T), FileProblem>,
    ) -> Result<T, FileProblem> {
        let _place = self.places.try_acquire().map_err(|_| FileProblem::Busy)?;
        let mut arriving = Arriving::begin(self).await?;
        self.rows.begin(id, &target.addressee, target.day).await?;
        let mut writer = match self.blobs.begin(id, target.day).await {
            Ok(writer) => writer,
            Err(error) => return Err(self.give_up(id, error.into()).await),
        };
        let (size_bytes, result) = match write(writer.as_mut(), &mut arriving).await {
            Ok(written) => written,
            Err(problem) => {
                writer.abort().await;
                return Err(self.give_up(id, problem).await);
            }
        };
        if let Err(error) = writer.finish().await {
            return Err(self.give_up(id, error.into()).await);
        }
        if self.rows.complete(id, size_bytes).await? {
            Ok(result)
        } else {
            // Swept while it arrived, and with it the row by which it would be found.
            self.blobs.delete(id).await?;
            Err(FileProblem::Gone)
        }
    }

    /// Deletes those of `ids` that no envelope names, as far as that can be done now.
    pub async fn discard(&self, ids: &[AttachmentId]) {
        for id in ids {
            self.give_up(*id, FileProblem::Gone).await;
        }
    }

    /// Deletes what there is of a file that failed; what cannot be deleted now, the sweep does.
    async fn give_up(&self, id: AttachmentId, problem: FileProblem) -> FileProblem {
        if let Ok(true) = self.rows.condemn(id).await
            && self.blobs.delete(id).await.is_ok()
        {
            let _ = self.rows.forget(&[id]).await;
        }
        problem
    }
}

/// Hands a stream on to the thread.
async fn give<E>(
    bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    mut giver: Giver,
    most: u64,
    over: FileProblem,
) -> Result<(), FileProblem> {
    let mut total = 0;
    while let Some(bytes) = bytes.next().await {
        let bytes = bytes.map_err(|_| FileProblem::CutShort)?;
        total += bytes.len() as u64;
        if total > most {
            return Err(over);
        }
        if giver.give(&bytes).await.is_err() {
            // The thread has seen enough and says why.
            return Ok(());
        }
    }
    // Likewise.
    let _ = giver.end().await;
    Ok(())
}

/// Takes the sealed file from the thread into its place. Where that fails the taker goes away with it: a thread that
/// waited for it would wait for ever.
async fn store(
    mut taker: Taker,
    writer: &mut dyn BlobWriter,
    arriving: &mut Arriving<'_>,
) -> Result<(), FileProblem> {
    // Where the thread breaks off, it says why itself.
    while let Ok(Some(bytes)) = taker.take().await {
        arriving.add(bytes.len() as u64)?;
        writer.write(bytes).await?;
    }
    Ok(())
}
