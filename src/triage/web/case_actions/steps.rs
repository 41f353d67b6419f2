//! Where a case stands, how it is handled and by whom, and how much time it has.

use super::CaseForm;
use super::values::{Parsed, Version};
use crate::casework;
use crate::model::{CaseNumber, CaseState, MemberId, Mode, Move, Viewer};
use crate::office::{Office, OfficeError};
use serde::Deserialize;

/// A step to another state.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct MakeStep {
    version: Version,
    to: Parsed<CaseState>,
    mode: Parsed<Mode>,
    told: String,
    reason: String,
}

impl CaseForm for MakeStep {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let step = Move {
            to: self.to.needed()?,
            mode: self.mode.0,
            told: &self.told,
            reason: &self.reason,
        };
        let version = self.version.shown()?;
        casework::change_state(office, viewer, number, version, step).await
    }
}

/// Another way of handling.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ChangeMode {
    version: Version,
    mode: Parsed<Mode>,
    reason: String,
}

impl CaseForm for ChangeMode {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let mode = self.mode.0;
        let mode = mode.ok_or(OfficeError::Unsound("mode", "error-mode"))?;
        let version = self.version.shown()?;
        casework::change_mode(office, viewer, number, version, mode, &self.reason).await
    }
}

/// Somebody else who is to handle it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Assign {
    version: Version,
    handler: Parsed<MemberId>,
    reason: String,
}

impl CaseForm for Assign {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let handler = self.handler.needed()?;
        let version = self.version.shown()?;
        casework::assign(office, viewer, number, version, handler, &self.reason).await
    }
}

/// More time for the deadline under this rule.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Extend {
    version: Version,
    #[serde(rename = "clock")]
    deadline: String,
    reason: String,
}

impl CaseForm for Extend {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        casework::extend(
            office,
            viewer,
            number,
            version,
            &self.deadline,
            &self.reason,
        )
        .await
    }
}

/// A tip that is handled by itself from now on.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Split {
    version: Version,
    apart: Parsed<bool>,
    reason: String,
}

impl CaseForm for Split {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.shown()?;
        casework::split(
            office,
            viewer,
            number,
            version,
            self.apart.is_yes(),
            &self.reason,
        )
        .await
    }
}

simple_forms! {
    /// The second signature under a declining.
    ConfirmDeclining { version } => confirm_declining;
    /// Whoever sends it has nothing to do with the case any more.
    Recuse { version, reason } => recuse_oneself, leaves;
}
