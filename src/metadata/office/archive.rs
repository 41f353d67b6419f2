//! The ZIP around a document: read within bounds, written without dates, remarks and anything else between its parts.

use super::super::finding::{Findings, Reason, What};
use std::collections::HashMap;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// A book of two hundred sheets or slides with pictures has fewer parts.
const PARTS_MAX: usize = 10_000;
/// One part unpacked, and all of them.
const PART_MAX_BYTES: u64 = 64 * 1024 * 1024;
const TOTAL_MAX_BYTES: u64 = 512 * 1024 * 1024;
/// Deflate reaches 1,030; a sheet of equal cells about 60.
const RATIO_MAX: u64 = 250;
/// Small parts may be as repetitive as they like.
const RATIO_FROM_BYTES: u64 = 1024 * 1024;

/// A document's parts.
pub(super) struct Source<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// By name in small letters: where it is, and its name.
    names: HashMap<String, (usize, String)>,
    total: u64,
}

impl<'a> Source<'a> {
    /// Refuses what no program for documents writes, before anything is unpacked.
    pub fn open(file: &'a [u8], findings: &mut Findings) -> Result<Self, Reason> {
        let mut zip = ZipArchive::new(Cursor::new(file)).map_err(|_| Reason::Damaged)?;
        if zip.len() > PARTS_MAX {
            return Err(Reason::Bomb);
        }
        if !zip.comment().is_empty() {
            findings.removed(What::Comment);
        }
        if zip.offset() != 0 {
            findings.removed(What::Hidden);
        }
        let (mut total, mut names) = (0_u64, HashMap::new());
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| Reason::Damaged)?;
            if entry.encrypted() {
                return Err(Reason::Encrypted);
            }
            let (packed, size) = (entry.compressed_size(), entry.size());
            total = total.saturating_add(size);
            let bomb = size > PART_MAX_BYTES
                || total > TOTAL_MAX_BYTES
                || size > RATIO_FROM_BYTES && size / packed.max(1) > RATIO_MAX;
            if bomb {
                return Err(Reason::Bomb);
            }
            if entry
                .last_modified()
                .is_some_and(|time| time != DateTime::default())
            {
                findings.removed(What::Date);
            }
            if entry.is_dir() {
                continue;
            }
            let name = entry.name().map_err(|_| Reason::Damaged)?.into_owned();
            // Two parts of one name: a reader takes either.
            if names.insert(name.to_lowercase(), (index, name)).is_some() {
                return Err(Reason::Structure);
            }
        }
        Ok(Self {
            zip,
            names,
            total: 0,
        })
    }

    /// The names of all parts, in order.
    pub fn names(&self) -> Vec<String> {
        let mut all: Vec<_> = self.names.values().cloned().collect();
        all.sort();
        all.into_iter().map(|(_, name)| name).collect()
    }

    /// The name of a part, whatever its letters' size; `None` where there is none.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.names
            .get(&name.to_lowercase())
            .map(|(_, name)| name.as_str())
    }

    /// Unpacks a part; what its head says of its size is not believed.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Reason> {
        let Some((index, _)) = self.names.get(&name.to_lowercase()) else {
            return Ok(None);
        };
        let entry = self.zip.by_index(*index).map_err(|_| Reason::Damaged)?;
        let mut content = Vec::new();
        let limit = PART_MAX_BYTES.min(TOTAL_MAX_BYTES.saturating_sub(self.total));
        let mut bounded = entry.take(limit + 1);
        bounded
            .read_to_end(&mut content)
            .map_err(|_| Reason::Damaged)?;
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if size > limit {
            return Err(Reason::Bomb);
        }
        self.total += size;
        Ok(Some(content))
    }
}

/// A document that is being written.
pub(super) struct Target(ZipWriter<Cursor<Vec<u8>>>);

impl Target {
    pub fn new(size: usize) -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::with_capacity(size))))
    }

    /// Adds a part, packed unless it is `stored`. All of them are dated on the first day that ZIP has.
    pub fn add(&mut self, name: &str, content: &[u8], stored: bool) -> Result<(), Reason> {
        let method = if stored {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default());
        let started = self.0.start_file(name, options);
        started.map_err(|_| Reason::Structure)?;
        self.0.write_all(content).map_err(|_| Reason::Structure)
    }

    pub fn finish(self) -> Result<Vec<u8>, Reason> {
        let written = self.0.finish().map_err(|_| Reason::Structure)?;
        Ok(written.into_inner())
    }
}
