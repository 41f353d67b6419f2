//! Grams and sentences: what is compared where nothing is understood.

use mifeng_names::{Folded, is_han};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Shortest clause that is a sentence of its own, in characters; a shorter one is read on with what follows.
const SENTENCE_MIN_CHARS: usize = 6;

/// Two characters of Chinese, a word, or two words that stand together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct Gram {
    /// The characters.
    pub text: String,
    /// First character.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

/// A clause.
#[derive(Clone, Debug, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Sentence {
    /// Its letters and digits, without what stands between.
    pub text: String,
    /// First character.
    pub from: usize,
    /// One past the last.
    pub to: usize,
}

/// A run of characters that grams are made of.
enum Unit {
    Han(usize),
    Word(usize, usize),
}

impl Unit {
    fn range(&self) -> (usize, usize) {
        match *self {
            Self::Han(at) => (at, at + 1),
            Self::Word(from, to) => (from, to),
        }
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
}

/// Grams, in order; marks between characters do not part them, so that a copy with other punctuation is the same.
pub(super) fn grams(text: &Folded) -> Vec<Gram> {
    let units = units(text);
    let mut grams = Vec::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        let (from, to) = unit.range();
        if matches!(unit, Unit::Word(..)) {
            grams.push(gram(text, &[(from, to)]));
        }
        if let Some(next) = units.get(index + 1) {
            grams.push(gram(text, &[(from, to), next.range()]));
        }
    }
    if let [only @ Unit::Han(_)] = units.as_slice() {
        grams.push(gram(text, &[only.range()]));
    }
    grams
}

fn gram(text: &Folded, parts: &[(usize, usize)]) -> Gram {
    let mut joined = String::new();
    for (from, to) in parts {
        // Words of two letters and more are parted, so that "ab c" is not "a bc".
        if to - from > 1 && !joined.is_empty() {
            joined.push(' ');
        }
        joined.extend(&text.chars[*from..*to]);
    }
    let (from, to) = (parts[0].0, parts[parts.len() - 1].1);
    Gram {
        text: joined,
        from,
        to,
    }
}

fn units(text: &Folded) -> Vec<Unit> {
    let mut units = Vec::with_capacity(text.chars.len());
    let mut word: Option<usize> = None;
    let mut is_digits = false;
    for (at, c) in text.chars.iter().enumerate() {
        let in_word = is_letter(*c) && !is_han(*c);
        if let Some(from) = word
            && (!in_word || c.is_ascii_digit() != is_digits)
        {
            units.push(Unit::Word(from, at));
            word = None;
        }
        if in_word && word.is_none() {
            word = Some(at);
            is_digits = c.is_ascii_digit();
        } else if is_han(*c) {
            units.push(Unit::Han(at));
        } else if !in_word && !c.is_ascii() && !is_mark(*c) {
            // Emoji and scripts of their own: a tip of nothing else still has something to compare.
            units.push(Unit::Word(at, at + 1));
        }
    }
    if let Some(from) = word {
        units.push(Unit::Word(from, text.chars.len()));
    }
    units
}

/// Chinese and typographic marks.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{fe10}'..='\u{fe6f}' | '\u{ff00}'..='\u{ffef}' | '·' | '¥')
}

fn ends_clause(c: char) -> bool {
    !is_letter(c)
        && !matches!(
            c,
            ' ' | '.' | '-' | '/' | '@' | '_' | '\'' | '~' | '+' | '《' | '》' | '"'
        )
}

/// Clauses, in order.
pub(super) fn sentences(text: &Folded) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut from = 0;
    let mut letters = String::new();
    let mut to = 0;
    for (at, c) in text.chars.iter().enumerate() {
        if is_letter(*c) {
            if letters.is_empty() {
                from = at;
            }
            letters.push(*c);
            to = at + 1;
        } else if ends_clause(*c) && letters.chars().count() >= SENTENCE_MIN_CHARS {
            sentences.push(Sentence {
                text: std::mem::take(&mut letters),
                from,
                to,
            });
        }
    }
    if letters.chars().count() >= SENTENCE_MIN_CHARS {
        sentences.push(Sentence {
            text: letters,
            from,
            to,
        });
    }
    sentences
}
