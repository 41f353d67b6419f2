//! Files that were sealed by the sender: one request each, before the tip that names them.

use super::handlers::admitted;
use super::responses;
use crate::intake::attachments::{FileProblem, Target};
use crate::intake::desk::IntakeDesk;
use crate::intake::limits::Limits;
use crate::intake::problem::Problem;
use crate::intake::request::{in_time, language};
use actix_web::web::{Data, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse};
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
    request: HttpRequest,
    payload: Payload,
    office: Path<String>,
    wanted: Query<Wanted>,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let mut payload = payload;
    let taken = take(&request, &mut payload, &office, &wanted, &desk, &limits).await;
    match taken {
        Ok(id) => HttpResponse::Created().json(json!({"attachment_id": hex::encode(id)})),
        Err(problem) => {
            // A browser that is still sending hears no answer before it is heard out.
            if let Some(attachments) = &desk.attachments {
                let most = attachments.limits().file_max_bytes;
                hear_out(payload, most, limits.config().request_timeout_s).await;
            }
            responses::problem(problem, language(&request), false)
        }
    }
}

async fn take(
    request: &HttpRequest,
    payload: &mut Payload,
    office: &str,
    wanted: &Wanted,
    desk: &IntakeDesk,
    limits: &Limits,
) -> Result<[u8; 16], Problem> {
    let office = admitted(request, office, desk, limits).await?;
    let attachments = desk.attachments.as_ref().ok_or(FileProblem::NotTaken)?;
    let addressee = wanted.addressee.as_deref().unwrap_or(office.slug());
    let recipients = office.readers_called(addressee);
    let target = Target {
        addressee: addressee.to_owned(),
        recipients: recipients.ok_or(FileProblem::NoAddressee)?.to_vec(),
        day: desk.today(office),
    };
    if target.day > office.body().not_after {
        return Err(Problem::Away);
    }
    let mut bytes = in_time(payload, limits.config().request_timeout_s);
    Ok(attachments.store_sealed(&target, &mut bytes).await?)
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
