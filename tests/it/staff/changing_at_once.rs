//! Cases that are changed by many at the same moment: who changes one does not wait for who changes another, who changes the
//! same one does, and nothing of what was written is lost, joined and split meanwhile or not.

use super::{Browser, Office, Page, value};
use crate::support::postgres;
use futures_util::future::join_all;
use reqwest::StatusCode;
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::time::Duration;

const SCHOOL: &str = "青溪县第三中学";
/// Longer than any change takes that nothing holds up.
const HELD_UP: Duration = Duration::from_secs(2);

async fn notes(browser: &Browser, number: &str, text: &str) -> Page {
    let path = format!("/en/case/{number}/note");
    let page = browser.post(&path, &[("text", text)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{text}: {}", page.text);
    page
}

/// Cases of their own, each with the number of its case.
async fn cases(office: &Office, count: usize) -> Vec<String> {
    let mut cases = Vec::new();
    for one in 0..count {
        let text = format!("家长{one}：周末在校外租房补课。");
        cases.push(office.case_about(SCHOOL, &text).await.0);
    }
    cases
}

/// Two cases beside each other, as somebody was shown them.
struct Shown {
    compare: String,
    version: String,
    other_version: String,
}

impl Shown {
    async fn to(browser: &Browser, one: &str, other: &str) -> Self {
        let compare = format!("/en/case/{one}/compare/{other}");
        let page = browser.get(&compare).await.text;
        let (version, other_version) = (value(&page, "version"), value(&page, "other_version"));
        Self {
            compare,
            version,
            other_version,
        }
    }

    async fn joins(&self, browser: &Browser) -> Page {
        let form = [
            ("version", self.version.as_str()),
            ("other_version", self.other_version.as_str()),
            ("reason", "one teacher"),
        ];
        browser.post(&format!("{}/join", self.compare), &form).await
    }
}

/// The database holds one case's row, as it does for as long as another writes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_changes_a_case_waits_for_who_changes_the_same_one_only() {
    let url = postgres::fresh_database().await;
    let office = Office::start_over(Some(url.clone())).await;
    let cases = cases(&office, 2).await;
    let (held, free) = (cases[0].as_str(), cases[1].as_str());
    let [first, second, elsewhere, dispatcher] = [
        office.signed_in("supervisor").await,
        office.signed_in("dispatcher").await,
        office.signed_in("supervisor").await,
        office.signed_in("dispatcher").await,
    ];
    let shown = Shown::to(&dispatcher, held, free).await;
    let mut hand = PgConnection::connect(&url).await.expect("the store");
    hand.execute("BEGIN").await.expect("begun");
    let row = sqlx::query("SELECT 1 FROM cases WHERE number = $1 FOR UPDATE").bind(held);
    row.fetch_one(&mut hand).await.expect("the row");

    let mut waits = Box::pin(async {
        tokio::join!(
            notes(&first, held, "first note"),
            notes(&second, held, "second note"),
        )
    });
    let passed = tokio::time::timeout(HELD_UP, &mut waits).await;
    assert!(passed.is_err(), "the row is held");
    let other = notes(&elsewhere, free, "a note elsewhere");
    let passed = tokio::time::timeout(HELD_UP * 5, other).await;
    assert!(passed.is_ok(), "another case has nothing to do with it");
    // What concerns both waits for both.
    let mut joins = Box::pin(shown.joins(&dispatcher));
    let passed = tokio::time::timeout(HELD_UP, &mut joins).await;
    assert!(passed.is_err(), "joined while one of them was changed");
    hand.execute("ROLLBACK").await.expect("let go");
    let (_, joined) = tokio::join!(waits, joins);
    // It was made against a version that is no more.
    assert_eq!(joined.status, StatusCode::CONFLICT, "{}", joined.text);
    let page = dispatcher.get(&format!("/en/case/{held}")).await.text;
    assert!(page.contains("first note") && page.contains("second note"));
    let page = dispatcher.get(&format!("/en/case/{free}")).await.text;
    assert!(page.contains("a note elsewhere"));
    office.stop().await;
}

const ROUNDS: usize = 4;
/// How often two cases are joined and split again.
const JOINED: usize = 3;

fn note(who: usize, round: usize, number: &str) -> String {
    format!("note {who}-{round} on {number}.")
}

/// Writes into every case in turn, beginning with one of his own, and reads for `pause` after each.
async fn writes(browser: &Browser, cases: &[String], who: usize, pause: Duration) {
    for round in 0..ROUNDS {
        for at in 0..cases.len() {
            let number = &cases[(at + who) % cases.len()];
            notes(browser, number, &note(who, round, number)).await;
            tokio::time::sleep(pause).await;
        }
    }
}

/// Joins two cases and takes the second out again. Whenever somebody comes between it is looked at again.
async fn joins_and_splits(browser: &Browser, one: &str, other: &str) {
    for _ in 0..JOINED {
        let mut page = Shown::to(browser, one, other).await.joins(browser).await;
        while page.status == StatusCode::CONFLICT {
            page = Shown::to(browser, one, other).await.joins(browser).await;
        }
        let lead = page.location;
        assert!(lead.starts_with("/en/case/"), "{}", page.text);
        loop {
            let version = value(&browser.get(&lead).await.text, "version");
            let form = [("version", version.as_str()), ("reason", "two after all")];
            let split = format!("/en/case/{other}/split");
            let page = browser.post(&split, &form).await;
            if page.status == StatusCode::SEE_OTHER {
                break;
            }
            assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text);
        }
    }
}

