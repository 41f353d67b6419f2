//! Names in Latin letters: every reading of each letter, surname first or last, joined or apart, with tones or without.

use super::lists::{COMPOUND, ENGLISH};
use super::readings::readings;
use std::collections::HashSet;

/// Most spellings that are made of one name.
const SPELLINGS_MAX: usize = 512;
/// Most signs between two syllables or words of a name, in characters.
const GAP_MAX_CHARS: usize = 4;

/// Fewest words of an account in English.
const ENGLISH_MIN_WORDS: usize = 8;

/// How a name is spelt.
#[derive(Clone, Debug, Default)]
pub(super) struct Latin {
    /// Joined and in lower case, in either order.
    spellings: HashSet<String>,
    /// Most words that a spelling can be in.
    words_max: usize,
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

/// Every joined spelling of some letters, at most [`SPELLINGS_MAX`].
fn joined(letters: &[char]) -> Vec<String> {
    let mut all = vec![String::new()];
    for letter in letters {
        let syllables: Vec<String> = readings(*letter).into_iter().flat_map(typed).collect();
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

impl Latin {
    /// Spellings of a name whose parts are given: surname and given name, or the parts between its dots.
    pub(super) fn of(parts: &[Vec<char>]) -> Self {
        let mut latin = Self::default();
        let letters: usize = parts.iter().map(Vec::len).sum();
        if letters < 2 {
            return latin;
        }
        let spelt: Vec<Vec<String>> = parts.iter().map(|part| joined(part)).collect();
        if spelt.iter().any(Vec::is_empty) {
            return latin;
        }
        let reversed: Vec<_> = spelt.iter().rev().cloned().collect();
        for order in [spelt, reversed] {
            let mut all = vec![String::new()];
            for part in order {
                let room = (SPELLINGS_MAX * 2 / all.len()).max(1);
                let longer = all.iter().flat_map(|start| {
                    let part = part.iter().take(room);
                    part.map(move |end| format!("{start}{end}"))
                });
                all = longer.collect();
            }
            latin.spellings.extend(all);
        }
        latin.words_max = letters;
        for spelling in &latin.spellings {
            latin.firsts |= bit(spelling.as_bytes()[0]);
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
            for last in first..words.list.len().min(first + self.words_max) {
                let (at, word) = words.list[last];
                if last > first && !words.are_near(last - 1) {
                    break;
                }
                joined.push_str(&word.to_ascii_lowercase());
                if self.spellings.contains(&joined) && words.is_name(first, last) {
                    found.push((from, at + word.len()));
                }
            }
        }
        found
    }
}

fn bit(letter: u8) -> u32 {
    1 << (u32::from(letter) & 31)
}

/// Words in Latin letters.
pub(super) struct Words<'a> {
    field: &'a str,
    list: Vec<(usize, &'a str)>,
}

impl<'a> Words<'a> {
    pub(super) fn of(field: &'a str) -> Self {
        let mut list = Vec::new();
        let mut from = None;
        for (at, c) in field.char_indices().chain([(field.len(), '\n')]) {
            match (c.is_ascii_alphabetic(), from) {
                (true, None) => from = Some(at),
                (false, Some(start)) => {
                    list.push((start, &field[start..at]));
                    from = None;
                }
                _ => {}
            }
        }
        Self { field, list }
    }

    /// Whether between a word and the next there are only a few signs and digits.
    fn are_near(&self, at: usize) -> bool {
        let (from, word) = self.list[at];
        let (to, _) = self.list[at + 1];
        let between = &self.field[from + word.len()..to];
        let fits = |c: char| c.is_ascii_digit() || !c.is_alphanumeric();
        between.chars().all(fits) && between.chars().count() <= GAP_MAX_CHARS
    }

    /// Whether the words are no plain English: "he ran" and "Wuhan" may be a name only where they are written as one.
    fn is_name(&self, first: usize, last: usize) -> bool {
        // Between Chinese letters there is no English to be taken for a name.
        if self.list.len() < ENGLISH_MIN_WORDS {
            return true;
        }
        let words = &self.list[first..=last];
        let is_english = |word: &str| ENGLISH.contains(word.to_ascii_lowercase().as_str());
        if !words.iter().all(|(_, word)| is_english(word)) {
            return true;
        }
        let is_capital = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
        words.len() > 1 && words.iter().all(|(_, word)| is_capital(word))
    }
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
