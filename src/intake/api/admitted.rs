//! What the API's handlers are given: the office that is asked for, once the sender is within the limits, and what was
//! sent with the request. What goes wrong, in them or before them, becomes a problem document here.

use super::responses;
use crate::intake::desk::IntakeDesk;
use crate::intake::limits::Limits;
use crate::intake::problem::Problem;
use crate::intake::request::{admit, body, language};
use crate::sealing::OfficeManifest;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::{self, Data};
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse, ResponseError};
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::sync::Arc;

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// The office in the request's path. Its sender is within the limits.
pub(super) struct Admitted {
    pub office: Arc<OfficeManifest>,
    pub desk: Data<IntakeDesk>,
    pub limits: Data<Limits>,
}

/// The same with the body, read as JSON once its sender was admitted.
pub(super) struct Sent<T> {
    pub at: Admitted,
    pub body: T,
}

impl Admitted {
    async fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let limits = shared::<Limits>(request)?;
        admit(request, &limits).await?;
        let desk = shared::<IntakeDesk>(request)?;
        let slug = request.match_info().query("office");
        let office = desk.offices.get(slug).cloned();
        Ok(Self {
            office: office.ok_or(Problem::UnknownOffice)?,
            desk,
            limits,
        })
    }
}

/// What all requests share; the service puts it there when it starts.
fn shared<T: 'static>(request: &HttpRequest) -> Result<Data<T>, Problem> {
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

impl<T: DeserializeOwned + 'static> FromRequest for Sent<T> {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let at = Admitted::of(&request).await?;
            let mut payload = payload;
            let payload = web::Payload::from_request(&request, &mut payload).await;
            let payload = payload.map_err(|_| Problem::Malformed)?;
            let bytes = body(payload, at.limits.config()).await?;
            let body = serde_json::from_slice(&bytes).map_err(|_| Problem::Malformed)?;
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

/// Puts a problem into words.
pub(super) async fn in_words(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    Ok(worded(next.call(request).await?, false))
}

/// The same in an answer of a pickup's size.
pub(super) async fn in_words_like_a_pickup(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    Ok(worded(next.call(request).await?, true))
}

fn worded(
    response: ServiceResponse<impl MessageBody + 'static>,
    like_pickup: bool,
) -> ServiceResponse<BoxBody> {
    let problem = response.response().error().and_then(Error::as_error);
    match problem.copied() {
        Some(problem) => {
            let language = language(response.request());
            response.into_response(responses::problem(problem, language, like_pickup))
        }
        None => response.map_into_boxed_body(),
    }
}
