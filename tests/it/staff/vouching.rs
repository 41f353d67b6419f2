//! What an administrator gains by resetting a password or making an account: nothing, until an officer vouches for its key.

use super::keys::{OTHER_TEXT, SCHOOL, TEXT, held, post_account, two_cases};
use super::{Browser, Office, Page, numbers};
use crate::support::postgres;
use reqwest::StatusCode;

const TEMPORARY: &str = "a row of plane trees";
const CHOSEN: &str = "only she knows this one";

/// The code on a member's own page.
pub(super) async fn code_of(browser: &Browser) -> String {
    let page = browser.get("/en/own").await.text;
    let code = page.split("<code class=\"code\">").nth(1);
    let code = code.and_then(|rest| rest.split('<').next());
    code.expect("a code").to_owned()
}

fn choosing<'a>(now: &'a str, new: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("password-now", now),
        ("password-new", new),
        ("password-again", new),
    ]
}

pub(super) async fn confirm(office: &Office, officer: &str, login: &str, code: &str) -> Page {
    let id = hex::encode(office.id_of(login).await.0);
    let officer = office.signed_in(officer).await;
    officer
        .post(&format!("/en/keys/{id}"), &[("code", code)])
        .await
}

async fn a_reset_password_opens_nothing_until_an_officer_vouches(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (_, two) = two_cases(&office).await;
    let case = format!("/en/case/{two}");
    let before = office.signed_in("investigator").await;
    assert_eq!(before.get(&case).await.status, StatusCode::OK);
    let reset = post_account(
        &office,
        "investigator",
        "password",
        &[("password", TEMPORARY)],
    )
    .await;
    assert_eq!(reset.location, "/en/accounts", "{}", reset.text);
    assert_eq!(before.get(&case).await.location, "/en/login", "signed out");
    assert_eq!(held(&office, "investigator").await, 0);

    // The administrator knows this password. It is good for one thing.
    let browser = office.browser();
    let entered = browser.sign_in("investigator", TEMPORARY).await;
    assert_eq!(entered.location, "/en/own");
    for path in [case.as_str(), "/en/queue", "/en/accounts"] {
        assert_eq!(browser.get(path).await.location, "/en/own", "{path}");
    }
    let page = browser.get("/en/own").await.text;
    assert!(page.contains("set by someone else") && !page.contains("password-now"));
    let differ = [
        ("password-new", CHOSEN),
        ("password-again", "something else"),
    ];
    let refused = browser.post("/en/own", &differ).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"password-again-error\""));
    let vouched = confirm(&office, "dispatcher", "investigator", "0000").await;
    assert_eq!(
        vouched.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no key yet"
    );
    let chosen = browser.post("/en/own", &choosing("", CHOSEN)).await;
    assert_eq!(chosen.location, "/en/own?changed=1", "{}", chosen.text);
    assert_eq!(browser.get(&case).await.status, StatusCode::NOT_FOUND);
    assert!(numbers(&browser.get("/en/queue").await.text).is_empty());
    assert_eq!(held(&office, "investigator").await, 0);

    // Nobody can be given cases who could not open them.
    let dispatcher = office.signed_in("dispatcher").await;
    let form = dispatcher.get(&case).await.text;
    assert!(!form.contains(">name of investigator ("), "offered");
    let waiting = dispatcher.get("/en/keys").await.text;
    assert!(waiting.contains("name of investigator"));
    let code = code_of(&browser).await;
    assert!(!waiting.contains(&code), "he has to hear it from her");
    let wrong = confirm(&office, "dispatcher", "investigator", "1234 5678 9abc def0").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("This is not the code"));
    let by_admin = confirm(&office, "administrator", "investigator", &code).await;
    assert_eq!(by_admin.status, StatusCode::FORBIDDEN);
    let by_herself = browser
        .post(
            &format!(
                "/en/keys/{}",
                hex::encode(office.id_of("investigator").await.0)
            ),
            &[("code", &code)],
        )
        .await;
    assert_eq!(by_herself.status, StatusCode::FORBIDDEN);
    assert_eq!(held(&office, "investigator").await, 0);

    let done = confirm(&office, "dispatcher", "investigator", &code.to_uppercase()).await;
    assert_eq!(done.location, "/en/keys", "{}", done.text);
    let page = browser.get(&case).await;
    assert!(page.status == StatusCode::OK && page.text.contains(OTHER_TEXT));
    assert_eq!(held(&office, "investigator").await, 1);
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    for words in [
        "vouched for the key of <span class=\"muted\">name of investigator",
        "not completed: <span",
        "keys of the cases they may see given to <span class=\"muted\">name of investigator",
        "keys taken from <span class=\"muted\">name of investigator",
    ] {
        assert!(audit_log.contains(words), "{words}: {audit_log}");
    }
    office.stop().await;
}

#[tokio::test]
async fn a_reset_password_opens_nothing_in_sqlite() {
    a_reset_password_opens_nothing_until_an_officer_vouches(None).await;
}

#[tokio::test]
async fn a_reset_password_opens_nothing_in_postgresql() {
    let url = postgres::fresh_database().await;
    a_reset_password_opens_nothing_until_an_officer_vouches(Some(url)).await;
}

/// An officer whose own account is new cannot vouch, least of all for himself.
#[tokio::test]
async fn an_officer_is_vouched_for_by_another() {
    let office = Office::start().await;
    let (one, _) = office.case_about(SCHOOL, TEXT).await;
    let admin = office.signed_in("administrator").await;
    let form = [
        ("login", "shill"),
        ("name", "温以宁"),
        ("role", "dispatcher"),
        ("password", TEMPORARY),
    ];
    let added = admin.post("/en/accounts", &form).await;
    assert_eq!(added.location, "/en/accounts", "{}", added.text);
    let shill = office.browser();
    shill.sign_in("shill", TEMPORARY).await;
    shill.post("/en/own", &choosing("", CHOSEN)).await;
    let id = hex::encode(office.id_of("shill").await.0);
    let code = code_of(&shill).await;
    let own = shill
        .post(&format!("/en/keys/{id}"), &[("code", &code)])
        .await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    let case = shill.get(&format!("/en/case/{one}")).await;
    assert_eq!(case.status, StatusCode::NOT_FOUND);
    assert!(numbers(&shill.get("/en/queue?view=open").await.text).is_empty());
    let done = confirm(&office, "supervisor", "shill", &code).await;
    assert_eq!(done.location, "/en/keys");
    let case = shill.get(&format!("/en/case/{one}")).await;
    assert_eq!(case.status, StatusCode::OK);
    office.stop().await;
}
