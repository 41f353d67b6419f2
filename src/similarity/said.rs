//! What a person is told of a comparison: features that say the same to a reader, as one, with the weightiest first.

use super::explain::Reason;
use super::features::Feature;
use super::score::Compared;

/// A thing that speaks for or against, in the reader's words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// The key of its words.
    pub key: &'static str,
    /// What it adds to the logarithm of the odds; below zero it speaks against.
    pub weight: f32,
}

/// What weighs less is not worth a reader's time.
const WORTH_SAYING: f32 = 0.2;

/// Every key that [`said`] gives.
pub const SAID_KEYS: [&str; 35] = [
    "words",
    "sentences",
    "same-text",
    "school-agrees",
    "school-differs",
    "name-agrees",
    "surname-agrees",
    "surname-differs",
    "subject-agrees",
    "subject-differs",
    "offence-agrees",
    "offence-overlaps",
    "offence-differs",
    "venue-agrees",
    "venue-differs",
    "gift-agrees",
    "gift-differs",
    "sum-agrees",
    "sum-fits",
    "sum-differs",
    "day-agrees",
    "day-differs",
    "season-agrees",
    "grade-agrees",
    "grade-differs",
    "contact-agrees",
    "places-agree",
    "places-differ",
    "gap",
    "two-scripts",
    "school-and-person",
    "school-and-offence",
    "school-and-sum",
    "company",
    "listed",
];

/// The reasons as a reader is told them, at most `most`, the weightiest first.
#[must_use]
pub fn said(reasons: &[Reason], most: usize) -> Vec<Said> {
    let mut all = by_key(reasons);
    all.retain(|one| one.weight.abs() >= WORTH_SAYING);
    all.truncate(most);
    all
}

/// Everything that was found to agree or to differ, the weightiest first: also what weighs nothing, since a reader who
/// compares wants to see that it was looked at.
#[must_use]
pub fn said_in_full(compared: &Compared, reasons: &[Reason]) -> Vec<Said> {
    let mut all = by_key(reasons);
    let found = Feature::ALL.iter().copied();
    for key in found
        .filter(|one| compared.features.get(*one) > 0.0)
        .map(key)
    {
        let is_field = [SUFFIX_AGREES, SUFFIX_DIFFERS]
            .iter()
            .any(|suffix| key.ends_with(suffix));
        if is_field && all.iter().all(|one| one.key != key) {
            all.push(Said { key, weight: 0.0 });
        }
    }
    all
}

const SUFFIX_AGREES: &str = "-agrees";
const SUFFIX_DIFFERS: &str = "-differs";

fn by_key(reasons: &[Reason]) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    for reason in reasons {
        let key = key(reason.feature);
        match all.iter_mut().find(|one| one.key == key) {
            Some(one) => one.weight += reason.weight,
            None => all.push(Said {
                key,
                weight: reason.weight,
            }),
        }
    }
    // That both schools are known is no news about the two tips.
    all.retain(|one| one.key != "listed");
    all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    all
}

fn key(feature: Feature) -> &'static str {
    match feature {
        Feature::Evidence
        | Feature::Cosine
        | Feature::Contained
        | Feature::Headline
        | Feature::Breadth
        | Feature::HeadlineInText
        | Feature::HeadlineInEither
        | Feature::RareShared => "words",
        Feature::Sentences => "sentences",
        Feature::SameText => "same-text",
        Feature::SchoolAgrees => "school-agrees",
        Feature::SchoolDiffers => "school-differs",
        Feature::NameAgrees => "name-agrees",
        Feature::SurnameAgrees => "surname-agrees",
        Feature::SurnameDiffers => "surname-differs",
        Feature::SubjectAgrees => "subject-agrees",
        Feature::SubjectDiffers => "subject-differs",
        Feature::OffenceAgrees | Feature::MattersAgree => "offence-agrees",
        Feature::OffenceOverlaps => "offence-overlaps",
        Feature::OffenceDiffers | Feature::MattersDiffer | Feature::HeadlineMattersDiffer => {
            "offence-differs"
        }
        Feature::VenueAgrees => "venue-agrees",
        Feature::VenueDiffers => "venue-differs",
        Feature::GiftAgrees => "gift-agrees",
        Feature::GiftDiffers => "gift-differs",
        Feature::SumAgrees => "sum-agrees",
        Feature::SumFits => "sum-fits",
        Feature::SumDiffers => "sum-differs",
        Feature::DayAgrees => "day-agrees",
        Feature::DayDiffers => "day-differs",
        Feature::SeasonAgrees => "season-agrees",
        Feature::GradeAgrees => "grade-agrees",
        Feature::GradeDiffers => "grade-differs",
        Feature::ContactAgrees => "contact-agrees",
        Feature::PlacesAgree => "places-agree",
        Feature::PlacesDiffer | Feature::HeadlinePlacesDiffer => "places-differ",
        Feature::Gap | Feature::GapHalfYears | Feature::WithinWeek | Feature::WithinMonth => "gap",
        Feature::TwoScripts
        | Feature::TwoScriptsAndPerson
        | Feature::TwoScriptsAndSum
        | Feature::TwoScriptsAndOffences => "two-scripts",
        Feature::SchoolAndPerson | Feature::AllThree => "school-and-person",
        Feature::SchoolAndOffence => "school-and-offence",
        Feature::SchoolAndSum => "school-and-sum",
        Feature::Listed => "listed",
        Feature::Company | Feature::CompanyNearer | Feature::CompanyAndGap => "company",
    }
}
