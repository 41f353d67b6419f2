//! Usual names and values: made of short numbers, signs and words that every document may have, so that they can tell
//! nothing about a person.

use super::vocabulary::{OPEN_DOCUMENT, OPEN_XML};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of usual names and values that are in neither vocabulary: built-in styles, formulas of shapes, movements; those of
/// Chinese programs as well.
static WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("vocabulary/usual-words.txt").lines().collect());

/// How much of what tells nothing may be in one value.
struct Most {
    /// Digits of one number.
    digits: usize,
    /// Digits in all.
    all_digits: usize,
    /// Letters alone in all, and one behind the other.
    letters: usize,
    spelled: usize,
}

/// Of a name: telephone numbers, accounts and initials are longer.
const OF_A_NAME: Most = Most {
    digits: 6,
    all_digits: 8,
    letters: 2,
    spelled: 2,
};

/// Of what draws: lengths in the smallest unit (EMU), any number of them, and commands of one letter (`Z N M`).
const OF_A_DRAWING: Most = Most {
    digits: 10,
    all_digits: usize::MAX,
    letters: usize::MAX,
    spelled: 3,
};

/// Digits behind a point, as programs compute lengths.
const FRACTION_MAX: usize = 15;

/// Whether a name is made of short numbers, signs and usual words only, so that it can tell nothing about a person.
pub(super) fn is_usual(name: &str) -> bool {
    // One sign alone says how numbers are counted (`一`), and names nobody.
    let is_sign = name.chars().nth(1).is_none() && name.chars().all(char::is_alphanumeric);
    is_sign || is_plain(name, &OF_A_NAME) || name.split_whitespace().all(is_length)
}

/// Whether a value is made of what draws: coordinates, commands, formulas of guides.
pub(super) fn is_drawing(value: &str) -> bool {
    is_plain(value, &OF_A_DRAWING)
}

/// A style of VML without the properties that are not usual: `width:5pt;font-family:'…'` becomes `width:5pt`.
pub(super) fn usual_style(style: &str) -> String {
    let kept = style
        .split(';')
        .filter(|it| !it.trim().is_empty() && is_drawing(it));
    kept.collect::<Vec<_>>().join(";")
}

fn is_plain(value: &str, most: &Most) -> bool {
    if OPEN_XML.knows(value) || OPEN_DOCUMENT.knows(value) {
        return true;
    }
    // Bookmarks that programs set have a number that links the versions of a document.
    let mark = value.strip_prefix('_').unwrap_or_default();
    let digits = mark.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    if digits.len() > 5
        && digits.len() < mark.len()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        return false;
    }
    let letters: Vec<char> = value.chars().collect();
    let (mut at, mut all_digits, mut singles) = (0, 0, 0);
    while at < letters.len() {
        let start = at;
        let is_run =
            |same: fn(&char) -> bool| letters[start..].iter().take_while(|it| same(it)).count();
        let letter = letters[start];
        if letter == '#' && color_digits(&letters[start + 1..]) > 0 {
            at += 1 + color_digits(&letters[start + 1..]);
        } else if letter.is_ascii_digit() {
            at += is_run(char::is_ascii_digit);
            let behind_point = start > 1
                && letters[start - 1] == '.'
                && letters[start - 2].is_ascii_digit()
                && at - start > most.digits;
            if behind_point && most.all_digits == usize::MAX && at - start <= FRACTION_MAX {
                continue;
            }
            all_digits += at - start;
            if at - start > most.digits {
                return false;
            }
        } else if letter.is_ascii_alphabetic() {
            at += is_run(char::is_ascii_alphabetic);
            let word: String = letters[start..at].iter().collect();
            if word.len() == 1 {
                singles += 1;
            } else if !is_word(&word) {
                return false;
            }
        } else if letter.is_alphabetic() {
            at += is_run(|letter| letter.is_alphabetic() && !letter.is_ascii());
            let word: String = letters[start..at].iter().collect();
            if !WORDS.contains(word.as_str()) {
                return false;
            }
        } else if is_sign(letter) {
            at += 1;
        } else {
            return false;
        }
    }
    all_digits <= most.all_digits && singles <= most.letters && !spells(value, most.spelled)
}

