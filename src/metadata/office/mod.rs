//! Documents of office programs: a ZIP of XML parts, written anew from what is known to be harmless. Of Word, Excel and
//! `PowerPoint` the parts that the main part leads to by relations of known kinds; of `OpenDocument` those that a document
//! has by name. XML is read by its namespaces and copied by a vocabulary; pictures by their content. All else stays behind,
//! or is told where it may be what its sender wanted to send. Names in the text stay.

mod archive;
mod fields;
mod free_text;
mod labels;
mod links;
mod media;
mod open_document;
mod open_xml;
mod package;
mod tells;
mod value;
mod vocabulary;
mod xml;

use super::finding::{Coverage, Findings, Reason, What};
use archive::Source;

/// The file written anew; as it came where that cannot be done.
pub(super) fn strip(file: Vec<u8>) -> (Vec<u8>, Findings, Coverage) {
    let (mut findings, all) = (Findings::default(), Coverage::whole(file.len()));
    match rewrite(&file, &mut findings) {
        // What would be written is what came.
        Ok(written) if written == file => (file, findings, all),
        Ok(written) => {
            // Only the bytes between the parts, or how they are packed.
            if findings.is_empty() {
                findings.removed(What::Other);
            }
            (written, findings, all)
        }
        Err(reason) => (file, findings.undone(reason), Coverage::default()),
    }
}

fn rewrite(file: &[u8], findings: &mut Findings) -> Result<Vec<u8>, Reason> {
    let mut source = Source::open(file, findings)?;
    let names = source.names();
    let has = |start: &str| {
        names
            .iter()
            .any(|name| name.to_lowercase().starts_with(start))
    };
    // Any change would break a signature.
    if has("_xmlsignatures/") || has("meta-inf/documentsignatures") {
        return Err(Reason::Signed);
    }
    if source.find("[Content_Types].xml").is_some() {
        open_xml::rewrite(&mut source, file.len(), findings)
    } else if source.find("mimetype").is_some() {
        open_document::rewrite(&mut source, file.len(), findings)
    } else {
        Err(Reason::Structure)
    }
}

/// Notes what a part of properties tells.
fn properties(xml: &[u8], findings: &mut Findings) {
    const TOLD: &[(What, &[&str])] = &[
        (
            What::Author,
            &[
                "creator",
                "lastModifiedBy",
                "Company",
                "Manager",
                "initial-creator",
                "printed-by",
            ],
        ),
        (
            What::Software,
            &[
                "Application",
                "AppVersion",
                "Template",
                "generator",
                "template",
            ],
        ),
        (
            What::Date,
            &[
                "created",
                "modified",
                "lastPrinted",
                "TotalTime",
                "creation-date",
                "date",
                "print-date",
                "editing-duration",
            ],
        ),
        (
            What::Comment,
            &[
                "title",
                "subject",
                "description",
                "keywords",
                "keyword",
                "category",
            ],
        ),
        (What::History, &["revision", "editing-cycles"]),
    ];
    let text = String::from_utf8_lossy(xml);
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut any = false;
    while let Ok(event) = reader.read_event() {
        use quick_xml::events::Event;
        let (Event::Start(start) | Event::Empty(start)) = event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        let name = start.local_name();
        let name: &str = name.into_inner();
        if let Some((what, _)) = TOLD.iter().find(|(_, names)| names.contains(&name)) {
            findings.removed(*what);
            any = true;
        }
    }
    if !any {
        findings.removed(What::Other);
    }
}
