//! What stands in single fields of a form. Reading one never fails.

use crate::model::{CaseNumber, CaseState, MemberId, Mode};
use crate::office::OfficeError;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::parse_id;
use serde::{Deserialize, Deserializer};

/// What can be typed into a field or chosen in it.
pub(super) trait Typable: Sized {
    /// `None` where `text` is nothing of the kind.
    fn typed(text: &str) -> Option<Self>;
}

impl Typable for i64 {
    fn typed(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Typable for [u8; 16] {
    fn typed(text: &str) -> Option<Self> {
        parse_id(text)
    }
}

impl Typable for MemberId {
    fn typed(text: &str) -> Option<Self> {
        parse_id(text).map(Self)
    }
}

impl Typable for Day {
    fn typed(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
}

impl Typable for CaseState {
    fn typed(text: &str) -> Option<Self> {
        Self::from_code(text)
    }
}

impl Typable for Mode {
    fn typed(text: &str) -> Option<Self> {
        Self::from_code(text)
    }
}

impl Typable for CaseNumber {
    /// As the page has it: nobody types it.
    fn typed(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }
}

impl Typable for bool {
    fn typed(text: &str) -> Option<Self> {
        match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }
}

/// What was typed, or `None` where there is nothing or nothing of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parsed<T>(pub Option<T>);

impl<T> Default for Parsed<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Copy> Parsed<T> {
    /// It, without which nothing is possible.
    pub fn needed(&self) -> Result<T, OfficeError> {
        self.0.ok_or(OfficeError::NotPossible)
    }
}

impl Parsed<bool> {
    /// Whether it was ticked, or answered with yes.
    pub fn is_yes(self) -> bool {
        self.0 == Some(true)
    }
}

impl<'de, T: Typable> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self(T::typed(&text)))
    }
}

/// The version of the case that the form was made for.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Version(Parsed<i64>);

impl Version {
    /// The version; a form without one was made for a case as it is no more.
    pub fn shown(self) -> Result<i64, OfficeError> {
        self.0.0.ok_or(OfficeError::Changed)
    }

    /// The version for a deed that only some roles may do. No case has version 0: whether the role may is looked at before it, and
    /// goes on record.
    pub fn or_none(self) -> i64 {
        self.0.0.unwrap_or(0)
    }
}
