//! Passing up: what an office seals to the one above it lies here for that one from then on, with its files and its mailbox.

use super::clients::Caller;
use super::{RelayError, parse_id};
use crate::attachments::{Attachments, FileProblem, Target};
use crate::desk::IntakeDesk;
use crate::request::{Pace, in_time};
use crate::store::{Appended, NewEnvelope};
use actix_web::web::{Data, Json, Path, Payload};
use mifeng_foundation::clock::Day;
use mifeng_sealing::relay::{BATCH_MAX, Done, PassUp, Passed, PassedEnvelope};
use mifeng_sealing::{
    EnvelopeKind, LookupDigest, OfficeManifest, ParentOffice, SealedReply, SealedTip,
};

/// Longest wait for the next piece of a file, in seconds.
const PIECE_TIMEOUT_S: u64 = 60;

/// Longest time for a whole file, in seconds.
const FILE_TIMEOUT_S: u64 = 24 * 3600;

/// The office above of the one that asks.
fn parent_of<'a>(
    desk: &'a IntakeDesk,
    office: &str,
) -> Result<(&'a OfficeManifest, &'a ParentOffice), RelayError> {
    let manifest = desk.offices.served.get(office);
    let manifest = manifest.ok_or(RelayError::Unknown)?;
    let parent = manifest.body().parent.as_ref();
    Ok((manifest, parent.ok_or(RelayError::Malformed)?))
}

/// Takes a file of what goes up, before the envelope that names it.
pub(super) async fn pass_file(
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
    let pace = Pace::new(PIECE_TIMEOUT_S, 0, FILE_TIMEOUT_S);
    let mut bytes = in_time(&mut payload, &pace);
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

/// An envelope that goes up, once its files are here.
struct Ready {
    /// As it was named.
    id: String,
    kind: EnvelopeKind,
    /// `None` where it was stored with its files before.
    envelope: Option<NewEnvelope>,
}

/// The mailbox is handed over first: what its reporter writes meanwhile goes where the tip goes. But not before the files are
/// here, which may take long: until then he writes to the office that has his tip.
pub(super) async fn pass_up(
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
    let today = desk.today(manifest);
    let mut ready = Vec::new();
    for entry in wanted.envelopes {
        let missing = &mut answer.missing;
        ready.extend(receive(&desk, parent, today, entry, missing).await?);
    }
    if !answer.missing.is_empty() {
        return Ok(Json(answer));
    }
    desk.store.hand_over(&office, &parent.slug, digest).await?;
    for Ready { id, kind, envelope } in ready {
        match append(&desk, kind, envelope).await? {
            Appended::Stored | Appended::AlreadyStored => answer.stored.push(id),
            // In their order: a tip is there before what its reporter wrote since.
            Appended::QuotaFull | Appended::NoMailbox | Appended::Closed | Appended::FileGone => {
                break;
            }
        }
    }
    Ok(Json(answer))
}

/// Looks at one of the envelopes as far as that can be done without opening it. `None` where files of it are not here: they
/// are added to `missing`.
async fn receive(
    desk: &IntakeDesk,
    parent: &ParentOffice,
    today: Day,
    entry: PassedEnvelope,
    missing: &mut Vec<String>,
) -> Result<Option<Ready>, RelayError> {
    let (file, count) = (entry.ciphertext, parent.recipients.len());
    let sealed = match entry.kind {
        EnvelopeKind::Tip => SealedTip::receive(file, count).map(|tip| tip.0),
        EnvelopeKind::Reply => SealedReply::receive(file, count).map(|reply| reply.0),
    };
    let sealed = sealed.map_err(|_| RelayError::Malformed)?;
    let id = parse_id(&entry.id)?;
    let attachments = desk.attachments.as_deref();
    let attachments = match files_of(attachments, &parent.slug, id, &entry.attachments).await? {
        Files::Claimed => None,
        Files::Ready(ids) => Some(ids),
        Files::Missing(ids) => {
            missing.extend(ids);
            return Ok(None);
        }
    };
    let envelope = attachments.map(|attachments| NewEnvelope {
        id,
        addressee: parent.slug.clone(),
        content_hash: sealed.content_hash(),
        ciphertext: sealed.into_bytes(),
        received_day: today,
        attachments,
    });
    Ok(Some(Ready {
        id: entry.id,
        kind: entry.kind,
        envelope,
    }))
}

/// Stores one with its files, unless that was done before.
async fn append(
    desk: &IntakeDesk,
    kind: EnvelopeKind,
    envelope: Option<NewEnvelope>,
) -> Result<Appended, RelayError> {
    let Some(envelope) = envelope else {
        return Ok(Appended::AlreadyStored);
    };
    let files = envelope.attachments.clone();
    desk.make_room(&envelope).await;
    let appended = desk.store.pass_up(envelope, kind).await?;
    if appended == Appended::Stored {
        desk.claimed(&files);
    }
    Ok(appended)
}
