//! What went wrong, for whoever asked: a problem document in the API, a plain page otherwise. The words come from the
//! same file, and nothing of the input is repeated.

use super::attachments::FileProblem;
use super::desk::DeskError;
use super::flood::Challenge;
use actix_web::http::StatusCode;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::tip::{Field, TipError};
use mifeng_sealing::{CodeError, ReceivedError};
use std::fmt;

/// Everything that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A part of the tip, or the addition, is not as it must be.
    Tip(TipError),
    /// Not a pickup code: a slip of the pen.
    Code(CodeError),
    /// A question was not answered: the name of its field.
    Unanswered(&'static str),
    /// A file is not as it must be, or cannot be taken now.
    File(FileProblem),
    /// Nothing under this code.
    UnknownCode,
    /// The office said its last words under this code: what is written now reaches nobody.
    MailboxClosed,
    /// No such office.
    UnknownOffice,
    /// The office is not served now: its manifest cannot be.
    NotServed,
    /// No such page.
    NotFound,
    /// The request is no form or no JSON, or is cut short.
    Malformed,
    /// It comes from another site's page.
    CrossSite,
    /// The body does not call itself what is taken here.
    WrongType,
    /// The body is larger than any tip.
    TooLarge,
    /// What came sealed is not as what is sealed here.
    Sealed(ReceivedError),
    /// What came sealed is for somebody whose letters are not taken here.
    UnknownAddressee,
    /// Only the office above may open it, and there is none.
    NobodyAbove,
    /// The code was used for another tip.
    CodeUsed,
    /// No room, or the office's keys have run out: call instead.
    Away,
    /// Too many from one place.
    TooMany {
        /// For `Retry-After`.
        retry_after_s: u64,
    },
    /// Many tips come: a little work is asked for this one.
    ProofWanted(Challenge),
    /// Something broke here.
    Internal,
}

impl Problem {
    /// More wait than there is room for.
    pub const NO_ROOM: Self = Self::TooMany { retry_after_s: 60 };

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Tip(TipError::TooLong(_)) | Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Tip(_)
            | Self::Code(_)
            | Self::Unanswered(_)
            | Self::Sealed(_)
            | Self::NobodyAbove
            | Self::UnknownAddressee => StatusCode::UNPROCESSABLE_ENTITY,
            Self::UnknownCode | Self::UnknownOffice | Self::NotFound => StatusCode::NOT_FOUND,
            Self::MailboxClosed => StatusCode::GONE,
            Self::File(problem) => problem.status(),
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::CodeUsed => StatusCode::CONFLICT,
            Self::Away | Self::NotServed => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany { .. } | Self::ProofWanted(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of its words, and the end of its type's address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Tip(TipError::EmptyText) => "problem-empty-text",
            Self::Tip(TipError::EmptyAddition) => "problem-empty-addition",
            Self::Tip(TipError::EmptyObjection) => "problem-empty-objection",
            Self::Tip(TipError::TooLong(Field::Text)) => "problem-text-too-long",
            Self::Tip(TipError::TooLong(_)) => "problem-field-too-long",
            Self::Tip(TipError::NoCategory) => "problem-no-category",
            Self::Tip(TipError::UnknownCategory) => "problem-unknown-category",
            Self::Tip(TipError::UnknownLanguage) => "problem-unknown-language",
            Self::Tip(TipError::OutOfRange(_)) => "problem-number-out-of-range",
            Self::Tip(TipError::Attachment(_)) => "problem-file-malformed",
            Self::File(problem) => problem.key(),
            Self::Code(CodeError::Mistyped) => "problem-code-mistyped",
            Self::Code(_) => "problem-code-shape",
            Self::Unanswered("sure") => "problem-not-sure",
            Self::Unanswered(_) => "problem-unanswered",
            Self::UnknownCode => "problem-code-unknown",
            Self::MailboxClosed => "problem-mailbox-closed",
            Self::UnknownOffice => "problem-unknown-office",
            Self::NotServed => "problem-not-served",
            Self::NotFound => "problem-not-found",
            Self::Malformed => "problem-malformed",
            Self::CrossSite => "problem-cross-site",
            Self::WrongType => "problem-wrong-type",
            Self::TooLarge => "problem-too-large",
            Self::Sealed(ReceivedError::NotAClass) => "problem-sealed-size",
            Self::Sealed(ReceivedError::OtherRecipients) => "problem-sealed-recipients",
            Self::Sealed(_) => "problem-sealed-header",
            Self::UnknownAddressee => "problem-sealed-addressee",
            Self::NobodyAbove => "problem-nobody-above",
            Self::CodeUsed => "problem-code-used",
            Self::Away => "problem-away",
            Self::TooMany { .. } => "problem-too-many",
            Self::ProofWanted(_) => "problem-proof-wanted",
            Self::Internal => "problem-internal",
        }
    }

    /// The number in a file's problem, or nothing.
    #[must_use]
    pub fn file_number(self) -> String {
        match self {
            Self::File(problem) => problem.number(),
            _ => String::new(),
        }
    }

    /// The name of the field to put it beside.
    #[must_use]
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::Tip(error) => Some(error.field()),
            Self::Code(_) | Self::UnknownCode => Some("pickup_code"),
            Self::Unanswered(field) => Some(field),
            Self::Sealed(_) => Some("ciphertext"),
            Self::UnknownAddressee => Some("addressee"),
            Self::NobodyAbove => Some("only_above"),
            Self::File(_) => Some(Field::Attachments.name()),
            _ => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl From<TipError> for Problem {
    fn from(error: TipError) -> Self {
        Self::Tip(error)
    }
}

impl From<FileProblem> for Problem {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

impl From<CodeError> for Problem {
    fn from(error: CodeError) -> Self {
        Self::Code(error)
    }
}

impl From<ReceivedError> for Problem {
    fn from(error: ReceivedError) -> Self {
        Self::Sealed(error)
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::CodeUsed => Self::CodeUsed,
            DeskError::NobodyAbove => Self::NobodyAbove,
            DeskError::MailboxClosed => Self::MailboxClosed,
            DeskError::File(problem) => Self::File(problem),
            DeskError::Full => {
                log(Event::QuotaFull);
                Self::Away
            }
            error => {
                let expired = matches!(error, DeskError::ManifestExpired);
                log(Event::RequestFailed {
                    place: "intake",
                    cause: &error,
                });
                if expired { Self::Away } else { Self::Internal }
            }
        }
    }
}
