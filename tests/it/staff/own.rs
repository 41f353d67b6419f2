//! One's own account: another password, the same key.

use super::{Office, PASSWORD};
use reqwest::StatusCode;

const CHOSEN: &str = "only she knows this one";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";

#[tokio::test]
async fn another_password_keeps_key_and_cases() {
    let office = Office::start().await;
    let (number, _) = office.case_about("青溪县第一中学", TEXT).await;
    let case = format!("/en/case/{number}");
    let (browser, elsewhere) = (
        office.signed_in("supervisor").await,
        office.signed_in("supervisor").await,
    );
    let form = |now, new, again| {
        [
            ("password-now", now),
            ("password-new", new),
            ("password-again", again),
        ]
    };
    for (typed, field) in [
        (form("not hers", CHOSEN, CHOSEN), "password-now"),
        (form(PASSWORD, "short", "short"), "password-new"),
        (form(PASSWORD, CHOSEN, "another one"), "password-again"),
    ] {
        let page = browser.post("/en/own", &typed).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(&format!("id=\"{field}-error\"")));
        assert!(!page.text.contains(CHOSEN) && !page.text.contains(PASSWORD));
    }
    let before = office
        .stores()
        .await
        .staff
        .member_by_login("supervisor")
        .await;
    let done = browser
        .post("/en/own", &form(PASSWORD, CHOSEN, CHOSEN))
        .await;
    assert_eq!(done.location, "/en/own?changed=1", "{}", done.text);
    let page = browser.get(&done.location).await.text;
    assert!(page.contains("sessions elsewhere were ended") && page.contains("Vouched for"));
    assert_eq!(browser.get(&case).await.status, StatusCode::OK, "goes on");
    assert_eq!(elsewhere.get(&case).await.location, "/en/login");
    let after = office
        .stores()
        .await
        .staff
        .member_by_login("supervisor")
        .await;
    assert_eq!(before.expect("read"), after.expect("read"), "the same key");

    let old = office.browser().sign_in("supervisor", PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    let again = office.browser();
    assert_eq!(
        again.sign_in("supervisor", CHOSEN).await.location,
        "/en/queue"
    );
    let page = again.get(&case).await;
    assert!(page.status == StatusCode::OK && page.text.contains(TEXT));
    let han = again.get("/zh-Hans/own").await.text;
    assert!(han.contains("我的密钥") && han.contains("换密码"));
    office.stop().await;
}
