//! Office files of the test: Word and Excel with a canary somewhere that no reader of theirs sees.

use super::super::mutation::{CANARY, Dice};
use super::super::office::{relations, zipped};
use super::{TOLD, WORD, photo};
use zip::DateTime;

/// A prefix that nobody would guess.
fn prefix(dice: &mut Dice, usual: &str) -> String {
    match dice.below(4) {
        0 => format!("ns{}", dice.below(30)),
        1 => format!("{WORD}.{}", dice.below(9)),
        _ => usual.to_owned(),
    }
}

/// A place with the word in it, by chance one that somebody writes.
pub(super) fn path(dice: &mut Dice) -> String {
    let places = [
        format!("file:///C:/Users/{WORD}/a.docx"),
        format!("C:\\Users\\{WORD}\\a.jpg"),
        format!("\\\\server\\{WORD}\\a.xlsx"),
        format!("file:///home/{WORD}/a.odt"),
        format!("D:/{WORD}/b.png"),
        format!("/Users/{WORD}/Desktop/c.png"),
    ];
    dice.one_of(&places).clone()
}

/// A document of Word; whether something in it is to be told.
pub(super) fn word(dice: &mut Dice) -> (Vec<u8>, bool) {
    let w = prefix(dice, "w");
    let strict = dice.is(4);
    let space = if strict {
        "http://purl.oclc.org/ooxml/wordprocessingml/main"
    } else {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    };
    let spaces = format!(
        "xmlns:{w}=\"{space}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:q=\"urn:{WORD}\" \
         xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\""
    );
    let mut links = vec![(
        "rId1".to_owned(),
        "settings".to_owned(),
        "settings.xml".to_owned(),
    )];
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let (mut body, mut told) = (String::new(), false);
    for _ in 0..=dice.below(5) {
        let number = links.len() + parts.len() + 1;
        let place = path(dice);
        match dice.below(22) {
            0 => {
                body += &format!(
                    "<{w}:p {w}:rsidR=\"{WORD}\"><{w}:ins {w}:author=\"{WORD}\" {w}:date=\"{WORD}\"/></{w}:p>"
                );
            }
            1 => body += &format!("<{w}:p q:owner=\"{WORD}\"/>"),
            2 => body += &format!("<q:thing>{WORD}</q:thing>"),
            3 => body += &format!("<{w}:p {w}:nonesuch=\"{WORD}\">{WORD}</{w}:p>"),
            4 => body += &format!("<!-- {WORD} -->"),
            5 => body += &format!("<?{WORD} x?>"),
            6 => {
                body += &format!(
                    "<wp:docPr id=\"1\" name=\"{WORD}.jpg\" descr=\"{place}\" title=\"{WORD}.png\"/>"
                );
            }
            7 => {
                body += &format!(
                    "<{w}:r><{w}:instrText> INCLUDEPICTURE \"{place}\" </{w}:instrText></{w}:r>"
                );
            }
            8 => body += &format!("<{w}:jc {w}:val=\"{WORD}\"/>"),
            9 => body += &format!("<{w}:sz {w}:val=\"{WORD}\"/>"),
            10 => {
                links.push((
                    format!("rId{number}"),
                    "hyperlink".to_owned(),
                    format!("file:///C:/{WORD}/a.doc"),
                ));
                body += &format!(
                    "<{w}:hyperlink r:id=\"rId{number}\"><{w}:r><{w}:t>stays</{w}:t></{w}:r></{w}:hyperlink>"
                );
            }
            11 => links.push((
                format!("rId{number}"),
                "image".to_owned(),
                format!("file:///C:/{WORD}/a.jpg"),
            )),
            12 => links.push((
                format!("rId{number}"),
                "attachedTemplate".to_owned(),
                format!("file:///C:/{WORD}.dotm"),
            )),
            13 => {
                let ending = *dice.one_of(&["tmp", "jfif", "bin", "dat", "jpg", "png", "emf"]);
                let name = format!("media/image{number}.{ending}");
                links.push((format!("rId{number}"), "image".to_owned(), name.clone()));
                parts.push((format!("word/{name}"), photo().to_vec()));
            }
            14 => {
                let name = format!("media/{WORD}{number}.jpg");
                links.push((format!("rId{number}"), "image".to_owned(), name.clone()));
                parts.push((format!("word/{name}"), photo().to_vec()));
            }
            15 => {
                let tail = *dice.one_of(&[
                    "customXml",
                    "glossaryDocument",
                    "tags",
                    "printerSettings",
                    "nonesuch",
                    "people",
                    "font",
                ]);
                let name = format!("extra{number}.xml");
                links.push((format!("rId{number}"), tail.to_owned(), name.clone()));
                parts.push((
                    format!("word/{name}"),
                    format!("<a>{WORD}</a>").into_bytes(),
                ));
            }
            16 => parts.push((
                format!("{WORD}/{number}.xml"),
                format!("<a>{WORD}</a>").into_bytes(),
            )),
            17 => links.push((
                format!("{WORD}{number}"),
                "hyperlink".to_owned(),
                "https://example.org/".to_owned(),
            )),
            18 => {
                body += &format!(
                    "<mc:AlternateContent><mc:Choice Requires=\"q\"><q:a b=\"{WORD}\"/></mc:Choice><mc:Fallback/></mc:AlternateContent>"
                );
            }
            19 => {
                body += &format!(
                    "<{w}:del {w}:author=\"{WORD}\"><{w}:r><{w}:delText>{TOLD}</{w}:delText></{w}:r></{w}:del>"
                );
                told = true;
            }
            20 => {
                links.push((
                    format!("rId{number}"),
                    "comments".to_owned(),
                    format!("comments{number}.xml"),
                ));
                let comment = format!(
                    "<{w}:comments {spaces}><{w}:comment {w}:id=\"1\" {w}:author=\"{WORD}\" {w}:initials=\"{WORD}\"><{w}:p><{w}:r><{w}:t>{TOLD}</{w}:t></{w}:r></{w}:p></{w}:comment></{w}:comments>"
                );
                parts.push((format!("word/comments{number}.xml"), comment.into_bytes()));
                told = true;
            }
            _ => {
                links.push((
                    format!("rId{number}"),
                    "video".to_owned(),
                    format!("media/media{number}.mp4"),
                ));
                parts.push((
                    format!("word/media/media{number}.mp4"),
                    [b"\0\0\0\x18ftypmp42".as_slice(), TOLD.as_bytes()].concat(),
                ));
                told = true;
            }
        }
    }
    let document = format!(
        "<{w}:document {spaces}><{w}:body>{body}<{w}:p><{w}:r><{w}:t>Text stays</{w}:t></{w}:r></{w}:p></{w}:body></{w}:document>"
    );
    let settings = format!(
        "<{w}:settings {spaces}><{w}:docVars><{w}:docVar {w}:name=\"a\" {w}:val=\"{WORD}\"/></{w}:docVars><{w}:rsids><{w}:rsid {w}:val=\"{WORD}\"/></{w}:rsids></{w}:settings>"
    );
    parts.push(("word/document.xml".to_owned(), document.into_bytes()));
    parts.push(("word/settings.xml".to_owned(), settings.into_bytes()));
    (
        package(
            dice,
            "word/document.xml",
            "word/_rels/document.xml.rels",
            &links,
            parts,
        ),
        told,
    )
}

