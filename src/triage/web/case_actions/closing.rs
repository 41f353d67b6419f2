//! Closing a case off the ledger: proposed, approved or sent back.

use super::CaseForm;
use super::values::{Parsed, Typable, Version};
use crate::casework;
use crate::model::{CaseNumber, Grounds, Viewer};
use crate::office::{Office, OfficeError};
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Deserializer};
use std::collections::HashMap;

/// A closing and what it is to rest on.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Close {
    version: Version,
    evidence: String,
    measures: String,
    revisit: Parsed<Day>,
    #[serde(flatten)]
    exhibits: Exhibits,
}

impl CaseForm for Close {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let day = self.revisit.0;
        let grounds = Grounds {
            exhibits: Vec::new(),
            evidence: self.evidence.trim().to_owned(),
            measures: self.measures.trim().to_owned(),
            revisit_day: day.ok_or(OfficeError::Unsound("revisit", "error-revisit"))?,
        };
        let version = self.version.or_none();
        casework::propose_closing(office, viewer, number, version, grounds, &self.exhibits.0).await
    }
}

/// Entries of the register of evidence that were ticked.
#[derive(Default)]
struct Exhibits(Vec<[u8; 16]>);

impl<'de> Deserialize<'de> for Exhibits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = HashMap::<String, String>::deserialize(deserializer)?;
        let names = fields.keys();
        let ticked = names.filter_map(|name| Typable::typed(name.strip_prefix("exhibit-")?));
        Ok(Self(ticked.collect()))
    }
}

simple_forms! {
    /// The second signature.
    Approve { version } => approve_closing;
    /// The refusal of a second signature, or a proposal that is taken back.
    Reject { version, reason } => reject_closing;
}
