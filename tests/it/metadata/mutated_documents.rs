//! Documents made by chance, with a word in every place where something private can be: it must be gone from each, but for
//! what is told. A second word stands where something is told: there the page must not say that the file is clean.

#![allow(
    clippy::format_push_string,
    clippy::too_many_lines,
    reason = "a list of places, each put together once"
)]

use super::documents;
use super::mutation::{CANARY, Dice, cases, has_canary, outcome};
use super::office::{relations, unzipped, zipped};
use super::samples::{Workshop, jpeg};
use super::strip;
use mifeng_metadata::{Outcome, Report};
use mifeng_sealing::tip::FileKind;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::OnceLock;
use zip::DateTime;

pub(super) const WORD: &str = "CANARY-MIFENG";
/// Stands in what is told and stays.
pub(super) const TOLD: &str = "TOLD-MIFENG";

/// A photo with the word in its tags.
fn photo() -> &'static [u8] {
    static PHOTO: OnceLock<Vec<u8>> = OnceLock::new();
    PHOTO.get_or_init(|| {
        let shop = Workshop::new();
        shop.write("a.jpg", &jpeg(16, 12));
        let make = format!("-EXIF:Make={WORD}");
        shop.tag(
            "a.jpg",
            &[&make, "-EXIF:GPSLatitude=31.2", "-Comment=CANARY-MIFENG"],
        );
        shop.read("a.jpg")
    })
}

/// Judges one file: the word is gone, and the outcome is that of what was put in.
pub(super) fn judge(
    kind: FileKind,
    case: usize,
    file: &[u8],
    told: bool,
    seen: &mut BTreeMap<&'static str, usize>,
) {
    let (out, report) = strip(kind, file);
    *seen.entry(outcome(&report)).or_insert(0) += 1;
    if let Err(why) = verdict(kind, &out, &report, told) {
        let path = std::env::temp_dir().join(format!("mifeng-{kind:?}-{case}"));
        std::fs::write(&path, file).expect("writes");
        panic!(
            "{kind:?}, case {case}: {why}: {report:?}: {}",
            path.display()
        );
    }
}

fn verdict(kind: FileKind, out: &[u8], report: &Report, told: bool) -> Result<(), String> {
    let clean = !matches!(report.outcome, Outcome::CouldNot(_));
    if clean == told {
        return Err("wrong outcome".to_owned());
    }
    let mut all = vec![("the file".to_owned(), out.to_vec())];
    if kind == FileKind::OfficeZip {
        all.extend(unzipped(out));
    } else {
        all.extend(streams(out));
    }
    for (name, content) in &all {
        let hexed = [hex::encode(CANARY), hex::encode_upper(CANARY)];
        let in_hex = hexed
            .iter()
            .any(|word| content.windows(word.len()).any(|it| it == word.as_bytes()));
        if has_canary(content) || in_hex || name.contains(WORD) {
            return Err(format!("the word is in {name} still"));
        }
        if clean && content.windows(TOLD.len()).any(|it| it == TOLD.as_bytes()) {
            return Err(format!("what is to be told is in {name}, and is not told"));
        }
    }
    let (again, second) = strip(kind, out);
    if clean && (again != out || second.outcome != Outcome::NothingFound) {
        return Err(format!("a second time: {second:?}"));
    }
    Ok(())
}

/// A prefix that nobody would guess.
fn prefix(dice: &mut Dice, usual: &str) -> String {
    match dice.below(4) {
        0 => format!("ns{}", dice.below(30)),
        1 => format!("{WORD}.{}", dice.below(9)),
        _ => usual.to_owned(),
    }
}

