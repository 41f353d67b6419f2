//! A store that a later version of the program has changed is left alone.

use crate::support::postgres::fresh_database;
use mifeng_foundation::storage::{StoreError, StoreUrl};
use mifeng_intake::store::open;

const ROOM: u64 = 1 << 30;

#[tokio::test]
async fn a_schema_of_a_later_version_is_refused() {
    use sqlx::Connection as _;
    const LATER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                         SELECT 99, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("intake.sqlite");
    let url = StoreUrl::Sqlite(file.clone());
    open(&url, ROOM).await.expect("a store").close().await;
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{}", file.display()))
        .await
        .expect("a file");
    sqlx::query(LATER)
        .execute(&mut connection)
        .await
        .expect("a row");
    connection.close().await.expect("closed");
    assert!(matches!(
        open(&url, ROOM).await,
        Err(StoreError::UnknownSchema(_))
    ));

    let database = fresh_database().await;
    let url = StoreUrl::Postgres(database.clone());
    open(&url, ROOM).await.expect("a store").close().await;
    let mut connection = sqlx::PgConnection::connect(&database)
        .await
        .expect("a server");
    sqlx::query(LATER)
        .execute(&mut connection)
        .await
        .expect("a row");
    assert!(matches!(
        open(&url, ROOM).await,
        Err(StoreError::UnknownSchema(_))
    ));
}
