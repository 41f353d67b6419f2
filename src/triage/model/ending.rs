//! What two persons sign to destroy a case early or to pass it up, and what holds it.

use super::Signature;
use serde::{Deserialize, Serialize};

/// That a case shall be destroyed before its time, as one person asked; another approves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deletion {
    /// Why. Must not be empty.
    pub reason: String,
    /// Who asked.
    pub asked: Signature,
}

/// That a case shall go to the office above, as one person asked; another approves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passing {
    /// Why. Must not be empty.
    pub reason: String,
    /// Who asked.
    pub asked: Signature,
}

/// That a case must not be destroyed, whatever its age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Why. Must not be empty.
    pub reason: String,
    /// Who said so.
    pub set: Signature,
}