/// A workbook; whether something in it is to be told.
pub(super) fn workbook(dice: &mut Dice) -> (Vec<u8>, bool) {
    let x = prefix(dice, "x");
    let spaces = format!(
        "xmlns:{x}=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
    );
    let mut links = vec![(
        "rId1".to_owned(),
        "worksheet".to_owned(),
        "worksheets/sheet1.xml".to_owned(),
    )];
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let (mut before, mut sheets, mut cells, mut told) =
        (String::new(), String::new(), String::new(), false);
    for _ in 0..=dice.below(4) {
        let number = links.len() + parts.len() + 1;
        let place = path(dice);
        let mut add = |tail: &str, name: String, xml: String| {
            links.push((format!("rId{number}"), tail.to_owned(), name.clone()));
            parts.push((format!("xl/{name}"), xml.into_bytes()));
        };
        match dice.below(9) {
            0 => before += &format!("<{x}:fileSharing userName=\"{WORD}\"/>"),
            1 => {
                before += &format!(
                    "<{x}:customWorkbookViews><{x}:customWorkbookView name=\"{WORD}\" guid=\"{{0}}\"/></{x}:customWorkbookViews>"
                );
            }
            2 => add(
                "connections",
                format!("connections{number}.xml"),
                format!(
                    "<{x}:connections {spaces}><{x}:connection id=\"1\" sourceFile=\"{place}\" odcFile=\"{WORD}\"><{x}:dbPr connection=\"User ID={WORD}\" command=\"{WORD}\"/></{x}:connection></{x}:connections>"
                ),
            ),
            3 => add(
                "pivotCacheDefinition",
                format!("pivotCache/pivotCacheDefinition{number}.xml"),
                format!(
                    "<{x}:pivotCacheDefinition {spaces} refreshedBy=\"{WORD}\" refreshedDate=\"45000\"/>"
                ),
            ),
            4 => {
                add(
                    "externalLink",
                    format!("externalLinks/externalLink{number}.xml"),
                    format!(
                        "<{x}:externalLink {spaces}><{x}:externalBook r:id=\"rId1\"><{x}:sheetDataSet><{x}:sheetData sheetId=\"0\"><{x}:row r=\"1\"><{x}:cell r=\"A1\" t=\"str\"><{x}:v>{TOLD}</{x}:v></{x}:cell></{x}:row></{x}:sheetData></{x}:sheetDataSet></{x}:externalBook></{x}:externalLink>"
                    ),
                );
                let outside = relations(&[(
                    "rId1",
                    "externalLinkPath",
                    &format!("file:///C:/{WORD}.xlsx"),
                )]);
                parts.push((
                    format!("xl/externalLinks/_rels/externalLink{number}.xml.rels"),
                    outside.into_bytes(),
                ));
                told = true;
            }
            5 => {
                add(
                    "worksheet",
                    format!("worksheets/sheet{number}.xml"),
                    format!("<{x}:worksheet {spaces}><{x}:sheetData/></{x}:worksheet>"),
                );
                let state = *dice.one_of(&["hidden", "veryHidden"]);
                sheets += &format!(
                    "<{x}:sheet name=\"{TOLD}\" sheetId=\"{number}\" state=\"{state}\" r:id=\"rId{number}\"/>"
                );
                told = true;
            }
            6 => {
                cells += &format!(
                    "<{x}:row r=\"2\"><{x}:c r=\"A2\"><{x}:f>'{place}'!A1</{x}:f><{x}:v>3</{x}:v></{x}:c></{x}:row>"
                );
            }
            7 => {
                cells += &format!(
                    "<{x}:row r=\"3\" {WORD}=\"1\"><{x}:c r=\"A3\" s=\"{WORD}\"/></{x}:row>"
                );
            }
            _ => add(
                "printerSettings",
                format!("printerSettings/printerSettings{number}.bin"),
                WORD.to_owned(),
            ),
        }
    }
    let book = format!(
        "<{x}:workbook {spaces}>{before}<{x}:sheets><{x}:sheet name=\"工资\" sheetId=\"1\" r:id=\"rId1\"/>{sheets}</{x}:sheets></{x}:workbook>"
    );
    let sheet =
        format!("<{x}:worksheet {spaces}><{x}:sheetData>{cells}</{x}:sheetData></{x}:worksheet>");
    parts.push(("xl/workbook.xml".to_owned(), book.into_bytes()));
    parts.push(("xl/worksheets/sheet1.xml".to_owned(), sheet.into_bytes()));
    (
        package(
            dice,
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            &links,
            parts,
        ),
        told,
    )
}

