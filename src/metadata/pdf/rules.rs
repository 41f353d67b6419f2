//! What may be in a document: every key that is kept, and of what form its value must be. What is not in these tables is
//! left out. Keys and values: ISO 32000-1.

use std::ptr;

/// Of what form a value must be.
pub(super) enum Rule {
    /// A number, a name, `true`, `false`, `null`; arrays and dictionaries of these.
    Plain,
    /// A name that the file's maker chose.
    Name(Chosen),
    /// A name in words that somebody chose: another is written in its place.
    Own,
    /// A program that words are drawn with, in a string.
    Drawn,
    /// As [`Self::Plain`], and strings that are read by people.
    Text,
    /// A string of few letters of the Latin alphabet: a language, a character collection.
    Code,
    /// A dictionary, perhaps with a stream; or something plain in its place.
    Of(&'static Kind),
    /// One of several kinds, by what the dictionary says of itself.
    Pick(Picked),
    /// An array of such values; or one alone.
    Each(&'static Rule),
    /// A dictionary with names as keys that somebody chose.
    Named(&'static Rule),
    /// The same, of resources: those names alone that something is drawn with.
    Resources(&'static Rule),
    /// A dictionary with the names of glyphs as keys.
    Glyphs(&'static Rule),
    /// What a file is called.
    FileName,
    /// A tree of names with such values.
    NameTree(&'static Rule),
    /// A tree of numbers with such values.
    NumberTree(&'static Rule),
    /// A list of places by their names, which are written where they are asked for.
    NamedPlaces,
    /// A space of colours.
    Color,
    /// What a click does.
    Action,
    /// A place in the document.
    Place,
}

/// What a name that somebody chose is for: with one that every viewer knows it stays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    Font,
    Glyph,
    Letters,
}

/// What decides of which kind a dictionary is.
#[derive(Clone, Copy)]
pub(super) enum Picked {
    /// A picture or a drawing.
    Object,
    /// A mark on a page, or a field of a form.
    Mark,
}

impl Rule {
    /// Rules are told apart by where they stand.
    pub fn id(&'static self) -> usize {
        ptr::from_ref(self).addr()
    }
}

/// What the data of a stream are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    /// None is expected.
    None,
    /// A program that draws.
    Content,
    /// Pixels.
    Picture,
    /// A font's outlines.
    Font,
    /// A program that names letters.
    Letters,
    /// A function: numbers, or a small program.
    Function,
    /// Numbers.
    Numbers,
    /// Colours of many points, of a length that nothing says.
    Mesh,
    /// Another file.
    File,
}

/// A kind of dictionary.
pub(super) struct Kind {
    pub data: Data,
    pub keys: &'static [(&'static str, &'static Rule)],
}

pub(super) static PLAINS: Rule = Rule::Plain;
const PLAIN: &Rule = &Rule::Plain;
const FONT_NAME: &Rule = &Rule::Name(Chosen::Font);
const GLYPH_NAME: &Rule = &Rule::Name(Chosen::Glyph);
const LETTERS_NAME: &Rule = &Rule::Name(Chosen::Letters);
const DRAWN: &Rule = &Rule::Drawn;
const OWN: &Rule = &Rule::Own;
const TEXT: &Rule = &Rule::Text;
const CODE: &Rule = &Rule::Code;
pub(super) static COLOR: Rule = Rule::Color;
pub(super) static ACTION: Rule = Rule::Action;
pub(super) static PLACE: Rule = Rule::Place;
static NAMED_PLACES: Rule = Rule::NamedPlaces;

pub(super) static TEXTS: Rule = Rule::Text;
pub(super) static NAMES_OF_LETTERS: Rule = Rule::Name(Chosen::Letters);
pub(super) static ROOT: Rule = Rule::Of(&CATALOG);
/// Pages and groups of pages are under one rule, so that whoever points to one finds the same.
pub(super) static PAGE: Rule = Rule::Of(&PAGES);
static EACH_PAGE: Rule = Rule::Each(&PAGE);
pub(super) static ATTACHED: Rule = Rule::Of(&ATTACHED_KIND);

static CATALOG: Kind = Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("Version", PLAIN),
        ("Pages", &PAGE),
        ("PageLabels", &LABELS),
        ("Names", &NAMES),
        ("Dests", &NAMED_PLACES),
        ("ViewerPreferences", PLAIN),
        ("PageLayout", PLAIN),
        ("PageMode", PLAIN),
        ("Outlines", &OUTLINE),
        ("OpenAction", &ACTION),
        ("AcroForm", &FORM),
        ("Lang", CODE),
        ("OCProperties", &LAYERS),
        ("AF", &FILES),
        ("NeedsRendering", PLAIN),
    ],
};

static LABELS: Rule = Rule::NumberTree(&LABEL);
static LABEL: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[("Type", PLAIN), ("S", PLAIN), ("St", PLAIN)],
});
static NAMES: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[("Dests", &NAMED_PLACES), ("EmbeddedFiles", &FILES_BY_NAME)],
});
static FILES_BY_NAME: Rule = Rule::NameTree(&FILE);
static FILES: Rule = Rule::Each(&FILE);
static FILE: Rule = Rule::Of(&FILE_KIND);
pub(super) static FILE_KIND: Kind = Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("F", &FILE_NAME),
        ("UF", &FILE_NAME),
        ("EF", &ATTACHMENTS),
        ("AFRelationship", PLAIN),
    ],
};
static FILE_NAME: Rule = Rule::FileName;
static ATTACHMENTS: Rule = Rule::Named(&ATTACHED);
static ATTACHED_KIND: Kind = Kind {
    data: Data::File,
    keys: &[("Type", PLAIN), ("Subtype", PLAIN)],
};

