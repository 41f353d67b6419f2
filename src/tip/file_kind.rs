//! Which files are taken: photos, sound, video, PDF and office documents, told by their first bytes and held against
//! the ending of their name.

use super::clean_name;

/// How many first bytes [`FileKind::sniff`] looks at, at most.
pub const HEAD_BYTES: usize = 4096;

/// How many last bytes [`FileKind::is_two_things`] looks at: an end record of ZIP with the longest comment there is.
pub const TAIL_BYTES: usize = 22 + 65_535;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// `WebP`.
    WebP,
    /// GIF.
    Gif,
    /// BMP.
    Bmp,
    /// HEIC, HEIF, AVIF.
    Heic,
    /// MP3 and AAC streams.
    Mp3,
    /// AAC in ADTS frames.
    Aac,
    /// AMR, as telephones record.
    Amr,
    /// WAV.
    Wav,
    /// FLAC.
    Flac,
    /// Ogg: Vorbis, Opus, Theora.
    Ogg,
    /// MP4, M4A, MOV, 3GP.
    Mp4,
    /// `WebM` and Matroska.
    Matroska,
    /// AVI.
    Avi,
    /// PDF.
    Pdf,
    /// Office Open XML and `OpenDocument`: ZIP archives of a known inside.
    OfficeZip,
    /// The older Office formats and WPS.
    OfficeOle,
}

/// What kinds have in common, so that `photo.jpg` may be HEIC within and `talk.mp4` sound alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Image,
    SoundOrVideo,
    Pdf,
    Office,
}

use FileKind::{
    Aac, Amr, Avi, Bmp, Flac, Gif, Heic, Jpeg, Matroska, Mp3, Mp4, OfficeOle, OfficeZip, Ogg, Pdf,
    Png, Wav, WebP,
};

