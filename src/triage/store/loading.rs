//! Cases with all that belongs to them, some at a time, on both engines: for the start, which opens every one, and would hold
//! all that is sealed in memory otherwise.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::message_rows::{HistoryRow, MessageRow};
use super::papers::PaperRow;
use super::reading::Blob;
use super::rows::{AttachmentRow, CaseRow, DeadlineRow, TipRow};
use crate::model::{CaseId, MemberId};
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::Row as _;
use std::collections::HashMap;

/// A case with all that is opened of it at the start.
#[derive(Clone, Debug)]
pub struct WholeCase {
    /// The case.
    pub row: CaseRow,
    /// Its tip.
    pub tips: Vec<TipRow>,
    /// Its deadlines.
    pub deadlines: Vec<DeadlineRow>,
    /// What its reporter and the office wrote to each other, in order.
    pub messages: Vec<MessageRow>,
    /// What the office wrote into it.
    pub papers: Vec<PaperRow>,
    /// Its record, in order.
    pub history: Vec<HistoryRow>,
    /// The files that go with it, in no order.
    pub files: Vec<AttachmentRow>,
    /// Who holds its key.
    pub holders: Vec<MemberId>,
}

/// The part of triage's store that the start reads.
#[async_trait]
pub trait LoadingStore {
    /// How many cases there are.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn case_count(&self) -> Result<usize, StoreError>;
    /// The cases after this one in the order of their random ids, at most `limit`.
    async fn whole_cases(
        &self,
        after: Option<CaseId>,
        limit: u32,
    ) -> Result<Vec<WholeCase>, StoreError>;
    /// One case, after every transaction that was begun before has ended: what became of it is seen. `None` where it is not
    /// there.
    async fn whole_case(&self, case: CaseId) -> Result<Option<WholeCase>, StoreError>;
}

/// A start is by itself: nobody else writes meanwhile.
const MEANWHILE: StoreError = StoreError::Damaged("a case came while all were read");

