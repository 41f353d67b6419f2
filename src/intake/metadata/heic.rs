//! HEIC: boxes with offsets between them, so nothing moves: what tells is overwritten where it stands.

use super::bytes::{be_sized, be16, be32, length};
use super::exif::{self, MINIMAL_BYTES};
use super::finding::{Coverage, Findings, Reason, What};
use super::xmp;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// No camera writes more items (a 48-megapixel photo in tiles has some hundreds).
const ITEMS_MAX: usize = 20_000;

/// The same file with what tells overwritten.
pub(super) fn strip(mut file: Vec<u8>) -> (Vec<u8>, Findings, Coverage) {
    let (mut findings, coverage) = (Findings::default(), Coverage::whole(file.len()));
    match plan(&file) {
        Ok(plan) => plan.apply(&mut file, &mut findings),
        Err(reason) => findings.could_not(reason),
    }
    (file, findings, coverage)
}

/// A box: its name, all of it and what is in it.
struct Box4 {
    name: [u8; 4],
    whole: Range<usize>,
    body: Range<usize>,
}

/// The boxes in `range`; damaged if they do not fill it exactly.
fn boxes(file: &[u8], range: Range<usize>) -> Result<Vec<Box4>, Reason> {
    let (mut at, mut found) = (range.start, Vec::new());
    while at < range.end {
        let (size, head) = match be32(file, at).ok_or(Reason::Damaged)? {
            0 => (range.end - at, 8),
            1 => {
                let size = be_sized(file, at + 8, 8).ok_or(Reason::Damaged)?;
                (length(size), 16)
            }
            size => (length(size), 8),
        };
        if size < head || size > range.end - at {
            return Err(Reason::Damaged);
        }
        let name = file
            .get(at + 4..at + 8)
            .and_then(|name| name.try_into().ok());
        found.push(Box4 {
            name: name.ok_or(Reason::Damaged)?,
            whole: at..at + size,
            body: at + head..at + size,
        });
        at += size;
    }
    Ok(found)
}

/// What is to be overwritten.
#[derive(Default)]
struct Plan {
    /// Boxes that become free space.
    freed: Vec<Range<usize>>,
    /// Where EXIF stands.
    exif: Vec<Range<usize>>,
    /// Where XMP stands.
    xmp: Vec<Range<usize>>,
    /// The names of the references from small copies to their pictures.
    links: Vec<Range<usize>>,
    /// The flags of the small copies' entries: they become hidden.
    flags: Vec<usize>,
    /// The data of the small copies.
    small: Vec<Range<usize>>,
    /// Media data no item has a part in.
    loose: Vec<Range<usize>>,
    /// An item whose data are not where they can be overwritten.
    unreachable: bool,
}

fn plan(file: &[u8]) -> Result<Plan, Reason> {
    let mut plan = Plan::default();
    let top = boxes(file, 0..file.len())?;
    let meta = top
        .iter()
        .find(|found| &found.name == b"meta")
        .ok_or(Reason::Structure)?;
    for found in &top {
        match &found.name {
            b"ftyp" | b"meta" | b"mdat" | b"free" | b"skip" | b"idat" => {}
            // A sequence of pictures has times and tracks of its own.
            b"moov" | b"moof" => return Err(Reason::Structure),
            _ => plan.freed.push(found.whole.clone()),
        }
    }
    let items = Items::read(file, meta)?;
    let small: BTreeSet<u32> = items.links.iter().map(|(item, _)| *item).collect();
    for (item, entry) in &items.entries {
        let places = items.places.get(item);
        let all = places.cloned().unwrap_or_default();
        let wanted = match &entry.kind {
            b"Exif" => &mut plan.exif,
            b"mime" => &mut plan.xmp,
            _ if small.contains(item) => {
                plan.flags.push(entry.flags);
                &mut plan.small
            }
            _ => continue,
        };
        plan.unreachable |= places.is_none();
        wanted.extend(all);
    }
    plan.links = items.links.into_iter().map(|(_, name)| name).collect();
    // Items made of other items' data cannot be told apart from loose data.
    if !items.indirect {
        let used: Vec<_> = items.places.into_values().flatten().collect();
        for data in top.iter().filter(|found| &found.name == b"mdat") {
            plan.loose.extend(gaps(data.body.clone(), &used));
        }
    }
    Ok(plan)
}

