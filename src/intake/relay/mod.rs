//! Intake's side of the relay: triage asks, by certificate or by token, and sees its own office's envelopes only.

mod clients;
mod passing;

pub use clients::{RelayClients, remember_certificate};

use super::attachments::FileProblem;
use super::desk::IntakeDesk;
use super::store::{EnvelopeName, NewMessage};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, ByteRangeSpec, ContentRange, ContentRangeSpec, Header as _, Range,
};
use actix_web::web::{Data, Json, JsonConfig, Path, Query, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use clients::Caller;
use mifeng_foundation::blobs::BlobError;
use mifeng_foundation::entropy;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::relay::{
    ACKNOWLEDGE_PATH, ATTACHMENTS_PATH, AttachmentEntry, BATCH_MAX, CLOSE_PATH, Done,
    EnvelopeEntry, EnvelopeList, EnvelopeRefs, FETCH_MAX_BYTES, FETCH_PATH, FetchRequest,
    FetchResponse, FetchedEnvelope, HELLO_PATH, Hello, LIST_PATH, ListQuery, ListState,
    MAILBOXES_PATH, MESSAGES_PATH, OpenMailboxes, Opened, PASS_FILES_PATH, PASS_PATH, PostMessages,
    Posted, RELEASE_PATH, VERSION,
};
use mifeng_sealing::{ContentHash, LookupDigest, SubmissionTag};
use passing::{pass_file, pass_up};

/// Largest relay request: a batch of the largest messages in base64.
const BODY_MAX_BYTES: usize = 96 * 1024 * 1024;

/// Why a relay request is refused.
#[derive(Debug, thiserror::Error)]
enum RelayError {
    #[error("unknown relay client")]
    Unknown,
    #[error("malformed request")]
    Malformed,
    #[error("the store failed")]
    Store(#[from] StoreError),
    #[error("the place for files failed")]
    Blobs(#[from] BlobError),
    #[error("no such attachment")]
    NoAttachment,
    #[error("a file cannot be taken")]
    File(FileProblem),
}

impl From<FileProblem> for RelayError {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

impl ResponseError for RelayError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::FORBIDDEN,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Store(_) | Self::Blobs(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoAttachment => StatusCode::NOT_FOUND,
            Self::File(problem) => problem.status(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let cause: Option<&dyn std::error::Error> = match self {
            Self::Store(cause) => Some(cause),
            Self::Blobs(cause) => Some(cause),
            _ => None,
        };
        if let Some(cause) = cause {
            log(Event::RequestFailed {
                place: "relay",
                cause,
            });
        }
        HttpResponse::build(self.status_code()).finish()
    }
}

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
            get().to(attachment),
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

async fn list(
    Caller(office): Caller,
    query: Query<ListQuery>,
    desk: Data<IntakeDesk>,
) -> Result<Json<EnvelopeList>, RelayError> {
    let after = match query.after.as_str() {
        "" => None,
        id => Some(parse_id(id)?),
    };
    let page = u32::try_from(BATCH_MAX).unwrap_or(u32::MAX);
    let only_waiting = query.state == ListState::Waiting;
    let mut rows = desk
        .store
        .list(&office, only_waiting, after, page + 1)
        .await?;
    let more = rows.len() > BATCH_MAX;
    rows.truncate(BATCH_MAX);
    let mut envelopes = Vec::with_capacity(rows.len());
    for row in rows {
        envelopes.push(EnvelopeEntry {
            id: hex::encode(row.id),
            kind: row.kind,
            content_sha256: row.content_hash.to_hex(),
            size_bytes: row.size_bytes,
            received_day: row.received_day,
            attachments: attachments_of(&desk, &office, row.id).await?,
        });
    }
    Ok(Json(EnvelopeList { envelopes, more }))
}

async fn attachments_of(
    desk: &IntakeDesk,
    office: &str,
    envelope: [u8; 16],
) -> Result<Vec<AttachmentEntry>, RelayError> {
    let Some(attachments) = &desk.attachments else {
        return Ok(Vec::new());
    };
    let found = attachments.of_envelope(office, envelope).await?.into_iter();
    let entry = |(id, size_bytes): ([u8; 16], u64)| AttachmentEntry {
        id: hex::encode(id),
        size_bytes,
    };
    Ok(found.map(entry).collect())
}

async fn attachment(
    Caller(office): Caller,
    request: HttpRequest,
    path: Path<(String, String)>,
    desk: Data<IntakeDesk>,
) -> Result<HttpResponse, RelayError> {
    let (envelope, id) = (parse_id(&path.0)?, parse_id(&path.1)?);
    let attachments = desk.attachments.as_ref();
    let attachments = attachments.ok_or(RelayError::NoAttachment)?;
    let named = attachments.of_envelope(&office, envelope).await?;
    let found = named.into_iter().find(|(one, _)| *one == id);
    let (_, size_bytes) = found.ok_or(RelayError::NoAttachment)?;
    let from = range_start(&request).ok_or(RelayError::Malformed)?;
    if from >= size_bytes {
        return Ok(HttpResponse::RangeNotSatisfiable().finish());
    }
    let bytes = attachments.read(id, from).await?;
    let bytes = bytes.ok_or(RelayError::NoAttachment)?;
    let to = from + bytes.len() as u64 - 1;
    Ok(HttpResponse::PartialContent()
        .content_type("application/octet-stream")
        .insert_header(ContentRange(ContentRangeSpec::Bytes {
            range: Some((from, to)),
            instance_length: Some(size_bytes),
        }))
        .body(bytes))
}

/// The first byte that is asked for; the whole file from its start where no range is named.
fn range_start(request: &HttpRequest) -> Option<u64> {
    if !request.headers().contains_key(header::RANGE) {
        return Some(0);
    }
    let Ok(Range::Bytes(ranges)) = Range::parse(request) else {
        return None;
    };
    match ranges.first()? {
        ByteRangeSpec::From(from) | ByteRangeSpec::FromTo(from, _) => Some(*from),
        ByteRangeSpec::Last(_) => None,
    }
}

async fn fetch(
    Caller(office): Caller,
    wanted: Json<FetchRequest>,
    desk: Data<IntakeDesk>,
) -> Result<Json<FetchResponse>, RelayError> {
    let mut envelopes = Vec::new();
    let mut total = 0;
    for id in wanted.ids.iter().take(BATCH_MAX) {
        let Some(ciphertext) = desk.store.fetch(&office, parse_id(id)?).await? else {
            continue;
        };
        total += ciphertext.len();
        envelopes.push(FetchedEnvelope {
            id: id.clone(),
            ciphertext,
        });
        if total >= FETCH_MAX_BYTES {
            break;
        }
    }
    Ok(Json(FetchResponse { envelopes }))
}

async fn acknowledge(
    Caller(office): Caller,
    names: Json<EnvelopeRefs>,
    desk: Data<IntakeDesk>,
) -> Result<Json<Done>, RelayError> {
    let changed = desk
        .store
        .acknowledge(&office, &parse_names(&names)?)
        .await?;
    Ok(Json(Done { changed }))
}

async fn release(
    Caller(office): Caller,
    names: Json<EnvelopeRefs>,
    desk: Data<IntakeDesk>,
) -> Result<Json<Done>, RelayError> {
    let changed = desk.store.release(&office, &parse_names(&names)?).await?;
    if let Some(attachments) = &desk.attachments {
        // What cannot be deleted now is marked, and the sweep deletes it.
        let _ = attachments.purge().await;
    }
    Ok(Json(Done { changed }))
}

async fn messages(
    Caller(office): Caller,
    posted: Json<PostMessages>,
    desk: Data<IntakeDesk>,
) -> Result<Json<Posted>, RelayError> {
    put(&office, posted.into_inner(), &desk, false).await
}

async fn close(
    Caller(office): Caller,
    posted: Json<PostMessages>,
    desk: Data<IntakeDesk>,
) -> Result<Json<Posted>, RelayError> {
    put(&office, posted.into_inner(), &desk, true).await
}

/// Puts messages into mailboxes, which are closed with it where they are the last. One that the store cannot take for now is
/// named in neither list, so that triage sends it again, and keeps no other from its mailbox.
async fn put(
    office: &str,
    posted: PostMessages,
    desk: &IntakeDesk,
    are_last: bool,
) -> Result<Json<Posted>, RelayError> {
    if posted.messages.len() > BATCH_MAX {
        return Err(RelayError::Malformed);
    }
    let mut answer = Posted {
        stored: Vec::new(),
        no_mailbox: Vec::new(),
    };
    let mut failed = None;
    for entry in posted.messages {
        let lookup_digest =
            LookupDigest::from_hex(&entry.lookup_digest).ok_or(RelayError::Malformed)?;
        let message = NewMessage {
            id: parse_id(&entry.id)?,
            lookup_digest,
            ciphertext: entry.ciphertext,
        };
        let stored = if are_last {
            desk.store.close_mailbox(office, message).await
        } else {
            desk.store.post(office, message).await
        };
        match stored {
            Ok(true) => answer.stored.push(entry.id),
            Ok(false) => answer.no_mailbox.push(entry.id),
            Err(cause) => {
                log(Event::RequestFailed {
                    place: "relay",
                    cause: &cause,
                });
                failed = Some(cause);
            }
        }
    }
    match failed {
        // It is the store, and no one message.
        Some(cause) if answer.stored.is_empty() && answer.no_mailbox.is_empty() => {
            Err(cause.into())
        }
        _ => Ok(Json(answer)),
    }
}

async fn mailboxes(
    Caller(office): Caller,
    wanted: Json<OpenMailboxes>,
    desk: Data<IntakeDesk>,
) -> Result<Json<Opened>, RelayError> {
    if wanted.mailboxes.len() > BATCH_MAX {
        return Err(RelayError::Malformed);
    }
    let mut answer = Opened {
        open: Vec::new(),
        taken: Vec::new(),
    };
    for entry in wanted.into_inner().mailboxes {
        let digest = LookupDigest::from_hex(&entry.lookup_digest).ok_or(RelayError::Malformed)?;
        let tag = SubmissionTag::from_hex(&entry.submission_tag).ok_or(RelayError::Malformed)?;
        if desk.store.open_mailbox(&office, digest, tag).await? {
            answer.open.push(entry.lookup_digest);
        } else {
            answer.taken.push(entry.lookup_digest);
        }
    }
    Ok(Json(answer))
}

fn parse_names(names: &EnvelopeRefs) -> Result<Vec<EnvelopeName>, RelayError> {
    if names.envelopes.len() > BATCH_MAX {
        return Err(RelayError::Malformed);
    }
    names
        .envelopes
        .iter()
        .map(|name| {
            let content =
                ContentHash::from_hex(&name.content_sha256).ok_or(RelayError::Malformed)?;
            Ok((parse_id(&name.id)?, content))
        })
        .collect()
}

fn parse_id(text: &str) -> Result<[u8; 16], RelayError> {
    entropy::parse_id(text).ok_or(RelayError::Malformed)
}