/// How many digits of a colour stand first; none where it is no colour.
fn color_digits(letters: &[char]) -> usize {
    let digits = letters
        .iter()
        .take_while(|it| it.is_ascii_hexdigit())
        .count();
    if matches!(digits, 3 | 6 | 8) {
        digits
    } else {
        0
    }
}

/// A length or another number with a point: `21.6000003814697pt`.
fn is_length(word: &str) -> bool {
    let number = word.trim_start_matches('-');
    let Some((whole, rest)) = number.split_once('.') else {
        return false;
    };
    let end = rest.find(|letter: char| !letter.is_ascii_digit());
    let (fraction, unit) = rest.split_at(end.unwrap_or(rest.len()));
    whole.len() <= OF_A_NAME.digits
        && whole.bytes().all(|byte| byte.is_ascii_digit())
        && (1..=FRACTION_MAX).contains(&fraction.len())
        && matches!(
            unit,
            "" | "%" | "pt" | "cm" | "mm" | "in" | "pc" | "px" | "em" | "deg"
        )
}

/// Whether single letters with blanks between them spell a name.
fn spells(value: &str, most: usize) -> bool {
    let mut run = 0;
    value.split_whitespace().any(|word| {
        let is_letter = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        run = if is_letter { run + 1 } else { 0 };
        run > most
    })
}

fn is_sign(letter: char) -> bool {
    letter.is_ascii_punctuation()
        || matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{2010}'..='\u{2027}')
}

/// A usual word, or several written as one ("`TableStyleMedium`").
fn is_word(word: &str) -> bool {
    let is_known = |word: &str| {
        let lower = word.to_ascii_lowercase();
        let in_either = |word: &str| OPEN_XML.knows(word) || OPEN_DOCUMENT.knows(word);
        WORDS.contains(lower.as_str()) || in_either(word) || in_either(&lower)
    };
    if is_known(word) {
        return true;
    }
    let mut parts: Vec<String> = Vec::new();
    for letter in word.chars() {
        match parts.last_mut() {
            Some(part) if !letter.is_ascii_uppercase() => part.push(letter),
            _ => parts.push(letter.to_string()),
        }
    }
    parts.len() > 1 && parts.iter().all(|part| part.len() > 2 && is_known(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_told_from_those_that_somebody_gave() {
        for usual in [
            "",
            "heading 1",
            "TableStyleMedium2",
            "Text_20_body",
            "A1:B12",
            "_x0000_s1026",
            "#4472c4 [3204]",
            "#d3dfee",
            "Table Grid",
            "List Paragraph",
            "gr12",
            "P3",
            "21.6000003814697pt",
            "_n12",
            "toc 3",
            "Office",
            "「」，。",
            "标题 1",
            "图片 12",
            "SHA-512",
        ] {
            assert!(is_usual(usual), "{usual}");
        }
        for given in [
            "zhangsan",
            "张三",
            "Li Na",
            "LiNa",
            "ZhangSanStyle",
            "13800138000",
            "z h a n g s a n",
            "li",
            "\u{e0041}\u{e0042}",
            "user\u{200b}",
            "_Toc123456789",
            "ⓗⓔ",
            "QQ1391234567",
            "139-1234-5678",
            "110101 19900101 1234",
            "W.X.M",
            "WX1",
            "li5",
            "z1h2a3o4",
        ] {
            assert!(!is_usual(given), "{given}");
        }
    }

    #[test]
    fn what_draws_is_told_from_names() {
        for drawing in [
            "m,l,21600r21600,21600l21600,xe",
            "*/ w 1 2",
            "position:absolute",
            "sum 0 0 @1",
            "M 3900 14370 Z N M 5333 7267 Z N M ?f52",
            "12192000,6858000",
            "if(?f1 ,?f2 ,0)",
        ] {
            assert!(is_drawing(drawing), "{drawing}");
        }
        for other in ["zhangsan", "z h a n g", "13800138000", "Li Na"] {
            assert!(!is_drawing(other), "{other}");
        }
    }
}
