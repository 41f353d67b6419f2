//! Pages, groups of them, and the marks on them.

use super::document::{FILE, FILES, LAYER};
use super::drawing::{GROUP, RESOURCES};
use super::{ACTION, CODE, DRAWN, Data, Kind, OWN, PLACE, PLAIN, Picked, Rule, TEXT};

/// Pages and groups of pages are under one rule, so that whoever points to one finds the same.
pub(in crate::pdf) static PAGE: Rule = Rule::Of(&PAGES);
static EACH_PAGE: Rule = Rule::Each(&PAGE);
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
pub(super) static CONTENT: Rule = Rule::Of(&Kind {
    data: Data::Content,
    keys: &[],
});

pub(super) static MARKS: Rule = Rule::Each(&MARK);
static MARK: Rule = Rule::Pick(Picked::Mark);
/// Marks on pages and fields of forms, which can be one object.
pub(in crate::pdf) static MARK_KIND: Kind = Kind {
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
pub(in crate::pdf) static BUTTONS_KIND: Kind = Kind {
    data: Data::None,
    keys: &[("R", PLAIN), ("BC", PLAIN), ("BG", PLAIN), ("CA", TEXT)],
};
