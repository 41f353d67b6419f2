//! Every column that refers to another table is found by an index: else deleting what it refers to would look through all rows.

use crate::support::postgres::fresh_database;
use mifeng_foundation::storage::sqlite_options;
use mifeng_triage::engine::open_stores;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

/// Columns that refer, and that no index of all rows that refer begins with.
const SQLITE: &str = "SELECT m.name || '.' || f.\"from\"
     FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS f
     WHERE m.type = 'table' AND NOT EXISTS (
         SELECT 1 FROM pragma_index_list(m.name) AS l JOIN pragma_index_info(l.name) AS i
         LEFT JOIN sqlite_schema AS s ON s.name = l.name
         WHERE i.seqno = 0 AND i.name = f.\"from\"
         AND (l.partial = 0 OR s.sql LIKE '%WHERE ' || f.\"from\" || ' IS NOT NULL'))";
const POSTGRES: &str = "SELECT c.conrelid::regclass::text || '.' || a.attname
     FROM pg_constraint AS c
     JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND NOT EXISTS (
         SELECT 1 FROM pg_index AS i
         WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
         AND (i.indpred IS NULL
             OR pg_get_expr(i.indpred, i.indrelid) = '(' || a.attname || ' IS NOT NULL)'))";
/// How many refer at all.
const REFERENCES_MIN: i64 = 20;

#[tokio::test]
async fn every_reference_is_found_by_an_index_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    let url = format!("sqlite:{}", path.display());
    let _stores = open_stores(&url.parse().expect("a URL"))
        .await
        .expect("opened");
    let connection = SqliteConnection::connect_with(&sqlite_options(&path)).await;
    let mut connection = connection.expect("it opens");
    let count = "SELECT COUNT(*) FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS f";
    let all: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut connection)
        .await
        .expect("a count");
    assert!(all >= REFERENCES_MIN, "{all}");
    let lacking: Vec<String> = sqlx::query_scalar(SQLITE)
        .fetch_all(&mut connection)
        .await
        .expect("a list");
    assert_eq!(lacking, [] as [&str; 0]);
}

#[tokio::test]
async fn every_reference_is_found_by_an_index_in_postgresql() {
    let url = fresh_database().await;
    let _stores = open_stores(&url.parse().expect("a URL"))
        .await
        .expect("opened");
    let mut connection = PgConnection::connect(&url).await.expect("it opens");
    let count = "SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f'";
    let all: i64 = sqlx::query_scalar(count)
        .fetch_one(&mut connection)
        .await
        .expect("a count");
    assert!(all >= REFERENCES_MIN, "{all}");
    let lacking: Vec<String> = sqlx::query_scalar(POSTGRES)
        .fetch_all(&mut connection)
        .await
        .expect("a list");
    assert_eq!(lacking, [] as [&str; 0]);
}
