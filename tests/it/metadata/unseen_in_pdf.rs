//! What a viewer does not show of a PDF, made by chance: a word that must be gone, or something that must be told. Each
//! piece is a way to hide something in a file that looks clean.

#![allow(
    clippy::too_many_lines,
    reason = "a list of hiding places, each put together once"
)]

use super::documents;
use super::mutated_documents::{TOLD, WORD, chain, judge, named, packed};
use super::mutation::{Dice, cases};
use super::strip;
use mifeng_metadata::{Outcome, Reason};
use mifeng_sealing::tip::FileKind;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Numbers of the first objects: catalogue, pages, page, content, font.
const FIXED: usize = 5;

/// A document of one page that is being put together. Of each key the first value counts.
#[derive(Default)]
struct Draft {
    catalogue: BTreeMap<String, String>,
    page: BTreeMap<String, String>,
    resources: BTreeMap<&'static str, String>,
    content: String,
    marks: String,
    objects: Vec<Vec<u8>>,
}

impl Draft {
    fn add(&mut self, object: String) -> usize {
        self.objects.push(object.into_bytes());
        FIXED + self.objects.len()
    }

    fn stream(&mut self, dice: &mut Dice, entries: &str, data: &str) -> usize {
        let filters = chain(dice);
        let entries = format!("{entries}{}", named(&filters));
        let data = packed(data.as_bytes(), &filters);
        self.objects.push(documents::stream(&entries, &data));
        FIXED + self.objects.len()
    }

    /// A form with letters in it.
    fn form(&mut self, dice: &mut Dice, words: &str) -> usize {
        let entries = "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</F1 5 0 R>>>>";
        self.stream(dice, entries, &format!("BT /F1 9 Tf ({words}) Tj ET"))
    }

    fn mark(&mut self, entries: &str) -> usize {
        let number = self.add(format!("<</Type/Annot{entries}>>"));
        write!(self.marks, " {number} 0 R").expect("memory");
        number
    }

    fn resource(&mut self, part: &'static str, name: &str, value: &str) {
        let part = self.resources.entry(part).or_default();
        write!(part, "/{name} {value}").expect("memory");
    }

    fn file(mut self, dice: &mut Dice) -> Vec<u8> {
        self.resource("Font", "F1", "5 0 R");
        let written = |entries: &BTreeMap<String, String>| {
            let each = entries
                .iter()
                .flat_map(|(key, value)| ["/", key, " ", value]);
            each.collect::<String>()
        };
        let parts = self.resources.iter();
        let resources: String = parts
            .flat_map(|(part, names)| ["/", part, "<<", names, ">>"])
            .collect();
        let filters = chain(dice);
        let content = format!("BT /F1 12 Tf (Text stays) Tj ET{}", self.content);
        let fixed = [
            format!("<</Type/Catalog/Pages 2 0 R{}>>", written(&self.catalogue)).into_bytes(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Annots[{}]/Resources<<{resources}>>{}>>",
                self.marks,
                written(&self.page)
            )
            .into_bytes(),
            documents::stream(&named(&filters), &packed(content.as_bytes(), &filters)),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        ];
        let objects: Vec<_> = fixed.into_iter().chain(self.objects).collect();
        documents::pdf(&objects, "")
    }
}

const RECT: &str = "/Rect[10 10 50 50]";

