//! Files that were sealed by the sender: one request each, before the tip that names them. What a file is sent with, and
//! what happens to it, is here for those that intake seals too.

use super::admitted::{Admitted, proof_of, shared};
use crate::attachments::{Attachments, FileProblem, Lane, Target};
use crate::connection_buffers::harmless;
use crate::desk::IntakeDesk;
use crate::flood::Binding;
use crate::problem::Problem;
use crate::rate_limits::RateLimits;
use crate::request::{Pace, in_time};
use actix_web::web::{Bytes, Data, Payload, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use futures_util::{Stream, StreamExt as _};
use mifeng_sealing::attachment_length;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
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
    if let Some(answer) = sent.asks()? {
        return Ok(answer);
    }
    let taken = sent.take(addressee, async |target, attachments, bytes| {
        let target = (&target.0, target.1);
        Ok(attachments.store_sealed(target, bytes).await?)
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
    limits: Data<RateLimits>,
    /// Bytes that it has, or may have at most.
    size_bytes: u64,
    /// Whether it is asked beforehand what such a file costs, and none is sent.
    asks: bool,
    passed: Result<(), Problem>,
}

/// What asks beforehand: how large the file will be.
const SIZE_HEADER: &str = "mifeng-file-bytes";

/// How large a file is, as its sender says before it comes.
struct Announced {
    bytes: u64,
    asks: bool,
}

impl Announced {
    fn of(request: &HttpRequest, most: u64) -> Self {
        let number = |name: &str| {
            let value = request.headers().get(name)?.to_str().ok()?;
            value.parse::<u64>().ok()
        };
        let asked = number(SIZE_HEADER);
        let bytes = asked.or_else(|| number("content-length")).unwrap_or(most);
        Self {
            bytes: bytes.min(most),
            asks: asked.is_some(),
        }
    }

    /// What a proof is bound to: this address, and as many bytes.
    fn binding(&self, request: &HttpRequest) -> Binding {
        let hash =
            Sha256::new_with_prefix(request.uri().path_and_query().map_or("", |it| it.as_str()));
        hash.chain_update(format!("\n{}", self.bytes))
            .finalize()
            .into()
    }
}

impl FromRequest for SentFile {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let (desk, limits) = (
                shared::<IntakeDesk>(&request)?,
                shared::<RateLimits>(&request)?,
            );
            let most = desk.attachments.as_ref();
            let most = most.map_or(0, |it| attachment_length(it.limits().file_max_bytes));
            let announced = Announced::of(&request, most);
            // To ask costs nobody anything, and counts for nothing.
            let at = if announced.asks {
                Admitted::at_once(&request)
            } else {
                Admitted::of(&request).await
            };
            let passed = limits.flood().pass_upload(
                announced.bytes,
                &announced.binding(&request),
                proof_of(&request).as_ref(),
            );
            let payload = Payload::from_request(&request, &mut payload).await;
            Ok(Self {
                at,
                payload: payload.map_err(|_| Problem::Malformed)?,
                desk,
                limits,
                size_bytes: announced.bytes,
                asks: announced.asks,
                passed,
            })
        })
    }
}

impl SentFile {
    /// The answer to whoever only asks what a file would cost: nothing just now, or else the work for it.
    pub fn asks(&self) -> Result<Option<HttpResponse>, Problem> {
        if !self.asks {
            return Ok(None);
        }
        if let Err(problem) = &self.at {
            return Err(*problem);
        }
        self.passed?;
        Ok(Some(harmless(HttpResponse::NoContent().finish())))
    }

    /// What `work` makes of the file for the office's `addressee` (the office itself if none is named).
    pub async fn take<T>(
        mut self,
        addressee: Option<&str>,
        work: impl AsyncFnOnce((Target, Lane), &Attachments, &mut Arriving<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let timeout_s = self.limits.config().request_timeout_s;
        let limits = self.desk.attachments.as_ref().map(|it| *it.limits());
        let limits = limits.unwrap_or_default();
        let pace = Pace::new(timeout_s, limits.least_bytes_per_s, limits.upload_timeout_s);
        let most = self.size_bytes;
        let passed = self.passed;
        let goal = self.at.and_then(|at| {
            passed?;
            let lane = self.limits.lane_of_uploads(at.source);
            Ok((target(&at, addressee)?, lane))
        });
        let mut bytes: Arriving<'_> = Box::pin(in_time(&mut self.payload, &pace).fuse());
        let taken = match (goal, &self.desk.attachments) {
            (Ok(target), Some(attachments)) => work(target, attachments, &mut bytes).await,
            (Ok(_), None) => Err(FileProblem::NotTaken.into()),
            (Err(problem), _) => Err(problem),
        };
        if taken.is_err() {
            hear_out(bytes, most).await;
        }
        self.limits.flood().count_upload(pace.came_bytes());
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
