//! What waits for an office: its envelopes listed, fetched, acknowledged and released.

use super::clients::Caller;
use super::{RelayError, parse_id};
use crate::desk::IntakeDesk;
use crate::store::EnvelopeName;
use actix_web::web::{Data, Json, Query};
use mifeng_sealing::ContentHash;
use mifeng_sealing::relay::{
    AttachmentEntry, BATCH_MAX, Done, EnvelopeEntry, EnvelopeList, EnvelopeRefs, FETCH_MAX_BYTES,
    FetchRequest, FetchResponse, FetchedEnvelope, ListQuery, ListState,
};

pub(super) async fn list(
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

pub(super) async fn fetch(
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

pub(super) async fn acknowledge(
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

pub(super) async fn release(
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
