//! Envelopes that did not open, and what persons decided on them, on both engines.

use super::day_from;
use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::{Blob, optional_id};
use super::rows::{KeptFileRow, StoredEnvelope};
use crate::model::{MemberId, QuarantineReason};
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::{ContentHash, EnvelopeKind};
use sqlx::Row as _;

/// What is decided on an envelope that did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuarantineState {
    /// Nothing yet.
    Waiting,
    /// It stays as it is.
    Kept,
    /// Somebody would have it discarded; a second person has not signed.
    DiscardProposed,
    /// Two persons had it discarded: the row is all that is left.
    Discarded,
}

impl QuarantineState {
    /// Every state.
    pub const ALL: [Self; 4] = [
        Self::Waiting,
        Self::Kept,
        Self::DiscardProposed,
        Self::Discarded,
    ];

    /// The word stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Kept => "kept",
            Self::DiscardProposed => "discard_proposed",
            Self::Discarded => "discarded",
        }
    }

    fn from_code(code: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or(StoreError::Damaged("a decision is unknown"))
    }
}

/// Who decided, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedBy {
    /// The member.
    pub member: MemberId,
    /// The day.
    pub day: Day,
}

/// An envelope that did not open.
#[derive(Clone, Debug)]
pub struct QuarantineRow {
    /// Its id at intake.
    pub id: [u8; 16],
    /// Hash of its ciphertext.
    pub content: ContentHash,
    /// As it came; empty where it is only listed, and where it is discarded.
    pub ciphertext: Vec<u8>,
    /// Length of the ciphertext as it came, in bytes.
    pub size_bytes: u64,
    /// What intake said it is; `None` for those from before this was noted.
    pub kind: Option<EnvelopeKind>,
    /// Why it is in quarantine.
    pub reason: QuarantineReason,
    /// The day it came to intake.
    pub received_day: Day,
    /// What is decided on it.
    pub state: QuarantineState,
    /// Raised by every decision.
    pub version: i64,
    /// The day it was last tried again.
    pub tried_day: Option<Day>,
    /// Who kept it, or proposed to discard it.
    pub decided: Option<SignedBy>,
    /// The second person, where it is discarded.
    pub signed: Option<SignedBy>,
    /// Sealed to the office: the reason of the first.
    pub why: Option<Vec<u8>>,
}

impl QuarantineRow {
    /// The envelope, to be tried again.
    #[must_use]
    pub fn envelope(&self) -> StoredEnvelope {
        StoredEnvelope {
            content: self.content,
            intake_id: self.id,
            received_day: self.received_day,
            from_quarantine: true,
        }
    }
}

/// The quarantine's part of triage's store.
#[async_trait]
pub trait QuarantineStore {
    /// Keeps an envelope that did not open, with the rows of its files, once. Nothing is decided on it yet.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn store_quarantined(
        &self,
        envelope: &StoredEnvelope,
        row: &QuarantineRow,
        files: &[KeptFileRow],
    ) -> Result<bool, StoreError>;
    /// What is in quarantine, the oldest first, without the ciphertexts.
    async fn quarantined(&self) -> Result<Vec<QuarantineRow>, StoreError>;
    /// One of them, with its ciphertext.
    async fn quarantined_envelope(&self, id: [u8; 16])
    -> Result<Option<QuarantineRow>, StoreError>;
    /// Writes what is decided in `row`, whose `version` is the one that is expected, and is raised. What is discarded loses
    /// its ciphertext. `false`, and nothing is done, if another decided meanwhile.
    async fn decide_quarantined(&self, row: &QuarantineRow) -> Result<bool, StoreError>;
    /// How many envelopes are in this state.
    async fn count_quarantined(&self, state: QuarantineState) -> Result<u64, StoreError>;
}

