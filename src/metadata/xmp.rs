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
    (
        What::Origin,
        &[
            "AIGC",
            "TC260",
            "c2pa",
            "dcterms:provenance",
            "DigitalSourceType",
        ],
    ),
];

/// The label that says that a machine made a picture (GB 45438-2025, in a field called AIGC), in letters of one byte or two.
const LABELS: &[&str] = &["AIGC", "A\0I\0G\0C", "TC260", "c2pa"];

/// What `bytes` tell where a label of their origin is in them.
pub(super) fn label(bytes: &[u8]) -> Option<What> {
    let is_labelled = LABELS.iter().any(|word| contains(bytes, word));
    is_labelled.then_some(What::Origin)
}

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
