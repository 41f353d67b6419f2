//! How each thing that both tips may name stands between them: it agrees, it differs, or nothing is known of it.

use super::{Dated, TextLikeness};
use crate::features::Veto;
use crate::sketch::Facts;

/// How a thing that both tips may name stands between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Unknown,
    Agrees,
    Differs,
}

fn standing(either_is_empty: bool, shared: usize) -> Standing {
    match (shared > 0, either_is_empty) {
        (true, _) => Standing::Agrees,
        (false, true) => Standing::Unknown,
        (false, false) => Standing::Differs,
    }
}

/// Days within which two named days are one.
const SAME_DAY_SLACK: i32 = 1;

/// Days from which two named days are two.
const OTHER_DAY_FROM: i32 = 10;

/// Share of sentences, and cosine of grams, from which two texts are one text filled in twice.
const COPY_SENTENCES: f32 = 0.4;

const COPY_COSINE: f32 = 0.45;

/// How the things that both may name stand.
pub(super) struct Standings {
    pub(super) school: Standing,
    /// How many of the two schools are on the list.
    pub(super) listed: u8,
    pub(super) names: Standing,
    pub(super) surnames: Standing,
    pub(super) offences: Standing,
    pub(super) places: Standing,
    pub(super) headline_places: Standing,
    /// One main kind of wrong.
    pub(super) one_offence: bool,
    pub(super) two_scripts: bool,
}

impl Standings {
    pub(super) fn of(x: &Facts, y: &Facts) -> Self {
        let either_is_empty = x.names.is_empty() || y.names.is_empty();
        Self {
            school: schools(x, y),
            listed: u8::from(x.is_listed()) + u8::from(y.is_listed()),
            names: standing(either_is_empty, x.names.shared(&y.names)),
            surnames: surnames(x, y),
            offences: bits(u32::from(x.offences), u32::from(y.offences)),
            places: standing(
                x.places.is_empty() || y.places.is_empty(),
                x.places.shared(&y.places),
            ),
            headline_places: headline_places(x, y),
            one_offence: x.main_offence != 0 && x.main_offence == y.main_offence,
            two_scripts: x.is_latin() != y.is_latin(),
        }
    }

    pub(super) fn one_person(&self) -> bool {
        self.names == Standing::Agrees
            || (self.surnames == Standing::Agrees && self.names != Standing::Differs)
    }

    pub(super) fn veto(&self, text: &TextLikeness) -> Option<Veto> {
        // One teacher at a school of the list and at one that it does not have: its name is misspelled.
        let other_school =
            self.listed > 0 && self.school == Standing::Differs && self.names != Standing::Agrees;
        let elsewhere = other_school
            || self.places == Standing::Differs
            || self.headline_places == Standing::Differs;
        if self.listed == 2 && self.school == Standing::Differs {
            Some(Veto::Schools)
        } else if self.names == Standing::Differs {
            Some(Veto::Names)
        } else if is_copy(text) && elsewhere && self.school != Standing::Agrees {
            Some(Veto::Places)
        } else {
            None
        }
    }
}

/// A letter that is filled in with another place is another matter, however alike.
fn is_copy(text: &TextLikeness) -> bool {
    text.sentences >= COPY_SENTENCES || text.cosine >= COPY_COSINE
}

fn headline_places(x: &Facts, y: &Facts) -> Standing {
    standing(
        x.headline_places.is_empty() || y.headline_places.is_empty(),
        x.headline_places.shared(&y.places) + y.headline_places.shared(&x.places),
    )
}

pub(super) fn bits(x: u32, y: u32) -> Standing {
    standing(x == 0 || y == 0, (x & y).count_ones() as usize)
}

fn schools(x: &Facts, y: &Facts) -> Standing {
    let known = |key: u32| key != 0;
    let agrees = [
        (x.school, y.school),
        (x.school, y.other_school),
        (x.other_school, y.school),
    ]
    .iter()
    .any(|(a, b)| known(*a) && a == b);
    standing(!known(x.school) || !known(y.school), usize::from(agrees))
}

fn surnames(x: &Facts, y: &Facts) -> Standing {
    if !x.surnames.is_empty() && !y.surnames.is_empty() {
        return standing(false, x.surnames.shared(&y.surnames));
    }
    standing(
        x.pinyin.is_empty() || y.pinyin.is_empty(),
        x.pinyin.shared(&y.pinyin),
    )
}

pub(super) fn sums(x: &Facts, y: &Facts) -> Standing {
    if x.sums.shared(&y.sums) > 0 {
        return Standing::Agrees;
    }
    if !x.sums.is_empty() && !y.sums.is_empty() {
        return Standing::Differs;
    }
    bits(x.magnitudes, y.magnitudes)
}

pub(super) fn days(a: Dated<'_>, b: Dated<'_>) -> Standing {
    let named = |tip: Dated<'_>| {
        tip.facts
            .days
            .into_iter()
            .flatten()
            .map(move |offset| tip.day + i32::from(offset))
    };
    let apart = named(a)
        .flat_map(|day| named(b).map(move |other| (day - other).abs()))
        .min();
    match apart {
        Some(days) if days <= SAME_DAY_SLACK => Standing::Agrees,
        Some(days) if days >= OTHER_DAY_FROM => Standing::Differs,
        _ => Standing::Unknown,
    }
}

/// A grade is kept with its class as one number.
const CLASSES: u16 = 64;

pub(super) fn grades(x: &Facts, y: &Facts) -> Standing {
    let known = |facts: &Facts| {
        facts
            .grades
            .into_iter()
            .filter(|grade| *grade != 0)
            .collect::<Vec<_>>()
    };
    let (x, y) = (known(x), known(y));
    // A class not said agrees with any.
    let any_class = |grade: u16| grade.is_multiple_of(CLASSES);
    let fits =
        |a: u16, b: u16| a / CLASSES == b / CLASSES && (any_class(a) || any_class(b) || a == b);
    let agrees = x.iter().any(|a| y.iter().any(|b| fits(*a, *b)));
    standing(x.is_empty() || y.is_empty(), usize::from(agrees))
}
