//! Elements and attributes of the vocabularies that tell on a person, and what becomes of them.

use super::super::finding::What;

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
