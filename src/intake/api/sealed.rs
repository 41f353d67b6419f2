//! Tips that come sealed: from a browser, or from any program with an age library and the office's manifest.

use super::admitted::Submitted;
use crate::connection_buffers::harmless;
use crate::desk::{IntakeDesk, ReceivedTip};
use crate::problem::Problem;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::entropy::parse_id;
use mifeng_sealing::{Lookup, OfficeManifest, OpenedKey, SealedTip, SubmissionTag};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealedRequest {
    addressee: String,
    lookup: String,
    submission_tag: String,
    ciphertext: String,
    /// Ids of files that were sent before.
    #[serde(default)]
    attachments: Vec<String>,
    /// What the days of the mailbox's openings are encrypted to.
    opened_key: Option<String>,
}

impl SealedRequest {
    fn opened_key(&self) -> Result<Option<OpenedKey>, Problem> {
        let key = self.opened_key.as_deref();
        let key = key.map(|text| OpenedKey::from_hex(text).ok_or(Problem::Malformed));
        key.transpose()
    }

    /// Looks at everything that can be looked at without opening.
    fn parse(&self, office: &OfficeManifest) -> Result<ReceivedTip, Problem> {
        let readers = office.readers_called(&self.addressee);
        let readers = readers.ok_or(Problem::UnknownAddressee)?;
        let lookup = Lookup::from_hex(&self.lookup).ok_or(Problem::Malformed)?;
        let tag = SubmissionTag::from_hex(&self.submission_tag).ok_or(Problem::Malformed)?;
        let file = BASE64_STANDARD.decode(&self.ciphertext);
        let file = file.map_err(|_| Problem::Malformed)?;
        Ok(ReceivedTip {
            sealed: SealedTip::receive(file, readers.len())?,
            addressee: self.addressee.clone(),
            lookup,
            submission_tag: tag,
            opened_key: self.opened_key()?,
            attachments: self
                .attachments
                .iter()
                .map(|id| parse_id(id).ok_or(Problem::Malformed))
                .collect::<Result<_, Problem>>()?,
        })
    }
}

/// `POST`: stores what came, once.
pub(super) async fn sealed_tips(sent: Submitted<SealedRequest>) -> Result<HttpResponse, Problem> {
    // A full text in the widest encoding makes 512 KiB of ciphertext: in base64 it is within the limit of any body.
    let tip = sent.body.parse(&sent.at.office)?;
    let at = &sent.at;
    at.desk.check_sealed_files(&tip.attachments)?;
    sent.pass()?;
    let received_day = at.desk.submit_sealed(&at.office, tip).await?;
    let answer = json!({"received_day": received_day});
    Ok(harmless(HttpResponse::Created().json(answer)))
}

/// `GET`: the signed manifest, for whoever seals or compares its fingerprint.
pub(super) async fn manifest(
    office: Path<String>,
    desk: Data<IntakeDesk>,
) -> Result<HttpResponse, Problem> {
    let office = desk.office(office.as_str())?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body(office.file().to_owned()))
}
