//! HEIC and AVIF: boxes with offsets between them, so nothing moves. Only boxes, items and properties that a decoder needs
//! stay; all others become free space, filled with zeros where they stand.

mod bitstream;
mod boxes;
mod item_data;
mod items;
mod properties;

use super::account::Coverage;
use super::finding::{Findings, Reason, What};
use super::xmp;
use boxes::{Box4, boxes, full};
use items::Items;
use std::ops::Range;

/// The same file with what tells overwritten, and the account of it.
pub(super) fn strip(mut file: Vec<u8>) -> (Vec<u8>, Findings, Coverage) {
    let mut eraser = Eraser::default();
    if let Err(reason) = eraser.go(&mut file) {
        eraser.findings.could_not(reason);
    }
    (file, eraser.findings, eraser.coverage)
}

/// Brands that say how a picture is packed; others may say who packed it.
const BRANDS: &[&[u8; 4]] = &[
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2",
    b"msf1", b"avif", b"avis", b"avio", b"miaf", b"MiHB", b"MiHA", b"MiHE", b"MiPr", b"MA1A",
    b"MA1B", b"jpeg", b"jpgs", b"iso8", b"isom", b"tmap",
];

#[derive(Default)]
struct Eraser {
    findings: Findings,
    coverage: Coverage,
}

impl Eraser {
    fn go(&mut self, file: &mut [u8]) -> Result<(), Reason> {
        let top = boxes(file, 0..file.len())?;
        let is_one = |name: &[u8; 4]| top.iter().filter(|found| &found.name == name).count() == 1;
        if !is_one(b"ftyp") || !is_one(b"meta") {
            return Err(Reason::Structure);
        }
        // A sequence of pictures has times and tracks of its own.
        if top
            .iter()
            .any(|found| matches!(&found.name, b"moov" | b"moof"))
        {
            self.findings.left(What::Hidden, Reason::Structure);
            return Ok(());
        }
        let meta = top
            .iter()
            .find(|found| &found.name == b"meta")
            .ok_or(Reason::Structure)?;
        let items = Items::read(file, meta)?;
        for found in &top {
            match &found.name {
                b"ftyp" => self.brands(file, found),
                b"meta" => self.meta(file, found, &items)?,
                // Its data are those of the items; what is not is found below.
                b"mdat" => self.coverage.enter(found.whole.start..found.body.start),
                _ => self.free(file, found, What::Hidden),
            }
        }
        self.data(file, &items)?;
        for loose in self.coverage.gaps(0..file.len()) {
            let is_data = top.iter().any(|found| {
                &found.name == b"mdat"
                    && found.body.start <= loose.start
                    && loose.end <= found.body.end
            });
            if is_data && !items.indirect {
                self.zero(file, loose, What::Hidden);
            }
        }
        Ok(())
    }

    /// Fills with zeros what is not zero.
    fn zero(&mut self, file: &mut [u8], place: Range<usize>, what: What) {
        if file[place.clone()].iter().any(|byte| *byte != 0) {
            self.findings.removed(what);
            file[place.clone()].fill(0);
        }
        self.coverage.enter(place);
    }

    /// Makes free space of a box.
    fn free(&mut self, file: &mut [u8], found: &Box4, what: What) {
        let name = found.whole.start + 4..found.whole.start + 8;
        let is_free = matches!(&found.name, b"free" | b"skip");
        // Provenance (C2PA) has a box of a kind that is anybody's, and a number of its own.
        let body = &file[found.body.clone()];
        let what = match &found.name {
            b"uuid" if body.starts_with(&C2PA) => What::Origin,
            b"uuid" => xmp::label(body).unwrap_or(what),
            _ => what,
        };
        if !is_free {
            self.findings.removed(what);
            file[name].copy_from_slice(b"free");
        }
        self.zero(file, found.body.clone(), what);
        self.coverage.enter(found.whole.start..found.body.start);
    }

    fn keep(&mut self, found: &Box4) {
        self.coverage.enter(found.whole.clone());
    }

