//! A file that comes sealed, from a browser or from another office: only its header and its length can be looked at.

use super::{Attachments, FileProblem, Lane, Target};
use crate::store::AttachmentId;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt as _};
use mifeng_foundation::entropy::random_id;
use mifeng_foundation::streaming::PIECE_BYTES;
use mifeng_sealing::{HEADER_MAX_BYTES, attachment_length, check_header, is_attachment_length};
use parking_lot::Mutex;
use std::collections::HashSet;

/// Sealed bytes that are written at once.
const WRITE_BYTES: usize = PIECE_BYTES;

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
}
