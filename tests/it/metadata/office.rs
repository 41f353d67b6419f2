//! Office files: written here part by part, as Word, Excel and `PowerPoint` name them.

mod workshop_files;

pub(super) use workshop_files::{SPACES, relations, sample, unzipped, with_picture, word, zipped};

use super::samples::{Workshop, jpeg, tells};
use super::{assert_removed, assert_settled, strip};
pub(super) use assertions::assert_whole;
use assertions::{left, part};
use mifeng_metadata::{Outcome, Reason, What};
use mifeng_sealing::tip::FileKind;
use workshop_files::{CORE, SHEETS, TYPES};
use zip::DateTime;

mod assertions;

#[test]
fn a_word_file_loses_what_tells_and_keeps_its_text() {
    let shop = Workshop::new();
    let file = word(&shop, &[], &[]);
    assert_eq!(
        FileKind::sniff(&file[..4096.min(file.len())]),
        Some(FileKind::OfficeZip)
    );
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(report.outcome, Outcome::Cleaned, "{report:?}");
    let all = [
        What::Position,
        What::Device,
        What::Author,
        What::Software,
        What::Date,
        What::Thumbnail,
        What::Comment,
        What::History,
        What::Path,
    ];
    assert_removed(&report, &all);
    let parts = unzipped(&out);
    for (name, content) in &parts {
        assert_eq!(tells(content), None, "{name}");
        assert!(
            !name.contains("docProps") && !name.contains("customXml"),
            "{name}"
        );
    }
    assert_whole(&parts);
    let document = part(&parts, "word/document.xml");
    assert!(
        document.contains(
            "<w:p><w:ins w:id=\"1\" w:author=\"Author\"><w:r><w:t xml:space=\"preserve\">Text stays: 李娜 &lt;&amp; a &gt; b</w:t>"
        ),
        "{document}"
    );
    assert!(
        document.contains("<wp:docPr id=\"1\" name=\"图片 1\"/>"),
        "{document}"
    );
    assert!(
        document.contains("<a:blip r:embed=\"rId3\"/>"),
        "{document}"
    );
    let settings = part(&parts, "word/settings.xml");
    assert!(
        settings.contains("w:percent=\"100\"") && !settings.contains("rsid"),
        "{settings}"
    );
    assert!(part(&parts, "word/styles.xml").contains("正文"));
    assert_settled(FileKind::OfficeZip, &out);
}

#[test]
fn a_workbook_loses_its_writers_and_its_printer() {
    let root = relations(&[
        ("rId1", "officeDocument", "xl/workbook.xml"),
        ("rId2", "metadata/core-properties", "docProps/core.xml"),
    ]);
    let of_book = relations(&[("rId1", "worksheet", "worksheets/sheet1.xml")]);
    let of_sheet = relations(&[
        (
            "rId1",
            "printerSettings",
            "../printerSettings/printerSettings1.bin",
        ),
        ("rId2", "comments", "../comments1.xml"),
    ]);
    let book = format!(
        "<workbook {SHEETS} xmlns:x15ac=\"http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac\"><fileSharing userName=\"Zhang Wei\"/>\
         <x15ac:absPath url=\"C:\\Users\\Zhang Wei\\\"/><sheets><sheet name=\"Sheet stays\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let sheet = format!(
        "<worksheet {SHEETS}><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><f>SUM(B1:B2)</f><v>3</v></c></row></sheetData><pageSetup paperSize=\"9\" r:id=\"rId1\"/></worksheet>"
    );
    let comments = format!(
        "<comments {SHEETS}><authors><author>Zhang Wei</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>stays</t></text></comment></commentList></comments>"
    );
    let file = zipped(
        &[
            TYPES,
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", of_book.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
            ("xl/worksheets/_rels/sheet1.xml.rels", of_sheet.as_bytes()),
            ("xl/comments1.xml", comments.as_bytes()),
            (
                "xl/printerSettings/printerSettings1.bin",
                b"Riverside printer",
            ),
            CORE,
        ],
        DateTime::default(),
    );
    let (out, report) = strip(FileKind::OfficeZip, &file);
    // Comments may be what she wants to say: they stay, and that is said.
    assert_eq!(
        report.outcome,
        Outcome::CouldNot(Reason::Reviewable),
        "{report:?}"
    );
    assert_eq!(left(&report), [What::Annotation]);
    assert_removed(&report, &[What::Author, What::Date, What::Device]);
    let parts = unzipped(&out);
    for (name, content) in &parts {
        assert_eq!(tells(content), None, "{name}");
        assert!(!name.contains("printerSettings"));
    }
    assert_whole(&parts);
    let comments = part(&parts, "xl/comments1.xml");
    assert!(
        comments.contains("<author></author>") && comments.contains("<t>stays</t>"),
        "{comments}"
    );
    let sheet = part(&parts, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<pageSetup paperSize=\"9\"/>")
            && sheet.contains("<f>SUM(B1:B2)</f><v>3</v>"),
        "{sheet}"
    );
    assert!(part(&parts, "xl/workbook.xml").contains("name=\"Sheet stays\""));
    let (again, _) = strip(FileKind::OfficeZip, &out);
    assert!(again == out);
}

