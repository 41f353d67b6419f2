//! The audit log from outside: what is on record, who may read it, and that no change of it goes unseen.

use super::{Browser, Office, PASSWORD, Setup, value};
use crate::operator::{mifeng_ok, mifeng_refuses};
use crate::support::postgres;
use mifeng_foundation::storage::sqlite_options;
use reqwest::StatusCode;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::path::Path;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "英语老师周六在校外收费补课。";
const REASON: &str = "两位家长都这样说";

/// Does one of everything, and tells what the auditor then reads, the latest first.
async fn one_of_everything(office: &Office) -> (Browser, String) {
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    let case = format!("/en/case/{number}");
    let dispatcher = office.signed_in("dispatcher").await;
    let version = value(&dispatcher.get(&case).await.text, "version");
    let form = [
        ("version", version.as_str()),
        ("to", "accepted"),
        ("mode", "direct"),
        ("reason", REASON),
    ];
    let done = dispatcher.post(&format!("{case}/state"), &form).await;
    assert_eq!(done.location, case);
    let again = dispatcher.post(&format!("{case}/state"), &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    dispatcher.get("/en/quarantine").await;
    dispatcher.get("/en/accounts").await;
    dispatcher.post("/en/logout", &[]).await;
    let principal = office.signed_in("principal").await;
    assert_eq!(principal.get(&case).await.status, StatusCode::NOT_FOUND);
    principal.get("/en/case/2026-9999").await;
    let other = office.signed_in("other").await;
    assert_eq!(other.get(&case).await.status, StatusCode::NOT_FOUND);
    let stranger = office.browser();
    stranger.sign_in("dispatcher", "wrong password").await;
    stranger.sign_in(TEXT, "wrong password").await;
    let auditor = office.signed_in("auditor").await;
    let page = auditor.get("/en/trail").await.text;
    (auditor, page)
}

fn in_order(page: &str, words: &[&str]) {
    let mut rest = page;
    for word in words {
        let at = rest
            .find(word)
            .unwrap_or_else(|| panic!("no {word} in {rest}"));
        rest = &rest[at + word.len()..];
    }
}

async fn everything_is_on_record(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (auditor, page) = one_of_everything(&office).await;
    in_order(
        &page,
        &[
            "saw the audit log",
            "name of auditor</a>",
            "signed in",
            "nobody signed in",
            "sign-in refused",
            "nobody signed in",
            "sign-in refused <span class=\"muted\">name of dispatcher</span>",
            "refused a case: not theirs",
            "asked for a case that is not there",
            "name of principal</a>",
            "refused a case: recused",
            "signed out",
            "refused, not part of the role: <span class=\"muted\">accounts",
            "saw the quarantine",
            "not completed: <span class=\"muted\">changed the state to",
            "changed the state to <span class=\"muted\">Accepted",
            "saw a case",
            "saw the list:",
            "office key unlocked",
        ],
    );
    let han = auditor.get("/zh-Hans/trail?check=1").await.text;
    assert!(han.contains("记录完整") && han.contains("案件被拒：应回避"));
    for page in [&page, &han] {
        assert!(!page.contains(TEXT) && !page.contains(REASON) && !page.contains(SCHOOL));
        assert!(!page.contains("audit-"), "a key without words");
    }
    the_filters_hold(&auditor, &page).await;
    office.stop().await;
}

async fn the_filters_hold(auditor: &Browser, page: &str) {
    let id = page
        .split("/en/trail?case=")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let id = id.expect("an audit log id");
    let of_case = auditor.get(&format!("/en/trail?case={id}")).await.text;
    assert!(of_case.contains("refused a case: recused") && !of_case.contains("office key"));
    let wrong = auditor.get("/en/trail?case=<b>").await.text;
    assert!(wrong.contains("id=\"case-error\"") && !wrong.contains("<b>"));
}

#[tokio::test]
async fn everything_is_on_record_in_sqlite() {
    everything_is_on_record(None).await;
}

#[tokio::test]
async fn everything_is_on_record_in_postgresql() {
    everything_is_on_record(Some(postgres::fresh_database().await)).await;
}

/// Where the audit log can be touched as a thief of the machine could.
pub enum Hand {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Hand {
    pub async fn on(url: &str) -> Self {
        match url.strip_prefix("sqlite:") {
            Some(path) => {
                let options = sqlite_options(Path::new(path));
                Self::Sqlite(
                    SqliteConnection::connect_with(&options)
                        .await
                        .expect("it opens"),
                )
            }
            None => Self::Postgres(PgConnection::connect(url).await.expect("it opens")),
        }
    }

    pub async fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => connection.execute(sql).await.map(|_| ()),
            Self::Postgres(connection) => connection.execute(sql).await.map(|_| ()),
        }
    }

    /// Takes away what the schema forbids, as whoever owns the machine can.
    async fn free(&mut self) {
        let sql = match self {
            Self::Sqlite(_) => "DROP TRIGGER trail_keeps_rows; DROP TRIGGER trail_keeps_words",
            Self::Postgres(_) => "DROP TRIGGER trail_keeps_rows ON trail",
        };
        self.run(sql).await.expect("freed");
    }
}

