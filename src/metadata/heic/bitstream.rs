//! Units of packed pixels: those that a decoder needs stay, those that tell something become filling.

use super::{Findings, Reason, What};
use crate::bytes::be16;

/// Filler data (H.265, 7.4.2.2).
const HEVC_FILLER: u8 = 38;
/// Padding (AV1, 6.2.2).
const AV1_PADDING: u8 = 15;

/// Units of HEVC, each behind its length in `size` bytes.
pub(super) fn hevc(data: &mut [u8], size: usize, findings: &mut Findings) -> Result<(), Reason> {
    let mut at = 0;
    while at < data.len() {
        let head = data.get(at..at + size).ok_or(Reason::Damaged)?;
        let length = head
            .iter()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let start = at + size;
        let end = start.checked_add(length).ok_or(Reason::Damaged)?;
        hevc_unit(data.get_mut(start..end).ok_or(Reason::Damaged)?, findings)?;
        at = end;
    }
    Ok(())
}

fn hevc_unit(unit: &mut [u8], findings: &mut Findings) -> Result<bool, Reason> {
    if unit.len() < 2 {
        return Err(Reason::Damaged);
    }
    let kind = (unit[0] >> 1) & 0x3F;
    // Slices, the three sets of parameters, and marks without content.
    if kind <= 36 {
        return Ok(true);
    }
    let mut filler = vec![0xFF; unit.len()];
    filler[0] = (unit[0] & 0x81) | (HEVC_FILLER << 1);
    filler[1] = unit[1];
    if let [_, _, .., last] = filler.as_mut_slice() {
        *last = 0x80;
    }
    if unit != filler {
        // Encoders write their name and settings there.
        findings.removed(What::Software);
        unit.copy_from_slice(&filler);
    }
    Ok(false)
}

/// The sets of parameters before the pictures (ISO 14496-15, 8.3.3.1).
pub(super) fn hevc_setup(body: &mut [u8], findings: &mut Findings) -> Result<bool, Reason> {
    let count = *body.get(22).ok_or(Reason::Damaged)?;
    let mut at = 23;
    for _ in 0..count {
        let (kind_at, many) = (at, be16(body, at + 1).ok_or(Reason::Damaged)?);
        at += 3;
        for _ in 0..many {
            let length = usize::from(be16(body, at).ok_or(Reason::Damaged)?);
            let unit = body
                .get_mut(at + 2..at + 2 + length)
                .ok_or(Reason::Damaged)?;
            if !hevc_unit(unit, findings)? {
                body[kind_at] = (body[kind_at] & 0xC0) | HEVC_FILLER;
            }
            at += 2 + length;
        }
    }
    if body[at..].iter().any(|byte| *byte != 0) {
        findings.removed(What::Hidden);
        body[at..].fill(0);
    }
    Ok(true)
}

/// Units of AV1 (AV1, 5.3).
pub(super) fn av1(data: &mut [u8], findings: &mut Findings) -> Result<(), Reason> {
    let mut at = 0;
    while at < data.len() {
        let head = data[at];
        let kind = (head >> 3) & 15;
        let mut start = at + 1 + usize::from(head >> 2 & 1);
        let mut length = data.len().saturating_sub(start);
        if head >> 1 & 1 == 1 {
            length = 0;
            for byte in 0..8 {
                let part = *data.get(start).ok_or(Reason::Damaged)?;
                length |= usize::from(part & 0x7F) << (7 * byte);
                start += 1;
                if part & 0x80 == 0 {
                    break;
                }
            }
        }
        let end = start.checked_add(length).ok_or(Reason::Damaged)?;
        let unit = data.get_mut(start..end).ok_or(Reason::Damaged)?;
        if !matches!(kind, 1..=4 | 6 | 7) {
            let mut filler = vec![0; unit.len()];
            if let Some(last) = filler.last_mut() {
                *last = 0x80;
            }
            if unit != filler {
                findings.removed(What::Other);
                unit.copy_from_slice(&filler);
            }
            data[at] = (head & 0x87) | (AV1_PADDING << 3);
        }
        at = end;
    }
    Ok(())
}

/// Four bytes of numbers, and units before the pictures.
pub(super) fn av1_setup(body: &mut [u8], findings: &mut Findings) -> Result<bool, Reason> {
    av1(body.get_mut(4..).ok_or(Reason::Damaged)?, findings)?;
    Ok(true)
}
