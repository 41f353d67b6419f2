//! The pages while the cases are being loaded.

use super::audit::Hand;
use super::locked::until_told;
use super::{Browser, Office, Setup};
use crate::support::postgres;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_triage::service::start as start_triage;
use reqwest::StatusCode;
use sqlx::Connection as _;
use std::sync::Arc;
use std::time::Duration;

const TEXT: &str = "周末在校外租房补课，一次收两百元。";

/// The table of tips is held, as a slow disk would hold it: whoever comes is told that loading goes on.
#[tokio::test]
async fn loading_is_told_and_then_the_pages_are_there() {
    let url = postgres::fresh_database().await;
    let setup = Setup {
        triage_url: Some(url.clone()),
        ..Setup::default()
    };
    let office = Office::start_as(setup).await;
    let (number, _) = office.case_about("青溪县第一中学", TEXT).await;
    let Office {
        intake,
        triage,
        clock,
        folder,
        settings,
        ..
    } = office;
    triage.stop().await;

    let mut holder = sqlx::PgConnection::connect(&url).await.expect("connected");
    let mut held = holder.begin().await.expect("begun");
    sqlx::query("LOCK TABLE tip IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *held)
        .await
        .expect("held");
    let port = crate::journey::demo::free_ports().0;
    let settings = settings.replacen("127.0.0.1:0", &format!("127.0.0.1:{port}"), 1);
    let again = toml::from_str(&settings).expect("settings");
    let starting = tokio::spawn(start_triage(again, clock.clone(), Arc::new(SystemEntropy)));
    let browser = Browser::new(&format!("http://127.0.0.1:{port}"));
    let health = loop {
        // Until the socket is bound nobody answers.
        if let Some(answer) = browser.try_get("/healthz").await {
            break answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(health.text.starts_with("loading 0%"), "{}", health.text);
    let page = browser.get(&format!("/en/case/{number}")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("Opening the cases") && page.text.contains("0% done"));
    assert!(!page.text.contains(TEXT));
    let page = browser.get("/zh-Hans/queue").await;
    assert!(page.text.contains("正在打开线索"));
    assert!(!starting.is_finished());
    crate::journey::staff_pages::look_at_loading(&browser.url).await;

    held.rollback().await.expect("let go");
    let triage = starting.await.expect("no panic").expect("triage starts");
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    let login = browser.get("/en/login").await;
    assert!(login.status == StatusCode::OK && !login.text.contains("Opening the cases"));
    triage.stop().await;
    intake.expect("it runs").stop().await;
    drop(folder);
}

/// A start whose cases cannot be read: whoever comes is told, and once they can be read they are.
async fn what_cannot_be_read_at_a_start_is_tried_again(url: Option<String>) {
    let (office, case) = unreadable(url).await;
    let browser = office.browser();
    let told = until_told(&browser, &case, "cannot be read just now").await;
    assert!(told.text.contains("tried again by itself") && !told.text.contains(TEXT));
    // It goes on failing for a while.
    tokio::time::sleep(Duration::from_secs(2)).await;
    until_told(&browser, "/zh-Hans/queue", "暂时读不出案件").await;

    let mut hand = Hand::on(&office.store_url()).await;
    hand.run("ALTER TABLE elsewhere RENAME TO clock")
        .await
        .expect("undone");
    until_served(&browser).await;
    let dispatcher = office.signed_in("dispatcher").await;
    let page = dispatcher.get(&case).await;
    assert!(page.status == StatusCode::OK && page.text.contains(TEXT));
    // It pulls too, not only shows.
    office.case_about("青溪县第三中学", "另一件事").await;
    office.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_at_a_start_is_tried_again_over_sqlite() {
    what_cannot_be_read_at_a_start_is_tried_again(None).await;
}

#[tokio::test]
async fn what_cannot_be_read_at_a_start_is_tried_again_over_postgresql() {
    let url = postgres::fresh_database().await;
    what_cannot_be_read_at_a_start_is_tried_again(Some(url)).await;
}

/// A stop is not held up by it.
#[tokio::test]
async fn what_cannot_be_read_at_a_start_holds_up_no_stop() {
    let (office, case) = unreadable(None).await;
    until_told(&office.browser(), &case, "cannot be read just now").await;
    let stopped = tokio::time::timeout(Duration::from_secs(30), office.stop()).await;
    assert!(stopped.is_ok(), "it waits for what never comes");
}

/// What a person has to mend ends the start, so that it is seen.
#[tokio::test]
async fn a_setting_that_cannot_be_used_ends_the_start() {
    let office = Office::start().await;
    let mut settings: toml::Table = toml::from_str(office.settings()).expect("settings");
    settings["relay"]["token_file"] = "/nowhere".into();
    let settings = toml::from_str(&settings.to_string()).expect("settings");
    let started = start_triage(settings, office.clock.clone(), Arc::new(SystemEntropy)).await;
    let refused = started.err().expect("it cannot start").to_string();
    assert!(refused.contains("/nowhere"), "{refused}");
    office.stop().await;
}

/// An office started again while a table of its cases is not to be found, and the address of a case.
async fn unreadable(url: Option<String>) -> (Office, String) {
    let office = Office::start_over(url).await;
    let (number, _) = office.case_about("青溪县第一中学", TEXT).await;
    let mut hand = Hand::on(&office.store_url()).await;
    let office = office.restarted(async |_: &_| {
        hand.run("ALTER TABLE clock RENAME TO elsewhere")
            .await
            .expect("done");
    });
    (office.await, format!("/en/case/{number}"))
}

/// Until the pages are there.
async fn until_served(browser: &Browser) {
    for _ in 0..200 {
        let health = browser.try_get("/healthz").await;
        if health.is_some_and(|health| health.status == StatusCode::OK) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never opened");
}
