//! Office files: written here part by part, as Word, Excel and `PowerPoint` name them.

use super::samples::{Workshop, jpeg, tells};
use super::{assert_removed, assert_settled, strip};
use mifeng_metadata::{Finding, Outcome, Reason, Report, What};
use mifeng_sealing::tip::FileKind;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

pub(super) fn zipped(parts: &[(&str, &[u8])], time: DateTime) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(time);
    for (name, content) in parts {
        writer.start_file(*name, options).expect("starts");
        writer.write_all(content).expect("writes");
    }
    writer.finish().expect("finishes").into_inner()
}

pub(super) fn unzipped(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("a ZIP");
    let parts = (0..archive.len()).map(|index| {
        let mut part = archive.by_index(index).expect("a part");
        assert_eq!(part.last_modified(), Some(DateTime::default()));
        assert!(
            part.extra_data().is_none_or(|extra| extra.is_empty()) && part.comment().is_empty()
        );
        let name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("reads");
        (name, content)
    });
    parts.collect()
}

/// What each prefix in these samples stands for.
pub(super) const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";
const SHEETS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/// A relation: number, end of its type, target; external where the target is no part.
pub(super) type Relation<'a> = (&'a str, &'a str, &'a str);

pub(super) fn relations(all: &[Relation<'_>]) -> String {
    let mut xml = String::from(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    );
    for (id, tail, target) in all {
        let outside = target.contains(':') || target.starts_with("\\\\");
        let mode = if outside {
            " TargetMode=\"External\""
        } else {
            ""
        };
        write!(
            xml,
            "<Relationship Id=\"{id}\" Type=\"{TYPE}{tail}\" Target=\"{target}\"{mode}/>"
        )
        .expect("writes");
    }
    xml + "</Relationships>"
}

const TYPES: (&str, &[u8]) = (
    "[Content_Types].xml",
    b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
      <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>",
);
const CORE: (&str, &[u8]) = (
    "docProps/core.xml",
    b"<cp:coreProperties><dc:creator>Zhang Wei</dc:creator><dcterms:created>2024-05-06</dcterms:created>\
      <dc:title>slip of May</dc:title></cp:coreProperties>",
);
const APP: (&str, &[u8]) = (
    "docProps/app.xml",
    b"<Properties><Application>PicSoft 3</Application><Company>Riverside</Company></Properties>",
);

pub(super) fn sample(shop: &Workshop) -> Vec<u8> {
    word(shop, &[], &[])
}

/// A document with one picture, which is these bytes.
pub(super) fn with_picture(picture: &[u8]) -> Vec<u8> {
    let root = relations(&[("rId1", "officeDocument", "word/document.xml")]);
    let of_document = relations(&[("rId1", "image", "media/image1.png")]);
    let document = format!("<w:document {SPACES}><w:body/></w:document>");
    zipped(
        &[
            TYPES,
            ("_rels/.rels", root.as_bytes()),
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", of_document.as_bytes()),
            ("word/media/image1.png", picture),
        ],
        DateTime::default(),
    )
}

/// A document with everything in it that tells, and `more` in its body.
pub(super) fn word(shop: &Workshop, more: &[(&str, &[u8])], links: &[Relation<'_>]) -> Vec<u8> {
    shop.write("in.jpg", &jpeg(32, 24));
    shop.tag(
        "in.jpg",
        &["-EXIF:Make=MifengPhone", "-EXIF:GPSLatitude=31.2"],
    );
    let photo = shop.read("in.jpg");
    let root = relations(&[
        ("rId1", "officeDocument", "word/document.xml"),
        ("rId2", "metadata/thumbnail", "docProps/thumbnail.jpeg"),
        ("rId3", "metadata/core-properties", "docProps/core.xml"),
        ("rId4", "extended-properties", "docProps/app.xml"),
    ]);
    let mut of_document = vec![
        ("rId1", "styles", "styles.xml"),
        ("rId2", "settings", "settings.xml"),
        ("rId3", "image", "media/image1.jpeg"),
        ("rId4", "customXml", "../customXml/item1.xml"),
    ];
    of_document.extend_from_slice(links);
    let of_document = relations(&of_document);
    let of_settings = relations(&[(
        "rId1",
        "attachedTemplate",
        "file:///C:/Users/Zhang Wei/My.dotm",
    )]);
    let document = format!(
        "<w:document {SPACES}><!-- Zhang Wei --><w:body><w:p w:rsidR=\"00AB12\" w:rsidRDefault='00AB13'><w:ins w:id=\"1\" \
         w:author=\"Zhang Wei\" w:date=\"2024-05-06T07:08:09Z\"><w:r><w:t xml:space=\"preserve\">Text stays: 李娜 &lt;&amp; a > b</w:t></w:r></w:ins></w:p>\
         <w:p><w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"图片 1\" descr=\"C:\\Users\\Zhang Wei\\a.jpg\"/><a:graphic><a:graphicData uri=\"x\">\
         <pic:pic><pic:blipFill><a:blip r:embed=\"rId3\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>\
         </w:body></w:document>"
    );
    let settings = format!(
        "<w:settings {SPACES}><w:zoom w:percent=\"100\"/><w:attachedTemplate r:id=\"rId1\"/><w:rsids><w:rsidRoot w:val=\"00AB12\"/>\
         <w:rsid w:val=\"00AB13\"/></w:rsids><w:docVars><w:docVar w:name=\"a\" w:val=\"SN-4711\"/></w:docVars></w:settings>"
    );
    let styles = format!(
        "<w:styles {SPACES}><w:style w:styleId=\"a\" w:type=\"paragraph\"><w:name w:val=\"正文\"/></w:style></w:styles>"
    );
    let parts: Vec<(&str, &[u8])> = vec![
        TYPES,
        ("_rels/.rels", root.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", of_document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
        ("word/settings.xml", settings.as_bytes()),
        ("word/_rels/settings.xml.rels", of_settings.as_bytes()),
        CORE,
        APP,
        ("docProps/thumbnail.jpeg", b"a small Zhang Wei"),
        ("word/media/image1.jpeg", &photo),
        ("customXml/item1.xml", b"<a>Zhang Wei</a>"),
    ];
    let parts = [&parts, more].concat();
    let time = DateTime::from_date_and_time(2024, 5, 6, 7, 8, 8).expect("a time");
    zipped(&parts, time)
}

fn is_called(name: &str, ending: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, found)| found == ending)
}

fn part(parts: &[(String, Vec<u8>)], name: &str) -> String {
    let found = parts.iter().find(|(found, _)| found == name);
    let (_, content) = found.unwrap_or_else(|| panic!("{name} is there"));
    String::from_utf8_lossy(content).into_owned()
}

/// Every part is named by a relation, has a type, and every relation leads somewhere: a file as programs open it without
/// repair.
pub(super) fn assert_whole(parts: &[(String, Vec<u8>)]) {
    let types = part(parts, "[Content_Types].xml");
    for (name, content) in parts {
        assert!(
            name == "[Content_Types].xml"
                || is_called(name, "rels")
                || types.contains(&format!("PartName=\"/{name}\"")),
            "{name} has a type"
        );
        let text = String::from_utf8_lossy(content);
        if is_called(name, "xml") || is_called(name, "rels") {
            let mut reader = quick_xml::NsReader::from_str(&text);
            loop {
                match reader.read_resolved_event().expect("well-formed") {
                    (quick_xml::name::ResolveResult::Unknown(prefix), _) => {
                        panic!("{name}: {prefix:?} is not declared")
                    }
                    (_, quick_xml::events::Event::Eof) => break,
                    _ => {}
                }
            }
        }
        let Some(of) = name.strip_suffix(".rels") else {
            continue;
        };
        let (folder, of) = of.rsplit_once("_rels/").expect("a folder of relations");
        let source = format!("{folder}{of}");
        assert!(
            of.is_empty() || parts.iter().any(|(name, _)| *name == source),
            "{name} is of a part"
        );
        for relation in text.split("<Relationship ").skip(1) {
            let value = |key: &str| {
                let rest = relation.split_once(&format!("{key}=\"")).expect("has it").1;
                rest.split('"').next().expect("ends").to_owned()
            };
            if relation.contains("TargetMode") {
                continue;
            }
            let target = value("Target");
            let mut folders: Vec<_> = match target.strip_prefix('/') {
                Some(_) => Vec::new(),
                None => folder.split('/').filter(|step| !step.is_empty()).collect(),
            };
            for step in target.split('/').filter(|step| !step.is_empty()) {
                match step {
                    ".." => drop(folders.pop()),
                    step => folders.push(step),
                }
            }
            let target = folders.join("/");
            assert!(
                parts.iter().any(|(name, _)| *name == target),
                "{name} leads to {target}"
            );
        }
    }
    // Relations that are named are there.
    for (name, content) in parts.iter().filter(|(name, _)| is_called(name, "xml")) {
        let text = String::from_utf8_lossy(content);
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        for used in text.split(" r:").skip(1) {
            let Some((_, rest)) = used.split_once("=\"") else {
                continue;
            };
            let id = rest.split('"').next().expect("ends");
            let relations = part(parts, &format!("{folder}/_rels/{file}.rels"));
            assert!(relations.contains(&format!("Id=\"{id}\"")), "{name}: {id}");
        }
    }
}

fn left(report: &Report) -> Vec<What> {
    let left = report.found.iter().filter(|finding| !finding.removed);
    left.map(|Finding { what, .. }| *what).collect()
}

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
