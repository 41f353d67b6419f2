//! The pages' templates with what they show.

use super::files::FilesView;
use super::page::Page;
use super::words::words;
use crate::intake::mailbox::MailboxContent;
use crate::intake::problem::Problem;
use crate::sealing::PickupCode;
use crate::tip::{Category, FIELD_MAX_CHARS, MessageKind, RawTip, Status, TEXT_MAX_CHARS};
use askama::Template;

/// Words for a problem, and where they point.
pub struct ErrorView {
    /// The words.
    pub text: String,
    /// Id of the field.
    pub anchor: &'static str,
}

impl ErrorView {
    /// The words for `problem` on `page`.
    pub fn new(page: &Page<'_>, problem: Problem) -> Self {
        let (max, field_max) = (TEXT_MAX_CHARS.to_string(), FIELD_MAX_CHARS.to_string());
        let minutes = match problem {
            Problem::TooMany { retry_after_s } => retry_after_s.div_ceil(60).to_string(),
            _ => String::new(),
        };
        let number = problem.file_number();
        let variables = [
            ("number", number.as_str()),
            ("max", &max),
            ("field-max", &field_max),
            ("minutes", &minutes),
        ];
        Self {
            text: words(page.language()).say_with(problem.key(), &variables),
            anchor: problem.field().unwrap_or("main"),
        }
    }
}

#[derive(Template)]
#[template(path = "start.html")]
pub(super) struct Start<'a> {
    pub page: &'a Page<'a>,
    pub acknowledge_day: &'a str,
    pub conclude_day: &'a str,
}

#[derive(Template)]
#[template(path = "help.html")]
pub(super) struct Help<'a> {
    pub page: &'a Page<'a>,
}

/// A kind of tip on the form.
pub(super) struct Kind {
    pub code: &'static str,
    pub name: String,
    pub hint: Option<String>,
    pub chosen: bool,
}

#[derive(Template)]
#[template(path = "write.html")]
pub(super) struct Write<'a> {
    pub page: &'a Page<'a>,
    pub code: &'a str,
    pub typed: &'a RawTip,
    pub kinds: Vec<Kind>,
    pub files: FilesView,
    pub error: Option<ErrorView>,
}

impl<'a> Write<'a> {
    pub fn new(
        page: &'a Page<'a>,
        code: &'a PickupCode,
        typed: &'a RawTip,
        files: FilesView,
        problem: Option<Problem>,
    ) -> Self {
        let kinds = Category::ON_THE_FORM
            .into_iter()
            .map(|category| Kind {
                code: category.code(),
                name: page.say(&format!("category-{category}")),
                hint: page
                    .parent_name()
                    .filter(|_| category.is_about_the_office())
                    .map(|parent| page.say_with("category-office-staff-hint", "parent", parent)),
                chosen: typed.category == category.code(),
            })
            .collect();
        Self {
            page,
            code: code.digits(),
            typed,
            kinds,
            files,
            error: problem.map(|problem| ErrorView::new(page, problem)),
        }
    }

    fn error_on(&self, field: &str) -> bool {
        self.error
            .as_ref()
            .is_some_and(|error| error.anchor == field)
    }

    fn error_text(&self) -> &str {
        self.error.as_ref().map_or("", |error| &error.text)
    }
}

#[derive(Template)]
#[template(path = "code.html")]
pub(super) struct Code<'a> {
    pub page: &'a Page<'a>,
    pub groups: Vec<&'a str>,
    pub received_day: &'a str,
    pub acknowledge_day: &'a str,
    /// How many files went with it; empty for none.
    pub files: &'a str,
}

#[derive(Template)]
#[template(path = "check.html")]
pub(super) struct Check<'a> {
    pub page: &'a Page<'a>,
    pub typed: &'a str,
    pub error: Option<ErrorView>,
}

/// A step of the line on the status page.
pub(super) struct Step {
    pub name: String,
    pub class: &'static str,
    pub current: bool,
}

/// A message as shown.
pub(super) struct MessageRow {
    pub day: String,
    pub text: String,
    pub is_result: bool,
}

#[derive(Template)]
#[template(path = "status.html")]
pub(super) struct StatusPage<'a> {
    pub page: &'a Page<'a>,
    pub code: &'a str,
    pub status_key: String,
    pub due_line: String,
    pub late: bool,
    pub steps: Vec<Step>,
    pub messages: Vec<MessageRow>,
    pub sent: bool,
    pub typed: &'a str,
    pub files: FilesView,
    pub error: Option<ErrorView>,
}

impl<'a> StatusPage<'a> {
    pub fn new(
        page: &'a Page<'a>,
        code: &'a PickupCode,
        content: &MailboxContent,
        today: crate::clock::Day,
        files: FilesView,
    ) -> Self {
        let late = content.due_day.is_some_and(|due| today > due);
        let due_key = match (late, content.due_is_provisional) {
            (true, _) => "status-late",
            (false, true) => "status-due-provisional",
            (false, false) => "status-due",
        };
        let due_line = match content.due_day {
            Some(day) => page.say_with(due_key, "day", &page.day(day)),
            None if content.status == Status::Stored => page.say("status-stored-note"),
            None => String::new(),
        };
        let messages = content.messages.iter().map(|message| MessageRow {
            day: page.day(message.day),
            text: message.text.clone(),
            is_result: message.kind == MessageKind::Result,
        });
        Self {
            page,
            code: code.digits(),
            status_key: format!("status-{}", content.status.code()),
            due_line,
            late,
            steps: steps(page, content.status),
            messages: messages.collect(),
            sent: false,
            typed: "",
            files,
            error: None,
        }
    }

    fn error_on(&self, field: &str) -> bool {
        self.error
            .as_ref()
            .is_some_and(|error| error.anchor == field)
    }

    fn error_text(&self) -> &str {
        self.error.as_ref().map_or("", |error| &error.text)
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

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    pub page: &'a Page<'a>,
    pub text: &'a str,
    pub kept: &'a str,
}
