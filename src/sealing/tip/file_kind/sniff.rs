//! Telling what a file is by its first bytes.

use super::FileKind::{
    self, Aac, Amr, Asf, Avi, Bmp, Caf, Flac, Flv, Gif, Heic, Jpeg, Matroska, Mp3, Mp4, Mpeg, Ofd,
    OfficeOle, OfficeZip, Ogg, Pdf, Png, Silk, Tiff, Wav, WebP,
};
use super::MARK_WITHIN_BYTES;

/// Brands of the ISO base media format that are still pictures (HEIF, AVIF).
const PICTURE_BRANDS: [&[u8]; 9] = [
    b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis",
];

/// The header object of Windows Media.
const ASF: &[u8] = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11";

impl FileKind {
    /// What a file is by its first bytes (`HEAD_BYTES` of them, or all there are); `None` if it is nothing that is
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
            _ if at(0, b"PK\x03\x04") => return archive(head),
            _ if at(0, b"\x1a\x45\xdf\xa3") => Matroska,
            _ if at(0, b"OggS") => Ogg,
            _ if at(0, b"fLaC") => Flac,
            _ if at(0, b"#!AMR") => Amr,
            // WeChat puts a byte before its mark.
            _ if at(0, b"\x02#!SILK_V3") || at(0, b"#!SILK_V3") => Silk,
            _ if at(0, b"caff") => Caf,
            _ if at(0, b"FLV\x01") => Flv,
            _ if at(0, ASF) => Asf,
            // A pack of a program stream, or a sequence of pictures.
            _ if at(0, b"\0\0\x01\xba") || at(0, b"\0\0\x01\xb3") => Mpeg,
            _ if at(0, b"II*\0") || at(0, b"MM\0*") => Tiff,
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
            // Systems of banks and offices write a line break or a byte order mark before it.
            _ if find(&head[..head.len().min(MARK_WITHIN_BYTES)], b"%PDF-").is_some() => Pdf,
            _ => return None,
        })
    }
}

pub(super) fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

/// Whether ZIP's end-of-directory record stands near the end, of an archive on one disk, with room for the comment that it
/// names. Readers put up with more bytes behind it.
pub(super) fn ends_as_zip(tail: &[u8]) -> bool {
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

/// A ZIP archive whose first entries are those of a document.
fn archive(head: &[u8]) -> Option<FileKind> {
    let first_name = head.get(30..).unwrap_or_default();
    let starts = |names: &[&[u8]]| names.iter().any(|name| first_name.starts_with(name));
    let open_document =
        starts(&[b"mimetype"]) && find(head, b"application/vnd.oasis.opendocument.").is_some();
    let open_xml = starts(&[
        b"[Content_Types].xml",
        b"_rels/",
        b"docProps/",
        b"word/",
        b"xl/",
        b"ppt/",
        b"customXml/",
    ]);
    if starts(&[b"OFD.xml", b"Doc_0/"]) {
        return Some(Ofd);
    }
    (open_document || open_xml).then_some(OfficeZip)
}

/// Whether these are letters and nothing else, in an encoding of one byte a letter or more.
pub(super) fn is_text(head: &[u8]) -> bool {
    let is_letter =
        |byte: &u8| *byte >= b' ' && *byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    head.iter().all(is_letter)
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
