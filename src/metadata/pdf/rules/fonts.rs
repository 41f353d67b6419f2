//! Fonts, and the letters that their codes stand for.

use super::drawing::{NUMBERS, RESOURCES};
use super::page::CONTENT;
use super::{CODE, Data, FONT_NAME, GLYPH_NAME, Kind, LETTERS_NAME, PLAIN, Rule};

pub(super) static FONT: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("Subtype", PLAIN),
        ("Name", PLAIN),
        ("BaseFont", FONT_NAME),
        ("FirstChar", PLAIN),
        ("LastChar", PLAIN),
        ("Widths", PLAIN),
        ("FontDescriptor", &DESCRIPTOR),
        ("Encoding", &LETTERS),
        ("ToUnicode", &LETTERS),
        ("DescendantFonts", &DESCENDANTS),
        ("CIDSystemInfo", CODE),
        ("DW", PLAIN),
        ("W", PLAIN),
        ("DW2", PLAIN),
        ("W2", PLAIN),
        ("CIDToGIDMap", &NUMBERS),
        ("FontBBox", PLAIN),
        ("FontMatrix", PLAIN),
        ("CharProcs", &GLYPHS),
        ("Resources", &RESOURCES),
    ],
});
static DESCENDANTS: Rule = Rule::Each(&FONT);
static GLYPHS: Rule = Rule::Glyphs(&CONTENT);
static LETTERS: Rule = Rule::Of(&Kind {
    data: Data::Letters,
    keys: &[
        ("Type", PLAIN),
        ("CMapName", LETTERS_NAME),
        ("CIDSystemInfo", CODE),
        ("WMode", PLAIN),
        ("UseCMap", &LETTERS),
        ("BaseEncoding", PLAIN),
        ("Differences", GLYPH_NAME),
    ],
});
static DESCRIPTOR: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("FontName", FONT_NAME),
        ("FontStretch", PLAIN),
        ("FontWeight", PLAIN),
        ("Flags", PLAIN),
        ("FontBBox", PLAIN),
        ("ItalicAngle", PLAIN),
        ("Ascent", PLAIN),
        ("Descent", PLAIN),
        ("Leading", PLAIN),
        ("CapHeight", PLAIN),
        ("XHeight", PLAIN),
        ("StemV", PLAIN),
        ("StemH", PLAIN),
        ("AvgWidth", PLAIN),
        ("MaxWidth", PLAIN),
        ("MissingWidth", PLAIN),
        ("FontFile", &OUTLINES),
        ("FontFile2", &OUTLINES),
        ("FontFile3", &OUTLINES),
        ("Lang", PLAIN),
    ],
});
static OUTLINES: Rule = Rule::Of(&Kind {
    data: Data::Font,
    keys: &[
        ("Subtype", PLAIN),
        ("Length1", PLAIN),
        ("Length2", PLAIN),
        ("Length3", PLAIN),
    ],
});
