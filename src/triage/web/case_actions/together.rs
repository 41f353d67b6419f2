//! Who handles the case together, what they find together, and who is meant by a tip.

use super::CaseForm;
use super::values::{Parsed, Version};
use crate::casework;
use crate::model::{CaseNumber, MemberId, Viewer};
use crate::office::{Office, OfficeError};
use serde::Deserialize;

/// An id that nobody has: whether the role may is looked at before it, and goes on record.
const NOBODY: MemberId = MemberId([0; 16]);

/// One more who is to handle it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AddHandler {
    version: Version,
    member: Parsed<MemberId>,
    reason: String,
}

impl CaseForm for AddHandler {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let (version, helper) = (self.version.or_none(), self.member.0.unwrap_or(NOBODY));
        casework::add_handler(office, viewer, number, version, helper, &self.reason).await
    }
}

/// One who is to handle it no more.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RemoveHandler {
    version: Version,
    member: Parsed<MemberId>,
    reason: String,
}

impl CaseForm for RemoveHandler {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let (version, helper) = (self.version.or_none(), self.member.0.unwrap_or(NOBODY));
        casework::remove_handler(office, viewer, number, version, helper, &self.reason).await
    }

    /// Where she took herself off.
    fn leaves(&self, viewer: &Viewer) -> bool {
        self.member.0 == Some(viewer.id) && !viewer.role.sees_all_cases()
    }
}

/// A joint opinion.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WriteOpinion {
    version: Version,
    text: String,
}

impl CaseForm for WriteOpinion {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let version = self.version.or_none();
        casework::write_opinion(office, viewer, number, version, &self.text).await
    }
}

/// Assent to it, or dissent.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SignOpinion {
    version: Version,
    agrees: Parsed<bool>,
    note: String,
}

impl CaseForm for SignOpinion {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let (version, agrees) = (self.version.or_none(), self.agrees.is_yes());
        casework::sign_opinion(office, viewer, number, version, agrees, &self.note).await
    }
}

/// Whether a member is meant.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct SayMeant {
    version: Version,
    member: Parsed<MemberId>,
    meant: Parsed<bool>,
}

impl CaseForm for SayMeant {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let (version, member) = (self.version.or_none(), self.member.0.unwrap_or(NOBODY));
        casework::say_meant(office, viewer, number, version, member, self.meant.0).await
    }
}