    fn brands(&mut self, file: &mut [u8], found: &Box4) {
        for at in found.body.clone().step_by(4) {
            let end = (at + 4).min(found.body.end);
            let is_version = at == found.body.start + 4;
            let is_known = BRANDS
                .iter()
                .any(|brand| brand.as_slice() == &file[at..end]);
            if is_version || end - at < 4 {
                self.zero(file, at..end, What::Other);
            } else if !is_known {
                file[at..end].copy_from_slice(b"mif1");
                self.findings.removed(What::Other);
            }
        }
        self.keep(found);
    }

    fn meta(&mut self, file: &mut [u8], meta: &Box4, items: &Items) -> Result<(), Reason> {
        self.coverage.enter(meta.whole.start..meta.body.start);
        self.zero(
            file,
            meta.body.start..(meta.body.start + 4).min(meta.body.end),
            What::Other,
        );
        for part in boxes(file, full(&meta.body))? {
            match &part.name {
                b"hdlr" => {
                    // Of a picture; the name of its handler may be anybody's.
                    let name = (part.body.start + 12).min(part.body.end);
                    self.zero(file, name..part.body.end, What::Software);
                    self.keep(&part);
                }
                b"pitm" | b"iloc" => self.keep(&part),
                b"idat" => self.coverage.enter(part.whole.start..part.body.start),
                b"iinf" => self.entries(file, &part, items)?,
                b"iref" => self.references(file, &part, items)?,
                b"iprp" => self.properties(file, &part)?,
                _ => self.free(file, &part, What::Other),
            }
        }
        Ok(())
    }

    /// The list of items: each has a kind, and no name.
    fn entries(&mut self, file: &mut [u8], list: &Box4, items: &Items) -> Result<(), Reason> {
        let wide = file
            .get(list.body.start)
            .is_some_and(|version| *version > 0);
        let start = (list.body.start + if wide { 8 } else { 6 }).min(list.body.end);
        self.coverage.enter(list.whole.start..start);
        for found in boxes(file, start..list.body.end)? {
            let Some((item, entry)) = items
                .entries
                .iter()
                .find(|(_, entry)| entry.whole == found.whole)
            else {
                self.free(file, &found, What::Other);
                continue;
            };
            let words = (entry.kind_at + 4).min(found.body.end);
            if items.is_dropped(*item) {
                // Hidden, so that no viewer offers it.
                file[entry.flags] |= 1;
            }
            // A kind with words behind it: XMP has its media type there, which readers need.
            let keeps = &entry.kind == b"mime"
                && file[words..found.body.end].ends_with(b"\0application/rdf+xml\0");
            if !keeps {
                self.zero(file, words..found.body.end, What::Other);
            }
            self.keep(&found);
        }
        Ok(())
    }

    fn references(&mut self, file: &mut [u8], list: &Box4, items: &Items) -> Result<(), Reason> {
        let wide = file
            .get(list.body.start)
            .is_some_and(|version| *version > 0);
        self.coverage
            .enter(list.whole.start..full(&list.body).start);
        for link in boxes(file, full(&list.body))? {
            let numbers = items::reference(file, &link.body, wide).ok_or(Reason::Damaged)?;
            // Numbers of items there are, and nothing else.
            if !numbers.iter().all(|item| items.entries.contains_key(item)) {
                return Err(Reason::Structure);
            }
            let is_known = matches!(
                &link.name,
                b"dimg" | b"auxl" | b"cdsc" | b"prem" | b"base" | b"free"
            );
            let is_dropped = items.is_dropped(numbers[0]) && &link.name != b"cdsc";
            if !is_known || is_dropped && &link.name != b"free" {
                // Readers want a reference there, if only one of a kind that they do not know.
                let what = if &link.name == b"thmb" {
                    What::Thumbnail
                } else {
                    What::Other
                };
                self.findings.removed(what);
                file[link.whole.start + 4..link.whole.start + 8].copy_from_slice(b"free");
            }
            self.keep(&link);
        }
        Ok(())
    }
}

/// d8fec3d6-1b0e-483c-9297-5828877ec481, C2PA's own (C2PA 2.1, A.5).
const C2PA: [u8; 16] = [
    0xD8, 0xFE, 0xC3, 0xD6, 0x1B, 0x0E, 0x48, 0x3C, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7E, 0xC4, 0x81,
];
