//! Writing one file: a thread of its own takes its pieces, has the disk write, and puts it into its place.

use super::{heard, on_disk, set_times, sync_folder};
use crate::blobs::{BlobError, BlobWriter};
use crate::clock::Day;
use crate::streaming::{PieceReader, PieceSender, on_thread};
use async_trait::async_trait;
use std::fs::{self, File};
use std::io::{self, BufRead as _, ErrorKind, Write as _};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};
use tokio::sync::oneshot::Receiver;
use tokio::sync::oneshot::error::TryRecvError;

const DAY: Duration = Duration::from_hours(24);

/// Bytes after which the disk is told to begin: it writes while more arrives, and the end of a large file waits for little.
const SYNC_BYTES: usize = 32 * 1024 * 1024;

/// Of a small disk, this part is kept free at most.
const KEPT_FREE_SHARE: u64 = 10;

/// Where a file is written, where it will stand, and under which day.
pub(super) struct Place {
    pub(super) part: PathBuf,
    pub(super) path: PathBuf,
    pub(super) day: Day,
    pub(super) kept_free_bytes: u64,
}

/// Whether the disk of `file` has room for `bytes` more beside what is kept free.
fn check_free(file: &File, bytes: u64, kept_free_bytes: u64) -> io::Result<()> {
    if kept_free_bytes == 0 {
        return Ok(());
    }
    let disk = rustix::fs::fstatvfs(file)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let whole = disk.f_blocks.saturating_mul(disk.f_frsize);
    let kept = kept_free_bytes.min(whole / KEPT_FREE_SHARE);
    if free < bytes.saturating_add(kept) {
        return Err(ErrorKind::StorageFull.into());
    }
    Ok(())
}

/// Writes what comes, has the disk write too, and puts the file into its place once it is whole: one thread for one
/// file, so that no piece waits for a turn.
pub(super) fn write_pieces(
    mut file: File,
    mut pieces: PieceReader,
    place: &Place,
) -> io::Result<()> {
    let (mut syncing, mut unsynced_bytes) = (Syncing::default(), 0);
    loop {
        let piece = pieces.fill_buf()?;
        if piece.is_empty() {
            break;
        }
        check_free(&file, piece.len() as u64, place.kept_free_bytes)?;
        file.write_all(piece)?;
        let written = piece.len();
        pieces.consume(written);
        unsynced_bytes += written;
        if unsynced_bytes >= SYNC_BYTES && syncing.is_idle()? {
            syncing.begin(&file)?;
            unsynced_bytes = 0;
        }
    }
    syncing.end()?;
    set_times(&file, start_of(place.day))?;
    file.sync_all()?;
    fs::rename(&place.part, &place.path)?;
    place.path.parent().map_or(Ok(()), sync_folder)
}

/// Has the disk write what there is, while more comes. The system tells of a failure once, so that it must be heard.
#[derive(Default)]
struct Syncing(Option<Receiver<io::Result<()>>>);

impl Syncing {
    fn begin(&mut self, file: &File) -> io::Result<()> {
        let file = file.try_clone()?;
        self.0 = Some(on_thread(move || file.sync_data()));
        Ok(())
    }

    fn is_idle(&mut self) -> io::Result<bool> {
        match self.0.as_mut().map(Receiver::try_recv) {
            None => Ok(true),
            Some(Err(TryRecvError::Empty)) => Ok(false),
            Some(Ok(synced)) => {
                self.0 = None;
                synced.map(|()| true)
            }
            Some(Err(TryRecvError::Closed)) => Err(ErrorKind::Interrupted.into()),
        }
    }

    fn end(self) -> io::Result<()> {
        match self.0.map(Receiver::blocking_recv) {
            None => Ok(()),
            Some(synced) => synced.unwrap_or_else(|_| Err(ErrorKind::Interrupted.into())),
        }
    }
}

fn start_of(day: Day) -> SystemTime {
    let days = u32::try_from(day.number()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + DAY * days
}

/// Gives the thread that writes a file its pieces.
pub(super) struct FolderWriter {
    pub(super) pieces: Option<PieceSender>,
    /// What became of the file, once.
    pub(super) written: Option<Receiver<io::Result<()>>>,
    pub(super) part: PathBuf,
}

impl FolderWriter {
    /// What became of the file: the thread has ended, or ends.
    async fn end(&mut self) -> Result<(), BlobError> {
        self.pieces = None;
        match self.written.take() {
            Some(written) => heard(written).await,
            None => Err(BlobError::Io(ErrorKind::BrokenPipe.into())),
        }
    }
}

#[async_trait]
impl BlobWriter for FolderWriter {
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), BlobError> {
        if let Some(pieces) = &mut self.pieces
            && pieces.give_piece(bytes).await.is_ok()
        {
            // A failure is told with the next piece, or at the end.
            return Ok(());
        }
        self.end().await
    }

    async fn finish(mut self: Box<Self>) -> Result<(), BlobError> {
        if let Some(pieces) = self.pieces.take() {
            // Where nobody reads any more, the thread says why.
            let _ = pieces.end().await;
        }
        self.end().await
    }

    async fn abort(mut self: Box<Self>) {
        // Not ended, the file is broken off; nothing is written to it afterwards.
        let _ = self.end().await;
        let part = self.part;
        // What is left after all goes with the sweep of what was never claimed.
        let _ = on_disk(move || fs::remove_file(part)).await;
    }
}
