//! One name of somebody, made ready to look for: its letters, those that are taken for them, and how it is spelt.

use super::latin::{Latin, parts, surname_letters};
use super::letters::lookalikes;
use super::lists::{ADVERBS, LITTLE, WORDS, title_at};
use super::mixed::Mixed;
use super::readings::{Syllables, homophones, syllables};
use super::text::{Text, all_han, letters_of};

/// One letter of a name, and those that are taken for it.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    exact: char,
    /// Sounding or looking like it, one bit each.
    near: Vec<u64>,
    /// Readings of any of them.
    pub(super) heard: Syllables,
}

/// Letters for which there is a bit: those with readings.
const NEAR_WORDS: usize = (0x9fff - 0x3400) / 64 + 1;

fn near_bit(c: char) -> Option<(usize, u64)> {
    let place = u32::from(c).checked_sub(0x3400)? as usize;
    (place / 64 < NEAR_WORDS).then_some((place / 64, 1 << (place % 64)))
}

impl Letter {
    fn of(exact: char) -> Self {
        let mut heard = Syllables::default();
        let mut near = vec![0; NEAR_WORDS];
        for c in homophones(exact).chain(lookalikes(exact)).chain([exact]) {
            for reading in syllables(c) {
                heard.add(*reading);
            }
            if let Some((word, bit)) = near_bit(c) {
                near[word] |= bit;
            }
        }
        Self { exact, near, heard }
    }
}

/// A name, made ready.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) letters: Vec<char>,
    /// The readings of each letter that has any, with their letters: where a text has none of one's, the name is not in it.
    heard: Vec<(char, Syllables)>,
    /// Its letters with what is taken for them; empty where only the name itself counts.
    pub(super) near: Vec<Letter>,
    pub(super) latin: Latin,
    pub(super) mixed: Mixed,
    /// Whether it is a word besides.
    pub(super) is_word: bool,
    /// Whether its given name is a number or a little word.
    pub(super) is_little: bool,
    /// Whether the word says how something is done.
    pub(super) is_adverb: bool,
    /// Of a name of a minority in parts the first, which is said alone.
    pub(super) first_part: Vec<char>,
    /// A given name of at least two letters, which is said alone too.
    pub(super) given: Vec<char>,
}

impl Form {
    pub(super) fn of(name: &str, is_exact: bool) -> Option<Self> {
        let letters = letters_of(name);
        if letters.len() < 2 {
            return None;
        }
        let whole: String = letters.iter().collect();
        let is_chinese = all_han(&letters);
        let is_little = letters.len() == 2 && LITTLE.contains(letters[1]);
        let is_title =
            (2..=letters.len()).any(|at| title_at(&letters[letters.len() - at..]).is_some());
        let parts = parts(name, &letters);
        let has_near = is_chinese && !is_exact && !is_title;
        Some(Self {
            near: if has_near {
                letters.iter().map(|c| Letter::of(*c)).collect()
            } else {
                Vec::new()
            },
            latin: if has_near {
                Latin::of(&parts)
            } else {
                Latin::default()
            },
            mixed: if has_near {
                Mixed::of(&parts)
            } else {
                Mixed::default()
            },
            is_word: WORDS.contains(whole.as_str()),
            is_little,
            is_adverb: ADVERBS.split_whitespace().any(|one| one == whole),
            first_part: match &parts[..] {
                [first, ..] if has_near && first.len() >= 3 => first.clone(),
                _ => Vec::new(),
            },
            given: match &parts[..] {
                [_, given] if has_near && given.len() >= 2 => given.clone(),
                _ => Vec::new(),
            },
            heard: letters
                .iter()
                .filter_map(|c| Some((*c, heard(*c)?)))
                .collect(),
            letters,
        })
    }

    /// Whether all of these letters of it may stand in the fields of a text.
    pub(super) fn may_stand(&self, letters: &[char], text: &Text) -> bool {
        let of_them = self.heard.iter().filter(|(c, _)| letters.contains(c));
        of_them
            .into_iter()
            .all(|(_, heard)| heard.has_any_of(&text.heard))
    }

    pub(super) fn surname(&self) -> Vec<char> {
        self.letters[..surname_letters(&self.letters)].to_vec()
    }
}

/// The readings of a letter; `None` if it has none.
fn heard(c: char) -> Option<Syllables> {
    let mut heard = Syllables::default();
    for reading in syllables(c) {
        heard.add(*reading);
    }
    (heard != Syllables::default()).then_some(heard)
}

/// Whether a letter is exactly the name's (`true`) or one that is taken for it.
pub(super) fn nearness(letter: &Letter, c: char) -> Option<bool> {
    if c == letter.exact {
        return Some(true);
    }
    let (word, bit) = near_bit(c)?;
    (letter.near[word] & bit != 0).then_some(false)
}
