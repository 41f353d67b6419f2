//! Properties of items: those that a decoder needs stay.

use super::Eraser;
use super::bitstream;
use super::boxes::{Box4, boxes, full};
use super::items;
use crate::finding::{Reason, What};
use crate::icc;
use std::collections::BTreeSet;
use std::ops::Range;

/// Properties that a decoder needs, with the length of their bodies where it is fixed.
const PROPERTIES: &[(&[u8; 4], Option<usize>)] = &[
    (b"hvcC", None),
    (b"av1C", None),
    (b"colr", None),
    (b"pixi", None),
    (b"auxC", None),
    (b"ispe", Some(12)),
    (b"irot", Some(1)),
    (b"imir", Some(1)),
    (b"clap", Some(32)),
    (b"pasp", Some(8)),
    (b"a1op", Some(1)),
    (b"lsel", Some(2)),
];

/// What a second picture in the file may be: opacity, and how bright each part is on a bright screen.
pub(super) const SECOND: &[&[u8]] = &[
    b"urn:mpeg:hevc:2015:auxid:1\0",
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0",
    b"urn:com:apple:photo:2020:aux:hdrgainmap\0",
];

impl Eraser {
    /// Goes through the properties, and takes those that go from the items that have them.
    pub(super) fn properties(&mut self, file: &mut [u8], part: &Box4) -> Result<(), Reason> {
        self.coverage.enter(part.whole.start..part.body.start);
        let mut freed = BTreeSet::new();
        for found in boxes(file, part.body.clone())? {
            if &found.name == b"ipco" {
                self.coverage.enter(found.whole.start..found.body.start);
                for (index, property) in (1..).zip(boxes(file, found.body.clone())?) {
                    if !self.property(file, &property)? {
                        freed.insert(index);
                    }
                }
            } else if &found.name == b"ipma" {
                // Which item has which: those that are gone are nobody's.
                items::forget(file, &found.body, &freed).ok_or(Reason::Damaged)?;
                self.keep(&found);
            } else {
                self.free(file, &found, What::Other);
            }
        }
        Ok(())
    }

    /// Whether a property stays.
    fn property(&mut self, file: &mut [u8], found: &Box4) -> Result<bool, Reason> {
        let body = found.body.clone();
        let known = PROPERTIES.iter().find(|(name, _)| **name == found.name);
        let fits = known.is_some_and(|(_, size)| size.is_none_or(|size| body.len() == size));
        let stays = fits
            && match &found.name {
                b"colr" => self.colours(file, &body),
                b"auxC" => {
                    let words = file.get(full(&body)).unwrap_or_default();
                    SECOND.contains(&words)
                }
                b"pixi" => body.len() == 5 + usize::from(*file.get(body.start + 4).unwrap_or(&0)),
                b"hvcC" => bitstream::hevc_setup(&mut file[body.clone()], &mut self.findings)?,
                b"av1C" => bitstream::av1_setup(&mut file[body.clone()], &mut self.findings)?,
                _ => true,
            };
        if stays {
            self.keep(found);
        } else {
            self.free(file, found, What::Other);
        }
        Ok(stays)
    }

    /// Numbers of a known space stay; in a profile's place stands one of our own, if there is room.
    fn colours(&mut self, file: &mut [u8], body: &Range<usize>) -> bool {
        let (kind, place) = (body.start..body.start + 4, body.start + 4..body.end);
        match file.get(kind) {
            Some(b"nclx") => place.len() == 7,
            Some(b"prof" | b"rICC") => {
                let own = icc::space(&file[place.clone()])
                    .and_then(|space| icc::profile_within(space, place.len()));
                let Some(own) = own else {
                    self.findings.removed(What::Device);
                    return false;
                };
                if own != file[place.clone()] {
                    self.findings.removed(What::Device);
                    file[place].copy_from_slice(&own);
                }
                true
            }
            _ => false,
        }
    }
}
