//! What an office puts into mailboxes, and mailboxes that it makes for tips that came by other ways.

use super::clients::Caller;
use super::{RelayError, parse_id};
use crate::desk::IntakeDesk;
use crate::store::NewMessage;
use actix_web::web::{Data, Json};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::relay::{BATCH_MAX, OpenMailboxes, Opened, PostMessages, Posted};
use mifeng_sealing::{LookupDigest, SubmissionTag};

pub(super) async fn messages(
    Caller(office): Caller,
    posted: Json<PostMessages>,
    desk: Data<IntakeDesk>,
) -> Result<Json<Posted>, RelayError> {
    put(&office, posted.into_inner(), &desk, false).await
}

pub(super) async fn close(
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

pub(super) async fn mailboxes(
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
