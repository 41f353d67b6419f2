//! The words that the form's script shows, under the names it knows them by.

use super::page::Page;
use super::views::ErrorView;
use super::words::words;
use crate::attachments::FileProblem;
use crate::desk::IntakeDesk;
use crate::problem::Problem;
use mifeng_sealing::CodeError;
use mifeng_sealing::tip::{Field, TipError};

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
const FILE_WORDS: [&str; 30] = [
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
    "metadata-origin",
    "metadata-why-kind",
    "metadata-why-damaged",
    "metadata-why-encrypted",
    "metadata-why-structure",
    "metadata-why-unchecked",
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
        FileProblem::SaveAnew,
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

/// What the script says on the page that asks for a code.
const CHECK_WORDS: [(&str, &str); 5] = [
    ("keys-wrong", "write-keys-wrong"),
    ("check-unanswered", "check-unanswered"),
    ("check-offline", "check-offline"),
    ("check-not-here", "check-not-here"),
    ("check-cannot-open", "check-cannot-open"),
];

/// The words on the page that asks for a code.
pub(super) fn check_words(page: &Page<'_>) -> Vec<(&'static str, String)> {
    let said = CHECK_WORDS.map(|(name, key)| (name, page.say(key)));
    let problems = [
        Problem::Code(CodeError::WrongLength),
        Problem::Code(CodeError::Mistyped),
        Problem::UnknownCode,
    ];
    let problems = problems.map(|problem| (problem.key(), ErrorView::new(page, problem).text));
    said.into_iter().chain(problems).collect()
}

/// What the script says on the page behind a code, under the keys themselves.
const STATUS_WORDS: [&str; 55] = [
    "status-stored",
    "status-received",
    "status-accepted",
    "status-declined",
    "status-referred",
    "status-under-inquiry",
    "status-concluded",
    "next-stored",
    "next-received",
    "next-accepted",
    "next-declined",
    "next-referred",
    "next-under-inquiry",
    "next-concluded",
    "status-due",
    "status-due-provisional",
    "status-late",
    "status-rule",
    "message-from-office",
    "message-result",
    "message-read",
    "aftercare-title",
    "aftercare-sent",
    "withdraw-sent",
    "promise-acknowledge",
    "promise-child-harm",
    "promise-handle",
    "promise-objection",
    "promise-other",
    "promise-open",
    "promise-late",
    "promise-met",
    "promise-met-late",
    "promise-first",
    "sent-kind-tip",
    "sent-kind-addition",
    "sent-kind-objection",
    "sent-kind-correction",
    "sent-kind-withdrawal",
    "sent-kind-aftercare",
    "sent-chars",
    "sent-chars-one",
    "sent-files",
    "sent-files-one",
    "sent-answer-by",
    "sent-left-out",
    "opened-before",
    "opened-today",
    "calendar-save",
    "message-question",
    "read-sent",
    "reply-sent",
    "problem-unanswered",
    "problem-not-sure",
    "check-cannot-seal",
];

/// The words on the page behind a code.
pub(super) fn status_words(page: &Page<'_>) -> Vec<(&'static str, String)> {
    // Filled in by the script.
    let open = [
        ("day", "{day}"),
        ("due", "{due}"),
        ("met", "{met}"),
        ("rule", "{rule}"),
        ("days", "{days}"),
        ("number", "{number}"),
    ];
    let words = words(page.language());
    let said = STATUS_WORDS.map(|key| (key, words.say_with(key, &open)));
    let others = [
        ("text-kept", "problem-text-kept"),
        ("unanswered", "write-unanswered"),
        ("offline", "write-offline"),
    ];
    let others = others.map(|(name, key)| (name, page.say(key)));
    let problems = [
        TipError::EmptyAddition,
        TipError::EmptyObjection,
        TipError::TooLong(Field::Text),
    ];
    let problems = problems.map(|error| {
        let problem = Problem::Tip(error);
        (problem.key(), ErrorView::new(page, problem).text)
    });
    said.into_iter().chain(others).chain(problems).collect()
}
