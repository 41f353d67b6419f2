//! Many at once: reporters who write and staff who type in, at the same moment. No number is given twice, and nothing is lost.

use super::{Office, value};
use crate::support::postgres;
use futures_util::future::join_all;
use reqwest::StatusCode;
use std::collections::BTreeSet;
use std::time::Duration;

const SCHOOL: &str = "青溪县第三中学";
const REPORTERS: usize = 30;
const TYPING: usize = 4;
const EACH_TYPES: usize = 6;

async fn types_in(office: &Office, who: usize) -> Vec<String> {
    let browser = office.signed_in("dispatcher").await;
    let mut numbers = Vec::new();
    for one in 0..EACH_TYPES {
        let page = browser.get("/en/type-in").await.text;
        let text = format!("来电{who}之{one}：体育老师让家长买指定的球鞋。");
        let (code, day) = (value(&page, "code"), office.today().to_string());
        let form = [
            ("code", code.as_str()),
            ("channel", "phone"),
            ("day", day.as_str()),
            ("category", "gifts"),
            ("school", SCHOOL),
            ("text", text.as_str()),
            ("language", "zh-Hans"),
        ];
        let done = browser.post("/en/type-in", &form).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
        let shown = done
            .text
            .split("<strong>")
            .filter_map(|rest| rest.split('<').next());
        // A case's number is longer than a day, and no code has dashes.
        let is_number = |shown: &&str| {
            let digits = |b: u8| b.is_ascii_digit() || b == b'-';
            shown.len() > 10 && shown.contains('-') && shown.bytes().all(digits)
        };
        let number = shown.filter(is_number).last();
        numbers.push(number.expect("a number").to_owned());
    }
    numbers
}

async fn nothing_is_lost(url: Option<String>) {
    let office = Office::start_over(url).await;
    let writes = (0..REPORTERS).map(|who| {
        let mut reporter = office.reporter();
        async move {
            let text = format!("家长{who}：周末在校外租房补课。");
            reporter.submits(SCHOOL, &text).await;
        }
    });
    let at_desks = (0..TYPING).map(|who| types_in(&office, who));
    let (_, typed) = tokio::join!(join_all(writes), join_all(at_desks));
    let typed: Vec<String> = typed.into_iter().flatten().collect();
    let all = REPORTERS + TYPING * EACH_TYPES;
    let store = office.stores().await.cases;
    let mut stored = Vec::new();
    for _ in 0..100 {
        stored = store.cases().await.expect("read");
        if stored.len() == all {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(stored.len(), all, "none is lost");
    let numbers: BTreeSet<_> = stored.iter().map(|row| row.number.clone()).collect();
    assert_eq!(numbers.len(), all, "each has its own number");
    let shown: BTreeSet<_> = typed.iter().cloned().collect();
    assert_eq!(shown.len(), typed.len());
    assert!(shown.is_subset(&numbers));
    // What was shown to whoever typed it in is that case, and no other's.
    let dispatcher = office.signed_in("dispatcher").await;
    for (at, number) in typed.iter().enumerate() {
        let page = dispatcher.get(&format!("/en/case/{number}")).await.text;
        let words = format!("来电{}之{}：", at / EACH_TYPES, at % EACH_TYPES);
        assert!(page.contains(&words), "{number} is not {words}");
    }
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_in_sqlite() {
    nothing_is_lost(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_in_postgresql() {
    nothing_is_lost(Some(postgres::fresh_database().await)).await;
}
