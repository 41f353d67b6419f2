//! What the office writes into cases, on both engines.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::{day_from, reading::Blob};
use crate::model::{CaseId, MemberId, PaperKind};
use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRow {
    /// Random id.
    pub id: [u8; 16],
    /// Its case.
    pub case: CaseId,
    /// What it is.
    pub kind: PaperKind,
    /// Who wrote it; of a task whose it is.
    pub member: MemberId,
    /// The day it was written.
    pub day: Day,
    /// By when a task is to be done.
    pub due_day: Option<Day>,
    /// When it was done.
    pub done_day: Option<Day>,
    /// Sealed to the case.
    pub sealed: Vec<u8>,
}

/// A task that is not done, without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskRow {
    /// The paper's id.
    pub id: [u8; 16],
    /// Its case.
    pub case: CaseId,
    /// Whose it is.
    pub member: MemberId,
    /// By when.
    pub due_day: Day,
}

/// Changes of papers.
#[derive(Clone, Debug, Default)]
pub struct PaperChanges {
    /// New ones.
    pub new: Vec<PaperRow>,
    /// Tasks that were done, with the day.
    pub done: Vec<([u8; 16], Day)>,
    /// Drafts that are no longer needed. No paper of another kind goes this way.
    pub gone: Vec<[u8; 16]>,
}

/// The papers' part of triage's store; they are written with the change of their case.
#[async_trait]
pub trait PaperStore {
    /// The papers of a case, in order.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn papers(&self, case: CaseId) -> Result<Vec<PaperRow>, StoreError>;
    /// The paper with this id, if it is there.
    async fn paper(&self, id: [u8; 16]) -> Result<Option<PaperRow>, StoreError>;
    /// Every task that is not done.
    async fn open_tasks(&self) -> Result<Vec<TaskRow>, StoreError>;
}

impl PaperRow {
    /// What the caseload has of it, if it is a task that is not done.
    #[must_use]
    pub fn open_task(&self) -> Option<TaskRow> {
        let is_open = self.kind == PaperKind::Task && self.done_day.is_none();
        is_open.then_some(TaskRow {
            id: self.id,
            case: self.case,
            member: self.member,
            due_day: self.due_day?,
        })
    }
}

fn day(number: Option<i64>) -> Result<Option<Day>, StoreError> {
    number.map(day_from).transpose()
}

macro_rules! papers {
    ($store:ty, $connection:ty, $row:ty) => {
        impl $store {
            pub(super) fn paper_from(row: &$row) -> Result<PaperRow, StoreError> {
                let kind: String = row.try_get("kind")?;
                let id = |name: &str| id_from(&row.try_get::<Blob, _>(name)?);
                Ok(PaperRow {
                    id: id("id")?,
                    case: CaseId(id("case_id")?),
                    kind: PaperKind::from_code(&kind)
                        .ok_or(StoreError::Damaged("a paper's kind is unknown"))?,
                    member: MemberId(id("member_id")?),
                    day: day_from(row.try_get("day")?)?,
                    due_day: day(row.try_get("due_day")?)?,
                    done_day: day(row.try_get("done_day")?)?,
                    sealed: row.try_get("sealed")?,
                })
            }

            pub(super) async fn change_papers(
                connection: &mut $connection,
                papers: &PaperChanges,
            ) -> Result<(), StoreError> {
                for paper in &papers.new {
                    sqlx::query(
                        "INSERT INTO paper (id, case_id, sequence, kind, member_id, day, due_day, done_day, sealed)
                         SELECT $1, $2, COALESCE(MAX(sequence), 0) + 1, $3, $4, $5, $6, $7, $8
                         FROM paper WHERE case_id = $2",
                    )
                    .bind(paper.id.as_slice())
                    .bind(paper.case.0.as_slice())
                    .bind(paper.kind.code())
                    .bind(paper.member.0.as_slice())
                    .bind(i64::from(paper.day.number()))
                    .bind(paper.due_day.map(|day| i64::from(day.number())))
                    .bind(paper.done_day.map(|day| i64::from(day.number())))
                    .bind(paper.sealed.as_slice())
                    .execute(&mut *connection)
                    .await?;
                }
                for (id, day) in &papers.done {
                    sqlx::query("UPDATE paper SET done_day = $1 WHERE id = $2 AND kind = 'task' AND done_day IS NULL")
                        .bind(i64::from(day.number()))
                        .bind(id.as_slice())
                        .execute(&mut *connection)
                        .await?;
                }
                for id in &papers.gone {
                    sqlx::query("DELETE FROM paper WHERE id = $1 AND kind = 'draft'")
                        .bind(id.as_slice())
                        .execute(&mut *connection)
                        .await?;
                }
                Ok(())
            }
        }

        #[async_trait]
        impl PaperStore for $store {
            async fn papers(&self, case: CaseId) -> Result<Vec<PaperRow>, StoreError> {
                let rows = sqlx::query("SELECT * FROM paper WHERE case_id = $1 ORDER BY sequence")
                    .bind(case.0.as_slice())
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter().map(Self::paper_from).collect()
            }

            async fn paper(&self, id: [u8; 16]) -> Result<Option<PaperRow>, StoreError> {
                let row = sqlx::query("SELECT * FROM paper WHERE id = $1")
                    .bind(id.as_slice())
                    .fetch_optional(&self.pool)
                    .await?;
                row.as_ref().map(Self::paper_from).transpose()
            }

            async fn open_tasks(&self) -> Result<Vec<TaskRow>, StoreError> {
                let rows = sqlx::query(
                    "SELECT id, case_id, member_id, due_day FROM paper WHERE kind = 'task' AND done_day IS NULL",
                )
                .fetch_all(&self.pool)
                .await?;
                rows.iter()
                    .map(|row| {
                        let id = |name: &str| id_from(&row.try_get::<Blob, _>(name)?);
                        Ok(TaskRow {
                            id: id("id")?,
                            case: CaseId(id("case_id")?),
                            member: MemberId(id("member_id")?),
                            due_day: day_from(row.try_get("due_day")?)?,
                        })
                    })
                    .collect()
            }
        }
    };
}

papers!(
    SqliteTriageStore,
    sqlx::SqliteConnection,
    sqlx::sqlite::SqliteRow
);
papers!(PgTriageStore, sqlx::PgConnection, sqlx::postgres::PgRow);
