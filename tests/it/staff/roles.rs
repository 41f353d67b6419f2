//! Every route, every role: allowed or refused as the roles say, and what may not be seen leaves no trace.

mod table;

use super::case_actions::case_lines;
use super::{Actor, Office, numbers, value};
use Actor::{Administrator, Dispatcher, Handler, Recused, Supervisor};
use Who::{Anyone, SignedIn, These};
use mifeng_triage::web::{
    ACCOUNT_ACTIONS, DASHBOARD_ACTIONS, DECISIONS, FEED_ACTIONS, LEDGER_ACTIONS,
    QUARANTINE_DECISIONS, ROUTES, RULES_ACTIONS, SIGNATURE_ANSWERS, UNLOCK_WAYS,
};
use reqwest::StatusCode;
use std::collections::BTreeSet;
use table::{CASE, LINES};

const SCHOOL: &str = "青溪县第一中学";

const TEXT: &str = "周末在校外租房补课，一次收两百元。";

const OTHER_SCHOOL: &str = "青溪县第三中学";

const OTHER_TEXT: &str = "体育老师让家长买指定的球鞋。";

/// Who may.
#[derive(Clone, Copy)]
pub enum Who {
    /// Nobody has to sign in for it.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// These, and all others are refused.
    These(&'static [Actor]),
}

pub const OF_CASE: Who = These(&[Dispatcher, Handler, Supervisor]);

pub const ASSIGNS: Who = These(&[Dispatcher, Supervisor]);

const UNLOCKS: Who = These(&[Dispatcher, Recused, Supervisor, Administrator]);

/// What did not open names nobody: who is recused from a school is not recused from it.
const OPENS: Who = These(&[Dispatcher, Recused, Supervisor]);

const KEEPS: Who = These(&[Administrator]);

const WRITES_RULES: Who = These(&[Dispatcher, Administrator]);

/// The same for every route there is.
pub fn lines() -> Vec<(&'static str, String, &'static str, Who)> {
    let mut lines = Vec::new();
    for (method, path, word, who) in LINES {
        lines.push((*method, (*path).to_owned(), *word, *who));
        if (*method, *path) == (CASE.0, CASE.1) {
            lines.extend(case_lines().map(|(path, who)| ("post", path, "", who)));
        }
    }
    lines
}

/// The pages that are looked at, and who may.
pub fn readable_routes() -> impl Iterator<Item = (&'static str, Who)> {
    let lines = LINES.iter().filter(|(method, ..)| *method == "get");
    lines.map(|(_, pattern, _, who)| (*pattern, *who))
}

/// A route that has no line here fails.
#[test]
fn every_route_has_a_line() {
    let words = |path: &str| -> &[&str] {
        match path {
            "/{lang}/case/{number}/{action}" => &["nothing"],
            "/{lang}/ledger/{action}" => &LEDGER_ACTIONS,
            "/{lang}/board/{action}" => &DASHBOARD_ACTIONS,
            "/{lang}/own/calendar/{action}" => &FEED_ACTIONS,
            "/{lang}/case/{number}/compare/{other}/{decision}" => &DECISIONS,
            "/{lang}/accounts/{id}/{action}" => &ACCOUNT_ACTIONS,
            "/{lang}/quarantine/{id}/{decision}" => &QUARANTINE_DECISIONS,
            "/{lang}/signatures/{id}/{answer}" => &SIGNATURE_ANSWERS,
            "/{lang}/unlock/{way}" => &UNLOCK_WAYS,
            "/{lang}/routing/{action}" => &RULES_ACTIONS,
            _ => &[""],
        }
    };
    let served: BTreeSet<_> = ROUTES
        .iter()
        .flat_map(|(method, path)| words(path).iter().map(move |word| (*method, *path, *word)))
        .collect();
    let lines = lines();
    let lines: BTreeSet<_> = lines
        .iter()
        .map(|(method, path, word, _)| (*method, path.as_str(), *word))
        .collect();
    assert_eq!(served, lines);
}

/// What stands in the addresses.
struct Names {
    number: String,
    other: String,
    account: String,
}

impl Names {
    fn path(&self, pattern: &str, word: &str) -> String {
        // Nobody is to be closed by this.
        let account = match word {
            "deactivate" | "try" | "keep" | "discard" | "approve" => "00".repeat(16),
            _ => self.account.clone(),
        };
        [
            ("{lang}", "en"),
            ("{number}", &self.number),
            ("{other}", &self.other),
            ("{file}", &"00".repeat(16)),
            ("{id}", &account),
            ("{action}", word),
            ("{decision}", word),
            ("{way}", word),
            ("{answer}", word),
        ]
        .iter()
        .fold(pattern.to_owned(), |path, (name, value)| {
            path.replace(name, value)
        })
    }
}

#[tokio::test]
async fn each_role_gets_its_routes_and_no_other() {
    let office = Office::start().await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    let (other, _) = office.case_about(OTHER_SCHOOL, OTHER_TEXT).await;
    office.give(&number, "other").await;
    office.give(&other, "dispatcher").await;
    let account = hex::encode(office.id_of("auditor").await.0);
    // Well-formed, and made against a case as it never was: nothing changes for the next in line.
    let form = [
        ("version", "9999"),
        ("other_version", "9999"),
        ("handler", account.as_str()),
        ("to", "accepted"),
        ("clock", "handle"),
        ("outcome", "upheld"),
        ("answer", "an answer"),
        ("reason", "a reason"),
        ("name", "a name"),
        ("view", "00000000000000000000000000000000"),
    ];
    let names = Names {
        number,
        other,
        account: account.clone(),
    };
    let lines = lines();
    for actor in Actor::ALL {
        let browser = office.actor(actor).await;
        for (method, pattern, word, who) in &lines {
            let path = names.path(pattern, word);
            let page = match *method {
                "get" => browser.get(&path).await,
                "head" => browser.head(&path).await,
                _ => browser.post(&path, &form).await,
            };
            let to_login = page.status == StatusCode::SEE_OTHER && page.location == "/en/login";
            let refusals = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];
            let let_in = !to_login && !refusals.contains(&page.status);
            let stranger = actor == Actor::Stranger;
            match who {
                Anyone => {
                    assert!(!refusals.contains(&page.status), "{actor:?} {path}");
                    continue;
                }
                SignedIn => assert_eq!(let_in, !stranger, "{actor:?} {path}: {}", page.status),
                These(allowed) if allowed.contains(&actor) => {
                    // There is no such file, account or request.
                    let absent = (path.contains(&"00".repeat(16))
                        || *word == "forget"
                        || path.contains("/signatures/"))
                        && page.status == StatusCode::NOT_FOUND;
                    let told = page.status;
                    assert!(let_in || absent, "{actor:?} {method} {path}: {told}");
                }
                These(_) => {
                    assert!(!let_in, "{actor:?} {method} {path}: {}", page.status);
                    assert!(!page.text.contains(TEXT) && !page.text.contains(SCHOOL));
                }
            }
            if stranger {
                assert_eq!(page.location, "/en/login", "{path}");
            }
        }
    }
    office.stop().await;
}

