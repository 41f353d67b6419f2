//! What a relation leads to, by the end of its type: which parts are kept, as what, and what is said of the others.

use crate::finding::What;

/// What a relation leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Xml,
    Picture,
    /// Sound, film, another document, a program: told.
    File,
}

/// Relations to parts of XML.
const TO_XML: &[&str] = &[
    "officeDocument",
    "styles",
    "numbering",
    "fontTable",
    "theme",
    "themeOverride",
    "settings",
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "comments",
    "worksheet",
    "chartsheet",
    "dialogsheet",
    "sharedStrings",
    "calcChain",
    "table",
    "tableSingleCells",
    "queryTable",
    "pivotTable",
    "pivotCacheDefinition",
    "pivotCacheRecords",
    "externalLink",
    "connections",
    "sheetMetadata",
    "drawing",
    "chart",
    "chartEx",
    "chartStyle",
    "chartColorStyle",
    "chartUserShapes",
    "diagramData",
    "diagramLayout",
    "diagramQuickStyle",
    "diagramColors",
    "diagramDrawing",
    "vmlDrawing",
    "slide",
    "slideLayout",
    "slideMaster",
    "notesSlide",
    "notesMaster",
    "handoutMaster",
    "commentAuthors",
    "authors",
    "presProps",
    "viewProps",
    "tableStyles",
    "ctrlProp",
    "threadedComment",
    "person",
    "slicer",
    "slicerCache",
    "timeline",
    "timelineCache",
    "rdRichValue",
    "rdRichValueStructure",
    "rdRichValueTypes",
    "richValueRel",
];
/// Relations to sound, film, other documents and programs.
const TO_FILES: &[&str] = &[
    "video",
    "audio",
    "media",
    "package",
    "oleObject",
    "aFChunk",
    "control",
    "activeXControlBinary",
    "vbaProject",
    "subDocument",
];

/// Relations of parts that are kept, by the end of their type.
pub(super) fn kind(relation: &str) -> Option<Kind> {
    if TO_XML.contains(&relation) {
        Some(Kind::Xml)
    } else if relation == "image" {
        Some(Kind::Picture)
    } else {
        TO_FILES.contains(&relation).then_some(Kind::File)
    }
}

/// Whether a part names its relations of this kind wherever they are of use; sheets and slides only in the main part. Pictures
/// and files are kept in any case, cleaned or told.
pub(super) fn is_named(relation: &str, is_main: bool) -> bool {
    match relation {
        "hyperlink" | "header" | "footer" | "chart" | "chartEx" | "diagramData"
        | "diagramLayout" | "diagramQuickStyle" | "diagramColors" => true,
        "worksheet" | "chartsheet" | "dialogsheet" | "slide" => is_main,
        _ => false,
    }
}

/// What is said of a part that is left out with its relation.
pub(super) fn said(relation: &str) -> What {
    match relation {
        "thumbnail" => What::Thumbnail,
        "printerSettings" => What::Device,
        "people" | "classificationlabels" => What::Author,
        "attachedTemplate" | "mailMergeSource" | "mailMergeHeaderSource" | "recipientData" => {
            What::Path
        }
        "revisionHeaders" | "revisionLog" | "usernames" => What::History,
        "customXml" | "customXmlProps" | "glossaryDocument" | "tags" | "wordVbaData" => {
            What::Hidden
        }
        _ => What::Other,
    }
}
