//! What is perhaps about the same: proposed by rules that a person can check. Nothing is done with it.

use super::Desk;
use super::copies::flood_of;
use crate::triage::cases::{AlikeCase, Board, CaseNumber, Entry, Group};
use crate::triage::similarity::{Candidate, Tier, TipId, said};
use crate::triage::staff::Member;
use crate::triage::store::Pair;
use std::cmp::Ordering;

/// Most cases listed as alike.
const ALIKE_SHOWN: usize = 8;
/// Most reasons given for each.
const REASONS_SHOWN: usize = 5;

impl Desk {
    /// Cases with the same text, word for word or but for width and spaces.
    pub(super) fn same_text(&self, viewer: &Member, group: &Group<'_>) -> Vec<CaseNumber> {
        self.office.board(|board| {
            if flood_of(board, group).is_some() {
                return Vec::new();
            }
            let mut numbers: Vec<_> = group
                .cases()
                .flat_map(|entry| board.same_text(&entry.sketch))
                .filter(|mate| self.is_another(board, viewer, group, mate))
                .map(|mate| CaseNumber(mate.row.number.clone()))
                .collect();
            numbers.sort();
            numbers.dedup();
            numbers
        })
    }

    /// Cases with a tip like one of this case's: the nearest first, and of those alike near one that is being handled
    /// before one that is not.
    pub(super) fn alike(&self, viewer: &Member, group: &Group<'_>) -> Vec<AlikeCase> {
        self.office.board(|board| {
            let mut alike: Vec<AlikeCase> = Vec::new();
            // Copies are a group of their own, kept apart from accounts that stand by themselves.
            let flood = flood_of(board, group);
            let is_copy =
                |tip: &TipId| flood.as_ref().is_some_and(|flood| flood.tips.contains(tip));
            for entry in group.cases() {
                for tip in board.tips_of(entry.row.id) {
                    // One that the viewer may not see is neither listed nor heard of those that are.
                    let near = self.office.with_sight_of_tips(board, viewer, |sees| {
                        board.index().candidates_of(tip, sees)
                    });
                    let near = near.unwrap_or_default().into_iter();
                    alike.extend(near.filter_map(|near| {
                        let mate = board.of_tip(&near.tip)?;
                        let pair = Pair::of(entry.row.id, mate.row.id);
                        let shown = near.compared.tier > Tier::Unrelated
                            && !is_copy(&near.tip)
                            && !board.is_apart(pair)
                            && is_of_another(board, group, mate);
                        shown.then(|| alike_case(board, entry, mate, &near))
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

    /// Cases that a person holds apart from this one, with the tip of this case that each was compared with.
    pub(super) fn held_apart(
        &self,
        viewer: &Member,
        group: &Group<'_>,
    ) -> Vec<(CaseNumber, CaseNumber)> {
        self.office.board(|board| {
            let mut apart: Vec<_> = group
                .cases()
                .flat_map(|entry| {
                    board
                        .apart_from(entry.row.id)
                        .map(move |mate| (entry, mate))
                })
                .filter(|(_, mate)| self.is_another(board, viewer, group, mate))
                .map(|(entry, mate)| {
                    let number = |entry: &Entry| CaseNumber(entry.row.number.clone());
                    (number(entry), number(mate))
                })
                .collect();
            apart.sort();
            apart
        })
    }

    /// Whether `mate` is of another case than the one shown, and one that the viewer may see.
    fn is_another(&self, board: &Board, viewer: &Member, group: &Group<'_>, mate: &Entry) -> bool {
        is_of_another(board, group, mate) && self.sees(viewer, &board.group_of(mate))
    }
}

fn is_of_another(board: &Board, group: &Group<'_>, mate: &Entry) -> bool {
    board.group_of(mate).lead.row.id != group.lead.row.id
}

fn alike_case(board: &Board, entry: &Entry, mate: &Entry, near: &Candidate) -> AlikeCase {
    let theirs = board.group_of(mate);
    let number = |entry: &Entry| CaseNumber(entry.row.number.clone());
    AlikeCase {
        number: number(mate),
        own: number(entry),
        within: (theirs.lead.row.id != mate.row.id).then(|| number(theirs.lead)),
        tips: theirs.joined.len() + 1,
        state: theirs.state(),
        title: mate.card.title(),
        compared: near.compared,
        days_apart: mate.row.opened_day.days_since(entry.row.opened_day),
        said: said(&board.index().reasons(&near.compared), REASONS_SHOWN),
    }
}

fn nearer(a: &AlikeCase, b: &AlikeCase) -> Ordering {
    let by = |one: &AlikeCase| (one.compared.tier, one.is_running(), one.compared.score);
    by(b).partial_cmp(&by(a)).unwrap_or(Ordering::Equal)
}
