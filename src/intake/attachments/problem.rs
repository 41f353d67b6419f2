//! What can be wrong with a file, for whoever sent it.

use crate::config::AttachmentLimits;
use actix_web::http::StatusCode;
use mifeng_foundation::blobs::BlobError;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::SealError;
use mifeng_sealing::tip::NotTaken;

/// Bytes in what people call a megabyte.
const MEGABYTE: u64 = 1_000_000;

/// Everything that can be told. Sizes are in whole megabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// No bytes in it.
    Empty,
    /// None of the kinds that are taken.
    WrongKind,
    /// Its content is another kind than its name says.
    NotAsNamed,
    /// It is called an office document, and is a web page, RTF or plain text.
    SaveAnew,
    /// Its name holds a character that no name can be sent with.
    NameUnreadable,
    /// It is two kinds of file at once.
    TwoThings,
    /// One file is too large.
    TooLarge {
        /// The most for one.
        max_mb: u64,
    },
    /// Too many files.
    TooMany {
        /// The most.
        max: usize,
    },
    /// All files together are too large.
    TogetherTooLarge {
        /// The most together.
        max_mb: u64,
    },
    /// Not a file that was sealed as ours are.
    NotSealed,
    /// It did not arrive whole.
    CutShort,
    /// It came before the tip said whom it is for.
    NoAddressee,
    /// A file that was sent before is no longer there, or was sealed for someone else.
    Gone,
    /// This office takes no files here.
    NotTaken,
    /// Too many files are arriving at this moment.
    Busy,
    /// It came so slowly that others needed its place.
    TooSlow,
    /// The place for files is away or full.
    Away,
}

impl FileProblem {
    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Empty
            | Self::NotAsNamed
            | Self::SaveAnew
            | Self::NameUnreadable
            | Self::TwoThings
            | Self::NotSealed
            | Self::NoAddressee => StatusCode::UNPROCESSABLE_ENTITY,
            Self::WrongKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } | Self::TooMany { .. } | Self::TogetherTooLarge { .. } => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::CutShort => StatusCode::BAD_REQUEST,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Gone => StatusCode::CONFLICT,
            Self::NotTaken => StatusCode::NOT_FOUND,
            Self::Busy | Self::Away => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The key of its words.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Empty => "problem-file-empty",
            Self::WrongKind => "problem-file-wrong-kind",
            Self::NotAsNamed => "problem-file-not-as-named",
            Self::SaveAnew => "problem-file-save-anew",
            Self::NameUnreadable => "problem-file-name-unreadable",
            Self::TwoThings => "problem-file-two-things",
            Self::TooLarge { .. } => "problem-file-too-large",
            Self::TooMany { .. } => "problem-file-too-many",
            Self::TogetherTooLarge { .. } => "problem-file-together-too-large",
            Self::NotSealed => "problem-file-not-sealed",
            Self::CutShort => "problem-file-cut-short",
            Self::NoAddressee => "problem-file-no-addressee",
            Self::Gone => "problem-file-gone",
            Self::NotTaken => "problem-file-not-taken",
            Self::Busy => "problem-file-busy",
            Self::TooSlow => "problem-file-too-slow",
            Self::Away => "problem-file-away",
        }
    }

    /// The number in its words, if there is one.
    #[must_use]
    pub fn number(self) -> String {
        match self {
            Self::TooLarge { max_mb } | Self::TogetherTooLarge { max_mb } => max_mb.to_string(),
            Self::TooMany { max } => max.to_string(),
            _ => String::new(),
        }
    }
}

impl AttachmentLimits {
    /// What is said of a file over the limit.
    #[must_use]
    pub fn too_large(&self) -> FileProblem {
        let max_mb = self.file_max_bytes / MEGABYTE;
        FileProblem::TooLarge { max_mb }
    }

    /// What is said of files over the limit together.
    #[must_use]
    pub fn too_large_together(&self) -> FileProblem {
        let max_mb = self.together_max_bytes / MEGABYTE;
        FileProblem::TogetherTooLarge { max_mb }
    }

    /// What is said of too many files.
    #[must_use]
    pub fn too_many(&self) -> FileProblem {
        FileProblem::TooMany {
            max: self.files_max,
        }
    }
}

/// Logs the cause, which the reporter cannot help.
fn away(cause: &dyn std::error::Error) -> FileProblem {
    log(Event::RequestFailed {
        place: "attachments",
        cause,
    });
    FileProblem::Away
}

impl From<NotTaken> for FileProblem {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::WrongKind => Self::WrongKind,
            NotTaken::NotAsNamed => Self::NotAsNamed,
            NotTaken::SaveAnew => Self::SaveAnew,
        }
    }
}

impl From<BlobError> for FileProblem {
    fn from(error: BlobError) -> Self {
        away(&error)
    }
}

impl From<StoreError> for FileProblem {
    fn from(error: StoreError) -> Self {
        away(&error)
    }
}

impl From<SealError> for FileProblem {
    fn from(error: SealError) -> Self {
        away(&error)
    }
}
