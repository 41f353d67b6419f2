//! Accounts, over both engines.

use super::{Browser, Office};
use crate::support::postgres;
use reqwest::StatusCode;

const NEW_PASSWORD: &str = "a row of plane trees";
const CHOSEN: &str = "only she knows this one";

fn account<'a>(login: &'a str, schools: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("login", login),
        ("name", "温以宁"),
        ("email", ""),
        ("unit", "dudao"),
        ("role", "investigator"),
        ("recused_schools", schools),
        ("recused_names", ""),
        ("password", NEW_PASSWORD),
    ]
}

/// The address that deactivates the account of `login`.
fn deactivation(page: &str, login: &str) -> String {
    let row = page.split(&format!("<td>{login}</td>")).nth(1);
    let row = row.expect("a row");
    let end = row.find("/deactivate\"").expect("can be deactivated");
    let start = row[..end].rfind('"').expect("an attribute") + 1;
    format!("{}/deactivate", &row[start..end])
}

async fn accounts_are_kept(office: Office) {
    let admin = office.signed_in("administrator").await;
    let added = admin.post("/en/accounts", &account("wen", "县一中")).await;
    assert_eq!(added.location, "/en/accounts", "{}", added.text);
    let page = admin.get("/en/accounts").await.text;
    assert!(page.contains("温以宁") && page.contains("Inspection Office"));

    let taken = admin.post("/en/accounts", &account("wen", "")).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        taken.text.contains("id=\"login-error\""),
        "beside the field"
    );
    let unknown = admin
        .post("/en/accounts", &account("li", "没有的学校"))
        .await;
    assert!(unknown.text.contains("id=\"recused_schools-error\""));
    assert!(unknown.text.contains("没有的学校"), "kept");
    assert!(!unknown.text.contains(NEW_PASSWORD));

    let member: Browser = office.browser();
    let entered = member.sign_in("wen", NEW_PASSWORD).await;
    assert_eq!(entered.location, "/en/own");
    let form = [("password-new", CHOSEN), ("password-again", CHOSEN)];
    member.post("/en/own", &form).await;
    assert_eq!(member.get("/en/queue").await.status, StatusCode::OK);
    let ended = admin.post(&deactivation(&page, "wen"), &[]).await;
    assert_eq!(ended.location, "/en/accounts");
    assert_eq!(member.get("/en/queue").await.location, "/en/login");
    let refused = member.sign_in("wen", CHOSEN).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);

    let own = admin.post(&deactivation(&page, "administrator"), &[]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.get("/en/accounts").await.status, StatusCode::OK);
    office.stop().await;
}

#[tokio::test]
async fn accounts_are_kept_in_sqlite() {
    accounts_are_kept(Office::start().await).await;
}

#[tokio::test]
async fn accounts_are_kept_in_postgresql() {
    let url = postgres::fresh_database().await;
    accounts_are_kept(Office::start_over(Some(url)).await).await;
}
