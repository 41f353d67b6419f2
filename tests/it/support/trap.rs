//! A database that breaks off at the n-th row that is written: SQLite fails the statement, PostgreSQL loses the connection.

use mifeng_foundation::storage::sqlite_options;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::path::Path;

/// What has transactions of its own: what was tried stays on record.
const APART: &str = "('trap', 'trail', 'trail_head')";

/// A connection beside the service's own.
pub enum Trap {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Trap {
    /// In the store at `url`, whose tables stand already. It lets everything pass until it is set.
    pub async fn in_store(url: &str) -> Self {
        match url.strip_prefix("sqlite:") {
            Some(path) => Self::in_sqlite(Path::new(path)).await,
            None => Self::in_postgres(url).await,
        }
    }

    async fn in_sqlite(path: &Path) -> Self {
        let options = sqlite_options(path);
        let connection = SqliteConnection::connect_with(&options).await;
        let mut trap = Self::Sqlite(connection.expect("the store"));
        trap.run("CREATE TABLE trap (left_rows INTEGER NOT NULL); INSERT INTO trap VALUES (0)")
            .await;
        for table in trap.tables().await {
            for deed in ["INSERT", "UPDATE", "DELETE"] {
                trap.run(&format!(
                    "CREATE TRIGGER trap_{table}_{deed} BEFORE {deed} ON {table} BEGIN
                         UPDATE trap SET left_rows = left_rows - 1;
                         SELECT RAISE(ABORT, 'broken off') FROM trap WHERE left_rows = 0;
                     END"
                ))
                .await;
            }
        }
        trap
    }

    async fn in_postgres(url: &str) -> Self {
        let connection = PgConnection::connect(url).await;
        let mut trap = Self::Postgres(connection.expect("the store"));
        trap.run(
            "CREATE SEQUENCE trap_rows; CREATE TABLE trap (at BIGINT NOT NULL); INSERT INTO trap VALUES (0);
             CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF nextval('trap_rows') = (SELECT at FROM trap) THEN
                     PERFORM pg_terminate_backend(pg_backend_pid());
                 END IF;
                 IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                 RETURN NEW;
             END $$",
        )
        .await;
        for table in trap.tables().await {
            trap.run(&format!(
                "CREATE TRIGGER trap BEFORE INSERT OR UPDATE OR DELETE ON {table}
                 FOR EACH ROW EXECUTE FUNCTION trap()"
            ))
            .await;
        }
        trap
    }

    /// From now on the database breaks off at the `row`-th row that is written; at none for 0.
    pub async fn set(&mut self, row: u32) {
        let statements = match self {
            Self::Sqlite(_) => format!("UPDATE trap SET left_rows = {row}"),
            Self::Postgres(_) => {
                format!("UPDATE trap SET at = {row}; SELECT setval('trap_rows', 1, false)")
            }
        };
        self.run(&statements).await;
    }

    /// Every row of every table but the audit log, as text, in order.
    pub async fn rows(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        for table in self.tables().await {
            let rows = match self {
                Self::Sqlite(connection) => {
                    let columns = format!(
                        "SELECT group_concat(format('quote(%s)', name), '||'',''||') FROM pragma_table_info('{table}')"
                    );
                    let columns: String = sqlx::query_scalar(AssertSqlSafe(columns))
                        .fetch_one(&mut *connection)
                        .await
                        .expect("columns");
                    let rows = format!("SELECT {columns} FROM {table}");
                    let rows = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(connection);
                    rows.await.expect("rows")
                }
                Self::Postgres(connection) => {
                    let rows = format!("SELECT {table}::text FROM {table}");
                    let rows = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(connection);
                    rows.await.expect("rows")
                }
            };
            all.extend(
                rows.into_iter()
                    .map(|row: String| format!("{table}: {row}")),
            );
        }
        all.sort();
        all
    }

    /// Tables by themselves; what holds for one in parts holds for its parts.
    async fn tables(&mut self) -> Vec<String> {
        match self {
            Self::Sqlite(connection) => {
                let tables = format!(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT IN {APART}"
                );
                let rows = sqlx::query(AssertSqlSafe(tables)).fetch_all(connection);
                let rows = rows.await.expect("tables");
                rows.iter().map(|row| row.get(0)).collect()
            }
            Self::Postgres(connection) => {
                let tables = format!(
                    "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN {APART}
                     AND tablename NOT IN (SELECT inhrelid::regclass::text FROM pg_inherits)"
                );
                let rows = sqlx::query(AssertSqlSafe(tables)).fetch_all(connection);
                let rows = rows.await.expect("tables");
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    async fn run(&mut self, statements: &str) {
        let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
        match self {
            Self::Sqlite(connection) => statements.execute(connection).await.map(drop),
            Self::Postgres(connection) => statements.execute(connection).await.map(drop),
        }
        .expect("the statement is sound");
    }
}
