//! What stands around a name: whether it is a name there, or a part of a longer one, or of a word.

use super::letters::is_han;
use super::lists::{
    AFTER, BEFORE_COMPOUND, COMPOUND, DEEDS, ENDING, GIVEN, GIVEN_ONLY, LABELS, follows, is_after,
    title_at,
};
use super::text::{is_sign, next_letter};

/// Most letters that are looked at on either side.
const REACH_CHARS: usize = 12;

/// A place at which letters of a name stand.
pub(super) struct Around<'a> {
    field: &'a str,
    from: usize,
    to: usize,
    /// Letters before it, the nearest first, up to a sign.
    before: Vec<char>,
    /// Letters after it, up to a sign.
    after: Vec<char>,
    /// Whether there are signs between its letters: then those beside it are no boundary either.
    is_spread: bool,
    /// Whether a stop or the end of a line is between them.
    is_broken: bool,
    /// Its last letter.
    last: char,
}

/// Signs that end what was said.
fn is_stop(c: char) -> bool {
    "，。；！？,;!?\n、:".contains(c)
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// A title.
    Title,
    /// No letter, or one with which another word begins.
    Clear,
    /// A letter that may be the name's next, and a boundary behind it: a longer name.
    Longer,
    /// A letter that may be the name's next.
    Unclear,
}

/// What precedes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// No letter.
    Clear,
    /// A letter.
    Letter,
    /// With the first letter of the name it makes a word: 国王 before 芳.
    Word,
    /// With the first letter of the name it makes a surname of two letters.
    Compound,
    /// It may make one, or end another word: 公司马….
    Perhaps,
}

impl<'a> Around<'a> {
    pub(super) fn new(field: &'a str, from: usize, to: usize) -> Self {
        let inside = &field[from..to];
        let is_spread = inside.chars().any(is_sign);
        let mut around = Self {
            field,
            from,
            to,
            before: Vec::new(),
            after: Vec::new(),
            is_spread,
            is_broken: inside.contains(is_stop),
            last: inside.chars().next_back().unwrap_or_default(),
        };
        around.before = around.letters_before();
        around.after = around.letters_after();
        around
    }

    fn letters_before(&self) -> Vec<char> {
        let letters = self.field[..self.from].chars().rev();
        let spread = self.is_spread && !self.is_broken;
        let letters = letters.skip_while(|c| spread && is_sign(*c) && !is_stop(*c));
        letters
            .take_while(|c| is_han(*c))
            .take(REACH_CHARS)
            .collect()
    }

    fn letters_after(&self) -> Vec<char> {
        let mut letters = Vec::new();
        let mut at = self.to;
        let spread = self.is_spread && !self.is_broken;
        while letters.len() < REACH_CHARS {
            let next = match self.field[at..].chars().next() {
                Some(c) if is_han(c) => Some((at, c)),
                Some(c) if spread && is_sign(c) && !is_stop(c) => {
                    next_letter(self.field, at).filter(|(_, c)| is_han(*c))
                }
                _ => None,
            };
            let Some((from, c)) = next else { break };
            letters.push(c);
            at = from + c.len_utf8();
        }
        letters
    }

    /// Whether a stop or the end of a line is between its letters.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    pub(super) fn after(&self) -> After {
        let after = &self.after[..];
        if title_at(after).is_some() {
            return After::Title;
        }
        let Some(first) = after.first() else {
            return After::Clear;
        };
        let behind = &after[1..];
        if *first == self.last {
            // 王芳芳, 李想想; but 王明 in 王明明知.
            return if follows(after) {
                After::Unclear
            } else {
                After::Longer
            };
        }
        if !GIVEN.contains(first) || AFTER.contains(first) || follows(after) {
            return After::Clear;
        }
        let is_longer = GIVEN_ONLY.contains(first)
            && (is_after(behind) || behind.first().is_none_or(|c| !GIVEN.contains(c)));
        if is_longer {
            After::Longer
        } else {
            After::Unclear
        }
    }

    /// What precedes a name that begins with `first`.
    pub(super) fn before(&self, first: char) -> Before {
        let Some(last) = self.before.first() else {
            return Before::Clear;
        };
        let word: String = [*last, first].iter().collect();
        if COMPOUND.split_whitespace().any(|one| one == word) {
            let further = self.before.get(1);
            let unclear = further.is_some_and(|c| BEFORE_COMPOUND.contains(*c));
            return if unclear {
                Before::Perhaps
            } else {
                Before::Compound
            };
        }
        if ENDING.contains(word.as_str()) {
            Before::Word
        } else {
            Before::Letter
        }
    }

    /// Whether a label says that a person is named here.
    pub(super) fn is_labelled(&self) -> bool {
        let before = &self.field[..self.from];
        let before = before.trim_end_matches(|c: char| is_sign(c) && c != '\n');
        let before = before.trim_end_matches(['是', '为']);
        let before = before.trim_end_matches(|c: char| is_sign(c) && c != '\n');
        LABELS
            .split_whitespace()
            .any(|label| before.ends_with(label))
    }

    /// Whether what follows is something that a person does.
    pub(super) fn is_doing(&self) -> bool {
        let after: String = self.after.iter().collect();
        DEEDS.split_whitespace().any(|deed| after.starts_with(deed))
    }

    /// Whether what follows was done: a verb and 了.
    pub(super) fn has_done(&self) -> bool {
        matches!(self.after[..], [_, '了', ..])
    }

    /// Letters before it, the nearest first.
    pub(super) fn letters_back(&self) -> &[char] {
        &self.before
    }

    /// Letters after it.
    pub(super) fn letters_on(&self) -> &[char] {
        &self.after
    }
}