/// What was written into a case, and in which version it is.
fn written(page: &str) -> (&str, String) {
    let part = page.split("id=\"notes\"").nth(1);
    let part = part.and_then(|part| part.split("</main>").next());
    (part.expect("notes"), value(page, "version"))
}

async fn nothing_written_is_lost(url: Option<String>) {
    let office = Office::start_over(url).await;
    let cases = cases(&office, 5).await;
    let (pair, others) = cases.split_at(2);
    let mut people = Vec::new();
    for who in 0..5 {
        let login = ["supervisor", "dispatcher"][who % 2];
        people.push(office.signed_in(login).await);
    }
    let (slow, quick) = people.split_last().expect("five");
    let crowd = quick.iter().enumerate();
    let crowd = crowd.map(|(who, browser)| writes(browser, others, who, Duration::ZERO));
    let joining = office.signed_in("dispatcher").await;
    tokio::join!(
        join_all(crowd),
        writes(slow, pair, quick.len(), Duration::from_millis(300)),
        joins_and_splits(&joining, &pair[0], &pair[1]),
    );
    let mut shown = Vec::new();
    for number in &cases {
        shown.push(joining.get(&format!("/en/case/{number}")).await.text);
    }
    let of_pair = (0..ROUNDS).flat_map(|round| pair.iter().map(move |one| note(4, round, one)));
    let of_others = (0..quick.len() * ROUNDS).flat_map(|at| {
        let (who, round) = (at / ROUNDS, at % ROUNDS);
        others.iter().map(move |one| note(who, round, one))
    });
    for note in of_pair.chain(of_others) {
        let found: usize = shown.iter().map(|page| page.matches(&note).count()).sum();
        assert_eq!(found, 1, "{note}");
    }
    let auditor = office.signed_in("auditor").await;
    let check = auditor.get("/en/trail?check=1").await.text;
    assert!(check.contains("The chain holds"), "{check}");
    // What is in memory is what is stored.
    let office = office.restarted(async |_: &_| {}).await;
    let again = office.signed_in("dispatcher").await;
    for (number, before) in cases.iter().zip(&shown) {
        let after = again.get(&format!("/en/case/{number}")).await.text;
        assert_eq!(written(&after), written(before), "{number}");
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_written_is_lost_in_sqlite() {
    nothing_written_is_lost(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_written_is_lost_in_postgresql() {
    nothing_written_is_lost(Some(postgres::fresh_database().await)).await;
}