macro_rules! loading {
    ($store:ty, $connection:ty, $row:ty, $wait:expr) => {
        impl $store {
            /// The cases of these rows, which are in the order of their ids, with all that belongs to each.
            async fn filled(
                connection: &mut $connection,
                rows: &[$row],
            ) -> Result<Vec<WholeCase>, StoreError> {
                let mut whole = rows
                    .iter()
                    .map(|row| Ok(WholeCase::of(Self::case_row(row)?)))
                    .collect::<Result<Vec<_>, StoreError>>()?;
                let (Some(first), Some(last)) = (whole.first(), whole.last()) else {
                    return Ok(whole);
                };
                let (from, to) = (first.row.id.0, last.row.id.0);
                let places = whole.iter().enumerate();
                let places: HashMap<CaseId, usize> =
                    places.map(|(at, one)| (one.row.id, at)).collect();
                let at = |case: CaseId| places.get(&case).copied().ok_or(MEANWHILE);
                let of_all = |sql: &'static str| {
                    sqlx::query(sql).bind(from.as_slice()).bind(to.as_slice())
                };
                for row in of_all("SELECT * FROM tip WHERE case_id BETWEEN $1 AND $2").fetch_all(&mut *connection).await? {
                    let tip = Self::tip_row(&row)?;
                    whole[at(tip.case)?].tips.push(tip);
                }
                for row in of_all("SELECT * FROM clock WHERE case_id BETWEEN $1 AND $2").fetch_all(&mut *connection).await? {
                    let deadline = Self::deadline_row(&row)?;
                    whole[at(deadline.case)?].deadlines.push(deadline);
                }
                let messages = of_all(
                    "SELECT message.*, CAST(0 AS BIGINT) AS waiting FROM message
                     WHERE case_id BETWEEN $1 AND $2 ORDER BY case_id, sequence",
                );
                for row in messages.fetch_all(&mut *connection).await? {
                    let (message, _) = Self::message_row(&row)?;
                    whole[at(message.case)?].messages.push(message);
                }
                for row in of_all("SELECT * FROM paper WHERE case_id BETWEEN $1 AND $2").fetch_all(&mut *connection).await? {
                    let paper = Self::paper_from(&row)?;
                    whole[at(paper.case)?].papers.push(paper);
                }
                let history = of_all(
                    "SELECT * FROM history WHERE case_id BETWEEN $1 AND $2 ORDER BY case_id, sequence",
                );
                for row in history.fetch_all(&mut *connection).await? {
                    let case = CaseId(id_from(&row.try_get::<Blob, _>("case_id")?)?);
                    whole[at(case)?].history.push(Self::history_row(&row)?);
                }
                for row in
                    of_all("SELECT * FROM attachment WHERE case_id BETWEEN $1 AND $2").fetch_all(&mut *connection).await?
                {
                    let file = Self::attachment_row(&row)?;
                    whole[at(file.case)?].files.push(file);
                }
                let holders = of_all(
                    "SELECT case_id, member_id FROM case_wrap WHERE case_id BETWEEN $1 AND $2",
                );
                for row in holders.fetch_all(&mut *connection).await? {
                    let case = CaseId(id_from(&row.try_get::<Blob, _>(0)?)?);
                    let member = MemberId(id_from(&row.try_get::<Blob, _>(1)?)?);
                    whole[at(case)?].holders.push(member);
                }
                Ok(whole)
            }
        }

        #[async_trait]
        impl LoadingStore for $store {
            async fn case_count(&self) -> Result<usize, StoreError> {
                let row = sqlx::query("SELECT COUNT(*) FROM cases")
                    .fetch_one(&self.pool)
                    .await?;
                usize::try_from(row.try_get::<i64, _>(0)?)
                    .map_err(|_| StoreError::Damaged("a count is out of range"))
            }

            async fn whole_cases(
                &self,
                after: Option<CaseId>,
                limit: u32,
            ) -> Result<Vec<WholeCase>, StoreError> {
                // Nothing comes before the empty string of bytes.
                let after = after.as_ref().map_or(&[][..], |case| case.0.as_slice());
                let mut connection = self.pool.acquire().await?;
                let rows = sqlx::query("SELECT * FROM cases WHERE id > $1 ORDER BY id LIMIT $2")
                    .bind(after)
                    .bind(i64::from(limit))
                    .fetch_all(&mut *connection)
                    .await?;
                Self::filled(&mut connection, &rows).await
            }

            async fn whole_case(&self, case: CaseId) -> Result<Option<WholeCase>, StoreError> {
                let mut transaction = self.begin().await?;
                for statement in $wait {
                    sqlx::query(statement)
                        .execute(&mut *transaction)
                        .await?;
                }
                let rows = sqlx::query("SELECT * FROM cases WHERE id = $1")
                    .bind(case.0.as_slice())
                    .fetch_all(&mut *transaction)
                    .await?;
                let mut whole = Self::filled(&mut transaction, &rows).await?;
                transaction.commit().await?;
                Ok(whole.pop())
            }
        }
    };
}

loading!(
    SqliteTriageStore,
    sqlx::SqliteConnection,
    sqlx::sqlite::SqliteRow,
    // It has one writer, and this transaction begins as one.
    [""; 0]
);
loading!(
    PgTriageStore,
    sqlx::PgConnection,
    sqlx::postgres::PgRow,
    // Waits for whoever writes, also over a connection that has ended on this side and not yet on the other; not for as long as
    // the server takes to notice that, since nobody changes anything meanwhile.
    [
        "SET LOCAL lock_timeout = '3s'",
        "LOCK TABLE cases, clock, case_wrap IN SHARE MODE",
    ]
);

impl WholeCase {
    fn of(row: CaseRow) -> Self {
        Self {
            row,
            tips: Vec::new(),
            deadlines: Vec::new(),
            messages: Vec::new(),
            papers: Vec::new(),
            history: Vec::new(),
            files: Vec::new(),
            holders: Vec::new(),
        }
    }
}
