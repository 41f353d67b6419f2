//! What two sketches have in common and where they conflict, as numbers for the regression.

use super::reading::{GIFTS, VENUES};
use super::sketch::Facts;

macro_rules! features {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {
        /// One thing that is measured between two tips.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Feature {
            $($(#[$doc])+ $name,)+
        }

        impl Feature {
            /// Every feature, in the order of the weights.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in the weights' file and as the key of its words on the page.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

features! {
    /// Cosine of the grams, each weighed by its rarity.
    Cosine,
    /// Share of the lighter text's weight that the other has too.
    Contained,
    /// The same of grams from titles and fields.
    Headline,
    /// The cosine again with every gram's rarity unsquared: how much they share beside the few rarest grams.
    Breadth,
    /// Share of each headline that the other's whole text has, the lesser of the two.
    HeadlineInText,
    /// Weight of shared grams that hardly any tip has.
    RareShared,
    /// Share of sentences, template ones not counted.
    Sentences,
    /// The whole text is the same.
    SameText,
    /// One school.
    SchoolAgrees,
    /// Two schools, at least one of them on no list.
    SchoolDiffers,
    /// One full name.
    NameAgrees,
    /// One surname, in either script.
    SurnameAgrees,
    /// Two surnames.
    SurnameDiffers,
    /// One subject taught.
    SubjectAgrees,
    /// Two subjects taught.
    SubjectDiffers,
    /// One kind of wrong.
    OffenceAgrees,
    /// Kinds that overlap, not the main one.
    OffenceOverlaps,
    /// Two kinds of wrong.
    OffenceDiffers,
    /// One venue of lessons.
    VenueAgrees,
    /// Two venues.
    VenueDiffers,
    /// One kind of gift.
    GiftAgrees,
    /// Two kinds of gift.
    GiftDiffers,
    /// One exact sum.
    SumAgrees,
    /// A vague sum that fits.
    SumFits,
    /// Two sums.
    SumDiffers,
    /// One day named.
    DayAgrees,
    /// Days named that lie weeks apart.
    DayDiffers,
    /// One holiday or time of the week.
    SeasonAgrees,
    /// One grade.
    GradeAgrees,
    /// Two grades.
    GradeDiffers,
    /// One contact.
    ContactAgrees,
    /// Places or bodies of no list that both name.
    PlacesAgree,
    /// Both name some, none is the same.
    PlacesDiffer,
    /// Time between the tips.
    Gap,
    /// One in Latin letters, one in Chinese.
    TwoScripts,
    /// Both schools are on the list: a regression of its own, since the same school is then no news by itself.
    Listed,
    /// One school and one person.
    SchoolAndPerson,
    /// One school and one kind of wrong, and nobody is named by one side at least.
    SchoolAndOffence,
    /// One school, one person and one kind of wrong.
    AllThree,
    /// One school and one exact sum.
    SchoolAndSum,
}

/// How many features there are.
pub const COUNT: usize = Feature::ALL.len();

/// The value of each feature, by its place in [`Feature::ALL`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub [f32; COUNT]);

impl Features {
    /// The value of one.
    #[must_use]
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    pub(super) fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }
}

impl Default for Features {
    fn default() -> Self {
        Self([0.0; COUNT])
    }
}

/// A fact that keeps two tips from ever being proposed as the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Veto {
    /// Two schools of the office's list.
    Schools,
    /// Two full names.
    Names,
    /// One text about two places.
    Places,
}

/// How a thing that both tips may name stands between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
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

/// What was measured between the words of two texts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TextLikeness {
    pub cosine: f32,
    pub contained: f32,
    pub breadth: f32,
    pub headline: f32,
    pub headline_in_text: f32,
    pub rare: f32,
    pub sentences: f32,
}

/// Facts of a tip with the day it came.
#[derive(Clone, Copy)]
pub(super) struct Dated<'a> {
    pub facts: &'a Facts,
    pub day: i32,
}

/// Days within which two named days are one.
const SAME_DAY_SLACK: i32 = 1;
/// Days from which two named days are two.
const OTHER_DAY_FROM: i32 = 10;
/// Half a year: later tips are seldom about the same.
const GAP_SCALE_DAYS: f32 = 180.0;

