//! Chunks that a decoder needs or that say how to show the picture: what each must be like to be kept.

use super::super::icc::{self, Space};
use super::What;
use crate::bytes::be32;

/// The picture's measures.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub width: u32,
    pub height: u32,
    pub depth: u32,
    pub colours: u8,
    pub interlaced: bool,
}

/// What becomes of a chunk.
pub(super) enum Fate {
    Keep,
    /// It stays, with these data in place of its own.
    Write(Vec<u8>),
    /// It says which colours a screen or a camera has; one of two spaces is said in its place.
    Colours(Space),
    /// A profile of colours.
    Profile,
    /// It stays behind, and tells this.
    Drop(What),
    /// It stays behind; what it tells must be looked for.
    Look,
    /// Without it, or with it as it is, there is no picture.
    Broken,
}

impl Header {
    pub fn read(data: &[u8]) -> Option<Self> {
        let [depth, colours, packing, filter, interlaced] = *data.get(8..13)? else {
            return None;
        };
        let (width, height) = (be32(data, 0)?, be32(data, 4)?);
        let is_depth = match colours {
            0 => matches!(depth, 1 | 2 | 4 | 8 | 16),
            3 => matches!(depth, 1 | 2 | 4 | 8),
            2 | 4 | 6 => matches!(depth, 8 | 16),
            _ => false,
        };
        let is_measure = |side: u32| (1..=0x7FFF_FFFF).contains(&side);
        let is_sound = data.len() == 13
            && is_depth
            && is_measure(width)
            && is_measure(height)
            && packing == 0
            && filter == 0
            && interlaced < 2;
        is_sound.then_some(Self {
            width,
            height,
            depth: u32::from(depth),
            colours,
            interlaced: interlaced == 1,
        })
    }

    /// The measures of a frame that is no larger than the picture.
    pub fn frame(&self, data: &[u8]) -> Option<Self> {
        let (width, height) = (be32(data, 4)?, be32(data, 8)?);
        let fits = (1..=self.width).contains(&width) && (1..=self.height).contains(&height);
        fits.then(|| Self {
            width,
            height,
            ..self.clone()
        })
    }

    pub fn has_colours(&self) -> bool {
        matches!(self.colours, 2 | 3 | 6)
    }

    pub fn samples(&self) -> u32 {
        match self.colours {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }
}

/// sRGB's white, red, green and blue, in 100,000ths.
const CHROMATICITIES: [u32; 8] = [
    31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
];

/// What becomes of a chunk that is there once and before the pixels.
pub(super) fn fate(name: [u8; 4], data: &[u8], header: Option<&Header>, palette: &[u8]) -> Fate {
    let Some(header) = header else {
        return match Header::read(data) {
            Some(_) if name == *b"IHDR" => Fate::Keep,
            _ => Fate::Broken,
        };
    };
    let keep_if = |sound: bool, what: What| if sound { Fate::Keep } else { Fate::Drop(what) };
    let number = |index: usize| be32(data, 4 * index);
    match &name {
        b"PLTE" if header.colours == 3 => {
            let most = 3 << header.depth;
            let is_sound = !data.is_empty() && data.len().is_multiple_of(3) && data.len() <= most;
            if is_sound { Fate::Keep } else { Fate::Broken }
        }
        b"tRNS" => transparency(data, header, palette.len() / 3),
        b"gAMA" => keep_if(data.len() == 4 && number(0) == Some(45_455), What::Device),
        b"cHRM" if data.len() == 32 => {
            let same = (0..8).all(|index| number(index) == Some(CHROMATICITIES[index]));
            if same {
                Fate::Keep
            } else {
                Fate::Colours(icc::space_of_chromaticities(data))
            }
        }
        b"sRGB" => keep_if(data.len() == 1 && data[0] < 4, What::Other),
        b"cICP" => {
            let known = matches!(data, [1 | 9 | 12, 1 | 8 | 13 | 14 | 16 | 18, 0, 0 | 1]);
            keep_if(known, What::Other)
        }
        b"iCCP" => Fate::Profile,
        b"sBIT" => {
            let (samples, depth) = match header.colours {
                3 => (3, 8),
                _ => (header.samples(), header.depth),
            };
            // As many bits as there are: any other number says something of where the picture comes from.
            let each = data.iter().all(|bits| u32::from(*bits) == depth);
            keep_if(each && data.len() == samples as usize, What::Other)
        }
        // How large it is to be shown: the same both ways, and up to 254,000 dots an inch.
        b"pHYs" => {
            let is_sound = data.len() == 9
                && number(0) == number(1)
                && number(0).is_some_and(|dots| dots <= 10_000_000)
                && data[8] < 2;
            keep_if(is_sound, What::Other)
        }
        // Frames, and how often they are played.
        b"acTL" => {
            let is_sound = data.len() == 8
                && number(0).is_some_and(|frames| (1..=10_000).contains(&frames))
                && number(1).is_some_and(|plays| plays <= 1_000);
            keep_if(is_sound, What::Other)
        }
        _ => late(name),
    }
}

/// What is transparent: of each colour of the palette how much, or one colour, in as many bits as the picture has.
fn transparency(data: &[u8], header: &Header, colours: usize) -> Fate {
    let expected = match header.colours {
        0 => 2,
        2 => 6,
        3 if data.len() > colours && colours > 0 => return Fate::Write(data[..colours].to_vec()),
        3 if !data.is_empty() && colours > 0 => return Fate::Keep,
        _ => return Fate::Drop(What::Other),
    };
    if data.len() != expected {
        return Fate::Drop(What::Other);
    }
    let most = u16::MAX >> (16 - header.depth);
    let masked = data.chunks_exact(2).flat_map(|sample| {
        let sample = u16::from_be_bytes([sample[0], sample[1]]);
        (sample & most).to_be_bytes()
    });
    let masked: Vec<u8> = masked.collect();
    if masked == data {
        Fate::Keep
    } else {
        Fate::Write(masked)
    }
}

/// Whether a palette has colours that no pixel uses and that are more than a filling: black, white, or one that is used.
pub(super) fn has_unused_colours(palette: &[u8], used: &[bool; 256]) -> bool {
    let colours: Vec<&[u8]> = palette.chunks_exact(3).collect();
    let is_used = |index: usize| used.get(index).copied().unwrap_or(false);
    colours.iter().enumerate().any(|(index, colour)| {
        let is_filling = matches!(colour, [0, 0, 0] | [255, 255, 255]);
        let mut others = colours.iter().enumerate();
        !is_used(index)
            && !is_filling
            && !others.any(|(other, same)| is_used(other) && same == colour)
    })
}

/// What becomes of a chunk that is there twice or too late, or that nobody needs.
pub(super) fn late(name: [u8; 4]) -> Fate {
    match &name {
        b"IHDR" => Fate::Broken,
        // Further pixels than the picture has.
        b"IDAT" | b"fdAT" => Fate::Drop(What::Hidden),
        // Small letters mark what a decoder may leave out.
        [first, ..] if first.is_ascii_uppercase() => Fate::Drop(What::Hidden),
        b"cHRM" | b"gAMA" | b"iCCP" | b"mDCV" | b"cLLI" => Fate::Drop(What::Device),
        _ => Fate::Look,
    }
}
