//! One act as the audit log records it. There is no place in it for a person's words.

use super::kind::Kind;
use crate::model::{CaseId, Link, MemberId};
use mifeng_foundation::clock::Day;

/// One act: a kind, and the ids of what it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// What.
    pub kind: Kind,
    /// To which case.
    pub case: Option<CaseId>,
    /// To which tip, file, account or other thing.
    pub object: Option<[u8; 16]>,
    /// More of it: a code.
    pub detail: &'static str,
}

impl Act {
    /// An act without an object.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            case: None,
            object: None,
            detail: "",
        }
    }

    /// The same on a case.
    #[must_use]
    pub fn on(self, case: CaseId) -> Self {
        Self {
            case: Some(case),
            ..self
        }
    }

    /// The same on a tip, a file, an account.
    #[must_use]
    pub fn of(self, object: [u8; 16]) -> Self {
        Self {
            object: Some(object),
            ..self
        }
    }

    /// The same with a code that says more.
    #[must_use]
    pub fn detailed(self, detail: &'static str) -> Self {
        Self { detail, ..self }
    }

    /// The row that puts it on record: done on `day` at `second` of it by `actor`.
    #[must_use]
    pub fn link(self, day: Day, second: Option<i32>, actor: Option<MemberId>) -> Link {
        Link {
            day,
            second,
            actor,
            kind: self.kind.code().to_owned(),
            case: self.case,
            object: self.object,
            detail: self.detail.to_owned(),
        }
    }

    /// That this act was not completed.
    #[must_use]
    pub fn failed(self) -> Self {
        Self {
            kind: Kind::Failed,
            detail: self.kind.code(),
            ..self
        }
    }
}
