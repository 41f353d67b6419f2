//! Names written partly in Chinese letters and partly in Latin ones: 温yi宁, Wen以宁, 温以N.

use super::latin::typed;
use super::letters::is_han;
use super::readings::readings;
use super::text::next_letter;

/// A name, letter by letter, in the orders in which it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Mixed(Vec<Vec<Letter>>);

#[derive(Clone, Debug)]
struct Letter {
    han: char,
    /// What is typed for its readings, in lower case.
    typed: Vec<String>,
}

/// How many letters stood there in which way.
#[derive(Clone, Copy, Default)]
struct Tally {
    han: usize,
    spelt: usize,
    initials: usize,
}

impl Tally {
    /// Whether it is a name in both scripts. One Chinese letter and an initial may be anybody.
    fn is_mixed(self) -> bool {
        self.han > 0 && self.spelt + self.initials > 0 && (self.initials == 0 || self.han > 1)
    }
}

impl Mixed {
    /// A name whose parts are given: surname and given name, or the parts between its dots.
    pub(super) fn of(parts: &[Vec<char>]) -> Self {
        let letters: Vec<Vec<Letter>> = parts
            .iter()
            .map(|part| part.iter().map(|han| Letter::of(*han)).collect())
            .collect();
        if letters.iter().flatten().any(|one| one.typed.is_empty()) {
            return Self::default();
        }
        let reversed = letters.iter().rev().flatten().cloned().collect();
        let mut orders = vec![letters.concat(), reversed];
        if parts.len() < 2 {
            orders.truncate(1);
        }
        Self(orders)
    }

    /// Places at which the name stands in both scripts, from and to.
    pub(super) fn find(&self, field: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for letters in &self.0 {
            let mut before = '\n';
            for (from, c) in field.char_indices() {
                let begins = is_han(c) || c.is_ascii_alphabetic() && !before.is_ascii_alphabetic();
                before = c;
                if begins && let Some(to) = end(field, from, letters, Tally::default()) {
                    found.push((from, to));
                }
            }
        }
        found
    }
}

impl Letter {
    fn of(han: char) -> Self {
        Self {
            han,
            typed: readings(han).into_iter().flat_map(typed).collect(),
        }
    }
}

/// Where the rest of a name ends that goes on at `from`, whose first letter begins there.
fn end(field: &str, from: usize, letters: &[Letter], tally: Tally) -> Option<usize> {
    let (first, rest) = letters.split_first()?;
    let c = field[from..].chars().next()?;
    if c == first.han {
        let tally = Tally {
            han: tally.han + 1,
            ..tally
        };
        return go_on(field, from + c.len_utf8(), rest, tally);
    }
    let word = field[from..]
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()?;
    if word.is_empty() {
        return None;
    }
    let to = from + word.len();
    spelt(field, &word.to_ascii_lowercase(), to, letters, tally)
}

/// Goes on behind a letter or a word that ends at `at`; a digit there is a tone.
fn go_on(field: &str, at: usize, letters: &[Letter], tally: Tally) -> Option<usize> {
    if letters.is_empty() {
        return tally.is_mixed().then_some(at);
    }
    let tone = field[at..].chars().next().filter(char::is_ascii_digit);
    let (next, _) = next_letter(field, at + tone.map_or(0, char::len_utf8))?;
    end(field, next, letters, tally)
}

/// Takes the letters that a word, or what is left of it, spells.
fn spelt(field: &str, word: &str, to: usize, letters: &[Letter], tally: Tally) -> Option<usize> {
    if word.is_empty() {
        return go_on(field, to, letters, tally);
    }
    let (first, rest) = letters.split_first()?;
    let whole = first.typed.iter().find_map(|syllable| {
        let left = word.strip_prefix(syllable.as_str())?;
        let tally = Tally {
            spelt: tally.spelt + 1,
            ..tally
        };
        spelt(field, left, to, rest, tally)
    });
    let is_initial = word.len() == 1 && first.typed.iter().any(|it| it.starts_with(word));
    whole.or_else(|| {
        let tally = Tally {
            initials: tally.initials + 1,
            ..tally
        };
        is_initial.then(|| go_on(field, to, rest, tally)).flatten()
    })
}
