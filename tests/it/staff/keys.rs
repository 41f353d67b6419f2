//! Need to know by keys: what each member can open with what lies on the disk and her password, and how that changes with
//! her account.

use super::vouching::{code_of, confirm};
use super::{Office, PASSWORD, Page, STAFF};
use crate::support::postgres;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_opening::Identity;
use mifeng_sealing::tip::TipDocument;
use mifeng_triage::engine::Stores;
use mifeng_triage::model::{Member, MemberId};
use mifeng_triage::staff::{Credentials, Passwords};
use mifeng_triage::store::{CaseRow, Rewrap};
use reqwest::StatusCode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) const SCHOOL: &str = "青溪县第一中学";
pub(super) const TEXT: &str = "周末在校外租房补课，一次收两百元。";
const OTHER_SCHOOL: &str = "青溪县第三中学";
pub(super) const OTHER_TEXT: &str = "体育老师让家长买指定的球鞋。";

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
    assert!(identity.open(&tips[0].sealed).is_err() && identity.open(&case.summary).is_err());
    for key in &keys {
        let tip = key.open(&tips[0].sealed).expect("the key of this case");
        TipDocument::from_json(&tip).expect("a tip");
        key.open(&case.summary).expect("the key of this case");
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
pub(super) async fn two_cases(office: &Office) -> (String, String) {
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
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    for words in [
        "key of a case given to <span class=\"muted\">name of investigator",
        "key of a case taken from <span class=\"muted\">name of other",
    ] {
        assert!(audit_log.contains(words), "{words}: {audit_log}");
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

pub(super) async fn post_account(
    office: &Office,
    login: &str,
    action: &str,
    form: &[(&str, &str)],
) -> Page {
    let id = hex::encode(office.id_of(login).await.0);
    let admin = office.signed_in("administrator").await;
    admin
        .post(&format!("/en/accounts/{id}/{action}"), form)
        .await
}

/// How many keys a member holds.
pub(super) async fn held(office: &Office, login: &str) -> usize {
    let id = office.id_of(login).await;
    let wraps = office.stores().await.cases.wraps_of(id).await;
    wraps.expect("read").len()
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
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    for words in [
        "keys taken from <span class=\"muted\">name of principal",
        "keys of the cases they may see given to <span class=\"muted\">name of other",
    ] {
        assert!(audit_log.contains(words), "{words}: {audit_log}");
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
