//! How long words may be where they stand, so that no language breaks a page: one list for all of them.

use super::{source, words};
use mifeng_foundation::words::Language;

/// Columns that words of a place may take: a Chinese character takes two, a Latin letter one. The first row whose
/// beginning a key has is the one that counts.
const ROOM: &[(&str, usize)] = &[
    // The bar and what stands under it, on a phone of 320 points.
    ("tagline", 28),
    ("quick-exit-note", 80),
    ("quick-exit", 14),
    ("skip", 24),
    ("large-text", 14),
    ("normal-text", 14),
    ("languages", 14),
    ("footer-note", 72),
    ("link-", 26),
    ("back", 10),
    ("day-format", 20),
    ("place-", 10),
    ("emergency-name", 16),
    // Buttons.
    ("read-send", 42),
    ("forget-send", 24),
    ("start-write", 16),
    ("write-sending", 26),
    ("write-send", 22),
    ("code-copy", 12),
    ("code-copied", 12),
    ("code-print", 20),
    ("code-done", 26),
    ("check-send", 10),
    ("reply-send", 22),
    ("status-clear", 22),
    ("poster-print", 12),
    // A quarter of a phone's width.
    ("step-", 12),
    // Headings of one or two lines.
    ("start-title", 46),
    ("write-title", 34),
    ("write-required", 10),
    ("write-kind-hint", 90),
    ("write-kind", 30),
    ("write-what", 30),
    ("write-before", 30),
    ("write-text-hint", 110),
    ("write-text", 34),
    ("write-school", 26),
    ("write-subject-hint", 110),
    ("write-subject", 26),
    ("write-when-hint", 60),
    ("write-when", 26),
    ("code-title", 34),
    ("check-title", 34),
    ("check-field", 20),
    ("help-title", 34),
    ("help-how-", 120),
    ("help-how", 34),
    ("help-other", 34),
    ("messages-title", 26),
    ("message-", 20),
    ("reply-title", 30),
    ("aftercare-title", 44),
    ("aftercare-stopped-", 26),
    ("question-waiting", 44),
    ("question-answer", 22),
    ("just-sent-title", 34),
    ("sent-title", 34),
    ("sent-kind-", 38),
    ("withdraw-title", 40),
    ("withdraw-send", 24),
    ("forget-title", 40),
    ("forgotten-title", 34),
    ("track-label", 16),
    ("hints-title", 60),
    ("checklist-title", 60),
    ("code-save", 22),
    ("code-anyway", 34),
    ("code-card-label", 16),
    // A poster's lines, set large, and what stands beside its QR code.
    ("poster-line-", 28),
    ("poster-fact-", 90),
    ("poster-scan", 30),
    ("poster-phone", 40),
    ("poster-box", 60),
    ("poster-danger", 52),
    ("card-title", 34),
    // Choices of the form, on two lines of a phone.
    ("category-child-harm-hint", 110),
    ("category-office-staff-hint", 80),
    ("category-", 62),
    ("status-due-provisional", 90),
    ("status-late", 90),
    // The heading of the status page.
    ("status-", 50),
    // A link in the summary of what is wrong.
    ("problem-", 130),
    // A paragraph.
    ("", 240),
];

/// Columns that a variable is counted with: the longest that is usual.
fn columns_of_variable(name: &str) -> usize {
    match name {
        "day" | "due" => "30 September 2026".len(),
        "number" | "of" | "minutes" | "days" => 2,
        "max" | "field-max" => 5,
        "phone" => 12,
        "title" => 0,
        _ => 24,
    }
}

fn columns(text: &str) -> usize {
    // From the Kangxi radicals on, East Asian characters are wide.
    text.chars()
        .map(|c| if c >= '\u{2e80}' { 2 } else { 1 })
        .sum()
}

fn columns_of_message(message: &str) -> usize {
    let mut parts = message.split("{ $");
    let first = columns(parts.next().unwrap_or_default());
    let rest = parts.map(|part| {
        let (name, text) = part.split_once(" }").expect("a variable ends");
        columns_of_variable(name) + columns(text)
    });
    first + rest.sum::<usize>()
}

#[test]
fn no_message_is_too_long_for_its_place() {
    for &language in Language::ALL {
        for line in source(language)
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let Some((key, message)) = line.split_once(" = ") else {
                continue;
            };
            let (_, room) = ROOM
                .iter()
                .find(|(beginning, _)| key.starts_with(beginning))
                .expect("the last row has room for every key");
            let taken = columns_of_message(message);
            assert!(
                taken <= *room,
                "{language}: {key} takes {taken} columns of {room}"
            );
        }
    }
}

#[test]
fn every_row_of_the_list_has_words() {
    let keys = super::tests::keys(source(Language::default()));
    for (at, (beginning, _)) in ROOM.iter().enumerate() {
        let earlier = &ROOM[..at];
        let counts = |key: &&str| {
            key.starts_with(beginning) && !earlier.iter().any(|(other, _)| key.starts_with(other))
        };
        assert!(keys.iter().any(counts), "no words begin with {beginning}");
    }
}

#[test]
fn days_are_written_as_people_write_them() {
    for (language, written) in [
        (Language::ZhHans, "2026年1月9日"),
        (Language::ZhHant, "2026年1月9日"),
        (Language::En, "9 January 2026"),
    ] {
        let day = jiff::civil::date(2026, 1, 9);
        let format = words(language).say("day-format");
        assert_eq!(day.strftime(&format).to_string(), written);
    }
}