/// Symmetric in its two tips.
pub(super) fn measure(
    text: &TextLikeness,
    one: Dated<'_>,
    other: Dated<'_>,
) -> (Features, Option<Veto>) {
    let mut features = Features::default();
    features.set(Feature::Cosine, text.cosine);
    features.set(Feature::Contained, text.contained);
    features.set(Feature::Breadth, text.breadth);
    features.set(Feature::Headline, text.headline);
    features.set(Feature::HeadlineInText, text.headline_in_text);
    features.set(Feature::RareShared, text.rare);
    features.set(Feature::Sentences, text.sentences);
    let mut flag = |feature: Feature, is: bool| features.set(feature, f32::from(u8::from(is)));
    let (x, y) = (one.facts, other.facts);
    flag(Feature::SameText, x.text == y.text);
    let school = schools(x, y);
    let listed = x.is_listed() && y.is_listed();
    flag(Feature::SchoolAgrees, school == Standing::Agrees);
    flag(Feature::SchoolDiffers, school == Standing::Differs);
    let names = standing(
        x.names.is_empty() || y.names.is_empty(),
        x.names.shared(&y.names),
    );
    let surnames = surnames(x, y);
    let person =
        names == Standing::Agrees || (surnames == Standing::Agrees && names != Standing::Differs);
    flag(Feature::NameAgrees, names == Standing::Agrees);
    flag(Feature::SurnameAgrees, surnames == Standing::Agrees);
    flag(Feature::SurnameDiffers, surnames == Standing::Differs);
    let subjects = bits(u32::from(x.subjects), u32::from(y.subjects));
    flag(Feature::SubjectAgrees, subjects == Standing::Agrees);
    flag(Feature::SubjectDiffers, subjects == Standing::Differs);
    let offence = x.main_offence != 0 && x.main_offence == y.main_offence;
    let offences = bits(u32::from(x.offences), u32::from(y.offences));
    flag(Feature::OffenceAgrees, offence);
    flag(
        Feature::OffenceOverlaps,
        !offence && offences == Standing::Agrees,
    );
    flag(Feature::OffenceDiffers, offences == Standing::Differs);
    let venue = bits(x.things & VENUES, y.things & VENUES);
    flag(Feature::VenueAgrees, venue == Standing::Agrees);
    flag(Feature::VenueDiffers, venue == Standing::Differs);
    let gift = bits(x.things & GIFTS, y.things & GIFTS);
    flag(Feature::GiftAgrees, gift == Standing::Agrees);
    flag(Feature::GiftDiffers, gift == Standing::Differs);
    let sums = sums(x, y);
    flag(Feature::SumAgrees, x.sums.shared(&y.sums) > 0);
    flag(
        Feature::SumFits,
        sums == Standing::Agrees && x.sums.shared(&y.sums) == 0,
    );
    flag(Feature::SumDiffers, sums == Standing::Differs);
    let days = days(one, other);
    flag(Feature::DayAgrees, days == Standing::Agrees);
    flag(Feature::DayDiffers, days == Standing::Differs);
    flag(Feature::SeasonAgrees, x.seasons & y.seasons != 0);
    let grades = grades(x, y);
    flag(Feature::GradeAgrees, grades == Standing::Agrees);
    flag(Feature::GradeDiffers, grades == Standing::Differs);
    flag(Feature::ContactAgrees, x.contacts.shared(&y.contacts) > 0);
    let places = standing(
        x.places.is_empty() || y.places.is_empty(),
        x.places.shared(&y.places),
    );
    flag(Feature::PlacesDiffer, places == Standing::Differs);
    flag(Feature::TwoScripts, x.is_latin() != y.is_latin());
    flag(Feature::Listed, listed);
    let at_one_school = school == Standing::Agrees;
    flag(Feature::SchoolAndPerson, at_one_school && person);
    let no_person = surnames == Standing::Unknown && names == Standing::Unknown;
    flag(
        Feature::SchoolAndOffence,
        at_one_school && offence && no_person,
    );
    flag(Feature::AllThree, at_one_school && person && offence);
    flag(
        Feature::SchoolAndSum,
        at_one_school && x.sums.shared(&y.sums) > 0,
    );
    features.set(Feature::PlacesAgree, capped(x.places.shared(&y.places), 3));
    features.set(Feature::Gap, gap(one.day, other.day));
    let veto = if listed && school == Standing::Differs {
        Some(Veto::Schools)
    } else if names == Standing::Differs {
        Some(Veto::Names)
    } else {
        None
    };
    (features, veto)
}

#[expect(clippy::cast_precision_loss, reason = "a count of at most eight")]
fn capped(count: usize, most: usize) -> f32 {
    count.min(most) as f32 / most as f32
}

#[expect(clippy::cast_precision_loss, reason = "days, far below 2^23")]
fn gap(a: i32, b: i32) -> f32 {
    ((a - b).abs() as f32).ln_1p() / GAP_SCALE_DAYS.ln_1p()
}

fn bits(x: u32, y: u32) -> Standing {
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

fn sums(x: &Facts, y: &Facts) -> Standing {
    if x.sums.shared(&y.sums) > 0 {
        return Standing::Agrees;
    }
    if !x.sums.is_empty() && !y.sums.is_empty() {
        return Standing::Differs;
    }
    bits(x.magnitudes, y.magnitudes)
}

fn days(a: Dated<'_>, b: Dated<'_>) -> Standing {
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

fn grades(x: &Facts, y: &Facts) -> Standing {
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
