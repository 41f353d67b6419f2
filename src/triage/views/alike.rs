//! What is perhaps about the same: proposed by rules that a person can check. Nothing is done with it.

use crate::cases::{AlikeCase, Entry, Group};
use crate::model::{CaseId, CaseNumber, Member};
use crate::office::{Office, VisibleCases};
use crate::store::Pair;
use mifeng_foundation::entropy::parse_id;
use mifeng_similarity::{Candidate, Tier, TipId, said};
use std::cmp::Ordering;

/// Most cases listed as alike.
const ALIKE_SHOWN: usize = 8;

/// Most reasons given for each.
const REASONS_SHOWN: usize = 5;

/// Cases with the same text, word for word or but for width and spaces.
pub(super) fn same_text(office: &Office, viewer: &Member, group: &Group<'_>) -> Vec<CaseNumber> {
    office.visible_to(viewer, |seen| {
        if seen.flood_of(group).is_some() {
            return Vec::new();
        }
        let mut numbers: Vec<_> = group
            .cases()
            .flat_map(|entry| seen.same_text(&entry.sketch))
            .filter(|(_, mates)| is_another(group, mates))
            .map(|(mate, _)| CaseNumber(mate.row.number.clone()))
            .collect();
        numbers.sort();
        numbers.dedup();
        numbers
    })
}

/// Cases with a tip like one of this case's: the nearest first, and of those alike near one that is being handled
/// before one that is not.
pub(super) fn alike(office: &Office, viewer: &Member, group: &Group<'_>) -> Vec<AlikeCase> {
    office.visible_to(viewer, |seen| {
        let mut alike: Vec<AlikeCase> = Vec::new();
        // Copies are a group of their own, kept apart from accounts that stand by themselves.
        let flood = seen.flood_of(group);
        let is_copy = |tip: &TipId| flood.as_ref().is_some_and(|flood| flood.tips.contains(tip));
        for entry in group.cases() {
            for tip in seen.tips_of(entry.row.id) {
                let near = seen.candidates_of(tip).into_iter();
                alike.extend(near.filter_map(|near| {
                    let (mate, mates) = seen.of_tip(&near.tip)?;
                    let pair = Pair::of(entry.row.id, mate.row.id);
                    let shown = near.compared.tier > Tier::Unrelated
                        && !is_copy(&near.tip)
                        && !seen.is_apart(pair)
                        && is_another(group, &mates);
                    shown.then(|| alike_case(seen, entry, (mate, &mates), &near))
                }));
            }
        }
        alike.sort_by(nearer);
        // Of one case the nearest tip stands for all.
        let mut cases: Vec<AlikeCase> = Vec::new();
        for one in alike {
            if cases.iter().all(|known| known.case() != one.case()) {
                cases.push(one);
            }
        }
        cases.truncate(ALIKE_SHOWN);
        cases
    })
}

/// Why a case was routed so, in Chinese and English; what names another case only for whoever may see that one too.
pub(super) fn reasons_shown(
    office: &Office,
    viewer: &Member,
    lead: &Entry,
) -> Vec<(String, String)> {
    let same_text = |number: &str| {
        (
            format!("文字与{number}号相同，由同一承办人办理。"),
            format!("The text is the same as that of {number}, so the same person handles it."),
        )
    };
    office.visible_to(viewer, |seen| {
        let summary = &lead.summary;
        let mate = summary.same_text_as.as_deref().and_then(parse_id);
        let mate = mate.and_then(|id| seen.by_id(CaseId(id)));
        let mate = mate.map(|(mate, _)| same_text(&mate.row.number));
        let reasons = summary.reasons.iter().filter_map(|reason| {
            let Some(number) = named_before(&reason.0) else {
                return Some(reason.clone());
            };
            let (named, _) = seen.by_number(&CaseNumber(number.to_owned()))?;
            Some(same_text(&named.row.number))
        });
        let mut reasons: Vec<_> = reasons.collect();
        // It was chosen right after the unit.
        let at = reasons.len().min(1);
        reasons.splice(at..at, mate);
        reasons
    })
}

/// Cases that a person holds apart from this one, with the tip of this case that each was compared with.
pub(super) fn held_apart(
    office: &Office,
    viewer: &Member,
    group: &Group<'_>,
) -> Vec<(CaseNumber, CaseNumber)> {
    office.visible_to(viewer, |seen| {
        let number = |entry: &Entry| CaseNumber(entry.row.number.clone());
        let mut apart = Vec::new();
        for entry in group.cases() {
            let mates = seen.apart_from(entry.row.id);
            let mates = mates.filter(|(_, mates)| is_another(group, mates));
            apart.extend(mates.map(|(mate, _)| (number(entry), number(mate))));
        }
        apart.sort();
        apart
    })
}

/// The number in a reason of before that says that the text is the same as that of another case.
fn named_before(reason: &str) -> Option<&str> {
    let rest = reason.strip_prefix("文字与")?;
    rest.strip_suffix("号相同，由同一承办人办理。")
}

/// Whether two groups are two.
fn is_another(group: &Group<'_>, other: &Group<'_>) -> bool {
    other.lead.row.id != group.lead.row.id
}

fn alike_case(
    seen: &VisibleCases<'_, '_>,
    entry: &Entry,
    (mate, theirs): (&Entry, &Group<'_>),
    near: &Candidate,
) -> AlikeCase {
    let number = |entry: &Entry| CaseNumber(entry.row.number.clone());
    AlikeCase {
        number: number(mate),
        own: number(entry),
        within: (theirs.lead.row.id != mate.row.id).then(|| number(theirs.lead)),
        tips: theirs.joined.len() + 1,
        state: theirs.state(),
        title: mate.summary.title(),
        compared: near.compared,
        days_apart: mate.row.opened_day.days_since(entry.row.opened_day),
        said: said(&seen.reasons(&near.compared), REASONS_SHOWN),
    }
}

/// The nearest first. Of those that are as near, by day and number: nothing else has a say.
fn nearer(a: &AlikeCase, b: &AlikeCase) -> Ordering {
    let by = |one: &AlikeCase| (one.compared.tier, one.is_running(), one.compared.score);
    let near = by(b).partial_cmp(&by(a)).unwrap_or(Ordering::Equal);
    let rest = |one: &AlikeCase| (one.days_apart, one.number.clone(), one.own.clone());
    near.then_with(|| rest(a).cmp(&rest(b)))
}
