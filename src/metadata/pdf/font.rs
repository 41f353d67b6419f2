//! Outlines of letters: of a TrueType or OpenType file only the tables that drawing needs.

use super::super::bytes::{be16, be32, length};

/// Tables that say how letters look and where they stand.
const NEEDED: &[&[u8]] = &[
    b"cmap", b"cvt ", b"fpgm", b"gasp", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp",
    b"OS/2", b"post", b"prep", b"vhea", b"vmtx", b"CFF ", b"VORG", b"hdmx", b"VDMX", b"LTSH",
    b"kern", b"GSUB", b"GPOS", b"GDEF", b"BASE", b"cvar", b"fvar", b"gvar", b"avar", b"HVAR",
    b"VVAR", b"MVAR",
];
const HEAD_BYTES: usize = 12;
const ENTRY_BYTES: usize = 16;

/// What became of a font.
pub(super) enum Font {
    /// As it was: nothing in it that drawing does not need.
    Same,
    /// Without what drawing does not need.
    Less(Vec<u8>),
    /// Not a font of a kind that is known here.
    Unknown,
}

/// Looks at a font's bytes.
pub(super) fn look(font: &[u8]) -> Font {
    match font.get(..4) {
        Some(b"\0\x01\0\0" | b"true" | b"OTTO") => tables(font).unwrap_or(Font::Unknown),
        // Type 1, in clear or in segments; CFF by its version.
        Some(b"%!PS" | b"%!Fo" | [0x80, 1, _, _] | [1, 0, 4..=255, 1..=4]) => Font::Same,
        _ => Font::Unknown,
    }
}

fn tables(font: &[u8]) -> Option<Font> {
    let count = usize::from(be16(font, 4)?);
    let mut kept = Vec::new();
    let (mut end, mut covered) = (
        HEAD_BYTES + count * ENTRY_BYTES,
        HEAD_BYTES + count * ENTRY_BYTES,
    );
    for index in 0..count {
        let at = HEAD_BYTES + index * ENTRY_BYTES;
        let entry = font.get(at..at + ENTRY_BYTES)?;
        let (start, size) = (length(be32(entry, 8)?), length(be32(entry, 12)?));
        let stop = start.checked_add(size)?.min(font.len());
        let data = font.get(start.min(stop)..stop)?;
        end = end.max(stop);
        covered += data.len().next_multiple_of(4);
        if NEEDED.contains(&&entry[..4]) {
            kept.push((entry, data));
        }
    }
    // No table too many, and nothing between them or behind.
    if kept.len() == count && font.len() <= end.next_multiple_of(4) && font.len() <= covered {
        return Some(Font::Same);
    }
    let mut out = font[..HEAD_BYTES].to_vec();
    let tables = u16::try_from(kept.len()).ok()?;
    out[4..6].copy_from_slice(&tables.to_be_bytes());
    let power = tables.checked_ilog2().unwrap_or(0);
    let range = 16_u16.checked_shl(power)?;
    out[6..8].copy_from_slice(&range.to_be_bytes());
    out[8..10].copy_from_slice(&u16::try_from(power).ok()?.to_be_bytes());
    out[10..12].copy_from_slice(&(tables * 16).wrapping_sub(range).to_be_bytes());
    let mut place = HEAD_BYTES + kept.len() * ENTRY_BYTES;
    for (entry, data) in &kept {
        out.extend_from_slice(&entry[..8]);
        out.extend_from_slice(&u32::try_from(place).ok()?.to_be_bytes());
        out.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
        place += data.len().next_multiple_of(4);
    }
    for (_, data) in &kept {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    Some(Font::Less(out))
}
