//! Letters that are one, and letters that look alike: the tables that `generate/letters.py` makes.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A class on each line: the letter that stands for all, then the others.
const CLASSES: &str = include_str!("letters.txt");
/// A letter on each line, then those that it is taken for.
const LOOKALIKES: &str = include_str!("lookalikes.txt");

/// The first letter that is in any class: nothing below it is looked up.
const FIRST: char = '\u{2e80}';

static REPRESENTATIVES: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let classes = CLASSES.lines().filter_map(|line| {
        let mut letters = line.chars();
        Some((letters.next()?, letters))
    });
    let pairs = classes.flat_map(|(first, others)| others.map(move |other| (other, first)));
    pairs.collect()
});

static ALIKE: LazyLock<HashMap<char, &'static str>> = LazyLock::new(|| {
    let lines = LOOKALIKES.lines().filter_map(|line| {
        let first = line.chars().next()?;
        Some((first, &line[first.len_utf8()..]))
    });
    lines.collect()
});

/// The letter that stands for `c` and all that are one with it: 鍾, 锺 and 钟 give 钟, the radical ⻩ gives 黄. Any other `c`
/// gives itself.
#[must_use]
pub fn fold_letter(c: char) -> char {
    if c < FIRST {
        return c;
    }
    REPRESENTATIVES.get(&c).copied().unwrap_or(c)
}

/// Folded letters that the folded letter `c` is taken for by the eye.
pub(super) fn lookalikes(c: char) -> std::str::Chars<'static> {
    ALIKE.get(&c).copied().unwrap_or_default().chars()
}

/// Whether two letters look alike without being one.
#[must_use]
pub fn is_alike(one: char, other: char) -> bool {
    let (one, other) = (fold_letter(one), fold_letter(other));
    lookalikes(one).any(|c| c == other)
}

/// A Chinese character.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// Joiners, marks of direction and variation selectors: typed by no one, added by programs.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Letters that are one with `c`, without itself.
pub(super) fn same_letters(c: char) -> Vec<char> {
    let first = fold_letter(c);
    let line = CLASSES.lines().find(|line| line.starts_with(first));
    line.unwrap_or_default()
        .chars()
        .filter(|one| *one != c)
        .collect()
}
