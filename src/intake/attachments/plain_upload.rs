//! A file that comes in the clear: cleaned and sealed by a thread of its own as it streams by.

use super::sealing::seal_file;
use super::upload::Arriving;
use super::{Attachments, FileProblem, Lane, Room, Target};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt as _};
use mifeng_foundation::blobs::BlobWriter;
use mifeng_foundation::entropy::random_id;
use mifeng_foundation::streaming::{
    PieceReceiver, PieceSender, into_thread, on_thread, out_of_thread,
};
use mifeng_metadata::{Outcome, Reason, Report};
use mifeng_sealing::tip::{Attachment, clean_name};
use std::sync::Arc;

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
