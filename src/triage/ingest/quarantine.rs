//! What did not open: shown, tried again, kept, or discarded by two persons. Nothing else takes anything out of it, and what
//! is discarded leaves its row.

use super::opening::{Ingested, open_envelope};
use crate::audit::{Act, Kind};
use crate::cases::QuarantinedEnvelope;
use crate::casework::{REASON_MAX_CHARS, check_text, on_record};
use crate::model::{Member, MemberId, QuarantineReason};
use crate::office::{Office, OfficeError, open_json, seal_json};
use crate::store::{AttachmentState, QuarantineRow, QuarantineState, SignedBy};
use mifeng_foundation::supervisor::fenced;
use mifeng_sealing::ContentHash;

/// What came of trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It opened: it is a case now, or with its case.
    Opened,
    /// It does not open still.
    Still,
}

/// What did not open, what waits for a decision first.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for all but dispatcher and supervisor, or what the store says.
pub async fn quarantine(
    office: &Office,
    viewer: &Member,
) -> Result<Vec<QuarantinedEnvelope>, OfficeError> {
    if !viewer.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    let act = Act::new(Kind::QuarantineSeen);
    office.audit_log().record(Some(viewer.id), act).await?;
    let store = &office.parts.store;
    let (rows, files) = (store.quarantined().await?, store.kept_files().await?);
    let members = office.members().await?;
    let count = |content: ContentHash, state: AttachmentState| {
        let all = files.iter();
        all.filter(|file| file.content == content && file.state == state)
            .count()
    };
    let signer = |signed: Option<SignedBy>| {
        let signed = signed?;
        let member = members.iter().find(|one| one.id == signed.member);
        Some((member.map(|one| one.name.clone())?, signed.day))
    };
    let view = |row: QuarantineRow| QuarantinedEnvelope {
        files_kept: count(row.content, AttachmentState::Stored),
        files_waiting: count(row.content, AttachmentState::Waiting),
        why: why(office, &row),
        decided: signer(row.decided),
        signed: signer(row.signed),
        is_viewers: row.decided.is_some_and(|one| one.member == viewer.id),
        id: hex::encode(row.id),
        received_day: row.received_day,
        size_bytes: row.size_bytes,
        reason: row.reason,
        state: row.state,
        version: row.version,
        tried_day: row.tried_day,
    };
    let mut list: Vec<_> = rows.into_iter().map(view).collect();
    list.sort_by_key(|one| match one.state {
        QuarantineState::Waiting => 0,
        QuarantineState::DiscardProposed => 1,
        QuarantineState::Kept => 2,
        QuarantineState::Discarded => 3,
    });
    Ok(list)
}

/// Tries to open an envelope again: with another key, a newer program, or after the tip came that it adds to.
///
/// # Errors
/// As [`quarantine`]; [`OfficeError::NotYours`] where there is no such envelope, [`OfficeError::NotPossible`] where it
/// is discarded, [`OfficeError::Changed`] where another decided since `version`, [`OfficeError::Locked`].
pub async fn try_envelope_again(
    office: &Office,
    actor: &Member,
    id: [u8; 16],
    version: i64,
) -> Result<Tried, OfficeError> {
    decide(
        office,
        actor,
        id,
        version,
        Kind::QuarantineTried,
        async |row| {
            let envelope = row.envelope();
            // What a reply may carry makes it too large to lie in every future around it.
            let opened = open_envelope(office, &envelope, row.kind, &row.ciphertext);
            let opened = match fenced(Box::pin(opened)).await {
                Ok(opened) => opened?,
                // It stays where it is, as one that the program fails over still.
                Err(_) => Err(QuarantineReason::Failed),
            };
            let reason = match opened {
                Ok(Ingested::Case(_) | Ingested::Reply | Ingested::Unproven) => {
                    return Ok(Tried::Opened);
                }
                Ok(Ingested::Known) => return Err(OfficeError::Changed),
                Ok(Ingested::Quarantined(reason)) | Err(reason) => reason,
            };
            let tried = QuarantineRow {
                reason,
                tried_day: Some(office.today()),
                ..row
            };
            write_decision(office, &tried).await?;
            Ok(Tried::Still)
        },
    )
    .await
}

