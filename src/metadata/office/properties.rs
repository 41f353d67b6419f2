//! The parts that hold a document's properties: its author, program and dates. They are never kept.

use super::super::finding::{Findings, What};
use quick_xml::Reader;
use quick_xml::events::Event;

/// What elements of properties tell, by their names without a prefix.
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

/// Notes what a part of properties tells.
pub(super) fn note(xml: &[u8], findings: &mut Findings) {
    let text = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&text);
    let mut any = false;
    while let Ok(event) = reader.read_event() {
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
