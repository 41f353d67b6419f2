//! Office files of the tests, put together part by part.

use super::super::samples::{Workshop, jpeg};
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

pub(in crate::metadata) fn zipped(parts: &[(&str, &[u8])], time: DateTime) -> Vec<u8> {
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

pub(in crate::metadata) fn unzipped(file: &[u8]) -> Vec<(String, Vec<u8>)> {
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
pub(in crate::metadata) const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";

pub(super) const SHEETS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/// A relation: number, end of its type, target; external where the target is no part.
pub(in crate::metadata) type Relation<'a> = (&'a str, &'a str, &'a str);

pub(in crate::metadata) fn relations(all: &[Relation<'_>]) -> String {
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

pub(super) const TYPES: (&str, &[u8]) = (
    "[Content_Types].xml",
    b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
      <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>",
);

pub(super) const CORE: (&str, &[u8]) = (
    "docProps/core.xml",
    b"<cp:coreProperties><dc:creator>Zhang Wei</dc:creator><dcterms:created>2024-05-06</dcterms:created>\
      <dc:title>slip of May</dc:title></cp:coreProperties>",
);

const APP: (&str, &[u8]) = (
    "docProps/app.xml",
    b"<Properties><Application>PicSoft 3</Application><Company>Riverside</Company></Properties>",
);

pub(in crate::metadata) fn sample(shop: &Workshop) -> Vec<u8> {
    word(shop, &[], &[])
}

/// A document with one picture, which is these bytes.
pub(in crate::metadata) fn with_picture(picture: &[u8]) -> Vec<u8> {
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
pub(in crate::metadata) fn word(
    shop: &Workshop,
    more: &[(&str, &[u8])],
    links: &[Relation<'_>],
) -> Vec<u8> {
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
