//! Empty files made in advance, many at a time. A file system notes when a file was made and numbers files as they are
//! made, and neither can be changed later: whoever takes one of many by chance has a file that was made with all the
//! others, long before.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// How many are made, as long as there are fewer than half of them. An empty file takes an entry and no block.
const SPARES: usize = 4096;

/// How often another one is tried where somebody else was quicker.
const TRIES: u64 = 8;

/// A folder of spare files.
#[derive(Clone, Debug)]
pub(super) struct Spares {
    folder: PathBuf,
}

impl Spares {
    /// Beside the folder of the files themselves.
    pub(super) fn beside(files: &Path) -> Self {
        Self {
            folder: files.with_added_extension("spare"),
        }
    }

    /// Moves the one that `chance` says to `path`, opened for writing; `None` where there are none.
    pub(super) fn take(&self, chance: u64, path: &Path) -> io::Result<Option<File>> {
        let spares = self.list()?;
        for turn in 0..TRIES {
            let Some(at) = chance.wrapping_add(turn).checked_rem(spares.len() as u64) else {
                return Ok(None);
            };
            let at = usize::try_from(at).expect("below a length");
            match fs::rename(&spares[at], path) {
                Ok(()) => return OpenOptions::new().write(true).open(path).map(Some),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Sees to it that there are enough.
    pub(super) fn refill(&self) -> io::Result<()> {
        let spares = self.list()?;
        if spares.len() >= SPARES / 2 {
            return Ok(());
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)?;
        for number in 0..SPARES {
            let made = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(self.folder.join(number.to_string()));
            match made {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn list(&self) -> io::Result<Vec<PathBuf>> {
        match fs::read_dir(&self.folder) {
            Ok(entries) => entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect(),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}
