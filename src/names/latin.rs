//! Names in Latin letters: every reading of each letter, surname first or last, joined or apart, letter by letter, with tones or
//! without, with digits for the letters that they look like; in pinyin, Wade-Giles and Tongyong.

use super::lists::{COMPOUND, ENGLISH};
use super::readings::readings;
use super::romanised::{tongyong, wade_giles};
use std::collections::BTreeSet;
use std::ops::Bound;

/// Most spellings that are made of one name.
const SPELLINGS_MAX: usize = 512;
/// Most signs between two syllables or words of a name, in characters.
const GAP_MAX_CHARS: usize = 4;

/// Fewest letters of a name that is spelt in pieces other than syllables, or in a romanisation that is not pinyin.
const PIECES_MIN: usize = 4;
/// Fewest letters of a name some of which are digits.
const DIGITS_MIN: usize = 5;

/// Fewest words of an account in English.
const ENGLISH_MIN_WORDS: usize = 8;

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

    /// Places at which the name is spelt with digits and signs for the letters that they look like: h3 zh1. More than half of
    /// its letters have to be letters.
    fn find_with_digits(&self, field: &str) -> Vec<(usize, usize)> {
        let tokens = tokens(field);
        let mut found = Vec::new();
        for (first, (from, _)) in tokens.iter().enumerate() {
            let mut joined = String::new();
            let mut end = *from;
            for (at, token) in tokens[first..].iter().take(self.words_max) {
                let gap = field[end..*at].chars();
                let is_near = gap.clone().count() <= GAP_MAX_CHARS
                    && gap.clone().all(|c| !c.is_alphanumeric());
                if !is_near || joined.len() + token.len() > self.letters_max {
                    break;
                }
                joined.push_str(token);
                end = at + token.len();
                if self.is_spelt_with_digits(&joined) {
                    found.push((*from, end));
                }
            }
        }
        found
    }

    fn is_spelt_with_digits(&self, joined: &str) -> bool {
        let letters = joined.chars().filter(char::is_ascii_alphabetic).count();
        let is_fit =
            joined.len() >= DIGITS_MIN && letters < joined.len() && letters * 2 > joined.len();
        if !is_fit {
            return false;
        }
        let mut all = vec![String::new()];
        for c in joined.chars() {
            let c = c.to_ascii_lowercase();
            let likes = looks_like(c);
            if !c.is_ascii_alphabetic() && likes.is_empty() {
                return false;
            }
            let longer = all.iter().flat_map(|start| {
                let ends = likes.chars().chain(likes.is_empty().then_some(c));
                ends.map(move |end| format!("{start}{end}"))
            });
            all = longer.filter(|start| self.begins_with(start)).collect();
        }
        all.iter().any(|spelling| self.spellings.contains(spelling))
    }
}

/// Letters that a digit or sign looks like.
fn looks_like(c: char) -> &'static str {
    match c {
        '0' => "o",
        '1' => "il",
        '2' => "z",
        '3' => "e",
        '4' | '@' => "a",
        '5' | '$' => "s",
        '6' => "gb",
        '7' => "t",
        '8' => "b",
        '9' => "gq",
        '!' | '|' => "i",
        _ => "",
    }
}

/// Words of Latin letters and of digits and signs that look like some. A sign at an end is none.
fn tokens(field: &str) -> Vec<(usize, &str)> {
    let is_part = |c: char| c.is_ascii_alphabetic() || !looks_like(c).is_empty();
    let mut all = Vec::new();
    let mut rest = 0;
    while let Some(start) = field[rest..].find(is_part) {
        let from = rest + start;
        let length = field[from..].find(|c| !is_part(c));
        let to = length.map_or(field.len(), |length| from + length);
        let token = field[from..to].trim_end_matches(['!', '|']);
        if !token.is_empty() {
            all.push((from, token));
        }
        rest = to;
    }
    all
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
