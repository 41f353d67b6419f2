//! Free text in documents: which of it people see when they open one, which only names a thing, and which no page shows.
//! What is in none of these lists counts as a name: it is kept only where it is usual ([`super::labels`]).

use super::super::finding::What;

/// What becomes of an attribute with free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is on the page, in a cell, or in what a viewer shows beside them: it stays.
    Shown,
    /// It names a thing, or refers to one by its name.
    Name,
    /// The code of a language or a script.
    Code,
    /// A list of properties, as style sheets have them.
    Style,
    /// The namespace of an extension.
    Space,
    /// Cells of a sheet.
    Cells,
    /// Coordinates, commands and formulas of a drawing; what they name is replaced as names are.
    Drawing,
    /// What a click does on a slide.
    Action,
    /// Nobody sees it at first sight: it goes.
    Gone(What),
}

/// Of an attribute, by the element that it belongs to.
pub(super) fn use_of(element: &str, key: &str) -> Use {
    let (family, tag) = element.split_once(':').unwrap_or(("", element));
    let local = key.rsplit(':').next().unwrap_or(key);
    if let Some(what) = gone(family, tag, key, local) {
        return Use::Gone(what);
    }
    if is_shown(element, tag, key, local) {
        return Use::Shown;
    }
    if draws(family, tag, key, local) {
        return Use::Drawing;
    }
    match local {
        "r" | "ref" | "sqref" | "topLeftCell" | "activeCell" | "r1" | "r2" | "cell"
        | "cellRange" | "dn" | "dr" => Use::Cells,
        "action" if family == "a" => Use::Action,
        "style" if matches!(family, "v" | "o") => Use::Style,
        "uri" => Use::Space,
        "lang" | "altLang" | "culture" | "cultureLanguage" | "language" | "country"
        | "rfc-language-tag" => Use::Code,
        "bidi" | "eastAsia" | "val" if matches!(tag, "lang" | "themeFontLang" | "lid") => Use::Code,
        "script" if element == "a:font" => Use::Code,
        _ if ["language-", "country-", "script-", "rfc-language-tag-"]
            .iter()
            .any(|it| local.starts_with(it)) =>
        {
            Use::Code
        }
        _ if local.ends_with("-language")
            || local.ends_with("-country")
            || key.ends_with(":script") =>
        {
            Use::Code
        }
        _ => Use::Name,
    }
}

/// Whether an attribute says how something is drawn or moves.
fn draws(family: &str, tag: &str, key: &str, local: &str) -> bool {
    match family {
        "a" => {
            matches!(
                local,
                "fmla"
                    | "x"
                    | "y"
                    | "hR"
                    | "wR"
                    | "stAng"
                    | "swAng"
                    | "l"
                    | "t"
                    | "r"
                    | "b"
                    | "ang"
            ) || ["min", "max", "gdRef"]
                .iter()
                .any(|start| local.starts_with(start))
                || tag == "gd"
        }
        "v" | "o" => !matches!(
            local,
            "id" | "spid" | "style" | "idref" | "data" | "href" | "althref" | "src"
        ),
        "p" => matches!(
            tag,
            "animMotion" | "animEffect" | "anim" | "cBhvr" | "tav" | "cTn" | "cond" | "endSync"
        ),
        _ => {
            key.starts_with("svg:") && !matches!(local, "font-family" | "name")
                || key.starts_with("smil:") && !matches!(local, "targetElement")
                || key.starts_with("dr3d:")
                || key.starts_with("drawooo:")
                || matches!(
                    key,
                    "draw:enhanced-path"
                        | "draw:formula"
                        | "draw:points"
                        | "draw:transform"
                        | "draw:modifiers"
                        | "draw:text-areas"
                        | "draw:glue-points"
                        | "draw:value"
                        | "draw:type"
                        | "fo:clip"
                        | "fo:text-shadow"
                        | "style:shadow"
                        | "presentation:preset-id"
                        | "presentation:preset-sub-type"
                        | "anim:formula"
                )
                || key.starts_with("draw:handle-")
                || key.starts_with("fo:border")
        }
    }
}

/// What describes a thing to programs, and to whoever asks for it.
#[expect(
    clippy::match_same_arms,
    reason = "each arm is one reason, with its own remark"
)]
fn gone(family: &str, tag: &str, key: &str, local: &str) -> Option<What> {
    Some(match local {
        "descr" | "alt" | "altText" | "altTextSummary" | "tooltip" | "invalidUrl" | "bmk"
        | "bmkName" | "comment" | "description" | "help" | "helpText" | "statusBar"
        | "customMenu" | "displayFolder" | "tags" => What::Comment,
        "oldComment" | "oldCustomMenu" | "oldDescription" | "oldHelp" | "oldStatusBar"
        | "oldName" | "original" => What::History,
        "title" if family != "table" => What::Comment,
        "tgtFrame" | "target" | "docLocation" | "target-frame-name" | "target-frame" => What::Other,
        "class" if family == "v" => What::Other,
        "codeName" | "phldrT" | "lastValue" | "macro" | "macro-name" | "divId" | "attribution" => {
            What::Hidden
        }
        "user" | "initials" | "likes" | "user-name" | "provider" => What::Author,
        "paper-tray-name" => What::Device,
        "driveId"
        | "itemId"
        | "srcUrl"
        | "sigProvUrl"
        | "sigprovurl"
        | "sql-statement"
        | "query-name"
        | "database-name"
        | "database-table-name"
        | "datasource"
        | "dde-application"
        | "dde-topic"
        | "dde-item"
        | "ddeService"
        | "ddeTopic"
        | "fieldCodes"
        | "connectString"
        | "filter-options" => What::Path,
        // With another word in its place nobody could take the protection off.
        "password" | "protection-key" | "application-data" => What::Hidden,
        "name" if key == "office:name" => What::Comment,
        "string-value-if-true"
        | "string-value-if-false"
        | "string-value-phonetic"
        | "key1"
        | "key2"
        | "key1-phonetic"
        | "key2-phonetic" => What::Hidden,
        "string-value" if key == "text:string-value" => What::Hidden,
        "code" | "object" | "archive" | "data" if family == "draw" => What::Path,
        "w:val" | "val" if matches!(tag, "statusText" | "helpText" | "default" | "mailSubject") => {
            What::Hidden
        }
        "val" if matches!(tag, "designTag") => What::Hidden,
        _ => return None,
    })
}

