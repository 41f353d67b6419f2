//! What may be in a document: every key that is kept, and of what form its value must be. What is not in these tables is
//! left out. Keys and values: ISO 32000-1.

mod document;
mod drawing;
mod fonts;
mod page;

pub(super) use document::{ATTACHED, FILE_KIND, OUTLINE, OUTLINE_KIND, ROOT};
pub(super) use drawing::{DRAWING, FUNCTION, NUMBERS, OBJECT, PICTURE};
pub(super) use page::{BUTTONS_KIND, MARK_KIND, PAGE};
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

/// Anything plain, under the keys of dictionaries. Each of these rules is a static of its own, so that it has one address
/// wherever it is used: rules are told apart by it.
static PLAIN_VALUE: Rule = Rule::Plain;
static FONT_NAMES: Rule = Rule::Name(Chosen::Font);
static GLYPH_NAMES: Rule = Rule::Name(Chosen::Glyph);
static LETTERS_NAMES: Rule = Rule::Name(Chosen::Letters);
static DRAWN_WITH: Rule = Rule::Drawn;
static OWN_WORDS: Rule = Rule::Own;
static TEXT_VALUE: Rule = Rule::Text;
static CODE_VALUE: Rule = Rule::Code;

const PLAIN: &Rule = &PLAIN_VALUE;
const FONT_NAME: &Rule = &FONT_NAMES;
const GLYPH_NAME: &Rule = &GLYPH_NAMES;
const LETTERS_NAME: &Rule = &LETTERS_NAMES;
const DRAWN: &Rule = &DRAWN_WITH;
const OWN: &Rule = &OWN_WORDS;
const TEXT: &Rule = &TEXT_VALUE;
const CODE: &Rule = &CODE_VALUE;

pub(super) static PLAINS: Rule = Rule::Plain;
pub(super) static TEXTS: Rule = Rule::Text;
pub(super) static NAMES_OF_LETTERS: Rule = Rule::Name(Chosen::Letters);
pub(super) static COLOR: Rule = Rule::Color;
pub(super) static ACTION: Rule = Rule::Action;
pub(super) static PLACE: Rule = Rule::Place;
