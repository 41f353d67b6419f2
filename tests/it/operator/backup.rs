//! `mifeng backup` on both engines: the copy is whole, and its owner's alone.

use super::{mifeng_ok, mifeng_refuses};
use crate::support::postgres::fresh_database;
use mifeng_foundation::storage::sqlite_options;
use mifeng_triage::engine::open_stores;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

#[tokio::test]
async fn copy_holds_what_was_committed_and_is_its_owners_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = folder.path().join("triage.sqlite");
    let mut live = SqliteConnection::connect_with(&sqlite_options(&store))
        .await
        .expect("a store");
    sqlx::query("CREATE TABLE kept (number INTEGER NOT NULL) STRICT")
        .execute(&mut live)
        .await
        .expect("a table");
    sqlx::query("INSERT INTO kept VALUES (41), (42)")
        .execute(&mut live)
        .await
        .expect("rows");
    let config = format!("store_url = \"sqlite:{}\"\n", store.display());
    let files = folder.path().join("triage.attachments");
    fs::create_dir(&files).expect("a folder");
    for (name, content) in [("0a", "sealed"), ("0b.part", "half")] {
        fs::write(files.join(name), content).expect("a file");
    }
    fs::write(folder.path().join("triage.toml"), config).expect("a configuration");

    let arguments = ["backup", "--config", "triage.toml", "--to", "copy.sqlite"];
    let said = mifeng_ok(folder.path(), &arguments);
    assert!(said.contains("checked"), "{said}");
    let copy = folder.path().join("copy.sqlite");
    let mode = fs::metadata(&copy).expect("the copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mut copied = SqliteConnection::connect_with(&sqlite_options(&copy))
        .await
        .expect("the copy opens");
    let sum: i64 = sqlx::query_scalar("SELECT sum(number) FROM kept")
        .fetch_one(&mut copied)
        .await
        .expect("the rows");
    assert_eq!(sum, 83);

    let files = folder.path().join("copy.sqlite.attachments");
    assert_eq!(
        fs::read_dir(&files).expect("a copy").count(),
        1,
        "whole files only"
    );
    assert_eq!(
        fs::read_to_string(files.join("0a")).expect("a copy"),
        "sealed"
    );

    let why = mifeng_refuses(folder.path(), &arguments);
    assert!(why.contains("nothing was overwritten"), "{why}");
}

#[tokio::test]
async fn a_dump_of_postgres_brings_everything_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (live, other) = (fresh_database().await, fresh_database().await);
    let config = format!("store_url = \"{live}\"\n");
    fs::write(folder.path().join("triage.toml"), config).expect("a configuration");
    fs::write(folder.path().join("password"), "twelve green bottles").expect("a password");
    let add = "staff add --config triage.toml --login wen --name Wen --role auditor --password-file password";
    mifeng_ok(folder.path(), &add.split(' ').collect::<Vec<_>>());
    let arguments = ["backup", "--config", "triage.toml", "--to", "copy.dump"];
    let said = mifeng_ok(folder.path(), &arguments);
    assert!(said.contains("checked"), "{said}");
    let copy = folder.path().join("copy.dump");
    let mode = fs::metadata(&copy).expect("the copy").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let restored = Command::new("pg_restore")
        .args(["--exit-on-error", "--dbname", &other])
        .arg(&copy)
        .status();
    assert!(restored.expect("PostgreSQL's client").success());
    let stores = open_stores(&other.parse().expect("a URL")).await;
    let stores = stores.expect("the restored store has the schema we know");
    let members = stores.staff.members().await.expect("the members");
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].login, "wen");
    // The copy was taken in a period of its own, which is safe now in the store it was taken of.
    let stores = open_stores(&live.parse().expect("a URL")).await;
    let period = stores.expect("the store").cases.begin_backup().await;
    assert_eq!(period.expect("a period"), 2);
}

#[test]
fn missing_store_is_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("triage.toml"),
        "store_url = \"sqlite:absent.sqlite\"\n",
    )
    .expect("a configuration");
    let arguments = ["backup", "--config", "triage.toml", "--to", "copy.sqlite"];
    let why = mifeng_refuses(folder.path(), &arguments);
    assert!(why.contains("no such store"), "{why}");
    assert!(!folder.path().join("absent.sqlite").exists());
    assert!(!folder.path().join("copy.sqlite").exists());
}
