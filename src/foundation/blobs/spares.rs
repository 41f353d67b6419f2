//! Empty files made in advance, many at a time. A file system notes when a file was made and numbers files as they are
//! made, and neither can be changed later: whoever takes one of many by chance has a file that was made with all the
//! others, long before.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// How many are made, as long as there are fewer than half of them: a power of two. An empty file takes an entry and no
/// block.
const SPARES: usize = 4096;

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

    /// Moves the one that `chance` says to `path`, opened for writing; `None` where there are none. Where that one is
    /// gone others follow in an order that `chance` says too: the next number would tell what was taken before.
    pub(super) fn take(&self, chance: u64, path: &Path) -> io::Result<Option<File>> {
        let count = SPARES as u64;
        // Odd, and so without a factor in common with a power of two: each number comes once.
        let step = (chance >> 32) | 1;
        for turn in 0..count {
            let number = chance.wrapping_add(turn.wrapping_mul(step)) % count;
            match fs::rename(self.folder.join(number.to_string()), path) {
                Ok(()) => return OpenOptions::new().write(true).open(path).map(Some),
                // Taken; unless there are none at all, which need not be found out one by one.
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    if turn == 0 && !self.folder.exists() {
                        return Ok(None);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Sees to it that there are enough.
    pub(super) fn refill(&self) -> io::Result<()> {
        if self.count()? >= SPARES / 2 {
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

    fn count(&self) -> io::Result<usize> {
        match fs::read_dir(&self.folder) {
            Ok(entries) => Ok(entries.count()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn each_is_taken_once_and_then_there_are_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let spares = Spares::beside(&folder.path().join("files"));
        let taken = folder.path().join("taken");
        assert!(spares.take(7, &taken).expect("a folder").is_none());
        spares.refill().expect("room");
        let mut seen = BTreeSet::new();
        for number in 0..SPARES as u64 {
            let chance = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let file = spares.take(chance, &taken).expect("a folder");
            let file = file.expect("one is left");
            seen.insert(file.metadata().expect("a file").ino());
        }
        assert_eq!(seen.len(), SPARES);
        assert!(spares.take(7, &taken).expect("a folder").is_none());
    }
}
