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
            _ if at(4, b"ftyp") => media_box(head),
            // QuickTime before it had brands.
            _ if at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") => Mp4,
            _ if at(0, b"\x1a\x45\xdf\xa3") => Matroska,
            _ if at(0, b"OggS") => Ogg,
            _ if at(0, b"fLaC") => Flac,
            _ if at(0, b"#!AMR") => Amr,
            _ if at(0, b"ID3") => Mp3,
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

    #[test]
    fn content_and_name_must_agree() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0";
        let docx = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml";
        let kind = |head: &[u8]| FileKind::sniff(head).expect("a kind");
        assert_eq!(kind(jpeg).media_type_for("收据.JPG"), Some("image/jpeg"));
        assert_eq!(kind(heic).media_type_for("a.jpg"), Some("image/heic"));
        assert_eq!(kind(jpeg).media_type_for("a.pdf"), None);
        assert_eq!(kind(jpeg).media_type_for("a.exe"), None);
        assert_eq!(kind(jpeg).media_type_for("a"), None);
        assert!(kind(docx).media_type_for("账.docx").is_some());
        assert_eq!(kind(docx).media_type_for("账.doc"), None);
        for other in [
            b"MZ\x90\0".as_slice(),
            b"\x7fELF",
            b"<html>",
            b"#!/bin/sh",
            b"",
            b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0evil.js",
        ] {
            assert_eq!(FileKind::sniff(other), None);
        }
    }

    #[test]
    fn containers_are_told_by_their_brands() {
        for (head, kind) in [
            (b"\0\0\0\x18ftypM4A \0\0\0\0".as_slice(), Mp4),
            (b"\0\0\0\x18ftypisom\0\0\0\0", Mp4),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", Mp4),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Heic),
            (b"\0\0\0\x18ftypavif\0\0\0\0", Heic),
            (b"\0\0\0\x14ftypabcd\0\0\0\0mif1", Heic),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42mif1", Mp4),
            (b"\0\0\0\x08wide\0\0\0\0mdat", Mp4),
            (b"RIFF\0\0\0\0WAVEfmt ", Wav),
            (b"RIFF\0\0\0\0AVI LIST", Avi),
        ] {
            assert_eq!(FileKind::sniff(head), Some(kind), "{}", head.escape_ascii());
        }
        assert_eq!(FileKind::sniff(b"RIFF\0\0\0\0ACON"), None);
    }

    #[test]
    fn sound_is_told_from_what_only_begins_like_it() {
        assert_eq!(FileKind::sniff(b"\xff\xfb\x90\x64\0\0"), Some(Mp3));
        assert_eq!(FileKind::sniff(b"\xff\xf1\x50\x80\0\0"), Some(Aac));
        assert_eq!(
            FileKind::sniff(b"\xff\xfb\xf0\x64"),
            None,
            "no such bit rate"
        );
        assert_eq!(
            FileKind::sniff(b"\xff\xfb\x9c\x64"),
            None,
            "no such sampling rate"
        );
        assert_eq!(FileKind::sniff(b"\xff\xd8"), None, "cut short");
    }

    #[test]
    fn a_file_that_is_two_things_is_told() {
        let jpeg = b"\xff\xd8\xff\xe0 and more";
        assert!(!Jpeg.is_two_things(jpeg, jpeg));
        assert!(Jpeg.is_two_things(b"\xff\xd8\xff %PDF-1.7", b""));
        assert!(Png.is_two_things(b"\x89PNG <ScRiPt>", b""));
        let mut tail = b"...PK\x05\x06".to_vec();
        tail.extend([0; 16]);
        tail.extend(b"\x03\0abc");
        assert!(Jpeg.is_two_things(jpeg, &tail));
        assert!(Jpeg.is_two_things(jpeg, &[tail.as_slice(), b"more"].concat()));
        assert!(!OfficeZip.is_two_things(b"PK", &tail));
        assert!(
            !Jpeg.is_two_things(jpeg, &tail[..tail.len() - 1]),
            "no room for its comment"
        );
        assert!(!Jpeg.is_two_things(jpeg, &[b"PK\x05\x06".as_slice(), &[7; 40]].concat()));
    }

    #[test]
    fn every_ending_is_there_once() {
        let mut endings: Vec<_> = ENDINGS.iter().map(|(ending, ..)| ending).collect();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), ENDINGS.len());
    }
}
