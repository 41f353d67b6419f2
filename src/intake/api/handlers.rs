//! The API's routes.

use super::responses;
use super::sealed::{manifest, sealed_tips};
use crate::intake::desk::IntakeDesk;
use crate::intake::limits::Limits;
use crate::intake::problem::Problem;
use crate::intake::request::{admit, body, language};
use crate::sealing::{OfficeManifest, PickupCode};
use crate::tip::{Attachment, RawTip, Said, Tip, TipError, check_attachments};
use actix_web::web::{Data, Path, Payload, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Adds the API's routes.
pub fn configure(service: &mut ServiceConfig) {
    service
        .route("/api/openapi.json", get().to(openapi))
        .route("/api/v1/offices/{office}/manifest", get().to(manifest))
        .route(
            "/api/v1/offices/{office}/sealed-tips",
            post().to(sealed_tips),
        )
        .route("/api/v1/offices/{office}/tips", post().to(tips))
        .route(
            "/api/v1/offices/{office}/attachments",
            post().to(super::attachments::store),
        )
        .route("/api/v1/offices/{office}/pickups", post().to(pickups))
        .route(
            "/api/v1/offices/{office}/pickups/replies",
            post().to(replies),
        )
        .route("/healthz", get().to(healthz))
        .route("/readyz", get().to(readyz));
}

#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct PickupRequest {
    pickup_code: String,
}

#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct ReplyRequest {
    pickup_code: String,
    /// Short for an addition.
    text: Option<String>,
    said: Option<Said>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(super::OPENAPI)
}

async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

async fn readyz(desk: Data<IntakeDesk>) -> HttpResponse {
    let in_term = desk
        .offices
        .values()
        .all(|office| desk.today(office) <= office.body().not_after);
    if in_term && desk.store.check().await.is_ok() {
        HttpResponse::Ok()
            .content_type("text/plain")
            .body("ready\n")
    } else {
        HttpResponse::ServiceUnavailable()
            .content_type("text/plain")
            .body("not ready\n")
    }
}

async fn tips(
    request: HttpRequest,
    payload: Payload,
    office: Path<String>,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let taken = take_tip(&request, payload, &office, &desk, &limits).await;
    taken.unwrap_or_else(|problem| responses::problem(problem, language(&request), false))
}

async fn take_tip(
    request: &HttpRequest,
    payload: Payload,
    office: &str,
    desk: &IntakeDesk,
    limits: &Limits,
) -> Result<HttpResponse, Problem> {
    let office = admitted(request, office, desk, limits).await?;
    let raw: RawTip = json_body(payload, limits).await?;
    let tip = Tip::parse(&raw)?;
    let code = PickupCode::generate(desk.entropy.as_ref());
    let received_day = desk.submit(office, &tip, &code).await?;
    Ok(HttpResponse::Created().json(json!({
        "pickup_code": code.digits(),
        "received_day": received_day,
    })))
}

async fn pickups(
    request: HttpRequest,
    payload: Payload,
    office: Path<String>,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let shown = show_mailbox(&request, payload, &office, &desk, &limits).await;
    shown.unwrap_or_else(|problem| responses::problem(problem, language(&request), true))
}

async fn show_mailbox(
    request: &HttpRequest,
    payload: Payload,
    office: &str,
    desk: &IntakeDesk,
    limits: &Limits,
) -> Result<HttpResponse, Problem> {
    let office = admitted(request, office, desk, limits).await?;
    let asked: PickupRequest = json_body(payload, limits).await?;
    let code = PickupCode::parse(&asked.pickup_code)?;
    let content = desk.pick_up(office, &code).await?;
    let content = content.ok_or(Problem::UnknownCode)?;
    Ok(responses::pickup(&content))
}

async fn replies(
    request: HttpRequest,
    payload: Payload,
    office: Path<String>,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let taken = take_reply(&request, payload, &office, &desk, &limits).await;
    taken.unwrap_or_else(|problem| responses::problem(problem, language(&request), true))
}

async fn take_reply(
    request: &HttpRequest,
    payload: Payload,
    office: &str,
    desk: &IntakeDesk,
    limits: &Limits,
) -> Result<HttpResponse, Problem> {
    let office = admitted(request, office, desk, limits).await?;
    let asked: ReplyRequest = json_body(payload, limits).await?;
    let code = PickupCode::parse(&asked.pickup_code)?;
    let said = match (&asked.text, &asked.said) {
        (Some(text), None) => Said::Addition { text: text.clone() },
        (None, Some(said)) => said.clone(),
        _ => return Err(Problem::Malformed),
    };
    let said = said.checked()?;
    let attachments = check_attachments(&asked.attachments).map_err(TipError::from)?;
    let stored = desk.say(office, &code, said, &attachments).await?;
    stored.ok_or(Problem::UnknownCode)?;
    let body = json!({"received_day": desk.today(office)}).to_string();
    Ok(HttpResponse::Created()
        .content_type("application/json")
        .body(responses::padded(body, ' ')))
}

/// The office asked for, once the caller is within the limits.
pub(super) async fn admitted<'a>(
    request: &HttpRequest,
    office: &str,
    desk: &'a IntakeDesk,
    limits: &Limits,
) -> Result<&'a OfficeManifest, Problem> {
    admit(request, limits).await?;
    desk.offices.get(office).ok_or(Problem::UnknownOffice)
}

pub(super) async fn json_body<T: DeserializeOwned>(
    payload: Payload,
    limits: &Limits,
) -> Result<T, Problem> {
    let bytes = body(payload, limits.config()).await?;
    serde_json::from_slice(&bytes).map_err(|_| Problem::Malformed)
}
