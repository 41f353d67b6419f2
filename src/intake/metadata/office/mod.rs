//! Office files since 2007: a ZIP of XML parts, written anew without what tells. Names in the document's text stay.

mod parts;
mod xml;

use super::finding::{Coverage, Findings, Reason, What};
use super::strip::Stripper;
use crate::tip::FileKind;
use parts::{Part, part};
use std::io::{Cursor, Read as _, Write as _};
use xml::Rules;
use zip::read::ZipFile;
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

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The file written anew; as it came where that cannot be done.
pub(super) fn strip(file: Vec<u8>) -> (Vec<u8>, Findings, Coverage) {
    let (mut findings, coverage) = (Findings::default(), Coverage::whole(file.len()));
    match rewrite(&file, &mut findings) {
        // Nothing found, nothing changed: the very same file, not a repacked one.
        Ok(_) if findings.is_empty() => (file, findings, coverage),
        Ok(written) => (written, findings, coverage),
        Err(reason) => (file, findings.undone(reason), coverage),
    }
}

fn rewrite(file: &[u8], findings: &mut Findings) -> Result<Vec<u8>, Reason> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Reason::Damaged)?;
    check(&mut archive)?;
    if !archive.comment().is_empty() {
        findings.removed(What::Comment);
    }
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(file.len())));
    let mut total = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| Reason::Damaged)?;
        if entry.is_dir() {
            continue;
        }
        let dated = entry
            .last_modified()
            .is_some_and(|time| time != DateTime::default());
        if dated {
            findings.removed(What::Date);
        }
        let name = entry.name().map_err(|_| Reason::Damaged)?.into_owned();
        let stored = entry.compression() == CompressionMethod::Stored;
        let content = read(&mut entry, &mut total)?;
        if let Some(content) = changed(&name, content, findings)? {
            let method = if stored {
                CompressionMethod::Stored
            } else {
                CompressionMethod::Deflated
            };
            let options = SimpleFileOptions::default()
                .compression_method(method)
                .last_modified_time(DateTime::default());
            writer
                .start_file(name, options)
                .map_err(|_| Reason::Structure)?;
            writer.write_all(&content).map_err(|_| Reason::Structure)?;
        }
    }
    let written = writer.finish().map_err(|_| Reason::Structure)?;
    Ok(written.into_inner())
}

/// Refuses what no Office program writes, before anything is unpacked.
fn check(archive: &mut Archive<'_>) -> Result<(), Reason> {
    if archive.len() > PARTS_MAX {
        return Err(Reason::Bomb);
    }
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| Reason::Damaged)?;
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
    }
    if archive.index_for_name("[Content_Types].xml").is_none() {
        let is_open_document = archive.index_for_name("mimetype").is_some();
        return Err(if is_open_document {
            Reason::Kind
        } else {
            Reason::Structure
        });
    }
    Ok(())
}

/// Unpacks a part; what its head says of its size is not believed.
fn read(entry: &mut ZipFile<'_, Cursor<&[u8]>>, total: &mut u64) -> Result<Vec<u8>, Reason> {
    let mut content = Vec::new();
    let limit = PART_MAX_BYTES.min(TOTAL_MAX_BYTES - *total);
    let mut bounded = entry.take(limit + 1);
    bounded
        .read_to_end(&mut content)
        .map_err(|_| Reason::Damaged)?;
    let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
    if size > limit {
        return Err(Reason::Bomb);
    }
    *total += size;
    Ok(content)
}

/// The part as it is to be written; `None` where it is left out.
fn changed(
    name: &str,
    content: Vec<u8>,
    findings: &mut Findings,
) -> Result<Option<Vec<u8>>, Reason> {
    Ok(match part(name) {
        Part::Properties(empty) => {
            let looked = xml::properties(&content, findings);
            // Written by us before, or empty: the same bytes again.
            Some(if looked { empty.to_vec() } else { content })
        }
        Part::Thumbnail => {
            findings.removed(What::Thumbnail);
            None
        }
        Part::Printer => {
            findings.removed(What::Device);
            None
        }
        Part::Picture => Some(picture(content, findings)),
        Part::Xml => {
            let rules = Rules::of(name);
            Some(xml::rewrite(&content, &rules, findings).ok_or(Reason::Structure)?)
        }
        Part::File => {
            findings.left(What::Hidden, Reason::Embedded);
            Some(content)
        }
        Part::Untouched => Some(content),
    })
}

fn picture(content: Vec<u8>, findings: &mut Findings) -> Vec<u8> {
    use FileKind::{Heic, Jpeg, Png, WebP};
    // Never an archive: one within another, and so on, would go on for ever.
    let kind = FileKind::sniff(&content).filter(|kind| matches!(kind, Jpeg | Png | WebP | Heic));
    let Some(kind) = kind else {
        return content;
    };
    let (mut stripper, mut out) = (Stripper::new(kind), Vec::with_capacity(content.len()));
    stripper.feed(&content, &mut out);
    findings.absorb(stripper.finish_verdict(&mut out));
    out
}
