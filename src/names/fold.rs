//! Text as it is compared and searched: width, case and variants of letters folded, each character with its place in the
//! original.

use super::letters::{fold_letter, is_unseen};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Folded text: compatibility forms, lower case, one letter for all that are [one](super::fold_letter), no white space.
#[must_use]
pub fn fold(text: &str) -> Zeroizing<String> {
    let folded = Folded::of(text);
    Zeroizing::new(folded.chars.iter().filter(|c| **c != ' ').collect())
}

/// Folded characters and where each began. White space is one `' '`; what cannot be seen is left out.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Folded {
    /// The characters.
    pub chars: Vec<char>,
    /// Byte offset of each in the original, and the original's length at the end.
    at: Vec<u32>,
    /// One bit for each character that occurs, and for some that do not: most words looked for are not there.
    seen: [u64; SEEN_WORDS],
}

/// Enough that of a short text's absent characters hardly one in twenty seems to be there.
const SEEN_WORDS: usize = 64;

fn seen_bit(c: char) -> (usize, u64) {
    let code = u32::from(c) as usize;
    (code / 64 % SEEN_WORDS, 1 << (code % 64))
}

impl Folded {
    /// Folds a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folded = Self {
            chars: Vec::with_capacity(text.len() / 2),
            at: Vec::with_capacity(text.len() / 2 + 1),
            seen: [0; SEEN_WORDS],
        };
        for (offset, original) in text.char_indices() {
            for c in std::iter::once(original).nfkc() {
                if c.is_whitespace() {
                    folded.push(' ', offset);
                } else if !c.is_control() && !is_unseen(c) {
                    for lower in c.to_lowercase() {
                        folded.push(fold_letter(lower), offset);
                    }
                }
            }
        }
        folded.at.push(offset_u32(text.len()));
        folded
    }

    fn push(&mut self, c: char, offset: usize) {
        let (word, bit) = seen_bit(c);
        self.seen[word] |= bit;
        self.chars.push(c);
        self.at.push(offset_u32(offset));
    }

    /// Where in the original the folded characters `from..to` stand, in bytes.
    #[must_use]
    pub fn bytes(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        self.at[from] as usize..self.at[to] as usize
    }

    /// The characters `from..to` as text.
    #[must_use]
    pub fn text(&self, from: usize, to: usize) -> String {
        self.chars[from..to].iter().collect()
    }

    /// Whether `word` stands at `from`.
    #[must_use]
    pub fn has_at(&self, from: usize, word: &str) -> bool {
        let mut chars = self.chars.get(from..).unwrap_or_default().iter();
        word.chars().all(|c| chars.next() == Some(&c))
    }

    /// Places at which `word` stands.
    pub fn find<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        let may_be_there = word.chars().all(|c| {
            let (word, bit) = seen_bit(c);
            self.seen[word] & bit != 0
        });
        let end = if may_be_there { self.chars.len() } else { 0 };
        (0..end).filter(move |at| self.has_at(*at, word))
    }
}

/// Texts over 4 GiB never get here: a tip has at most 100,000 characters.
fn offset_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
