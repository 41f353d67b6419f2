//! Office files: written here part by part, as Word, Excel and `PowerPoint` name them.

use super::samples::{Workshop, jpeg, tells};
use super::{assert_removed, assert_settled, strip};
use mifeng::intake::metadata::{Outcome, Reason, What};
use mifeng::tip::FileKind;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

fn zipped(parts: &[(&str, &[u8])], time: DateTime) -> Vec<u8> {
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

fn unzipped(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(file)).expect("a ZIP");
    let parts = (0..archive.len()).map(|index| {
        let mut part = archive.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("reads");
        (name, content)
    });
    parts.collect()
}

const TYPES: (&str, &[u8]) = (
    "[Content_Types].xml",
    b"<Types><Default Extension=\"xml\"/></Types>",
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
    word(shop, &[])
}

fn word(shop: &Workshop, more: &[(&str, &[u8])]) -> Vec<u8> {
    shop.write("in.jpg", &jpeg(32, 24));
    shop.tag(
        "in.jpg",
        &["-EXIF:Make=MifengPhone", "-EXIF:GPSLatitude=31.2"],
    );
    let photo = shop.read("in.jpg");
    let parts: Vec<(&str, &[u8])> = vec![
        TYPES,
        (
            "_rels/.rels",
            b"<Relationships><Relationship Id=\"r1\" Type=\"http://x/officeDocument\" Target=\"word/document.xml\"/>\
              <Relationship Id=\"r2\" Type=\"http://x/metadata/thumbnail\" Target=\"docProps/thumbnail.jpeg\"/></Relationships>",
        ),
        (
            "word/document.xml",
            "<w:document><!-- kept --><w:p w:rsidR=\"00AB12\" w:rsidRDefault='00AB13'><w:ins w:id=\"1\" w:author=\"Zhang Wei\" \
             w:date=\"2024-05-06T07:08:09Z\"><w:r><w:t xml:space=\"preserve\">Text stays: 李娜 &lt;&amp; a > b</w:t></w:r></w:ins></w:p></w:document>"
                .as_bytes(),
        ),
        (
            "word/comments.xml",
            b"<w:comments><w:comment w:id=\"0\" w:author=\"Zhang Wei\" w:initials=\"ZW\" w:date=\"2024-05-06T07:08:09Z\"/></w:comments>",
        ),
        (
            "word/settings.xml",
            b"<w:settings><w:rsids><w:rsidRoot w:val=\"00AB12\"/><w:rsid w:val=\"00AB13\"/></w:rsids></w:settings>",
        ),
        (
            "word/_rels/settings.xml.rels",
            b"<Relationships><Relationship Id=\"r1\" Type=\"http://x/attachedTemplate\" Target=\"file:///C:/Users/Zhang Wei/My.dotm\" TargetMode=\"External\"/></Relationships>",
        ),
        CORE,
        APP,
        ("docProps/thumbnail.jpeg", b"a small Zhang Wei"),
        ("word/media/image1.jpeg", &photo),
        ("word/fonts/font1.odttf", b"\x00\x01font"),
    ];
    let parts = [&parts, more].concat();
    let time = DateTime::from_date_and_time(2024, 5, 6, 7, 8, 8).expect("a time");
    zipped(&parts, time)
}

#[test]
fn a_word_file_loses_what_tells_and_keeps_its_text() {
    let shop = Workshop::new();
    let file = word(&shop, &[]);
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
    ];
    assert_removed(&report, &all);
    let parts = unzipped(&out);
    for (name, content) in &parts {
        assert_eq!(tells(content), None, "{name}");
        assert_ne!(name, "docProps/thumbnail.jpeg");
    }
    let part = |name: &str| {
        let (_, content) = parts
            .iter()
            .find(|(found, _)| found == name)
            .expect("there");
        String::from_utf8_lossy(content).into_owned()
    };
    assert_eq!(
        part("word/document.xml"),
        "<w:document><!-- kept --><w:p><w:ins w:id=\"1\" w:author=\"Author\"><w:r><w:t xml:space=\"preserve\">\
         Text stays: 李娜 &lt;&amp; a > b</w:t></w:r></w:ins></w:p></w:document>"
    );
    assert_eq!(
        part("word/settings.xml"),
        "<w:settings><w:rsids></w:rsids></w:settings>"
    );
    assert!(!part("_rels/.rels").contains("thumbnail"));
    assert!(part("_rels/.rels").contains("word/document.xml"));
    assert!(part("word/_rels/settings.xml.rels").contains("Target=\"Normal.dotm\""));
    assert_eq!(part("word/fonts/font1.odttf").as_bytes(), b"\x00\x01font");
    assert_settled(FileKind::OfficeZip, &out);
}

