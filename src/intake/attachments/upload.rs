//! An upload from its place to its row: what it may take up while it arrives, and what is left of it when it fails.

use super::deletion::delete;
use super::uploads::Grown;
use super::{Attachments, FileProblem, Lane};
use crate::store::AttachmentId;
use mifeng_foundation::blobs::BlobWriter;
use mifeng_foundation::clock::Day;
use mifeng_sealing::Recipient;
use mifeng_sealing::tip::Attachment;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How often it is looked whether there is a place.
pub(super) const PLACE_STEP: Duration = Duration::from_millis(100);

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
pub(super) struct Arriving<'a> {
    attachments: &'a Attachments,
    id: AttachmentId,
    bytes: u64,
    ended: bool,
}

impl Arriving<'_> {
    /// Counts `bytes` more. What belongs to no tip goes for them where there is no room otherwise.
    pub(super) async fn add(&mut self, bytes: u64) -> Result<(), FileProblem> {
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

impl Attachments {
    /// Row, file, row: whatever goes wrong in between, a row is left by which the sweep finds the file.
    pub(super) async fn take_in<T>(
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

    /// Deletes what there is of a file that failed.
    async fn give_up(&self, arriving: Arriving<'_>, problem: FileProblem) -> FileProblem {
        let id = arriving.id;
        self.uploads.forget(&[id]);
        delete(&*self.rows, &*self.blobs, id).await;
        arriving.end();
        problem
    }
}
