//! Floods and bursts, named and counted: nothing is discounted, hidden, delayed or closed by it. Whoever may not see a tip
//! is not told of it by a number either.

use crate::cases::{BurstView, Copies, Entry, Group};
use crate::model::{CaseNumber, Member};
use crate::office::{Office, VisibleCases};
use mifeng_similarity::{Burst, Flood, Offence, TipId};
use std::collections::HashMap;

/// Floods as far as one viewer may see them, each looked at once for a page.
#[derive(Default)]
pub(super) struct SeenFloods(HashMap<TipId, Option<Copies>>);

/// The copies that a case belongs to: all of its tips are of one flood.
pub(super) fn copies(
    seen: &VisibleCases<'_, '_>,
    group: &Group<'_>,
    known: &mut SeenFloods,
) -> Option<Copies> {
    let flood = seen.flood_of(group)?;
    let copies = known.0.entry(flood.first_tip);
    copies.or_insert_with(|| named(seen, &flood)).clone()
}

pub(super) fn named(seen: &VisibleCases<'_, '_>, flood: &Flood) -> Option<Copies> {
    let entries = flood.tips.iter().filter_map(|tip| seen.of_tip(tip));
    let mut entries: Vec<&Entry> = entries.map(|(entry, _)| entry).collect();
    // Of one day by number: in which order they came is nobody's business.
    entries
        .sort_by(|a, b| (a.row.opened_day, &a.row.number).cmp(&(b.row.opened_day, &b.row.number)));
    Some(Copies {
        first_day: entries.first()?.row.opened_day,
        last_day: entries.last()?.row.opened_day,
        numbers: entries
            .iter()
            .map(|entry| CaseNumber(entry.row.number.clone()))
            .collect(),
    })
}

/// Schools with more tips of one kind than usual, among the tips that the viewer may see.
pub(super) fn bursts(
    office: &Office,
    viewer: &Member,
    seen: &VisibleCases<'_, '_>,
) -> Vec<BurstView> {
    if !viewer.role.sees_all_cases() {
        return Vec::new();
    }
    let rules = office.rules();
    let view = |burst: Burst| {
        let kind = usize::from(burst.offence).checked_sub(1);
        Some(BurstView {
            school: rules.school_by_id(&burst.school)?.name.clone(),
            offence: kind.and_then(|kind| Offence::ALL.get(kind)).copied(),
            tips: burst.tips,
            usual_per_week: burst.usual_per_week,
        })
    };
    seen.bursts().into_iter().filter_map(view).collect()
}
