//! Passing a case on with an extract, and passing it up with all it has.

use super::CaseForm;
use super::values::Version;
use crate::desk::{Desk, Referral};
use crate::model::{CaseNumber, Viewer};
use crate::office::OfficeError;
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
        desk: &Desk,
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
        desk.refer(viewer, number, version, referral).await
    }
}

/// A wish to pass the case up.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PassUp {
    version: Version,
    reason: String,
}

impl CaseForm for PassUp {
    async fn send(
        self,
        desk: &Desk,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        desk.ask_passing(viewer, number, version, &self.reason)
            .await
    }
}

/// The second signature, with which it goes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ApprovePassing {
    version: Version,
}

impl CaseForm for ApprovePassing {
    async fn send(
        self,
        desk: &Desk,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        desk.approve_passing(viewer, number, version).await
    }

    fn leaves(&self, _viewer: &Viewer) -> bool {
        true
    }
}

/// The refusal of a second signature, or a wish that is taken back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RejectPassing {
    version: Version,
    reason: String,
}

impl CaseForm for RejectPassing {
    async fn send(
        self,
        desk: &Desk,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        desk.reject_passing(viewer, number, version, &self.reason)
            .await
    }
}

/// A case that is handled here after all.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct KeepHere {
    version: Version,
    reason: String,
}

impl CaseForm for KeepHere {
    async fn send(
        self,
        desk: &Desk,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        desk.keep_here(viewer, number, version, &self.reason).await
    }
}
