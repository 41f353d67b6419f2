//! Coming back without showing the code: for a page or a program that opens its mailbox and seals what it says itself.

use super::admitted::Asked;
use super::responses::{padded, padded_to};
use crate::conversation::SealedReplyTo;
use crate::pickup;
use crate::problem::Problem;
use actix_web::HttpResponse;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::entropy::parse_id;
use mifeng_sealing::{Lookup, SealedReply, SubmissionTag};
use serde::Deserialize;
use serde_json::json;

/// Smallest answer to a pickup that is opened elsewhere, in bytes; larger mailboxes double it. Eleven messages of the
/// smallest class fit, so that most mailboxes look alike from their first day to their last.
pub const SEALED_PICKUP_CLASS_BYTES: usize = 64 * 1024;

/// Messages are written out so many at a time, empty ones among them.
const WRITTEN_AT_ONCE: usize = 8;

/// An empty place in the answer: as long as the smallest message.
const EMPTY: [u8; 4096] = [0; 4096];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealedPickup {
    lookup: String,
}

/// `POST`: what lies under a lookup, sealed. Status, headers, length and work are the same whether it is known, unknown,
/// empty or full.
pub(super) async fn pickups(asked: Asked<SealedPickup>) -> Result<HttpResponse, Problem> {
    let Asked { at, body } = asked;
    let lookup = Lookup::from_hex(&body.lookup).ok_or(Problem::Malformed)?;
    let mailbox = pickup::fetch(&at.desk, &at.limits, at.source, &at.office, &lookup).await?;
    let messages: Vec<String> = mailbox
        .messages
        .iter()
        .map(|sealed| BASE64_STANDARD.encode(sealed))
        .collect();
    let places = messages.len().max(1).next_multiple_of(WRITTEN_AT_ONCE);
    for _ in messages.len()..places {
        std::hint::black_box(BASE64_STANDARD.encode(std::hint::black_box(EMPTY)));
    }
    let answer = json!({
        "known": mailbox.addressee.is_some(),
        "addressee": mailbox.addressee.as_deref().unwrap_or(at.office.slug()),
        "today": at.desk.today(&at.office),
        "messages": messages,
        "opened": mailbox.opened.to_hex(),
    });
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .body(padded_to(
            answer.to_string(),
            ' ',
            SEALED_PICKUP_CLASS_BYTES,
        )))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SentReply {
    lookup: String,
    submission_tag: String,
    ciphertext: String,
    /// Ids of files that were sent before.
    #[serde(default)]
    attachments: Vec<String>,
    /// Whether the mailbox shall be deleted, which cannot be read from what is sealed.
    #[serde(default)]
    farewell: bool,
}

/// `POST`: stores what a reporter says, once.
pub(super) async fn replies(asked: Asked<SentReply>) -> Result<HttpResponse, Problem> {
    let Asked { at, body } = asked;
    let lookup = Lookup::from_hex(&body.lookup).ok_or(Problem::Malformed)?;
    let tag = SubmissionTag::from_hex(&body.submission_tag).ok_or(Problem::Malformed)?;
    let file = BASE64_STANDARD.decode(&body.ciphertext);
    let file = file.map_err(|_| Problem::Malformed)?;
    let attachments: Option<Vec<_>> = body.attachments.iter().map(|id| parse_id(id)).collect();
    let attachments = attachments.ok_or(Problem::Malformed)?;
    at.desk.check_sealed_files(&attachments)?;
    let addressee = pickup::enter(&at.desk, &at.limits, at.source, &at.office, &lookup).await?;
    let readers = at.office.readers_called(&addressee);
    let readers = readers.ok_or(Problem::UnknownAddressee)?;
    let reply = SealedReplyTo {
        sealed: SealedReply::receive(file, readers.len())?,
        lookup,
        addressee,
        submission_tag: tag,
        attachments,
        farewell: body.farewell,
    };
    let stored = at.desk.say_sealed(&at.office, reply).await?;
    stored.ok_or(Problem::UnknownCode)?;
    let answer = json!({"received_day": at.desk.today(&at.office)}).to_string();
    Ok(HttpResponse::Created()
        .content_type("application/json")
        .body(padded(answer, ' ')))
}
