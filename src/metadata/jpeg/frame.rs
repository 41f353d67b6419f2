//! The frame of a JPEG, which says how large it is and of which components, and the heads of its scans.

use crate::bytes::be16;

/// More of these no picture that people look at has.
const COMPONENTS_MAX: usize = 4;

/// A part of the colours, as the frame lists them.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub id: u8,
    /// How many of its blocks stand side by side, and above each other, in one unit.
    pub across: usize,
    pub down: usize,
    pub quantization: u8,
    /// Its quantization was read: a later one changes nothing.
    pub begun: bool,
}

/// The frame: SOF.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub code: u8,
    pub width: usize,
    pub height: usize,
    pub components: Vec<Component>,
}

/// One of a scan's components.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its place in the frame.
    pub component: usize,
    pub dc: usize,
    pub ac: usize,
}

/// A scan's head: SOS.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    pub parts: Vec<Part>,
    pub first: usize,
    pub last: usize,
    /// Whether it adds a bit to what earlier scans gave.
    pub refines: bool,
}

impl Frame {
    pub fn read(code: u8, payload: &[u8]) -> Option<Self> {
        let (precision, count) = (*payload.first()?, usize::from(*payload.get(5)?));
        let height = usize::from(be16(payload, 1)?);
        let width = usize::from(be16(payload, 3)?);
        let is_sound = (1..=COMPONENTS_MAX).contains(&count)
            && payload.len() == 6 + 3 * count
            && width > 0
            && height > 0
            && matches!(precision, 8 | 12);
        let components = payload.get(6..)?.chunks_exact(3).map(|listed| {
            let (across, down) = (usize::from(listed[1] >> 4), usize::from(listed[1] & 15));
            let is_sound = (1..=4).contains(&across) && (1..=4).contains(&down) && listed[2] < 4;
            is_sound.then_some(Component {
                id: listed[0],
                across,
                down,
                quantization: listed[2],
                begun: false,
            })
        });
        let components = components.collect::<Option<Vec<_>>>()?;
        is_sound.then_some(Self {
            code,
            width,
            height,
            components,
        })
    }

    /// Reads the head of a scan of this frame.
    pub fn scan(&self, payload: &[u8]) -> Option<Scan> {
        let count = usize::from(*payload.first()?);
        if count == 0 || count > COMPONENTS_MAX || payload.len() != 4 + 2 * count {
            return None;
        }
        let (listed, end) = payload[1..].split_at(2 * count);
        let mut parts: Vec<Part> = Vec::new();
        for pair in listed.chunks_exact(2) {
            let mut components = self.components.iter();
            let component = components.position(|component| component.id == pair[0])?;
            let (dc, ac) = (usize::from(pair[1] >> 4), usize::from(pair[1] & 15));
            let is_new = parts.iter().all(|part| part.component != component);
            if dc > 3 || ac > 3 || !is_new {
                return None;
            }
            parts.push(Part { component, dc, ac });
        }
        Some(Scan {
            parts,
            first: usize::from(end[0]),
            last: usize::from(end[1]),
            refines: end[2] >> 4 != 0,
        })
    }
}
