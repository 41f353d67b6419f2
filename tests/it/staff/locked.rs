//! Triage with the office's key locked: each signs in and opens her own cases and no other; nothing is changed; and it opens
//! by the passphrase or by so many shares.

use super::audit::Hand;
use super::{Browser, Office, PASSWORD, Page, numbers, value};
use crate::operator::mifeng_ok;
use crate::support::postgres;
use reqwest::StatusCode;
use std::path::Path;
use std::time::Duration;

const SCHOOL: &str = "青溪县第三中学";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";
const OTHER_TEXT: &str = "体育老师让家长买指定的球鞋。";

/// An office with a case of `other` and one of `investigator`, locked.
async fn locked(url: Option<String>, shares: bool) -> (Office, String, String) {
    let office = Office::start_over(url).await;
    let (one, _) = office.case_about(SCHOOL, TEXT).await;
    let (two, _) = office.case_about(SCHOOL, OTHER_TEXT).await;
    office.give(&one, "other").await;
    office.give(&two, "investigator").await;
    let folder = office.folder().to_owned();
    if shares {
        split(&folder);
    }
    let office = office.restarted_as(|settings| {
        settings.insert("start_sealed".to_owned(), true.into());
        // Nothing on this machine opens it.
        settings.remove("passphrase_file");
        if shares {
            let file = folder
                .join("shares/office-shares.age")
                .display()
                .to_string();
            settings.insert("office_shares_file".to_owned(), file.into());
        }
    });
    (office.await, one, two)
}

fn split(folder: &Path) {
    let arguments = [
        "keys",
        "split",
        "--identity",
        "keys/office-identity.age",
        "--dir",
        "shares",
        "--needed",
        "2",
        "--of",
        "3",
        "--passphrase-file",
        "passphrase",
    ];
    mifeng_ok(folder, &arguments);
}

fn share(office: &Office, number: u8) -> String {
    let path = office.folder().join(format!("shares/share-{number}.txt"));
    std::fs::read_to_string(path).expect("a share")
}

async fn each_opens_her_own_while_it_is_locked(url: Option<String>) {
    let (office, one, two) = locked(url, false).await;
    let (case, another) = (format!("/en/case/{one}"), format!("/en/case/{two}"));
    let handler = office.signed_in("other").await;
    let queue = handler.get("/en/queue").await.text;
    assert_eq!(numbers(&queue), std::slice::from_ref(&one));
    assert!(queue.contains("The office key is locked") && !queue.contains("/en/unlock"));
    let page = handler.get(&case).await;
    assert!(page.status == StatusCode::OK && page.text.contains(TEXT));
    assert!(page.text.contains("name of other"));
    assert_eq!(handler.get(&another).await.status, StatusCode::NOT_FOUND);
    let compare = format!("{case}/compare/{two}");
    let refused = handler.get(&compare).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    let why = "This cannot be done before it is unlocked";
    assert!(refused.text.contains(why), "{}", refused.text);
    // What is typed is not lost, and nothing is changed.
    let form = [
        ("version", value(&page.text, "version")),
        ("to", "accepted".to_owned()),
        ("mode", "direct".to_owned()),
        ("reason", "typed with care".to_owned()),
    ];
    let form: Vec<_> = form
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let changed = handler.post(&format!("{case}/state"), &form).await;
    assert_eq!(changed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(changed.text.contains("typed with care"), "{}", changed.text);
    for login in ["investigator", "principal", "administrator", "auditor"] {
        let browser = office.signed_in(login).await;
        let page = browser.get(&case).await;
        let principal = login == "principal";
        // A supervisor who may see it holds its key.
        assert_eq!(page.status == StatusCode::OK, principal, "{login}");
        assert_eq!(page.text.contains(TEXT), principal, "{login}");
    }

    let supervisor = office.signed_in("supervisor").await;
    let wrong = [("passphrase", "not the passphrase")];
    let refused = supervisor.post("/en/unlock/passphrase", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"passphrase-error\""));
    assert!(!refused.text.contains("not the passphrase"));
    let right = [("passphrase", PASSWORD)];
    let opened = supervisor.post("/en/unlock/passphrase", &right).await;
    assert_eq!(opened.location, "/en/queue", "{}", opened.text);
    until_open(&supervisor).await;
    let queue = supervisor.get("/en/queue?view=open").await.text;
    assert_eq!(numbers(&queue).len(), 2, "she is still signed in");
    assert!(!queue.contains("The office key is locked"));
    let changed = handler.post(&format!("{case}/state"), &form).await;
    assert_eq!(changed.location, case, "{}", changed.text);
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    let (failed, unlocked) = (
        audit_log.find("office key did not unlock"),
        audit_log.find("office key unlocked"),
    );
    assert!(unlocked < failed && unlocked.is_some(), "{audit_log}");
    office.stop().await;
}

