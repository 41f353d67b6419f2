//! The catalogue, and what hangs on it beside the pages: labels, names, attached files, layers, titles, the form.

use super::drawing::RESOURCES;
use super::page::{MARKS, PAGE};
use super::{ACTION, CODE, DRAWN, Data, Kind, OWN, PLACE, PLAIN, Rule, TEXT};

pub(in crate::pdf) static ROOT: Rule = Rule::Of(&CATALOG);
pub(in crate::pdf) static ATTACHED: Rule = Rule::Of(&ATTACHED_KIND);

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

static NAMED_PLACES: Rule = Rule::NamedPlaces;
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
pub(super) static FILES: Rule = Rule::Each(&FILE);
pub(super) static FILE: Rule = Rule::Of(&FILE_KIND);
pub(in crate::pdf) static FILE_KIND: Kind = Kind {
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
pub(super) static LAYER: Rule = Rule::Of(&Kind {
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

pub(in crate::pdf) static OUTLINE: Rule = Rule::Of(&OUTLINE_KIND);
pub(in crate::pdf) static OUTLINE_KIND: Kind = Kind {
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
