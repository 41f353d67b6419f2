//! What pages are drawn with: resources, states, functions, patterns, pictures and drawings.

use super::document::LAYER;
use super::fonts::FONT;
use super::{COLOR, Data, Kind, PLAIN, Picked, Rule};

pub(super) static GROUP: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("S", PLAIN),
        ("CS", &COLOR),
        ("I", PLAIN),
        ("K", PLAIN),
    ],
});

pub(super) static RESOURCES: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("ExtGState", &STATES),
        ("ColorSpace", &COLORS),
        ("Pattern", &PATTERNS),
        ("Shading", &SHADINGS),
        ("XObject", &OBJECTS),
        ("Font", &FONTS),
        ("ProcSet", PLAIN),
        ("Properties", &PROPERTIES),
    ],
});
static COLORS: Rule = Rule::Resources(&COLOR);
static STATES: Rule = Rule::Resources(&STATE);
static PATTERNS: Rule = Rule::Resources(&PATTERN);
static SHADINGS: Rule = Rule::Resources(&SHADING);
static OBJECTS: Rule = Rule::Resources(&OBJECT);
static FONTS: Rule = Rule::Resources(&FONT);
static PROPERTIES: Rule = Rule::Resources(&LAYER);

static STATE: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("LW", PLAIN),
        ("LC", PLAIN),
        ("LJ", PLAIN),
        ("ML", PLAIN),
        ("D", PLAIN),
        ("RI", PLAIN),
        ("OP", PLAIN),
        ("op", PLAIN),
        ("OPM", PLAIN),
        ("Font", &STATE_FONT),
        ("BG", &FUNCTION),
        ("BG2", &FUNCTION),
        ("UCR", &FUNCTION),
        ("UCR2", &FUNCTION),
        ("TR", &FUNCTIONS),
        ("TR2", &FUNCTIONS),
        ("FL", PLAIN),
        ("SM", PLAIN),
        ("SA", PLAIN),
        ("BM", PLAIN),
        ("SMask", &SOFT_MASK),
        ("CA", PLAIN),
        ("ca", PLAIN),
        ("AIS", PLAIN),
        ("TK", PLAIN),
    ],
});
static STATE_FONT: Rule = Rule::Each(&FONT);
static SOFT_MASK: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("S", PLAIN),
        ("G", &OBJECT),
        ("BC", PLAIN),
        ("TR", &FUNCTION),
    ],
});

static FUNCTIONS: Rule = Rule::Each(&FUNCTION);
pub(in crate::pdf) static FUNCTION: Rule = Rule::Of(&Kind {
    data: Data::Function,
    keys: &[
        ("FunctionType", PLAIN),
        ("Domain", PLAIN),
        ("Range", PLAIN),
        ("Size", PLAIN),
        ("BitsPerSample", PLAIN),
        ("Order", PLAIN),
        ("Encode", PLAIN),
        ("Decode", PLAIN),
        ("C0", PLAIN),
        ("C1", PLAIN),
        ("N", PLAIN),
        ("Functions", &FUNCTIONS),
        ("Bounds", PLAIN),
    ],
});

static PATTERN: Rule = Rule::Of(&Kind {
    data: Data::Content,
    keys: &[
        ("Type", PLAIN),
        ("PatternType", PLAIN),
        ("PaintType", PLAIN),
        ("TilingType", PLAIN),
        ("BBox", PLAIN),
        ("XStep", PLAIN),
        ("YStep", PLAIN),
        ("Resources", &RESOURCES),
        ("Matrix", PLAIN),
        ("Shading", &SHADING),
        ("ExtGState", &STATE),
    ],
});
static SHADING: Rule = Rule::Of(&Kind {
    data: Data::Mesh,
    keys: &[
        ("ShadingType", PLAIN),
        ("ColorSpace", &COLOR),
        ("Background", PLAIN),
        ("BBox", PLAIN),
        ("AntiAlias", PLAIN),
        ("Domain", PLAIN),
        ("Matrix", PLAIN),
        ("Function", &FUNCTIONS),
        ("Coords", PLAIN),
        ("Extend", PLAIN),
        ("BitsPerCoordinate", PLAIN),
        ("BitsPerComponent", PLAIN),
        ("BitsPerFlag", PLAIN),
        ("Decode", PLAIN),
        ("VerticesPerRow", PLAIN),
    ],
});

/// Colours of an indexed space, glyphs of a font, and the like.
pub(in crate::pdf) static NUMBERS: Rule = Rule::Of(&Kind {
    data: Data::Numbers,
    keys: &[],
});

pub(in crate::pdf) static OBJECT: Rule = Rule::Pick(Picked::Object);
pub(in crate::pdf) static PICTURE: Kind = Kind {
    data: Data::Picture,
    keys: &[
        ("Type", PLAIN),
        ("Subtype", PLAIN),
        ("Width", PLAIN),
        ("Height", PLAIN),
        ("ColorSpace", &COLOR),
        ("BitsPerComponent", PLAIN),
        ("Intent", PLAIN),
        ("ImageMask", PLAIN),
        ("Mask", &OBJECT),
        ("Decode", PLAIN),
        ("Interpolate", PLAIN),
        ("SMask", &OBJECT),
        ("SMaskInData", PLAIN),
        ("Matte", PLAIN),
        ("Name", PLAIN),
        ("OC", &LAYER),
    ],
};
pub(in crate::pdf) static DRAWING: Kind = Kind {
    data: Data::Content,
    keys: &[
        ("Type", PLAIN),
        ("Subtype", PLAIN),
        ("FormType", PLAIN),
        ("BBox", PLAIN),
        ("Matrix", PLAIN),
        ("Resources", &RESOURCES),
        ("Group", &GROUP),
        ("Name", PLAIN),
        ("OC", &LAYER),
    ],
};
