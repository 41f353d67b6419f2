//! Cases that are handled together, and pairs that a person holds apart, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::papers::PaperChanges;
use super::reading::Blob;
use super::rows::Change;
use crate::model::CaseId;
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// Two cases, the smaller id first: which was looked at from which makes no difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair(CaseId, CaseId);

impl Pair {
    /// Of two cases in any order.
    #[must_use]
    pub fn of(one: CaseId, other: CaseId) -> Self {
        if one < other {
            Self(one, other)
        } else {
            Self(other, one)
        }
    }

    /// Each of the two with the other.
    pub(crate) fn both_ways(self) -> [(CaseId, CaseId); 2] {
        [(self.0, self.1), (self.1, self.0)]
    }

    /// The other of the two, if the case with this id is one of them.
    #[must_use]
    pub fn other(self, case: CaseId) -> Option<CaseId> {
        match (self.0 == case, self.1 == case) {
            (true, _) => Some(self.1),
            (_, true) => Some(self.0),
            _ => None,
        }
    }
}

/// Changes of several cases that are stored together or not at all.
#[derive(Clone, Debug, Default)]
pub struct ChangeSet {
    /// The changes, one a case.
    pub changes: Vec<Change>,
    /// Pairs that a person holds apart from now on, with the day.
    pub apart: Vec<(Pair, Day)>,
    /// Pairs that nobody holds apart any more.
    pub no_longer_apart: Vec<Pair>,
    /// What is written into the cases, and what became of it.
    pub papers: PaperChanges,
}

/// The part of triage's store that joins.
#[async_trait]
pub trait JoiningStore {
    /// Stores all of `together` in one transaction. `false`, and nothing is done, if the version of one case is not
    /// that of its change.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn change_together(&self, together: &ChangeSet) -> Result<bool, StoreError>;
    /// Pairs that a person holds apart.
    async fn apart(&self) -> Result<Vec<Pair>, StoreError>;
}

macro_rules! joining {
    ($store:ty) => {
        #[async_trait]
        impl JoiningStore for $store {
            async fn change_together(&self, together: &ChangeSet) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                for change in &together.changes {
                    if !Self::apply(&mut transaction, change).await? {
                        return Ok(false);
                    }
                }
                for (pair, day) in &together.apart {
                    sqlx::query(
                        "INSERT INTO held_apart (one_case, other_case, day) VALUES ($1, $2, $3)
                         ON CONFLICT (one_case, other_case) DO NOTHING",
                    )
                    .bind(pair.0.0.as_slice())
                    .bind(pair.1.0.as_slice())
                    .bind(i64::from(day.number()))
                    .execute(&mut *transaction)
                    .await?;
                }
                for pair in &together.no_longer_apart {
                    sqlx::query("DELETE FROM held_apart WHERE one_case = $1 AND other_case = $2")
                        .bind(pair.0.0.as_slice())
                        .bind(pair.1.0.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Self::change_papers(&mut transaction, &together.papers).await?;
                transaction.commit().await?;
                Ok(true)
            }

            async fn apart(&self) -> Result<Vec<Pair>, StoreError> {
                let rows = sqlx::query("SELECT one_case, other_case FROM held_apart")
                    .fetch_all(&self.pool)
                    .await?;
                let case = |bytes: Blob| id_from(&bytes).map(CaseId);
                rows.iter()
                    .map(|row| Ok(Pair::of(case(row.try_get(0)?)?, case(row.try_get(1)?)?)))
                    .collect()
            }
        }
    };
}

joining!(SqliteTriageStore);
joining!(PgTriageStore);
