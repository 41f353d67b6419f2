//! What intake answers, looked at before anything is made of it: the public host may be anybody's by now. An answer has an
//! end, a list no more in it than there can be, and an entry only what an honest intake would say. What is refused is told.

use super::exchange::PullError;
use crate::audit::{Act, Kind};
use crate::office::{Office, ProtocolViolation};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::parse_id;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::relay::{
    AttachmentEntry, BATCH_MAX, EnvelopeEntry, FETCH_MAX_BYTES, RANGE_MAX_BYTES,
};
use mifeng_sealing::tip::ATTACHMENTS_MAX;
use mifeng_sealing::{ContentHash, is_attachment_length, is_class};
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// Most bytes of an answer that lists envelopes: of a full page an entry takes some 300 bytes, and a file of it some 80.
const LIST_MAX_BYTES: usize = BATCH_MAX * (512 + ATTACHMENTS_MAX * 96);

/// Most bytes of an answer with envelopes: base64 of as much as is sent at once, with one of the largest class above it.
const FETCHED_MAX_BYTES: usize = (FETCH_MAX_BYTES + 1024 * 1024) / 3 * 4 + BATCH_MAX * 256;

/// Most bytes of any other answer: some ids.
const ANSWER_MAX_BYTES: usize = BATCH_MAX * 256;

/// How long before its coming an envelope may be dated, in days: as long as a manifest is signed for at most, and as an
/// office's triage may be away. What is older nobody sealed for this office.
const OLDEST_DAYS: i32 = 2 * 366;

/// How far ahead an envelope may be dated, in days: the two machines' clocks may stand on two sides of midnight.
const AHEAD_DAYS: i32 = 1;

/// What an answer is to, and so how long it may be.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    List,
    Envelopes,
    Other,
}

impl Asked {
    fn max_bytes(self) -> usize {
        match self {
            Self::List => LIST_MAX_BYTES,
            Self::Envelopes => FETCHED_MAX_BYTES,
            Self::Other => ANSWER_MAX_BYTES,
        }
    }
}

/// Reads an answer of at most `max_bytes`, and lets go of one that is longer as soon as it is.
async fn bounded(answer: reqwest::Response, max_bytes: usize) -> Result<Vec<u8>, PullError> {
    let mut answer = answer.error_for_status()?;
    if answer
        .content_length()
        .is_some_and(|length| length > max_bytes as u64)
    {
        return Err(ProtocolViolation::TooLong.into());
    }
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if bytes.len() + piece.len() > max_bytes {
            return Err(ProtocolViolation::TooLong.into());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// The same, read as JSON.
pub(super) async fn read<T: DeserializeOwned>(
    answer: reqwest::Response,
    asked: Asked,
) -> Result<T, PullError> {
    let bytes = bounded(answer, asked.max_bytes()).await?;
    serde_json::from_slice(&bytes).map_err(|_| ProtocolViolation::NotAnAnswer.into())
}

/// A part of a file.
pub(super) async fn read_range(answer: reqwest::Response) -> Result<Vec<u8>, PullError> {
    bounded(answer, RANGE_MAX_BYTES).await
}

/// An entry that can be, with its id as bytes.
pub(super) type Listed = (EnvelopeEntry, [u8; 16]);

/// The entries of a page that can be, each with its id as bytes, and a violation for each of the others. Ids ascend, and begin
/// behind `after`: a list that goes back would have no end.
pub(super) fn looked_at(
    entries: Vec<EnvelopeEntry>,
    after: &str,
    today: Day,
) -> Result<(Vec<Listed>, Vec<ProtocolViolation>), ProtocolViolation> {
    if entries.len() > BATCH_MAX {
        return Err(ProtocolViolation::TooMany);
    }
    let (mut fine, mut violations) = (Vec::new(), Vec::new());
    let mut last = after.to_owned();
    for entry in entries {
        if entry.id <= last {
            return Err(ProtocolViolation::Id);
        }
        last.clone_from(&entry.id);
        match wrong_with(&entry, today) {
            Ok(id) => fine.push((entry, id)),
            Err(violation) => violations.push(violation),
        }
    }
    Ok((fine, violations))
}

/// The entry's id, if the entry can be.
fn wrong_with(entry: &EnvelopeEntry, today: Day) -> Result<[u8; 16], ProtocolViolation> {
    let id = plain_id(&entry.id).ok_or(ProtocolViolation::Id)?;
    let hash = ContentHash::from_hex(&entry.content_sha256).ok_or(ProtocolViolation::Id)?;
    if hash.to_hex() != entry.content_sha256 {
        return Err(ProtocolViolation::Id);
    }
    let age_days = today.days_since(entry.received_day);
    if !(-AHEAD_DAYS..=OLDEST_DAYS).contains(&age_days) {
        return Err(ProtocolViolation::Day);
    }
    if !usize::try_from(entry.size_bytes).is_ok_and(is_class) {
        return Err(ProtocolViolation::Size);
    }
    if entry.attachments.len() > ATTACHMENTS_MAX {
        return Err(ProtocolViolation::TooMany);
    }
    let mut seen = BTreeSet::new();
    for AttachmentEntry { id, size_bytes } in &entry.attachments {
        let id = plain_id(id).ok_or(ProtocolViolation::Id)?;
        if !seen.insert(id) {
            return Err(ProtocolViolation::Id);
        }
        if !is_attachment_length(*size_bytes) {
            return Err(ProtocolViolation::Size);
        }
    }
    Ok(id)
}

/// An id in the one spelling that an honest intake uses.
fn plain_id(text: &str) -> Option<[u8; 16]> {
    parse_id(text).filter(|id| hex::encode(id) == text)
}

/// Checks that an answer names no more than was asked for, and nothing else.
pub(super) fn only_asked<'a>(
    named: impl IntoIterator<Item = &'a String>,
    asked: impl Fn(&str) -> bool,
) -> Result<(), ProtocolViolation> {
    let mut seen = BTreeSet::new();
    for word in named {
        if !asked(word) || !seen.insert(word) {
            return Err(ProtocolViolation::Id);
        }
    }
    Ok(())
}

/// Takes note that something of intake's was refused: in the log, for whoever looks at the queue, and in the audit log
/// the first time since the start, of each kind.
pub(super) async fn record_violation(office: &Office, violation: ProtocolViolation) {
    log(Event::RelayRefused { cause: &violation });
    let is_first = {
        let mut refused = office.refused.lock();
        let count = refused.entry(violation).or_insert(0);
        *count += 1;
        *count == 1
    };
    if is_first {
        let act = Act::new(Kind::RelayRefused).detailed(violation.code());
        if let Err(cause) = office.audit_log().record_own(act).await {
            let place = "trail";
            log(Event::RequestFailed {
                place,
                cause: &cause,
            });
        }
    }
}
