//! The words of a text that are in Latin letters.

use super::GAP_MAX_CHARS;
use crate::lists::ENGLISH;

/// Fewest words of an account in English.
const ENGLISH_MIN_WORDS: usize = 8;

/// Words in Latin letters.
pub(crate) struct Words<'a> {
    pub(super) field: &'a str,
    pub(super) list: Vec<(usize, &'a str)>,
}

impl<'a> Words<'a> {
    pub(crate) fn of(field: &'a str) -> Self {
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
    pub(super) fn are_near(&self, at: usize) -> bool {
        let (from, word) = self.list[at];
        let (to, _) = self.list[at + 1];
        let between = &self.field[from + word.len()..to];
        let fits = |c: char| c.is_ascii_digit() || !c.is_alphanumeric();
        between.chars().all(fits) && between.chars().count() <= GAP_MAX_CHARS
    }

    /// Whether the words are no plain English: "he ran" and "Wuhan" may be a name only where they are written as one.
    pub(super) fn is_name(&self, first: usize, last: usize) -> bool {
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