#[test]
fn slides_lose_their_writers() {
    let root = relations(&[("rId1", "officeDocument", "ppt/presentation.xml")]);
    let of_main = relations(&[
        ("rId1", "slide", "slides/slide1.xml"),
        ("rId2", "commentAuthors", "commentAuthors.xml"),
    ]);
    let main = format!(
        "<p:presentation {SPACES}><p:sldIdLst><p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst></p:presentation>"
    );
    let slide = format!(
        "<p:sld {SPACES} show=\"0\"><p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"Title stays\" descr=\"SN-4711.png\"/></p:nvSpPr></p:sp></p:spTree></p:cSld></p:sld>"
    );
    let authors = format!(
        "<p:cmAuthorLst {SPACES}><p:cmAuthor id=\"1\" name=\"Zhang Wei\" initials=\"ZW\" lastIdx=\"1\" clrIdx=\"0\"/></p:cmAuthorLst>"
    );
    let file = zipped(
        &[
            TYPES,
            ("_rels/.rels", root.as_bytes()),
            ("ppt/presentation.xml", main.as_bytes()),
            ("ppt/_rels/presentation.xml.rels", of_main.as_bytes()),
            ("ppt/slides/slide1.xml", slide.as_bytes()),
            ("ppt/commentAuthors.xml", authors.as_bytes()),
        ],
        DateTime::default(),
    );
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(
        left(&report),
        [What::Hidden],
        "a hidden slide is told: {report:?}"
    );
    assert_removed(&report, &[What::Author, What::Path]);
    let parts = unzipped(&out);
    assert!(parts.iter().all(|(_, content)| tells(content).is_none()));
    assert_whole(&parts);
    assert!(part(&parts, "ppt/slides/slide1.xml").contains("name=\"_n1\""));
}

#[test]
fn a_file_that_was_written_here_passes_as_it_is() {
    let shop = Workshop::new();
    let (out, _) = strip(FileKind::OfficeZip, &word(&shop, &[], &[]));
    assert_settled(FileKind::OfficeZip, &out);
    // One byte behind the end is one too many.
    let longer = [out.as_slice(), b"x"].concat();
    let (again, report) = strip(FileKind::OfficeZip, &longer);
    assert_eq!(report.outcome, Outcome::Cleaned);
    assert!(again == out);
}

#[test]
fn files_within_are_told() {
    let shop = Workshop::new();
    let links = [("rId9", "package", "embeddings/Microsoft_Excel_Sheet1.xlsx")];
    for links in [&links[..], &[]] {
        let file = word(
            &shop,
            &[("word/embeddings/Microsoft_Excel_Sheet1.xlsx", b"anything")],
            links,
        );
        let (out, report) = strip(FileKind::OfficeZip, &file);
        assert_eq!(report.outcome, Outcome::CouldNot(Reason::Embedded));
        // What could be done was done.
        let parts = unzipped(&out);
        assert!(parts.iter().all(|(_, content)| tells(content).is_none()));
        assert!(parts.iter().any(|(_, content)| content == b"anything"));
    }
}