/// Something that must be gone.
fn gone(draft: &mut Draft, dice: &mut Dice) {
    let number = FIXED + draft.objects.len() + 1;
    match dice.below(30) {
        0 => {
            let layer = draft.add(format!(
                "<</Type/OCG/Name({WORD})/Usage<</CreatorInfo<</Creator({WORD})>>>>>>"
            ));
            draft.catalogue.insert(
                "OCProperties".to_owned(),
                format!("<</OCGs[{layer} 0 R]/D<</Order[({WORD})[{layer} 0 R]]/Name({WORD})>>/Configs[<</Name({WORD})>>]>>"),
            );
            draft.resource("Properties", &format!("L{layer}"), &format!("{layer} 0 R"));
            write!(draft.content, " /OC /L{layer} BDC EMC").expect("memory");
        }
        1 => {
            let flags = *dice.one_of(&["2", "32", "34", "2.0", "6", "4294967295", "-1"]);
            let subtype = *dice.one_of(&["Text", "FreeText", "Square", "Stamp", "Widget"]);
            draft.mark(&format!(
                "/Subtype/{subtype}{RECT}/F {flags}/Contents({WORD})/V({WORD})"
            ));
        }
        2 => {
            let flags = draft.add("2".to_owned());
            draft.mark(&format!(
                "/Subtype/Text{RECT}/F {flags} 0 R/Contents({WORD})"
            ));
        }
        3 => {
            let rect = *dice.one_of(&[
                "[0 0 0 0]",
                "[5 5 5 90]",
                "[300 300 400 400]",
                "[-50 -50 -1 -1]",
            ]);
            draft.mark(&format!(
                "/Subtype/Link/Rect{rect}/A<</S/URI/URI(https://{WORD}/)>>"
            ));
        }
        4 => {
            let form = draft.form(dice, WORD);
            draft.mark(&format!("/Subtype/Stamp/Rect[0 0 0 0]/AP<</N {form} 0 R>>"));
        }
        5 => {
            let popup = draft.add(format!(
                "<</Type/Annot/Subtype/Popup{RECT}/Contents({WORD})>>"
            ));
            let other = draft.add(format!(
                "<</Type/Annot/Subtype/Text{RECT}/Contents({WORD})>>"
            ));
            draft.mark(&format!(
                "/Subtype/Square{RECT}/Popup {popup} 0 R/IRT {other} 0 R"
            ));
        }
        6 => {
            let key = *dice.one_of(&["ActualText", "Alt", "E", "Lang", "T", "Nonesuch"]);
            let tag = *dice.one_of(&["Span", "P", WORD]);
            write!(draft.content, " /{tag}<</{key}({WORD})/MCID 3>>BDC EMC").expect("memory");
        }
        7 => {
            draft.resource(
                "Properties",
                &format!("P{number}"),
                &format!("<</ActualText({WORD})>>"),
            );
            write!(
                draft.content,
                " /Span /P{number} BDC EMC /{WORD} /P{number} DP"
            )
            .expect("memory");
        }
        8 => {
            let form = draft.form(dice, "shown");
            let field = draft.mark(&format!(
                "/Subtype/Widget{RECT}/FT/Tx/T({WORD})/TU({WORD})/TM({WORD})/DV({WORD})/V({WORD})/RV({WORD})/DA(/{WORD} 9 Tf)\
                 /MK<</CA({WORD})/RC({WORD})/AC({WORD})>>/AP<</N {form} 0 R>>"
            ));
            draft.catalogue.insert(
                "AcroForm".to_owned(),
                format!("<</Fields[{field} 0 R]/DA(/{WORD} 9 Tf)>>"),
            );
        }
        9 => {
            let (shown, other) = (draft.form(dice, "shown"), draft.form(dice, WORD));
            draft.mark(&format!(
                "/Subtype/Widget{RECT}/FT/Btn/T(a)/V/On/AS/On/Opt[({WORD})]/AP<</N<</On {shown} 0 R/{WORD} {other} 0 R/Off {other} 0 R>>\
                 /D {other} 0 R/R<</On {other} 0 R>>>>"
            ));
        }
        10 => {
            let form = draft.form(dice, "shown");
            draft.mark(&format!("/Subtype/FreeText{RECT}/Contents({WORD})/DA(/{WORD} 9 Tf)/RC({WORD})/DS({WORD})/AP<</N {form} 0 R>>"));
        }
        11 => {
            let form = draft.form(dice, WORD);
            draft.resource("XObject", &format!("X{number}"), &format!("{form} 0 R"));
        }
        12 => {
            // The same name is drawn, but from another dictionary.
            let (inner, hidden) = (draft.form(dice, "shown"), draft.form(dice, WORD));
            let outer = draft.stream(
                dice,
                &format!(
                    "/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</Y{number} {inner} 0 R>>>>"
                ),
                &format!("/Y{number} Do"),
            );
            draft.resource("XObject", &format!("X{number}"), &format!("{outer} 0 R"));
            draft.resource("XObject", &format!("Y{number}"), &format!("{hidden} 0 R"));
            write!(draft.content, " /X{number} Do").expect("memory");
        }
        13 => {
            let (part, entries) = *dice.one_of(&[
                (
                    "Pattern",
                    "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9",
                ),
                ("XObject", "/Subtype/Form/BBox[0 0 9 9]"),
                (
                    "XObject",
                    "/Subtype/Image/Width 13/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
                ),
            ]);
            let hidden = draft.stream(dice, entries, WORD);
            draft.resource(part, &format!("Z{number}"), &format!("{hidden} 0 R"));
            // Operands without an operator, and an operator that is another's.
            let takes = dice
                .one_of(&["", " /Z1 gs", " /Z1"])
                .replace("Z1", &format!("Z{number}"));
            draft.content += &takes;
            draft.content += if takes.is_empty() || takes.ends_with("gs") {
                ""
            } else {
                " 1 0 0 rg (x) q Q"
            };
        }
        14 => {
            draft
                .catalogue
                .insert("Dests".to_owned(), format!("<</{WORD}[3 0 R/Fit]>>"));
            draft.mark(&format!("/Subtype/Link{RECT}/Dest/{WORD}"));
        }
        15 => {
            let kid = draft.add(format!(
                "<</Limits[({WORD})({WORD})]/Names[({WORD})<</D[3 0 R/XYZ 0 0 0]>>]>>"
            ));
            draft.catalogue.insert(
                "Names".to_owned(),
                format!("<</Dests<</Kids[{kid} 0 R]>>/AP<</Names[({WORD}){kid} 0 R]>>>>"),
            );
            draft.mark(&format!("/Subtype/Link{RECT}/A<</S/GoTo/D({WORD})>>"));
        }
        16 => {
            draft.catalogue.insert(
                "PageLabels".to_owned(),
                format!("<</Nums[0<</S/D/P({WORD})>>]>>"),
            );
        }
        17 => write!(draft.content, " /{WORD} BMC EMC /{WORD} MP").expect("memory"),
        18 => {
            let stray = draft.add(format!("<</Title({WORD})>>"));
            let first = draft.add(format!(
                "<</Title(shown)/Parent {} 0 R/Prev {stray} 0 R>>",
                number + 2
            ));
            let root = draft.add(format!(
                "<</Type/Outlines/Title({WORD})/First {first} 0 R/Last {stray} 0 R/Count 1>>"
            ));
            draft
                .catalogue
                .insert("Outlines".to_owned(), format!("{root} 0 R"));
        }
        19 => {
            let hidden = *dice.one_of(&[
                " BT (W) (shown) Tj ET",
                " BT [(W)] [(shown)] TJ ET",
                " BT (W) 1 2 (shown) \" ET",
                " 1W w",
                " [(W)] 0 d",
                " (W) 1 0 0 rg",
                " /W 1 w",
            ]);
            draft.content += &hidden.replace('W', WORD);
        }
        20 => {
            let letters = draft.stream(
                dice,
                &format!("/Type/CMap/CMapName/{WORD}"),
                &format!(
                    "/CIDInit /ProcSet findresource begin /CMapName /{WORD} def {WORD} ({WORD}) pop 1 beginbfchar <41> <{}> endbfchar",
                    hex::encode(WORD.repeat(2))
                ),
            );
            draft.resource(
                "Font",
                &format!("T{number}"),
                &format!("<</Subtype/Type1/BaseFont/Helvetica/ToUnicode {letters} 0 R>>"),
            );
            write!(draft.content, " BT /T{number} 9 Tf (A) Tj ET").expect("memory");
        }
        21 => {
            // Rows behind the last one.
            let entries =
                "/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray";
            let picture = draft.stream(dice, entries, &format!("abcd{WORD}"));
            draft.resource("XObject", &format!("X{number}"), &format!("{picture} 0 R"));
            write!(draft.content, " /X{number} Do").expect("memory");
        }
        22 => {
            draft.resource(
                "Font",
                &format!("T{number}"),
                &format!(
                    "<</Subtype/Type1/BaseFont/{WORD}/FontDescriptor<</FontName/ABCDEF+{WORD}/FontFamily({WORD})/CharSet(/{WORD})>>\
                     /Encoding<</BaseEncoding/{WORD}/Differences[65/{WORD}]>>>>"
                ),
            );
            write!(draft.content, " BT /T{number} 9 Tf (A) Tj ET").expect("memory");
        }
        23 => {
            draft.catalogue.insert(
                "AF".to_owned(),
                format!("[<</Type/Filespec/F({WORD}.txt)/UF({WORD}.txt)/Desc({WORD})>>]"),
            );
        }
        24 => {
            let (coded, stray) = (
                draft.stream(dice, "", "9 0 d0 0 0 9 9 re f"),
                draft.stream(dice, "", &format!("9 0 d0 BT /F1 9 Tf ({WORD}) Tj ET")),
            );
            draft.resource(
                "Font",
                &format!("T{number}"),
                &format!(
                    "<</Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[9]\
                     /CharProcs<</a {coded} 0 R/b {stray} 0 R>>/Encoding<</Differences[65/a]>>>>"
                ),
            );
            write!(draft.content, " BT /T{number} 9 Tf (A) Tj ET").expect("memory");
        }
        25 => {
            let language = *dice.one_of(&[WORD, "Li-Na", "Zhao-Wei", "zh-CN-Li"]);
            draft
                .catalogue
                .insert("Lang".to_owned(), format!("({language}{WORD})"));
        }
        26 => {
            draft.mark(&format!(
                "/Subtype/Link{RECT}/Contents({WORD})/NM({WORD})/A<</S/Named/N/{WORD}>>"
            ));
        }
        27 => {
            let hidden = draft.form(dice, WORD);
            draft.resource(
                "ExtGState",
                &format!("G{number}"),
                &format!("<</SMask<</S/Luminosity/G {hidden} 0 R>>>>"),
            );
        }
        28 => {
            draft
                .page
                .insert("CropBox".to_owned(), "[0 0 200 200]".to_owned());
            draft.page.insert(
                "PieceInfo".to_owned(),
                format!("<</A<</Private({WORD})>>>>"),
            );
        }
        _ => {
            draft.resource(
                "ColorSpace",
                &format!("C{number}"),
                &format!(
                    "[/Separation/{WORD}/DeviceGray<</FunctionType 2/Domain[0 1]/N 1/C0({WORD})>>]"
                ),
            );
            write!(draft.content, " /C{number} cs").expect("memory");
        }
    }
}

