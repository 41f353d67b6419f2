//! What chunks tell that nobody needs to see the picture.

use super::super::exif;
use super::super::finding::{Findings, What};
use super::super::xmp;

/// Notes what a chunk tells; returns the orientation if it has one.
pub(super) fn look(name: [u8; 4], data: &[u8], findings: &mut Findings) -> Option<u8> {
    match &name {
        b"eXIf" => return exif::look(data, findings),
        b"tIME" => findings.removed(What::Date),
        // C2PA.
        b"caBX" => findings.removed(What::Origin),
        b"tEXt" | b"zTXt" | b"iTXt" => text(name, data, findings),
        _ => findings.removed(xmp::label(data).unwrap_or(What::Other)),
    }
    None
}

fn text(name: [u8; 4], data: &[u8], findings: &mut Findings) {
    let end = memchr::memchr(0, data).unwrap_or(data.len());
    let keyword = String::from_utf8_lossy(&data[..end]).to_ascii_lowercase();
    let what = match keyword.as_str() {
        "xml:com.adobe.xmp" if name == *b"iTXt" && data.get(end + 1) == Some(&0) => {
            return xmp::look(&data[end + 1..], findings);
        }
        "author" | "copyright" | "artist" => What::Author,
        "software" => What::Software,
        "source" | "make" | "model" => What::Device,
        "creation time" | "date:create" | "date:modify" | "date:timestamp" | "create-date"
        | "modify-date" => What::Date,
        "xml:com.adobe.xmp" => What::Other,
        keyword if keyword.starts_with("raw profile type") => What::Other,
        _ => What::Comment,
    };
    findings.removed(xmp::label(data).unwrap_or(what));
}