#[test]
fn bombs_are_refused_before_they_unpack() {
    let zeros = vec![b' '; 20 << 20];
    let bomb = zipped(&[TYPES, ("word/document.xml", &zeros)], DateTime::default());
    let many: Vec<String> = (0..11_000)
        .map(|index| format!("word/{index}.xml"))
        .collect();
    let parts: Vec<(&str, &[u8])> = std::iter::once(TYPES)
        .chain(many.iter().map(|name| (name.as_str(), b"".as_slice())))
        .collect();
    let crowd = zipped(&parts, DateTime::default());
    // A head that lies of its size: the number stands at two places, 22 and 24 bytes on.
    let mut liar = bomb.clone();
    let size = u32::try_from(zeros.len()).expect("fits").to_le_bytes();
    for at in 0..liar.len() - 4 {
        if liar[at..at + 4] == size {
            liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    for (file, reasons) in [
        (bomb, [Reason::Bomb, Reason::Bomb]),
        (crowd, [Reason::Bomb, Reason::Bomb]),
        (liar, [Reason::Structure, Reason::Damaged]),
    ] {
        let (out, report) = strip(FileKind::OfficeZip, &file);
        let Outcome::CouldNot(reason) = report.outcome else {
            panic!("{report:?}")
        };
        assert!(reasons.contains(&reason), "{reason:?}");
        assert!(out == file);
    }
}

#[test]
fn what_is_no_office_file_is_said() {
    let plain = zipped(&[("a.txt", b"a")], DateTime::default());
    let (out, report) = strip(FileKind::OfficeZip, &plain);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Structure));
    assert!(out == plain);
    let (_, report) = strip(FileKind::OfficeZip, b"PK\x03\x04 and nothing");
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Damaged));
    let wide: Vec<u8> = "<w:document/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let root = relations(&[("rId1", "officeDocument", "word/document.xml")]);
    let file = zipped(
        &[
            TYPES,
            ("_rels/.rels", root.as_bytes()),
            ("word/document.xml", &wide),
        ],
        DateTime::default(),
    );
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Structure));
    assert!(out == file);
    let signed = zipped(
        &[TYPES, ("_xmlsignatures/sig1.xml", b"<a/>")],
        DateTime::default(),
    );
    let (out, report) = strip(FileKind::OfficeZip, &signed);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Signed));
    assert!(out == signed);
}

#[test]
fn an_open_document_loses_what_tells_and_keeps_its_text() {
    let shop = Workshop::new();
    shop.write("in.jpg", &jpeg(32, 24));
    shop.tag("in.jpg", &["-EXIF:Make=MifengPhone"]);
    let photo = shop.read("in.jpg");
    let spaces = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
        xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
        xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
        xmlns:rdfa=\"urn:mifeng:Zhang Wei\"";
    let content = |more: &str| {
        format!(
            "<office:document-content {spaces} office:version=\"1.3\"><office:body><office:text>{more}<text:p text:style-name=\"P1\">Text stays: 李娜 \
             <text:a xlink:type=\"simple\" xlink:href=\"https://example.org/\">here</text:a><text:a xlink:href=\"file:///C:/Users/Zhang Wei/a.odt\">there</text:a></text:p>\
             <draw:frame draw:name=\"SN-4711.jpg\" svg:width=\"5cm\"><draw:image xlink:href=\"Pictures/100.jpg\"/><svg:desc>C:\\Zhang Wei\\a.jpg</svg:desc></draw:frame>\
             </office:text></office:body></office:document-content>"
        )
    };
    let file = |more: &str| {
        zipped(
            &[
                ("mimetype", b"application/vnd.oasis.opendocument.text"),
                ("content.xml", content(more).as_bytes()),
                ("meta.xml", b"<office:document-meta><meta:initial-creator>Zhang Wei</meta:initial-creator><meta:generator>PicSoft</meta:generator></office:document-meta>"),
                ("settings.xml", b"<a>Riverside printer</a>"),
                ("Thumbnails/thumbnail.png", b"Zhang Wei"),
                ("Configurations2/a.xml", b"Zhang Wei"),
                ("Pictures/100.jpg", &photo),
                ("META-INF/manifest.xml", b"<manifest:manifest/>"),
            ],
            DateTime::default(),
        )
    };
    let (out, report) = strip(FileKind::OfficeZip, &file(""));
    assert_eq!(report.outcome, Outcome::Cleaned, "{report:?}");
    assert_removed(
        &report,
        &[
            What::Author,
            What::Software,
            What::Device,
            What::Thumbnail,
            What::Path,
        ],
    );
    let parts = unzipped(&out);
    assert!(parts.iter().all(|(_, content)| tells(content).is_none()));
    assert_eq!(parts[0].0, "mimetype");
    let text = part(&parts, "content.xml");
    for kept in [
        "Text stays: 李娜",
        "https://example.org/",
        "there",
        "Pictures/100.jpg",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
    assert!(part(&parts, "META-INF/manifest.xml").contains("full-path=\"Pictures/100.jpg\""));
    assert_settled(FileKind::OfficeZip, &out);
    let told = "<text:tracked-changes><text:changed-region text:id=\"c1\"><text:deletion><office:change-info><dc:creator>Zhang Wei</dc:creator></office:change-info>\
        <text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>";
    let (out, report) = strip(FileKind::OfficeZip, &file(told));
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Reviewable));
    assert_eq!(left(&report), [What::Deleted]);
    assert!(
        unzipped(&out)
            .iter()
            .all(|(_, content)| tells(content).is_none())
    );
}
