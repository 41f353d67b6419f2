//! Need to know by keys: what each member can open with what lies on the disk and her password, and what an administrator
//! gains by resetting one, making an account or changing it (nothing).

use super::{Browser, Office, PASSWORD, Page, STAFF, numbers};
use crate::support::postgres;
use mifeng::entropy::SystemEntropy;
use mifeng::opening::Identity;
use mifeng::tip::TipDocument;
use mifeng::triage::run::Stores;
use mifeng::triage::staff::{Credentials, Member, MemberId, Passwords};
use mifeng::triage::store::{CaseRow, Rewrap};
use reqwest::StatusCode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";
const OTHER_SCHOOL: &str = "青溪县第三中学";
const OTHER_TEXT: &str = "体育老师让家长买指定的球鞋。";
const TEMPORARY: &str = "a row of plane trees";
const CHOSEN: &str = "only she knows this one";

/// A member's identity, from the store and her password alone.
async fn identity(stores: &Stores, login: &str, password: &str) -> Option<Identity> {
    let member = stores.staff.member_by_login(login).await.expect("read");
    let id = member.expect("a member").id;
    let credentials = stores.staff.credentials(id).await.expect("read");
    let keys = credentials.expect("credentials").keys?;
    let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("hashing works");
    passwords
        .open_identity(password.to_owned().into(), keys)
        .await
        .ok()
}

/// Whether an identity opens the case by anything that is stored of it: through any member's wrap, the office's, or its
/// rows themselves.
async fn opens(stores: &Stores, identity: &Identity, case: &CaseRow) -> bool {
    let mut wraps = vec![case.wrapped_identity.clone()];
    for member in stores.staff.members().await.expect("read") {
        let wrap = stores.cases.wrap(case.id, member.id).await.expect("read");
        wraps.extend(wrap);
    }
    let tips = stores.cases.tips(Some(case.id)).await.expect("read");
    let keys: Vec<Identity> = wraps
        .iter()
        .filter_map(|wrap| identity.open_identity(wrap).ok())
        .collect();
    assert!(identity.open(&tips[0].sealed).is_err() && identity.open(&case.card).is_err());
    for key in &keys {
        let tip = key.open(&tips[0].sealed).expect("the key of this case");
        TipDocument::from_json(&tip).expect("a tip");
        key.open(&case.card).expect("the key of this case");
    }
    !keys.is_empty()
}

/// Numbers of the cases that each member of the harness opens from the store.
async fn opened(stores: &Stores) -> BTreeMap<&'static str, BTreeSet<String>> {
    let cases = stores.cases.cases().await.expect("read");
    let mut opened = BTreeMap::new();
    for (login, ..) in STAFF {
        let numbers: &mut BTreeSet<String> = opened.entry(login).or_default();
        let Some(identity) = identity(stores, login, PASSWORD).await else {
            continue;
        };
        for case in &cases {
            if opens(stores, &identity, case).await {
                numbers.insert(case.number.clone());
            }
        }
    }
    opened
}

fn set(numbers: &[&String]) -> BTreeSet<String> {
    numbers.iter().map(|number| (*number).clone()).collect()
}

/// Two cases: one about the principal's school, handled by `other`; one handled by `investigator`.
async fn two_cases(office: &Office) -> (String, String) {
    let (one, _) = office.case_about(SCHOOL, TEXT).await;
    let (two, _) = office.case_about(OTHER_SCHOOL, OTHER_TEXT).await;
    office.give(&one, "other").await;
    office.give(&two, "investigator").await;
    (one, two)
}

async fn only_whose_case_it_is_opens_its_rows(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (one, two) = two_cases(&office).await;
    let both = set(&[&one, &two]);
    let expected = BTreeMap::from([
        ("dispatcher", both.clone()),
        ("supervisor", both),
        ("principal", set(&[&two])),
        ("other", set(&[&one])),
        ("investigator", set(&[&two])),
        ("administrator", set(&[])),
        ("auditor", set(&[])),
    ]);
    assert_eq!(opened(&office.stores().await).await, expected);
    assert!(
        identity(&office.stores().await, "other", "another password")
            .await
            .is_none()
    );

    // Transferred: the key goes with the case.
    office.give(&one, "investigator").await;
    let opened_now = opened(&office.stores().await).await;
    assert!(opened_now["other"].is_empty());
    assert_eq!(opened_now["investigator"], set(&[&one, &two]));
    let trail = office.signed_in("auditor").await.get("/en/trail").await;
    for words in [
        "key of a case given to <span class=\"muted\">name of investigator",
        "key of a case taken from <span class=\"muted\">name of other",
    ] {
        assert!(trail.text.contains(words), "{words}: {}", trail.text);
    }
    office.stop().await;
}

