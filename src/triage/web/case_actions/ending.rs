//! Destroying a case before its time, and holding one that must not be destroyed.

use super::CaseForm;
use super::values::Version;
use crate::desk::Desk;
use crate::model::{CaseNumber, Viewer};
use crate::office::OfficeError;
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
        desk: &Desk,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        desk.hold(viewer, number, version, (true, &self.reason))
            .await
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
        desk: &Desk,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        desk.hold(viewer, number, version, (false, &self.reason))
            .await
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
