//! The page behind a code: where the tip stands, what happens next and by when, and what can be said to the office.

mod aftercare;
mod due;
mod history;
mod messages;
mod promises;
mod sample;

use crate::mailbox::MailboxContent;
use crate::web::calendar;
use crate::web::files_view::FilesView;
use crate::web::page::Page;
use crate::web::views::ErrorView;
use aftercare::{Aftercare, aftercare};
use askama::Template;
use due::{due_line, is_late, rule_line};
use history::{Reached, left_out, opened_line, sent_lines, timeline};
use messages::{MessageRow, messages, messages_read, question};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{MessageKind, SentKind, Status};
use mifeng_sealing::{OfficeManifest, PickupCode};
use promises::{Promise, next_day, promises};

/// Days after a decision in which it can be objected to.
const OBJECTION_DAYS: i32 = 30;

/// A step of the line on the status page.
pub(super) struct Step {
    pub name: String,
    pub class: &'static str,
    pub current: bool,
}

/// Whether anything more is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// It is.
    Open,
    /// The office said its last words.
    Closed,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own that a page shows"
)]
#[derive(Template)]
#[template(path = "status.html")]
pub(super) struct StatusPage<'a> {
    pub page: &'a Page<'a>,
    pub code: &'a str,
    /// The question that waits for an answer, which stands first.
    pub question: Option<MessageRow>,
    pub status_key: String,
    pub due_line: String,
    pub late: bool,
    pub rule: String,
    pub next: String,
    /// When it was opened before; empty where nothing is known of it.
    pub opened: String,
    pub steps: Vec<Step>,
    pub timeline: Vec<Reached>,
    /// What was promised, each with its day and whether it was kept.
    pub promises: Vec<Promise>,
    /// Where the next promised day can be saved as a calendar file; empty for none.
    pub calendar: String,
    /// That day in words.
    pub calendar_day: String,
    pub messages: Vec<MessageRow>,
    /// What was sent so far, a line each.
    pub sent: Vec<String>,
    /// How much of it is not listed, in words.
    pub left_out: String,
    pub withdrawn: bool,
    /// What was just sent: it is shown on this one page and nowhere else.
    pub just_sent: &'a str,
    pub unread: bool,
    pub door: Door,
    pub can_object: bool,
    pub aftercare: Option<Aftercare>,
    /// The key of what was just taken, empty for nothing.
    pub done_key: &'static str,
    pub typed: &'a str,
    pub files: FilesView,
    pub error: ErrorView,
    /// With which the script makes a page of its own; `None` on a page that is one already.
    pub parts: Option<Parts<'a>>,
}

/// What the script needs beside the page.
pub(super) struct Parts<'a> {
    pub office: &'a OfficeManifest,
    pub today: Day,
    pub words: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "forgotten.html")]
pub(super) struct Forgotten<'a> {
    pub page: &'a Page<'a>,
}

impl<'a> StatusPage<'a> {
    /// The page of the mailbox of `code` with `content`, as of `today`.
    pub fn new(
        page: &'a Page<'a>,
        code: &'a PickupCode,
        content: &MailboxContent,
        today: Day,
        files: FilesView,
    ) -> Self {
        let status = content.status();
        let latest = content.latest.as_ref();
        let closed = latest.is_some_and(|m| m.kind == MessageKind::Closed);
        let decided = content.decided_day().filter(|_| !closed);
        let next = next_day(content.promised(), today);
        Self {
            page,
            code: code.digits(),
            question: question(page, content),
            status_key: format!("status-{}", status.code()),
            due_line: due_line(page, content, today),
            late: is_late(content, today),
            rule: rule_line(page, content),
            next: page.say(&format!("next-{}", status.code())),
            opened: opened_line(page, content, today),
            steps: steps(page, status),
            timeline: timeline(page, content),
            promises: promises(page, content.promised(), today),
            calendar: next.map_or_else(String::new, |day| calendar::address(&page.base(), day)),
            calendar_day: next.map_or_else(String::new, |day| page.day(day)),
            messages: messages(page, content),
            sent: sent_lines(page, content),
            left_out: left_out(page, content.sent_left_out()),
            withdrawn: content
                .sent()
                .iter()
                .any(|item| item.kind == SentKind::Withdrawal),
            just_sent: "",
            unread: messages_read(content) < content.messages.len(),
            door: if closed { Door::Closed } else { Door::Open },
            can_object: decided.is_some_and(|day| today <= day.plus_days(OBJECTION_DAYS)),
            aftercare: aftercare(page, content, today).filter(|_| !closed),
            done_key: "",
            typed: "",
            files,
            error: ErrorView::default(),
            parts: None,
        }
    }

    fn is_closed(&self) -> bool {
        self.door == Door::Closed
    }
}

fn steps(page: &Page<'_>, status: Status) -> Vec<Step> {
    let reached = match status {
        Status::Stored => 0,
        Status::Received => 1,
        Status::Accepted | Status::Declined | Status::Referred => 2,
        Status::UnderInquiry => 3,
        Status::Concluded => 4,
    };
    (1..=4)
        .map(|number| Step {
            name: page.say(&format!("step-{number}")),
            class: if number <= reached {
                "reached"
            } else {
                "ahead"
            },
            current: number == reached,
        })
        .collect()
}
