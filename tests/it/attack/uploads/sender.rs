//! Whoever sends files from an address of its own.

use crate::attachments::sealed::seal;
use crate::attachments::{Chosen, FORM, form_body, tip_fields};
use crate::intake::{Answer, Intake, OFFICE, Place, client, tip};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::config::{AttachmentLimits, IntakeConfig};
use mifeng_sealing::PickupCode;
use serde_json::json;

/// Bytes of each file that is sent here, before it is sealed.
pub(super) const FILE_BYTES: usize = 200_000;

/// Room for about twenty of them, and a quarter of it for text.
pub(super) const QUOTA_BYTES: u64 = 6_000_000;

pub(super) fn settings(place: &Place) -> IntakeConfig {
    let limits = "behind_local_proxy = true\nrequests_per_minute = 60000\nburst = 60000";
    let mut config = place.config(limits);
    config.quota_bytes = QUOTA_BYTES;
    config.attachment_limits = AttachmentLimits {
        file_max_bytes: 300_000,
        together_max_bytes: 600_000,
        unclaimed_prefix_max_bytes: 1_000_000,
        held_max_bytes: 600_000,
        held_wait_s: 8,
        ..AttachmentLimits::default()
    };
    config
}

/// Somebody at an address of his own prefix.
pub(super) struct Sender<'a> {
    pub(super) intake: &'a Intake,
    pub(super) http: reqwest::Client,
    pub(super) prefix: u8,
}

impl<'a> Sender<'a> {
    pub(super) fn at(intake: &'a Intake, prefix: u8) -> Self {
        let http = client();
        Self {
            intake,
            http,
            prefix,
        }
    }

    pub(super) async fn posts(
        &self,
        path: &str,
        kind: &str,
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        self.posts_with(path, kind, body, &[]).await
    }

    pub(super) async fn posts_with(
        &self,
        path: &str,
        kind: &str,
        body: impl Into<reqwest::Body>,
        headers: &[(&str, String)],
    ) -> Answer {
        let request = self.http.post(format!("{}{path}", self.intake.public));
        let address = format!("198.51.{}.7", self.prefix);
        let request = request
            .header("x-forwarded-for", address)
            .header("accept-language", "en")
            .header("content-type", kind)
            .body(body);
        let request = headers
            .iter()
            .fold(request, |it, (name, value)| it.header(*name, value));
        Answer::of(request).await
    }

    /// Sends a file that was sealed here; its id if it is taken.
    pub(super) async fn uploads(&self) -> Option<String> {
        let (file, _) = seal(&self.intake.place.office, &vec![b'x'; FILE_BYTES]);
        let path = format!("/api/v1/offices/{OFFICE}/attachments");
        let answer = self.posts(&path, "application/octet-stream", file).await;
        let id = (answer.status == 201).then(|| answer.json()["attachment_id"].clone());
        id.and_then(|id| Some(id.as_str()?.to_owned()))
    }

    /// Sends a tip in the clear that brings the files along.
    pub(super) async fn tells(&self, ids: &[String]) -> Answer {
        let mut body = tip("other", "补课");
        let files = ids.iter().map(|id| {
            json!({"id": id, "name": "a.jpg", "media_type": "image/jpeg", "size_bytes": FILE_BYTES,
                   "sha256": "0".repeat(64)})
        });
        body["attachments"] = files.collect();
        let path = format!("/api/v1/offices/{OFFICE}/tips");
        self.posts(&path, "application/json", body.to_string())
            .await
    }

    /// Sends a form with a file.
    pub(super) async fn fills_in(&self, file: Chosen) -> Answer {
        let code = PickupCode::generate(&SystemEntropy);
        let body = form_body(&tip_fields(code.digits(), "补课"), &[file]);
        self.posts(&format!("/{OFFICE}/en/write"), FORM, body).await
    }
}
