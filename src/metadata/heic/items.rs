//! The items of a file, as its `meta` box lists them: what each is, where its data are, and which of them go.

use super::boxes::{Box4, boxes, full};
use super::properties::SECOND;
use crate::bytes::{be_sized, be16, be32, length};
use crate::finding::Reason;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// No camera writes more items (a 48-megapixel photo in tiles has some hundreds).
const ITEMS_MAX: usize = 20_000;

/// Kinds of items that a decoder needs, or that are emptied where they stand.
const KINDS: &[&[u8; 4]] = &[b"hvc1", b"av01", b"grid", b"iden", b"Exif", b"mime"];

pub(super) struct Entry {
    pub kind: [u8; 4],
    pub kind_at: usize,
    /// Where the lowest byte of the flags stands.
    pub flags: usize,
    pub whole: Range<usize>,
}

#[derive(Default)]
pub(super) struct Items {
    pub entries: BTreeMap<u32, Entry>,
    pub places: BTreeMap<u32, Vec<Range<usize>>>,
    /// Small copies.
    pub small: BTreeSet<u32>,
    /// Second pictures of kinds that nobody needs: how far each part is, for instance.
    second: BTreeSet<u32>,
    /// Of a picture, how many bytes the length of each of its units has.
    pub unit_bytes: BTreeMap<u32, usize>,
    pub indirect: bool,
}

impl Items {
    pub fn read(file: &[u8], meta: &Box4) -> Result<Self, Reason> {
        let mut items = Self::default();
        let parts = boxes(file, full(&meta.body))?;
        let part = |name: &[u8; 4]| parts.iter().find(|part| &part.name == name);
        let data = part(b"idat").map(|part| part.body.clone());
        let damaged = |done: Option<()>| done.ok_or(Reason::Damaged);
        if let Some(part) = part(b"iinf") {
            let start = part.body.start + if is_wide(file, part) { 8 } else { 6 };
            let list = boxes(file, start.min(part.body.end)..part.body.end)?;
            if list.len() > ITEMS_MAX {
                return Err(Reason::Structure);
            }
            for entry in &list {
                damaged(items.entry(file, entry))?;
            }
        }
        if let Some(part) = part(b"iloc") {
            damaged(items.locate(file, &part.body, data.as_ref()))?;
        }
        if let Some(part) = part(b"iref") {
            let wide = is_wide(file, part);
            for link in boxes(file, full(&part.body))? {
                if &link.name == b"thmb" {
                    let from = item(file, link.body.start, wide);
                    items.small.insert(from.ok_or(Reason::Damaged)?);
                }
            }
        }
        if let Some(part) = part(b"iprp") {
            items.properties(file, part)?;
        }
        let shown =
            part(b"pitm").and_then(|part| item(file, part.body.start + 4, is_wide(file, part)));
        let is_shown = shown
            .is_some_and(|shown| items.entries.contains_key(&shown) && !items.is_dropped(shown));
        if is_shown {
            Ok(items)
        } else {
            Err(Reason::Structure)
        }
    }

    /// Whether an item goes.
    pub fn is_dropped(&self, item: u32) -> bool {
        let entry = self.entries.get(&item);
        self.small.contains(&item)
            || self.second.contains(&item)
            || entry.is_none_or(|entry| !KINDS.contains(&&entry.kind))
    }

    /// Whether its data must be found.
    pub fn is_read(&self, item: u32) -> bool {
        let entry = self.entries.get(&item);
        entry.is_some_and(|entry| &entry.kind != b"iden")
    }

