//! Names in Latin letters: every reading of each letter, surname first or last, joined or apart, letter by letter, with tones or
//! without, with digits for the letters that they look like; in pinyin, Wade-Giles and Tongyong.

mod digits;
mod words;

use super::lists::COMPOUND;
use super::readings::readings;
use super::romanised::{tongyong, wade_giles};
use std::collections::BTreeSet;
use std::ops::Bound;
pub(super) use words::Words;

/// Most spellings that are made of one name.
const SPELLINGS_MAX: usize = 512;
/// Most signs between two syllables or words of a name, in characters.
const GAP_MAX_CHARS: usize = 4;

/// Fewest letters of a name that is spelt in pieces other than syllables, or in a romanisation that is not pinyin.
const PIECES_MIN: usize = 4;

/// How a name is spelt.
#[derive(Clone, Debug, Default)]
pub(super) struct Latin {
    /// Joined and in lower case, in either order.
    spellings: BTreeSet<String>,
    /// Most words that a spelling can be in, if they are syllables.
    words_max: usize,
    /// Letters of the longest: most words that it can be in, if they are letters.
    letters_max: usize,
    /// Letters that one begins with.
    firsts: u32,
}

/// Ways in which people write a syllable that has an ü, or had one before Unicode came.
pub(super) fn typed(syllable: &str) -> Vec<String> {
    if syllable.contains('v') {
        ["v", "yu", "u"]
            .iter()
            .map(|u| syllable.replace('v', u))
            .collect()
    } else if let Some(rest) = ["ju", "qu", "xu", "yu"].iter().find_map(|start| {
        let rest = syllable.strip_prefix(start)?;
        Some((&start[..1], rest))
    }) {
        vec![syllable.to_owned(), format!("{}v{}", rest.0, rest.1)]
    } else {
        vec![syllable.to_owned()]
    }
}

/// How a syllable of pinyin is spelt.
type System = fn(&str) -> Vec<String>;

/// Every joined spelling of some letters, at most [`SPELLINGS_MAX`].
fn joined(letters: &[char], system: System) -> Vec<String> {
    let mut all = vec![String::new()];
    for letter in letters {
        let syllables: Vec<String> = readings(*letter).into_iter().flat_map(system).collect();
        if syllables.is_empty() {
            return Vec::new();
        }
        let room = (SPELLINGS_MAX / all.len()).max(1);
        let next = all.iter().flat_map(|start| {
            let syllables = syllables.iter().take(room);
            syllables.map(move |syllable| format!("{start}{syllable}"))
        });
        all = next.collect();
    }
    all
}

/// How many letters of a name are its surname.
pub(super) fn surname_letters(name: &[char]) -> usize {
    let first: String = name.iter().take(2).collect();
    let is_compound = name.len() > 2 && COMPOUND.split_whitespace().any(|one| one == first);
    if is_compound { 2 } else { 1 }
}

/// Joined spellings of a name whose parts are given, in either order.
fn spellings(parts: &[Vec<char>], system: System) -> Vec<String> {
    let spelt: Vec<Vec<String>> = parts.iter().map(|part| joined(part, system)).collect();
    let reversed: Vec<_> = spelt.iter().rev().cloned().collect();
    let mut spellings = Vec::new();
    for order in [spelt, reversed] {
        let mut all = vec![String::new()];
        for part in order {
            let room = (SPELLINGS_MAX * 2 / all.len().max(1)).max(1);
            let longer = all.iter().flat_map(|start| {
                let part = part.iter().take(room);
                part.map(move |end| format!("{start}{end}"))
            });
            all = longer.collect();
        }
        spellings.extend(all);
    }
    spellings
}

impl Latin {
    /// Spellings of a name whose parts are given: surname and given name, or the parts between its dots.
    pub(super) fn of(parts: &[Vec<char>]) -> Self {
        let mut latin = Self::default();
        let letters: usize = parts.iter().map(Vec::len).sum();
        if letters < 2 {
            return latin;
        }
        let systems: [(System, usize); 3] =
            [(typed, 0), (wade_giles, PIECES_MIN), (tongyong, PIECES_MIN)];
        for (system, least) in systems {
            let spelt = spellings(parts, system).into_iter();
            latin
                .spellings
                .extend(spelt.filter(|spelling| spelling.len() >= least));
        }
        latin.words_max = letters;
        for spelling in &latin.spellings {
            latin.firsts |= bit(spelling.as_bytes()[0]);
            latin.letters_max = latin.letters_max.max(spelling.len());
        }
        latin
    }

    /// Places at which the name is spelt, from and to.
    pub(super) fn find(&self, words: &Words<'_>) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.spellings.is_empty() {
            return found;
        }
        for first in 0..words.list.len() {
            let (from, word) = words.list[first];
            if self.firsts & bit(word.as_bytes()[0].to_ascii_lowercase()) == 0 {
                continue;
            }
            let mut joined = String::new();
            for last in first..words.list.len().min(first + self.letters_max) {
                let (at, word) = words.list[last];
                if last > first && !words.are_near(last - 1) {
                    break;
                }
                joined.push_str(&word.to_ascii_lowercase());
                if !self.begins_with(&joined) {
                    break;
                }
                let is_known = self.spellings.contains(&joined)
                    && (last < first + self.words_max || joined.len() >= PIECES_MIN);
                if is_known && words.is_name(first, last) {
                    found.push((from, at + word.len()));
                }
            }
        }
        found.extend(self.find_with_digits(words.field));
        found
    }

    /// Whether a spelling begins so.
    fn begins_with(&self, start: &str) -> bool {
        let from = (Bound::Included(start), Bound::Unbounded);
        let mut next = self.spellings.range::<str, _>(from);
        next.next()
            .is_some_and(|spelling| spelling.starts_with(start))
    }
}

fn bit(letter: u8) -> u32 {
    1 << (u32::from(letter) & 31)
}

/// Parts of a name in Chinese letters: between its dots, else surname and given name.
pub(super) fn parts(name: &str, letters: &[char]) -> Vec<Vec<char>> {
    let dotted: Vec<Vec<char>> = name
        .split(|c: char| !c.is_alphanumeric())
        .map(|part| part.chars().collect::<Vec<_>>())
        .filter(|part| !part.is_empty())
        .collect();
    if dotted.len() > 1 && dotted.iter().any(|part| part.len() > 1) {
        return dotted;
    }
    let (surname, given) = letters.split_at(surname_letters(letters).min(letters.len()));
    vec![surname.to_vec(), given.to_vec()]
}
