//! Destroying cases, on both engines: every row of theirs in one transaction with the row of the trail that says so, and
//! afterwards what the engine's own files hold of them still.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::last_messages::LastMessage;
use super::reading::Blob;
use super::rows::CaseId;
use crate::storage::{StoreError, id_from};
use crate::triage::trail::Link;
use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row as _};

/// Every table that holds something of a case, in an order that no reference forbids, each with what its rows are found by:
/// `$1` is the case. The case's own row, with its wrapped identity, is the last.
const OF_A_CASE: [(&str, &str); 16] = [
    ("mail_outbox", "case_id = $1"),
    ("case_alias", "case_id = $1"),
    ("case_wrap", "case_id = $1"),
    ("paper", "case_id = $1"),
    ("held_apart", "one_case = $1 OR other_case = $1"),
    ("history", "case_id = $1"),
    ("clock", "case_id = $1"),
    ("passing_file", "case_id = $1"),
    ("attachment", "case_id = $1"),
    (
        "outgoing",
        "tip_id IN (SELECT id FROM tip WHERE case_id = $1)",
    ),
    (
        "opening",
        "tip_id IN (SELECT id FROM tip WHERE case_id = $1)",
    ),
    ("message", "case_id = $1"),
    ("reply_id", "case_id = $1"),
    ("passing", "case_id = $1"),
    ("tip", "case_id = $1"),
    ("cases", "id = $1"),
];

/// A case that is to be destroyed.
#[derive(Clone, Debug)]
pub struct Doomed {
    /// Which.
    pub case: CaseId,
    /// The version it was looked at in.
    pub version: i64,
    /// The last messages for the mailboxes of its tips.
    pub last: Vec<LastMessage>,
    /// The row of the trail that says so; how many rows and files there were is added to its detail.
    pub link: Link,
}

/// What is still to be wiped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// A sealed file with this name.
    File([u8; 16]),
    /// Deleted rows in the engine's own files, under this mark.
    Journal([u8; 16]),
}

/// The part of triage's store that destroys.
#[async_trait]
pub trait DestroyingStore {
    /// Deletes every row of the cases, those that were joined before the one that leads, puts each on the trail and notes
    /// under `mark` and the names of their files what is still to be wiped, all in one transaction. `false`, and nothing is
    /// done, if a case was changed meanwhile.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn destroy(&self, cases: &[Doomed], mark: [u8; 16]) -> Result<bool, StoreError>;
    /// What is still to be wiped.
    async fn remains(&self) -> Result<Vec<Remains>, StoreError>;
    /// Takes deleted rows out of the engine's own files, as far as the engine lets: SQLite overwrote them in the tables,
    /// and empties its journal; PostgreSQL writes the tables anew and ends its journal's segment. `false` where a reader
    /// holds it back, or a right is missing.
    async fn wipe(&self) -> Result<bool, StoreError>;
    /// Notes what was wiped, in one transaction.
    async fn wiped(&self, remains: &[Remains]) -> Result<(), StoreError>;
}

macro_rules! destroying {
    ($store:ty, $connection:ty) => {
        impl $store {
            async fn destroy_case(connection: &mut $connection, doomed: &Doomed) -> Result<bool, StoreError> {
                let case = doomed.case.0.as_slice();
                let unchanged = sqlx::query("SELECT 1 FROM cases WHERE id = $1 AND version = $2")
                    .bind(case)
                    .bind(doomed.version)
                    .fetch_optional(&mut *connection)
                    .await?;
                if unchanged.is_none() {
                    return Ok(false);
                }
                let files = sqlx::query(
                    "INSERT INTO remains (id, kind) SELECT id, 'file' FROM attachment WHERE case_id = $1",
                )
                .bind(case)
                .execute(&mut *connection)
                .await?
                .rows_affected();
                let mut rows = 0;
                for (table, found_by) in OF_A_CASE {
                    let statement = AssertSqlSafe(format!("DELETE FROM {table} WHERE {found_by}"));
                    let done = sqlx::query(statement).bind(case).execute(&mut *connection).await?;
                    rows += done.rows_affected();
                }
                Self::insert_last_messages(connection, &doomed.last).await?;
                let mut link = doomed.link.clone();
                link.detail = format!("{} {rows} {files}", link.detail);
                Self::append_link(connection, &link).await?;
                Ok(true)
            }
        }

        #[async_trait]
        impl DestroyingStore for $store {
            async fn destroy(&self, cases: &[Doomed], mark: [u8; 16]) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                for doomed in cases {
                    if !Self::destroy_case(&mut transaction, doomed).await? {
                        return Ok(false);
                    }
                }
                Self::mark_journal(&mut transaction, mark).await?;
                transaction.commit().await?;
                Ok(true)
            }

            async fn remains(&self) -> Result<Vec<Remains>, StoreError> {
                let rows = sqlx::query("SELECT id, kind FROM remains").fetch_all(&self.pool).await?;
                rows.iter()
                    .map(|row| {
                        let id = id_from(&row.try_get::<Blob, _>(0)?)?;
                        Ok(match row.try_get::<String, _>(1)?.as_str() {
                            "file" => Remains::File(id),
                            _ => Remains::Journal(id),
                        })
                    })
                    .collect()
            }

            async fn wipe(&self) -> Result<bool, StoreError> {
                self.wipe_files().await
            }

            async fn wiped(&self, remains: &[Remains]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for Remains::File(id) | Remains::Journal(id) in remains {
                    sqlx::query("DELETE FROM remains WHERE id = $1")
                        .bind(id.as_slice())
                        .execute(&mut *transaction)
                        .await?;
                }
                Ok(transaction.commit().await?)
            }
        }
    };
}

destroying!(SqliteTriageStore, sqlx::SqliteConnection);
destroying!(PgTriageStore, sqlx::PgConnection);

impl SqliteTriageStore {
    async fn wipe_files(&self) -> Result<bool, StoreError> {
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get::<i64, _>("busy")? == 0)
    }
}

impl PgTriageStore {
    async fn wipe_files(&self) -> Result<bool, StoreError> {
        let tables = OF_A_CASE.iter().map(|(table, _)| *table);
        for table in tables.chain(["retired_key"]) {
            let statement = AssertSqlSafe(format!("VACUUM (FULL) {table}"));
            sqlx::query(statement).execute(&self.pool).await?;
        }
        crate::storage::end_postgres_journal(&self.pool).await
    }
}

#[cfg(test)]
mod tests {
    use super::OF_A_CASE;
    use crate::storage::sqlite_options;
    use crate::triage::run::open_stores;
    use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

    #[tokio::test]
    async fn no_row_of_a_case_is_looked_for_among_those_of_all_cases() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("triage.sqlite");
        let url = format!("sqlite:{}", path.display());
        let _stores = open_stores(&url.parse().expect("a URL"))
            .await
            .expect("a store");
        let connection = SqliteConnection::connect_with(&sqlite_options(&path)).await;
        let mut connection = connection.expect("it opens");
        for (table, found_by) in OF_A_CASE {
            let plan = format!("EXPLAIN QUERY PLAN DELETE FROM {table} WHERE {found_by}");
            let plan = sqlx::query(AssertSqlSafe(plan))
                .bind([0; 16].as_slice())
                .fetch_all(&mut connection)
                .await
                .expect("a plan");
            assert!(!plan.is_empty(), "{table}");
            for step in plan {
                let step: String = step.try_get("detail").expect("its words");
                assert!(!step.starts_with("SCAN"), "{table}: {step}");
            }
        }
    }
}