static PAGES: Kind = Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("Kids", &EACH_PAGE),
        ("Count", PLAIN),
        ("Parent", &PAGE),
        ("Resources", &RESOURCES),
        ("MediaBox", PLAIN),
        ("CropBox", PLAIN),
        ("BleedBox", PLAIN),
        ("TrimBox", PLAIN),
        ("ArtBox", PLAIN),
        ("Rotate", PLAIN),
        ("UserUnit", PLAIN),
        ("Contents", &CONTENTS),
        ("Annots", &MARKS),
        ("Group", &GROUP),
        ("Trans", PLAIN),
        ("Dur", PLAIN),
        ("Tabs", PLAIN),
        ("AF", &FILES),
    ],
};

static CONTENTS: Rule = Rule::Each(&CONTENT);
static CONTENT: Rule = Rule::Of(&Kind {
    data: Data::Content,
    keys: &[],
});
static GROUP: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("S", PLAIN),
        ("CS", &COLOR),
        ("I", PLAIN),
        ("K", PLAIN),
    ],
});

static RESOURCES: Rule = Rule::Of(&Kind {
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
pub(super) static FUNCTION: Rule = Rule::Of(&Kind {
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
pub(super) static NUMBERS: Rule = Rule::Of(&Kind {
    data: Data::Numbers,
    keys: &[],
});

pub(super) static OBJECT: Rule = Rule::Pick(Picked::Object);
pub(super) static PICTURE: Kind = Kind {
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
pub(super) static DRAWING: Kind = Kind {
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

static FONT: Rule = Rule::Of(&Kind {
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

static LAYERS: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[("OCGs", &EACH_LAYER), ("D", &LAYERS_SHOWN)],
});
static EACH_LAYER: Rule = Rule::Each(&LAYER);
static LAYERS_SHOWN: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("BaseState", PLAIN),
        ("ON", &EACH_LAYER),
        ("OFF", &EACH_LAYER),
        ("Intent", PLAIN),
        ("Order", &EACH_LAYER),
        ("ListMode", PLAIN),
        ("RBGroups", &EACH_LAYER),
        ("Locked", &EACH_LAYER),
    ],
});
static LAYER: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("Name", OWN),
        ("Intent", PLAIN),
        ("OCGs", &EACH_LAYER),
        ("P", PLAIN),
        ("VE", &EACH_LAYER),
    ],
});

pub(super) static OUTLINE: Rule = Rule::Of(&OUTLINE_KIND);
pub(super) static OUTLINE_KIND: Kind = Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("First", &OUTLINE),
        ("Last", &OUTLINE),
        ("Next", &OUTLINE),
        ("Prev", &OUTLINE),
        ("Parent", &OUTLINE),
        ("Count", PLAIN),
        ("Title", TEXT),
        ("Dest", &PLACE),
        ("A", &ACTION),
        ("C", PLAIN),
        ("F", PLAIN),
    ],
};

static MARKS: Rule = Rule::Each(&MARK);
static MARK: Rule = Rule::Pick(Picked::Mark);
/// Marks on pages and fields of forms, which can be one object.
pub(super) static MARK_KIND: Kind = Kind {
    data: Data::None,
    keys: &[
        ("Type", PLAIN),
        ("Subtype", PLAIN),
        ("Rect", PLAIN),
        ("Contents", TEXT),
        ("P", &PAGE),
        ("F", PLAIN),
        ("AP", PLAIN),
        ("AS", PLAIN),
        ("Border", PLAIN),
        ("C", PLAIN),
        ("OC", &LAYER),
        ("BS", PLAIN),
        ("BE", PLAIN),
        ("CA", PLAIN),
        ("Popup", &MARK),
        ("IRT", &MARK),
        ("RT", PLAIN),
        ("IT", PLAIN),
        ("Open", PLAIN),
        ("Name", PLAIN),
        ("StateModel", CODE),
        ("State", CODE),
        ("H", PLAIN),
        ("A", &ACTION),
        ("Dest", &PLACE),
        ("QuadPoints", PLAIN),
        ("DA", DRAWN),
        ("Q", PLAIN),
        ("CL", PLAIN),
        ("RD", PLAIN),
        ("LE", PLAIN),
        ("L", PLAIN),
        ("LL", PLAIN),
        ("LLE", PLAIN),
        ("LLO", PLAIN),
        ("Cap", PLAIN),
        ("CP", PLAIN),
        ("CO", PLAIN),
        ("IC", PLAIN),
        ("Vertices", PLAIN),
        ("InkList", PLAIN),
        ("Sy", PLAIN),
        ("FS", &FILE),
        // Of fields.
        ("FT", PLAIN),
        ("Parent", &MARK),
        ("Kids", &MARKS),
        ("T", OWN),
        ("Ff", PLAIN),
        ("V", TEXT),
        ("MaxLen", PLAIN),
        ("I", PLAIN),
        ("MK", &BUTTONS),
    ],
};
static BUTTONS: Rule = Rule::Of(&BUTTONS_KIND);
pub(super) static BUTTONS_KIND: Kind = Kind {
    data: Data::None,
    keys: &[("R", PLAIN), ("BC", PLAIN), ("BG", PLAIN), ("CA", TEXT)],
};

static FORM: Rule = Rule::Of(&Kind {
    data: Data::None,
    keys: &[
        ("Fields", &MARKS),
        ("NeedAppearances", PLAIN),
        ("DR", &RESOURCES),
        ("DA", DRAWN),
        ("Q", PLAIN),
        ("CO", &MARKS),
    ],
});
