//! Who it is about: roster names, names before a title, and surnames where that is all there is.

mod latin;
mod titled;

use crate::reading::schools::Schools;
use crate::reading::surnames::{is_surname, pinyin};
use latin::{alone_in_latin, english};
use mifeng_names::{Folded, is_han};
use titled::{before_title, is_given_within, is_greeted};

/// What was read about persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Full names, folded.
    pub names: Vec<String>,
    /// Surnames of teachers and of the full names.
    pub surnames: Vec<char>,
    /// Surnames in Latin letters: those above spelled out, and those of an English account.
    pub pinyin: Vec<String>,
    /// Subjects taught, one bit each.
    pub subjects: u16,
}

const TITLES: [&str; 17] = [
    "老师",
    "老湿",
    "教师",
    "主任",
    "校长",
    "园长",
    "班主任",
    "书记",
    "某某",
    "某",
    "教导",
    "局长",
    "科长",
    "股长",
    "司机",
    "教练",
    "laoshi",
];

const SUBJECTS: [&[&str]; 13] = [
    &["语文", "chinese teacher"],
    &["数学", "math"],
    &["英语", "english teacher"],
    &["物理", "physics"],
    &["化学", "chemistry"],
    &["生物", "biology"],
    &["历史", "history"],
    &["地理", "geography"],
    &["政治", "politics"],
    &["体育", "physical education", "pe teacher"],
    &["音乐", "music"],
    &["美术", "art teacher"],
    &["班主任", "head teacher", "homeroom"],
];

pub(super) fn read(text: &Folded, schools: &Schools, is_subject_field: bool, people: &mut People) {
    for found in schools.find_staff(text) {
        add_name(people, &text.chars[found.from..found.to]);
    }
    for (bit, words) in SUBJECTS.iter().enumerate() {
        if words.iter().any(|word| text.find(word).next().is_some()) {
            people.subjects |= 1 << bit;
        }
    }
    for title in TITLES {
        for at in text.find(title) {
            if !is_greeted(text, at, title) {
                before_title(text, at, people);
            }
        }
    }
    labelled(text, people);
    english(text, people);
    alone_in_latin(text, schools, people);
    if is_subject_field {
        whole_field(text, people);
    }
    people.names.sort_unstable();
    people.names.dedup();
    people.surnames.sort_unstable();
    people.surnames.dedup();
    people.pinyin.sort_unstable();
    people.pinyin.dedup();
}

fn add_name(people: &mut People, name: &[char]) {
    people.names.push(name.iter().collect());
    add_surname(people, name[0]);
}

fn add_surname(people: &mut People, surname: char) {
    people.surnames.push(surname);
    people.pinyin.extend(pinyin(surname).map(str::to_owned));
}

const LABELS: [&str; 9] = [
    "被举报人",
    "被投诉人",
    "被反映人",
    "教师姓名",
    "老师姓名",
    "当事教师",
    "涉事教师",
    "举报对象",
    "姓名",
];

/// A form's own line: 被举报人:王丽琪.
fn labelled(text: &Folded, people: &mut People) {
    for label in LABELS {
        for at in text.find(label) {
            let from = at + label.chars().count();
            let from = from
                + text.chars[from..]
                    .iter()
                    .take_while(|c| matches!(c, ':' | ' ' | '(' | '为' | '是'))
                    .count();
            name_at(text, from, people);
        }
    }
}

/// A full name that stands by itself from here on.
fn name_at(text: &Folded, from: usize, people: &mut People) {
    let length = text.chars[from..]
        .iter()
        .take(5)
        .take_while(|c| is_han(**c))
        .count();
    if matches!(length, 2 | 3) && is_surname(text.chars[from]) {
        let name = &text.chars[from..from + length];
        if name[1..].iter().all(|c| is_given_within(*c)) {
            add_name(people, name);
        } else {
            add_surname(people, name[0]);
        }
    }
}

fn whole_field(text: &Folded, people: &mut People) {
    let mut from = 0;
    while from < text.chars.len() {
        let length = text.chars[from..]
            .iter()
            .take_while(|c| is_han(**c))
            .count();
        if length > 0 {
            name_at(text, from, people);
        }
        from += length.max(1);
    }
}