macro_rules! quarantine {
    ($store:ty, $row:ty, $connection:ty) => {
        impl $store {
            /// Takes an envelope out of quarantine, since it opens. The next backup holds what becomes of it.
            pub(super) async fn leave_quarantine(
                connection: &mut $connection,
                envelope: &StoredEnvelope,
            ) -> Result<bool, StoreError> {
                let content = envelope.content.as_bytes().as_slice();
                let gone = sqlx::query("DELETE FROM quarantine WHERE content_sha256 = $1 AND state <> 'discarded'")
                    .bind(content)
                    .execute(&mut *connection)
                    .await?;
                if gone.rows_affected() != 1 {
                    return Ok(false);
                }
                sqlx::query(
                    "UPDATE envelope SET state = 'opened',
                         stored_batch = (SELECT batch FROM backup_mark WHERE id = 1)
                     WHERE content_sha256 = $1",
                )
                .bind(content)
                .execute(connection)
                .await?;
                Ok(true)
            }

            fn signed_by(row: &$row, member: &str, day: &str) -> Result<Option<SignedBy>, StoreError> {
                let member = optional_id(row.try_get(member)?)?.map(MemberId);
                let day = row.try_get::<Option<i64>, _>(day)?.map(day_from).transpose()?;
                Ok(member.zip(day).map(|(member, day)| SignedBy { member, day }))
            }

            fn quarantine_row(row: &$row) -> Result<QuarantineRow, StoreError> {
                let kind: Option<String> = row.try_get("kind")?;
                let tried: Option<i64> = row.try_get("tried_day")?;
                Ok(QuarantineRow {
                    id: id_from(&row.try_get::<Blob, _>("id")?)?,
                    content: ContentHash::from_bytes(hash_from(&row.try_get::<Blob, _>("content_sha256")?)?),
                    ciphertext: Vec::new(),
                    size_bytes: row.try_get::<i64, _>("size_bytes")?.unsigned_abs(),
                    kind: kind.and_then(|code| EnvelopeKind::from_code(&code)),
                    reason: QuarantineReason::from_code(row.try_get("reason")?),
                    received_day: day_from(row.try_get("received_day")?)?,
                    state: QuarantineState::from_code(row.try_get("state")?)?,
                    version: row.try_get("version")?,
                    tried_day: tried.map(day_from).transpose()?,
                    decided: Self::signed_by(row, "decided_by", "decided_day")?,
                    signed: Self::signed_by(row, "signed_by", "signed_day")?,
                    why: row.try_get("why")?,
                })
            }
        }

        #[async_trait]
        impl QuarantineStore for $store {
            async fn store_quarantined(
                &self,
                envelope: &StoredEnvelope,
                row: &QuarantineRow,
                files: &[KeptFileRow],
            ) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                if !Self::insert_envelope(&mut transaction, envelope, "quarantined").await? {
                    return Ok(false);
                }
                sqlx::query(
                    "INSERT INTO quarantine (id, content_sha256, ciphertext, size_bytes, kind, reason, received_day)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(row.id.as_slice())
                .bind(row.content.as_bytes().as_slice())
                .bind(row.ciphertext.as_slice())
                .bind(i64::try_from(row.size_bytes).unwrap_or(i64::MAX))
                .bind(row.kind.map(EnvelopeKind::code))
                .bind(row.reason.code())
                .bind(i64::from(row.received_day.number()))
                .execute(&mut *transaction)
                .await?;
                Self::insert_kept_files(&mut transaction, files).await?;
                transaction.commit().await?;
                Ok(true)
            }

            async fn quarantined(&self) -> Result<Vec<QuarantineRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT id, content_sha256, size_bytes, kind, reason, received_day, state, version, tried_day,
                         decided_by, decided_day, signed_by, signed_day, why
                     FROM quarantine ORDER BY received_day, id",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::quarantine_row).collect()
            }

            async fn quarantined_envelope(&self, id: [u8; 16]) -> Result<Option<QuarantineRow>, StoreError> {
                let row = sqlx::query("SELECT * FROM quarantine WHERE id = $1")
                    .bind(id.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.map(|row| {
                    let ciphertext = row.try_get("ciphertext")?;
                    Ok(QuarantineRow {
                        ciphertext,
                        ..Self::quarantine_row(&row)?
                    })
                })
                .transpose()
            }

            async fn decide_quarantined(&self, row: &QuarantineRow) -> Result<bool, StoreError> {
                let (decided, signed) = (row.decided.as_ref(), row.signed.as_ref());
                let discarded = row.state == QuarantineState::Discarded;
                let nothing: &[u8] = &[];
                let done = sqlx::query(
                    "UPDATE quarantine SET state = $1, reason = $2, tried_day = $3, decided_by = $4, decided_day = $5,
                         signed_by = $6, signed_day = $7, why = $8, version = version + 1,
                         ciphertext = CASE WHEN $9 = 1 THEN $10 ELSE ciphertext END
                     WHERE id = $11 AND version = $12",
                )
                .bind(row.state.code())
                .bind(row.reason.code())
                .bind(row.tried_day.map(|day| i64::from(day.number())))
                .bind(decided.map(|one| one.member.0.as_slice()))
                .bind(decided.map(|one| i64::from(one.day.number())))
                .bind(signed.map(|one| one.member.0.as_slice()))
                .bind(signed.map(|one| i64::from(one.day.number())))
                .bind(row.why.as_deref())
                .bind(i64::from(discarded))
                .bind(nothing)
                .bind(row.id.as_slice())
                .bind(row.version)
                .execute(&self.pool)
                .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn count_quarantined(&self, state: QuarantineState) -> Result<u64, StoreError> {
                let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM quarantine WHERE state = $1")
                    .bind(state.code())
                    .fetch_one(&self.pool)
                    .await?;
                Ok(count.unsigned_abs())
            }
        }
    };
}

quarantine!(
    SqliteTriageStore,
    sqlx::sqlite::SqliteRow,
    sqlx::SqliteConnection
);
quarantine!(PgTriageStore, sqlx::postgres::PgRow, sqlx::PgConnection);
