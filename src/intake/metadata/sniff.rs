//! What a file is, from its first bytes; and whether it is something else as well.

use super::bytes::{be32, contains};
use memchr::memmem;

/// So many first bytes are enough for [`sniff`]; fewer may do.
pub const SNIFF_BYTES: usize = 4096;

/// A ZIP's end record without its comment, and the longest comment.
const ZIP_END_BYTES: usize = 22;
const ZIP_TAIL_BYTES: usize = ZIP_END_BYTES + 65_535;
/// Readers look for a PDF's header in so many first bytes.
const PDF_HEAD_BYTES: usize = 1024;

/// The kinds of file a reporter may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Photo.
    Jpeg,
    /// Picture.
    Png,
    /// Picture.
    Webp,
    /// Photo of newer phones.
    Heic,
    /// Sound.
    Mp3,
    /// Sound.
    M4a,
    /// Sound.
    Aac,
    /// Sound of older phones.
    Amr,
    /// Sound.
    Wav,
    /// Sound.
    Ogg,
    /// Video.
    Mp4,
    /// Video of Apple's phones.
    Mov,
    /// Video of older phones.
    ThreeGp,
    /// Video.
    Webm,
    /// Document.
    Pdf,
    /// Word, 2007 and later.
    Docx,
    /// Excel, 2007 and later.
    Xlsx,
    /// `PowerPoint`, 2007 and later.
    Pptx,
    /// Office before 2007, or a newer Office file under a password: both are the same container.
    OldOffice,
}

impl FileKind {
    /// The media type, for the list in triage. Downloads are sent as `application/octet-stream`.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/mp4",
            Self::Aac => "audio/aac",
            Self::Amr => "audio/amr",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::ThreeGp => "video/3gpp",
            Self::Webm => "video/webm",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::OldOffice => "application/x-ole-storage",
        }
    }

    fn is_zip(self) -> bool {
        matches!(self, Self::Docx | Self::Xlsx | Self::Pptx)
    }
}

/// What a file is, from its first [`SNIFF_BYTES`]; `None` for what is not taken.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<FileKind> {
    let riff = (head.starts_with(b"RIFF"))
        .then(|| head.get(8..12))
        .flatten();
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Some(FileKind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(FileKind::Png),
        [b'R', b'I', b'F', b'F', ..] => match riff? {
            b"WEBP" => Some(FileKind::Webp),
            b"WAVE" => Some(FileKind::Wav),
            _ => None,
        },
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileKind::Pdf),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Some(FileKind::OldOffice),
        [b'P', b'K', 3, 4, ..] => office(head),
        [b'I', b'D', b'3', ..] => Some(FileKind::Mp3),
        [b'O', b'g', b'g', b'S', ..] => Some(FileKind::Ogg),
        [b'#', b'!', b'A', b'M', b'R', ..] => Some(FileKind::Amr),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => {
            contains(&head[..head.len().min(64)], "webm").then_some(FileKind::Webm)
        }
        // ADTS: sync word, layer 0. MPEG audio: sync word, layer 1 to 3, a bit rate and a sampling rate that exist.
        [0xFF, second, ..] if second & 0xF6 == 0xF0 => Some(FileKind::Aac),
        [0xFF, second, third, ..]
            if second & 0xE0 == 0xE0
                && second & 0x06 != 0
                && third & 0xF0 != 0xF0
                && third & 0x0C != 0x0C =>
        {
            Some(FileKind::Mp3)
        }
        _ => boxes(head),
    }
}

/// Files made of boxes: the first one says for whom.
fn boxes(head: &[u8]) -> Option<FileKind> {
    match head.get(4..8)? {
        b"ftyp" => {
            let end = usize::try_from(be32(head, 0)?)
                .ok()?
                .clamp(12, head.len().max(12));
            let main = head.get(8..12)?;
            let others = head.get(16..end).unwrap_or_default();
            brand(main).or_else(|| others.chunks_exact(4).find_map(brand))
        }
        // QuickTime before it had brands.
        b"moov" | b"mdat" | b"wide" => Some(FileKind::Mov),
        _ => None,
    }
}

fn brand(brand: &[u8]) -> Option<FileKind> {
    Some(match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
            FileKind::Heic
        }
        b"M4A " | b"M4B " => FileKind::M4a,
        b"qt  " => FileKind::Mov,
        b"isom"
        | b"mp41"
        | b"mp42"
        | b"avc1"
        | b"M4V "
        | b"MSNV"
        | b"dash"
        | [b'i', b's', b'o', b'2'..=b'9'] => FileKind::Mp4,
        [b'3', b'g', b'p' | b'g' | b'2' | b's' | b'r', _] => FileKind::ThreeGp,
        _ => return None,
    })
}

/// Which Office file a ZIP is, by the names of its first parts.
fn office(head: &[u8]) -> Option<FileKind> {
    if !contains(head, "[Content_Types].xml") && !contains(head, "_rels/.rels") {
        return None;
    }
    let kinds = [
        ("word/", FileKind::Docx),
        ("xl/", FileKind::Xlsx),
        ("ppt/", FileKind::Pptx),
    ];
    let named = |folder: &str| {
        memmem::find_iter(head, b"PK\x03\x04").any(|at| {
            let name = head.get(at + 30..).unwrap_or_default();
            name.starts_with(folder.as_bytes())
        })
    };
    kinds
        .into_iter()
        .find(|(folder, _)| named(folder))
        .map(|(_, kind)| kind)
}

/// Watches a file pass and tells whether it would also be taken for a PDF or a ZIP: such a file is made to be shown as
/// one thing and opened as another. Holds the first KiB and the last 64.
#[derive(Debug)]
pub struct Disguise {
    kind: FileKind,
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Disguise {
    /// For a file that was sniffed as `kind`.
    #[must_use]
    pub fn new(kind: FileKind) -> Self {
        Self {
            kind,
            head: Vec::new(),
            tail: Vec::new(),
        }
    }

    /// The next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        let missing = PDF_HEAD_BYTES - self.head.len();
        self.head
            .extend_from_slice(&bytes[..missing.min(bytes.len())]);
        let bytes = &bytes[bytes.len().saturating_sub(ZIP_TAIL_BYTES)..];
        self.tail.extend_from_slice(bytes);
        // Moving the rest down once in a while costs less than doing it each time.
        if self.tail.len() > 4 * ZIP_TAIL_BYTES {
            self.tail.drain(..self.tail.len() - ZIP_TAIL_BYTES);
        }
    }

    /// Whether the file is something else as well.
    #[must_use]
    pub fn finish(self) -> bool {
        let also_pdf = self.kind != FileKind::Pdf && contains(&self.head, "%PDF-");
        also_pdf || !self.kind.is_zip() && self.ends_as_zip()
    }

    fn ends_as_zip(&self) -> bool {
        let tail = &self.tail[self.tail.len().saturating_sub(ZIP_TAIL_BYTES)..];
        memmem::find_iter(tail, b"PK\x05\x06").any(|at| {
            let record = tail.get(at..at + ZIP_END_BYTES).unwrap_or_default();
            match (record.get(10..12), record.get(20..22)) {
                // Some entries, and a comment that fits in what is left.
                (Some(count), Some(&[low, high])) => {
                    let comment = usize::from(u16::from_le_bytes([low, high]));
                    count != [0, 0] && at + ZIP_END_BYTES + comment <= tail.len()
                }
                _ => false,
            }
        })
    }
}
