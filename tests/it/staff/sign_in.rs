//! The door: who gets in, who waits, and how one leaves.

use super::{Office, PASSWORD};
use reqwest::StatusCode;
use std::time::Duration;

#[tokio::test]
async fn whoever_signs_in_stays_in_until_idle_or_out() {
    let office = Office::start().await;
    let browser = office.browser();
    let queue = browser.get("/en/queue").await;
    assert_eq!(
        (queue.status, queue.location.as_str()),
        (StatusCode::SEE_OTHER, "/en/login")
    );
    assert_eq!(
        browser.sign_in("dispatcher", PASSWORD).await.location,
        "/en/queue"
    );
    assert_eq!(browser.get("/en/queue").await.status, StatusCode::OK);

    office.clock.advance(Duration::from_mins(9));
    assert_eq!(browser.get("/en/queue").await.status, StatusCode::OK);
    office.clock.advance(Duration::from_mins(10));
    assert_eq!(browser.get("/en/queue").await.location, "/en/login");

    browser.sign_in("dispatcher", PASSWORD).await;
    assert_eq!(browser.get("/en/queue").await.status, StatusCode::OK);
    assert_eq!(browser.post("/en/logout", &[]).await.location, "/en/login");
    assert_eq!(browser.get("/en/queue").await.location, "/en/login");
    office.stop().await;
}

#[tokio::test]
async fn a_wrong_login_and_a_wrong_password_are_told_the_same_and_slowed() {
    let office = Office::start().await;
    let browser = office.browser();
    let unknown = browser.sign_in("nobody-here", "wrong password").await;
    let wrong = browser.sign_in("dispatcher", "wrong password").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.text.contains("Login and password do not match"));
    let unknown_text = unknown.text.replace("nobody-here", "dispatcher");
    assert_eq!((unknown.status, unknown_text), (wrong.status, wrong.text));

    for _ in 0..3 {
        browser.sign_in("dispatcher", "wrong password").await;
    }
    let slowed = browser.sign_in("dispatcher", PASSWORD).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    office.clock.advance(Duration::from_mins(1));
    let let_in = browser.sign_in("dispatcher", PASSWORD).await;
    assert_eq!(let_in.status, StatusCode::SEE_OTHER);
    office.stop().await;
}

#[tokio::test]
async fn a_request_from_another_site_is_refused() {
    let office = Office::start().await;
    let browser = office.signed_in("administrator").await;
    for path in ["/en/login", "/en/logout", "/en/accounts"] {
        let form = [("login", "dispatcher"), ("password", PASSWORD)];
        let page = browser
            .post_from(path, &form, "https://elsewhere.example")
            .await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(browser.get("/en/accounts").await.status, StatusCode::OK);
    office.stop().await;
}
