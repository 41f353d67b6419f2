//! Names in an English account: after a title, before laoshi, or Chinese ones that stand alone.

use super::name_at;
use crate::reading::People;
use crate::reading::schools::Schools;
use crate::reading::surnames::is_pinyin;
use mifeng_names::{Folded, is_han};

/// A Chinese name in an English account, where nothing Chinese stands beside it.
pub(super) fn alone_in_latin(text: &Folded, schools: &Schools, people: &mut People) {
    let han = text.chars.iter().filter(|c| is_han(**c)).count();
    if han * 3 > text.chars.len() {
        return;
    }
    let known = schools.find(text);
    let mut from = 0;
    while from < text.chars.len() {
        let length = text.chars[from..]
            .iter()
            .take_while(|c| is_han(**c))
            .count();
        if length > 0
            && !known
                .iter()
                .any(|school| school.from < from + length && from < school.to)
        {
            name_at(text, from, people);
        }
        from += length.max(1);
    }
}

const ENGLISH_TITLES: [&str; 8] = [
    "teacher",
    "mr",
    "ms",
    "mrs",
    "miss",
    "principal",
    "director",
    "headmaster",
];

/// Teacher Wang, Ms. Li, Wang Laoshi.
pub(super) fn english(text: &Folded, people: &mut People) {
    let words: Vec<String> = text
        .chars
        .split(|c| !c.is_ascii_alphabetic())
        .filter(|word| !word.is_empty())
        .map(|word| word.iter().collect())
        .collect();
    for pair in words.windows(2) {
        if ENGLISH_TITLES.contains(&pair[0].as_str()) && is_pinyin(&pair[1]) {
            people.pinyin.push(pair[1].clone());
        }
        if pair[1] == "laoshi" && is_pinyin(&pair[0]) {
            people.pinyin.push(pair[0].clone());
        }
    }
}
