//! Destroying cases, on both engines: every row of theirs in one transaction with the row of the audit log that says so, and
//! afterwards what the engine's own files hold of them still.

use super::engines::{PgTriageStore, SqliteTriageStore};
use super::last_messages::LastMessage;
use super::reading::Blob;
use crate::model::{CaseId, Link};
use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, id_from};
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::HashMap;

/// A table that holds something of cases.
struct Held {
    table: &'static str,
    /// What its rows are found by; `?` stands for the cases.
    found_by: &'static str,
    /// The case that a row belongs to.
    owner: &'static str,
}

const fn held(table: &'static str, found_by: &'static str, owner: &'static str) -> Held {
    Held {
        table,
        found_by,
        owner,
    }
}

/// Every table that holds something of a case, in an order that no reference forbids. The cases' own rows, with their wrapped
/// identities, are the last.
const OF_CASES: [Held; 16] = [
    held("mail_outbox", "case_id IN (?)", "case_id"),
    held("case_alias", "case_id IN (?)", "case_id"),
    held("case_wrap", "case_id IN (?)", "case_id"),
    held("paper", "case_id IN (?)", "case_id"),
    held(
        "held_apart",
        "one_case IN (?) OR other_case IN (?)",
        "CASE WHEN one_case IN (?) THEN one_case ELSE other_case END",
    ),
    held("history", "case_id IN (?)", "case_id"),
    held("clock", "case_id IN (?)", "case_id"),
    held("passing_file", "case_id IN (?)", "case_id"),
    held("attachment", "case_id IN (?)", "case_id"),
    held(
        "outgoing",
        "tip_id IN (SELECT id FROM tip WHERE case_id IN (?))",
        "(SELECT tip.case_id FROM tip WHERE tip.id = outgoing.tip_id)",
    ),
    held(
        "opening",
        "tip_id IN (SELECT id FROM tip WHERE case_id IN (?))",
        "(SELECT tip.case_id FROM tip WHERE tip.id = opening.tip_id)",
    ),
    held("message", "case_id IN (?)", "case_id"),
    held("reply_id", "case_id IN (?)", "case_id"),
    held("passing", "case_id IN (?)", "case_id"),
    held("tip", "case_id IN (?)", "case_id"),
    held("cases", "id IN (?)", "id"),
];

/// Cases whose rows are deleted by one statement.
const IN_ONE_STATEMENT: usize = 64;

/// A statement that stands for so many cases, each a parameter.
fn for_cases(statement: &str, cases: usize) -> AssertSqlSafe<String> {
    let parameters: Vec<_> = (1..=cases).map(|number| format!("${number}")).collect();
    AssertSqlSafe(statement.replace('?', &parameters.join(", ")))
}

/// A case that is to be destroyed.
#[derive(Clone, Debug)]
pub struct CaseToDestroy {
    /// Which.
    pub case: CaseId,
    /// The version it was looked at in.
    pub version: i64,
    /// The last messages for the mailboxes of its tips.
    pub last: Vec<LastMessage>,
    /// The row of the audit log that says so; how many rows and files there were is added to its detail.
    pub link: Link,
}

/// What is still to be wiped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftToWipe {
    /// A sealed file with this name.
    File([u8; 16]),
    /// Deleted rows in the engine's own files, under this mark.
    Journal([u8; 16]),
}

/// The part of triage's store that destroys.
#[async_trait]
pub trait DestroyingStore {
    /// Deletes every row of the cases, those that were joined before the one that leads, enters each in the audit log and notes
    /// under `mark` and the names of their files what is still to be wiped, all in one transaction. `false`, and nothing is
    /// done, if a case was changed meanwhile.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn destroy(&self, cases: &[CaseToDestroy], mark: [u8; 16]) -> Result<bool, StoreError>;
    /// What is still to be wiped.
    async fn remains(&self) -> Result<Vec<LeftToWipe>, StoreError>;
    /// Takes deleted rows out of the engine's own files, as far as the engine lets: SQLite overwrote them in the tables,
    /// and empties its journal; PostgreSQL writes the tables anew and ends its journal's segment. `false` where a reader
    /// holds it back, or a right is missing.
    async fn wipe(&self) -> Result<bool, StoreError>;
    /// Notes what was wiped, in one transaction.
    async fn wiped(&self, remains: &[LeftToWipe]) -> Result<(), StoreError>;
}

