//! Elements and attributes of the vocabularies that tell on a person, and those that are told because they may be what the
//! sender wants to say.

use super::super::finding::{Findings, Reason, What};
use quick_xml::events::BytesStart;

/// What becomes of an attribute.
pub(super) enum Verdict {
    Keep,
    /// It names a person.
    Nobody,
    /// It must be there, and is emptied.
    Empty(What),
    Drop(What),
}

/// Looks at an attribute by its name without a prefix.
pub(super) fn attribute(element: &str, local: &str, value: &str) -> Verdict {
    let tag = element.rsplit(':').next().unwrap_or(element);
    match local {
        "author"
        | "initials"
        | "userId"
        | "userName"
        | "refreshedBy"
        | "assignedTo"
        | "ed"
        | "edGrp"
        | "suggestedsigner"
        | "suggestedsigner2"
        | "suggestedsigneremail"
        | "creator" => Verdict::Nobody,
        "displayName" if tag == "person" => Verdict::Nobody,
        "name" if matches!(tag, "cmAuthor" | "author" | "customWorkbookView" | "person") => {
            Verdict::Nobody
        }
        "providerId" if value != "None" => Verdict::Nobody,
        "connection" | "command" | "serverCommand" | "sourceFile" | "odcFile"
        | "localConnection" | "post" | "editPage" | "destinationFile" | "srcUrl" | "oEmbedUrl"
        | "sourceUrl" => Verdict::Empty(What::Path),
        "url" if tag == "webPr" => Verdict::Empty(What::Path),
        "href" | "althref" | "src" if element.starts_with("v:") || element.starts_with("o:") => {
            Verdict::Empty(What::Path)
        }
        "gfxdata" | "equationxml" | "embeddedHtml" => Verdict::Drop(What::Hidden),
        "securityDescriptor" | "addlxml" | "signinginstructions" => Verdict::Drop(What::Author),
        "refreshedDate" => Verdict::Drop(What::Date),
        _ if local.starts_with("rsid") => Verdict::Drop(What::History),
        _ => Verdict::Keep,
    }
}

/// What is left out with all that is in it.
pub(super) fn dropped(element: &str) -> Option<What> {
    Some(match element {
        // Marks of editing sessions: files with a mark in common were edited on one machine.
        "w:rsids" | "w:rsid" | "w:rsidRoot" | "w14:docId" | "w15:docId" => What::History,
        "w:alias" | "w:tag" | "w:tblCaption" | "w:tblDescription" | "w:helpText"
        | "w:statusText" | "w:docPartCategory" | "w:description" | "svg:title" | "svg:desc"
        | "table:title" | "table:desc" | "dc:description" | "dc:title" | "dc:subject" => {
            What::Comment
        }
        "x:customWorkbookViews" | "x:customSheetViews" | "o:signatureline" => What::Author,
        "w:docVars"
        | "w:docVar"
        | "w:fldData"
        | "w:entryMacro"
        | "w:exitMacro"
        | "form:properties"
        | "text:user-field-decls"
        | "o:FieldCodes"
        | "c:pivotSource"
        | "x:rPh"
        | "office:scripts"
        | "office:event-listeners"
        | "script:event-listener" => What::Hidden,
        "w:mailMerge"
        | "w:saveThroughXslt"
        | "x:webPublishItems"
        | "x:webPublishing"
        | "office:dde-source"
        | "text:dde-connection-decls"
        | "table:dde-links" => What::Path,
        "w:dataBinding" | "w15:dataBinding" | "w:attachedSchema" | "p:custDataLst"
        | "x:smartTags" | "office:meta" | "office:settings" => What::Other,
        _ => return None,
    })
}

/// Elements whose text names a person or a time.
pub(super) fn text(element: &str) -> Option<What> {
    Some(match element {
        "x:author"
        | "dc:creator"
        | "meta:creator-initials"
        | "loext:sender-initials"
        | "text:sender-initials" => What::Author,
        "dc:date" | "meta:date-string" => What::Date,
        _ => return None,
    })
}

/// Text that a program reads and a person sees: formulas.
pub(super) fn is_instruction(element: &str) -> bool {
    matches!(
        element,
        "x:f"
            | "x:definedName"
            | "x:formula"
            | "x:formula1"
            | "x:formula2"
            | "x:oldFormula"
            | "c:f"
            | "c15:f"
            | "xne:f"
            | "cx:f"
    )
}

/// Whether a number can be as long as somebody wrote it: it is in a cell, or in a chart.
pub(super) fn may_be_long(element: &str, key: &str) -> bool {
    key == "office:value"
        || element.starts_with("c:")
        || matches!(element, "x:n" | "x:customFilter")
}

