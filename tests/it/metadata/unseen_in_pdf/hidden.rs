//! What a viewer does not show, in every way that is known: it has to be gone.

use super::super::mutated_documents::WORD;
use super::super::mutation::Dice;
use super::drafts::{Draft, FIXED, RECT};
use std::fmt::Write as _;

/// Something that must be gone.
pub(super) fn gone(draft: &mut Draft, dice: &mut Dice) {
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