/// What is on the page, in a cell, in the head of a table, or in the line of formulas.
#[expect(
    clippy::match_same_arms,
    reason = "each arm is one reason, with its own remark"
)]
fn is_shown(element: &str, tag: &str, key: &str, local: &str) -> bool {
    match local {
        // Letters are drawn by their font's name, and a font that is named otherwise is not found.
        "typeface"
        | "font"
        | "font-family"
        | "font-family-asian"
        | "font-family-complex"
        | "font-style-name"
        | "font-style-name-asian"
        | "font-style-name-complex"
        | "font-adornments" => true,
        "ascii" | "hAnsi" | "cs" | "eastAsia" => tag == "rFonts",
        // Numbers of lists, and how numbers are written.
        "formatCode"
        | "format"
        | "char"
        | "bullet-char"
        | "num-prefix"
        | "num-suffix"
        | "num-format"
        | "leader-char"
        | "leader-text"
        | "text-line-through-text"
        | "decimal-replacement"
        | "prefix"
        | "suffix"
        | "echo-char"
        | "fill-character" => true,
        "name" => {
            matches!(
                element,
                "w:font"
                    | "w:lsdException"
                    | "x:sheet"
                    | "x:definedName"
                    | "x14:definedName"
                    | "x:table"
                    | "x:tableColumn"
                    | "x:cacheField"
                    | "x:dataField"
                    | "x:worksheetSource"
                    | "x:queryTableField"
            ) || key == "table:name"
        }
        "val" => {
            matches!(
                tag,
                "altName"
                    | "lvlText"
                    | "listEntry"
                    | "decimalSymbol"
                    | "listSeparator"
                    | "begChr"
                    | "chr"
                    | "endChr"
                    | "mathFont"
                    | "sepChr"
                    | "rFont"
                    | "customFilter"
                    | "filter"
                    | "cfvo"
                    | "inputCells"
                    | "item"
            ) || element == "x:name"
        }
        "string" => tag == "textpath",
        "sourceName" => true,
        "text" => tag == "cfRule",
        "displayText" | "value" | "data-field" => {
            tag == "listItem" || matches!(key, "form:value" | "table:value" | "table:data-field")
        }
        "label" | "current-value" => key.starts_with("form:"),
        "prompt" | "promptTitle" | "error" | "errorTitle" | "displayName" | "totalsRowLabel"
        | "invalStChars" | "invalEndChars" | "currency" => true,
        "title" => key == "table:title",
        "string-value" => key == "office:string-value",
        "v" => matches!(element, "x:s" | "x:e"),
        // Formulas, and places in sheets, which have a name that is seen.
        "formula" => key != "text:formula" && key != "draw:formula",
        "expression" | "condition" | "fmlaGroup" | "fmlaLink" | "fmlaRange" | "fmlaTxbx"
        | "linkedCell" | "listFillRange" | "textlink" | "location" | "sheet" | "refersTo"
        | "cell-range" | "source-field-name" | "member-name" | "field-name" | "linked-cell"
        | "source-cell-range" => true,
        _ => {
            local.ends_with("aption") && local != "sourceCaption"
                || ["-address", "-addresses", "-range", "-ranges"]
                    .iter()
                    .any(|it| local.ends_with(it))
        }
    }
}

/// Elements whose text people see; the text of others is kept only where it is usual.
pub(super) fn has_shown_text(element: &str) -> bool {
    let (family, tag) = element.split_once(':').unwrap_or(("", element));
    match family {
        "w" => matches!(tag, "t" | "delText" | "instrText"),
        "x" => !matches!(tag, "stp" | "author"),
        "x14" => matches!(tag, "f" | "editValue" | "tupleItem"),
        "a" | "m" | "x15" | "x12ac" | "xlrd2" | "p" => {
            matches!(tag, "t" | "v" | "rpv" | "list" | "text")
        }
        "xltc" => tag == "text",
        "c" => !matches!(tag, "name"),
        "c15" | "xne" => tag == "f",
        "cx" => {
            !matches!(tag, "copyright" | "binary" | "axisId" | "entityType")
                && !tag.starts_with("openxmlsdk")
        }
        "xvml" => matches!(tag, "LCT" | "ListItem"),
        // Fields of OpenDocument have on the page what they say.
        "text" => !matches!(
            tag,
            "script" | "dde-connection" | "description" | "index-entry-span"
        ),
        "number" | "form" | "presentation" | "math" | "" => true,
        "dc" => matches!(tag, "creator" | "date" | "language"),
        _ => false,
    }
}
