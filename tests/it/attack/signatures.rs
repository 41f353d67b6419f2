//! The administrator at the pages: what would leave a case without anybody who oversees it waits for an officer, who finds it where
//! she looks, and says why not.

use crate::staff::{Office, PASSWORD};
use crate::support::postgres;
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";
const ANOTHER: &str = "a row of plane trees";
const WHY: &str = "她在单位，没有忘记密码";

/// The address to which an officer sends an answer, if one waits.
fn address(page: &str, answer: &str) -> Option<String> {
    let end = page.find(&format!("/{answer}\""))?;
    let start = page[..end].rfind('"')? + 1;
    Some(format!("{}/{answer}", &page[start..end]))
}

async fn a_last_officer_is_not_locked_out_by_one(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    let case = format!("/en/case/{number}");
    let admin = office.signed_in("administrator").await;
    let account = async |login: &str, action: &str| {
        let id = hex::encode(office.id_of(login).await.0);
        format!("/en/accounts/{id}/{action}")
    };
    // The supervisor oversees it too: one dispatcher less is done at once.
    let closed = admin
        .post(&account("dispatcher", "deactivate").await, &[])
        .await;
    assert_eq!(closed.location, "/en/accounts", "{}", closed.text);
    let out = office.browser().sign_in("dispatcher", PASSWORD).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);

    let officer = office.signed_in("principal").await;
    let mut last = office.signed_in("supervisor").await;
    for (answer, form) in [("refuse", vec![("reason", WHY)]), ("approve", Vec::new())] {
        let reset = account("supervisor", "password").await;
        let asked = admin.post(&reset, &[("password", ANOTHER)]).await;
        assert_eq!(asked.location, "/en/accounts", "{}", asked.text);
        let waits = admin.get("/en/accounts").await.text;
        assert!(
            waits.contains("wait for a signature") && waits.contains("1 of which nobody else"),
            "{waits}"
        );
        assert_eq!(
            last.get(&case).await.status,
            StatusCode::OK,
            "nothing is taken yet"
        );
        // It is listed above the officer's queue, and with what it would do; not for her whose account it is.
        let queue = officer.get("/en/queue").await.text;
        assert!(queue.contains("wait for your signature"), "{queue}");
        let own = last.get("/en/keys").await.text;
        assert!(
            address(&own, "approve").is_none() && own.contains("Another dispatcher or supervisor")
        );
        let keys = officer.get("/en/keys").await.text;
        let han = officer.get("/zh-Hans/keys").await.text;
        assert!(han.contains("等待签字的账号变更") && han.contains("重设密码"));
        let path = address(&keys, answer).expect("it waits");
        for browser in [&admin, &last] {
            let refused = browser.post(&path, &form).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
        }
        let signed = officer.post(&path, &form).await;
        assert_eq!(signed.location, "/en/keys", "{}", signed.text);
        if answer == "refuse" {
            let told = admin.get("/en/accounts").await.text;
            assert!(told.contains(WHY), "{told}");
            assert!(
                !officer.get("/en/keys").await.text.contains(WHY),
                "sealed to whoever asked"
            );
            let noted = address(&told, "withdraw").expect("to be noted");
            assert_eq!(admin.post(&noted, &[]).await.location, "/en/accounts");
            last = office.signed_in("supervisor").await;
        }
    }
    assert_eq!(
        last.get(&case).await.location,
        "/en/login",
        "her sessions are over"
    );
    let old = office.browser().sign_in("supervisor", PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
    let new = office.browser().sign_in("supervisor", ANOTHER).await;
    assert_eq!(new.location, "/en/own");
    // A forged or repeated signature does nothing.
    for answer in ["approve", "refuse", "withdraw"] {
        let path = format!("/en/signatures/{}/{answer}", "00".repeat(16));
        let browser = if answer == "withdraw" {
            &admin
        } else {
            &officer
        };
        let nothing = browser.post(&path, &[("reason", WHY)]).await;
        assert_eq!(nothing.status, StatusCode::NOT_FOUND, "{answer}");
    }
    office.stop().await;
}

#[tokio::test]
async fn a_last_officer_is_not_locked_out_by_one_in_sqlite() {
    Box::pin(a_last_officer_is_not_locked_out_by_one(None)).await;
}

#[tokio::test]
async fn a_last_officer_is_not_locked_out_by_one_in_postgresql() {
    let url = postgres::fresh_database().await;
    Box::pin(a_last_officer_is_not_locked_out_by_one(Some(url))).await;
}
