//! By when the office must do what comes next, and by which rule.

use crate::mailbox::MailboxContent;
use crate::web::page::Page;
use mifeng_foundation::clock::Day;

/// Whether the day has passed.
pub(super) fn is_late(content: &MailboxContent, today: Day) -> bool {
    content.due_day().is_some_and(|due| today > due)
}

/// The day in words; empty for none.
pub(super) fn due_line(page: &Page<'_>, content: &MailboxContent, today: Day) -> String {
    let key = match (is_late(content, today), content.due_is_provisional()) {
        (true, _) => "status-late",
        (false, true) => "status-due-provisional",
        (false, false) => "status-due",
    };
    match content.due_day() {
        Some(day) => page.say_with(key, "day", &page.day(day)),
        None => String::new(),
    }
}

/// The rule that the day follows from; empty where there is no day, or none is told.
pub(super) fn rule_line(page: &Page<'_>, content: &MailboxContent) -> String {
    let latest = content.latest.as_ref();
    let rule = latest.map_or("", |m| page.pick(&m.due_source_zh, &m.due_source_en));
    match (content.due_day(), rule) {
        (None, _) | (_, "") => String::new(),
        (Some(_), rule) => page.say_with("status-rule", "rule", rule),
    }
}
