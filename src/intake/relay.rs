//! Intake's side of the relay: triage asks, by certificate or by token, and sees its own office's envelopes only.

use super::attachments::{Attachments, FileProblem, Target};
use super::desk::IntakeDesk;
use super::request::in_time;
use super::store::{Appended, EnvelopeName, NewEnvelope, NewMessage};
use crate::blobs::BlobError;
use crate::entropy;
use crate::relay::{
    ACKNOWLEDGE_PATH, ATTACHMENTS_PATH, AttachmentEntry, BATCH_MAX, Done, EnvelopeEntry,
    EnvelopeList, EnvelopeRefs, FETCH_MAX_BYTES, FETCH_PATH, FetchRequest, FetchResponse,
    FetchedEnvelope, HELLO_PATH, Hello, LIST_PATH, ListQuery, ListState, MAILBOXES_PATH,
    MESSAGES_PATH, OpenMailboxes, Opened, PASS_FILES_PATH, PASS_PATH, PassUp, Passed, PostMessages,
    Posted, RELEASE_PATH, VERSION,
};
use crate::sealing::{
    ContentHash, EnvelopeKind, LookupDigest, OfficeManifest, ParentOffice, SealedReply, SealedTip,
    SubmissionTag,
};
use crate::storage::StoreError;
use crate::telemetry::{Event, log};
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::{self, Extensions};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;
use actix_web::rt::net::TcpStream;
use actix_web::web::{Data, Json, JsonConfig, Path, Payload, Query, ServiceConfig, get, post};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use sha2::{Digest as _, Sha256};
use std::any::Any;
use std::collections::BTreeMap;
use std::future::{Ready, ready};

/// Longest wait for the next piece of a file, in seconds.
const PIECE_TIMEOUT_S: u64 = 60;

/// Largest relay request: a batch of the largest messages in base64.
const BODY_MAX_BYTES: usize = 96 * 1024 * 1024;

/// Who may ask, and for which office.
#[derive(Clone, Debug, Default)]
pub struct RelayClients {
    /// SHA-256 of a client certificate to the slug it stands for.
    pub by_certificate: BTreeMap<[u8; 32], String>,
    /// SHA-256 of a token to the slug it stands for; for plain listeners.
    pub by_token: BTreeMap<[u8; 32], String>,
    /// Whether the listener speaks TLS, so that the certificate decides.
    pub tls: bool,
}

/// The certificate a connection came with, by its hash.
#[derive(Clone, Copy)]
struct PeerCertificate([u8; 32]);

/// Remembers a connection's client certificate for its requests.
pub fn remember_certificate(connection: &dyn Any, extensions: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<TlsStream<TcpStream>>()
        && let Some(certificate) = stream
            .get_ref()
            .1
            .peer_certificates()
            .and_then(<[_]>::first)
    {
        extensions.insert(PeerCertificate(Sha256::digest(certificate).into()));
    }
}

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
        .route(PASS_PATH, post().to(pass_up))
        .route(&format!("{PASS_FILES_PATH}/{{id}}"), post().to(pass_file))
        .route(MESSAGES_PATH, post().to(messages));
}

/// The slug that a request may speak for.
struct Caller(String);

impl FromRequest for Caller {
    type Error = RelayError;
    type Future = Ready<Result<Self, RelayError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let clients = request.app_data::<Data<RelayClients>>();
        let slug = clients.and_then(|clients| clients.slug_of(request));
        ready(slug.map(Self).ok_or(RelayError::Unknown))
    }
}

impl RelayClients {
    fn slug_of(&self, request: &HttpRequest) -> Option<String> {
        let slug = if self.tls {
            request
                .conn_data::<PeerCertificate>()
                .and_then(|certificate| self.by_certificate.get(&certificate.0))
        } else {
            // Looked up by hash, so that the time taken says nothing of the token.
            bearer(request.headers())
                .and_then(|token| self.by_token.get(&<[u8; 32]>::from(Sha256::digest(token))))
        };
        slug.cloned()
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get("authorization")?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
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
    let from = range_start(request.headers()).ok_or(RelayError::Malformed)?;
    if from >= size_bytes {
        return Ok(HttpResponse::RangeNotSatisfiable().finish());
    }
    let bytes = attachments.read(id, from).await?;
    let bytes = bytes.ok_or(RelayError::NoAttachment)?;
    let to = from + bytes.len() as u64 - 1;
    Ok(HttpResponse::PartialContent()
        .content_type("application/octet-stream")
        .insert_header((
            header::CONTENT_RANGE,
            format!("bytes {from}-{to}/{size_bytes}"),
        ))
        .body(bytes))
}

/// The first byte that is asked for; the whole file from its start where no range is named.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    let Some(range) = headers.get(header::RANGE) else {
        return Some(0);
    };
    let range = range.to_str().ok()?.strip_prefix("bytes=")?;
    range.split_once('-')?.0.parse().ok()
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
    if posted.messages.len() > BATCH_MAX {
        return Err(RelayError::Malformed);
    }
    let mut answer = Posted {
        stored: Vec::new(),
        no_mailbox: Vec::new(),
    };
    for entry in posted.into_inner().messages {
        let lookup_digest =
            LookupDigest::from_hex(&entry.lookup_digest).ok_or(RelayError::Malformed)?;
        let message = NewMessage {
            id: parse_id(&entry.id)?,
            lookup_digest,
            ciphertext: entry.ciphertext,
        };
        let stored = desk.store.post(&office, message).await?;
        if stored {
            answer.stored.push(entry.id);
        } else {
            answer.no_mailbox.push(entry.id);
        }
    }
    Ok(Json(answer))
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