/// The parts of `range` that none of `used` covers.
fn gaps(range: Range<usize>, used: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut used: Vec<_> = used.to_vec();
    used.sort_by_key(|part| part.start);
    let (mut at, mut found) = (range.start, Vec::new());
    for part in used
        .iter()
        .filter(|part| part.end > range.start && part.start < range.end)
    {
        if part.start > at {
            found.push(at..part.start);
        }
        at = at.max(part.end.min(range.end));
    }
    if at < range.end {
        found.push(at..range.end);
    }
    found
}

struct Entry {
    kind: [u8; 4],
    /// Where the lowest byte of the flags stands.
    flags: usize,
}

/// The items of the file, as its `meta` box lists them.
#[derive(Default)]
struct Items {
    entries: BTreeMap<u32, Entry>,
    places: BTreeMap<u32, Vec<Range<usize>>>,
    /// Small copies, each with the place of its reference's name.
    links: Vec<(u32, Range<usize>)>,
    indirect: bool,
}

impl Items {
    fn read(file: &[u8], meta: &Box4) -> Result<Self, Reason> {
        let mut items = Self::default();
        let parts = boxes(file, full(&meta.body))?;
        let part = |name: &[u8; 4]| parts.iter().find(|part| &part.name == name);
        let data = part(b"idat").map(|part| part.body.clone());
        let damaged = |done: Option<()>| done.ok_or(Reason::Damaged);
        if let Some(part) = part(b"iinf") {
            let wide = file
                .get(part.body.start)
                .is_some_and(|version| *version > 0);
            let skip = if wide { 8 } else { 6 };
            let list = boxes(
                file,
                (part.body.start + skip).min(part.body.end)..part.body.end,
            )?;
            for entry in list.iter().take(ITEMS_MAX) {
                damaged(items.entry(file, entry))?;
            }
        }
        if let Some(part) = part(b"iloc") {
            damaged(items.locate(file, &part.body, data.as_ref()))?;
        }
        if let Some(part) = part(b"iref") {
            let wide = file
                .get(part.body.start)
                .is_some_and(|version| *version > 0);
            for link in boxes(file, full(&part.body))? {
                if &link.name == b"thmb" {
                    let from = if wide {
                        be32(file, link.body.start)
                    } else {
                        be16(file, link.body.start).map(u32::from)
                    };
                    let name = link.whole.start + 4..link.whole.start + 8;
                    items.links.push((from.ok_or(Reason::Damaged)?, name));
                }
            }
        }
        Ok(items)
    }

    fn entry(&mut self, file: &[u8], entry: &Box4) -> Option<()> {
        let (start, version) = (entry.body.start, *file.get(entry.body.start)?);
        let (item, kind) = match version {
            2 => (u32::from(be16(file, start + 4)?), start + 8),
            3 => (be32(file, start + 4)?, start + 10),
            // Older entries have no kind, and no picture has them.
            _ => return Some(()),
        };
        let kind = file.get(kind..kind + 4)?.try_into().ok()?;
        self.entries.insert(
            item,
            Entry {
                kind,
                flags: start + 3,
            },
        );
        Some(())
    }

