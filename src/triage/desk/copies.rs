//! Floods and bursts, named and counted: nothing is discounted, hidden, delayed or closed by it. Whoever may not see a tip
//! is not told of it by a number either.

use super::Desk;
use crate::triage::cases::{Board, BurstView, CaseNumber, Copies, Entry, Group};
use crate::triage::similarity::{Burst, Flood, Offence, TipId};
use crate::triage::staff::Member;
use std::collections::HashMap;

/// Floods as far as one viewer may see them, each looked at once for a page.
#[derive(Default)]
pub(super) struct SeenFloods(HashMap<TipId, Option<Copies>>);

impl Desk {
    /// The copies that a case belongs to: all of its tips are of one flood, and the viewer sees more of it.
    pub(super) fn copies(
        &self,
        board: &Board,
        viewer: &Member,
        group: &Group<'_>,
        seen: &mut SeenFloods,
    ) -> Option<Copies> {
        let flood = flood_of(board, group)?;
        let first = flood.first_tip;
        seen.0
            .entry(first)
            .or_insert_with(|| self.seen(board, viewer, &flood))
            .clone()
    }

    fn seen(&self, board: &Board, viewer: &Member, flood: &Flood) -> Option<Copies> {
        let entries = flood.tips.iter().filter_map(|tip| board.of_tip(tip));
        let seen: Vec<&Entry> = entries
            .filter(|entry| self.sees(viewer, &board.group_of(entry)))
            .collect();
        let days = || seen.iter().map(|entry| entry.row.opened_day);
        (seen.len() > 1).then_some(Copies {
            first_day: days().min()?,
            last_day: days().max()?,
            numbers: seen
                .iter()
                .map(|entry| CaseNumber(entry.row.number.clone()))
                .collect(),
        })
    }

    /// Schools with more tips of one kind than usual, among the tips that the viewer may see.
    pub(super) fn bursts(&self, board: &Board, viewer: &Member) -> Vec<BurstView> {
        if !viewer.role.sees_all_cases() {
            return Vec::new();
        }
        let (rules, key) = (self.rules(), &self.office.sketch_key);
        let bursts = self.office.with_sight_of_tips(board, viewer, |sees| {
            let schools = rules.compared_schools();
            board.index().bursts_among(self.today(), schools, key, sees)
        });
        let view = |burst: Burst| {
            let kind = usize::from(burst.offence).checked_sub(1);
            Some(BurstView {
                school: rules.school_by_id(&burst.school)?.name.clone(),
                offence: kind.and_then(|kind| Offence::ALL.get(kind)).copied(),
                tips: burst.tips,
                usual_per_week: burst.usual_per_week,
            })
        };
        bursts.into_iter().filter_map(view).collect()
    }
}

/// The flood that all tips of a case are of.
pub(super) fn flood_of(board: &Board, group: &Group<'_>) -> Option<Flood> {
    let mut tips = group
        .cases()
        .flat_map(|entry| board.tips_of(entry.row.id).iter());
    let flood = board.index().flood_of(tips.next()?)?;
    tips.all(|tip| flood.tips.contains(tip)).then_some(flood)
}
