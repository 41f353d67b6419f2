//! The API's routes.

use super::admitted::{Asked, Submitted, in_words};
use super::mailboxes::SEALED_PICKUP_CLASS_BYTES;
use super::responses::{self, PICKUP_CLASS_BYTES};
use super::sealed::{manifest, sealed_tips};
use crate::desk::IntakeDesk;
use crate::pickup;
use crate::problem::Problem;
use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, get, post, scope};
use mifeng_sealing::tip::{Attachment, RawTip, Said, Tip, TipError, check_attachments};
use mifeng_sealing::{MailboxSecrets, PickupCode};
use serde::Deserialize;
use serde_json::json;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Adds the API's routes.
pub fn configure(service: &mut ServiceConfig) {
    service
        .route("/api/openapi.json", get().to(openapi))
        .route("/healthz", get().to(healthz))
        .route("/readyz", get().to(readyz))
        .service(
            scope("/api/v1/offices/{office}/pickups")
                .wrap(from_fn(|request, next| {
                    in_words(request, next, Some(PICKUP_CLASS_BYTES))
                }))
                .route("", post().to(pickups))
                .route("/replies", post().to(replies)),
        )
        .service(
            scope("/api/v1/offices/{office}/sealed-pickups/replies")
                .wrap(from_fn(|request, next| {
                    in_words(request, next, Some(PICKUP_CLASS_BYTES))
                }))
                .route("", post().to(super::mailboxes::replies)),
        )
        .service(
            scope("/api/v1/offices/{office}/sealed-pickups")
                .wrap(from_fn(|request, next| {
                    in_words(request, next, Some(SEALED_PICKUP_CLASS_BYTES))
                }))
                .route("", post().to(super::mailboxes::pickups)),
        )
        .service(
            scope("/api/v1/offices/{office}")
                .wrap(from_fn(|request, next| in_words(request, next, None)))
                .route("/manifest", get().to(manifest))
                .route("/sealed-tips", post().to(sealed_tips))
                .route("/tips", post().to(tips))
                .route("/attachments", post().to(super::attachments::store))
                .route("/attachments/cleaned", post().to(super::cleaning::store)),
        );
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
    if desk.is_ready().await {
        let away = desk.away();
        let away = if away.is_empty() {
            String::new()
        } else {
            format!("not served: {}\n", away.join(", "))
        };
        HttpResponse::Ok()
            .content_type("text/plain")
            .body(format!("ready\n{away}"))
    } else {
        HttpResponse::ServiceUnavailable()
            .content_type("text/plain")
            .body("not ready\n")
    }
}

/// `POST`: seals and stores a tip.
async fn tips(sent: Submitted<RawTip>) -> Result<HttpResponse, Problem> {
    let tip = Tip::parse(&sent.body)?;
    sent.pass()?;
    let at = &sent.at;
    let code = PickupCode::generate(at.desk.entropy.as_ref());
    let received_day = at
        .desk
        .submit(&at.office, &tip, &code, sent.body.only_above);
    let received_day = received_day.await?;
    Ok(HttpResponse::Created().json(json!({
        "pickup_code": code.digits(),
        "received_day": received_day,
    })))
}

/// `POST`: what lies under a code.
async fn pickups(asked: Asked<PickupRequest>) -> Result<HttpResponse, Problem> {
    let Asked { at, body } = asked;
    let code = pickup::read_code(&at.limits, at.source, &body.pickup_code)?;
    let content = pickup::visit(&at.desk, &at.limits, at.source, &at.office, &code).await?;
    Ok(responses::pickup(&content))
}

/// `POST`: what a reporter says to the office.
async fn replies(asked: Asked<ReplyRequest>) -> Result<HttpResponse, Problem> {
    let Asked { at, body: asked } = asked;
    let code = pickup::read_code(&at.limits, at.source, &asked.pickup_code)?;
    let said = match (&asked.text, &asked.said) {
        (Some(text), None) => Said::Addition { text: text.clone() },
        (None, Some(said)) => said.clone(),
        _ => return Err(Problem::Malformed),
    };
    let said = said.checked()?;
    let attachments = check_attachments(&asked.attachments).map_err(TipError::from)?;
    let secrets = MailboxSecrets::derive(&code, at.office.slug());
    let lookup = secrets.lookup();
    pickup::enter(&at.desk, &at.limits, at.source, &at.office, &lookup).await?;
    let stored = at.desk.say(&at.office, &code, said, &attachments).await?;
    stored.ok_or(Problem::UnknownCode)?;
    let body = json!({"received_day": at.desk.today(&at.office)}).to_string();
    Ok(HttpResponse::Created()
        .content_type("application/json")
        .body(responses::padded(body, ' ')))
}
