//! Spellings with digits and signs for the letters that they look like.

use super::{GAP_MAX_CHARS, Latin};

/// Fewest letters of a name some of which are digits.
const DIGITS_MIN: usize = 5;

impl Latin {
    /// Places at which the name is spelt with digits and signs for the letters that they look like: h3 zh1. More than half of
    /// its letters have to be letters.
    pub(super) fn find_with_digits(&self, field: &str) -> Vec<(usize, usize)> {
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
