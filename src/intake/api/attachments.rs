//! Files that were sealed by the sender: one request each, before the tip that names them. What a file is sent with, and
//! what happens to it, is here for those that intake seals too.

use super::admitted::{Admitted, shared};
use crate::intake::attachments::{Attachments, FileProblem, Target};
use crate::intake::desk::IntakeDesk;
use crate::intake::forgetful::harmless;
use crate::intake::limits::Limits;
use crate::intake::problem::Problem;
use crate::intake::request::in_time;
use actix_web::web::{Bytes, Data, Payload, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use futures_util::{Stream, StreamExt as _};
use serde::Deserialize;
use serde_json::json;
use std::pin::Pin;

/// Whom the file is sealed to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Slug of the office itself, if it is missing, or of its parent.
    #[serde(default)]
    addressee: Option<String>,
}

/// `POST`: stores one file as it comes.
pub(super) async fn store(sent: SentFile, wanted: Query<Wanted>) -> Result<HttpResponse, Problem> {
    let addressee = wanted.addressee.as_deref();
    let taken = sent.take(addressee, async |target, attachments, bytes| {
        Ok(attachments.store_sealed(&target, bytes).await?)
    });
    let id = hex::encode(taken.await?);
    Ok(harmless(
        HttpResponse::Created().json(json!({"attachment_id": id})),
    ))
}

/// A file's bytes as they arrive.
type Arriving<'a> = Pin<Box<dyn Stream<Item = Result<Bytes, Problem>> + 'a>>;

/// A file on its way in. Its sender may have been refused: a browser that is still sending hears no answer before it was
/// heard out.
pub(super) struct SentFile {
    at: Result<Admitted, Problem>,
    payload: Payload,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
}

impl FromRequest for SentFile {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let at = Admitted::of(&request).await;
            let payload = Payload::from_request(&request, &mut payload).await;
            Ok(Self {
                at,
                payload: payload.map_err(|_| Problem::Malformed)?,
                desk: shared(&request)?,
                limits: shared(&request)?,
            })
        })
    }
}

impl SentFile {
    /// What `work` makes of the file for the office's `addressee` (the office itself if none is named).
    pub async fn take<T>(
        mut self,
        addressee: Option<&str>,
        work: impl AsyncFnOnce(Target, &Attachments, &mut Arriving<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let timeout_s = self.limits.config().request_timeout_s;
        let mut bytes: Arriving<'_> = Box::pin(in_time(&mut self.payload, timeout_s).fuse());
        let goal = self.at.and_then(|at| target(&at, addressee));
        let taken = match (goal, &self.desk.attachments) {
            (Ok(target), Some(attachments)) => work(target, attachments, &mut bytes).await,
            (Ok(_), None) => Err(FileProblem::NotTaken.into()),
            (Err(problem), _) => Err(problem),
        };
        if taken.is_err()
            && let Some(attachments) = &self.desk.attachments
        {
            hear_out(bytes, attachments.limits().file_max_bytes).await;
        }
        taken
    }
}

/// Whom a file is for that is sent to the office's `addressee`.
fn target(at: &Admitted, addressee: Option<&str>) -> Result<Target, Problem> {
    let Admitted { office, desk, .. } = at;
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
    Ok(target)
}

/// Reads what is left of a body, within reason.
async fn hear_out(mut bytes: Arriving<'_>, most: u64) {
    let mut total = 0;
    while let Some(Ok(bytes)) = bytes.next().await {
        total += bytes.len() as u64;
        if total > most {
            return;
        }
    }
}
