//! The data that items are made of.

use super::Eraser;
use super::bitstream;
use super::items::Items;
use crate::bytes::{be32, length};
use crate::exif::{self, MINIMAL_BYTES};
use crate::finding::{Reason, What};
use crate::xmp;
use std::ops::Range;

impl Eraser {
    /// What the items are made of.
    pub(super) fn data(&mut self, file: &mut [u8], items: &Items) -> Result<(), Reason> {
        for (item, entry) in &items.entries {
            let Some(places) = items.places.get(item) else {
                if items.is_read(*item) {
                    self.findings.left(What::Other, Reason::Structure);
                }
                continue;
            };
            for place in places {
                match &entry.kind {
                    b"Exif" => self.exif(file, place.clone()),
                    b"mime" => self.xmp(file, place.clone()),
                    _ if items.is_dropped(*item) => {
                        let what = if items.small.contains(item) {
                            What::Thumbnail
                        } else {
                            What::Hidden
                        };
                        self.zero(file, place.clone(), what);
                    }
                    b"grid" if matches!(place.len(), 8 | 12) && places.len() == 1 => {}
                    b"iden" => {}
                    b"hvc1" if places.len() == 1 => {
                        let size = items.unit_bytes.get(item).copied().unwrap_or(4);
                        bitstream::hevc(&mut file[place.clone()], size, &mut self.findings)?;
                    }
                    b"av01" if places.len() == 1 => {
                        bitstream::av1(&mut file[place.clone()], &mut self.findings)?;
                    }
                    // Held together by another box, or a kind that nobody here reads.
                    _ => return Err(Reason::Structure),
                }
                self.coverage.enter(place.clone());
            }
        }
        Ok(())
    }

    /// The data start with how far on the TIFF is; the picture's own box says which way up it is, so nothing is kept.
    fn exif(&mut self, file: &mut [u8], place: Range<usize>) {
        let data = &mut file[place];
        let skip = be32(data, 0).map_or(usize::MAX, |skip| length(skip).saturating_add(4));
        exif::look(data.get(skip..).unwrap_or(data), &mut self.findings);
        let mut blank = vec![0; data.len()];
        if let Some(tiff) = blank.get_mut(4..4 + MINIMAL_BYTES) {
            tiff.copy_from_slice(&exif::minimal(1));
        }
        if *data != blank[..] && self.findings.is_empty() {
            self.findings.removed(What::Other);
        }
        data.copy_from_slice(&blank);
    }

    fn xmp(&mut self, file: &mut [u8], place: Range<usize>) {
        xmp::look(&file[place.clone()], &mut self.findings);
        file[place].fill(b' ');
    }
}