#[test]
fn a_workbook_loses_its_writers_and_its_printer() {
    let file = zipped(
        &[
            TYPES,
            (
                "xl/workbook.xml",
                b"<workbook><fileSharing userName=\"Zhang Wei\"/><x15ac:absPath url=\"C:\\Users\\Zhang Wei\\\"/></workbook>",
            ),
            (
                "xl/comments1.xml",
                b"<comments><authors><author>Zhang Wei</author></authors><comment ref=\"A1\" authorId=\"0\"><text>stays</text></comment></comments>",
            ),
            (
                "xl/persons/person.xml",
                b"<personList><person displayName=\"Zhang Wei\" id=\"{1}\" userId=\"SN-4711\" providerId=\"None\"/></personList>",
            ),
            (
                "xl/threadedComments/threadedComment1.xml",
                b"<ThreadedComments><threadedComment ref=\"A1\" dT=\"2024-05-06T07:08:09\" personId=\"{1}\"><text>stays</text></threadedComment></ThreadedComments>",
            ),
            ("xl/worksheets/sheet1.xml", b"<worksheet><pageSetup paperSize=\"9\" r:id=\"r1\"/></worksheet>"),
            (
                "xl/worksheets/_rels/sheet1.xml.rels",
                b"<Relationships><Relationship Id=\"r1\" Type=\"http://x/printerSettings\" Target=\"../printerSettings/printerSettings1.bin\"/></Relationships>",
            ),
            ("xl/printerSettings/printerSettings1.bin", b"Riverside printer"),
            CORE,
        ],
        DateTime::default(),
    );
    assert_eq!(FileKind::sniff(&file), Some(FileKind::OfficeZip));
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(report.outcome, Outcome::Cleaned, "{report:?}");
    assert_removed(&report, &[What::Author, What::Date, What::Device]);
    let parts = unzipped(&out);
    for (name, content) in &parts {
        assert_eq!(tells(content), None, "{name}");
        let text = String::from_utf8_lossy(content);
        assert!(
            !name.contains("comments1")
                || text.contains("<author></author>") && text.contains("stays")
        );
        assert!(
            !name.ends_with("sheet1.xml") || text.contains("<pageSetup paperSize=\"9\"/>"),
            "{text}"
        );
        assert!(!name.contains("printerSettings"));
    }
    assert_settled(FileKind::OfficeZip, &out);
}

#[test]
fn slides_lose_their_writers() {
    let file = zipped(
        &[
            TYPES,
            ("ppt/commentAuthors.xml", b"<p:cmAuthorLst><p:cmAuthor id=\"1\" name=\"Zhang Wei\" initials=\"ZW\"/></p:cmAuthorLst>"),
            ("ppt/comments/comment1.xml", b"<p:cmLst><p:cm authorId=\"1\" dt=\"2024-05-06T07:08:09\"><p:text>stays</p:text></p:cm></p:cmLst>"),
            ("ppt/slides/slide1.xml", b"<p:sld><p:cNvPr id=\"1\" name=\"Title stays\"/></p:sld>"),
        ],
        DateTime::default(),
    );
    assert_eq!(FileKind::sniff(&file), Some(FileKind::OfficeZip));
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(report.outcome, Outcome::Cleaned);
    assert_removed(&report, &[What::Author, What::Date]);
    let parts = unzipped(&out);
    assert!(parts.iter().all(|(_, content)| tells(content).is_none()));
    assert!(
        parts
            .iter()
            .any(|(_, content)| String::from_utf8_lossy(content).contains("Title stays"))
    );
}

#[test]
fn a_file_without_metadata_passes_as_it_is() {
    let file = zipped(
        &[TYPES, ("word/document.xml", b"<w:document/>")],
        DateTime::default(),
    );
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(report.outcome, Outcome::NothingFound);
    assert!(out == file);
}

#[test]
fn files_within_are_told() {
    let shop = Workshop::new();
    let file = word(&shop, &[("word/embeddings/Sheet.xlsx", b"anything")]);
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Embedded));
    // What could be done was done.
    assert!(
        unzipped(&out)
            .iter()
            .all(|(_, content)| tells(content).is_none())
    );
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
        (liar, [Reason::Bomb, Reason::Damaged]),
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
    let file = zipped(&[TYPES, ("word/document.xml", &wide)], DateTime::default());
    let (out, report) = strip(FileKind::OfficeZip, &file);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Structure));
    assert!(out == file);
}
