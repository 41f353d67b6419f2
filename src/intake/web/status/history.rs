//! What happened so far: the states that were reached, and what was sent, without its words.

use crate::mailbox::MailboxContent;
use crate::web::page::Page;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{SentItem, SentKind, Status};

/// A state and the day it was reached.
pub(in crate::web) struct Reached {
    pub day: String,
    pub name: String,
}

/// The states that were reached, in their order.
pub(super) fn timeline(page: &Page<'_>, content: &MailboxContent) -> Vec<Reached> {
    let reached = |(day, status): &(Day, Status)| Reached {
        day: page.day(*day),
        name: page.say(&format!("status-{}", status.code())),
    };
    content.timeline.iter().map(reached).collect()
}

/// What was sent, each with its day and kind and how much it was: never the words.
pub(super) fn sent_lines(page: &Page<'_>, content: &MailboxContent) -> Vec<String> {
    let counted = |key: &str, number: u32| match number {
        1 => page.say(&format!("{key}-one")),
        _ => page.say_with(key, "number", &number.to_string()),
    };
    let line = |item: &SentItem| {
        let kind = page.say(&format!("sent-kind-{}", item.kind.code()));
        let mut parts = vec![page.day(item.day), kind];
        if item.chars > 0 {
            parts.push(counted("sent-chars", item.chars));
        }
        if item.files > 0 {
            parts.push(counted("sent-files", item.files));
        }
        if let (SentKind::Objection, Some(day)) = (item.kind, content.objection_day()) {
            parts.push(page.say_with("sent-answer-by", "day", &page.day(day)));
        }
        parts.join(" · ")
    };
    content.sent().iter().map(line).collect()
}

/// How much of it is not listed, in words; empty for nothing.
pub(super) fn left_out(page: &Page<'_>, number: u32) -> String {
    match number {
        0 => String::new(),
        _ => page.say_with("sent-left-out", "number", &number.to_string()),
    }
}

/// When the mailbox was opened before; empty where nothing is known of it.
pub(super) fn opened_line(page: &Page<'_>, content: &MailboxContent, today: Day) -> String {
    content.opened_before.map_or_else(String::new, |day| {
        // What she did herself a moment ago is no alarm.
        let key = if day == today {
            "opened-today"
        } else {
            "opened-before"
        };
        page.say_with(key, "day", &page.day(day))
    })
}
