//! Pictures, sounds and films in a document: told by their content, whatever they are called.

use super::super::finding::{Findings, Reason, What};
use super::super::strip::Stripper;
use mifeng_sealing::tip::FileKind;

/// The media type by what it is; `None` where that is not known.
pub(super) fn media_type(content: &[u8]) -> Option<&'static str> {
    Some(match FileKind::sniff(content)? {
        FileKind::Jpeg => "image/jpeg",
        FileKind::Png => "image/png",
        FileKind::WebP => "image/webp",
        FileKind::Heic => "image/heic",
        FileKind::Gif => "image/gif",
        FileKind::Bmp => "image/bmp",
        FileKind::Mp3 => "audio/mpeg",
        FileKind::Wav => "audio/wav",
        FileKind::Mp4 => "video/mp4",
        FileKind::Avi => "video/avi",
        _ => return None,
    })
}

/// Whether it is a picture of a kind that is cleaned here.
pub(super) fn is_picture(content: &[u8]) -> bool {
    use FileKind::{Heic, Jpeg, Png, WebP};
    matches!(FileKind::sniff(content), Some(Jpeg | Png | WebP | Heic))
}

/// Whether it is sound or film, another picture, or another document. Text is none of these: any part is text.
pub(super) fn is_file(content: &[u8]) -> bool {
    let kind = FileKind::sniff(content);
    kind.is_some_and(|kind| kind != FileKind::Text) && !is_picture(content)
}

/// A picture without what tells. What is none, or of a kind that nobody cleans here, passes, and that is said.
pub(super) fn picture(content: Vec<u8>, findings: &mut Findings) -> Vec<u8> {
    // Never an archive: one within another, and so on, would go on for ever.
    if !is_picture(&content) {
        findings.left(What::Unchecked, Reason::Unchecked);
        return content;
    }
    let Some(kind) = FileKind::sniff(&content) else {
        return content;
    };
    let (mut stripper, mut out) = (Stripper::new(kind), Vec::with_capacity(content.len()));
    stripper.feed(&content, &mut out);
    findings.absorb(stripper.finish_verdict(&mut out));
    out
}