/// Whether an element with text stands where a program shows it.
pub(super) fn is_in_place(element: &str, parent: &str) -> bool {
    match element {
        "w:t" | "w:delText" => matches!(parent, "w:r" | "m:r"),
        "a:t" => matches!(parent, "a:r" | "a:fld"),
        "m:t" => parent == "m:r",
        "x:t" => matches!(parent, "x:si" | "x:r" | "x:is" | "x:text"),
        "x:v" => matches!(parent, "x:c" | "x:cell" | "x:value" | "x:i"),
        _ => true,
    }
}

/// Elements whose dates are content.
pub(super) fn is_content(element: &str) -> bool {
    matches!(element, "x:d" | "x:dateGroupItem" | "x:rangePr")
}

/// Elements that mean something without the part they point to.
pub(super) fn may_lose_link(element: &str) -> bool {
    matches!(
        element,
        "x:pageSetup"
            | "w:hyperlink"
            | "x:hyperlink"
            | "a:blip"
            | "v:imagedata"
            | "v:fill"
            | "v:shape"
            | "p:oleObj"
            | "o:OLEObject"
            | "x:oleObject"
            | "a:hlinkClick"
            | "a:hlinkHover"
    )
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

/// Says what stays in the file though nobody sees it at first sight.
pub(super) fn told(root: &str, element: &str, start: &BytesStart<'_>, findings: &mut Findings) {
    let what = match element {
        "w:moveFrom" | "text:deletion" | "table:deletion" => What::Deleted,
        "w:comment"
        | "x:comment"
        | "p:cm"
        | "xltc:threadedComment"
        | "p188:cm"
        | "office:annotation" => What::Annotation,
        "x:sheet" if value(start, "state").is_some_and(|state| state != "visible") => What::Hidden,
        "p:sld" if value(start, "show").is_some() && !is_on(value(start, "show").as_ref()) => {
            What::Hidden
        }
        "x:row" | "x:col" | "x:definedName" | "x14:definedName" if has(start, "hidden") => {
            What::Hidden
        }
        // A shape that is taken off the page in the list of what is on it.
        _ if (element.ends_with(":cNvPr") || element == "wp:docPr") && has(start, "hidden") => {
            What::Hidden
        }
        "w:vanish" if root != "w:numbering" && is_on(value(start, "val").as_ref()) => What::Hidden,
        // A row or a column of no height or width.
        "x:row" | "x:col" | "x:sheetFormatPr"
            if has(start, "zeroHeight")
                || ["ht", "width"].iter().any(|key| {
                    value(start, key).is_some_and(|it| it.parse::<f64>().is_ok_and(|it| it <= 0.0))
                }) =>
        {
            What::Hidden
        }
        // The rest of a picture that is cut off is in the file still.
        "a:srcRect"
            if start
                .attributes()
                .flatten()
                .any(|it| is_not_zero(&it.value)) =>
        {
            What::Hidden
        }
        "v:imagedata" | "v:image"
            if start
                .attributes()
                .flatten()
                .any(|it| it.key.into_inner().starts_with("crop") && is_not_zero(&it.value)) =>
        {
            What::Hidden
        }
        "style:graphic-properties" if value(start, "clip").is_some_and(|it| is_not_zero(&it)) => {
            What::Hidden
        }
        // Numbers in a form that shows nothing.
        "x:numFmt" if value(start, "formatCode").is_some_and(|it| shows_nothing(&it)) => {
            What::Hidden
        }
        // What the table was made from may have more than the table.
        "x:s" | "x:n" | "x:d" | "x:e" | "x:b" if root == "x:pivotCacheDefinition" => What::Hidden,
        "text:hidden-text" | "text:hidden-paragraph" => What::Hidden,
        "text:section" if value(start, "display").is_some_and(|it| it != "true") => What::Hidden,
        "v:shape" | "v:rect" | "v:group" | "v:oval" | "v:roundrect" | "v:image"
            if value(start, "style")
                .is_some_and(|it| it.replace(' ', "").contains("visibility:hidden")) =>
        {
            What::Hidden
        }
        "x:cell" if root == "x:externalLink" => What::Hidden,
        "x:r" if root == "x:pivotCacheRecords" => What::Hidden,
        "table:table-row" | "table:table-column"
            if value(start, "visibility").is_some_and(|it| it != "visible") =>
        {
            What::Hidden
        }
        "style:table-properties" if value(start, "display").is_some_and(|it| it == "false") => {
            What::Hidden
        }
        "style:drawing-page-properties"
            if value(start, "visibility").is_some_and(|it| it == "hidden") =>
        {
            What::Hidden
        }
        "style:text-properties" if value(start, "display").is_some_and(|it| it == "none") => {
            What::Hidden
        }
        _ => return,
    };
    findings.left(what, Reason::Reviewable);
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

/// The same of text that was deleted while changes were tracked.
pub(super) fn told_text(element: &str, findings: &mut Findings) {
    if matches!(element, "w:delText" | "w:delInstrText") {
        findings.left(What::Deleted, Reason::Reviewable);
    }
}
