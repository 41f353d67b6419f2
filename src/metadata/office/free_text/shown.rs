//! Text and attributes that people see when they open a document.

/// Attributes that are seen on whatever element they are.
const SHOWN: &[&str] = &[
    // Letters are drawn by their font's name, and a font that is named otherwise is not found.
    "typeface",
    "font",
    "font-family",
    "font-family-asian",
    "font-family-complex",
    "font-style-name",
    "font-style-name-asian",
    "font-style-name-complex",
    "font-adornments",
    // Numbers of lists, and how numbers are written.
    "formatCode",
    "format",
    "char",
    "bullet-char",
    "num-prefix",
    "num-suffix",
    "num-format",
    "leader-char",
    "leader-text",
    "text-line-through-text",
    "decimal-replacement",
    "prefix",
    "suffix",
    "echo-char",
    "fill-character",
    // Heads of tables, and what a cell asks for.
    "sourceName",
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "displayName",
    "totalsRowLabel",
    "invalStChars",
    "invalEndChars",
    "currency",
    // Formulas, and places in sheets, which have a name that is seen.
    "expression",
    "condition",
    "fmlaGroup",
    "fmlaLink",
    "fmlaRange",
    "fmlaTxbx",
    "linkedCell",
    "listFillRange",
    "textlink",
    "location",
    "sheet",
    "refersTo",
    "cell-range",
    "source-field-name",
    "member-name",
    "field-name",
    "linked-cell",
    "source-cell-range",
];
/// Elements whose name is seen.
const WITH_SHOWN_NAME: &[&str] = &[
    "w:font",
    "w:lsdException",
    "x:sheet",
    "x:definedName",
    "x14:definedName",
    "x:table",
    "x:tableColumn",
    "x:cacheField",
    "x:dataField",
    "x:worksheetSource",
    "x:queryTableField",
];
/// Elements, without their prefix, whose value is seen.
const WITH_SHOWN_VALUE: &[&str] = &[
    "altName",
    "lvlText",
    "listEntry",
    "decimalSymbol",
    "listSeparator",
    "begChr",
    "chr",
    "endChr",
    "mathFont",
    "sepChr",
    "rFont",
    "customFilter",
    "filter",
    "cfvo",
    "inputCells",
    "item",
];

/// What is on the page, in a cell, in the head of a table, or in the line of formulas.
pub(super) fn is_shown(element: &str, tag: &str, key: &str, local: &str) -> bool {
    match local {
        "ascii" | "hAnsi" | "cs" | "eastAsia" => tag == "rFonts",
        "name" => WITH_SHOWN_NAME.contains(&element) || key == "table:name",
        "val" => WITH_SHOWN_VALUE.contains(&tag) || element == "x:name",
        "string" => tag == "textpath",
        "text" => tag == "cfRule",
        "displayText" | "value" | "data-field" => {
            tag == "listItem" || matches!(key, "form:value" | "table:value" | "table:data-field")
        }
        "label" | "current-value" => key.starts_with("form:"),
        "title" => key == "table:title",
        "string-value" => key == "office:string-value",
        "v" => matches!(element, "x:s" | "x:e"),
        "formula" => key != "text:formula" && key != "draw:formula",
        _ => {
            SHOWN.contains(&local)
                || local.ends_with("aption") && local != "sourceCaption"
                || ["-address", "-addresses", "-range", "-ranges"]
                    .iter()
                    .any(|it| local.ends_with(it))
        }
    }
}

/// Elements whose text people see; the text of others is kept only where it is usual.
pub(in crate::office) fn has_shown_text(element: &str) -> bool {
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