/// A place with the word in it, by chance one that somebody writes.
fn path(dice: &mut Dice) -> String {
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
fn word(dice: &mut Dice) -> (Vec<u8>, bool) {
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
fn workbook(dice: &mut Dice) -> (Vec<u8>, bool) {
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

#[test]
fn nothing_that_was_put_into_an_office_file_stays_untold() {
    let mut seen = BTreeMap::new();
    for case in 0..cases(1500) {
        let mut dice = Dice::of(case);
        let (file, told) = if dice.is(2) {
            word(&mut dice)
        } else {
            workbook(&mut dice)
        };
        judge(FileKind::OfficeZip, case, &file, told, &mut seen);
    }
    println!("office: {seen:?}");
    assert!(seen["cleaned"] > 100 && seen["reviewable"] > 50, "{seen:?}");
}

/// What is behind each stream of a file, where it unpacks.
pub(super) fn streams(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = file[at..].windows(7).position(|it| it == b"stream\n") {
        at += start + 7;
        let mut plain = Vec::new();
        let _ = flate2::read::ZlibDecoder::new(&file[at..]).read_to_end(&mut plain);
        found.push((format!("the stream at {at}"), plain));
    }
    found
}

/// Packs bytes by the filters, the last of them first.
pub(super) fn packed(plain: &[u8], filters: &[&str]) -> Vec<u8> {
    let mut bytes = plain.to_vec();
    for filter in filters.iter().rev() {
        bytes = match *filter {
            "FlateDecode" => {
                let mut encoder =
                    flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(&bytes).expect("packs");
                encoder.finish().expect("packs")
            }
            "ASCIIHexDecode" => [hex::encode(&bytes).as_bytes(), b">"].concat(),
            "RunLengthDecode" => {
                let mut out = Vec::new();
                for run in bytes.chunks(128) {
                    out.push(u8::try_from(run.len() - 1).expect("short"));
                    out.extend_from_slice(run);
                }
                out.push(128);
                out
            }
            "LZWDecode" => lzw(&bytes),
            _ => ascii85(&bytes),
        };
    }
    bytes
}

/// LZW that only ever uses codes of nine bits: its table is cleared before it grows.
fn lzw(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    let mut put = |code: u32, out: &mut Vec<u8>| {
        held = held << 9 | code;
        bits += 9;
        while bits >= 8 {
            bits -= 8;
            out.push((held >> bits).to_le_bytes()[0]);
            held &= (1 << bits) - 1;
        }
    };
    for run in bytes.chunks(200) {
        put(256, &mut out);
        for byte in run {
            put(u32::from(*byte), &mut out);
        }
    }
    put(257, &mut out);
    put(0, &mut out);
    out
}

fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for group in bytes.chunks(4) {
        let mut four = [0; 4];
        four[..group.len()].copy_from_slice(group);
        let mut number = u32::from_be_bytes(four);
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = b'!' + (number % 85).to_le_bytes()[0];
            number /= 85;
        }
        out.extend_from_slice(&digits[..=group.len()]);
    }
    out.extend_from_slice(b"~>");
    out
}

pub(super) fn chain(dice: &mut Dice) -> Vec<&'static str> {
    const ALL: &[&str] = &[
        "FlateDecode",
        "ASCII85Decode",
        "ASCIIHexDecode",
        "RunLengthDecode",
        "LZWDecode",
    ];
    (0..dice.below(4)).map(|_| *dice.one_of(ALL)).collect()
}

pub(super) fn named(filters: &[&str]) -> String {
    let names: String = filters.iter().flat_map(|name| ["/", name]).collect();
    if filters.is_empty() {
        String::new()
    } else {
        format!("/Filter[{names}]")
    }
}

