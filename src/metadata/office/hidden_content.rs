//! What stays in a document though nobody sees it at first sight, told because it may be what the sender wants to say:
//! deleted text, notes, hidden parts, pictures that are cut off.

use super::super::finding::{Findings, Reason, What};
use quick_xml::events::BytesStart;

/// Says what an element holds that nobody sees at first sight, in a part whose root element is `root`.
pub(super) fn told(root: &str, element: &str, start: &BytesStart<'_>, findings: &mut Findings) {
    let what = match element {
        "w:moveFrom" | "text:deletion" | "table:deletion" => What::Deleted,
        "w:comment"
        | "x:comment"
        | "p:cm"
        | "xltc:threadedComment"
        | "p188:cm"
        | "office:annotation" => What::Annotation,
        _ if is_hidden_in_workbook(root, element, start)
            || is_hidden_on_page(root, element, start)
            || is_hidden_in_open_document(element, start)
            || is_cut_off(element, start) =>
        {
            What::Hidden
        }
        _ => return,
    };
    findings.left(what, Reason::Reviewable);
}

/// Says that text stays that was deleted while changes were tracked.
pub(super) fn told_text(element: &str, findings: &mut Findings) {
    if matches!(element, "w:delText" | "w:delInstrText") {
        findings.left(What::Deleted, Reason::Reviewable);
    }
}

/// Whether it is a sheet, a row, a name or a value of a workbook that does not show.
fn is_hidden_in_workbook(root: &str, element: &str, start: &BytesStart<'_>) -> bool {
    match element {
        "x:sheet" => value(start, "state").is_some_and(|state| state != "visible"),
        "x:row" | "x:col" => has(start, "hidden") || is_of_no_size(start),
        "x:sheetFormatPr" => is_of_no_size(start),
        "x:definedName" | "x14:definedName" => has(start, "hidden"),
        // Numbers in a form that shows nothing.
        "x:numFmt" => value(start, "formatCode").is_some_and(|it| shows_nothing(&it)),
        // What the table was made from may have more than the table.
        "x:s" | "x:n" | "x:d" | "x:e" | "x:b" => root == "x:pivotCacheDefinition",
        "x:r" => root == "x:pivotCacheRecords",
        "x:cell" => root == "x:externalLink",
        _ => false,
    }
}

/// Whether a row or a column has no height or width.
fn is_of_no_size(start: &BytesStart<'_>) -> bool {
    has(start, "zeroHeight")
        || ["ht", "width"].iter().any(|key| {
            value(start, key).is_some_and(|it| it.parse::<f64>().is_ok_and(|it| it <= 0.0))
        })
}

/// Whether it is a slide, a text or a shape of Word or `PowerPoint` that does not show.
fn is_hidden_on_page(root: &str, element: &str, start: &BytesStart<'_>) -> bool {
    match element {
        "p:sld" => value(start, "show").is_some() && !is_on(value(start, "show").as_ref()),
        "w:vanish" => root != "w:numbering" && is_on(value(start, "val").as_ref()),
        "v:shape" | "v:rect" | "v:group" | "v:oval" | "v:roundrect" | "v:image" => {
            value(start, "style")
                .is_some_and(|it| it.replace(' ', "").contains("visibility:hidden"))
        }
        // A shape that is taken off the page in the list of what is on it.
        _ => (element.ends_with(":cNvPr") || element == "wp:docPr") && has(start, "hidden"),
    }
}

/// Whether it is a text, a table or a page of `OpenDocument` that does not show.
fn is_hidden_in_open_document(element: &str, start: &BytesStart<'_>) -> bool {
    match element {
        "text:hidden-text" | "text:hidden-paragraph" => true,
        "text:section" => value(start, "display").is_some_and(|it| it != "true"),
        "table:table-row" | "table:table-column" => {
            value(start, "visibility").is_some_and(|it| it != "visible")
        }
        "style:table-properties" => value(start, "display").is_some_and(|it| it == "false"),
        "style:drawing-page-properties" => {
            value(start, "visibility").is_some_and(|it| it == "hidden")
        }
        "style:text-properties" => value(start, "display").is_some_and(|it| it == "none"),
        _ => false,
    }
}

/// Whether a part of a picture is cut off: the rest of it is in the file still.
fn is_cut_off(element: &str, start: &BytesStart<'_>) -> bool {
    let mut attributes = start.attributes().flatten();
    match element {
        "a:srcRect" => attributes.any(|it| is_not_zero(&it.value)),
        "v:imagedata" | "v:image" => {
            attributes.any(|it| it.key.into_inner().starts_with("crop") && is_not_zero(&it.value))
        }
        "style:graphic-properties" => value(start, "clip").is_some_and(|it| is_not_zero(&it)),
        _ => false,
    }
}

/// The value of an attribute, by its name without a prefix.
pub(super) fn value(start: &BytesStart<'_>, local: &str) -> Option<String> {
    let mut attributes = start.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().into_inner() == local);
    found.map(|attribute| attribute.value.into_owned())
}

/// Whether a switch is there, and on.
fn has(start: &BytesStart<'_>, local: &str) -> bool {
    let value = value(start, local);
    value.is_some() && is_on(value.as_ref())
}

fn is_on(value: Option<&String>) -> bool {
    value.is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"))
}

/// Whether a length, or one of several, is not nothing.
fn is_not_zero(value: &str) -> bool {
    value.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

/// Whether a format of numbers leaves cells empty: each of its parts is.
fn shows_nothing(format: &str) -> bool {
    let format = format.replace("&quot;", "").replace('"', "");
    format.contains(';') && format.split(';').all(|part| part.trim().is_empty())
}
