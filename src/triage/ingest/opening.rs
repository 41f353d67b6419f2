//! One envelope: opened in memory and taken in, or put into quarantine.

use super::attachments::kept_file_rows;
use super::new_case::open_new;
use super::read_tip::ReadTip;
use super::reply::ingest_reply;
use crate::model::QuarantineReason;
use crate::office::{Office, OfficeError};
use crate::store::{QuarantineRow, QuarantineState, StoredEnvelope, TipStored};
use mifeng_foundation::clock::Day;
use mifeng_foundation::supervisor::{by_itself, fenced};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::{Identity, OpenError, open_with};
use mifeng_sealing::relay::AttachmentEntry;
use mifeng_sealing::tip::ReplyDocument;
use mifeng_sealing::{ContentHash, EnvelopeKind};
use zeroize::Zeroizing;

/// Why what was said of a tip goes into quarantine that is not here.
pub(super) const NO_TIP: QuarantineReason = QuarantineReason::UnknownMailbox;

/// So many days, and so many at a time, what came before its tip is tried again.
const EARLY_DAYS: i32 = 2;

const EARLY_MAX: usize = 256;

/// An envelope as fetched.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Its id at intake.
    pub id: [u8; 16],
    /// Tip or reply, as intake says.
    pub kind: EnvelopeKind,
    /// The day it came to intake.
    pub received_day: Day,
    /// The age file.
    pub ciphertext: Vec<u8>,
    /// The files that came with it, as intake lists them.
    pub files: Vec<AttachmentEntry>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ingested {
    /// A case with this number was opened.
    Case(String),
    /// It was added to its case.
    Reply,
    /// It was added to its case, marked: nothing tells that the reporter wrote it.
    Unproven,
    /// It was stored before.
    Known,
    /// It is in quarantine, for this reason.
    Quarantined(QuarantineReason),
}

/// Why an envelope is in quarantine, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Quarantined(QuarantineReason);

/// Whether it is not the envelope's fault, so that the same may go well later: the store or the place for files is away or
/// full, or somebody changed the case at that moment.
fn may_pass(error: &OfficeError) -> bool {
    match error {
        OfficeError::Store(cause) => cause.may_pass(),
        OfficeError::Files(_) | OfficeError::Changed => true,
        _ => false,
    }
}

/// What is made of an envelope that the program failed over: it goes into quarantine like one that does not open, so that
/// neither the next one nor the next start meets it again.
fn failed_over(envelope: &StoredEnvelope, cause: &dyn std::error::Error) -> QuarantineReason {
    log(Event::EnvelopeFailed {
        id: &hex::encode(envelope.intake_id),
        cause,
    });
    QuarantineReason::Failed
}

/// Takes an envelope in, exactly once: what it returns is durable.
///
/// # Errors
/// What the store says, if that may pass; an envelope that cannot be read, or that the program fails over in whatever
/// way, is no error.
pub async fn ingest(office: &Office, arrived: &Arrived) -> Result<Ingested, OfficeError> {
    let _exclusive = office.exclusive().await;
    ingest_one(office, arrived).await
}

/// The same, for a caller that holds the exclusive lock.
pub(super) async fn ingest_one(
    office: &Office,
    arrived: &Arrived,
) -> Result<Ingested, OfficeError> {
    let envelope = arrived.envelope();
    if !office
        .parts
        .store
        .known(&[envelope.content])
        .await?
        .is_empty()
    {
        return Ok(Ingested::Known);
    }
    let opened = open_envelope(office, &envelope, Some(arrived.kind), &arrived.ciphertext);
    let reason = match fenced(Box::pin(opened)).await {
        Ok(Ok(Ok(ingested))) => return Ok(ingested),
        Ok(Ok(Err(reason))) => reason,
        Ok(Err(cause)) if may_pass(&cause) => return Err(cause),
        Ok(Err(cause)) => failed_over(&envelope, &cause),
        Err(cause) => failed_over(&envelope, &cause),
    };
    quarantine_envelope(office, &envelope, arrived, reason).await
}

