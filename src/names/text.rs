//! A tip as names are looked for in it: folded once, kept in memory only.

use super::letters::{fold_letter, is_han, is_unseen};
use super::readings::{Syllables, syllables};
use super::uncovered::{is_in_ring, uncovered, without_between};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Which field of a tip words stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Who it is about.
    Subject,
    /// The school or body.
    School,
    /// The account, and what the reporter wrote since.
    Body,
}

/// Everything of a tip that a name could stand in.
#[derive(Clone, Default)]
pub struct Text {
    pub(super) subject: Zeroizing<String>,
    pub(super) school: Zeroizing<String>,
    pub(super) body: Zeroizing<String>,
    /// Readings of its letters: where a name's are not among them, no letter is held against it.
    pub(super) heard: Syllables,
    /// Whether there are Latin letters.
    pub(super) has_latin: bool,
    /// As what else parts of it can be read.
    pub(super) other: Vec<Reading>,
}

/// A part of a tip as it reads to the eye, or without what stands between its letters. What is found only here is never certain.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) part: Part,
    pub(super) text: Zeroizing<String>,
    /// Whether Latin letters may have become others: else only Chinese names are to be looked for.
    pub(super) has_latin: bool,
}

impl Text {
    /// Takes in a part of the account.
    pub fn add(&mut self, text: &str) {
        self.add_to(Part::Body, text);
    }

    /// Takes in a field.
    pub fn add_to(&mut self, part: Part, text: &str) {
        let folded = written(text);
        for c in folded.chars() {
            self.has_latin |= c.is_ascii_alphabetic();
            for reading in syllables(c) {
                self.heard.add(*reading);
            }
        }
        let field = match part {
            Part::Subject => &mut self.subject,
            Part::School => &mut self.school,
            Part::Body => &mut self.body,
        };
        field.push_str(&folded);
        field.push('\n');
        self.read_otherwise(part, text, &folded);
    }

    fn read_otherwise(&mut self, part: Part, text: &str, folded: &str) {
        let plain = uncovered(text).map(|text| written_as(&text, Rings::Letters));
        let between = without_between(plain.as_ref().map_or(folded, |text| text));
        if let Some(text) = plain {
            let has_latin = text.contains(|c: char| c.is_ascii_alphabetic());
            self.other.push(Reading {
                part,
                text,
                has_latin,
            });
        }
        if let Some(text) = between {
            self.other.push(Reading {
                part,
                text,
                has_latin: false,
            });
        }
    }

    /// The fields, with which each is.
    pub(super) fn fields(&self) -> [(Part, &str); 3] {
        [
            (Part::Subject, self.subject.as_str()),
            (Part::School, self.school.as_str()),
            (Part::Body, self.body.as_str()),
        ]
    }

    /// Whether the [letters](letters_of) of a name stand in it one after the other, whatever signs are between them: a school's
    /// name. A single letter is no name; a Latin name has to stand as words.
    #[must_use]
    pub fn has(&self, letters: &[char]) -> bool {
        if letters.len() < 2 {
            return false;
        }
        let is_latin = letters.iter().all(char::is_ascii);
        self.fields().into_iter().any(|(_, field)| {
            find_letters(field, letters).any(|(from, to)| !is_latin || is_apart(field, from, to))
        })
    }
}

/// Whether nothing that is a letter or digit stands beside it.
fn is_apart(field: &str, from: usize, to: usize) -> bool {
    let beside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !beside(field[..from].chars().next_back()) && !beside(field[to..].chars().next())
}

/// Whether it is a sign though its plain form has letters: a letter in a circle, ﷼. Radicals are no letters to Unicode, and are
/// to us.
fn is_enclosed(c: char) -> bool {
    let is_radical = matches!(c, '\u{2e80}'..='\u{2fdf}');
    is_in_ring(c)
        || c >= '\u{a0}'
            && !c.is_alphanumeric()
            && !is_radical
            && std::iter::once(c).nfkc().any(char::is_alphanumeric)
}

/// What letters in circles and squares are taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rings {
    Signs,
    Letters,
}

/// A text with letters folded, marks over Latin letters taken off (ü is v) and nothing in it that cannot be seen. Signs stay,
/// letters in circles and squares among them.
pub(super) fn written(text: &str) -> Zeroizing<String> {
    written_as(text, Rings::Signs)
}

fn written_as(text: &str, rings: Rings) -> Zeroizing<String> {
    let mut folded = Zeroizing::new(String::with_capacity(text.len()));
    let is_sign = |c| rings == Rings::Signs && is_enclosed(c);
    let plain = text.chars().map(|c| if is_sign(c) { '※' } else { c });
    for c in plain.nfkc() {
        match c {
            // A digit on a key is a sign as well.
            '\u{20e3}' => {
                if folded.ends_with(|c: char| c.is_ascii_digit()) {
                    folded.pop();
                }
                folded.push('※');
            }
            'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => folded.push('v'),
            'Ü' | 'Ǖ' | 'Ǘ' | 'Ǚ' | 'Ǜ' => folded.push('V'),
            'ɡ' => folded.push('g'),
            'ɑ' => folded.push('a'),
            '\u{300}'..='\u{36f}' => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                folded.push('\n');
            }
            _ if is_unseen(c) => {}
            _ if c.is_control() => folded.push(' '),
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                folded.extend(std::iter::once(c).nfd().take(1));
            }
            _ => folded.push(fold_letter(c)),
        }
    }
    folded
}

/// What of a name is looked for: its letters and digits, folded, Latin ones in lower case.
#[must_use]
pub fn letters_of(name: &str) -> Vec<char> {
    let folded = written(name);
    let letters = folded.chars().filter(|c| c.is_alphanumeric());
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Most signs between two letters of a name, in characters.
const GAP_MAX_CHARS: usize = 12;

/// Whether it may stand between two letters of a name: whatever is neither letter nor digit.
pub(super) fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Where the next letter after `at` begins, and the letter: signs are passed over, at most [`GAP_MAX_CHARS`] of them.
pub(super) fn next_letter(field: &str, at: usize) -> Option<(usize, char)> {
    let letters = field[at..].char_indices().take(GAP_MAX_CHARS + 1);
    let mut letters = letters.filter(|(_, c)| !is_sign(*c));
    letters.next().map(|(offset, c)| (at + offset, c))
}

/// Places, from and to, at which letters stand one after the other with nothing but signs between them.
pub(super) fn find_letters<'a>(
    field: &'a str,
    letters: &'a [char],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let (first, rest) = letters
        .split_first()
        .map_or(('\0', letters), |(c, rest)| (*c, rest));
    let is_first = move |c: char| c == first || c.to_ascii_lowercase() == first;
    let starts = field.char_indices().filter(move |(_, c)| is_first(*c));
    starts.filter_map(move |(from, c)| {
        let mut to = from + c.len_utf8();
        for letter in rest {
            let (at, found) = next_letter(field, to)?;
            if found.to_ascii_lowercase() != *letter {
                return None;
            }
            to = at + found.len_utf8();
        }
        Some((from, to))
    })
}

/// The letters of a name, if all of them are Chinese.
pub(super) fn all_han(letters: &[char]) -> bool {
    letters.iter().all(|c| is_han(*c))
}
