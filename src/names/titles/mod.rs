//! Titles in place of names: 局长, 教育局一把手, 督导室的主任, 温科长.

mod addressed;
mod holder;

use super::around::Around;
use super::person::Held;
use super::text::{find_letters, letters_of};
use addressed::is_addressed;
use holder::{Told, of_the_bureau};
use mifeng_foundation::clock::Day;

/// Ranks, each before those that end like it.
const RANKS: [&str; 34] = [
    "党组书记",
    "副局长",
    "局长",
    "副书记",
    "书记",
    "副主任",
    "主任",
    "副科长",
    "科长",
    "副股长",
    "股长",
    "副校长",
    "校长",
    "副园长",
    "园长",
    "副院长",
    "院长",
    "副所长",
    "所长",
    "副馆长",
    "馆长",
    "副站长",
    "站长",
    "副部长",
    "部长",
    "副组长",
    "副队长",
    "副处长",
    "主席",
    "总督学",
    "督学",
    "组长",
    "队长",
    "处长",
];

/// What people call whoever is first in an office.
const FIRST: [&str; 9] = [
    "一把手",
    "老大",
    "头头",
    "头儿",
    "当家人",
    "当家的",
    "主要领导",
    "主要负责人",
    "负责人",
];

/// A title in parts.
#[derive(Clone, Debug)]
pub(super) struct Title {
    held: Held,
    /// What it is of: 督导室; empty for the office itself.
    of: Vec<char>,
    rank: String,
    rank_letters: Vec<char>,
}

/// Letters between the name of a unit and a rank, such as 的.
const BETWEEN_MAX: usize = 3;

impl Title {
    /// Reads a title; one that ends with no rank is looked for as it is. `None` for less than two letters.
    pub(super) fn read(held: &Held) -> Option<Self> {
        let letters = letters_of(&held.title);
        let whole: String = letters.iter().collect();
        if letters.len() < 2 {
            return None;
        }
        let known = RANKS.into_iter().find(|rank| whole.ends_with(rank));
        let rank = known.unwrap_or(&whole).to_owned();
        let rank_letters: Vec<char> = rank.chars().collect();
        let of = letters[..letters.len() - rank_letters.len()].to_vec();
        // 教科局局长 is of the office itself.
        let is_of_office = of.last() == Some(&'局') || rank == "局长" || rank == "副局长";
        Some(Self {
            held: held.clone(),
            of: if is_of_office { Vec::new() } else { of },
            rank,
            rank_letters,
        })
    }

    /// Whether its holder is the first of what it is of.
    fn is_first(&self) -> bool {
        !self.rank.starts_with('副') && !self.rank.ends_with("督学")
    }

    /// Places at which it stands for its holder in a tip that came on `day`: from and to.
    pub(super) fn find(&self, field: &str, day: Day) -> Vec<(usize, usize)> {
        let now = self.held.is_meant_on(day);
        let earlier = self.held.is_earlier_on(day);
        if !now && !earlier {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (from, to) in find_letters(field, &self.rank_letters) {
            let around = Around::new(field, from, to);
            let back = around.letters_back();
            let is_meant = match Told::of(back, self) {
                Some(Told::Now) => now,
                Some(Told::Earlier) => earlier,
                None => false,
            };
            if is_meant && !is_addressed(&around) {
                found.push((from, to));
            }
        }
        if now && self.is_first() {
            for word in FIRST {
                let letters: Vec<char> = word.chars().collect();
                for (from, to) in find_letters(field, &letters) {
                    // Of the bureau there are many who are in charge of something.
                    if word == "负责人" && self.of.is_empty() {
                        continue;
                    }
                    let around = Around::new(field, from, to);
                    if self.is_of(around.letters_back()) && !is_addressed(&around) {
                        found.push((from, to));
                    }
                }
            }
        }
        found
    }

    /// Places at which its rank stands behind one of some surnames: 温科长. A deputy is called so too.
    pub(super) fn find_named(
        &self,
        field: &str,
        surnames: &[Vec<char>],
        day: Day,
    ) -> Vec<(usize, usize)> {
        let rank = self.rank.trim_start_matches('副');
        if !self.held.is_meant_on(day) && !self.held.is_earlier_on(day) {
            return Vec::new();
        }
        let rank: Vec<char> = rank.chars().collect();
        let with_deputy: Vec<char> = std::iter::once('副').chain(rank.iter().copied()).collect();
        let mut found = Vec::new();
        for letters in [rank, with_deputy] {
            for (from, to) in find_letters(field, &letters) {
                for surname in surnames {
                    let surname: String = surname.iter().collect();
                    if field[..from].ends_with(&surname) {
                        found.push((from - surname.len(), to));
                    }
                }
            }
        }
        found
    }

    /// Whether its rank begins a field: 王方科长.
    pub(super) fn follows(&self, field: &str) -> bool {
        let rank = self.rank.trim_start_matches('副');
        field.starts_with(rank)
            || field
                .strip_prefix('副')
                .is_some_and(|rest| rest.starts_with(rank))
    }

    /// Whether letters before a word, the nearest first, say that it is of this title's office or unit.
    fn is_of(&self, back: &[char]) -> bool {
        if self.of.is_empty() {
            return of_the_bureau(back).is_some_and(|ours| ours);
        }
        let forward: Vec<char> = back.iter().rev().copied().collect();
        let unit = unit_of(&self.of);
        (0..=BETWEEN_MAX).any(|between| {
            let end = forward.len().checked_sub(between);
            end.is_some_and(|end| forward[..end].ends_with(unit))
        })
    }
}

/// 督导室 for 督导室, 基教 for 基教股: people leave the last letter out before a rank that says it again.
fn unit_of(of: &[char]) -> &[char] {
    match of {
        [rest @ .., '股' | '科' | '校' | '园'] if rest.len() >= 2 => rest,
        _ => of,
    }
}
