//! Of which kind a dictionary is that may be one of several, by what it says of itself.

use super::super::finding::{Reason, What};
use super::marks::is_hidden;
use super::rules::{self, Kind, Picked};
use super::syntax::Value;
use super::write::Writer;

/// Marks on pages that may be written. ISO 32000-1, table 169.
const MARKS: &[&[u8]] = &[
    b"Link",
    b"Text",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Caret",
    b"Ink",
    b"Popup",
    b"FileAttachment",
    b"Widget",
    b"Watermark",
    b"Redact",
    b"PrinterMark",
];

/// Of which kind a dictionary is; `None` where it may not be there, or is none of these.
pub(super) fn picked_kind(
    writer: &mut Writer<'_>,
    picked: Picked,
    bytes: &[u8],
    value: &Value,
    is_stream: bool,
) -> Option<&'static Kind> {
    match picked {
        Picked::Object if value.is(bytes, "Subtype", "Image") => Some(&rules::PICTURE),
        // Its content is in another file, or is for a printer.
        Picked::Object if value.is(bytes, "Subtype", "PS") => {
            writer.findings.removed(What::Hidden);
            None
        }
        Picked::Object => is_stream.then_some(&rules::DRAWING),
        Picked::Mark => {
            let subtype = value.get(bytes, "Subtype").and_then(|it| it.name(bytes));
            let known = subtype.is_none_or(|subtype| MARKS.contains(&&*subtype));
            let is_seen = known && !is_hidden(writer.index, bytes, value);
            if !is_seen {
                writer.findings.removed(What::Hidden);
            }
            // What is to be blacked out is there still.
            if value.is(bytes, "Subtype", "Redact") {
                writer.findings.left(What::Hidden, Reason::Reviewable);
            }
            is_seen.then_some(&rules::MARK_KIND)
        }
    }
}
