//! Endings of names, and what they promise.

use super::FileKind::{
    self, Aac, Amr, Asf, Avi, Bmp, Caf, Flac, Flv, Gif, Heic, Jpeg, Matroska, Mp3, Mp4, Mpeg, Ofd,
    OfficeOle, OfficeZip, Ogg, Pdf, Png, Silk, Text, Tiff, Wav, WebP,
};
use super::sniff::find;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";

/// Endings with the kind they promise and the media type they are kept under. The first of a kind is the one that a file
/// without an ending gets.
pub(super) const ENDINGS: [(&str, FileKind, &str); 67] = [
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
    ("hif", Heic, "image/heif"),
    ("avif", Heic, "image/avif"),
    ("tif", Tiff, "image/tiff"),
    ("tiff", Tiff, "image/tiff"),
    ("dng", Tiff, "image/x-adobe-dng"),
    ("mp3", Mp3, "audio/mpeg"),
    ("aac", Aac, "audio/aac"),
    ("amr", Amr, "audio/amr"),
    ("silk", Silk, "audio/silk"),
    ("slk", Silk, "audio/silk"),
    ("aud", Silk, "audio/silk"),
    ("wav", Wav, "audio/wav"),
    ("flac", Flac, "audio/flac"),
    ("ogg", Ogg, "audio/ogg"),
    ("oga", Ogg, "audio/ogg"),
    ("opus", Ogg, "audio/ogg"),
    ("ogv", Ogg, "video/ogg"),
    ("caf", Caf, "audio/x-caf"),
    ("wmv", Asf, "video/x-ms-wmv"),
    ("wma", Asf, "audio/x-ms-wma"),
    ("asf", Asf, "video/x-ms-asf"),
    ("mp4", Mp4, "video/mp4"),
    ("m4v", Mp4, "video/mp4"),
    ("m4a", Mp4, "audio/mp4"),
    ("m4r", Mp4, "audio/mp4"),
    ("mov", Mp4, "video/quicktime"),
    ("3gp", Mp4, "video/3gpp"),
    ("3gpp", Mp4, "video/3gpp"),
    ("3g2", Mp4, "video/3gpp2"),
    ("webm", Matroska, "video/webm"),
    ("mkv", Matroska, "video/x-matroska"),
    ("avi", Avi, "video/x-msvideo"),
    ("flv", Flv, "video/x-flv"),
    ("mpg", Mpeg, "video/mpeg"),
    ("mpeg", Mpeg, "video/mpeg"),
    ("vob", Mpeg, "video/mpeg"),
    ("pdf", Pdf, "application/pdf"),
    ("ofd", Ofd, "application/ofd"),
    ("docx", OfficeZip, DOCX),
    ("xlsx", OfficeZip, XLSX),
    ("pptx", OfficeZip, PPTX),
    ("odt", OfficeZip, ODT),
    ("ods", OfficeZip, ODS),
    ("odp", OfficeZip, ODP),
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
    ("txt", Text, "text/plain"),
];

/// The ending of a cleaned name, in small letters. What has no letter, or more than letters and digits, is none: a date, a
/// number, the end of a sentence.
pub(super) fn ending_of(name: &str) -> Option<String> {
    let (_, ending) = name.rsplit_once('.')?;
    let is_one = ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && ending.bytes().any(|byte| byte.is_ascii_alphabetic());
    is_one.then(|| ending.to_ascii_lowercase())
}

/// Whether an ending promises an office document.
pub(super) fn is_of_documents(ending: &str) -> bool {
    let known = ENDINGS.iter().find(|(known, ..)| *known == ending);
    known.is_some_and(|(_, kind, _)| matches!(kind, OfficeZip | OfficeOle)) || ending == "rtf"
}

/// The media type of a document of the newer kind under an ending of the older one.
pub(super) fn newer(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "doc" | "dot" | "wps" | "wpt" => DOCX,
        "xls" | "xlt" | "et" | "ett" => XLSX,
        "ppt" | "pps" | "dps" | "dpt" => PPTX,
        _ => return None,
    })
}

/// The ending of a document by the first names in its archive.
pub(super) fn of_archive(head: &[u8]) -> Option<&'static str> {
    let has = |name: &str| find(head, name.as_bytes()).is_some();
    let found = [
        ("word/", "docx"),
        ("xl/", "xlsx"),
        ("ppt/", "pptx"),
        (ODT, "odt"),
        (ODS, "ods"),
        (ODP, "odp"),
    ];
    found
        .into_iter()
        .find_map(|(name, ending)| has(name).then_some(ending))
}
