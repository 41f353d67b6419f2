//! What says how the pixels are to be shown: the colour space, and which way up the picture is.

use super::known::Header;
use super::{LOOK_BYTES, PngFilter, write};
use crate::exif;
use crate::finding::What;
use crate::icc::{self, Space};

impl PngFilter {
    /// Puts one of our own in the place of a profile, where there is one for its colours.
    pub(super) fn profile(&mut self, chunk: &[u8], data: &[u8], out: &mut Vec<u8>) {
        let end = memchr::memchr(0, data).unwrap_or(data.len());
        let packed = data.get(end + 2..).unwrap_or_default();
        let space = icc::space(&icc::unpacked(packed, LOOK_BYTES));
        let mut own = Vec::new();
        if let Some(Space::DisplayP3) = space {
            write(*b"iCCP", &own_profile(), &mut own);
        }
        if own == chunk {
            self.seen.push(*b"iCCP");
            out.append(&mut own);
            return;
        }
        self.findings.removed(What::Device);
        if let Some(space) = space {
            self.colours(space, out);
        }
    }

    /// Says in which colour space the picture is, once.
    pub(super) fn colours(&mut self, space: Space, out: &mut Vec<u8>) {
        let is_said = self
            .seen
            .iter()
            .any(|name| matches!(name, b"sRGB" | b"iCCP"));
        let has_colours = self.header.as_ref().is_some_and(Header::has_colours);
        if is_said || !has_colours {
            return;
        }
        match space {
            Space::Srgb => {
                self.seen.push(*b"sRGB");
                write(*b"sRGB", &[0], out);
            }
            Space::DisplayP3 => {
                self.seen.push(*b"iCCP");
                write(*b"iCCP", &own_profile(), out);
            }
        }
    }

    /// Says which way up the picture is, once.
    pub(super) fn orient(&mut self, orientation: Option<u8>, out: &mut Vec<u8>) {
        let Some(orientation) = orientation.filter(|_| !self.oriented) else {
            return;
        };
        self.oriented = true;
        write(*b"eXIf", &exif::minimal(orientation), out);
    }
}

/// Our own profile, as a chunk holds it.
fn own_profile() -> Vec<u8> {
    let packed = icc::stored(&icc::profile(Space::DisplayP3));
    [b"Display P3\0\0".as_slice(), &packed].concat()
}
