//! Several handle one case: named and taken off, each with the key at once and no longer; their joint opinion, signed by each;
//! and the evidence that a closing names.

use super::{Browser, Office, Page, numbers, value};
use crate::support::postgres::fresh_database;
use reqwest::StatusCode;
use std::time::Duration;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";
const OPINION: &str = "应由教科局与市场监管部门一同核查收费";
const DISSENT: &str = "金额还没有查清";

/// Sends a form of the case's page, as it is shown just now.
async fn sends(browser: &Browser, case: &str, action: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(case).await.text;
    let version = value(&page, "version");
    let mut form = vec![("version", version.as_str())];
    form.extend(fields);
    browser.post(&format!("{case}/{action}"), &form).await
}

async fn done(browser: &Browser, case: &str, action: &str, fields: &[(&str, &str)]) {
    let page = sends(browser, case, action, fields).await;
    assert_eq!(
        page.status,
        StatusCode::SEE_OTHER,
        "{action}: {}",
        page.text
    );
}

/// Sends what is not taken; the page says so with `words`.
async fn refused(
    browser: &Browser,
    case: &str,
    action: &str,
    fields: &[(&str, &str)],
    words: &str,
) {
    let page = sends(browser, case, action, fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{action}");
    assert!(
        page.text.contains(words),
        "{action}: {words}: {}",
        page.text
    );
}

const REASON: (&str, &str) = ("reason", "two schools, two languages");
const CONCLUDES: [(&str, &str); 3] = [
    ("outcome", "upheld"),
    ("answer", "查实了，已退费。"),
    ("reason", "two witnesses"),
];

/// It looks as if there were no such case.
async fn sees_nothing(browser: &Browser, case: &str) {
    let (hidden, missing) = (
        browser.get(case).await,
        browser.get("/en/case/2026-9999").await,
    );
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert_eq!(hidden, missing);
    for view in ["mine", "open", "finished"] {
        let queue = browser.get(&format!("/en/queue?view={view}")).await.text;
        assert!(numbers(&queue).is_empty(), "{view}");
    }
}

async fn several_handle_one_case(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    office.give(&number, "other").await;
    let case = format!("/en/case/{number}");
    let [lead, helper, dispatcher, supervisor] = [
        office.signed_in("other").await,
        office.signed_in("investigator").await,
        office.signed_in("dispatcher").await,
        office.signed_in("supervisor").await,
    ];
    let mut ids = Vec::new();
    for login in ["investigator", "dispatcher", "principal"] {
        ids.push(hex::encode(office.id_of(login).await.0));
    }
    let [of_helper, of_dispatcher, of_principal] =
        [0, 1, 2].map(|at: usize| ("member", ids[at].as_str()));
    sees_nothing(&helper, &case).await;

    let page = lead.get(&case).await.text;
    assert!(page.contains("One person handles this case") && page.contains(&ids[0]));
    assert!(!page.contains(&ids[2]), "a supervisor handles nothing");
    refused(
        &lead,
        &case,
        "add-handler",
        &[of_helper],
        "missing or too long",
    )
    .await;
    refused(
        &lead,
        &case,
        "add-handler",
        &[of_principal, REASON],
        "Not possible",
    )
    .await;
    done(&lead, &case, "add-handler", &[of_helper, REASON]).await;
    refused(
        &lead,
        &case,
        "add-handler",
        &[of_helper, REASON],
        "Not possible",
    )
    .await;
    let page = helper.get(&case).await;
    assert!(page.status == StatusCode::OK && page.text.contains(TEXT));
    assert!(
        page.text
            .contains("handled together with name of investigator: two schools")
    );
    let queue = helper.get("/en/queue?view=mine").await.text;
    assert_eq!(numbers(&queue), std::slice::from_ref(&number));
    assert!(
        queue.contains("name of other · name of investigator"),
        "{queue}"
    );
    // Who helps names nobody else.
    let more = sends(&helper, &case, "add-handler", &[of_dispatcher, REASON]).await;
    assert_eq!(more.status, StatusCode::FORBIDDEN);

    joint_opinion(&lead, &helper, &dispatcher, &case).await;
    // One who handled it with others, and does no longer, signs no closing.
    done(&lead, &case, "add-handler", &[of_dispatcher, REASON]).await;
    refused(
        &lead,
        &case,
        "conclude",
        &CONCLUDES,
        "everyone signs a joint opinion",
    )
    .await;
    done(&lead, &case, "remove-handler", &[of_dispatcher, REASON]).await;
    done(&lead, &case, "conclude", &CONCLUDES).await;
    closing_names_evidence(&office, &lead, &case).await;
    refused(&dispatcher, &case, "approve", &[], "second person").await;

    done(&supervisor, &case, "remove-handler", &[of_helper, REASON]).await;
    sees_nothing(&helper, &case).await;
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    for act in [
        "named to handle a case too: <span class=\"muted\">name of investigator",
        "took off a case: <span class=\"muted\">name of investigator",
        "signed a joint opinion: <span class=\"muted\">dissents",
    ] {
        assert!(audit_log.contains(act), "{act}");
    }
    assert!(!audit_log.contains(DISSENT) && !audit_log.contains(OPINION));
    office.stop().await;
}

async fn joint_opinion(lead: &Browser, helper: &Browser, dispatcher: &Browser, case: &str) {
    let accepted = [("to", "accepted"), ("mode", "joint"), REASON];
    done(lead, case, "state", &accepted).await;
    refused(lead, case, "opinion", &[("text", OPINION)], "Not possible").await;
    done(helper, case, "state", &[("to", "joint-study"), REASON]).await;
    refused(
        lead,
        case,
        "conclude",
        &CONCLUDES,
        "everyone signs a joint opinion",
    )
    .await;
    refused(
        dispatcher,
        case,
        "opinion",
        &[("text", OPINION)],
        "Not possible",
    )
    .await;
    refused(
        lead,
        case,
        "opinion",
        &[("text", " ")],
        "missing or too long",
    )
    .await;
    done(lead, case, "opinion", &[("text", OPINION)]).await;
    let found = lead.post("/en/search", &[("q", OPINION)]).await.text;
    assert!(found.contains(case), "an opinion is found");
    let found = dispatcher.post("/en/search", &[("q", OPINION)]).await.text;
    assert!(found.contains(case), "by all who may open it");
    refused(
        lead,
        case,
        "sign-opinion",
        &[("agrees", "yes")],
        "Not possible",
    )
    .await;
    refused(
        lead,
        case,
        "conclude",
        &CONCLUDES,
        "everyone signs a joint opinion",
    )
    .await;
    let page = helper.get(case).await.text;
    assert!(page.contains(OPINION) && page.contains("</strong>name of investigator"));
    refused(
        helper,
        case,
        "sign-opinion",
        &[("agrees", "no")],
        "another opinion",
    )
    .await;
    let dissent = [("agrees", "no"), ("note", DISSENT)];
    done(helper, case, "sign-opinion", &dissent).await;
    let page = lead.get(case).await.text;
    assert!(page.contains("◆ dissents") && page.contains(DISSENT) && page.contains("✓ agrees"));
    assert!(!page.contains("Not signed yet"));
}

/// The closing rests on an entry of the register, without a word more.
async fn closing_names_evidence(office: &Office, lead: &Browser, case: &str) {
    let evidence = [("what", "收据三张"), ("place", "铁柜")];
    let written = lead.post(&format!("{case}/evidence"), &evidence).await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text);
    let page = lead.get(case).await.text;
    let exhibit = page.split("name=\"exhibit-").nth(1);
    let exhibit = exhibit.and_then(|rest| rest.split('"').next());
    let exhibit = format!("exhibit-{}", exhibit.expect("an entry to tick"));
    let zone = crate::support::office_zone();
    let today = mifeng_foundation::clock::Clock::today(&*office.clock, &zone);
    let day = today.plus_days(60).to_string();
    let rest = [("measures", "已退费"), ("revisit", day.as_str())];
    let unknown = format!("exhibit-{}", "0".repeat(32));
    let gone = [&rest[..], &[(unknown.as_str(), "yes")]].concat();
    refused(lead, case, "close", &gone, "not there any more").await;
    refused(lead, case, "close", &rest, "missing or too long").await;
    let ticked = [&rest[..], &[(exhibit.as_str(), "yes")]].concat();
    for _ in 0..100 {
        let proposed = sends(lead, case, "close", &ticked).await;
        if proposed.status == StatusCode::SEE_OTHER {
            let page = lead.get(case).await.text;
            let part = page.split("id=\"closing\"").nth(1).unwrap_or_default();
            let part = part.split("</section>").next().unwrap_or_default();
            assert!(
                part.contains("收据三张") && part.contains("已退费"),
                "{part}"
            );
            return;
        }
        // The result does not lie in its mailbox yet; nothing that was ticked is lost.
        assert!(proposed.text.contains("checked"), "{}", proposed.text);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the closing was never proposed");
}

#[tokio::test]
async fn several_handle_one_case_in_sqlite() {
    several_handle_one_case(None).await;
}

#[tokio::test]
async fn several_handle_one_case_in_postgresql() {
    several_handle_one_case(Some(fresh_database().await)).await;
}

/// Who helps can step aside for good, and is not to be named again.
#[tokio::test]
async fn a_recused_helper_is_out_for_good() {
    let office = Office::start().await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    office.give(&number, "other").await;
    let case = format!("/en/case/{number}");
    let (lead, helper) = (
        office.signed_in("other").await,
        office.signed_in("investigator").await,
    );
    let id = hex::encode(office.id_of("investigator").await.0);
    let member = ("member", id.as_str());
    done(&lead, &case, "add-handler", &[member, REASON]).await;
    done(
        &helper,
        &case,
        "recuse",
        &[("reason", "my cousin teaches there")],
    )
    .await;
    sees_nothing(&helper, &case).await;
    let page = lead.get(&case).await.text;
    assert!(!page.contains(&id) && page.contains("One person handles this case"));
    refused(
        &lead,
        &case,
        "add-handler",
        &[member, REASON],
        "Not possible",
    )
    .await;
    office.stop().await;
}

/// An account that is recused later loses the key of what it helps with, at once.
#[tokio::test]
async fn who_is_declared_recused_loses_what_he_helps_with() {
    let office = Office::start().await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    office.give(&number, "other").await;
    let case = format!("/en/case/{number}");
    let lead = office.signed_in("other").await;
    let helper = office.signed_in("investigator").await;
    let id = hex::encode(office.id_of("investigator").await.0);
    done(&lead, &case, "add-handler", &[("member", &id), REASON]).await;
    assert_eq!(helper.get(&case).await.status, StatusCode::OK);
    let form = [
        ("name", "name of investigator"),
        ("email", ""),
        ("unit", "dudao"),
        ("role", "investigator"),
        ("recused_schools", "qx-1z"),
        ("recused_names", ""),
    ];
    let admin = office.signed_in("administrator").await;
    let changed = admin.post(&format!("/en/accounts/{id}/edit"), &form).await;
    assert_eq!(changed.location, "/en/accounts", "{}", changed.text);
    sees_nothing(&helper, &case).await;
    let page = lead.get(&case).await.text;
    assert!(!page.contains(&id), "neither shown nor offered");
    office.stop().await;
}
