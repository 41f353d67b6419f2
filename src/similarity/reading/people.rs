//! Who it is about: roster names, names before a title, and surnames where that is all there is.

use super::schools::Schools;
use super::surnames::{WORDS, is_clear, is_given_too, is_pinyin, is_surname, pinyin};
use mifeng_names::{Folded, is_han};

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

/// Characters before a title that belong to no name.
const NO_NAME: &str = "的是和与跟找被让叫向在有个位名那这其该此各多两几任为由对从给到了不我你他她们班级课教科体音美语数英物化政史地生学校园副正新老小大某";

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

/// Of those, what stands in many names (王小明, 李立新): it is part of one after a surname.
const IN_NAMES: &str = "小大新正";

fn is_given(c: char) -> bool {
    is_han(c) && !NO_NAME.contains(c)
}

/// The same between a surname and the last character, or after two of a name.
fn is_given_within(c: char) -> bool {
    is_given(c) || IN_NAMES.contains(c)
}

const BEFORE_GREETED: [&str; 3] = ["尊敬的", "敬爱的", "亲爱的"];
const AFTER_GREETED: [&str; 3] = ["您好", "你好", "您早"];
/// Longest name between a greeting and a title, in characters.
const NAME_MAX_CHARS: usize = 3;

/// 尊敬的王主任, 王局长您好: whom a letter is written to is nobody that it is about.
fn is_greeted(text: &Folded, title: usize, word: &str) -> bool {
    let before = BEFORE_GREETED.iter().any(|greeting| {
        let to = greeting.chars().count();
        let from = title.saturating_sub(to + NAME_MAX_CHARS);
        (from..=title.saturating_sub(to)).any(|at| text.has_at(at, greeting))
    });
    let end = title + word.chars().count();
    let marks = text.chars.get(end..).unwrap_or_default().iter();
    let marks = marks.take_while(|c| matches!(c, ' ' | ',' | ':' | '!' | '。' | '、'));
    let after = end + marks.count();
    before || AFTER_GREETED.iter().any(|word| text.has_at(after, word))
}

/// 王老师, 王丽老师, 王丽琪老师, 王某某; 李华老师 and 李建华老师, though there is a surname 华.
fn before_title(text: &Folded, title: usize, people: &mut People) {
    if title == 0 || ends_word(text, title - 1) || is_preposition(text, title) {
        return;
    }
    let back = |steps: usize| title.checked_sub(steps).map(|at| text.chars[at]);
    // A surname that stands at its own, and not at the end of a word before the name.
    let first = |steps: usize| {
        let c = back(steps).filter(|c| is_clear(*c))?;
        (!ends_word(text, title - steps)).then_some(c)
    };
    let Some(last) = back(1) else { return };
    let middle = back(2).filter(|_| !ends_word(text, title - 2));
    if is_surname(last) && !is_given_too(last) {
        // Of two such either may be meant.
        for surname in first(2).into_iter().chain([last]) {
            add_surname(people, surname);
        }
        return;
    }
    let whole = |middle| {
        if is_surname(last) {
            is_given_within(middle) && (!is_clear(middle) || is_given_too(middle))
        } else {
            is_whole_name(middle, last)
        }
    };
    match (first(3), middle, first(2)) {
        (Some(first), Some(middle), _) if whole(middle) => {
            add_name(people, &[first, middle, last]);
        }
        (_, _, Some(first)) if is_given(last) || is_surname(last) => {
            add_name(people, &[first, last]);
        }
        _ if is_surname(last) => add_surname(people, last),
        _ => {}
    }
}

/// 读于某校, 向老师: what stands before the title leads to it, and is no name; but there is a 于某某.
fn is_preposition(text: &Folded, title: usize) -> bool {
    let before = title.checked_sub(2).map(|at| text.chars[at]);
    match text.chars[title - 1] {
        '于' => text.chars[title] == '某' && text.chars.get(title + 1) != Some(&'某'),
        '向' => !before.is_some_and(|c| "的姓叫".contains(c)),
        _ => false,
    }
}

/// Whether the character is the last of a word that is no name: 任何老师, but not 班主任何老师.
fn ends_word(text: &Folded, at: usize) -> bool {
    let ends = |at: usize| {
        let from = at.checked_sub(1);
        from.is_some_and(|from| WORDS.iter().any(|word| text.has_at(from, word)))
    };
    ends(at) && !ends(at - 1)
}

/// Whether two characters after a surname are a given name: 小明, 立新, but not 新来.
fn is_whole_name(middle: char, last: char) -> bool {
    (is_given(middle) && is_given_within(last)) || (is_given_within(middle) && is_given(last))
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

/// A Chinese name in an English account, where nothing Chinese stands beside it.
fn alone_in_latin(text: &Folded, schools: &Schools, people: &mut People) {
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
fn english(text: &Folded, people: &mut People) {
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
