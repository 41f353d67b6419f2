//! Names as people write them.

use super::chance::Chance;
use crate::latin::{parts, surname_letters};
use crate::letters::{lookalikes, same_letters};
use crate::readings::homophones;
use crate::{is_han, letters_of};
use pinyin::ToPinyinMulti as _;

/// Signs that people put between letters.
const SIGNS: [&str; 34] = [
    " ",
    "*",
    ".",
    "✨",
    "/",
    "·",
    "-",
    "_",
    "·",
    "•",
    "　",
    "\u{200b}",
    "\u{feff}",
    "😀",
    "❤️",
    "|",
    "+",
    "~",
    "…",
    "—",
    "#",
    "@",
    "、",
    "^",
    "=",
    "👨‍👩‍👧",
    "※",
    "★",
    "\u{2063}",
    "￥",
    "。",
    "\u{ad}",
    "‖",
    "**",
];

/// Dots between the parts of a minority's name.
const DOTS: [&str; 10] = ["·", "•", "・", "‧", "．", "･", ".", "", " ", "∙"];

/// With variants of the letters: traditional ones, radicals, compatibility letters.
pub(super) fn variant(name: &str, chance: &mut Chance) -> String {
    let letters = name.chars().map(|c| {
        let others = same_letters(c);
        if others.is_empty() || chance.once_in(4) {
            c
        } else {
            *chance.of(&others)
        }
    });
    letters.collect()
}

/// With signs between the letters, the same everywhere or each another.
pub(super) fn spread(name: &str, chance: &mut Chance) -> String {
    let same = *chance.of(&SIGNS);
    let each = chance.once_in(2);
    let mut spread = String::new();
    for c in letters_of(name) {
        if !spread.is_empty() {
            let sign = if each { chance.of(&SIGNS) } else { &same };
            spread.push_str(sign);
        }
        spread.push(c);
    }
    spread
}

/// With another dot.
pub(super) fn dotted(name: &str, chance: &mut Chance) -> String {
    let dot = *chance.of(&DOTS);
    name.replace('·', dot)
}

/// In Latin letters: either order, joined, in words or in syllables, with tones, in any case.
pub(super) fn latin(name: &str, chance: &mut Chance) -> String {
    let letters = letters_of(name);
    let mut parts = parts(name, &letters);
    if chance.once_in(2) {
        parts.reverse();
    }
    let (tones, way, case) = (chance.below(5), chance.below(4), chance.below(3));
    let (inner, outer) = match way {
        0 => ("", ""),
        1 => ("", *chance.of(&[" ", " ", ", ", "-", "_"])),
        2 => (" ", " "),
        _ => (*chance.of(&["-", "'", "’"]), " "),
    };
    let spelt = parts.iter().map(|part| {
        let syllables = part.iter().map(|c| syllable(*c, tones, chance));
        let syllables: Vec<String> = syllables.collect();
        syllables.join(inner)
    });
    let spelt: Vec<String> = spelt.collect();
    let spelt = match case {
        0 => spelt,
        1 => spelt.iter().map(|word| capital(word)).collect(),
        _ => spelt.iter().map(|word| word.to_uppercase()).collect(),
    };
    spelt.join(outer)
}

/// Some letters in Chinese and the others by their sound, in either order, joined or apart; of a long name one by its initial.
pub(super) fn mixed(name: &str, chance: &mut Chance) -> String {
    let letters = letters_of(name);
    let mut parts = parts(name, &letters);
    if chance.once_in(3) {
        parts.reverse();
    }
    let letters = parts.concat();
    let (tones, gap) = (chance.below(5), *chance.of(&["", "", " ", "·", "-"]));
    let is_initial = letters.len() > 2 && chance.once_in(4);
    // One stays Chinese, and another does not.
    let kept = chance.below(letters.len());
    let spelt = (kept + 1 + chance.below(letters.len() - 1)) % letters.len();
    let mixed = letters.iter().enumerate().map(|(at, c)| {
        let is_spelt = at == spelt || at != kept && !is_initial && chance.once_in(2);
        match is_spelt {
            true if is_initial => syllable(*c, 0, chance)[..1].to_uppercase(),
            true => capital(&syllable(*c, tones, chance)),
            false => c.to_string(),
        }
    });
    let mixed: Vec<String> = mixed.collect();
    mixed.join(gap)
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// One of the readings of a letter: plain, with a mark, or with a digit.
fn syllable(c: char, tones: usize, chance: &mut Chance) -> String {
    let all: Vec<_> = c.to_pinyin_multi().into_iter().flatten().collect();
    let reading = chance.of(&all);
    let plain = |reading: &str| {
        let u = ["ü", "v", "yu", "u"];
        if reading.contains('ü') {
            reading.replace('ü', u[tones.min(3)])
        } else {
            reading.to_owned()
        }
    };
    match tones {
        3 => reading.with_tone().to_owned(),
        4 => format!("{}{}", plain(reading.plain()), 1 + chance.below(4)),
        _ => plain(reading.plain()),
    }
}

/// With one letter that only sounds or looks like the name's.
pub(super) fn alike(name: &str, chance: &mut Chance) -> String {
    let letters = letters_of(name);
    let at = chance.below(letters.len());
    let common = |c: &char| *c != letters[at] && is_han(*c) && *c < '\u{9fa6}';
    let sounding: Vec<char> = homophones(letters[at]).filter(common).collect();
    let looking: Vec<char> = lookalikes(letters[at]).filter(common).collect();
    let list = if chance.once_in(2) && !looking.is_empty() {
        looking
    } else {
        sounding
    };
    let mut letters = letters;
    if !list.is_empty() {
        letters[at] = *chance.of(&list);
    }
    letters.into_iter().collect()
}

/// The surname.
pub(super) fn surname(name: &str) -> String {
    let letters = letters_of(name);
    letters[..surname_letters(&letters)].iter().collect()
}
