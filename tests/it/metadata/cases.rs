//! Files as people's programs make them (`tests/samples/cases`), each with what must become of it.

use super::mutation::{CANARY, has_canary};
use super::office::unzipped;
use super::strip;
use mifeng_metadata::{Outcome, Reason, Report};
use mifeng_sealing::tip::FileKind;
use std::path::Path;

pub fn read(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/cases");
    std::fs::read(folder.join(name)).expect("a sample")
}

/// What is expected of a document.
pub struct Case {
    pub name: &'static str,
    pub kind: FileKind,
    pub outcome: Outcome,
    /// What is found: `-` where it is taken out, `+` where it stays and is told.
    pub found: &'static [&'static str],
    /// Whether what stays by intent holds the canary.
    pub told: bool,
}

const fn case(
    name: &'static str,
    kind: FileKind,
    outcome: Outcome,
    found: &'static [&'static str],
    told: bool,
) -> Case {
    Case {
        name,
        kind,
        outcome,
        found,
        told,
    }
}

/// Every document among the samples that passes the door as one.
pub const DOCUMENTS: &[Case] = &[
    case(
        "o01_linked_picture.docx",
        FileKind::OfficeZip,
        Outcome::Cleaned,
        &["-path"],
        false,
    ),
    case(
        "o02_alt_text.docx",
        FileKind::OfficeZip,
        Outcome::Cleaned,
        &["-path"],
        false,
    ),
    case(
        "o03_picture_endings.docx",
        FileKind::OfficeZip,
        Outcome::Cleaned,
        &["-position", "-device"],
        false,
    ),
    case(
        "o05_tracked.docx",
        FileKind::OfficeZip,
        Outcome::CouldNot(Reason::Reviewable),
        &["-author", "-date", "+deleted", "+annotation"],
        true,
    ),
    case(
        "o06_prefix.docx",
        FileKind::OfficeZip,
        Outcome::Cleaned,
        &["-author", "-date", "-history"],
        false,
    ),
    case(
        "o08_links.xlsx",
        FileKind::OfficeZip,
        Outcome::CouldNot(Reason::Reviewable),
        &["-author", "+hidden"],
        true,
    ),
    case(
        "o09_video_inside.pptx",
        FileKind::OfficeZip,
        Outcome::CouldNot(Reason::Embedded),
        &["+hidden"],
        true,
    ),
    case(
        "o12_really_docx.wps",
        FileKind::OfficeZip,
        Outcome::Cleaned,
        &[],
        false,
    ),
    case(
        "p01_dct_parms.pdf",
        FileKind::Pdf,
        Outcome::Cleaned,
        &["-position", "-device"],
        false,
    ),
    case(
        "p01_flate_dct.pdf",
        FileKind::Pdf,
        Outcome::Cleaned,
        &["-position", "-device"],
        false,
    ),
    case(
        "p03_attached_docx_stored.pdf",
        FileKind::Pdf,
        Outcome::CouldNot(Reason::Embedded),
        &["+hidden"],
        true,
    ),
    case(
        "p04_local_link.pdf",
        FileKind::Pdf,
        Outcome::Cleaned,
        &["-path"],
        false,
    ),
    case(
        "p05_stsong_not_embedded.pdf",
        FileKind::Pdf,
        Outcome::NothingFound,
        &[],
        false,
    ),
    case(
        "p06_huge_page.pdf",
        FileKind::Pdf,
        Outcome::NothingFound,
        &[],
        false,
    ),
];

fn found(report: &Report) -> Vec<String> {
    let found = report.found.iter();
    let words = found.map(|it| format!("{}{}", if it.removed { "-" } else { "+" }, it.what.key()));
    words.collect()
}

#[test]
fn each_document_comes_out_as_it_must() {
    for case in DOCUMENTS {
        let name = case.name;
        let (out, report) = strip(case.kind, &read(name));
        assert_eq!(report.outcome, case.outcome, "{name}: {report:?}");
        let found = found(&report);
        for wanted in case.found {
            assert!(
                found.iter().any(|it| it == wanted),
                "{name}: {wanted} in {found:?}"
            );
        }
        let mut all = vec![out.clone()];
        if case.kind == FileKind::OfficeZip {
            all.extend(
                unzipped(&out)
                    .into_iter()
                    .flat_map(|(name, content)| [name.into_bytes(), content]),
            );
        }
        let left = all.iter().filter(|bytes| has_canary(bytes)).count();
        assert!(
            left == 0 || case.told,
            "{name}: {left} parts hold {CANARY:?} still"
        );
    }
}

/// What the workbook says of its makers is gone, though its hidden sheet stays and is told.
#[test]
fn of_a_told_file_only_what_is_told_stays() {
    let (out, _) = strip(FileKind::OfficeZip, &read("o08_links.xlsx"));
    for (name, content) in unzipped(&out) {
        let text = String::from_utf8_lossy(&content);
        let hidden = name == "xl/worksheets/sheet2.xml" || name == "xl/workbook.xml";
        assert!(!has_canary(&content) || hidden, "{name}");
        assert!(
            !text.contains("王芳") && !text.contains("10.1.2.3"),
            "{name}"
        );
    }
    let (out, _) = strip(FileKind::OfficeZip, &read("o09_video_inside.pptx"));
    for (name, content) in unzipped(&out) {
        assert!(
            !has_canary(&content) || name == "ppt/media/media1.mp4",
            "{name}"
        );
    }
}