/// Something that stays, and must be told.
fn told(draft: &mut Draft, dice: &mut Dice) {
    match dice.below(16) {
        0 => {
            let layer = draft.add(format!("<</Type/OCG/Name({WORD})>>"));
            let state = *dice.one_of(&[
                "/OFF[L]",
                "/BaseState/OFF",
                "/BaseState/Unchanged",
                "/AS[<</Event/View/OCGs[L]/Category[/View]>>]",
            ]);
            let state = state.replace('L', &format!("{layer} 0 R"));
            draft.catalogue.insert(
                "OCProperties".to_owned(),
                format!("<</OCGs[{layer} 0 R]/D<<{state}>>>>"),
            );
            draft.resource("Properties", "L1", &format!("{layer} 0 R"));
            write!(draft.content, " /OC /L1 BDC BT /F1 9 Tf ({TOLD}) Tj ET EMC").expect("memory");
        }
        1 => {
            let layer = draft.add(format!("<</Type/OCG/Name({WORD})>>"));
            draft.catalogue.insert(
                "OCProperties".to_owned(),
                format!("<</OCGs[{layer} 0 R]/D<<>>>>"),
            );
            let rule = *dice.one_of(&["/P/AllOff", "/P/AnyOff", "/VE[/Not L]"]);
            let rule = rule.replace('L', &format!("{layer} 0 R"));
            let form = draft.form(dice, TOLD);
            let stamp = format!(
                "/Subtype/Stamp{RECT}/AP<</N {form} 0 R>>/OC<</Type/OCMD/OCGs[{layer} 0 R]{rule}>>"
            );
            draft.mark(&stamp);
        }
        2 => {
            let subtype = *dice.one_of(&["Text", "Highlight", "Ink", "Stamp", "Caret", "FreeText"]);
            draft.mark(&format!(
                "/Subtype/{subtype}{RECT}/T({WORD})/Contents({TOLD})"
            ));
        }
        3 => {
            draft.mark(&format!(
                "/Subtype/Widget{RECT}/FT/Tx/T({WORD})/TU({WORD})/DV({WORD})/V({TOLD})"
            ));
        }
        4 => {
            let empty = draft.stream(dice, "/Subtype/Form/BBox[0 0 9 9]", "/Tx BMC EMC");
            draft.mark(&format!(
                "/Subtype/Widget{RECT}/FT/Tx/T({WORD})/V({TOLD})/AP<</N {empty} 0 R>>"
            ));
        }
        5 => {
            let form = draft.form(dice, "another");
            let field = draft.mark(&format!(
                "/Subtype/Widget{RECT}/FT/Tx/T({WORD})/V({TOLD})/AP<</N {form} 0 R>>"
            ));
            draft.catalogue.insert(
                "AcroForm".to_owned(),
                format!("<</Fields[{field} 0 R]/NeedAppearances true>>"),
            );
        }
        6 => {
            draft.mark(&format!("/Subtype/Redact{RECT}/OverlayText({WORD})"));
        }
        7 => {
            let mode = *dice.one_of(&["3", "7", "3.0", "+3"]);
            let hidden = *dice.one_of(&[
                "BT M Tr /F1 9 Tf (W) Tj ET",
                "q M Tr BT (W) ' ET Q",
                "M Tr q BT [(W)] TJ ET Q",
                "M Tr",
            ]);
            write!(
                draft.content,
                " {}",
                hidden.replace('W', TOLD).replace('M', mode)
            )
            .expect("memory");
        }
        8 => {
            let letters = format!("3 Tr BT /F1 9 Tf ({TOLD}) Tj ET");
            let form = draft.stream(dice, "/Subtype/Form/BBox[0 0 9 9]", &letters);
            draft.resource("XObject", "X1", &format!("{form} 0 R"));
            draft.content += " /X1 Do";
        }
        9 => {
            draft
                .page
                .insert("CropBox".to_owned(), "[50 50 150 150]".to_owned());
            write!(draft.content, " BT /F1 9 Tf 1 1 Td ({TOLD}) Tj ET").expect("memory");
        }
        10 => {
            let picture = *dice.one_of(&[
                "BI /W 2 /H 2 /BPC 8 /CS /G ID abcdT EI",
                "BI /W 2 /H 2 /BPC 8 /CS /G /Note (T) ID abcd EI",
                "BI /W 2 /H 2 /BPC 8 /CS /G /F /DCT ID T EI",
                "BI /W 2 /H 2 /BPC 8 /CS /Own ID T EI",
            ]);
            write!(draft.content, " {} Q", picture.replace('T', TOLD)).expect("memory");
        }
        11 => {
            let function = draft.stream(
                dice,
                "/FunctionType 0/Domain[0 1]/Range[0 1]/Size[2]/BitsPerSample 8",
                &format!("ab{TOLD}"),
            );
            draft.resource(
                "ColorSpace",
                "C1",
                &format!("[/Separation/Black/DeviceGray {function} 0 R]"),
            );
            draft.content += " /C1 cs";
        }
        12 => {
            let mesh = "/ShadingType 4/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8/Decode[0 1 0 1 0 1]";
            let mesh = draft.stream(dice, mesh, TOLD);
            draft.resource("Shading", "S1", &format!("{mesh} 0 R"));
            draft.content += " /S1 sh";
        }
        13 => {
            let filter = *dice.one_of(&["CCITTFaxDecode", "JBIG2Decode", "NonesuchDecode"]);
            let entries = format!(
                "/Subtype/Image/Width 8/Height 1/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/{filter}"
            );
            draft
                .objects
                .push(documents::stream(&entries, TOLD.as_bytes()));
            let number = FIXED + draft.objects.len();
            draft.resource("XObject", "X1", &format!("{number} 0 R"));
            draft.content += " /X1 Do";
        }
        14 => {
            draft.resource("ExtGState", "G1", "<</ca 0>>");
            write!(draft.content, " /G1 gs BT /F1 9 Tf ({TOLD}) Tj ET").expect("memory");
        }
        _ => {
            let rect = *dice.one_of(&["[0 0 0 0]", "[300 300 400 400]"]);
            write!(
                draft.marks,
                "<</Type/Annot/Subtype/Square/Rect{rect}/C[1 0 0]>>"
            )
            .expect("memory");
        }
    }
}

