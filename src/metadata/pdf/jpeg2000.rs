//! JPEG 2000 within a document: of its boxes those that a decoder needs, of its main header no remarks.

use super::super::bytes::{be16, be32, length};
use super::super::finding::{Findings, What};

/// Signature, kind of file, header of the picture, the picture.
const NEEDED: &[&[u8]] = &[b"jP  ", b"ftyp", b"jp2h", b"jp2c"];
/// Within the header: size, depth, colours, palette, channels. A profile (`colr` of method 2 or 3) is a device's.
const HEADER: &[&[u8]] = &[b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef"];
const REMARK: u16 = 0xFF64;
const TILE: u16 = 0xFF90;

/// The picture without what tells; `None` where it is built in a way that is not known here.
pub(super) fn clean(picture: &[u8], findings: &mut Findings) -> Option<Vec<u8>> {
    if picture.starts_with(&[0xFF, 0x4F]) {
        return codestream(picture, findings);
    }
    let mut out = Vec::with_capacity(picture.len());
    for (kind, content) in boxes(picture)? {
        if !NEEDED.contains(&kind) {
            findings.removed(What::Other);
            continue;
        }
        let content = match kind {
            b"jp2c" => codestream(content, findings)?,
            b"jp2h" => header(content, findings)?,
            _ => content.to_vec(),
        };
        push(kind, &content, &mut out)?;
    }
    Some(out)
}

fn push(kind: &[u8], content: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let size = u32::try_from(content.len() + 8).ok()?;
    out.extend_from_slice(&size.to_be_bytes());
    out.extend_from_slice(kind);
    out.extend_from_slice(content);
    Some(())
}

fn header(content: &[u8], findings: &mut Findings) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(content.len());
    for (kind, content) in boxes(content)? {
        let is_profile = kind == b"colr" && content.first() != Some(&1);
        if !HEADER.contains(&kind) {
            findings.removed(What::Other);
        } else if is_profile {
            // In a document the picture's dictionary says its colours.
            findings.removed(What::Device);
        } else {
            push(kind, content, &mut out)?;
        }
    }
    Some(out)
}

fn boxes(bytes: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let size = length(be32(bytes, at)?);
        let kind = bytes.get(at + 4..at + 8)?;
        let end = match size {
            0 => bytes.len(),
            8.. => at.checked_add(size)?,
            _ => return None,
        };
        found.push((kind, bytes.get(at + 8..end)?));
        at = end;
    }
    Some(found)
}

/// A codestream: its main header without remarks; tiles must have none, and nothing stands behind the end.
fn codestream(bytes: &[u8], findings: &mut Findings) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut at = 2;
    loop {
        let marker = be16(bytes, at)?;
        if marker == TILE {
            break;
        }
        let end = at + 2 + usize::from(be16(bytes, at + 2)?);
        let segment = bytes.get(at..end)?;
        if marker == REMARK {
            findings.removed(What::Comment);
        } else {
            out.extend_from_slice(segment);
        }
        at = end;
    }
    while be16(bytes, at)? == TILE {
        let size = length(be32(bytes, at + 6)?);
        let end = if size == 0 {
            bytes.len() - 2
        } else {
            at.checked_add(size)?
        };
        let tile = bytes.get(at..end)?;
        let mut inner = 12;
        // From one mark to the next, up to where the data begin.
        while be16(tile, inner)? != 0xFF93 {
            if be16(tile, inner)? == REMARK {
                return None;
            }
            inner += 2 + usize::from(be16(tile, inner + 2)?);
        }
        out.extend_from_slice(tile);
        at = end;
    }
    if be16(bytes, at)? != 0xFFD9 {
        return None;
    }
    if bytes.len() > at + 2 {
        findings.removed(What::Hidden);
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    Some(out)
}