/// The office above of the one that asks.
fn parent_of<'a>(
    desk: &'a IntakeDesk,
    office: &str,
) -> Result<(&'a OfficeManifest, &'a ParentOffice), RelayError> {
    let manifest = desk.offices.get(office).ok_or(RelayError::Unknown)?;
    let parent = manifest.body().parent.as_ref();
    Ok((manifest, parent.ok_or(RelayError::Malformed)?))
}

/// Takes a file of what goes up, before the envelope that names it.
async fn pass_file(
    Caller(office): Caller,
    path: Path<String>,
    mut payload: Payload,
    desk: Data<IntakeDesk>,
) -> Result<Json<Done>, RelayError> {
    let id = parse_id(&path)?;
    let (manifest, parent) = parent_of(&desk, &office)?;
    let attachments = desk.attachments.as_ref();
    let attachments = attachments.ok_or(FileProblem::NotTaken)?;
    let target = Target {
        addressee: parent.slug.clone(),
        recipients: parent.recipients.clone(),
        day: desk.today(manifest),
    };
    let mut bytes = in_time(&mut payload, PIECE_TIMEOUT_S);
    let stored = attachments.store_passed(&target, id, &mut bytes).await?;
    Ok(Json(Done {
        changed: u64::from(stored),
    }))
}

/// Where the files of an envelope stand that goes up.
enum Files {
    /// The envelope was stored with them before.
    Claimed,
    /// They are here.
    Ready(Vec<[u8; 16]>),
    /// These are not.
    Missing(Vec<String>),
}

async fn files_of(
    attachments: Option<&Attachments>,
    addressee: &str,
    envelope: [u8; 16],
    named: &[String],
) -> Result<Files, RelayError> {
    let ids = named.iter().map(|id| parse_id(id));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() {
        return Ok(Files::Ready(ids));
    }
    let attachments = attachments.ok_or(FileProblem::NotTaken)?;
    let claimed = attachments.of_envelope(addressee, envelope).await?;
    if ids.iter().all(|id| claimed.iter().any(|one| one.0 == *id)) {
        return Ok(Files::Claimed);
    }
    let missing = attachments.missing(addressee, &ids).await?;
    Ok(if missing.is_empty() {
        Files::Ready(ids)
    } else {
        Files::Missing(missing.iter().map(hex::encode).collect())
    })
}

/// The mailbox is handed over first: what its reporter writes meanwhile goes where the tip goes. But not before the files are
/// here, which may take long: until then he writes to the office that has his tip.
async fn pass_up(
    Caller(office): Caller,
    wanted: Json<PassUp>,
    desk: Data<IntakeDesk>,
) -> Result<Json<Passed>, RelayError> {
    let wanted = wanted.into_inner();
    let (manifest, parent) = parent_of(&desk, &office)?;
    if wanted.envelopes.len() > BATCH_MAX {
        return Err(RelayError::Malformed);
    }
    let digest = LookupDigest::from_hex(&wanted.lookup_digest).ok_or(RelayError::Malformed)?;
    let mut answer = Passed {
        stored: Vec::new(),
        missing: Vec::new(),
    };
    let mut envelopes = Vec::new();
    for entry in wanted.envelopes {
        let (file, count) = (entry.ciphertext, parent.recipients.len());
        let sealed = match entry.kind {
            EnvelopeKind::Tip => SealedTip::receive(file, count).map(|tip| tip.0),
            EnvelopeKind::Reply => SealedReply::receive(file, count).map(|reply| reply.0),
        };
        let sealed = sealed.map_err(|_| RelayError::Malformed)?;
        let id = parse_id(&entry.id)?;
        let attachments = desk.attachments.as_deref();
        let files = files_of(attachments, &parent.slug, id, &entry.attachments).await?;
        let attachments = match files {
            Files::Claimed => None,
            Files::Ready(ids) => Some(ids),
            Files::Missing(ids) => {
                answer.missing.extend(ids);
                continue;
            }
        };
        let envelope = attachments.map(|attachments| NewEnvelope {
            id,
            addressee: parent.slug.clone(),
            content_hash: sealed.content_hash(),
            ciphertext: sealed.into_bytes(),
            received_day: desk.today(manifest),
            attachments,
        });
        envelopes.push((entry.id, entry.kind, envelope));
    }
    if !answer.missing.is_empty() {
        return Ok(Json(answer));
    }
    desk.store.hand_over(&office, &parent.slug, digest).await?;
    for (id, kind, envelope) in envelopes {
        let appended = match envelope {
            Some(envelope) => desk.store.pass_up(envelope, kind).await?,
            None => Appended::AlreadyStored,
        };
        match appended {
            Appended::Stored | Appended::AlreadyStored => answer.stored.push(id),
            // In their order: a tip is there before what its reporter wrote since.
            Appended::QuotaFull | Appended::NoMailbox | Appended::FileGone => break,
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
