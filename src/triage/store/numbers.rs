//! Numbers that cases had before, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::reading::Blob;
use crate::model::CaseId;
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// A case that is given another number.
#[derive(Clone, Debug)]
pub struct Renumbered {
    /// The case.
    pub case: CaseId,
    /// The number it has; it leads to the case for good.
    pub old: String,
    /// The numbers it can have, the shortest first.
    pub numbers: Vec<String>,
}

/// The part of triage's store that keeps older numbers.
#[async_trait]
pub trait NumberStore {
    /// Gives cases other numbers, all in one transaction: to each the first of its numbers that no other case has. In the
    /// order given.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn renumber(&self, cases: &[Renumbered]) -> Result<Vec<String>, StoreError>;
    /// Numbers that cases had before, or that one had.
    async fn older_numbers(
        &self,
        case: Option<CaseId>,
    ) -> Result<Vec<(String, CaseId)>, StoreError>;
}

macro_rules! numbers {
    ($store:ty) => {
        #[async_trait]
        impl NumberStore for $store {
            async fn renumber(&self, cases: &[Renumbered]) -> Result<Vec<String>, StoreError> {
                let mut transaction = self.begin().await?;
                let mut given = Vec::with_capacity(cases.len());
                'cases: for one in cases {
                    sqlx::query(
                        "INSERT INTO case_alias (number, case_id) VALUES ($1, $2)
                         ON CONFLICT (number) DO NOTHING",
                    )
                    .bind(one.old.as_str())
                    .bind(one.case.0.as_slice())
                    .execute(&mut *transaction)
                    .await?;
                    for number in &one.numbers {
                        let done = sqlx::query(
                            "UPDATE cases SET number = $1 WHERE id = $2
                             AND NOT EXISTS (SELECT 1 FROM cases AS other WHERE other.number = $1)",
                        )
                        .bind(number.as_str())
                        .bind(one.case.0.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                        if done.rows_affected() == 1 {
                            given.push(number.clone());
                            continue 'cases;
                        }
                    }
                    return Err(StoreError::Damaged("no number is left for a case"));
                }
                transaction.commit().await?;
                Ok(given)
            }

            async fn older_numbers(&self, case: Option<CaseId>) -> Result<Vec<(String, CaseId)>, StoreError> {
                let rows = match &case {
                    Some(case) => {
                        sqlx::query("SELECT number, case_id FROM case_alias WHERE case_id = $1").bind(case.0.as_slice())
                    }
                    None => sqlx::query("SELECT number, case_id FROM case_alias"),
                };
                let rows = rows.fetch_all(&self.pool).await?;
                rows.iter()
                    .map(|row| {
                        let case = CaseId(id_from(&row.try_get::<Blob, _>(1)?)?);
                        Ok((row.try_get(0)?, case))
                    })
                    .collect()
            }
        }
    };
}

numbers!(SqliteTriageStore);
numbers!(PgTriageStore);
