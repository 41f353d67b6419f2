//! Rows as both engines give them back.

use super::day_from;
use super::engines::{PgTriageStore, SqliteTriageStore};
use super::message_rows::{HistoryRow, MessageRow};
use super::rows::{CaseRow, DeadlineRow, JoinedRow, TipRow};
use crate::deadlines::EscalationLevel;
use crate::model::{CaseId, CaseState, MemberId};
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::{ContentHash, LookupDigest};
use sqlx::Row as _;

pub(super) type Blob = Vec<u8>;

pub(super) fn optional_id(bytes: Option<Blob>) -> Result<Option<[u8; 16]>, StoreError> {
    bytes.map(|bytes| id_from(&bytes)).transpose()
}

macro_rules! reading {
    ($store:ty, $row:ty) => {
        impl $store {
            pub(super) fn case_row(row: &$row) -> Result<CaseRow, StoreError> {
                let state: String = row.try_get("state")?;
                Ok(CaseRow {
                    id: CaseId(id_from(&row.try_get::<Blob, _>("id")?)?),
                    number: row.try_get("number")?,
                    state: CaseState::from_code(&state)
                        .ok_or(StoreError::Damaged("a case's state is unknown"))?,
                    handler: optional_id(row.try_get("handler_id")?)?.map(MemberId),
                    opened_day: day_from(row.try_get("opened_day")?)?,
                    changed_day: day_from(row.try_get("changed_day")?)?,
                    version: row.try_get("version")?,
                    recipient: row.try_get("recipient")?,
                    wrapped_identity: row.try_get("wrapped_identity")?,
                    summary: row.try_get("card")?,
                    joined: Self::joined_row(row)?,
                })
            }

            fn joined_row(row: &$row) -> Result<Option<JoinedRow>, StoreError> {
                let Some(lead) = optional_id(row.try_get("joined_to")?)? else {
                    return Ok(None);
                };
                Ok(Some(JoinedRow {
                    lead: CaseId(lead),
                    day: day_from(row.try_get("joined_day")?)?,
                    identity: row.try_get("joined_identity")?,
                }))
            }

            pub(super) fn tip_row(row: &$row) -> Result<TipRow, StoreError> {
                Ok(TipRow {
                    id: id_from(&row.try_get::<Blob, _>("id")?)?,
                    case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                    content: ContentHash::from_bytes(hash_from(
                        &row.try_get::<Blob, _>("content_sha256")?,
                    )?),
                    received_day: day_from(row.try_get("received_day")?)?,
                    mailbox: LookupDigest::from_bytes(hash_from(
                        &row.try_get::<Blob, _>("lookup_digest")?,
                    )?),
                    sealed: row.try_get("sealed")?,
                    sketch: row.try_get("sketch")?,
                })
            }

            pub(super) fn deadline_row(row: &$row) -> Result<DeadlineRow, StoreError> {
                Ok(DeadlineRow {
                    id: id_from(&row.try_get::<Blob, _>("id")?)?,
                    case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                    rule: row.try_get("rule_id")?,
                    start_day: day_from(row.try_get("start_day")?)?,
                    due_day: day_from(row.try_get("due_day")?)?,
                    provisional: row.try_get::<i64, _>("provisional")? != 0,
                    met_day: row
                        .try_get::<Option<i64>, _>("met_day")?
                        .map(day_from)
                        .transpose()?,
                    extended_days: u16::try_from(row.try_get::<i64, _>("extended_days")?)
                        .map_err(|_| StoreError::Damaged("an extension is out of range"))?,
                    escalated: EscalationLevel::from_number(row.try_get("climbed")?).ok_or(
                        StoreError::Damaged("a deadline was escalated to nobody known"),
                    )?,
                    moved_times: u32::try_from(row.try_get::<i64, _>("moved_times")?)
                        .map_err(|_| StoreError::Damaged("a clock was moved too often"))?,
                    moved_day: row
                        .try_get::<Option<i64>, _>("moved_day")?
                        .map(day_from)
                        .transpose()?,
                })
            }

            pub(super) fn history_row(row: &$row) -> Result<HistoryRow, StoreError> {
                Ok(HistoryRow {
                    id: id_from(&row.try_get::<Blob, _>("id")?)?,
                    day: day_from(row.try_get("day")?)?,
                    sealed: row.try_get("sealed")?,
                })
            }

            pub(super) fn message_row(row: &$row) -> Result<(MessageRow, bool), StoreError> {
                Ok((
                    MessageRow {
                        id: id_from(&row.try_get::<Blob, _>("id")?)?,
                        tip: id_from(&row.try_get::<Blob, _>("tip_id")?)?,
                        case: CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?),
                        from_reporter: row.try_get::<i64, _>("from_reporter")? != 0,
                        day: day_from(row.try_get("day")?)?,
                        sealed: row.try_get("sealed")?,
                    },
                    row.try_get::<i64, _>("waiting")? == 0,
                ))
            }
        }
    };
}

reading!(SqliteTriageStore, sqlx::sqlite::SqliteRow);
reading!(PgTriageStore, sqlx::postgres::PgRow);
