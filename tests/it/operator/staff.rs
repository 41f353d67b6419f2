//! `mifeng staff add`.

use super::{mifeng, mifeng_ok, mifeng_refuses};
use crate::support::postgres::fresh_database;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_triage::engine::open_stores;
use mifeng_triage::model::Role;
use mifeng_triage::staff::Passwords;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const PASSWORD: &str = "twelve green bottles";

fn arguments<'a>(login: &'a str, role: &'a str, password_file: &'a str) -> Vec<&'a str> {
    vec![
        "staff",
        "add",
        "--config",
        "triage.toml",
        "--login",
        login,
        "--name",
        "温以宁",
        "--role",
        role,
        "--unit",
        "dudao",
        "--recused-school",
        "qx-1z",
        "--password-file",
        password_file,
    ]
}

fn configure(folder: &Path, store_url: &str) {
    let config = format!("store_url = \"{store_url}\"\n");
    fs::write(folder.join("triage.toml"), config).expect("a configuration");
    fs::write(folder.join("password"), PASSWORD).expect("a password");
    fs::write(folder.join("short"), "short").expect("a password");
}

fn sqlite_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("triage.sqlite").display())
}

async fn account_is_added_once_with_its_password_and_recusal(folder: &Path, url: &str) {
    configure(folder, url);
    mifeng_ok(folder, &arguments("wen", "investigator", "password"));
    let why = mifeng_refuses(folder, &arguments("wen", "dispatcher", "password"));
    assert!(why.contains("taken"), "{why}");

    let opened = open_stores(&url.parse().expect("a URL")).await;
    let store = opened.expect("the store").staff;
    let members = store.members().await.expect("the members");
    assert_eq!(members.len(), 1);
    let member = &members[0];
    assert_eq!(member.role, Role::Investigator);
    assert_eq!(member.recused_schools, ["qx-1z"]);
    assert!(member.confirmed, "whoever runs the tool vouches");
    let stored = store.credentials(member.id).await.expect("read");
    let stored = stored.expect("credentials");
    let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("hashing works");
    let password = || PASSWORD.to_owned().into();
    assert!(passwords.verify(password(), Some(stored.password)).await);
    let keys = stored.keys.expect("a key");
    let identity = passwords.open_identity(password(), keys.clone()).await;
    let identity = identity.expect("the password opens it");
    assert_eq!(Some(identity.recipient()), member.recipient);
    let other = passwords.open_identity("another password".to_owned().into(), keys);
    assert!(other.await.is_err());
}

#[tokio::test]
async fn account_is_added_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite_in(folder.path());
    account_is_added_once_with_its_password_and_recusal(folder.path(), &url).await;
}

#[tokio::test]
async fn account_is_added_on_postgres() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = fresh_database().await;
    account_is_added_once_with_its_password_and_recusal(folder.path(), &url).await;
}

#[test]
fn what_could_not_work_is_refused_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    configure(folder.path(), &sqlite_in(folder.path()));
    for (login, role, password, expected) in [
        ("wen", "boss", "password", "one of dispatcher"),
        ("Wen Yining", "investigator", "password", "login"),
        ("wen", "investigator", "short", "too short"),
        ("wen", "investigator", "absent", "absent"),
    ] {
        let why = mifeng_refuses(folder.path(), &arguments(login, role, password));
        assert!(why.contains(expected), "{login} {role}: {why}");
        assert!(!why.contains(PASSWORD));
    }
    let output = mifeng(folder.path(), &["staff", "add", "--config", "nowhere.toml"]);
    assert!(!output.status.success());
}
