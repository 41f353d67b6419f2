//! Destroying a case before its time, and holding one that must not be destroyed.

use super::CaseForm;
use super::values::Version;
use crate::casework;
use crate::model::{CaseNumber, Viewer};
use crate::office::{Office, OfficeError};
use serde::Deserialize;

/// A reason to keep the case whatever its age.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SetHold {
    version: Version,
    reason: String,
}

impl CaseForm for SetHold {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        casework::set_hold(office, viewer, number, version, (true, &self.reason)).await
    }
}

/// A reason to let it go again.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Release {
    version: Version,
    reason: String,
}

impl CaseForm for Release {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        casework::set_hold(office, viewer, number, version, (false, &self.reason)).await
    }
}

simple_forms! {
    /// A wish to destroy the case.
    Delete { version, reason } => ask_deletion;
    /// The second signature, with which it is destroyed.
    ApproveDeletion { version } => approve_deletion, leaves;
    /// The refusal of a second signature, or a wish that is taken back.
    RejectDeletion { version, reason } => reject_deletion;
}
