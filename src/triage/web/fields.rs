//! A field of a form: its label, what was typed, and what is wrong with it, beside it.

use super::page::SubmittedForm;
use askama::Template;

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Words over so many lines.
    Area(u8),
    /// A line.
    Line,
    /// A day.
    Day,
}

#[derive(Template)]
#[template(path = "staff_field.html")]
struct Field<'a> {
    id: String,
    name: &'a str,
    label: String,
    value: &'a str,
    error: &'a str,
    takes: Takes,
    required: bool,
}

impl Field<'_> {
    fn is_day(&self) -> bool {
        self.takes == Takes::Day
    }
}

/// A page's forms after one of them was sent back: which, what was typed, which field is wrong (empty for the whole form)
/// and how, in words.
pub(super) struct Forms<'a> {
    pub typed: &'a SubmittedForm,
    pub error: (&'static str, String),
}

impl Forms<'_> {
    /// What is wrong with a field of the form `action`, if anything.
    pub fn wrong(&self, action: &str, field: &str) -> &str {
        if self.typed.action == action && self.error.0 == field {
            &self.error.1
        } else {
            ""
        }
    }

    /// Whether `action` is the form that was sent back.
    pub fn is(&self, action: &str) -> bool {
        self.typed.action == action
    }

    /// What is wrong with the form as a whole.
    pub fn error(&self) -> &str {
        if self.error.0.is_empty() {
            &self.error.1
        } else {
            ""
        }
    }

    /// A field, with what was typed into it if it was sent back, and `value` otherwise.
    pub fn field(
        &self,
        (action, name): (&str, &str),
        label: String,
        takes: Takes,
        required: bool,
        value: &str,
    ) -> String {
        let typed = if self.is(action) {
            self.typed.get(name)
        } else {
            value
        };
        let field = Field {
            id: format!("{action}-{name}"),
            name,
            label,
            value: typed,
            error: self.wrong(action, name),
            takes,
            required,
        };
        field
            .render()
            .expect("a template that writes into a string and calls nothing that fails")
    }

    /// Words over `rows` lines that must be given.
    pub fn area(&self, action: &str, name: &str, label: String, rows: u8) -> String {
        self.field((action, name), label, Takes::Area(rows), true, "")
    }

    /// Words over `rows` lines that may be left out.
    pub fn area_if_any(&self, action: &str, name: &str, label: String, rows: u8) -> String {
        self.field((action, name), label, Takes::Area(rows), false, "")
    }

    /// A line that may be left out.
    pub fn line_if_any(&self, action: &str, name: &str, label: String, value: &str) -> String {
        self.field((action, name), label, Takes::Line, false, value)
    }

    /// A line that must be given.
    pub fn line(&self, action: &str, name: &str, label: String) -> String {
        self.field((action, name), label, Takes::Line, true, "")
    }

    /// A day that must be given.
    pub fn day(&self, action: &str, name: &str, label: String, value: &str) -> String {
        self.field((action, name), label, Takes::Day, true, value)
    }
}
