//! Changes of accounts that wait for an officer's signature, on both engines.

use super::engines::{PgStaffStore, SqliteStaffStore};
use super::password::StoredPassword;
use crate::model::MemberId;
use crate::store::day_from;
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// What is to be done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// It is closed.
    Close,
    /// It is changed.
    Edit,
    /// It gets another password, and its key is gone.
    Reset,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Close, Self::Edit, Self::Reset];

    /// The word stored, and the end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Edit => "edit",
            Self::Reset => "reset",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// That an officer refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who.
    pub by: MemberId,
    /// When.
    pub day: Day,
    /// Why, sealed to whoever asked.
    pub why: Vec<u8>,
}

/// A change of an account that waits for a signature, or was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRequest {
    /// Random id: what an officer signs.
    pub id: [u8; 16],
    /// The account.
    pub member: MemberId,
    /// What is to be done.
    pub kind: RequestKind,
    /// Who asked.
    pub asked_by: MemberId,
    /// When.
    pub asked_day: Day,
    /// The account as it was then.
    pub before: String,
    /// The account as it shall be.
    pub after: String,
    /// The password to be set.
    pub password: Option<StoredPassword>,
    /// That it was refused.
    pub refusal: Option<Refusal>,
}

/// The part of the accounts' store that keeps them.
#[async_trait]
pub trait RequestStore {
    /// Every request, in no order.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn account_requests(&self) -> Result<Vec<AccountRequest>, StoreError>;
    /// Puts a request in place of an earlier one of the same account.
    async fn put_account_request(&self, request: &AccountRequest) -> Result<(), StoreError>;
    /// Takes a request away; `false` if it is not there any more: of two who sign at once, one does.
    async fn take_account_request(&self, id: [u8; 16]) -> Result<bool, StoreError>;
    /// From whom access was taken away of how many cases since `day`.
    async fn access_taken_since(&self, day: Day) -> Result<Vec<(MemberId, u32)>, StoreError>;
    /// Notes that access to `cases` was taken from a member, and forgets what was before `since`.
    async fn note_access_taken(
        &self,
        member: MemberId,
        day: Day,
        cases: u32,
        since: Day,
    ) -> Result<(), StoreError>;
}

macro_rules! requests {
    ($store:ty, $row:ty) => {
        impl $store {
            fn account_request(row: &$row) -> Result<AccountRequest, StoreError> {
                let id = |name: &str| id_from(&row.try_get::<Vec<u8>, _>(name)?);
                let kind: String = row.try_get("kind")?;
                let password: Option<String> = row.try_get("password_phc")?;
                let refused_by: Option<Vec<u8>> = row.try_get("refused_by")?;
                let refusal = match refused_by {
                    None => None,
                    Some(by) => Some(Refusal {
                        by: MemberId(id_from(&by)?),
                        day: day_from(row.try_get("refused_day")?)?,
                        why: row.try_get("refused_why")?,
                    }),
                };
                Ok(AccountRequest {
                    id: id("id")?,
                    member: MemberId(id("member_id")?),
                    kind: RequestKind::from_code(&kind).ok_or(StoreError::Damaged("a kind of request"))?,
                    asked_by: MemberId(id("asked_by")?),
                    asked_day: day_from(row.try_get("asked_day")?)?,
                    before: row.try_get("before")?,
                    after: row.try_get("after")?,
                    password: password.map(StoredPassword::from_phc),
                    refusal,
                })
            }
        }

        #[async_trait]
        impl RequestStore for $store {
            async fn account_requests(&self) -> Result<Vec<AccountRequest>, StoreError> {
                let rows = sqlx::query("SELECT * FROM account_request").fetch_all(&self.pool).await?;
                rows.iter().map(Self::account_request).collect()
            }

            async fn put_account_request(&self, request: &AccountRequest) -> Result<(), StoreError> {
                let refusal = request.refusal.as_ref();
                let mut transaction = self.pool.begin().await?;
                sqlx::query("DELETE FROM account_request WHERE member_id = $1")
                    .bind(request.member.0.as_slice())
                    .execute(&mut *transaction)
                    .await?;
                sqlx::query(
                    "INSERT INTO account_request (member_id, id, kind, asked_by, asked_day, before, after, password_phc,
                                                  refused_by, refused_day, refused_why)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                )
                .bind(request.member.0.as_slice())
                .bind(request.id.as_slice())
                .bind(request.kind.code())
                .bind(request.asked_by.0.as_slice())
                .bind(i64::from(request.asked_day.number()))
                .bind(request.before.as_str())
                .bind(request.after.as_str())
                .bind(request.password.as_ref().map(StoredPassword::as_phc))
                .bind(refusal.map(|refusal| refusal.by.0.as_slice()))
                .bind(refusal.map(|refusal| i64::from(refusal.day.number())))
                .bind(refusal.map(|refusal| refusal.why.as_slice()))
                .execute(&mut *transaction)
                .await?;
                Ok(transaction.commit().await?)
            }

            async fn take_account_request(&self, id: [u8; 16]) -> Result<bool, StoreError> {
                let done = sqlx::query("DELETE FROM account_request WHERE id = $1")
                    .bind(id.as_slice())
                    .execute(&self.pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }

            async fn access_taken_since(&self, day: Day) -> Result<Vec<(MemberId, u32)>, StoreError> {
                let rows = sqlx::query("SELECT member_id, cases FROM sight_taken WHERE day >= $1")
                    .bind(i64::from(day.number()))
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        let cases = u32::try_from(row.try_get::<i64, _>(1)?);
                        let cases = cases.map_err(|_| StoreError::Damaged("a count is out of range"))?;
                        Ok((MemberId(id_from(&row.try_get::<Vec<u8>, _>(0)?)?), cases))
                    })
                    .collect()
            }

            async fn note_access_taken(
                &self,
                member: MemberId,
                day: Day,
                cases: u32,
                since: Day,
            ) -> Result<(), StoreError> {
                let mut transaction = self.pool.begin().await?;
                sqlx::query("DELETE FROM sight_taken WHERE day < $1")
                    .bind(i64::from(since.number()))
                    .execute(&mut *transaction)
                    .await?;
                sqlx::query(
                    "INSERT INTO sight_taken (member_id, day, cases) VALUES ($1, $2, $3)
                     ON CONFLICT (member_id, day) DO UPDATE SET cases = sight_taken.cases + excluded.cases",
                )
                .bind(member.0.as_slice())
                .bind(i64::from(day.number()))
                .bind(i64::from(cases))
                .execute(&mut *transaction)
                .await?;
                Ok(transaction.commit().await?)
            }
        }
    };
}

requests!(SqliteStaffStore, sqlx::sqlite::SqliteRow);
requests!(PgStaffStore, sqlx::postgres::PgRow);
