//! Answers of intake that violate the relay contract.

use std::collections::BTreeMap;

/// How an answer of intake violates the relay contract. Nothing of such an answer is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum ProtocolViolation {
    /// An answer that does not end where it must.
    #[error("intake's answer is longer than any can be")]
    TooLong,
    /// An answer that is no answer to this.
    #[error("intake's answer is not one to what was asked")]
    NotAnAnswer,
    /// More entries than were asked for, or than fit on a page.
    #[error("intake lists more than there can be")]
    TooMany,
    /// An id that is none, was not asked for, or comes twice or out of order.
    #[error("intake names an id that cannot be")]
    Id,
    /// Content that is not what was listed.
    #[error("intake sent another content than it listed")]
    Content,
    /// A day in the future, or before anything could come.
    #[error("intake dates an envelope on a day that cannot be")]
    Day,
    /// A length that no sealed file has, or another than was listed.
    #[error("intake names a length that cannot be")]
    Size,
}

impl ProtocolViolation {
    /// The code stored in the audit log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too-long",
            Self::NotAnAnswer => "not-an-answer",
            Self::TooMany => "too-many",
            Self::Id => "id",
            Self::Content => "content",
            Self::Day => "day",
            Self::Size => "size",
        }
    }
}

/// How many violations of each kind there were since the start.
pub(crate) type ViolationCounts = BTreeMap<ProtocolViolation, u64>;