/// Opens an envelope and takes in what is in it; the error says why it is to be put into quarantine. Without a kind
/// what is in it says which it is.
pub(super) async fn open_envelope(
    office: &Office,
    envelope: &StoredEnvelope,
    kind: Option<EnvelopeKind>,
    ciphertext: &[u8],
) -> Result<Result<Ingested, QuarantineReason>, OfficeError> {
    let json = match open_seal(&office.identities(), ciphertext) {
        Ok(json) => json,
        Err(reason) => return Ok(Err(reason)),
    };
    let kind = kind.unwrap_or_else(|| match ReplyDocument::from_json(&json) {
        Ok(_) => EnvelopeKind::Reply,
        Err(_) => EnvelopeKind::Tip,
    });
    match kind {
        EnvelopeKind::Tip => ingest_tip(office, envelope, &json).await,
        EnvelopeKind::Reply => ingest_reply(office, envelope, &json).await,
    }
}

/// Tries again what was said of a tip that had not come yet: intake lists by random ids, and a tip may be listed a round later
/// than what was added to it. What the office never got stays in quarantine.
///
/// # Errors
/// What the store says.
pub async fn try_early_again(office: &Office) -> Result<(), OfficeError> {
    let _exclusive = office.exclusive().await;
    let store = &office.parts.store;
    let since = office.today().plus_days(-EARLY_DAYS);
    let rows = store.quarantined().await?.into_iter().filter(|row| {
        let waits = row.state == QuarantineState::Waiting;
        waits && row.reason == NO_TIP && row.received_day >= since
    });
    for id in rows.map(|row| row.id).take(EARLY_MAX) {
        let Some(row) = store.quarantined_envelope(id).await? else {
            continue;
        };
        let envelope = row.envelope();
        let opened = open_envelope(office, &envelope, row.kind, &row.ciphertext);
        by_itself("early additions", Box::pin(opened)).await;
    }
    Ok(())
}

/// Puts an envelope that cannot be taken in into quarantine, with its files, as it came.
pub(super) async fn quarantine_envelope(
    office: &Office,
    envelope: &StoredEnvelope,
    arrived: &Arrived,
    reason: QuarantineReason,
) -> Result<Ingested, OfficeError> {
    let row = QuarantineRow {
        id: arrived.id,
        content: envelope.content,
        size_bytes: arrived.ciphertext.len() as u64,
        ciphertext: arrived.ciphertext.clone(),
        kind: Some(arrived.kind),
        reason,
        received_day: arrived.received_day,
        state: QuarantineState::Waiting,
        version: 1,
        tried_day: None,
        decided: None,
        signed: None,
        why: None,
    };
    let files = kept_file_rows(office, envelope, &arrived.files);
    let store = &office.parts.store;
    if !store.store_quarantined(envelope, &row, &files).await? {
        // It was stored before the program failed over it, and is not lost.
        return Ok(Ingested::Known);
    }
    log(Event::Quarantined {
        id: &hex::encode(arrived.id),
        cause: &Quarantined(reason),
    });
    Ok(Ingested::Quarantined(reason))
}

async fn ingest_tip(
    office: &Office,
    envelope: &StoredEnvelope,
    json: &[u8],
) -> Result<Result<Ingested, QuarantineReason>, OfficeError> {
    let read = match ReadTip::of(json, &office.parts.slug) {
        Ok(read) => read,
        Err(reason) => return Ok(Err(reason)),
    };
    let (arriving, text) = read.arriving(envelope, json);
    Ok(match open_new(office, &arriving, &text).await? {
        TipStored::New(number) => Ok(Ingested::Case(number)),
        TipStored::Known => Ok(Ingested::Known),
        TipStored::MailboxTaken => Err(QuarantineReason::NotATip),
    })
}

impl Arrived {
    /// What is stored of it.
    pub(super) fn envelope(&self) -> StoredEnvelope {
        StoredEnvelope {
            content: ContentHash::of(&self.ciphertext),
            intake_id: self.id,
            received_day: self.received_day,
            from_quarantine: false,
        }
    }
}

/// Opens an envelope; the error says why it is to be put into quarantine.
pub(super) fn open_seal(
    with: &[Identity],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, QuarantineReason> {
    open_with(with, ciphertext).map_err(|error| match error {
        OpenError::Header(_) => QuarantineReason::Header,
        OpenError::WrongKey => QuarantineReason::WrongKey,
        _ => QuarantineReason::Damaged,
    })
}
