//! Two offices at one intake: what one may not handle, the other does, and the reporter keeps code and mailbox.

use super::{Browser, Office, Setup, numbers, value};
use crate::support::postgres;
use mifeng_triage::audit::Kind;
use reqwest::StatusCode;
use std::time::Duration;

const SCHOOL: &str = "青溪县城东小学";
const TEXT: &str = "默许培训机构进校招生，每年收好处";
const ADDED: &str = "去年中秋前送的";
const ANSWER: &str = "市局已收到，请问是哪家机构？";
const LATER: &str = "叫启明星培训";

impl Browser {
    /// Waits until a case whose page holds `text` is there; its number.
    pub async fn finds(&self, text: &str) -> String {
        for _ in 0..150 {
            let queue = self.get("/en/queue?view=open").await.text;
            for number in numbers(&queue) {
                let case = self.get(&format!("/en/case/{number}")).await;
                if case.text.contains(text) {
                    return number;
                }
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("no case with {text}");
    }
}

async fn two_offices(setup: Setup) {
    let office = Office::start_as(Setup {
        above: true,
        ..setup
    })
    .await;
    let mut reporter = office.reporter();
    reporter.accuses("骆局长", SCHOOL, TEXT).await;
    let dispatcher = office.signed_in("dispatcher").await;
    let number = dispatcher.finds(TEXT).await;
    reporter.adds(ADDED).await;
    dispatcher.finds(ADDED).await;
    let case = format!("/en/case/{number}");
    let page = dispatcher.get(&case).await.text;
    assert!(
        page.contains("it is to be passed up to Heyuan Education Bureau"),
        "{page}"
    );
    assert!(page.contains("Handle it here"));
    let han = dispatcher
        .get(&format!("/zh-Hans/case/{number}"))
        .await
        .text;
    assert!(han.contains("须在") && han.contains("移交河源市教育局"));
    let version = value(&page, "version");
    let form = |reason| [("version", version.clone()), ("reason", reason)];
    let sent = |form: &[(&'static str, String)]| {
        let form: Vec<_> = form
            .iter()
            .map(|(name, text)| (*name, text.clone()))
            .collect();
        let (path, browser) = (format!("{case}/pass-up"), &dispatcher);
        async move {
            let form: Vec<_> = form
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            browser.post(&path, &form).await
        }
    };
    let unsaid = sent(&form(String::new())).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.text.contains("id=\"pass-up-reason-error\""));
    let passed = sent(&form("反映主要领导".to_owned())).await;
    assert_eq!(passed.location, case, "{}", passed.text);
    signed(&office, &number).await;
    for login in ["dispatcher", "supervisor", "other", "investigator"] {
        let browser = office.signed_in(login).await;
        assert_eq!(
            browser.get(&case).await.status,
            StatusCode::NOT_FOUND,
            "{login}"
        );
        for view in ["mine", "open", "finished"] {
            let queue = browser.get(&format!("/en/queue?view={view}")).await.text;
            assert!(numbers(&queue).is_empty(), "{login} {view}");
        }
    }
    assert_eq!(office.on_record(Kind::PassedUp).await, 1);

    // The office above has the tip and what was added; it answers, and is answered.
    let above = office.signed_in_above("dispatcher").await;
    let there = above.finds(TEXT).await;
    above.finds(ADDED).await;
    let told = reporter.reads("已密封移交上级").await;
    assert!(told.to_string().contains("河源市教育局"), "{told}");
    let path = format!("/en/case/{there}/message");
    let wrote = above.post(&path, &[("text", ANSWER)]).await;
    assert_eq!(wrote.status, StatusCode::SEE_OTHER, "{}", wrote.text);
    let told = reporter.reads(ANSWER).await;
    assert_eq!(told["status"], "received", "as it stands above: {told}");
    reporter.adds(LATER).await;
    above.finds(LATER).await;
    let waits = office.stores().await.cases.queued_passing(64).await;
    assert_eq!(waits.expect("read"), []);
    office.stop().await;
}

/// The supervisor finds that it waits for her, and signs.
pub(super) async fn signed(office: &Office, number: &str) {
    let case = format!("/en/case/{number}");
    let supervisor = office.signed_in("supervisor").await;
    let page = supervisor.get(&case).await.text;
    assert!(page.contains("waits for a second person"), "{page}");
    let version = value(&page, "version");
    let form = [("version", version.as_str())];
    let path = format!("{case}/pass-up-approve");
    let passed = supervisor.post(&path, &form).await;
    assert_eq!(passed.location, "/en/queue", "{}", passed.text);
}

#[tokio::test]
async fn two_offices_over_sqlite() {
    two_offices(Setup::default()).await;
}

#[tokio::test]
async fn two_offices_over_postgresql() {
    two_offices(Setup {
        intake_url: Some(postgres::fresh_database().await),
        triage_url: Some(postgres::fresh_database().await),
        ..Setup::default()
    })
    .await;
}
