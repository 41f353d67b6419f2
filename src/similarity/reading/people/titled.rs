//! Names before a title: 王老师, 李建华老师; but nobody whom a letter is only written to.

use super::{add_name, add_surname};
use crate::reading::People;
use crate::reading::surnames::{WORDS, is_clear, is_given_too, is_surname};
use mifeng_names::{Folded, is_han};

/// Characters before a title that belong to no name.
const NO_NAME: &str = "的是和与跟找被让叫向在有个位名那这其该此各多两几任为由对从给到了不我你他她们班级课教科体音美语数英物化政史地生学校园副正新老小大某";

/// Of those, what stands in many names (王小明, 李立新): it is part of one after a surname.
const IN_NAMES: &str = "小大新正";

fn is_given(c: char) -> bool {
    is_han(c) && !NO_NAME.contains(c)
}

/// The same between a surname and the last character, or after two of a name.
pub(super) fn is_given_within(c: char) -> bool {
    is_given(c) || IN_NAMES.contains(c)
}

const BEFORE_GREETED: [&str; 3] = ["尊敬的", "敬爱的", "亲爱的"];

const AFTER_GREETED: [&str; 3] = ["您好", "你好", "您早"];

/// Longest name between a greeting and a title, in characters.
const NAME_MAX_CHARS: usize = 3;

/// 尊敬的王主任, 王局长您好: whom a letter is written to is nobody that it is about.
pub(super) fn is_greeted(text: &Folded, title: usize, word: &str) -> bool {
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
pub(super) fn before_title(text: &Folded, title: usize, people: &mut People) {
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
