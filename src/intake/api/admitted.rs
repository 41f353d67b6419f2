//! What the API's handlers are given: the office that is asked for, once the sender is within the limits, and what was
//! sent with the request. What goes wrong, in them or before them, becomes a problem document here.

use super::responses::{self, even};
use crate::constant_time;
use crate::desk::IntakeDesk;
use crate::flood::{Binding, Proof};
use crate::problem::Problem;
use crate::rate_limits::{RateLimits, Source};
use crate::request::{admit, body, language, source};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::{self, Data};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, ResponseError};
use mifeng_sealing::OfficeManifest;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::pin::Pin;
use std::sync::Arc;
use zeroize::Zeroizing;

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// What clients send a proof in: `CHALLENGE:NUMBER`.
const PROOF_HEADER: &str = "mifeng-proof";

/// The office in the request's path. Its sender is within the limits.
pub(super) struct Admitted {
    pub office: Arc<OfficeManifest>,
    pub desk: Data<IntakeDesk>,
    pub limits: Data<RateLimits>,
    pub source: Source,
}

/// The same with a tip, read as JSON once its sender was admitted: bound to its address and body is the proof that is asked for when many come.
pub(super) struct Submitted<T> {
    pub at: Admitted,
    pub body: T,
    binding: Binding,
    proof: Option<Proof>,
}

/// The same with what names a code or a mailbox, which is charged by what is found there and not before.
pub(super) struct Asked<T> {
    pub at: Admitted,
    pub body: T,
}

impl<T> Submitted<T> {
    /// Lets the tip pass, if few come or its sender has worked for it.
    ///
    /// # Errors
    /// [`Problem::ProofWanted`], [`Problem::TooMany`].
    pub fn pass(&self) -> Result<(), Problem> {
        let flood = self.at.limits.flood();
        flood.pass(&self.binding, self.proof.as_ref())
    }
}

impl Admitted {
    pub async fn of(request: &HttpRequest) -> Result<Self, Problem> {
        admit(request, shared::<RateLimits>(request)?.get_ref()).await?;
        Self::at_once(request)
    }

    /// Without a look at the limits.
    pub fn at_once(request: &HttpRequest) -> Result<Self, Problem> {
        let limits = shared::<RateLimits>(request)?;
        let desk = shared::<IntakeDesk>(request)?;
        let slug = request.match_info().query("office");
        let office = desk.office(slug)?.clone();
        Ok(Self {
            office,
            source: source(request, limits.config()),
            desk,
            limits,
        })
    }

    async fn body(
        &self,
        request: &HttpRequest,
        mut payload: Payload,
    ) -> Result<Zeroizing<Vec<u8>>, Problem> {
        let payload = web::Payload::from_request(request, &mut payload).await;
        let payload = payload.map_err(|_| Problem::Malformed)?;
        body(payload, self.limits.config()).await
    }
}

/// The proof that came with a request.
pub(super) fn proof_of(request: &HttpRequest) -> Option<Proof> {
    let proof = request.headers().get(PROOF_HEADER)?;
    proof.to_str().ok()?.parse().ok()
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|_| Problem::Malformed)
}

/// What all requests share; the service puts it there when it starts.
pub(super) fn shared<T: 'static>(request: &HttpRequest) -> Result<Data<T>, Problem> {
    let found = request.app_data::<Data<T>>();
    found.cloned().ok_or(Problem::Internal)
}

impl FromRequest for Admitted {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Submitted<T> {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let at = Admitted::of(&request).await?;
            let bytes = at.body(&request, payload).await?;
            let hash = Sha256::new_with_prefix(request.path());
            let proof = proof_of(&request);
            Ok(Self {
                body: read(&bytes)?,
                binding: hash
                    .chain_update(b"\n")
                    .chain_update(&*bytes)
                    .finalize()
                    .into(),
                proof,
                at,
            })
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Asked<T> {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let at = Admitted::at_once(&request)?;
            let body = at.body(&request, payload).await?;
            constant_time::begin(&request);
            let body = read(&body)?;
            Ok(Self { at, body })
        })
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> actix_web::http::StatusCode {
        (*self).status()
    }

    fn error_response(&self) -> HttpResponse {
        // Its words need the request's language, which `in_words` knows.
        HttpResponse::new(self.status_code())
    }
}

/// Puts a problem into words. Where `class_bytes` are given the answer has that length, and leaves when any other would.
pub(super) async fn in_words(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    class_bytes: Option<usize>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?;
    let problem = response.response().error().and_then(Error::as_error);
    let response = match problem.copied() {
        Some(problem) => {
            let language = language(response.request());
            response.into_response(responses::problem(problem, language, class_bytes))
        }
        None => response.map_into_boxed_body(),
    };
    Ok(match class_bytes {
        Some(_) => {
            let (request, response) = response.into_parts();
            let response = even(response);
            constant_time::leave(&request).await;
            ServiceResponse::new(request, response)
        }
        None => response,
    })
}
