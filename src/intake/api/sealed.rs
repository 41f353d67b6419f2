//! Tips that come sealed: from a browser, or from any program with an age library and the office's manifest.

use super::handlers::{admitted, json_body};
use super::responses;
use crate::intake::desk::{IntakeDesk, ReceivedTip};
use crate::intake::limits::Limits;
use crate::intake::problem::Problem;
use crate::intake::request::language;
use crate::sealing::{Lookup, OfficeManifest, SealedTip, SubmissionTag};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealedRequest {
    addressee: String,
    lookup: String,
    submission_tag: String,
    ciphertext: String,
    /// Ids of files that were sent before.
    #[serde(default)]
    attachments: Vec<String>,
}

impl SealedRequest {
    /// Looks at everything that can be looked at without opening.
    fn parse(self, office: &OfficeManifest) -> Result<ReceivedTip, Problem> {
        let readers = office.readers_called(&self.addressee);
        let readers = readers.ok_or(Problem::UnknownAddressee)?;
        let lookup = Lookup::from_hex(&self.lookup).ok_or(Problem::Malformed)?;
        let tag = SubmissionTag::from_hex(&self.submission_tag).ok_or(Problem::Malformed)?;
        let file = BASE64_STANDARD.decode(&self.ciphertext);
        let file = file.map_err(|_| Problem::Malformed)?;
        Ok(ReceivedTip {
            sealed: SealedTip::receive(file, readers.len())?,
            addressee: self.addressee,
            lookup,
            submission_tag: tag,
            attachments: self
                .attachments
                .iter()
                .map(|id| {
                    let mut bytes = [0; 16];
                    hex::decode_to_slice(id, &mut bytes).map_err(|_| Problem::Malformed)?;
                    Ok(bytes)
                })
                .collect::<Result<_, Problem>>()?,
        })
    }
}

/// `POST`: stores what came, once.
pub(super) async fn sealed_tips(
    request: HttpRequest,
    payload: Payload,
    office: Path<String>,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let taken = take(&request, payload, &office, &desk, &limits).await;
    taken.unwrap_or_else(|problem| responses::problem(problem, language(&request), false))
}

async fn take(
    request: &HttpRequest,
    payload: Payload,
    office: &str,
    desk: &IntakeDesk,
    limits: &Limits,
) -> Result<HttpResponse, Problem> {
    let office = admitted(request, office, desk, limits).await?;
    // A full text in the widest encoding makes 512 KiB of ciphertext: in base64 it is within the limit of any body.
    let sent: SealedRequest = json_body(payload, limits).await?;
    let tip = sent.parse(office)?;
    desk.check_sealed_files(&tip.attachments)?;
    let received_day = desk.submit_sealed(office, tip).await?;
    Ok(HttpResponse::Created().json(json!({"received_day": received_day})))
}

/// `GET`: the signed manifest, for whoever seals or compares its fingerprint.
pub(super) async fn manifest(
    request: HttpRequest,
    office: Path<String>,
    desk: Data<IntakeDesk>,
) -> HttpResponse {
    match desk.offices.get(office.as_str()) {
        Some(office) => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body(office.file().to_owned()),
        None => responses::problem(Problem::UnknownOffice, language(&request), false),
    }
}
