//! Files in a folder: written under a passing name, synced, then renamed.

mod writer;

use super::spares::Spares;
use super::{BlobError, BlobId, BlobStore, BlobWriter, READ_MAX_BYTES};
use crate::clock::Day;
use crate::entropy::{Entropy, random_bytes};
use crate::streaming::{into_thread, on_thread};
use async_trait::async_trait;
use std::fs::{self, DirBuilder, File, FileTimes, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tokio::sync::oneshot::Receiver;
use writer::{FolderWriter, Place, write_pieces};

/// A folder; made with its first file.
#[derive(Clone, Debug)]
pub struct FolderBlobs {
    folder: PathBuf,
    spares: Spares,
    kept_free_bytes: u64,
}

impl FolderBlobs {
    /// The files in `folder`.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            spares: Spares::beside(&folder),
            folder,
            kept_free_bytes: 0,
        }
    }

    /// The same, which takes nothing that would leave less than `bytes` of its disk free, or a tenth of a small disk: what
    /// lies beside the files needs room too.
    #[must_use]
    pub fn keeping_free(mut self, bytes: u64) -> Self {
        self.kept_free_bytes = bytes;
        self
    }

    fn path(&self, id: BlobId) -> PathBuf {
        self.folder.join(hex::encode(id))
    }

    fn part_path(&self, id: BlobId) -> PathBuf {
        self.folder.join(hex::encode(id) + ".part")
    }
}

/// Runs `work` where waiting for the disk holds up nobody.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, BlobError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| io::Error::from(ErrorKind::Interrupted))??)
}

/// What a thread of its own says.
async fn heard<T>(told: Receiver<io::Result<T>>) -> Result<T, BlobError> {
    Ok(told
        .await
        .map_err(|_| io::Error::from(ErrorKind::Interrupted))??)
}

#[async_trait]
impl BlobStore for FolderBlobs {
    async fn begin(&self, id: BlobId, day: Day) -> Result<Box<dyn BlobWriter>, BlobError> {
        let (folder, part, path) = (self.folder.clone(), self.part_path(id), self.path(id));
        let spares = self.spares.clone();
        // Ids are random, so the file is too.
        let (_, chance) = id.split_at(8);
        let chance = u64::from_le_bytes(chance.try_into().expect("half of 16 bytes"));
        // A thread of its own takes less memory than one that stays.
        let opened = on_thread(move || {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&folder)?;
            let file = match spares.take(chance, &part)? {
                Some(file) => file,
                None => OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(&part)?,
            };
            Ok((file, part))
        });
        let (file, part) = heard(opened).await?;
        let (pieces, reader) = into_thread();
        let place = Place {
            part: part.clone(),
            path,
            day,
            kept_free_bytes: self.kept_free_bytes,
        };
        let written = on_thread(move || write_pieces(file, reader, &place));
        Ok(Box::new(FolderWriter {
            pieces: Some(pieces),
            written: Some(written),
            part,
        }))
    }

    async fn read(
        &self,
        id: BlobId,
        offset: u64,
        length_bytes: usize,
    ) -> Result<Option<Vec<u8>>, BlobError> {
        let path = self.path(id);
        on_disk(move || read_at(&path, offset, length_bytes.min(READ_MAX_BYTES))).await
    }

    async fn delete(&self, id: BlobId) -> Result<(), BlobError> {
        let (folder, paths) = (self.folder.clone(), [self.path(id), self.part_path(id)]);
        on_disk(move || {
            for path in paths {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            sync_folder(&folder)
        })
        .await
    }

    /// The system notes when a file's inode changed last. Touching them all in a new order, again and again, leaves no
    /// order of arrival in that. When each was made, and its number, are told by none that was made in advance.
    async fn settle(&self, entropy: &dyn Entropy) -> Result<(), BlobError> {
        let folder = self.folder.clone();
        let spares = self.spares.clone();
        on_disk(move || spares.refill()).await?;
        let mut paths = on_disk(move || finished_files(&folder)).await?;
        paths.sort_by_cached_key(|_| random_bytes::<16>(entropy));
        on_disk(move || {
            for path in paths {
                match File::open(&path) {
                    Ok(file) => {
                        let times = file.metadata()?.modified()?;
                        set_times(&file, times)?;
                    }
                    // Released meanwhile.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
        .await
    }
}

fn read_at(path: &Path, offset: u64, length_bytes: usize) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![0; length_bytes];
    let mut filled = 0;
    while filled < bytes.len() {
        let place = offset.saturating_add(filled as u64);
        match file.read_at(&mut bytes[filled..], place)? {
            0 => break,
            read => filled += read,
        }
    }
    bytes.truncate(filled);
    Ok(Some(bytes))
}

fn finished_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths
        .filter(|path| path.as_ref().is_ok_and(|path| path.extension().is_none()) || path.is_err())
        .collect()
}

fn set_times(file: &File, time: SystemTime) -> io::Result<()> {
    let times = FileTimes::new().set_accessed(time).set_modified(time);
    file.set_times(times)
}

/// A rename or a deletion is durable only once its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
