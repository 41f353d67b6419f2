//! What Open Packaging Conventions say of parts: their types, their names, elements that list them.

use super::super::finding::{Findings, Reason, What};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;

/// Which part is of which type.
pub(super) struct Types {
    by_ending: HashMap<String, String>,
    by_name: HashMap<String, String>,
}

impl Types {
    pub fn read(content: &[u8], findings: &mut Findings) -> Result<Self, Reason> {
        let text = std::str::from_utf8(content).map_err(|_| Reason::Structure)?;
        let (mut by_ending, mut by_name) = (HashMap::new(), HashMap::new());
        each_element(text, "Default", findings, |start| {
            let mut found = attributes(start);
            let pair = found.remove("Extension").zip(found.remove("ContentType"));
            by_ending.extend(pair.map(|(ending, kind)| (ending.to_lowercase(), kind)));
        })?;
        each_element(text, "Override", &mut Findings::default(), |start| {
            let mut found = attributes(start);
            let pair = found.remove("PartName").zip(found.remove("ContentType"));
            by_name.extend(
                pair.map(|(name, kind)| (name.trim_start_matches('/').to_lowercase(), kind)),
            );
        })?;
        Ok(Self { by_ending, by_name })
    }

    /// The type of a part, where it is one of those that documents have.
    pub fn of(&self, name: &str) -> Option<String> {
        let lower = name.to_lowercase();
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        let found = self
            .by_name
            .get(&lower)
            .or_else(|| self.by_ending.get(ending))?;
        let families = [
            "application/vnd.openxmlformats-officedocument.",
            "application/vnd.ms-",
            "audio/",
            "video/",
            "image/",
            "application/xml",
        ];
        let rest = families
            .iter()
            .find_map(|family| found.strip_prefix(family))?;
        // Words of small letters and, within them, a capital here and there.
        let is_plain = rest.len() <= 80
            && rest.split(['.', '-', '+']).all(|word| {
                !word.starts_with(|letter: char| letter.is_ascii_uppercase())
                    && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        is_plain.then(|| found.clone())
    }
}

/// Calls `each` with every element of a name, whatever its prefix.
pub(super) fn each_element(
    text: &str,
    name: &str,
    findings: &mut Findings,
    mut each: impl FnMut(&BytesStart<'_>),
) -> Result<(), Reason> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_| Reason::Structure)? {
            Event::Start(start) | Event::Empty(start)
                if start.local_name().into_inner() == name =>
            {
                each(&start);
            }
            Event::Comment(_) | Event::PI(_) | Event::CData(_) => findings.removed(What::Hidden),
            Event::Text(text) if !text.trim().is_empty() => findings.removed(What::Hidden),
            Event::DocType(_) => return Err(Reason::Structure),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

pub(super) fn attributes(start: &BytesStart<'_>) -> HashMap<String, String> {
    let attributes = start.attributes().flatten();
    let pairs = attributes.filter_map(|attribute| {
        let value = unescape(&attribute.value).ok()?.into_owned();
        Some((attribute.key.into_inner().to_owned(), value))
    });
    pairs.collect()
}

pub(super) fn is_usual_target(target: &str) -> bool {
    target
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
}

/// Endings of parts; folders have none.
const ENDINGS: &[&str] = &[
    "", "xml", "rels", "vml", "bin", "png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif", "tiff",
    "emf", "wmf", "svg", "wdp", "webp", "heic", "mp3", "mp4", "m4a", "m4v", "mov", "avi", "wav",
    "wma", "wmv", "mpg", "mpeg", "xlsx", "xlsb", "xlsm", "xls", "docx", "docm", "doc", "pptx",
    "pptm", "ppt", "sldx", "pdf", "odttf", "fntdata", "ole", "tmp", "dat", "emz", "wmz", "jpe",
    "ico",
];

/// Whether each step of a part's name is one that programs give: a word that is known, with a number at most.
pub(super) fn is_usual_name(name: &str) -> bool {
    const WORDS: &str = " word xl ppt media theme embeddings charts drawings diagrams worksheets chartsheets dialogsheets \
        tables queryTables pivotTables pivotCache externalLinks slides slideLayouts slideMasters notesSlides \
        notesMasters handoutMasters comments persons threadedComments activeX ctrlProps richData slicers \
        slicerCaches timelines timelineCaches document workbook presentation styles numbering fontTable \
        settings header footer footnotes endnotes image video audio sheet sharedStrings calcChain table \
        queryTable pivotTable pivotCacheDefinition pivotCacheRecords externalLink connections metadata \
        drawing vmlDrawing chart chartEx style colors data layout quickStyle slide slideLayout slideMaster \
        notesSlide notesMaster handoutMaster commentAuthors authors comment person threadedComment presProps \
        viewProps tableStyles themeOverride ctrlProp oleObject vbaProject package Microsoft_Excel_Worksheet \
        Microsoft_Excel_Sheet Microsoft_Word_Document Microsoft_Excel Microsoft_PowerPoint_Presentation \
        Microsoft_PowerPoint_Slide Sheet part hdphoto slicer slicerCache timeline timelineCache rdrichvalue \
        rdrichvaluestructure rdRichValueTypes richValueRel modernComment footnote endnote glossary \
        userShapes tableSingleCells ";
    name.split('/').all(|step| {
        let (stem, ending) = step.split_once('.').unwrap_or((step, ""));
        let word = stem.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '_');
        let is_short = stem.len() - word.len() <= 5;
        let stem = word;
        let is_ending = ENDINGS.contains(&ending.to_ascii_lowercase().as_str());
        is_ending
            && is_short
            && !stem.is_empty()
            && !stem.contains(' ')
            && WORDS.contains(&format!(" {stem} "))
    })
}
