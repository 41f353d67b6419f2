//! Text as it is searched: folded, in pieces that stand in the index.

use crate::model::CaseId;
use mifeng_names::{Folded, is_han};
use std::hash::{BuildHasher as _, RandomState};
use zeroize::Zeroizing;

/// Longest search, in characters.
pub const QUERY_MAX_CHARS: usize = 100;

/// What a text is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A tip.
    Tip,
    /// What was said to the reporter or by him.
    Message,
    /// What the office wrote into the case, joint opinions too.
    Paper,
    /// The names of its files.
    File,
    /// The reasons in its record.
    History,
}

/// Words that stand in a case.
pub struct Text {
    /// In which part of it.
    pub part: Part,
    /// Another case that they speak of: they are found only by whoever may see that one too.
    pub about: Option<CaseId>,
    /// The words.
    pub words: Zeroizing<String>,
}

impl Text {
    /// Words that speak of no other case.
    #[must_use]
    pub fn new(part: Part, words: String) -> Self {
        Self {
            part,
            about: None,
            words: Zeroizing::new(words),
        }
    }
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] = [
        Self::Tip,
        Self::Message,
        Self::Paper,
        Self::File,
        Self::History,
    ];

    /// The word for it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Tip => "tip",
            Self::Message => "message",
            Self::Paper => "paper",
            Self::File => "file",
            Self::History => "history",
        }
    }

    pub(super) fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// A piece that stands in the index: a pair of Chinese characters or a word, by a hash that only this process knows.
pub(super) type Token = u64;

/// Hashes pieces.
#[derive(Clone, Default)]
pub(super) struct Tokens(RandomState);

impl Tokens {
    /// The pieces of a text, each once.
    pub fn of(&self, text: &Folded) -> Vec<Token> {
        self.in_chars(&text.chars)
    }

    /// The pieces of a text that is [compact]: all that it had before, and pairs of Chinese characters between which signs
    /// stood then.
    pub fn of_compact(&self, text: &str) -> Vec<Token> {
        let chars: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().collect());
        self.in_chars(&chars)
    }

    fn in_chars(&self, chars: &[char]) -> Vec<Token> {
        let mut tokens = Vec::new();
        for run in runs(chars) {
            match run {
                Run::Han(chars) => tokens.extend(chars.windows(2).map(|pair| self.pair(pair))),
                Run::Word(chars) => tokens.push(self.word(chars)),
            }
        }
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    }

    fn pair(&self, pair: &[char]) -> Token {
        self.0.hash_one((true, pair))
    }

    fn word(&self, word: &[char]) -> Token {
        self.0.hash_one((false, word))
    }
}

enum Run<'a> {
    Han(&'a [char]),
    Word(&'a [char]),
}

/// Runs of Chinese characters, and words between all else.
fn runs(chars: &[char]) -> impl Iterator<Item = Run<'_>> {
    let kind = |c: &char| (is_han(*c), c.is_alphanumeric());
    let same = move |a: &char, b: &char| kind(a) == kind(b);
    let runs = chars.chunk_by(same);
    runs.filter_map(|run| {
        if is_han(run[0]) {
            Some(Run::Han(run))
        } else if run[0].is_alphanumeric() {
            Some(Run::Word(run))
        } else {
            None
        }
    })
}

/// Text that whole words and phrases are looked for in: a space before, between and after words, none in Chinese.
pub(super) fn compact(text: &Folded) -> Zeroizing<String> {
    // Most are Chinese characters, of three bytes each.
    let mut compact = Zeroizing::new(String::with_capacity(text.chars.len() * 3 + 2));
    compact.push(' ');
    for run in runs(&text.chars) {
        match run {
            Run::Han(chars) => compact.extend(chars),
            Run::Word(chars) => {
                compact.push(' ');
                compact.extend(chars);
                compact.push(' ');
            }
        }
    }
    compact.push(' ');
    compact
}

/// Why a search cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is no word in it.
    #[error("no words")]
    Empty,
    /// It is too long.
    #[error("too long")]
    TooLong,
}

/// What is looked for: all of its words and phrases have to be there.
pub struct Query {
    /// Each as [`compact`] has it.
    pub(super) terms: Vec<Zeroizing<String>>,
    text: Zeroizing<String>,
}

impl Query {
    /// Reads what was typed: a phrase in Chinese, or a word, between white space or signs.
    ///
    /// # Errors
    /// [`QueryError`]; it never repeats what was typed.
    pub fn parse(typed: &str) -> Result<Self, QueryError> {
        if typed.chars().count() > QUERY_MAX_CHARS {
            return Err(QueryError::TooLong);
        }
        let folded = Folded::of(typed);
        let term = |run: Run<'_>| {
            let mut term = Zeroizing::new(String::new());
            match run {
                Run::Han(chars) => term.extend(chars),
                Run::Word(chars) => {
                    term.push(' ');
                    term.extend(chars);
                    term.push(' ');
                }
            }
            term
        };
        let mut terms: Vec<_> = runs(&folded.chars).map(term).collect();
        terms.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        terms.dedup_by(|a, b| a.as_str() == b.as_str());
        if terms.is_empty() {
            return Err(QueryError::Empty);
        }
        let text = Zeroizing::new(typed.to_owned());
        Ok(Self { terms, text })
    }

    /// As it was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.text
    }

    /// Pieces by which the index narrows it down; a single Chinese character has none.
    pub(super) fn tokens(&self, tokens: &Tokens) -> Vec<Token> {
        tokens.of(&Folded::of(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_words_and_phrases() {
        let terms = |typed: &str| {
            let query = Query::parse(typed).expect("words");
            let terms = query.terms.iter().map(|term| term.to_string());
            terms.collect::<Vec<_>>()
        };
        assert_eq!(terms("補課　ＡＢ12,ab12"), [" ab12 ", "补课"]);
        assert_eq!(Query::parse(" ,。 ").err(), Some(QueryError::Empty));
        let long = "长".repeat(QUERY_MAX_CHARS + 1);
        assert_eq!(Query::parse(&long).err(), Some(QueryError::TooLong));
        assert_eq!(
            *compact(&Folded::of("周六 at 8:30补课")),
            *" 周六 at  8  30 补课 ".to_owned().as_str()
        );
    }
}
