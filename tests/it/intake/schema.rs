//! A store that a later version of the program has changed is left alone; and each program knows every migration.

use crate::support::postgres::fresh_database;
use mifeng_foundation::storage::{StoreError, StoreUrl, open_postgres, open_sqlite};
use mifeng_intake::store::open;
use mifeng_triage::store::{MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE};
use sqlx::migrate::Migrator;
use sqlx::{PgPool, SqlitePool};
use std::path::Path;

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

/// Runs what sqlx itself reads from a folder of migrations over a database that a program has just made: it refuses another
/// checksum and a version that the folder has not; and a file that is in no list would be one row more.
macro_rules! nothing_is_left_to_do {
    ($pool:expr, $folder:expr) => {{
        const COUNT: &str = "SELECT COUNT(*) FROM _sqlx_migrations";
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join($folder);
        let pool = $pool.await.expect("a database");
        let before: i64 = sqlx::query_scalar(COUNT)
            .fetch_one(&pool)
            .await
            .expect("a count");
        let migrator = Migrator::new(folder.as_path()).await.expect("a folder");
        migrator.run(&pool).await.expect($folder);
        let after: i64 = sqlx::query_scalar(COUNT)
            .fetch_one(&pool)
            .await
            .expect("a count");
        assert_eq!(before, after, "{} has a file that is not listed", $folder);
        pool.close().await;
    }};
}

#[tokio::test]
async fn the_programs_list_every_migration_of_the_folders() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("intake.sqlite");
    let url = StoreUrl::Sqlite(file.clone());
    open(&url, ROOM).await.expect("a store").close().await;
    let address = format!("sqlite:{}", file.display());
    nothing_is_left_to_do!(SqlitePool::connect(&address), "intake/sqlite");
    let file = folder.path().join("triage.sqlite");
    let pool = open_sqlite(&file, 1, MIGRATIONS_SQLITE);
    nothing_is_left_to_do!(pool, "triage/sqlite");

    let database = fresh_database().await;
    let url = StoreUrl::Postgres(database.clone());
    open(&url, ROOM).await.expect("a store").close().await;
    nothing_is_left_to_do!(PgPool::connect(&database), "intake/postgres");
    let database = fresh_database().await;
    let pool = open_postgres(&database, 1, MIGRATIONS_POSTGRES);
    nothing_is_left_to_do!(pool, "triage/postgres");
}