/// The key is found and the cases cannot be read: whoever comes is told, and once they can be read they are.
async fn what_cannot_be_read_is_tried_again(url: Option<String>) {
    let (office, one, _) = locked(url, false).await;
    let supervisor = office.signed_in("supervisor").await;
    let mut hand = Hand::on(&office.store_url()).await;
    hand.run("ALTER TABLE clock RENAME TO elsewhere")
        .await
        .expect("done");
    let right = [("passphrase", PASSWORD)];
    let opened = supervisor.post("/en/unlock/passphrase", &right).await;
    assert_eq!(opened.location, "/en/queue", "{}", opened.text);
    let case = format!("/en/case/{one}");
    let mut told = until_told(&supervisor, &case, "cannot be read just now").await;
    assert!(told.text.contains("tried again by itself") && !told.text.contains(TEXT));
    told = supervisor.get("/zh-Hans/queue").await;
    assert!(told.text.contains("暂时读不出案件"), "{}", told.text);
    let health = supervisor.get("/healthz").await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(health.text.contains("tried again"), "{}", health.text);
    // It goes on failing for a while.
    tokio::time::sleep(Duration::from_secs(2)).await;
    until_told(&supervisor, &case, "cannot be read just now").await;

    hand.run("ALTER TABLE elsewhere RENAME TO clock")
        .await
        .expect("undone");
    until_open(&supervisor).await;
    let page = supervisor.get(&case).await;
    assert!(page.status == StatusCode::OK && page.text.contains(TEXT));
    let health = supervisor.get("/healthz").await;
    assert_eq!(health.status, StatusCode::OK);
    office.stop().await;
}

/// Until a page that is not there yet says `words`.
pub(super) async fn until_told(browser: &Browser, path: &str, words: &str) -> Page {
    for _ in 0..200 {
        if let Some(page) = browser.try_get(path).await
            && page.status == StatusCode::SERVICE_UNAVAILABLE
            && page.text.contains(words)
        {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never said {words}");
}

#[tokio::test]
async fn what_cannot_be_read_is_tried_again_over_sqlite() {
    what_cannot_be_read_is_tried_again(None).await;
}

#[tokio::test]
async fn what_cannot_be_read_is_tried_again_over_postgresql() {
    what_cannot_be_read_is_tried_again(Some(postgres::fresh_database().await)).await;
}

/// A stop is not held up by it.
#[tokio::test]
async fn what_cannot_be_read_holds_up_no_stop() {
    let (office, one, _) = locked(None, false).await;
    let supervisor = office.signed_in("supervisor").await;
    let mut hand = Hand::on(&office.store_url()).await;
    hand.run("ALTER TABLE clock RENAME TO elsewhere")
        .await
        .expect("done");
    let right = [("passphrase", PASSWORD)];
    supervisor.post("/en/unlock/passphrase", &right).await;
    let case = format!("/en/case/{one}");
    until_told(&supervisor, &case, "cannot be read just now").await;
    let stopped = tokio::time::timeout(Duration::from_secs(30), office.stop()).await;
    assert!(stopped.is_ok(), "it waits for what never comes");
}

/// Until the cases are loaded.
async fn until_open(browser: &Browser) {
    for _ in 0..200 {
        if let Some(page) = browser.try_get("/en/queue?view=open").await
            && page.status == StatusCode::OK
            && !page.text.contains("The office key is locked")
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never opened");
}

#[tokio::test]
async fn each_opens_her_own_while_it_is_locked_in_sqlite() {
    Box::pin(each_opens_her_own_while_it_is_locked(None)).await;
}

#[tokio::test]
async fn each_opens_her_own_while_it_is_locked_in_postgresql() {
    let url = postgres::fresh_database().await;
    Box::pin(each_opens_her_own_while_it_is_locked(Some(url))).await;
}

#[tokio::test]
async fn two_of_three_officers_open_it_with_their_shares() {
    let (office, ..) = locked(None, true).await;
    let (first, second) = (
        office.signed_in("dispatcher").await,
        office.signed_in("supervisor").await,
    );
    let enter = async |browser: &Browser, share: &str| {
        browser.post("/en/unlock/share", &[("share", share)]).await
    };
    let slip = share(&office, 1).replacen('q', "p", 1);
    let slip = if slip == share(&office, 1) {
        "mifeng-share-1".to_owned()
    } else {
        slip
    };
    let refused = enter(&first, &slip).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"share-error\""));
    let entered = enter(&first, &share(&office, 1)).await;
    assert_eq!(entered.location, "/en/unlock", "{}", entered.text);
    assert!(
        second
            .get("/en/unlock")
            .await
            .text
            .contains("1 of 2 shares entered")
    );
    // One officer does not stand for two, nor one share.
    let again = enter(&first, &share(&office, 2)).await;
    assert_eq!(again.location, "/en/unlock", "{}", again.text);
    let same = enter(&second, &share(&office, 2)).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let opened = enter(&second, &share(&office, 3).to_uppercase()).await;
    assert_eq!(opened.location, "/en/queue", "{}", opened.text);
    until_open(&second).await;
    assert_eq!(
        numbers(&second.get("/en/queue?view=open").await.text).len(),
        2
    );
    let page = first.get("/en/unlock").await.text;
    assert!(page.contains("The key is open"));
    office.stop().await;
}

/// A locked office stops when it is told to.
#[tokio::test]
async fn a_locked_office_stops() {
    let (office, ..) = locked(None, false).await;
    let health = office.browser().get("/healthz").await;
    assert_eq!(health.status, StatusCode::OK);
    office.stop().await;
}
