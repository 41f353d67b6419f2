//! PDF files of the test: with a canary in any object, behind any chain of filters.

use super::super::documents;
use super::super::mutation::{CANARY, Dice};
use super::{TOLD, WORD, photo};
use std::io::{Read as _, Write as _};

/// What is behind each stream of a file, where it unpacks.
pub(in crate::metadata) fn streams(file: &[u8]) -> Vec<(String, Vec<u8>)> {
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
pub(in crate::metadata) fn packed(plain: &[u8], filters: &[&str]) -> Vec<u8> {
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

pub(in crate::metadata) fn chain(dice: &mut Dice) -> Vec<&'static str> {
    const ALL: &[&str] = &[
        "FlateDecode",
        "ASCII85Decode",
        "ASCIIHexDecode",
        "RunLengthDecode",
        "LZWDecode",
    ];
    (0..dice.below(4)).map(|_| *dice.one_of(ALL)).collect()
}

pub(in crate::metadata) fn named(filters: &[&str]) -> String {
    let names: String = filters.iter().flat_map(|name| ["/", name]).collect();
    if filters.is_empty() {
        String::new()
    } else {
        format!("/Filter[{names}]")
    }
}

/// A document with the word in some of its places; whether something in it is to be told.
pub(super) fn pdf(dice: &mut Dice) -> (Vec<u8>, bool) {
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
