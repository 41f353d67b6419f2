//! What a name means where it stands: whether it is the whole of an item, and what is around it.

use super::around::{After, Around, Before};
use super::form::Form;
use super::found::{Answer, Kind};
use super::lists::{COUNTED, WORDS, title_at};
use super::text::is_sign;

/// Whether what stands there is a name as far as can be seen: nothing makes a longer word of it.
pub(super) fn is_named(around: &Around<'_>, first: char) -> bool {
    let before = !matches!(
        around.before(first),
        Before::Word | Before::Compound | Before::Perhaps
    );
    before && !around.is_broken() && around.after() != After::Longer
}

/// Whether no Latin letter or digit stands beside it.
pub(super) fn stands_apart(field: &str, (from, to): (usize, usize)) -> bool {
    let beside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !beside(field[..from].chars().next_back()) && !beside(field[to..].chars().next())
}

/// Signs that stand between the persons of a subject field; others may stand within a name.
const BETWEEN_PERSONS: &str = "，、；,;/\n（）()：:&和与及";

/// The letters of the part of a subject field that a place is in: between signs that part persons.
pub(super) fn item(field: &str, from: usize, to: usize) -> Vec<char> {
    let is_end = |c: char| BETWEEN_PERSONS.contains(c);
    let start = field[..from].rfind(is_end).map_or(0, |at| {
        at + field[at..].chars().next().map_or(0, char::len_utf8)
    });
    let end = field[to..].find(is_end).map_or(field.len(), |at| to + at);
    let letters = field[start..end].chars().filter(|c| !is_sign(*c));
    letters.collect()
}

/// Whether an item is the whole name, with or without a title behind it.
pub(super) fn is_whole(item: &[char], letters: &[char]) -> bool {
    let Some(rest) = item.strip_prefix(letters) else {
        return false;
    };
    rest.is_empty() || title_at(rest) == Some(rest.len())
}

/// What a name means where it stands.
pub(super) fn judge(form: &Form, around: &Around<'_>) -> (Answer, Kind) {
    let first = form.letters[0];
    let before = around.before(first);
    let after = around.after();
    if form.is_word {
        return (as_word(form, around, before, after), Kind::Word);
    }
    if form.letters.len() > 2 {
        return match before {
            Before::Compound => (Answer::Mention, Kind::Longer),
            Before::Perhaps => (Answer::Possible, Kind::Longer),
            _ if begins_with_word(form) && after == After::Unclear => {
                (Answer::Possible, Kind::Word)
            }
            _ => (Answer::Certain, Kind::Name),
        };
    }
    if around.is_broken() {
        let is_name = before != Before::Word && matches!(after, After::Title | After::Clear);
        let answer = if is_name {
            Answer::Possible
        } else {
            Answer::No
        };
        return (answer, Kind::Name);
    }
    if form.is_little {
        let is_counted = around
            .letters_on()
            .first()
            .is_some_and(|c| COUNTED.contains(*c));
        let is_name = before != Before::Word && !is_counted && after != After::Longer;
        return (
            if is_name {
                Answer::Possible
            } else {
                Answer::No
            },
            Kind::Word,
        );
    }
    match (before, after) {
        (Before::Perhaps, _) => (Answer::Possible, Kind::Longer),
        (Before::Word, After::Title) => (Answer::Possible, Kind::Name),
        (Before::Compound | Before::Word, _) | (_, After::Longer) => {
            (Answer::Mention, Kind::Longer)
        }
        (_, After::Unclear) => (Answer::Possible, Kind::Longer),
        (_, After::Title | After::Clear) => (Answer::Certain, Kind::Name),
    }
}

/// 周一明 in 周一明天: its first two letters are a word.
fn begins_with_word(form: &Form) -> bool {
    let start: String = form.letters[..2].iter().collect();
    WORDS.contains(start.as_str())
}

/// What a name that is a word means: only something beside it says that a person is meant.
fn as_word(form: &Form, around: &Around<'_>, before: Before, after: After) -> Answer {
    let is_clear = before == Before::Clear || around.is_labelled();
    let is_titled = after == After::Title && before != Before::Word;
    let acts = around.has_done() || around.is_doing() && !form.is_adverb;
    let does = !around.is_broken() && is_clear && acts;
    if is_titled || does || around.is_labelled() && after != After::Unclear {
        Answer::Possible
    } else {
        Answer::No
    }
}
