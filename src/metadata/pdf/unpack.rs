//! Undoing each way of packing bytes but deflate.

use super::super::bytes::paeth;
use super::super::finding::Reason;
use super::filters::Parameters;
use super::syntax::is_space;

/// Undoes what was done to rows of samples before they were packed.
pub(super) fn predicted(mut rows: Vec<u8>, how: Parameters) -> Result<Vec<u8>, Reason> {
    if how.predictor < 2 {
        return Ok(rows);
    }
    let bits = how.colors.checked_mul(how.bits);
    let row_bits = bits.and_then(|bits| bits.checked_mul(how.columns));
    let (pixel, row) = match (bits, row_bits) {
        (Some(bits @ 1..), Some(row_bits @ 1..)) => (bits.div_ceil(8), row_bits.div_ceil(8)),
        _ => return Err(Reason::Damaged),
    };
    if how.predictor == 2 {
        if how.bits != 8 {
            return Err(Reason::Structure);
        }
        for row in rows.chunks_mut(row) {
            for at in pixel..row.len() {
                row[at] = row[at].wrapping_add(row[at - pixel]);
            }
        }
        return Ok(rows);
    }
    // PNG's: each row is led by a byte that says how (ISO 15948, 9).
    let mut out: Vec<u8> = Vec::with_capacity(rows.len());
    for packed in rows.chunks(row.saturating_add(1)) {
        let start = out.len();
        let above = start.checked_sub(row);
        for (at, byte) in packed[1..].iter().enumerate() {
            let left = at.checked_sub(pixel).map_or(0, |at| out[start + at]);
            let up = above.map_or(0, |above| out[above + at]);
            let corner = match (at.checked_sub(pixel), above) {
                (Some(at), Some(above)) => out[above + at],
                _ => 0,
            };
            let guess = match packed[0] {
                0 => 0,
                1 => left,
                2 => up,
                3 => (u16::from(left) + u16::from(up))
                    .div_euclid(2)
                    .to_le_bytes()[0],
                4 => paeth(left, up, corner),
                _ => return Err(Reason::Damaged),
            };
            out.push(byte.wrapping_add(guess));
        }
    }
    Ok(out)
}

/// LZW as PDF and TIFF have it: codes of 9 to 12 bits, the high bit first.
pub(super) fn lzw(packed: &[u8], early: bool, limit_bytes: usize) -> Result<Vec<u8>, Reason> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let mut out: Vec<u8> = Vec::new();
    // Of each code: where its bytes stand in what came out, and how many.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let (mut bits, mut held, mut width) = (0_u32, 0_u32, 9);
    let mut last: Option<(usize, usize)> = None;
    for byte in packed {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        if bits < width {
            continue;
        }
        bits -= width;
        let code = (held >> bits) as usize & ((1 << width) - 1);
        held &= (1 << bits) - 1;
        let start = out.len();
        match code {
            CLEAR => {
                table.clear();
                (width, last) = (9, None);
                continue;
            }
            END => return Ok(out),
            0..CLEAR => out.push(code.to_le_bytes()[0]),
            _ => {
                let (from, length) = match (table.get(code - 258), last) {
                    (Some(entry), _) => *entry,
                    // The one that is just being made: the last one with its first byte again.
                    (None, Some((from, length))) if code - 258 == table.len() => (from, length + 1),
                    _ => return Err(Reason::Damaged),
                };
                for at in from..from + length {
                    let byte = *out.get(at).ok_or(Reason::Damaged)?;
                    out.push(byte);
                }
            }
        }
        if out.len() > limit_bytes {
            return Err(Reason::Bomb);
        }
        if let Some((from, length)) = last
            && table.len() < 4096 - 258
        {
            table.push((from, length + 1));
        }
        last = Some((start, out.len() - start));
        let next = table.len() + 258 + usize::from(early);
        width = match next {
            0..512 => 9,
            512..1024 => 10,
            1024..2048 => 11,
            _ => 12,
        };
    }
    Ok(out)
}

pub(super) fn ascii85(packed: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut out = Vec::with_capacity(packed.len() / 5 * 4);
    let (mut group, mut count) = (0_u32, 0_usize);
    for byte in packed {
        match byte {
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                let next = group.checked_mul(85);
                let next = next.and_then(|group| group.checked_add(u32::from(byte - b'!')));
                group = next.ok_or(Reason::Damaged)?;
                count += 1;
                if count == 5 {
                    out.extend_from_slice(&group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            b'~' => break,
            byte if is_space(*byte) => {}
            _ => return Err(Reason::Damaged),
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend_from_slice(&group.to_be_bytes()[..count - 1]);
    }
    Ok(out)
}

pub(super) fn ascii_hex(packed: &[u8]) -> Result<Vec<u8>, Reason> {
    let mut out = Vec::with_capacity(packed.len() / 2);
    let mut high = None;
    for byte in packed {
        let Some(digit) = char::from(*byte).to_digit(16) else {
            match byte {
                b'>' => break,
                byte if is_space(*byte) => continue,
                _ => return Err(Reason::Damaged),
            }
        };
        let digit = digit.to_le_bytes()[0];
        high = match high {
            None => Some(digit),
            Some(high) => {
                out.push(high << 4 | digit);
                None
            }
        };
    }
    out.extend(high.map(|high| high << 4));
    Ok(out)
}

pub(super) fn run_length(packed: &[u8], limit_bytes: usize) -> Result<Vec<u8>, Reason> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&length) = packed.get(at) {
        at += 1;
        match length {
            0..128 => {
                let run = packed.get(at..=at + usize::from(length));
                out.extend_from_slice(run.ok_or(Reason::Damaged)?);
                at += usize::from(length) + 1;
            }
            128 => break,
            _ => {
                let byte = *packed.get(at).ok_or(Reason::Damaged)?;
                out.resize(out.len() + 257 - usize::from(length), byte);
                at += 1;
            }
        }
        if out.len() > limit_bytes {
            return Err(Reason::Bomb);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lzw_of_the_standard_comes_out() {
        // ISO 32000-1, 7.4.4.2: the example, by its codes.
        let packed = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        let plain = lzw(&packed, true, 100).expect("unpacks");
        assert_eq!(plain, [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
    }

    #[test]
    fn letters_come_out_as_bytes() {
        assert_eq!(
            ascii85(b"87cURD]i,\"Ebo80~>").expect("unpacks"),
            b"Hello World!"
        );
        assert_eq!(ascii_hex(b"48 65 6C6c 6F7>").expect("unpacks"), b"Hellop");
        let runs = run_length(&[2, b'a', b'b', b'c', 254, b'd', 128, 9], 100);
        assert_eq!(runs.expect("unpacks"), b"abcddd");
        assert!(matches!(run_length(&[129, 0], 9), Err(Reason::Bomb)));
    }
}
