//! Intake's side of the relay: triage asks, by certificate or by token, and sees its own office's envelopes only.

mod clients;
mod envelopes;
mod error;
mod files;
mod messages;
mod passing;

pub use clients::{RelayClients, remember_certificate};

use crate::desk::IntakeDesk;
use actix_web::web::{Data, Json, JsonConfig, ServiceConfig, get, post};
use clients::Caller;
use mifeng_foundation::entropy;
use mifeng_sealing::relay::{
    ACKNOWLEDGE_PATH, ATTACHMENTS_PATH, CLOSE_PATH, FETCH_PATH, HELLO_PATH, Hello, LIST_PATH,
    MAILBOXES_PATH, MESSAGES_PATH, PASS_FILES_PATH, PASS_PATH, RELEASE_PATH, VERSION,
};

use envelopes::{acknowledge, fetch, list, release};
use error::RelayError;
use files::file_part;
use messages::{close, mailboxes, messages};
use passing::{pass_file, pass_up};

/// Largest relay request: a batch of the largest messages in base64.
const BODY_MAX_BYTES: usize = 96 * 1024 * 1024;

/// Adds the relay's routes.
pub fn configure(service: &mut ServiceConfig) {
    service
        .app_data(JsonConfig::default().limit(BODY_MAX_BYTES))
        .route(HELLO_PATH, get().to(hello))
        .route(LIST_PATH, get().to(list))
        .route(FETCH_PATH, post().to(fetch))
        .route(ACKNOWLEDGE_PATH, post().to(acknowledge))
        .route(RELEASE_PATH, post().to(release))
        .route(
            &format!("{ATTACHMENTS_PATH}/{{envelope}}/{{id}}"),
            get().to(file_part),
        )
        .route(MAILBOXES_PATH, post().to(mailboxes))
        .route(CLOSE_PATH, post().to(close))
        .route(PASS_PATH, post().to(pass_up))
        .route(&format!("{PASS_FILES_PATH}/{{id}}"), post().to(pass_file))
        .route(MESSAGES_PATH, post().to(messages));
}

async fn hello(Caller(office): Caller, desk: Data<IntakeDesk>) -> Result<Json<Hello>, RelayError> {
    let waiting = desk.store.waiting(&office).await?;
    Ok(Json(Hello {
        version: VERSION,
        office,
        waiting,
    }))
}

fn parse_id(text: &str) -> Result<[u8; 16], RelayError> {
    entropy::parse_id(text).ok_or(RelayError::Malformed)
}
