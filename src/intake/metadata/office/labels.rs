//! Names that programs and people give to what is in a document: styles, bookmarks, shapes, controls. Nobody sees them on
//! the page, and they tell who or which machine gave them, so that all but the usual ones are replaced by a number, the
//! same for the same name everywhere in one document: what refers to them still finds them.

use super::vocabulary::{OPEN_DOCUMENT, OPEN_XML};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Words of usual names and values that are in neither vocabulary: built-in styles, formulas of shapes, movements; those of
/// Chinese programs as well.
static WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("vocabulary/usual-words.txt").lines().collect());
/// Digits of the longest number that is no mark: lengths in the smallest unit (EMU) have so many.
const DIGITS_MAX: usize = 10;
/// Digits behind a point, as programs compute lengths.
const FRACTION_MAX: usize = 15;
/// Letters alone, one behind the other, of the longest that draws (`Z N M`) and spells nothing.
const SPELLED_MAX: usize = 3;

/// The names that were given instead, for one document.
#[derive(Default)]
pub(super) struct Labels {
    given: HashMap<String, String>,
}

impl Labels {
    /// The name as it is, where it is a usual one, else the one that stands for it; `None` where it is the same.
    pub fn instead_of(&mut self, name: &str) -> Option<String> {
        if is_usual(name) {
            return None;
        }
        let next = self.given.len() + 1;
        let given = self.given.entry(name.to_owned());
        Some(given.or_insert_with(|| format!("_n{next}")).clone())
    }
}

/// Whether a name or value is made of numbers, signs and usual words only, so that it can tell nothing about a person.
pub(super) fn is_usual(value: &str) -> bool {
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
    let mut at = 0;
    while at < letters.len() {
        let start = at;
        let is_run =
            |same: fn(&char) -> bool| letters[start..].iter().take_while(|it| same(it)).count();
        let letter = letters[start];
        let color = letters[start + 1..]
            .iter()
            .take_while(|it| it.is_ascii_hexdigit())
            .count();
        if letter == '#' && matches!(color, 3 | 6 | 8) {
            at += 1 + color;
        } else if letter.is_ascii_digit() {
            at += is_run(char::is_ascii_digit);
            let is_fraction = start > 0 && letters[start - 1] == '.';
            if at - start
                > if is_fraction {
                    FRACTION_MAX
                } else {
                    DIGITS_MAX
                }
            {
                return false;
            }
        } else if letter.is_ascii_alphabetic() {
            at += is_run(char::is_ascii_alphabetic);
            let word: String = letters[start..at].iter().collect();
            let touches = |other: Option<&char>| other.is_some_and(char::is_ascii_digit);
            let by_digit = touches(start.checked_sub(1).and_then(|before| letters.get(before)))
                || touches(letters.get(at));
            if !(word.len() == 1 || word.len() == 2 && by_digit || is_word(&word)) {
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
    !spells(value)
}

/// Whether single letters with blanks between them spell a name.
fn spells(value: &str) -> bool {
    let mut run = 0;
    value.split_whitespace().any(|word| {
        let is_letter = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        run = if is_letter { run + 1 } else { 0 };
        run > SPELLED_MAX
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

/// A style of VML without the properties that are not usual: `width:5pt;font-family:'…'` becomes `width:5pt`.
pub(super) fn usual_style(style: &str) -> String {
    let kept = style
        .split(';')
        .filter(|it| !it.trim().is_empty() && is_usual(it));
    kept.collect::<Vec<_>>().join(";")
}

/// Whether a value is the code of a language, a country or a script: `zh-CN`, `Hans`.
pub(super) fn is_code(value: &str) -> bool {
    let mut parts = value.split(['-', '_']);
    value.len() <= 20
        && parts.all(|part| {
            (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
                || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit())
        })
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
            "m,l,21600r21600,21600l21600,xe",
            "_x0000_s1026",
            "*/ w 1 2",
            "#4472c4 [3204]",
            "#d3dfee",
            "Table Grid",
            "List Paragraph",
            "gr12",
            "P3",
            "M 3900 14370 Z N M 5333 7267 Z N M ?f52",
            "21.6000003814697pt",
            "position:absolute",
            "sum 0 0 @1",
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
        ] {
            assert!(!is_usual(given), "{given}");
        }
    }

    #[test]
    fn one_name_is_replaced_alike_everywhere_and_what_replaces_it_stays() {
        let mut labels = Labels::default();
        let first = labels.instead_of("张三的书签").expect("another");
        assert_eq!(labels.instead_of("张三的书签"), Some(first.clone()));
        assert_ne!(labels.instead_of("李四"), Some(first.clone()));
        assert_eq!(labels.instead_of(&first), None);
    }
}
