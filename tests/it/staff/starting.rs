//! The pages while the cases are being loaded.

use super::{Browser, Office, Setup};
use crate::support::postgres;
use mifeng::entropy::SystemEntropy;
use mifeng::triage::service::start as start_triage;
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
    intake.stop().await;
    drop(folder);
}
