//! Names as people write them who want them read and not found.

use super::chance::Chance;
use super::spelling::{capital, latin};
use crate::latin::{parts, typed};
use crate::letters_of;
use crate::readings::readings;
use crate::romanised::to_bopomofo;

/// Rows of twenty-six Latin letters: the first small one and the first capital one.
const ROWS: [(u32, u32); 16] = [
    (0x24d0, 0x24b6),
    (0x249c, 0x1f110),
    (0x24d0, 0x1f130),
    (0x1f150, 0x1f150),
    (0x1f170, 0x1f170),
    (0x1f1e6, 0x1f1e6),
    (0x1d41a, 0x1d400),
    (0x1d482, 0x1d468),
    (0x1d4ea, 0x1d4d0),
    (0x1d51e, 0x1d56c),
    (0x1d552, 0x1d56c),
    (0x1d586, 0x1d56c),
    (0x1d5ba, 0x1d5a0),
    (0x1d5ee, 0x1d5d4),
    (0x1d656, 0x1d63c),
    (0x1d68a, 0x1d670),
];

/// In letters of one of the rows that Unicode has of them as signs.
pub(super) fn enclosed(latin: &str, chance: &mut Chance) -> String {
    let (small, capital) = *chance.of(&ROWS);
    let letters = latin.chars().map(|c| {
        let number = match c {
            'a'..='z' => small + u32::from(c) - u32::from('a'),
            'A'..='Z' => capital + u32::from(c) - u32::from('A'),
            _ => return c,
        };
        char::from_u32(number).expect("every row has twenty-six letters")
    });
    letters.collect()
}

/// Plain spellings of a name in either order, in words.
fn words(name: &str, chance: &mut Chance) -> Vec<String> {
    let letters = letters_of(name);
    let mut parts = parts(name, &letters);
    if chance.once_in(2) {
        parts.reverse();
    }
    let words = parts.iter().map(|part| {
        let syllables = part.iter().map(|c| {
            let all: Vec<String> = readings(*c).into_iter().flat_map(typed).collect();
            chance.of(&all).clone()
        });
        syllables.collect()
    });
    words.collect()
}

/// Letter by letter, or broken where no syllable ends.
pub(super) fn in_pieces(name: &str, chance: &mut Chance) -> String {
    let sign = *chance.of(&[" ", ".", "-", "*", " . ", "_", "·", "1", "  "]);
    let joined = words(name, chance).concat();
    let is_by_letter = chance.once_in(2);
    let mut pieces = String::new();
    for c in joined.chars() {
        if !pieces.is_empty() && (is_by_letter || chance.once_in(3)) {
            pieces.push_str(sign);
        }
        pieces.push(c);
    }
    if chance.once_in(3) {
        pieces = pieces.to_uppercase();
    }
    pieces
}

/// Letters of other scripts, beside the Latin ones that they look like.
const LOOK_LATIN: &str = "аa еe оo рp сc уy хx іi ѕs һh ԁd ԛq ԝw јj ΑA ВB ΕE ΖZ НH ΙI КK МM ΝN ОO ΡP ТT ХX ʏY οo νv ιi αa ɡg ᴡw ɴn ɢg ʜh ᴢz ꓪW ꓮA Ꮓz";

/// With letters of another script for some of the Latin ones, one at least.
pub(super) fn other_script(latin: &str, chance: &mut Chance) -> String {
    let like = |c: char| {
        let pairs = LOOK_LATIN.split_whitespace();
        let likes = pairs.filter_map(|pair| pair.chars().next().filter(|_| pair.ends_with(c)));
        likes.collect::<Vec<char>>()
    };
    let letters = latin.chars().map(|c| {
        let likes = like(c);
        if likes.is_empty() || chance.once_in(3) {
            c
        } else {
            *chance.of(&likes)
        }
    });
    letters.collect()
}

/// Typed from the end, between the mark that shows it from the right and the mark that ends that; twice of them or once.
pub(super) fn reversed(name: &str, chance: &mut Chance) -> String {
    let turned: String = name.chars().rev().collect();
    let reversed = format!("\u{202e}{turned}\u{202c}");
    if chance.once_in(3) {
        format!("\u{2068}{reversed}\u{2069}")
    } else {
        reversed
    }
}

/// With a digit or two between the letters.
pub(super) fn with_digits(name: &str, chance: &mut Chance) -> String {
    let mut digits = String::new();
    for c in letters_of(name) {
        if !digits.is_empty() {
            let most = if chance.once_in(3) { 100 } else { 10 };
            let number = chance.below(most);
            digits.push_str(&number.to_string());
        }
        digits.push(c);
    }
    digits
}

/// With digits for fewer than half of the letters, one at least where one has a digit.
pub(super) fn digits_for(name: &str, chance: &mut Chance) -> String {
    let pairs = [
        ('o', '0'),
        ('i', '1'),
        ('l', '1'),
        ('z', '2'),
        ('e', '3'),
        ('a', '4'),
        ('s', '5'),
        ('g', '9'),
        ('t', '7'),
        ('a', '@'),
    ];
    let words = words(name, chance);
    let spelt = words.join(*chance.of(&["", " ", "-", ". "]));
    let count = words.concat().len();
    let mut left = (count - 1) / 2;
    let letters = spelt.chars().map(|c| {
        let digits: Vec<char> = pairs
            .iter()
            .filter(|pair| pair.0 == c)
            .map(|pair| pair.1)
            .collect();
        if count < 5 || left == 0 || digits.is_empty() {
            return c;
        }
        left -= 1;
        *chance.of(&digits)
    });
    letters.collect()
}

/// In another romanisation, as it is printed: capital words, the given name with hyphens.
pub(super) fn romanised(
    name: &str,
    system: fn(&str) -> Vec<String>,
    chance: &mut Chance,
) -> String {
    let letters = letters_of(name);
    let mut parts = parts(name, &letters);
    if chance.once_in(3) {
        parts.reverse();
    }
    let hyphen = *chance.of(&["-", " ", ""]);
    let words = parts.iter().map(|part| {
        let syllables = part.iter().map(|c| {
            let all: Vec<String> = readings(*c).into_iter().flat_map(system).collect();
            chance.of(&all).replace('v', "ü")
        });
        capital(&syllables.collect::<Vec<_>>().join(hyphen))
    });
    let written = words.collect::<Vec<_>>().join(" ");
    // Too short to be certain enough: then it is written in pinyin.
    if written.chars().filter(|c| c.is_alphabetic()).count() < 4 {
        return latin(name, chance);
    }
    written
}

/// In bopomofo, with tones or without; one letter may stay Chinese.
pub(super) fn bopomofo(name: &str, chance: &mut Chance) -> String {
    let letters = letters_of(name);
    let kept = chance.below(letters.len() * 2);
    let gap = *chance.of(&[" ", "", "-"]);
    let tone = if gap.is_empty() {
        // Without a tone or a gap it is not clear where a syllable ends.
        *chance.of(&["ˊ", "ˇ", "ˋ"])
    } else {
        *chance.of(&["", "ˊ", "ˇ", "ˋ"])
    };
    let written = letters.iter().enumerate().map(|(at, c)| {
        let all = readings(*c);
        let reading: &&str = chance.of(&all);
        let spelt = to_bopomofo(reading);
        match spelt {
            Some(spelt) if at != kept => format!("{spelt}{tone}"),
            _ => c.to_string(),
        }
    });
    written.collect::<Vec<_>>().join(gap)
}
