//! Which school a tip is about.

use super::places::SCHOOLS;
use super::schools::{Found, Schools};
use mifeng_names::{Folded, is_han};
use std::collections::HashSet;

/// A school that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolRead {
    /// The list's id, or the name as typed where no list has it.
    pub id: String,
    /// Whether the office's list has it.
    pub is_listed: bool,
}

/// What was typed into the field counts as so many mentions in the text.
const FIELD_MENTIONS: usize = 4;

/// Schools, the one mentioned most first (of equals, the one mentioned first).
pub(super) fn read(
    field: &Folded,
    texts: &[&Folded],
    list: &Schools,
    places: &[String],
) -> Vec<SchoolRead> {
    let mut counted: Vec<(SchoolRead, usize)> = Vec::new();
    let mut count = |read: SchoolRead, mentions: usize| match counted
        .iter_mut()
        .find(|(known, _)| *known == read)
    {
        Some((_, sum)) => *sum += mentions,
        None => counted.push((read, mentions)),
    };
    let sources = std::iter::once((field, FIELD_MENTIONS));
    let sources = sources.chain(texts.iter().map(|text| (*text, 1)));
    let staff: HashSet<usize> = sources
        .clone()
        .flat_map(|(text, _)| list.find_staff(text))
        .map(|found| found.school)
        .collect();
    for (text, mentions) in sources {
        let found = list.find(text);
        let known = |at: usize| {
            found
                .iter()
                .any(|f| f.from == at && staff.contains(&f.school))
        };
        // Of the schools that share a name, the one whose teacher is named.
        let meant = found
            .iter()
            .filter(|f| !f.is_shared || !known(f.from) || staff.contains(&f.school));
        for found in meant {
            count(named(text, *found, list), mentions);
        }
    }
    counted.sort_by_key(|(_, mentions)| std::cmp::Reverse(*mentions));
    let mut schools: Vec<_> = counted.into_iter().map(|(read, _)| read).collect();
    if schools.is_empty() {
        let ends = || SCHOOLS.iter().chain(&COLLEGES);
        let unlisted = places
            .iter()
            .filter(|place| ends().any(|end| place.ends_with(end)));
        schools.extend(unlisted.map(|place| SchoolRead {
            id: place.clone(),
            is_listed: false,
        }));
    }
    schools
}

/// Endings of schools for older ones.
const COLLEGES: [&str; 2] = ["学院", "大学"];

/// 一中 after another county's name is that county's: the name with its place, which no list has.
fn named(text: &Folded, found: Found, list: &Schools) -> SchoolRead {
    if let Some(from) = foreign_place(text, found, list) {
        return SchoolRead {
            id: text.text(from, found.to),
            is_listed: false,
        };
    }
    SchoolRead {
        id: list.id(found.school).to_owned(),
        is_listed: true,
    }
}

/// Where the name of a place that the list does not know begins, right before the school's or with its first
/// character (东河 in 东河县一中).
fn foreign_place(text: &Folded, found: Found, list: &Schools) -> Option<usize> {
    let is_kind = |c: char| matches!(c, '县' | '市' | '区' | '镇' | '乡' | '州');
    let kind = if is_kind(text.chars[found.from]) {
        found.from
    } else {
        found
            .from
            .checked_sub(1)
            .filter(|at| is_kind(text.chars[*at]))?
    };
    let name = |c: &char| is_han(*c) && !is_kind(*c) && !BEFORE_PLACE.contains(*c);
    let length = text.chars[..kind]
        .iter()
        .rev()
        .take(3)
        .take_while(|c| name(c))
        .count();
    let from = kind - length;
    let place = text.text(from, kind + 1);
    let own = ["我", "本", "全", "该", "咱", "们"]
        .iter()
        .any(|word| place.contains(word));
    (length >= 2 && !own && !list.knows_place(&place)).then_some(from)
}

/// What may stand before a place without belonging to it.
const BEFORE_PLACE: &str = "在是的到读为和与举报映诉上去来于向从对家娃孩子您好";
