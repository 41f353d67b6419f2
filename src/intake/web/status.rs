//! The page behind a code: where the tip stands, what happens next and by when, and what can be said to the office.

use super::calendar;
use super::files::FilesView;
use super::page::Page;
use super::views::ErrorView;
use crate::mailbox::MailboxContent;
use askama::Template;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{
    AFTERCARE_DAYS, MessageKind, SentItem, SentKind, Status, Stopped, ToldDeadline,
};
use mifeng_sealing::{OfficeManifest, PickupCode};

/// Days after a decision in which it can be objected to.
const OBJECTION_DAYS: i32 = 30;

/// A step of the line on the status page.
pub(super) struct Step {
    pub name: String,
    pub class: &'static str,
    pub current: bool,
}

/// A state and the day it was reached.
pub(super) struct Reached {
    pub day: String,
    pub name: String,
}

/// What was promised, and what became of it.
pub(super) struct Promise {
    pub what: String,
    /// In words, with its days.
    pub kept: String,
    pub is_late: bool,
}

/// A message as shown.
pub(super) struct MessageRow {
    pub day: String,
    pub text: String,
    pub is_result: bool,
    pub is_question: bool,
    pub is_read: bool,
}

/// Whether anything more is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// It is.
    Open,
    /// The office said its last words.
    Closed,
}

/// An answer to choose.
pub(super) struct Choice {
    pub code: &'static str,
    pub name: String,
}

