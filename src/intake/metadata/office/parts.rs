//! Which part of an Office file is what, by its name.

/// What becomes of a part.
pub(super) enum Part {
    /// Properties of the document: replaced by these bytes.
    Properties(&'static [u8]),
    /// The small picture of the first page: left out.
    Thumbnail,
    /// A printer's settings, with its name: left out.
    Printer,
    /// A photo: goes through its own filter.
    Picture,
    /// Names, dates and marks are taken out of its tags.
    Xml,
    /// A file within the file.
    File,
    /// Fonts, drawings, sounds.
    Untouched,
}

const CORE: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>"#;
const APP: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>"#;
const CUSTOM: &[u8] = br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>"#;

/// Whether the part says which parts belong together.
pub(super) fn is_relations(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "rels")
}

/// What the part called `name` is.
pub(super) fn part(name: &str) -> Part {
    let name = name.to_ascii_lowercase();
    let ends = |ending: &str| name.ends_with(ending);
    if name.starts_with("docprops/thumbnail") {
        Part::Thumbnail
    } else if name.starts_with("docprops/core") || ends(".psmdcp") {
        Part::Properties(CORE)
    } else if name.starts_with("docprops/app") {
        Part::Properties(APP)
    } else if name.starts_with("docprops/custom") {
        Part::Properties(CUSTOM)
    } else if name.contains("/printersettings/") && !ends(".xml") && !ends(".rels") {
        Part::Printer
    } else if name.contains("/embeddings/") && !ends(".rels") {
        Part::File
    } else if [".jpg", ".jpeg", ".png", ".webp"]
        .iter()
        .any(|ending| ends(ending))
    {
        Part::Picture
    } else if ends(".xml") || ends(".rels") {
        Part::Xml
    } else {
        Part::Untouched
    }
}
