//! Lists of many cases: none of them opens a tip, and none asks the store for one.

use super::audit::Hand;
use super::{Browser, Office, Page, numbers};
use crate::support::postgres;
use mifeng_opening::opened_documents;
use reqwest::StatusCode;
use std::time::Duration;

const SCHOOL: &str = "青溪县第三中学";
const CASES: usize = 200;
/// Lists, with how many cases each shows at least.
const LISTS: [(&str, &str, usize); 6] = [
    ("supervisor", "/en/queue?view=open", 50),
    ("supervisor", "/en/ledger?state=open", 50),
    ("supervisor", "/en/ledger?sort=due&page=3", 50),
    ("dispatcher", "/en/queue?view=new", 50),
    ("supervisor", "/en/board", 0),
    ("auditor", "/en/trail", 0),
];
type Form<'a> = &'a [(&'a str, &'a str)];

/// What is posted, with how many cases it shows or lets out.
const POSTED: [(&str, Form<'_>, usize); 2] = [
    ("/en/search", &[("q", "租房补课")], 20),
    ("/en/ledger/csv", &[], CASES),
];

async fn many(office: &Office) {
    for one in 0..CASES {
        let text = format!("家长{one}：周末在校外租房补课。");
        office.reporter().submits(SCHOOL, &text).await;
    }
    let store = office.stores().await.cases;
    for _ in 0..300 {
        if store.cases().await.expect("read").len() == CASES {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("they never came");
}

/// Asks, and tells how many sealed things were opened for the answer.
async fn counted(ask: impl Future<Output = Page>) -> (Page, u64) {
    let before = opened_documents();
    let page = ask.await;
    (page, opened_documents() - before)
}

async fn lists_are_whole(office: &Office, browsers: &[(&str, Browser)], how: &str) {
    let by = |login: &str| &browsers.iter().find(|one| one.0 == login).expect("one").1;
    for (login, path, least) in LISTS {
        let (page, opened) = counted(by(login).get(path)).await;
        assert_eq!(page.status, StatusCode::OK, "{how} {path}");
        let shown = numbers(&page.text).len();
        assert!(shown >= least, "{how} {path}: {shown}");
        assert_eq!(opened, 0, "{how} {path} opened {opened}");
    }
    for (path, form, least) in POSTED {
        let (page, opened) = counted(by("supervisor").post(path, form)).await;
        assert_eq!(page.status, StatusCode::OK, "{how} {path}");
        let shown = numbers(&page.text).len().max(page.text.lines().count() - 1);
        assert!(shown >= least, "{how} {path}: {shown}");
        assert_eq!(opened, 0, "{how} {path} opened {opened}");
    }
    let queue = by("supervisor").get("/en/queue?view=open").await.text;
    assert!(queue.contains(&CASES.to_string()), "all are counted");
    assert_eq!(
        office
            .stores()
            .await
            .cases
            .cases()
            .await
            .expect("read")
            .len(),
        CASES
    );
}

async fn no_list_opens_a_tip(url: &str) {
    let office = Office::start_over(Some(url.to_owned())).await;
    many(&office).await;
    let mut browsers = Vec::new();
    for login in ["supervisor", "dispatcher", "auditor"] {
        browsers.push((login, office.signed_in(login).await));
    }
    lists_are_whole(&office, &browsers, "as it is").await;
    // What counts counts: a case is opened to be read.
    let number = numbers(&browsers[0].1.get("/en/queue?view=open").await.text).remove(0);
    let case = format!("/en/case/{number}");
    let (page, opened) = counted(browsers[0].1.get(&case)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(opened > 0 && page.text.contains("周末在校外租房补课"));

    let mut hand = Hand::on(url).await;
    for table in ["tip", "message", "history"] {
        let away = format!("ALTER TABLE {table} RENAME TO {table}_elsewhere");
        hand.run(&away).await.expect("done");
    }
    lists_are_whole(&office, &browsers, "without the tips").await;
    let case = browsers[0].1.get(&case).await;
    assert_eq!(case.status, StatusCode::SERVICE_UNAVAILABLE);
    for table in ["tip", "message", "history"] {
        let back = format!("ALTER TABLE {table}_elsewhere RENAME TO {table}");
        hand.run(&back).await.expect("done");
    }
    office.stop().await;
}

#[tokio::test]
async fn no_list_opens_a_tip_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    no_list_opens_a_tip(&format!("sqlite:{}/store.sqlite", folder.path().display())).await;
}

#[tokio::test]
async fn no_list_opens_a_tip_in_postgresql() {
    no_list_opens_a_tip(&postgres::fresh_database().await).await;
}