#[tokio::test]
async fn only_whose_case_it_is_opens_its_rows_in_sqlite() {
    only_whose_case_it_is_opens_its_rows(None).await;
}

#[tokio::test]
async fn only_whose_case_it_is_opens_its_rows_in_postgresql() {
    only_whose_case_it_is_opens_its_rows(Some(postgres::fresh_database().await)).await;
}

async fn post_account(office: &Office, login: &str, action: &str, form: &[(&str, &str)]) -> Page {
    let id = hex::encode(office.id_of(login).await.0);
    let admin = office.signed_in("administrator").await;
    admin
        .post(&format!("/en/accounts/{id}/{action}"), form)
        .await
}

/// How many keys a member holds.
async fn held(office: &Office, login: &str) -> usize {
    let id = office.id_of(login).await;
    let wraps = office.stores().await.cases.wraps_of(id).await;
    wraps.expect("read").len()
}

/// The code on a member's own page.
async fn code_of(browser: &Browser) -> String {
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

async fn confirm(office: &Office, officer: &str, login: &str, code: &str) -> Page {
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
    let trail = office
        .signed_in("auditor")
        .await
        .get("/en/trail")
        .await
        .text;
    for words in [
        "vouched for the key of <span class=\"muted\">name of investigator",
        "not completed: <span",
        "keys of the cases she may see given to <span class=\"muted\">name of investigator",
        "keys taken from <span class=\"muted\">name of investigator",
    ] {
        assert!(trail.contains(words), "{words}: {trail}");
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

async fn edited(office: &Office, login: &str, change: impl FnOnce(&mut Member)) -> Page {
    let stores = office.stores().await;
    let member = stores.staff.member_by_login(login).await.expect("read");
    let mut member = member.expect("a member");
    change(&mut member);
    let (schools, names) = (
        member.recused_schools.join(","),
        member.recused_names.join(","),
    );
    let form = [
        ("name", member.name.as_str()),
        ("email", member.email.as_str()),
        ("unit", member.unit.as_deref().unwrap_or_default()),
        ("role", member.role.code()),
        ("recused_schools", schools.as_str()),
        ("recused_names", names.as_str()),
    ];
    post_account(office, login, "edit", &form).await
}

async fn a_changed_account_changes_who_holds_keys(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (one, two) = two_cases(&office).await;
    let supervisor = office.signed_in("supervisor").await;
    let sees = async |number: &String| supervisor.get(&format!("/en/case/{number}")).await.status;
    assert_eq!(held(&office, "supervisor").await, 2);
    // A recusal more: at once, and without a word from anybody.
    let done = edited(&office, "supervisor", |member| {
        member.recused_schools = vec!["qx-1z".to_owned()];
    });
    assert_eq!(done.await.location, "/en/accounts");
    assert_eq!(held(&office, "supervisor").await, 1);
    assert_eq!(sees(&one).await, StatusCode::NOT_FOUND);
    assert_eq!(sees(&two).await, StatusCode::OK);
    // A recusal less: somebody else has to say that it is true.
    edited(&office, "supervisor", |member| {
        member.recused_schools.clear();
    })
    .await;
    assert_eq!(held(&office, "supervisor").await, 0);
    assert_eq!(sees(&two).await, StatusCode::NOT_FOUND);
    let code = code_of(&supervisor).await;
    confirm(&office, "dispatcher", "supervisor", &code).await;
    assert_eq!(held(&office, "supervisor").await, 2);
    assert_eq!(sees(&one).await, StatusCode::OK);
    // Closed: the handler's keys are gone, and so are his sessions.
    let closed = post_account(&office, "investigator", "deactivate", &[]).await;
    assert_eq!(closed.location, "/en/accounts");
    assert_eq!(held(&office, "investigator").await, 0);
    office.stop().await;
}

#[tokio::test]
async fn a_changed_account_changes_who_holds_keys_in_sqlite() {
    a_changed_account_changes_who_holds_keys(None).await;
}

#[tokio::test]
async fn a_changed_account_changes_who_holds_keys_in_postgresql() {
    let url = postgres::fresh_database().await;
    a_changed_account_changes_who_holds_keys(Some(url)).await;
}

/// What a start finds out of line it puts right, and says so.
async fn a_start_puts_keys_right(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (one, two) = two_cases(&office).await;
    let office = office
        .restarted(async |stores: &Stores| {
            let cases = stores.cases.cases().await.expect("read");
            let case = cases.iter().find(|case| case.number == one);
            let case = case.expect("the case").id;
            let id = async |login| {
                let member = stores.staff.member_by_login(login).await.expect("read");
                member.expect("a member").id
            };
            let wrong = Rewrap {
                case,
                give: vec![(id("principal").await, b"by some mistake".to_vec())],
                take: vec![id("other").await, id("supervisor").await],
            };
            stores.cases.rewrap(&[wrong]).await.expect("written");
        })
        .await;
    let opened = opened(&office.stores().await).await;
    assert_eq!(opened["principal"], set(&[&two]));
    assert_eq!(opened["other"], set(&[&one]));
    assert_eq!(opened["supervisor"], set(&[&one, &two]));
    let trail = office
        .signed_in("auditor")
        .await
        .get("/en/trail")
        .await
        .text;
    for words in [
        "keys taken from <span class=\"muted\">name of principal",
        "keys of the cases she may see given to <span class=\"muted\">name of other",
    ] {
        assert!(trail.contains(words), "{words}: {trail}");
    }
    office.stop().await;
}

#[tokio::test]
async fn a_start_puts_keys_right_in_sqlite() {
    a_start_puts_keys_right(None).await;
}

#[tokio::test]
async fn a_start_puts_keys_right_in_postgresql() {
    a_start_puts_keys_right(Some(postgres::fresh_database().await)).await;
}

/// Accounts from before there were keys, and accounts that the operator's tool makes while triage runs.
#[tokio::test]
async fn an_older_account_gets_a_key_when_she_signs_in() {
    let office = Office::start().await;
    let (one, _) = office.case_about(SCHOOL, TEXT).await;
    let stores = office.stores().await;
    let dispatcher = stores.staff.member_by_login("dispatcher").await;
    let dispatcher = dispatcher.expect("read").expect("a member");
    let older = Member {
        id: MemberId([9; 16]),
        login: "older".to_owned(),
        name: "季云舟".to_owned(),
        recipient: None,
        ..dispatcher
    };
    let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("hashing works");
    let password = passwords.hash(PASSWORD.to_owned().into()).await;
    let credentials = Credentials {
        password: password.expect("a hash"),
        own: true,
        keys: None,
    };
    assert!(stores.staff.add(&older, &credentials).await.expect("added"));
    let (first, second) = (office.browser(), office.browser());
    let entered = tokio::join!(
        first.sign_in("older", PASSWORD),
        second.sign_in("older", PASSWORD)
    );
    for entered in [entered.0, entered.1] {
        assert_eq!(entered.location, "/en/queue", "{}", entered.text);
    }
    for browser in [first, second] {
        let page = browser.get(&format!("/en/case/{one}")).await;
        assert!(page.status == StatusCode::OK && page.text.contains(TEXT));
    }
    assert_eq!(held(&office, "older").await, 1);
    office.stop().await;
}

/// A key that a member holds is what opens a case: without it the rule that would let her in lets her see nothing.
#[tokio::test]
async fn without_a_key_the_rule_alone_opens_nothing() {
    let office = Office::start().await;
    let (one, _) = office.case_about(SCHOOL, TEXT).await;
    let supervisor = office.signed_in("supervisor").await;
    let case = format!("/en/case/{one}");
    assert_eq!(supervisor.get(&case).await.status, StatusCode::OK);
    let stores = office.stores().await;
    let row = stores.cases.cases().await.expect("read").remove(0);
    let taken = Rewrap {
        case: row.id,
        give: Vec::new(),
        take: vec![office.id_of("supervisor").await],
    };
    stores.cases.rewrap(&[taken]).await.expect("written");
    let page = supervisor.get(&case).await;
    assert!(page.status == StatusCode::NOT_FOUND && !page.text.contains(TEXT));
    office.stop().await;
}
