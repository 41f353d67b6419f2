//! XMP: an XML packet of properties. It is thrown away whole; its words are read only to say what it told.

use super::bytes::contains;
use super::finding::{Findings, What};

/// Words of the common schemas. The script in the page has the same list.
const WORDS: &[(What, &[&str])] = &[
    (
        What::Position,
        &[
            "exif:GPS",
            "photoshop:City",
            "photoshop:State",
            "photoshop:Country",
            "Iptc4xmpCore:Location",
            "Iptc4xmpExt:LocationCreated",
        ],
    ),
    (
        What::Device,
        &["tiff:Make", "tiff:Model", "aux:", "exifEX:"],
    ),
    (
        What::Author,
        &[
            "dc:creator",
            "dc:rights",
            "photoshop:Credit",
            "photoshop:AuthorsPosition",
            "xmpRights:",
            "pdf:Author",
        ],
    ),
    (
        What::Software,
        &["xmp:CreatorTool", "pdf:Producer", "tiff:Software"],
    ),
    (
        What::Date,
        &[
            "xmp:CreateDate",
            "xmp:ModifyDate",
            "xmp:MetadataDate",
            "photoshop:DateCreated",
            "exif:DateTimeOriginal",
            "tiff:DateTime",
        ],
    ),
    (What::Thumbnail, &["xmp:Thumbnails"]),
    (
        What::Comment,
        &[
            "dc:description",
            "dc:title",
            "dc:subject",
            "pdf:Keywords",
            "exif:UserComment",
        ],
    ),
    (What::History, &["xmpMM:"]),
];

/// Notes what `packet` tells; an empty one tells nothing.
pub(super) fn look(packet: &[u8], findings: &mut Findings) {
    if packet.iter().all(|byte| matches!(byte, 0 | b' ')) {
        return;
    }
    let mut known = false;
    for (what, words) in WORDS {
        if words.iter().any(|word| contains(packet, word)) {
            findings.removed(*what);
            known = true;
        }
    }
    if !known {
        findings.removed(What::Other);
    }
}
