//! Which member holds the key of which case, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use super::rows::CaseRow;
use crate::model::{CaseId, MemberId};
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// Who gets the key of a case, and who loses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrap {
    /// A case that stands by itself or leads; one that was joined to another, where all lose it.
    pub case: CaseId,
    /// Who gets it, with the case's identity sealed to each.
    pub give: Vec<(MemberId, Vec<u8>)>,
    /// Who loses it.
    pub take: Vec<MemberId>,
}

/// The keys' part of triage's store.
#[async_trait]
pub trait WrapStore {
    /// The identity of `case`, sealed to `member`, if she holds it.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn wrap(&self, case: CaseId, member: MemberId) -> Result<Option<Vec<u8>>, StoreError>;
    /// Every case whose key `member` holds, with its identity sealed to her.
    async fn wraps_of(&self, member: MemberId) -> Result<Vec<(CaseId, Vec<u8>)>, StoreError>;
    /// Who holds the key of `case`.
    async fn holders_of(&self, case: CaseId) -> Result<Vec<MemberId>, StoreError>;
    /// Cases that `member` handles, with those that were joined to them.
    async fn cases_handled_by(&self, member: MemberId) -> Result<Vec<CaseRow>, StoreError>;
    /// Cases whose key `member` holds, with those that were joined to them.
    async fn cases_held_by(&self, member: MemberId) -> Result<Vec<CaseRow>, StoreError>;
    /// The case that has or had this number, with all that are handled with it.
    async fn case_group(&self, number: &str) -> Result<Vec<CaseRow>, StoreError>;
    /// Who holds the key of which case.
    async fn holders(&self) -> Result<Vec<(CaseId, MemberId)>, StoreError>;
    /// Gives and takes keys, all in one transaction.
    async fn rewrap(&self, rewraps: &[Rewrap]) -> Result<(), StoreError>;
}

macro_rules! wraps {
    ($store:ty, $connection:ty) => {
        impl $store {
            pub(crate) async fn write_rewraps(
                connection: &mut $connection,
                rewraps: &[Rewrap],
            ) -> Result<(), StoreError> {
                for rewrap in rewraps {
                    for member in &rewrap.take {
                        sqlx::query("DELETE FROM case_wrap WHERE member_id = $1 AND case_id = $2")
                            .bind(member.0.as_slice())
                            .bind(rewrap.case.0.as_slice())
                            .execute(&mut *connection)
                            .await?;
                    }
                    for (member, wrapped) in &rewrap.give {
                        sqlx::query(
                            "INSERT INTO case_wrap (member_id, case_id, wrapped) VALUES ($1, $2, $3)
                             ON CONFLICT (member_id, case_id) DO UPDATE SET wrapped = excluded.wrapped",
                        )
                        .bind(member.0.as_slice())
                        .bind(rewrap.case.0.as_slice())
                        .bind(wrapped.as_slice())
                        .execute(&mut *connection)
                        .await?;
                    }
                }
                Ok(())
            }
        }

        #[async_trait]
        impl WrapStore for $store {
            async fn wrap(&self, case: CaseId, member: MemberId) -> Result<Option<Vec<u8>>, StoreError> {
                Ok(
                    sqlx::query_scalar("SELECT wrapped FROM case_wrap WHERE member_id = $1 AND case_id = $2")
                        .bind(member.0.as_slice())
                        .bind(case.0.as_slice())
                        .fetch_optional(&self.pool)
                        .await?,
                )
            }

            async fn wraps_of(&self, member: MemberId) -> Result<Vec<(CaseId, Vec<u8>)>, StoreError> {
                let rows = sqlx::query("SELECT case_id, wrapped FROM case_wrap WHERE member_id = $1")
                    .bind(member.0.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| Ok((CaseId(id_from(&row.try_get::<Blob, _>(0)?)?), row.try_get(1)?)))
                    .collect()
            }

            async fn holders_of(&self, case: CaseId) -> Result<Vec<MemberId>, StoreError> {
                let rows = sqlx::query("SELECT member_id FROM case_wrap WHERE case_id = $1")
                    .bind(case.0.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| Ok(MemberId(id_from(&row.try_get::<Blob, _>(0)?)?)))
                    .collect()
            }

            async fn cases_handled_by(&self, member: MemberId) -> Result<Vec<CaseRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT * FROM cases WHERE handler_id = $1
                     OR joined_to IN (SELECT id FROM cases WHERE handler_id = $1)",
                )
                .bind(member.0.as_slice())
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::case_row).collect()
            }

            async fn cases_held_by(&self, member: MemberId) -> Result<Vec<CaseRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT * FROM cases WHERE id IN (SELECT case_id FROM case_wrap WHERE member_id = $1)
                     OR joined_to IN (SELECT case_id FROM case_wrap WHERE member_id = $1)",
                )
                .bind(member.0.as_slice())
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::case_row).collect()
            }

            async fn case_group(&self, number: &str) -> Result<Vec<CaseRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT cases.* FROM cases, (SELECT COALESCE(joined_to, id) AS id FROM cases
                         WHERE number = $1 OR id IN (SELECT case_id FROM case_alias WHERE number = $1)) AS lead
                     WHERE cases.id = lead.id OR cases.joined_to = lead.id",
                )
                .bind(number)
                .fetch_all(&self.pool)
                .await?;
                rows.iter().map(Self::case_row).collect()
            }

            async fn holders(&self) -> Result<Vec<(CaseId, MemberId)>, StoreError> {
                let rows = sqlx::query("SELECT case_id, member_id FROM case_wrap")
                    .fetch_all(&self.pool)
                    .await?;
                let id = |bytes: Blob| id_from(&bytes);
                rows.iter()
                    .map(|row| Ok((CaseId(id(row.try_get(0)?)?), MemberId(id(row.try_get(1)?)?))))
                    .collect()
            }

            async fn rewrap(&self, rewraps: &[Rewrap]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                Self::write_rewraps(&mut transaction, rewraps).await?;
                Ok(transaction.commit().await?)
            }
        }
    };
}

wraps!(SqliteTriageStore, sqlx::SqliteConnection);
wraps!(PgTriageStore, sqlx::PgConnection);