#[tokio::test]
async fn what_is_not_yours_looks_like_what_is_not_there() {
    let office = Office::start().await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    office.give(&number, "other").await;
    let handler = office.signed_in("other").await;
    let own = handler.get(&format!("/en/case/{number}")).await;
    assert!(own.status == StatusCode::OK && own.text.contains(TEXT));

    for login in ["investigator", "principal"] {
        let browser = office.signed_in(login).await;
        let hidden = browser.get(&format!("/en/case/{number}")).await;
        let missing = browser.get("/en/case/2026-9999").await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        assert_eq!(hidden, missing, "{login}");
        let form = [("text", "hello")];
        let hidden = browser
            .post(&format!("/en/case/{number}/message"), &form)
            .await;
        let missing = browser.post("/en/case/2026-9999/message", &form).await;
        assert_eq!(hidden, missing, "{login}");
        for view in ["mine", "new", "due-soon", "overdue", "open", "finished"] {
            let queue = browser.get(&format!("/en/queue?view={view}")).await.text;
            assert!(numbers(&queue).is_empty(), "{login} {view}");
            assert!(!queue.contains("<span>1</span>"), "{login} sees a count");
            assert!(!queue.contains("<b>1</b>"), "{login} sees a count");
        }
    }
    let supervisor = office.signed_in("supervisor").await;
    let queue = supervisor.get("/en/queue?view=open").await.text;
    assert_eq!(numbers(&queue), [number]);
    office.stop().await;
}

