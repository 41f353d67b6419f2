//! Free text in documents: which of it people see when they open one, which only names a thing, and which no page shows.
//! What is in none of these lists counts as a name: it is kept only where it is usual ([`super::usual`]).

mod drawn;
mod hidden;
mod shown;

use crate::finding::What;
use drawn::draws;
use hidden::gone;
pub(super) use shown::has_shown_text;
use shown::is_shown;

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
