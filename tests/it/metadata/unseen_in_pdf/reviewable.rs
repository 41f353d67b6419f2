//! What a viewer shows on demand, in every way that is known: it has to be told.

use super::super::documents;
use super::super::mutated_documents::{TOLD, WORD};
use super::super::mutation::Dice;
use super::drafts::{Draft, FIXED, RECT};
use std::fmt::Write as _;

/// Something that stays, and must be told.
pub(super) fn told(draft: &mut Draft, dice: &mut Dice) {
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