/// Endings with the kind they promise and the media type they are kept under.
const ENDINGS: [(&str, FileKind, &str); 47] = [
    ("jpg", Jpeg, "image/jpeg"),
    ("jpeg", Jpeg, "image/jpeg"),
    ("jpe", Jpeg, "image/jpeg"),
    ("jfif", Jpeg, "image/jpeg"),
    ("png", Png, "image/png"),
    ("webp", WebP, "image/webp"),
    ("gif", Gif, "image/gif"),
    ("bmp", Bmp, "image/bmp"),
    ("heic", Heic, "image/heic"),
    ("heif", Heic, "image/heif"),
    ("avif", Heic, "image/avif"),
    ("mp3", Mp3, "audio/mpeg"),
    ("aac", Aac, "audio/aac"),
    ("amr", Amr, "audio/amr"),
    ("wav", Wav, "audio/wav"),
    ("flac", Flac, "audio/flac"),
    ("ogg", Ogg, "audio/ogg"),
    ("oga", Ogg, "audio/ogg"),
    ("opus", Ogg, "audio/ogg"),
    ("ogv", Ogg, "video/ogg"),
    ("mp4", Mp4, "video/mp4"),
    ("m4v", Mp4, "video/mp4"),
    ("m4a", Mp4, "audio/mp4"),
    ("mov", Mp4, "video/quicktime"),
    ("3gp", Mp4, "video/3gpp"),
    ("webm", Matroska, "video/webm"),
    ("mkv", Matroska, "video/x-matroska"),
    ("avi", Avi, "video/x-msvideo"),
    ("pdf", Pdf, "application/pdf"),
    (
        "docx",
        OfficeZip,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        OfficeZip,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        "pptx",
        OfficeZip,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    ("odt", OfficeZip, "application/vnd.oasis.opendocument.text"),
    (
        "ods",
        OfficeZip,
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    (
        "odp",
        OfficeZip,
        "application/vnd.oasis.opendocument.presentation",
    ),
    ("doc", OfficeOle, "application/msword"),
    ("dot", OfficeOle, "application/msword"),
    ("xls", OfficeOle, "application/vnd.ms-excel"),
    ("xlt", OfficeOle, "application/vnd.ms-excel"),
    ("ppt", OfficeOle, "application/vnd.ms-powerpoint"),
    ("pps", OfficeOle, "application/vnd.ms-powerpoint"),
    ("wps", OfficeOle, "application/vnd.ms-works"),
    ("wpt", OfficeOle, "application/vnd.ms-works"),
    ("et", OfficeOle, "application/vnd.ms-excel"),
    ("ett", OfficeOle, "application/vnd.ms-excel"),
    ("dps", OfficeOle, "application/vnd.ms-powerpoint"),
    ("dpt", OfficeOle, "application/vnd.ms-powerpoint"),
];

/// Brands of the ISO base media format that are still pictures (HEIF, AVIF).
const PICTURE_BRANDS: [&[u8]; 9] = [
    b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis",
];

impl FileKind {
    /// What a file is by its first bytes ([`HEAD_BYTES`] of them, or all there are); `None` if it is nothing that is
    /// taken.
    #[must_use]
    pub fn sniff(head: &[u8]) -> Option<Self> {
        let at = |offset: usize, bytes: &[u8]| {
            head.get(offset..)
                .is_some_and(|rest| rest.starts_with(bytes))
        };
        let riff = |form: &[u8]| at(0, b"RIFF") && at(8, form);
        Some(match head {
            _ if at(0, b"\xff\xd8\xff") => Jpeg,
            _ if at(0, b"\x89PNG\r\n\x1a\n") => Png,
            _ if at(0, b"GIF87a") || at(0, b"GIF89a") => Gif,
            _ if riff(b"WEBP") => WebP,
            _ if riff(b"WAVE") => Wav,
            _ if riff(b"AVI ") => Avi,
            _ if at(0, b"%PDF-") => Pdf,
            _ if at(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => OfficeOle,
            _ if at(0, b"PK\x03\x04") => return is_office_zip(head).then_some(OfficeZip),
            _ if at(0, b"\x1a\x45\xdf\xa3") => Matroska,
            _ if at(0, b"OggS") => Ogg,
            _ if at(0, b"fLaC") => Flac,
            _ if at(0, b"#!AMR") => Amr,
            _ if at(0, b"ID3") => Mp3,
            // No container of this kind begins so.
            _ if at(0, b"RIFF") => return None,
            _ if at(4, b"ftyp") => media_box(head),
            // QuickTime before it had brands.
            _ if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") => Mp4,
            // ADTS: sync word, layer 0. MPEG audio: sync word, a layer, a bit rate and a sampling rate that exist.
            [0xff, second, ..] if second & 0xf6 == 0xf0 => Aac,
            [0xff, second, third, ..]
                if second & 0xe0 == 0xe0
                    && second & 0x06 != 0
                    && third & 0xf0 != 0xf0
                    && third & 0x0c != 0x0c =>
            {
                Mp3
            }
            _ if at(0, b"BM") && at(6, &[0; 4]) => Bmp,
            _ => return None,
        })
    }

    /// The media type of a file of this kind called `name`; `None` if the name promises another kind of thing. A name
    /// without an ending that is known here promises nothing and is refused too.
    #[must_use]
    pub fn media_type_for(self, name: &str) -> Option<&'static str> {
        let ending = clean_name(name).rsplit_once('.')?.1.to_ascii_lowercase();
        let (_, promised, media_type) = ENDINGS.iter().find(|(known, ..)| *known == ending)?;
        if *promised == self {
            return Some(media_type);
        }
        // Telephones and messengers rename among pictures and among recordings: the content decides.
        let renamed = promised.family() == self.family() && self.family() != Family::Office;
        renamed.then(|| {
            let own = ENDINGS.iter().find(|(_, kind, _)| *kind == self);
            own.map_or("application/octet-stream", |(_, _, media_type)| media_type)
        })
    }

    fn family(self) -> Family {
        match self {
            Jpeg | Png | WebP | Gif | Bmp | Heic => Family::Image,
            Mp3 | Aac | Amr | Wav | Flac | Ogg | Mp4 | Matroska | Avi => Family::SoundOrVideo,
            Pdf => Family::Pdf,
            OfficeZip | OfficeOle => Family::Office,
        }
    }

    /// Whether a file of this kind is another thing as well, by its first and last bytes: a PDF within a picture's
    /// first kilobyte, where readers still find it, or an archive hung onto the end of what is none.
    #[must_use]
    pub fn is_two_things(self, head: &[u8], tail: &[u8]) -> bool {
        let first = &head[..head.len().min(1024)];
        let hidden_pdf = self != Pdf && find(first, b"%PDF-").is_some();
        let page = [b"<html".as_slice(), b"<script", b"<!doctype html", b"<?php"];
        let lower = first.to_ascii_lowercase();
        let hidden_page = page.iter().any(|mark| find(&lower, mark).is_some());
        hidden_pdf || hidden_page || (self != OfficeZip && ends_as_zip(tail))
    }
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

/// Whether ZIP's end-of-directory record stands near the end, of an archive on one disk, with room for the comment that it
/// names. Readers put up with more bytes behind it.
fn ends_as_zip(tail: &[u8]) -> bool {
    let mut rest = tail;
    while let Some(at) = find(rest, b"PK\x05\x06") {
        let record = &rest[at..];
        let field = |place: usize| {
            let bytes = record.get(place..place + 2)?.try_into().ok()?;
            Some(u16::from_le_bytes(bytes))
        };
        let is_one_disk = field(4) == Some(0) && field(6) == Some(0) && field(8) == field(10);
        let comment = field(20).map(usize::from);
        if is_one_disk && comment.is_some_and(|length| record.len() >= 22 + length) {
            return true;
        }
        rest = &record[4..];
    }
    false
}

/// A ZIP archive whose first entries are those of an office document.
fn is_office_zip(head: &[u8]) -> bool {
    let first_name = head.get(30..).unwrap_or_default();
    let starts = |name: &[u8]| first_name.starts_with(name);
    (starts(b"mimetype") && find(head, b"application/vnd.oasis.opendocument.").is_some())
        || [
            b"[Content_Types].xml".as_slice(),
            b"_rels/",
            b"docProps/",
            b"word/",
            b"xl/",
            b"ppt/",
            b"customXml/",
        ]
        .into_iter()
        .any(starts)
}

/// Pictures and films share a container: the brand says which it is, or one of those that the file is also good for.
fn media_box(head: &[u8]) -> FileKind {
    let size = head
        .first_chunk()
        .map_or(0, |size| u32::from_be_bytes(*size));
    let end = usize::try_from(size).map_or(head.len(), |end| end.min(head.len()));
    let brands = head.get(8..12).into_iter();
    let others = head.get(16..end).unwrap_or_default().chunks_exact(4);
    let is_film = |brand: &[u8]| {
        let known: [&[u8]; 8] = [
            b"isom", b"mp41", b"mp42", b"M4A ", b"M4V ", b"qt  ", b"avc1", b"3gp",
        ];
        known.iter().any(|known| brand.starts_with(known))
    };
    let first = brands
        .chain(others)
        .find(|brand| is_film(brand) || PICTURE_BRANDS.contains(brand));
    match first {
        Some(brand) if PICTURE_BRANDS.contains(&brand) => Heic,
        _ => Mp4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as `tests/vectors/file-kinds.json` has it: its letters are bytes.
    #[derive(serde::Deserialize)]
    struct Sample {
        name: String,
        head: String,
        #[serde(default)]
        tail: String,
        is: String,
    }

    fn bytes(letters: &str) -> Vec<u8> {
        let byte = |letter| u8::try_from(letter).expect("a byte");
        letters
            .chars()
            .map(|letter| byte(u32::from(letter)))
            .collect()
    }

    /// What the page's script says of it, but for who takes out what it tells.
    fn told(sample: &Sample) -> &'static str {
        let (head, tail) = (bytes(&sample.head), bytes(&sample.tail));
        if head.is_empty() {
            return "empty";
        }
        let Some(kind) = FileKind::sniff(&head) else {
            return "wrong-kind";
        };
        match kind.media_type_for(&sample.name) {
            None => "not-as-named",
            Some(_) if kind.is_two_things(&head, &tail) => "two-things",
            Some(media_type) => media_type,
        }
    }

    /// The page's script is held to the same list.
    #[test]
    fn each_file_is_told_as_the_script_tells_it() {
        let samples = include_str!("../../tests/vectors/file-kinds.json");
        let samples: Vec<Sample> = serde_json::from_str(samples).expect("a list of samples");
        for sample in &samples {
            let expected = sample.is.split(' ').next().expect("a word");
            assert_eq!(told(sample), expected, "{} {:?}", sample.name, sample.head);
        }
        for (ending, _, media_type) in ENDINGS {
            let is_there = samples.iter().any(|sample| {
                sample.name.ends_with(&format!(".{ending}")) && sample.is.starts_with(media_type)
            });
            assert!(is_there, "{ending} is in the list");
        }
    }

    #[test]
    fn every_ending_is_there_once() {
        let mut endings: Vec<_> = ENDINGS.iter().map(|(ending, ..)| ending).collect();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), ENDINGS.len());
    }
}
