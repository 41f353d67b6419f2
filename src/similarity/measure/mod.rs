//! Measuring two sketches: what both name, and whether it agrees.

mod standing;

use crate::features::{Feature, Features, Veto};
use crate::reading::{GIFTS, VENUES};
use crate::sketch::Facts;
use standing::{Standing, Standings, bits, days, grades, sums};

/// What was measured between the words of two texts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TextLikeness {
    pub evidence: f32,
    pub cosine: f32,
    pub contained: f32,
    pub breadth: f32,
    pub headline: f32,
    pub headline_in_text: f32,
    pub headline_in_either: f32,
    pub rare: f32,
    pub sentences: f32,
    pub places: f32,
    pub matters: f32,
}

/// Facts of a tip with the day it came.
#[derive(Clone, Copy)]
pub(super) struct Dated<'a> {
    pub facts: &'a Facts,
    pub day: i32,
}

/// Days within which people speak of one thing, and within which they still do.
const WEEK_DAYS: i32 = 7;

const MONTH_DAYS: i32 = 30;

/// Later tips are seldom about the same.
const HALF_YEAR_DAYS: i32 = 180;

/// Symmetric in its two tips.
pub(super) fn measure(
    text: &TextLikeness,
    one: Dated<'_>,
    other: Dated<'_>,
) -> (Features, Option<Veto>) {
    let standings = Standings::of(one.facts, other.facts);
    let mut features = Features::default();
    words(&mut features, text);
    people_and_places(&mut features, &standings);
    things(&mut features, one.facts, other.facts);
    times(&mut features, one, other);
    together(&mut features, &standings);
    features.flag(Feature::SameText, one.facts.text == other.facts.text);
    let apart = headline_matters_apart(one.facts, other.facts);
    features.set(Feature::HeadlineMattersDiffer, apart);
    (features, standings.veto(text))
}

/// What keeps two texts apart that are copies of each other in all but that.
pub(super) fn veto_of_copies(one: &Facts, other: &Facts) -> Option<Veto> {
    let copies = TextLikeness {
        cosine: 1.0,
        ..TextLikeness::default()
    };
    Standings::of(one, other).veto(&copies)
}

impl Features {
    /// What the mates of the two say of them, as logarithm of odds beside their own words'.
    pub(super) fn hear(&mut self, said: f32) {
        self.set(Feature::Company, said);
        self.set(Feature::CompanyNearer, said.max(0.0));
        self.set(Feature::CompanyAndGap, said * self.get(Feature::Gap));
    }

    fn flag(&mut self, feature: Feature, is: bool) {
        self.set(feature, f32::from(u8::from(is)));
    }

    /// One feature where it agrees, the other where it differs.
    fn stand(&mut self, standing: Standing, agrees: Feature, differs: Feature) {
        self.flag(agrees, standing == Standing::Agrees);
        self.flag(differs, standing == Standing::Differs);
    }
}

fn words(features: &mut Features, text: &TextLikeness) {
    for (feature, value) in [
        (Feature::Evidence, text.evidence),
        (Feature::Cosine, text.cosine),
        (Feature::Contained, text.contained),
        (Feature::Breadth, text.breadth),
        (Feature::Headline, text.headline),
        (Feature::HeadlineInText, text.headline_in_text),
        (Feature::HeadlineInEither, text.headline_in_either),
        (Feature::RareShared, text.rare),
        (Feature::Sentences, text.sentences),
        (Feature::PlacesAgree, text.places),
        (Feature::MattersAgree, text.matters),
    ] {
        features.set(feature, value);
    }
}

fn people_and_places(features: &mut Features, standings: &Standings) {
    use Feature as F;
    features.stand(standings.school, F::SchoolAgrees, F::SchoolDiffers);
    features.flag(F::NameAgrees, standings.names == Standing::Agrees);
    features.stand(standings.surnames, F::SurnameAgrees, F::SurnameDiffers);
    features.flag(F::PlacesDiffer, standings.places == Standing::Differs);
    let headline = standings.headline_places == Standing::Differs;
    features.flag(F::HeadlinePlacesDiffer, headline);
    features.flag(F::OffenceAgrees, standings.one_offence);
    let overlap = !standings.one_offence && standings.offences == Standing::Agrees;
    features.flag(F::OffenceOverlaps, overlap);
    let differ = standings.offences == Standing::Differs;
    features.flag(F::OffenceDiffers, differ);
    features.flag(F::Listed, standings.listed == 2);
    features.flag(F::TwoScripts, standings.two_scripts);
}

