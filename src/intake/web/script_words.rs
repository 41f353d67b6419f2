//! The words that the form's script shows, under the names it knows them by.

use super::page::Page;
use super::views::ErrorView;
use super::words::words;
use crate::intake::attachments::FileProblem;
use crate::intake::desk::IntakeDesk;
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
    let said = WORDS.map(|(name, key)| (name, page.say(key)));
    let problems = PROBLEMS.map(|error| {
        let problem = Problem::Tip(error);
        (problem.key(), ErrorView::new(page, problem).text)
    });
    said.into_iter().chain(problems).collect()
}

/// What the script says of files, under the keys themselves.
const FILE_WORDS: [&str; 26] = [
    "file-sealing",
    "file-sending",
    "file-stopped",
    "file-unanswered",
    "file-offline",
    "problem-file-undecided",
    "size-kilobytes",
    "size-megabytes",
    "metadata-will-go",
    "metadata-removed",
    "metadata-left",
    "metadata-nothing",
    "metadata-separator",
    "metadata-space",
    "metadata-position",
    "metadata-device",
    "metadata-author",
    "metadata-software",
    "metadata-date",
    "metadata-thumbnail",
    "metadata-comment",
    "metadata-history",
    "metadata-hidden",
    "metadata-other",
    "metadata-why-kind",
    "metadata-why-damaged",
];

/// The words about files on `page`; none where none are taken.
pub(super) fn file_words(page: &Page<'_>, desk: &IntakeDesk) -> Vec<(&'static str, String)> {
    let Some(attachments) = &desk.attachments else {
        return Vec::new();
    };
    let limits = attachments.limits();
    let problems = [
        FileProblem::Empty,
        FileProblem::WrongKind,
        FileProblem::NotAsNamed,
        FileProblem::TwoThings,
        FileProblem::CutShort,
        limits.too_many(),
        limits.too_large(),
        limits.too_large_together(),
    ];
    let problems = problems.map(|problem| {
        let text = ErrorView::new(page, Problem::File(problem)).text;
        (problem.key(), text)
    });
    // Filled in by the script.
    let open = [("list", "{list}"), ("number", "{number}")];
    let said = FILE_WORDS.map(|key| (key, words(page.language()).say_with(key, &open)));
    said.into_iter().chain(problems).collect()
}