macro_rules! destroying {
    ($store:ty, $connection:ty, $row:ty) => {
        impl $store {
            /// Runs a statement for these cases; the rows that it returns.
            async fn for_each(
                connection: &mut $connection,
                statement: &str,
                cases: &[CaseToDestroy],
            ) -> Result<Vec<$row>, StoreError> {
                let mut query = sqlx::query(for_cases(statement, cases.len()));
                for case in cases {
                    query = query.bind(case.case.0.as_slice());
                }
                Ok(query.fetch_all(connection).await?)
            }

            /// Whether none of these cases was changed since it was looked at.
            async fn are_unchanged(
                connection: &mut $connection,
                cases: &[CaseToDestroy],
            ) -> Result<bool, StoreError> {
                let statement = "SELECT id, version FROM cases WHERE id IN (?)";
                let mut versions = HashMap::new();
                for row in Self::for_each(connection, statement, cases).await? {
                    let case = id_from(&row.try_get::<Blob, _>(0)?)?;
                    versions.insert(CaseId(case), row.try_get::<i64, _>(1)?);
                }
                let mut cases = cases.iter();
                Ok(cases.all(|case| versions.get(&case.case) == Some(&case.version)))
            }

            /// Deletes the rows of these cases, and notes the names of their files, which are still to be wiped; how many
            /// rows, and how many files, each had.
            async fn delete_rows(
                connection: &mut $connection,
                cases: &[CaseToDestroy],
            ) -> Result<HashMap<CaseId, (u64, u64)>, StoreError> {
                let statement =
                    "INSERT INTO remains (id, kind) SELECT id, 'file' FROM attachment WHERE case_id IN (?)";
                Self::for_each(connection, statement, cases).await?;
                let mut counts: HashMap<CaseId, (u64, u64)> = HashMap::new();
                for Held { table, found_by, owner } in OF_CASES {
                    let statement = format!("DELETE FROM {table} WHERE {found_by} RETURNING {owner}");
                    for row in Self::for_each(connection, &statement, cases).await? {
                        let case = id_from(&row.try_get::<Blob, _>(0)?)?;
                        let (rows, files) = counts.entry(CaseId(case)).or_default();
                        *rows += 1;
                        *files += u64::from(table == "attachment");
                    }
                }
                Ok(counts)
            }

            /// Deletes everything of these cases, and enters each in the audit log. `false` if one was changed meanwhile.
            async fn destroy_cases(
                connection: &mut $connection,
                cases: &[CaseToDestroy],
            ) -> Result<bool, StoreError> {
                if !Self::are_unchanged(connection, cases).await? {
                    return Ok(false);
                }
                let counts = Self::delete_rows(connection, cases).await?;
                for case in cases {
                    Self::insert_last_messages(connection, &case.last).await?;
                    let (rows, files) = counts.get(&case.case).copied().unwrap_or_default();
                    let mut link = case.link.clone();
                    link.detail = format!("{} {rows} {files}", link.detail);
                    Self::append_link(connection, &link).await?;
                }
                Ok(true)
            }
        }

        #[async_trait]
        impl DestroyingStore for $store {
            async fn destroy(&self, cases: &[CaseToDestroy], mark: [u8; 16]) -> Result<bool, StoreError> {
                let mut transaction = self.begin().await?;
                for some in cases.chunks(IN_ONE_STATEMENT) {
                    if !Self::destroy_cases(&mut transaction, some).await? {
                        return Ok(false);
                    }
                }
                Self::mark_journal(&mut transaction, mark).await?;
                transaction.commit().await?;
                Ok(true)
            }

            async fn remains(&self) -> Result<Vec<LeftToWipe>, StoreError> {
                let rows = sqlx::query("SELECT id, kind FROM remains")
                    .fetch_all(&self.pool)
                    .await?;
                rows.iter()
                    .map(|row| {
                        let id = id_from(&row.try_get::<Blob, _>(0)?)?;
                        Ok(match row.try_get::<String, _>(1)?.as_str() {
                            "file" => LeftToWipe::File(id),
                            _ => LeftToWipe::Journal(id),
                        })
                    })
                    .collect()
            }

            async fn wipe(&self) -> Result<bool, StoreError> {
                self.wipe_files().await
            }

            async fn wiped(&self, remains: &[LeftToWipe]) -> Result<(), StoreError> {
                let mut transaction = self.begin().await?;
                for LeftToWipe::File(id) | LeftToWipe::Journal(id) in remains {
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

destroying!(
    SqliteTriageStore,
    sqlx::SqliteConnection,
    sqlx::sqlite::SqliteRow
);
destroying!(PgTriageStore, sqlx::PgConnection, sqlx::postgres::PgRow);

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
        let tables = OF_CASES.iter().map(|held| held.table);
        for table in tables.chain(["retired_key"]) {
            let statement = AssertSqlSafe(format!("VACUUM (FULL) {table}"));
            sqlx::query(statement).execute(&self.pool).await?;
        }
        mifeng_foundation::storage::end_postgres_journal(&self.pool).await
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, OF_CASES, for_cases};
    use crate::engine::open_stores;
    use mifeng_foundation::storage::sqlite_options;
    use sqlx::{Connection as _, Row as _, SqliteConnection};

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
        for Held {
            table,
            found_by,
            owner,
        } in OF_CASES
        {
            let plan = format!(
                "EXPLAIN QUERY PLAN DELETE FROM {table} WHERE {found_by} RETURNING {owner}"
            );
            let plan = sqlx::query(for_cases(&plan, 2))
                .bind([0; 16].as_slice())
                .bind([1; 16].as_slice())
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