/// The fields of an account as the page to change it has them, with another role.
async fn with_role(admin: &super::Browser, id: &str, role: &str) -> super::Page {
    let page = admin.get(&format!("/en/accounts/{id}")).await.text;
    let [name, schools] = ["name", "recused_schools"].map(|field| value(&page, field));
    let form = [
        ("name", name.as_str()),
        ("email", ""),
        ("unit", ""),
        ("role", role),
        ("recused_schools", schools.as_str()),
        ("recused_names", ""),
    ];
    admin.post(&format!("/en/accounts/{id}/edit"), &form).await
}

#[tokio::test]
async fn nobody_raises_his_own_role() {
    let office = Office::start().await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    let own = hex::encode(office.id_of("administrator").await.0);
    let admin = office.signed_in("administrator").await;
    let refused = with_role(&admin, &own, "supervisor").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.get("/en/queue").await.status, StatusCode::FORBIDDEN);
    for login in ["investigator", "dispatcher", "auditor"] {
        let id = hex::encode(office.id_of(login).await.0);
        let browser = office.signed_in(login).await;
        let form = [("name", "x"), ("role", "supervisor")];
        let refused = browser
            .post(&format!("/en/accounts/{id}/edit"), &form)
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{login}");
    }
    // Nor does an administrator read by the hand of another: a raised role has no key.
    let auditor = hex::encode(office.id_of("auditor").await.0);
    let raised = with_role(&admin, &auditor, "supervisor").await;
    assert_eq!(raised.location, "/en/accounts", "{}", raised.text);
    let browser = office.signed_in("auditor").await;
    let case = browser.get(&format!("/en/case/{number}")).await;
    assert_eq!(case.status, StatusCode::NOT_FOUND);
    let queue = browser.get("/en/queue?view=open").await.text;
    assert!(numbers(&queue).is_empty() && !queue.contains(SCHOOL));
    office.stop().await;
}

#[tokio::test]
async fn a_script_in_a_name_is_text() {
    const SCRIPT: &str = "<script>alert(1)</script>";
    let office = Office::start().await;
    let admin = office.signed_in("administrator").await;
    let form = [
        ("login", "mallory"),
        ("name", SCRIPT),
        ("email", SCRIPT),
        ("unit", "dudao"),
        ("role", "investigator"),
        ("recused_names", SCRIPT),
        ("password", super::PASSWORD),
    ];
    let added = admin.post("/en/accounts", &form).await;
    assert_eq!(added.location, "/en/accounts", "{}", added.text);
    let mallory = office.browser();
    mallory.sign_in("mallory", super::PASSWORD).await;
    let id = hex::encode(office.id_of("mallory").await.0);
    let pages = [
        admin.get("/en/accounts").await,
        admin.get(&format!("/en/accounts/{id}")).await,
        mallory.get("/en/own").await,
        office.signed_in("dispatcher").await.get("/en/keys").await,
        office.signed_in("auditor").await.get("/en/trail").await,
    ];
    for page in pages {
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("alert(1)") && !page.text.contains("<script"));
    }
    office.stop().await;
}