    fn entry(&mut self, file: &[u8], entry: &Box4) -> Option<()> {
        let (start, version) = (entry.body.start, *file.get(entry.body.start)?);
        let (item, kind_at) = match version {
            2 => (u32::from(be16(file, start + 4)?), start + 8),
            3 => (be32(file, start + 4)?, start + 10),
            // Older entries have no kind, and no picture has them.
            _ => return Some(()),
        };
        let kind = file.get(kind_at..kind_at + 4)?.try_into().ok()?;
        let entry = Entry {
            kind,
            kind_at,
            flags: start + 3,
            whole: entry.whole.clone(),
        };
        // The same number twice: which of the two is meant nobody can say.
        self.entries.insert(item, entry).is_none().then_some(())
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
        // Behind the last place there is nothing.
        (at == body.end).then_some(())
    }

    /// Reads of each item whether it is a second picture, and how its units are told apart.
    fn properties(&mut self, file: &[u8], part: &Box4) -> Result<(), Reason> {
        let found = boxes(file, part.body.clone())?;
        let Some(list) = found.iter().find(|found| &found.name == b"ipco") else {
            return Ok(());
        };
        let list = boxes(file, list.body.clone())?;
        for links in found.iter().filter(|found| &found.name == b"ipma") {
            let links = associations(file, &links.body).ok_or(Reason::Damaged)?;
            for link in links {
                let Some(property) = link.index.checked_sub(1).and_then(|index| list.get(index))
                else {
                    continue;
                };
                match &property.name {
                    b"auxC" => {
                        let kind = file.get(full(&property.body)).unwrap_or_default();
                        if !SECOND.contains(&kind) {
                            self.second.insert(link.item);
                        }
                    }
                    b"hvcC" => {
                        let size = file
                            .get(property.body.start + 21)
                            .map_or(4, |byte| usize::from(byte & 3) + 1);
                        self.unit_bytes.insert(link.item, size);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

fn is_wide(file: &[u8], part: &Box4) -> bool {
    file.get(part.body.start)
        .is_some_and(|version| *version > 0)
}

fn item(file: &[u8], at: usize, wide: bool) -> Option<u32> {
    if wide {
        be32(file, at)
    } else {
        be16(file, at).map(u32::from)
    }
}

/// The items of a reference: the one from which it goes first, then those it goes to, to the end of its box.
pub(super) fn reference(file: &[u8], body: &Range<usize>, wide: bool) -> Option<Vec<u32>> {
    let size = if wide { 4 } else { 2 };
    let from = item(file, body.start, wide)?;
    let count = usize::from(be16(file, body.start + size)?);
    let start = body.start + size + 2;
    let to = (0..count).map(|index| item(file, start + size * index, wide));
    let all: Option<Vec<u32>> = std::iter::once(Some(from)).chain(to).collect();
    all.filter(|_| start + size * count == body.end)
}

/// That an item has a property: its number in the list, from 1 on, and where that number stands.
struct Link {
    item: u32,
    index: usize,
    place: Range<usize>,
}

fn associations(file: &[u8], body: &Range<usize>) -> Option<Vec<Link>> {
    let (version, flags) = (*file.get(body.start)?, *file.get(body.start + 3)?);
    let count = length(be32(file, body.start + 4)?).min(ITEMS_MAX);
    let (mut at, mut links) = (body.start + 8, Vec::new());
    for _ in 0..count {
        let item = item(file, at, version > 0)?;
        at += if version > 0 { 4 } else { 2 };
        let many = *file.get(at)?;
        at += 1;
        for _ in 0..many {
            let (index, size) = if flags & 1 == 1 {
                (usize::from(be16(file, at)? & 0x7FFF), 2)
            } else {
                (usize::from(file.get(at)? & 0x7F), 1)
            };
            let place = at..at + size;
            links.push(Link { item, index, place });
            at += size;
        }
    }
    (at == body.end).then_some(links)
}

/// Takes away from all items the properties that are gone.
pub(super) fn forget(file: &mut [u8], body: &Range<usize>, freed: &BTreeSet<usize>) -> Option<()> {
    for link in associations(file, body)? {
        if freed.contains(&link.index) {
            file[link.place].fill(0);
        }
    }
    Some(())
}