/// Keeps an envelope as it is, also where somebody proposed to discard it. A reason may be given.
///
/// # Errors
/// As [`try_envelope_again`]; [`OfficeError::NotPossible`] also where it is kept already, [`OfficeError::BadText`].
pub async fn keep_in_quarantine(
    office: &Office,
    actor: &Member,
    id: [u8; 16],
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    decide(
        office,
        actor,
        id,
        version,
        Kind::QuarantineKept,
        async |row| {
            if !reason.trim().is_empty() {
                check_text("reason", reason, REASON_MAX_CHARS)?;
            }
            let refused = row.state == QuarantineState::Kept;
            first_signs(office, actor, row, QuarantineState::Kept, reason, refused).await
        },
    )
    .await
}

/// Proposes to discard an envelope; it stays until a second person signs.
///
/// # Errors
/// As [`try_envelope_again`]; [`OfficeError::NotPossible`] also where that is proposed already, [`OfficeError::BadText`] without
/// a reason.
pub async fn propose_discarding(
    office: &Office,
    actor: &Member,
    id: [u8; 16],
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    decide(
        office,
        actor,
        id,
        version,
        Kind::DiscardProposed,
        async |row| {
            check_text("reason", reason, REASON_MAX_CHARS)?;
            let (to, refused) = (
                QuarantineState::DiscardProposed,
                row.state == QuarantineState::DiscardProposed,
            );
            first_signs(office, actor, row, to, reason, refused).await
        },
    )
    .await
}

/// Discards an envelope and its files, as the second person: what it was sealed with is gone, its row stays.
///
/// # Errors
/// As [`try_envelope_again`]; [`OfficeError::NotPossible`] where nobody proposed it, [`OfficeError::SecondPerson`] for whoever
/// did.
pub async fn approve_discarding(
    office: &Office,
    actor: &Member,
    id: [u8; 16],
    version: i64,
) -> Result<(), OfficeError> {
    decide(
        office,
        actor,
        id,
        version,
        Kind::DiscardApproved,
        async |row| {
            if row.state != QuarantineState::DiscardProposed {
                return Err(OfficeError::NotPossible);
            }
            if row.decided.is_none_or(|first| first.member == actor.id) {
                return Err(OfficeError::SecondPerson);
            }
            let discarded = QuarantineRow {
                state: QuarantineState::Discarded,
                signed: Some(signs_now(office, actor.id)),
                ..row
            };
            write_decision(office, &discarded).await
        },
    )
    .await
}

/// Does `deed` with an envelope that is not discarded, on record as `kind`; one decision at a time.
async fn decide<T>(
    office: &Office,
    actor: &Member,
    id: [u8; 16],
    version: i64,
    kind: Kind,
    deed: impl AsyncFnOnce(QuarantineRow) -> Result<T, OfficeError>,
) -> Result<T, OfficeError> {
    if office.is_locked() {
        return Err(OfficeError::Locked);
    }
    if !actor.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    let _exclusive = office.exclusive().await;
    let row = office.parts.store.quarantined_envelope(id).await?;
    let row = row.ok_or(OfficeError::NotYours)?;
    let act = Act::new(kind).of(id);
    on_record(office, actor, act, async {
        if row.version != version {
            return Err(OfficeError::Changed);
        }
        if row.state == QuarantineState::Discarded {
            return Err(OfficeError::NotPossible);
        }
        deed(row).await
    })
    .await
}

/// What one person can decide.
async fn first_signs(
    office: &Office,
    actor: &Member,
    row: QuarantineRow,
    state: QuarantineState,
    reason: &str,
    refused: bool,
) -> Result<(), OfficeError> {
    if refused {
        return Err(OfficeError::NotPossible);
    }
    let reason = reason.trim();
    let why = match reason {
        "" => None,
        _ => Some(seal_json(&reason, &office.parts.identity.recipient())?),
    };
    let decided = QuarantineRow {
        state,
        decided: Some(signs_now(office, actor.id)),
        why,
        ..row
    };
    write_decision(office, &decided).await
}

fn signs_now(office: &Office, member: MemberId) -> SignedBy {
    SignedBy {
        member,
        day: office.today(),
    }
}

async fn write_decision(office: &Office, row: &QuarantineRow) -> Result<(), OfficeError> {
    let written = office.parts.store.decide_quarantined(row).await?;
    written.then_some(()).ok_or(OfficeError::Changed)
}

fn why(office: &Office, row: &QuarantineRow) -> String {
    let opened = row.why.as_deref().filter(|_| !office.is_locked());
    let opened = opened.and_then(|why| open_json(&office.parts.identity, why).ok());
    opened.unwrap_or_default()
}