/// The package around parts, with more of what tells.
fn package(
    dice: &mut Dice,
    main: &str,
    relations_name: &str,
    links: &[(String, String, String)],
    mut parts: Vec<(String, Vec<u8>)>,
) -> Vec<u8> {
    let links: Vec<_> = links
        .iter()
        .map(|(id, tail, target)| (id.as_str(), tail.as_str(), target.as_str()))
        .collect();
    let mut roots = vec![("rId1", "officeDocument", main)];
    if dice.is(2) {
        roots.push(("rId2", "metadata/core-properties", "docProps/core.xml"));
        parts.push((
            "docProps/core.xml".to_owned(),
            format!("<a><creator>{WORD}</creator></a>").into_bytes(),
        ));
    }
    if dice.is(3) {
        roots.push(("rId3", "metadata/thumbnail", "docProps/thumbnail.jpeg"));
        parts.push(("docProps/thumbnail.jpeg".to_owned(), photo().to_vec()));
    }
    parts.push(("_rels/.rels".to_owned(), relations(&roots).into_bytes()));
    parts.push((relations_name.to_owned(), relations(&links).into_bytes()));
    let types = format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"x\" ContentType=\"application/{WORD}\"/></Types>"
    );
    parts.insert(0, ("[Content_Types].xml".to_owned(), types.into_bytes()));
    let parts: Vec<_> = parts
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()))
        .collect();
    let mut file = zipped(&parts, DateTime::default());
    if dice.is(5) {
        file.extend_from_slice(CANARY);
    }
    if dice.is(5) {
        file = [CANARY, &file].concat();
    }
    file
}
