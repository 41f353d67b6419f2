//! Passing a case on with an extract, and passing it up with all it has.

use super::CaseForm;
use super::values::Version;
use crate::casework::{self, Referral};
use crate::model::{CaseNumber, Viewer};
use crate::office::{Office, OfficeError};
use serde::Deserialize;

/// An extract, and to whom it goes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Refer {
    version: Version,
    addressee: String,
    extract: String,
    told: String,
    reason: String,
}

impl CaseForm for Refer {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let referral = Referral {
            addressee: &self.addressee,
            extract: &self.extract,
            told: &self.told,
            reason: &self.reason,
        };
        let version = self.version.or_none();
        casework::refer(office, viewer, number, version, referral).await
    }
}

simple_forms! {
    /// A wish to pass the case up.
    PassUp { version, reason } => ask_passing;
    /// The second signature, with which it goes.
    ApprovePassing { version } => approve_passing, leaves;
    /// The refusal of a second signature, or a wish that is taken back.
    RejectPassing { version, reason } => reject_passing;
    /// A case that is handled here after all.
    KeepHere { version, reason } => keep_here;
}
