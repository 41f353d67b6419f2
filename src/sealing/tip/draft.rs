//! From what a stranger typed to a [`Tip`]: one fallible door, and errors that never repeat the input.

use super::typed::{says_nothing, tidy_line, tidy_text};
use super::{Attachment, AttachmentError, Category, check_attachments};
use mifeng_foundation::words::Language;
use serde::Deserialize;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest account of what happened, in characters (Unicode scalar values).
pub const TEXT_MAX_CHARS: usize = 100_000;

/// Longest answer to one of the short questions, in characters.
pub const FIELD_MAX_CHARS: usize = 500;

/// What came in, unchecked. The API's body, and what the form posts.
#[derive(Clone, Default, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct RawTip {
    /// A [`Category`] code.
    pub category: String,
    /// School or body, as typed; may be empty.
    #[serde(default)]
    pub school: String,
    /// Who it is about, as typed; may be empty.
    #[serde(default)]
    pub subject: String,
    /// When it happened, as typed; may be empty.
    #[serde(default)]
    pub when: String,
    /// What happened.
    pub text: String,
    /// A [`Language`] tag; empty for Chinese.
    #[serde(default)]
    pub language: String,
    /// Files sent before it.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Whether nobody but the office above may open it.
    #[serde(default)]
    pub only_above: bool,
}

/// A checked tip, in the clear. Wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Tip {
    #[zeroize(skip)]
    category: Category,
    school: String,
    subject: String,
    when: String,
    text: String,
    #[zeroize(skip)]
    language: Language,
    attachments: Vec<Attachment>,
}

/// A part of the form, to put an error beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The kind of tip.
    Category,
    /// The school.
    School,
    /// The person.
    Subject,
    /// The time.
    When,
    /// The account.
    Text,
    /// The language.
    Language,
    /// The files.
    Attachments,
}

impl Field {
    /// The name of the field in the API and the form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::School => "school",
            Self::Subject => "subject",
            Self::When => "when",
            Self::Text => "text",
            Self::Language => "language",
            Self::Attachments => "attachments",
        }
    }
}

/// Why something typed is no tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TipError {
    /// The account is empty, or nothing can be seen of it.
    #[error("the text is empty")]
    EmptyText,
    /// An addition or a correction is empty, or nothing can be seen of it.
    #[error("the addition is empty")]
    EmptyAddition,
    /// An objection is empty, or nothing can be seen of it.
    #[error("the objection gives no reason")]
    EmptyObjection,
    /// The account has more than [`TEXT_MAX_CHARS`] characters, or a short field more than [`FIELD_MAX_CHARS`].
    #[error("the field {} is too long", .0.name())]
    TooLong(Field),
    /// The category is missing.
    #[error("no category was chosen")]
    NoCategory,
    /// The category has no such code.
    #[error("the category is unknown")]
    UnknownCategory,
    /// The language has no such tag.
    #[error("the language is unknown")]
    UnknownLanguage,
    /// A number is none that can be said there: the name of its field.
    #[error("the number {0} is out of range")]
    OutOfRange(&'static str),
    /// A file is not described as it must be.
    #[error(transparent)]
    Attachment(#[from] AttachmentError),
}

impl TipError {
    /// The name of the field to put the error beside.
    #[must_use]
    pub fn field(self) -> &'static str {
        let field = match self {
            Self::EmptyText | Self::EmptyAddition | Self::EmptyObjection => Field::Text,
            Self::TooLong(field) => field,
            Self::NoCategory | Self::UnknownCategory => Field::Category,
            Self::UnknownLanguage => Field::Language,
            Self::Attachment(_) => Field::Attachments,
            Self::OutOfRange(name) => return name,
        };
        field.name()
    }
}

impl Tip {
    /// Checks what was typed.
    ///
    /// # Errors
    /// The first [`TipError`] in the order of the form: category, text, school, subject, time, language, files.
    pub fn parse(raw: &RawTip) -> Result<Self, TipError> {
        if raw.category.is_empty() {
            return Err(TipError::NoCategory);
        }
        let category = raw
            .category
            .parse()
            .map_err(|_| TipError::UnknownCategory)?;
        let language = match raw.language.as_str() {
            "" => Language::default(),
            tag => tag.parse().map_err(|_| TipError::UnknownLanguage)?,
        };
        Ok(Self {
            category,
            text: parse_text(&raw.text, TipError::EmptyText)?,
            school: short(&raw.school, Field::School)?,
            subject: short(&raw.subject, Field::Subject)?,
            when: short(&raw.when, Field::When)?,
            language,
            attachments: check_attachments(&raw.attachments)?,
        })
    }

    /// What it is about.
    #[must_use]
    pub fn category(&self) -> Category {
        self.category
    }

    /// School or body, as typed.
    #[must_use]
    pub fn school(&self) -> &str {
        &self.school
    }

    /// Who it is about, as typed.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// When it happened, as typed.
    #[must_use]
    pub fn when(&self) -> &str {
        &self.when
    }

    /// What happened.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The language the reporter used the form in.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The files that go with it.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }
}

impl fmt::Debug for Tip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tip(..)")
    }
}

/// Checks a longer text; `without` says what it is where there are no words. It is kept as [`tidy_text`] gives it.
///
/// # Errors
/// `without`, or [`TipError::TooLong`] over [`TEXT_MAX_CHARS`].
pub fn parse_text(text: &str, without: TipError) -> Result<String, TipError> {
    let text = parse_optional_text(text)?;
    if says_nothing(&text) {
        return Err(without);
    }
    Ok(text)
}

/// Checks words that may be left out.
///
/// # Errors
/// [`TipError`].
pub fn parse_optional_text(text: &str) -> Result<String, TipError> {
    checked(tidy_text(text), Field::Text, TEXT_MAX_CHARS)
}

/// Whether a text and short answers that a stranger's program sealed are within the limits of what is typed here.
#[must_use]
pub fn is_within_limits(text: &str, answers: &[&str]) -> bool {
    parse_text(text, TipError::EmptyText).is_ok()
        && answers
            .iter()
            .all(|answer| short(answer, Field::Subject).is_ok())
}

fn short(text: &str, field: Field) -> Result<String, TipError> {
    checked(tidy_line(text), field, FIELD_MAX_CHARS)
}

fn checked(text: String, field: Field, max_chars: usize) -> Result<String, TipError> {
    if text.chars().count() > max_chars {
        return Err(TipError::TooLong(field));
    }
    Ok(text)
}