/// The question some time after the decision.
pub(super) struct Aftercare {
    pub after_days: u16,
    pub title: String,
    pub stopped: Vec<Choice>,
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
    pub fn new(
        page: &'a Page<'a>,
        code: &'a PickupCode,
        content: &MailboxContent,
        today: Day,
        files: FilesView,
    ) -> Self {
        let status = content.status();
        let late = content.due_day().is_some_and(|due| today > due);
        let due_key = match (late, content.due_is_provisional()) {
            (true, _) => "status-late",
            (false, true) => "status-due-provisional",
            (false, false) => "status-due",
        };
        let due_line = match content.due_day() {
            Some(day) => page.say_with(due_key, "day", &page.day(day)),
            None => String::new(),
        };
        let latest = content.latest.as_ref();
        let rule = latest.map_or("", |m| page.pick(&m.due_source_zh, &m.due_source_en));
        let rule = match (content.due_day(), rule) {
            (None, _) | (_, "") => String::new(),
            (Some(_), rule) => page.say_with("status-rule", "rule", rule),
        };
        let read = latest.map_or(0, |m| m.messages_read) as usize;
        let messages = content.messages.iter().enumerate();
        let messages = messages.map(|(at, message)| MessageRow {
            day: page.day(message.day),
            text: message.text.clone(),
            is_result: message.kind == MessageKind::Result,
            is_question: message.kind == MessageKind::Question,
            is_read: at < read,
        });
        let closed = latest.is_some_and(|m| m.kind == MessageKind::Closed);
        let decided = content.decided_day().filter(|_| !closed);
        let next = next_day(content.promised(), today);
        Self {
            page,
            code: code.digits(),
            question: content.question().map(|question| MessageRow {
                day: page.day(question.day),
                text: question.text.clone(),
                is_result: false,
                is_question: true,
                is_read: false,
            }),
            status_key: format!("status-{}", status.code()),
            due_line,
            late,
            rule,
            next: page.say(&format!("next-{}", status.code())),
            opened: content.opened_before.map_or_else(String::new, |day| {
                // What she did herself a moment ago is no alarm.
                let key = if day == today {
                    "opened-today"
                } else {
                    "opened-before"
                };
                page.say_with(key, "day", &page.day(day))
            }),
            steps: steps(page, status),
            timeline: timeline(page, content),
            promises: promises(page, content.promised(), today),
            calendar: next.map_or_else(String::new, |day| calendar::address(&page.base(), day)),
            calendar_day: next.map_or_else(String::new, |day| page.day(day)),
            messages: messages.collect(),
            sent: sent_lines(page, content),
            left_out: left_out(page, content.sent_left_out()),
            withdrawn: content
                .sent()
                .iter()
                .any(|item| item.kind == SentKind::Withdrawal),
            just_sent: "",
            unread: read < content.messages.len(),
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

    /// The page with one of everything and nothing filled in.
    pub fn sample(page: &'a Page<'a>, files: FilesView, parts: Parts<'a>) -> Self {
        let blank = String::new;
        Self {
            page,
            code: "",
            question: Some(MessageRow {
                day: blank(),
                text: blank(),
                is_result: false,
                is_question: true,
                is_read: false,
            }),
            status_key: "status-stored".to_owned(),
            due_line: blank(),
            late: true,
            rule: blank(),
            next: blank(),
            opened: blank(),
            steps: steps(page, Status::Stored),
            timeline: vec![Reached {
                day: blank(),
                name: blank(),
            }],
            promises: vec![Promise {
                what: blank(),
                kept: blank(),
                is_late: false,
            }],
            calendar: format!("{}/day/{{day}}.ics", page.base()),
            calendar_day: blank(),
            messages: vec![MessageRow {
                day: blank(),
                text: blank(),
                is_result: false,
                is_question: false,
                is_read: false,
            }],
            sent: vec![blank()],
            left_out: blank(),
            withdrawn: true,
            just_sent: "",
            unread: true,
            door: Door::Open,
            can_object: true,
            aftercare: Some(Aftercare {
                after_days: 0,
                title: blank(),
                stopped: choices(page),
            }),
            done_key: "",
            typed: "",
            files,
            error: ErrorView::default(),
            parts: Some(parts),
        }
    }
}

/// What was sent, each with its day and kind and how much it was: never the words.
fn sent_lines(page: &Page<'_>, content: &MailboxContent) -> Vec<String> {
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

fn left_out(page: &Page<'_>, number: u32) -> String {
    match number {
        0 => String::new(),
        _ => page.say_with("sent-left-out", "number", &number.to_string()),
    }
}

/// Rules whose promise has words of its own; an office's further ones share those of an answer.
const PROMISES: [&str; 4] = ["acknowledge", "child-harm", "handle", "objection"];

fn promises(page: &Page<'_>, deadlines: &[ToldDeadline], today: Day) -> Vec<Promise> {
    let promise = |deadline: &ToldDeadline| {
        let rule = deadline.rule.as_str();
        let known = PROMISES.contains(&rule);
        let due = page.day(deadline.due_day);
        let is_late = deadline.met_day.unwrap_or(today) > deadline.due_day;
        let kept = match (deadline.met_day.map(|met| page.day(met)), is_late) {
            (None, false) => page.say_with("promise-open", "due", &due),
            (None, true) => page.say_with("promise-late", "due", &due),
            (Some(met), false) => page.say_with("promise-met", "met", &met),
            (Some(met), true) => page.say_two("promise-met-late", "due", &due, "met", &met),
        };
        let first = deadline.first_due_day.map(|day| page.day(day));
        let first = first.map(|day| page.say_with("promise-first", "day", &day));
        let kept = kept + &first.unwrap_or_default();
        Promise {
            what: page.say(&format!("promise-{}", if known { rule } else { "other" })),
            kept,
            is_late,
        }
    };
    deadlines.iter().map(promise).collect()
}

/// The next promised day that has not passed.
fn next_day(deadlines: &[ToldDeadline], today: Day) -> Option<Day> {
    let ahead = |deadline: &&ToldDeadline| deadline.met_day.is_none() && deadline.due_day >= today;
    deadlines
        .iter()
        .find(ahead)
        .map(|deadline| deadline.due_day)
}

fn timeline(page: &Page<'_>, content: &MailboxContent) -> Vec<Reached> {
    let reached = |(day, status): &(Day, Status)| Reached {
        day: page.day(*day),
        name: page.say(&format!("status-{}", status.code())),
    };
    content.timeline.iter().map(reached).collect()
}

/// The later of the two questions whose day has come, unless it was answered.
fn aftercare(page: &Page<'_>, content: &MailboxContent, today: Day) -> Option<Aftercare> {
    let decided = content.decided_day()?;
    let answered = content.latest.as_ref()?.aftercare_answered_days;
    let after_days = AFTERCARE_DAYS
        .into_iter()
        .find(|days| today >= decided.plus_days(i32::from(*days)))?;
    (answered < u32::from(after_days)).then(|| Aftercare {
        after_days,
        title: page.say_with("aftercare-title", "days", &after_days.to_string()),
        stopped: choices(page),
    })
}

fn choices(page: &Page<'_>) -> Vec<Choice> {
    let choice = |stopped: Stopped| Choice {
        code: stopped.code(),
        name: page.say(&format!("aftercare-stopped-{}", stopped.code())),
    };
    Stopped::ALL.map(choice).into()
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