    /// Reads where each item's data are (ISO 14496-12, 8.11.3).
    fn locate(
        &mut self,
        file: &[u8],
        body: &Range<usize>,
        data: Option<&Range<usize>>,
    ) -> Option<()> {
        let version = *file.get(body.start)?;
        let sizes = be16(file, body.start + 4)?;
        let size = |shift: u32| usize::from((sizes >> shift) & 0xF);
        let (offset, span, base, index) = (size(12), size(8), size(4), size(0));
        let index = if version == 0 { 0 } else { index };
        let wide = if version < 2 { 2 } else { 4 };
        let number = |at: usize| match wide {
            2 => be16(file, at).map(u32::from),
            _ => be32(file, at),
        };
        let count = length(number(body.start + 6)?);
        let mut at = body.start + 6 + wide;
        for _ in 0..count.min(ITEMS_MAX) {
            let item = number(at)?;
            at += wide;
            let method = if version == 0 {
                0
            } else {
                be16(file, at)? & 0xF
            };
            // The method, if any, and the index of the file the data are in.
            at += if version == 0 { 2 } else { 4 };
            let from = be_sized(file, at, base)?;
            at += base;
            let extents = usize::from(be16(file, at)?);
            at += 2;
            let mut places = Vec::new();
            for _ in 0..extents {
                at += index;
                let start = from.checked_add(be_sized(file, at, offset)?)?;
                let many = length(be_sized(file, at + offset, span)?);
                at += offset + span;
                let start = length(start);
                let start = match (method, data) {
                    // A length of nothing means all of the file, and is not overwritten.
                    (0, _) if many > 0 => start,
                    (1, Some(data)) if many > 0 => data.start.checked_add(start)?,
                    _ => {
                        self.indirect = true;
                        continue;
                    }
                };
                let end = start.checked_add(many).filter(|end| *end <= file.len())?;
                places.push(start..end);
            }
            if places.len() == extents {
                self.places.insert(item, places);
            }
        }
        Some(())
    }
}

/// The body of a box that has a version and flags first.
fn full(body: &Range<usize>) -> Range<usize> {
    (body.start + 4).min(body.end)..body.end
}

impl Plan {
    fn apply(self, file: &mut [u8], findings: &mut Findings) {
        for place in self.freed {
            if file[place.start + 8..place.end]
                .iter()
                .all(|byte| *byte == 0)
            {
                continue;
            }
            findings.removed(What::Hidden);
            file[place.start + 4..place.start + 8].copy_from_slice(b"free");
            // A large box has its length behind its name.
            let head = if be32(file, place.start) == Some(1) {
                16
            } else {
                8
            };
            file[place.start + head..place.end].fill(0);
        }
        for place in self.exif {
            blank_exif(&mut file[place], findings);
        }
        for place in self.xmp {
            xmp::look(&file[place.clone()], findings);
            let is_blank = file[place.clone()].iter().all(|byte| *byte == b' ');
            note_unread(!is_blank, findings);
            file[place].fill(b' ');
        }
        for place in self.small {
            if file[place.clone()].iter().any(|byte| *byte != 0) {
                findings.removed(What::Thumbnail);
            }
            file[place].fill(0);
        }
        for name in self.links {
            findings.removed(What::Thumbnail);
            file[name].copy_from_slice(b"free");
        }
        for flags in self.flags {
            file[flags] |= 1;
        }
        for place in self.loose {
            if file[place.clone()].iter().any(|byte| *byte != 0) {
                findings.removed(What::Hidden);
            }
            file[place].fill(0);
        }
        if self.unreachable {
            findings.left(What::Other, Reason::Structure);
        }
    }
}

/// The data start with how far on the TIFF is; the picture's own box says which way up it is, so nothing is kept.
fn blank_exif(data: &mut [u8], findings: &mut Findings) {
    let skip = be32(data, 0).map_or(usize::MAX, |skip| length(skip).saturating_add(4));
    exif::look(data.get(skip..).unwrap_or(data), findings);
    let mut blank = vec![0; data.len()];
    if let Some(tiff) = blank.get_mut(4..4 + MINIMAL_BYTES) {
        tiff.copy_from_slice(&exif::minimal(1));
    }
    note_unread(*data != blank[..], findings);
    data.copy_from_slice(&blank);
}

/// Something was overwritten that could not be read: that there was something is told all the same.
fn note_unread(is_changed: bool, findings: &mut Findings) {
    if is_changed && findings.is_empty() {
        findings.removed(What::Other);
    }
}
