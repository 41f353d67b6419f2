//! Why a relay request is refused, and as what it is answered.

use crate::attachments::FileProblem;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use mifeng_foundation::blobs::BlobError;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::telemetry::{Event, log};

/// Why a relay request is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum RelayError {
    #[error("unknown relay client")]
    Unknown,
    #[error("malformed request")]
    Malformed,
    #[error("the store failed")]
    Store(#[from] StoreError),
    #[error("the place for files failed")]
    Blobs(#[from] BlobError),
    #[error("no such attachment")]
    NoAttachment,
    #[error("a file cannot be taken")]
    File(FileProblem),
}

impl From<FileProblem> for RelayError {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

impl ResponseError for RelayError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::FORBIDDEN,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Store(_) | Self::Blobs(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoAttachment => StatusCode::NOT_FOUND,
            Self::File(problem) => problem.status(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let cause: Option<&dyn std::error::Error> = match self {
            Self::Store(cause) => Some(cause),
            Self::Blobs(cause) => Some(cause),
            _ => None,
        };
        if let Some(cause) = cause {
            log(Event::RequestFailed {
                place: "relay",
                cause,
            });
        }
        HttpResponse::build(self.status_code()).finish()
    }
}