/// A document with the word in some of its places; whether something in it is to be told.
fn pdf(dice: &mut Dice) -> (Vec<u8>, bool) {
    let (mut catalogue, mut page, mut trailer) = (String::new(), String::new(), String::new());
    let (mut content, mut objects) = (String::from("BT /F1 12 Tf (Text stays) Tj ET"), Vec::new());
    let mut told = false;
    let first = 5;
    for _ in 0..=dice.below(5) {
        let number = first + objects.len();
        let filters = chain(dice);
        match dice.below(24) {
            0 => {
                trailer += &format!(" /Info {number} 0 R");
                objects
                    .push(format!("<</Author({WORD})/Title<{}>>>", hex::encode(WORD)).into_bytes());
            }
            1 => {
                catalogue += &format!("/Metadata {number} 0 R");
                let entries = format!("/Type/Metadata/Subtype/XML{}", named(&filters));
                objects.push(documents::stream(
                    &entries,
                    &packed(format!("<x dc:creator='{WORD}'/>").as_bytes(), &filters),
                ));
            }
            2 => {
                page += &format!("/XObject<</I{number} {number} 0 R>>");
                content += &format!(" /I{number} Do");
                let all = [filters.as_slice(), &["DCTDecode"]].concat();
                let parameters = [
                    "",
                    "/DecodeParms[null]",
                    "/DecodeParms<</ColorTransform 1>>",
                ];
                let parameters = if filters.is_empty() {
                    *dice.one_of(&parameters)
                } else {
                    ""
                };
                let entries = format!(
                    "/Type/XObject/Subtype/Image/Width 16/Height 12/ColorSpace/DeviceRGB/BitsPerComponent 8{}{parameters}",
                    named(&all)
                );
                objects.push(documents::stream(&entries, &packed(photo(), &filters)));
            }
            3 => catalogue += &format!("/PieceInfo<</{WORD} ({WORD})>>"),
            4 => catalogue += &format!("/Nonesuch({WORD})"),
            5 => catalogue += &format!("/{WORD}/{WORD}"),
            6 => catalogue += &format!("/OpenAction<</S/JavaScript/JS({WORD})>>"),
            7 => catalogue += &format!("/OpenAction<</S/Launch/F({WORD})>>"),
            8 => catalogue += &format!("%{WORD}\n"),
            9 => page += &format!("/ExtGState<</{WORD} <</LW 1>>>>"),
            10 => content += &format!(" %{WORD}\n"),
            11 => content += &format!(" /P <</Alt({WORD})/MCID 0>> BDC EMC"),
            12 => content += &format!(" ({WORD}) {WORD}"),
            13 => content += &format!(" q 1 0 0 1 0 0 cm /{WORD} Do Q"),
            14 => objects.push(format!("<</{WORD} ({WORD})>>").into_bytes()),
            15 => objects.push(documents::stream(
                &named(&filters),
                &packed(WORD.as_bytes(), &filters),
            )),
            16 => trailer += &format!(" /ID[({WORD})({WORD})]"),
            17 => trailer += &format!(" /DocChecksum/{WORD}"),
            18 => {
                let target = ["file:///C:/Users/", "C:\\\\", "//server/", "x-apple:"];
                let target = *dice.one_of(&target);
                catalogue += &format!("/OpenAction<</S/URI/URI({target}{WORD})>>");
            }
            19 => {
                page += &format!(
                    "/Font<</F1 <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Note({WORD})>>>>"
                );
            }
            20 => page += &format!("/ColorSpace<</C1[/ICCBased {number} 0 R]>>").to_owned(),
            21 => {
                catalogue += &format!("/AcroForm<</Fields[]/XFA({WORD})>>");
            }
            22 => {
                catalogue += &format!(
                    "/Names<</EmbeddedFiles<</Names[(a.txt) <</Type/Filespec/F(C:\\\\{WORD}\\\\a.txt)/Desc({WORD})/EF<</F {number} 0 R>>>>]>>>>"
                );
                objects.push(documents::stream(
                    &format!("/Type/EmbeddedFile/Params<</ModDate({WORD})>>"),
                    TOLD.as_bytes(),
                ));
                told = true;
            }
            _ => {
                page += &format!("/XObject<</J{number} {number} 0 R>>");
                content += &format!(" /J{number} Do");
                objects.push(documents::stream(
                    "/Type/XObject/Subtype/Image/Width 1/Height 1/Filter/NonesuchDecode",
                    TOLD.as_bytes(),
                ));
                told = true;
            }
        }
    }
    let filters = chain(dice);
    let fixed = [
        format!("<</Type/Catalog/Pages 2 0 R{catalogue}\n>>").into_bytes(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<{page}>>>>"
        )
        .into_bytes(),
        documents::stream(&named(&filters), &packed(content.as_bytes(), &filters)),
    ];
    let objects: Vec<_> = fixed.into_iter().chain(objects).collect();
    let mut file = documents::pdf(&objects, &trailer);
    match dice.below(8) {
        0 => file.extend_from_slice(CANARY),
        1 if !told => file.extend_from_slice(format!("\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Was({WORD})>>endobj\n").as_bytes()),
        2 => file = [b"%PDF-1.6\n".as_slice(), CANARY, b"\n", &file].concat(),
        _ => {}
    }
    (file, told)
}

#[test]
fn nothing_that_was_put_into_a_pdf_stays_untold() {
    let mut seen = BTreeMap::new();
    for case in 0..cases(3000) {
        let mut dice = Dice::of(case);
        let (file, told) = pdf(&mut dice);
        // Keys that are there twice, of which the first counts, may hide what would be told: then it is left out.
        let twice = ["/XObject<<", "/Names<<"].iter().any(|key| {
            let text = String::from_utf8_lossy(&file).into_owned();
            text.matches(key).count() > 1
        });
        if !(told && twice) {
            judge(FileKind::Pdf, case, &file, told, &mut seen);
        }
    }
    println!("pdf: {seen:?}");
    assert!(seen["cleaned"] > 1000 && seen["embedded"] > 50, "{seen:?}");
}
