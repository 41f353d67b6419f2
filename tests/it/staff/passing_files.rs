//! Files that go up with their case: the same at the office above, however often the line breaks on the way.

use super::{Browser, Office, Reporter, Setup, value};
use crate::attachments::travel::links;
use crate::attachments::{Chosen, FORM, code_on, form_body, pdf, photo};
use crate::journey::canary;
use crate::support::cutter::Cutter;
use reqwest::StatusCode;
use sha2::{Digest as _, Sha256};
use std::time::Duration;

const SCHOOL: &str = "青溪县城东小学";
const TEXT: &str = "默许培训机构进校招生，每年收好处";
const LATER: &str = "又找到一张收据";
const MARK: &str = "canary-in-a-passed-photo";

/// Whoever sends a tip about the office's head, with a file.
async fn sends(office: &Office, file: &Chosen) -> Reporter {
    let browser = Browser::new(&office.intake_url());
    let fields = [
        ("code", ""),
        ("category", "tutoring"),
        ("text", TEXT),
        ("school", SCHOOL),
        ("subject", "骆局长"),
        ("when", ""),
    ];
    let body = form_body(&fields, std::slice::from_ref(file));
    let sent = browser.post_as("/qingxi/zh-Hans/write", FORM, body).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    Reporter {
        code: code_on(&sent.text),
        browser,
    }
}

pub async fn adds(reporter: &Reporter, text: &str, file: &Chosen) {
    let fields = [("pickup_code", reporter.code.as_str()), ("text", text)];
    let body = form_body(&fields, std::slice::from_ref(file));
    let path = "/qingxi/zh-Hans/check/reply";
    let sent = reporter.browser.post_as(path, FORM, body).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
}

/// The page of the case at `browser`, once it lists `count` files that are there.
async fn page_with(browser: &Browser, number: &str, count: usize) -> String {
    let path = format!("/en/case/{number}");
    let mut text = String::new();
    for _ in 0..150 {
        text = browser.get(&path).await.text;
        if links(&text).len() == count {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never {count} files: {text}");
}

/// Every file of the page, as it is saved.
async fn saved(browser: &Browser, page: &str) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for link in links(page) {
        let answer = browser.fetch(&link).await;
        assert_eq!(answer.status(), 200, "{link}");
        files.push(answer.bytes().await.expect("whole").to_vec());
    }
    files
}

async fn files_go_along(setup: Setup) {
    let office = Office::start_as(Setup {
        above: true,
        ..setup
    })
    .await;
    let mut cutter = Cutter::before(office.intake().relay_address.expect("an address")).await;
    let url = format!("http://{}", cutter.address);
    let office = office
        .restarted_as(|settings| settings["relay"]["url"] = url.into())
        .await;
    let files = [
        photo("转账截图.jpg", 1_500_000, MARK),
        pdf("说明.pdf"),
        photo("收据.jpg", 40_000, MARK),
    ];
    let reporter = sends(&office, &files[0]).await;
    let county = office.signed_in("dispatcher").await;
    let number = county.finds(TEXT).await;
    adds(&reporter, "补充说明", &files[1]).await;
    let page = page_with(&county, &number, 2).await;
    assert_eq!(saved(&county, &page).await.len(), 2);

    // The line breaks in each try to send the first file.
    cutter.cut_after(700_000);
    let form = [
        ("version", value(&page, "version")),
        ("reason", "反映主要领导".to_owned()),
    ];
    let form = form.each_ref().map(|(name, text)| (*name, text.as_str()));
    let path = format!("/en/case/{number}/pass-up");
    let passed = county.post(&path, &form).await;
    assert_eq!(
        passed.location,
        format!("/en/case/{number}"),
        "{}",
        passed.text
    );
    super::passing::signed(&office, &number).await;
    cutter.has_cut(3).await;
    let gone = county.get(&format!("/en/case/{number}")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let above = office.signed_in_above("dispatcher").await;
    let queue = above.get("/en/queue?view=open").await.text;
    assert_eq!(
        super::numbers(&queue),
        [] as [&str; 0],
        "not before its files"
    );
    // What is written meanwhile goes to the office that has the tip, and on from there.
    adds(&reporter, LATER, &files[2]).await;
    let office = office.restarted(async |_| {}).await;
    cutter.has_cut(5).await;
    cutter.cut_after(u64::MAX);

    let above = office.signed_in_above("dispatcher").await;
    let there = above.finds(TEXT).await;
    let page = page_with(&above, &there, 3).await;
    assert!(page.contains(LATER) && page.contains("转账截图.jpg") && page.contains("收据.jpg"));
    let got = saved(&above, &page).await;
    for file in &files {
        assert!(got.contains(&file.bytes), "{} came whole", file.name);
        let digest = hex::encode(Sha256::digest(&file.bytes));
        assert!(page.contains(&digest), "{}", file.name);
    }
    let told = reporter.reads("已密封移交上级").await;
    assert!(told.to_string().contains("河源市教育局"), "{told}");
    nothing_is_left(&office).await;
    office.stop().await;
}

/// Nothing waits at the county, and nothing of a file stands anywhere in the clear.
async fn nothing_is_left(office: &Office) {
    let store = office.stores().await.cases;
    for _ in 0..100 {
        if store.queued_passing(64).await.expect("read").is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(store.queued_passing(64).await.expect("read"), []);
    for words in [MARK, "转账截图", "收据.jpg"] {
        let found = canary::files_with(office.folder(), words);
        assert!(found.is_empty(), "{words} in {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_along_over_sqlite() {
    Box::pin(files_go_along(Setup::default())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_along_over_postgresql() {
    let files = tempfile::tempdir().expect("a folder");
    let setup = Setup::over_postgresql(files.path()).await;
    Box::pin(files_go_along(setup)).await;
}
