//! The words that the form's script shows, under the names it knows them by.

use super::page::Page;
use super::views::ErrorView;
use crate::intake::problem::Problem;
use crate::tip::{Field, TipError};

/// Names in the script and keys of the words.
const WORDS: [(&str, &str); 13] = [
    ("send", "write-send"),
    ("sending", "write-sending"),
    ("unanswered", "write-unanswered"),
    ("offline", "write-offline"),
    ("keys-wrong", "write-keys-wrong"),
    ("cannot-seal", "write-cannot-seal"),
    ("text-kept", "problem-text-kept"),
    ("still-here", "write-may-have-arrived"),
    ("hint-child-name", "hint-child-name"),
    ("hint-seat", "hint-seat"),
    ("hint-payment", "hint-payment"),
    ("hint-phone", "hint-phone"),
    ("hint-id-number", "hint-id-number"),
];

/// What the script finds wrong by itself, since it sends nothing that the server could look at.
const PROBLEMS: [TipError; 4] = [
    TipError::NoCategory,
    TipError::EmptyText,
    TipError::TooLong(Field::Text),
    TipError::TooLong(Field::School),
];

/// The words on `page`.
pub(super) fn script_words(page: &Page<'_>) -> Vec<(&'static str, String)> {
    let words = WORDS.map(|(name, key)| (name, page.say(key)));
    let problems = PROBLEMS.map(|error| {
        let problem = Problem::Tip(error);
        (problem.key(), ErrorView::new(page, problem).text)
    });
    words.into_iter().chain(problems).collect()
}
