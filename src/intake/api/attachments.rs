//! Files that were sealed by the sender: one request each, before the tip that names them.

use super::admitted::Admitted;
use crate::intake::attachments::{Attachments, FileProblem, Target};
use crate::intake::desk::IntakeDesk;
use crate::intake::forgetful::harmless;
use crate::intake::limits::Limits;
use crate::intake::problem::Problem;
use crate::intake::request::in_time;
use actix_web::HttpResponse;
use actix_web::web::{Data, Payload, Query};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::json;

/// Whom the file is sealed to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Slug of the office itself, if it is missing, or of its parent.
    #[serde(default)]
    addressee: Option<String>,
}

pub(super) async fn store(
    at: Result<Admitted, Problem>,
    payload: Payload,
    wanted: Query<Wanted>,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let mut payload = payload;
    let taken = match &at {
        Ok(at) => take(at, &mut payload, &wanted).await,
        Err(problem) => Err(*problem),
    };
    if taken.is_err() {
        hear_out_all(payload, &desk, &limits).await;
    }
    let id = hex::encode(taken?);
    Ok(harmless(
        HttpResponse::Created().json(json!({"attachment_id": id})),
    ))
}

async fn take(at: &Admitted, payload: &mut Payload, wanted: &Wanted) -> Result<[u8; 16], Problem> {
    let (target, attachments) = target(at, wanted.addressee.as_deref())?;
    let mut bytes = in_time(payload, at.limits.config().request_timeout_s);
    Ok(attachments.store_sealed(&target, &mut bytes).await?)
}

/// Whom a file is for that is sent to the office's `addressee` (the office itself if none is named), and where it goes.
pub(super) fn target<'a>(
    at: &'a Admitted,
    addressee: Option<&str>,
) -> Result<(Target, &'a Attachments), Problem> {
    let Admitted { office, desk, .. } = at;
    let attachments = desk.attachments.as_ref().ok_or(FileProblem::NotTaken)?;
    let addressee = addressee.unwrap_or(office.slug());
    let recipients = office.readers_called(addressee);
    let target = Target {
        addressee: addressee.to_owned(),
        recipients: recipients.ok_or(FileProblem::NoAddressee)?.to_vec(),
        day: desk.today(office),
    };
    if target.day > office.body().not_after {
        return Err(Problem::Away);
    }
    Ok((target, attachments))
}

/// A browser that is still sending hears no answer before it is heard out.
pub(super) async fn hear_out_all(payload: Payload, desk: &IntakeDesk, limits: &Limits) {
    if let Some(attachments) = &desk.attachments {
        let most = attachments.limits().file_max_bytes;
        hear_out(payload, most, limits.config().request_timeout_s).await;
    }
}

/// Reads what is left of a body, within reason.
async fn hear_out(mut payload: Payload, most: u64, timeout_s: u64) {
    let mut bytes = in_time(&mut payload, timeout_s);
    let mut total = 0;
    while let Some(Ok(bytes)) = bytes.next().await {
        total += bytes.len() as u64;
        if total > most {
            return;
        }
    }
}
