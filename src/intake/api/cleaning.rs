//! Files that intake shall clean and seal for a page that cannot clean them itself: the sender chose so for each.

use super::admitted::Admitted;
use super::attachments::{hear_out_all, target};
use crate::intake::attachments::{FileProblem, Room};
use crate::intake::desk::IntakeDesk;
use crate::intake::limits::Limits;
use crate::intake::metadata::Report;
use crate::intake::problem::Problem;
use crate::intake::request::{in_time, language};
use crate::intake::web::findings::{keys, sentence};
use crate::tip::Attachment;
use actix_web::web::{Data, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;

/// Longest ending of a name, in characters.
const ENDING_MAX_CHARS: usize = 10;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// What the file's name ends with: enough to tell whether it is what it says, and nothing of what it is called.
    ending: String,
    /// Slug of the office itself, if it is missing, or of its parent.
    #[serde(default)]
    addressee: Option<String>,
}

/// `POST`: cleans and seals one file, and tells what was found in it.
pub(super) async fn store(
    at: Result<Admitted, Problem>,
    request: HttpRequest,
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
    let (attachment, report) = taken?;
    Ok(HttpResponse::Created().json(json!({
        "attachment": attachment,
        "told": sentence(language(&request), &keys(&report)),
    })))
}

async fn take(
    at: &Admitted,
    payload: &mut Payload,
    wanted: &Wanted,
) -> Result<(Attachment, Report), Problem> {
    let (target, attachments) = target(at, wanted.addressee.as_deref())?;
    let ending = &wanted.ending;
    if ending.len() > ENDING_MAX_CHARS || !ending.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(FileProblem::NotAsNamed.into());
    }
    let mut bytes = in_time(payload, at.limits.config().request_timeout_s);
    let name = format!("file.{ending}");
    let sealed = attachments.seal(&target, &name, &mut bytes, Room::default());
    Ok(sealed.await?)
}
