//! Files in a folder: written under a passing name, synced, then renamed.

use super::spares::Spares;
use super::{BlobError, BlobId, BlobStore, BlobWriter, READ_MAX_BYTES};
use crate::clock::Day;
use crate::entropy::{Entropy, random_bytes};
use async_trait::async_trait;
use std::fs::{self, DirBuilder, File, FileTimes, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::task::JoinHandle;

const DAY: Duration = Duration::from_hours(24);

/// Bytes after which the disk is told to begin: it writes while more arrives, and the end of a large file waits for little.
const SYNC_BYTES: usize = 32 * 1024 * 1024;

/// A folder; made with its first file.
#[derive(Clone, Debug)]
pub struct FolderBlobs {
    folder: PathBuf,
    spares: Spares,
}

impl FolderBlobs {
    /// The files in `folder`.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            spares: Spares::beside(&folder),
            folder,
        }
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
    joined(tokio::task::spawn_blocking(work)).await
}

async fn joined<T>(work: JoinHandle<io::Result<T>>) -> Result<T, BlobError> {
    let done = work.await;
    Ok(done.map_err(|_| io::Error::from(ErrorKind::Interrupted))??)
}

#[async_trait]
impl BlobStore for FolderBlobs {
    async fn begin(&self, id: BlobId, day: Day) -> Result<Box<dyn BlobWriter>, BlobError> {
        let (folder, part, path) = (self.folder.clone(), self.part_path(id), self.path(id));
        let spares = self.spares.clone();
        // Ids are random, so the file is too.
        let (_, chance) = id.split_at(8);
        let chance = u64::from_le_bytes(chance.try_into().expect("half of 16 bytes"));
        let file = on_disk(move || {
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
        let (file, part) = file.await?;
        Ok(Box::new(FolderWriter {
            file: Some(file),
            writing: None,
            part,
            path,
            day,
            unsynced_bytes: 0,
            syncing: None,
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

fn start_of(day: Day) -> SystemTime {
    let days = u32::try_from(day.number()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + DAY * days
}

/// A rename or a deletion is durable only once its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

struct FolderWriter {
    file: Option<File>,
    /// The last piece, which is written while the next one comes.
    writing: Option<JoinHandle<io::Result<File>>>,
    part: PathBuf,
    path: PathBuf,
    day: Day,
    unsynced_bytes: usize,
    syncing: Option<JoinHandle<io::Result<()>>>,
}

impl FolderWriter {
    /// The file, with all that was given written to it.
    async fn written(&mut self) -> Result<File, BlobError> {
        if let Some(writing) = self.writing.take() {
            return joined(writing).await;
        }
        let gone = || BlobError::Io(ErrorKind::BrokenPipe.into());
        self.file.take().ok_or_else(gone)
    }

    /// Has the disk write what there is, while more comes.
    async fn begin_sync(&mut self, file: &File) -> Result<(), BlobError> {
        self.end_sync().await?;
        let file = file.try_clone()?;
        self.syncing = Some(tokio::task::spawn_blocking(move || file.sync_data()));
        self.unsynced_bytes = 0;
        Ok(())
    }

    /// What the disk says of it. The system tells of a failure once, so that it must be heard.
    async fn end_sync(&mut self) -> Result<(), BlobError> {
        match self.syncing.take() {
            Some(syncing) => joined(syncing).await,
            None => Ok(()),
        }
    }
}

#[async_trait]
impl BlobWriter for FolderWriter {
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), BlobError> {
        let mut file = self.written().await?;
        let is_idle = self.syncing.as_ref().is_none_or(JoinHandle::is_finished);
        if self.unsynced_bytes >= SYNC_BYTES && is_idle {
            self.begin_sync(&file).await?;
        }
        self.unsynced_bytes += bytes.len();
        // A failure is told with the next piece, or at the end.
        self.writing = Some(tokio::task::spawn_blocking(move || {
            file.write_all(&bytes)?;
            Ok(file)
        }));
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<(), BlobError> {
        self.end_sync().await?;
        let file = self.written().await?;
        let (part, path, day) = (self.part.clone(), self.path.clone(), self.day);
        on_disk(move || {
            set_times(&file, start_of(day))?;
            file.sync_all()?;
            fs::rename(&part, &path)?;
            path.parent().map_or(Ok(()), sync_folder)
        })
        .await
    }

    async fn abort(self: Box<Self>) {
        let part = self.part;
        // What is left after all goes with the sweep of what was never claimed.
        let _ = on_disk(move || fs::remove_file(part)).await;
    }
}
