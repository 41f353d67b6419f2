//! What those who handle a hard case find together (会商意见): written by one, signed by each, dissent noted.

use super::MemberId;
use super::Signature;
use serde::{Deserialize, Serialize};

/// A joint opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// The words.
    pub text: String,
    /// Who wrote it down.
    pub written: Signature,
    /// Who signed it so far, each once; whoever wrote it is the first.
    pub signed: Vec<Assent>,
}

/// One handler's signature under a joint opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assent {
    /// Who, and when.
    pub by: Signature,
    /// Whether she is of this opinion.
    pub agrees: bool,
    /// Why not, where she is not.
    pub note: String,
}

impl Opinion {
    /// Whether the member with this id signed it.
    #[must_use]
    pub fn is_signed_by(&self, member: MemberId) -> bool {
        self.signed.iter().any(|one| one.by.is_of(member))
    }

    /// Those of `handlers` who have not signed it.
    pub fn unsigned<'a>(&'a self, handlers: &'a [MemberId]) -> impl Iterator<Item = MemberId> + 'a {
        let handlers = handlers.iter().copied();
        handlers.filter(|member| !self.is_signed_by(*member))
    }
}