fn things(features: &mut Features, x: &Facts, y: &Facts) {
    use Feature as F;
    let subjects = bits(u32::from(x.subjects), u32::from(y.subjects));
    features.stand(subjects, F::SubjectAgrees, F::SubjectDiffers);
    let venue = bits(x.things & VENUES, y.things & VENUES);
    features.stand(venue, F::VenueAgrees, F::VenueDiffers);
    let gift = bits(x.things & GIFTS, y.things & GIFTS);
    features.stand(gift, F::GiftAgrees, F::GiftDiffers);
    let sums = sums(x, y);
    let exact = x.sums.shared(&y.sums) > 0;
    features.stand(sums, F::SumFits, F::SumDiffers);
    features.flag(F::SumAgrees, exact);
    if exact {
        features.flag(F::SumFits, false);
    }
    features.stand(grades(x, y), F::GradeAgrees, F::GradeDiffers);
    features.flag(F::ContactAgrees, x.contacts.shared(&y.contacts) > 0);
    let matters = bits(x.matters, y.matters);
    features.flag(F::MattersDiffer, matters == Standing::Differs);
}

fn times(features: &mut Features, one: Dated<'_>, other: Dated<'_>) {
    features.stand(days(one, other), Feature::DayAgrees, Feature::DayDiffers);
    let seasons = one.facts.seasons & other.facts.seasons;
    features.flag(Feature::SeasonAgrees, seasons != 0);
    let apart = (one.day - other.day).abs();
    features.flag(Feature::WithinWeek, apart <= WEEK_DAYS);
    features.flag(Feature::WithinMonth, apart <= MONTH_DAYS);
    features.set(Feature::Gap, gap(apart));
    let half_years = as_f32(apart.min(2 * HALF_YEAR_DAYS)) / as_f32(HALF_YEAR_DAYS);
    features.set(Feature::GapHalfYears, half_years);
}

/// What says more together than each by itself.
fn together(features: &mut Features, standings: &Standings) {
    use Feature as F;
    let one_school = standings.school == Standing::Agrees;
    let at_school = |is: bool| one_school && is;
    let person = at_school(standings.one_person());
    let sum = at_school(features.get(F::SumAgrees) > 0.0);
    let offence = at_school(standings.one_offence);
    let nobody = standings.surnames == Standing::Unknown && standings.names == Standing::Unknown;
    features.flag(F::SchoolAndPerson, person);
    features.flag(F::SchoolAndOffence, offence && nobody);
    features.flag(F::AllThree, person && offence);
    features.flag(F::SchoolAndSum, sum);
    features.flag(F::TwoScriptsAndPerson, standings.two_scripts && person);
    features.flag(F::TwoScriptsAndSum, standings.two_scripts && sum);
    let differ = standings.two_scripts && standings.offences == Standing::Differs;
    features.flag(F::TwoScriptsAndOffences, differ);
}

/// Share of the two headlines that are about something the other text does not speak of.
fn headline_matters_apart(x: &Facts, y: &Facts) -> f32 {
    let apart =
        |headline: u32, text: u32| f32::from(u8::from(headline != 0 && headline & text == 0));
    f32::midpoint(
        apart(x.headline_matters, y.matters),
        apart(y.headline_matters, x.matters),
    )
}

fn gap(apart: i32) -> f32 {
    as_f32(apart).ln_1p() / as_f32(HALF_YEAR_DAYS).ln_1p()
}

#[expect(clippy::cast_precision_loss, reason = "days, far below 2^23")]
fn as_f32(days: i32) -> f32 {
    days as f32
}