/// What is done to the audit log, what undoes it, and what the check says.
const TAMPERINGS: [(&str, &str, &str); 5] = [
    (
        "UPDATE trail SET detail = detail || 'x' WHERE sequence = 4",
        "UPDATE trail SET detail = SUBSTR(detail, 1, LENGTH(detail) - 1) WHERE sequence = 4",
        "row 4 was changed",
    ),
    (
        "UPDATE trail SET actor_id = NULL WHERE sequence = 3",
        "UPDATE trail SET actor_id = (SELECT id FROM member WHERE login = 'dispatcher') WHERE sequence = 3",
        "row 3 was changed",
    ),
    (
        "UPDATE trail SET sequence = -1 WHERE sequence = 5; UPDATE trail SET sequence = 5 WHERE sequence = 6; \
         UPDATE trail SET sequence = 6 WHERE sequence = -1",
        "UPDATE trail SET sequence = -1 WHERE sequence = 5; UPDATE trail SET sequence = 5 WHERE sequence = 6; \
         UPDATE trail SET sequence = 6 WHERE sequence = -1",
        "row 5 was changed or moved",
    ),
    (
        "CREATE TABLE taken AS SELECT * FROM trail WHERE sequence = 7; DELETE FROM trail WHERE sequence = 7",
        "INSERT INTO trail SELECT * FROM taken; DROP TABLE taken",
        "row 7 is missing",
    ),
    (
        "CREATE TABLE taken AS SELECT * FROM trail WHERE sequence > 7; DELETE FROM trail WHERE sequence > 7",
        "INSERT INTO trail SELECT * FROM taken; DROP TABLE taken",
        "does not end where it was left",
    ),
];

async fn no_change_goes_unseen(url: &str, folder: &Path) {
    let office = Office::start_as(Setup {
        triage_url: Some(url.to_owned()),
        ..Setup::default()
    })
    .await;
    one_of_everything(&office).await;
    office.stop().await;
    std::fs::write(folder.join("triage.toml"), format!("store_url = '{url}'\n")).expect("ours");
    let verify = ["trail", "verify", "--config", "triage.toml"];
    let said = mifeng_ok(folder, &verify);
    let head = said.trim().rsplit(' ').next().expect("a head").to_owned();
    let with_head = [verify.as_slice(), &["--head", &head]].concat();
    assert_eq!(mifeng_ok(folder, &with_head), said);

    let mut hand = Hand::on(url).await;
    for (tampering, ..) in TAMPERINGS {
        assert!(
            hand.run(tampering).await.is_err(),
            "the schema lets {tampering}"
        );
        let _ = hand.run("DROP TABLE IF EXISTS taken").await;
    }
    hand.free().await;
    for (tampering, undoing, expected) in TAMPERINGS {
        hand.run(tampering).await.expect("done");
        let why = mifeng_refuses(folder, &verify);
        assert!(why.contains(expected), "{tampering}: {why}");
        hand.run(undoing).await.expect("undone");
        assert_eq!(mifeng_ok(folder, &verify), said, "{tampering}");
    }
    // A thief who rewrites the end too is found by a head from a mail only.
    hand.run(
        "DELETE FROM trail WHERE sequence > 7; UPDATE trail_head SET sequence = 7, \
         hash = (SELECT hash FROM trail WHERE sequence = 7)",
    )
    .await
    .expect("done");
    mifeng_ok(folder, &verify);
    let why = mifeng_refuses(folder, &with_head);
    assert!(why.contains("does not hold row"), "{why}");
}

#[tokio::test]
async fn no_change_goes_unseen_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}/store.sqlite", folder.path().display());
    no_change_goes_unseen(&url, folder.path()).await;
}

#[tokio::test]
async fn no_change_goes_unseen_in_postgresql() {
    let folder = tempfile::tempdir().expect("a folder");
    no_change_goes_unseen(&postgres::fresh_database().await, folder.path()).await;
}

#[tokio::test]
async fn writers_at_once_make_one_chain() {
    let office = Office::start_over(Some(postgres::fresh_database().await)).await;
    let mut browsers = Vec::new();
    for _ in 0..8 {
        browsers.push(office.signed_in("dispatcher").await);
    }
    for _ in 0..5 {
        futures_util::future::join_all(browsers.iter().map(|one| one.get("/en/queue"))).await;
    }
    let auditor = office.signed_in("auditor").await;
    let page = auditor.get("/en/trail?check=1").await.text;
    assert!(page.contains("The chain holds"));
    assert_eq!(page.matches("saw the list:").count(), 40);
    office.stop().await;
}

#[tokio::test]
async fn without_an_audit_log_nothing_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}/store.sqlite", folder.path().display());
    let office = Office::start_over(Some(url.clone())).await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    let staff = office.signed_in("dispatcher").await;
    let mut hand = Hand::on(&url).await;
    hand.run("ALTER TABLE trail RENAME TO elsewhere")
        .await
        .expect("done");
    let case = staff.get(&format!("/en/case/{number}")).await;
    assert_eq!(case.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!case.text.contains(TEXT));
    let door = office.browser().sign_in("dispatcher", PASSWORD).await;
    assert_eq!(door.status, StatusCode::SERVICE_UNAVAILABLE);
    office.stop().await;
}