#[test]
fn what_a_viewer_does_not_show_is_gone_or_told() {
    let mut seen = BTreeMap::new();
    for case in 0..cases(3000) {
        let mut dice = Dice::of(case);
        let mut draft = Draft::default();
        let is_told = dice.is(3);
        if is_told {
            told(&mut draft, &mut dice);
        } else {
            for _ in 0..=dice.below(3) {
                gone(&mut draft, &mut dice);
            }
        }
        let file = draft.file(&mut dice);
        judge(FileKind::Pdf, case, &file, is_told, &mut seen);
    }
    println!("unseen: {seen:?}");
    assert!(
        seen["cleaned"] > 1000 && seen["reviewable"] > 100,
        "{seen:?}"
    );
}

#[test]
fn what_is_shown_stays_where_it_is() {
    for case in 0..200 {
        let mut dice = Dice::of(case);
        let mut draft = Draft::default();
        let inner = draft.form(&mut dice, "inner stays");
        let outer = draft.stream(&mut dice, "/Subtype/Form/BBox[0 0 99 99]", "/LongName Do");
        draft.resource("XObject", "LongName", &format!("{inner} 0 R"));
        draft.resource("XObject", "Other", &format!("{outer} 0 R"));
        draft.content += " /Other Do";
        let stamp = draft.form(&mut dice, "stamp stays");
        draft.mark(&format!("/Subtype/Stamp{RECT}/AP<</N {stamp} 0 R>>"));
        draft.mark(&format!("/Subtype/Link{RECT}/Dest/Chosen"));
        draft
            .catalogue
            .insert("Dests".to_owned(), "<</Chosen[3 0 R/Fit]>>".to_owned());
        let file = draft.file(&mut dice);
        let (out, report) = strip(FileKind::Pdf, &file);
        assert_eq!(report.outcome, Outcome::Cleaned, "{case}");
        let all: Vec<u8> = super::mutated_documents::streams(&out)
            .into_iter()
            .flat_map(|(_, plain)| plain)
            .chain(out.iter().copied())
            .collect();
        let all = String::from_utf8_lossy(&all).into_owned();
        for words in ["inner stays", "stamp stays", "Text stays", "/Fit"] {
            assert!(all.contains(words), "{case}: {words}");
        }
    }
}

#[test]
fn a_page_that_is_not_counted_is_told() {
    let count = |counted: usize| {
        let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
        let objects = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            format!("<</Type/Pages/Kids[3 0 R 4 0 R]/Count {counted}>>").into_bytes(),
            page.to_vec(),
            page.to_vec(),
        ];
        strip(FileKind::Pdf, &documents::pdf(&objects, ""))
            .1
            .outcome
    };
    assert_eq!(count(2), Outcome::NothingFound);
    assert_eq!(count(1), Outcome::CouldNot(Reason::Structure));
}
