//! Every route, every role: allowed or refused as the roles say, and what may not be seen leaves no trace.

use super::{Actor, Office, numbers};
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";

/// Method, path with `N` for the case, and who may. All others are refused, strangers led to the door.
const ROUTES: [(&str, &str, &[Actor]); 17] = [
    (
        "GET",
        "/en/queue",
        &[Actor::Dispatcher, Actor::Investigator, Actor::Supervisor],
    ),
    ("GET", "/en/case/N", &[Actor::Dispatcher, Actor::Supervisor]),
    (
        "POST",
        "/en/case/N/message",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    (
        "POST",
        "/en/case/N/state",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    (
        "POST",
        "/en/case/N/assign",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    (
        "POST",
        "/en/case/N/conclude",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    ("POST", "/en/case/N/extend", &[Actor::Supervisor]),
    (
        "POST",
        "/en/case/N/mode",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    (
        "POST",
        "/en/case/N/close",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    (
        "POST",
        "/en/case/N/approve",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    (
        "POST",
        "/en/case/N/reject",
        &[Actor::Dispatcher, Actor::Supervisor],
    ),
    ("GET", "/en/quarantine", &[Actor::Dispatcher]),
    ("GET", "/en/accounts", &[Actor::Administrator]),
    ("POST", "/en/accounts", &[Actor::Administrator]),
    (
        "POST",
        "/en/accounts/00/deactivate",
        &[Actor::Administrator],
    ),
    (
        "GET",
        "/en/routing",
        &[Actor::Dispatcher, Actor::Supervisor, Actor::Administrator],
    ),
    ("GET", "/en/trail", &[Actor::Auditor]),
];

#[tokio::test]
async fn each_role_gets_its_routes_and_no_other() {
    let office = Office::start().await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    take_from(&office, &number, "other").await;
    for actor in Actor::ALL {
        let browser = office.actor(actor).await;
        for (method, path, allowed) in ROUTES {
            let path = path.replace('N', &number);
            // An empty form is not valid anywhere, so nothing changes for the next in line.
            let page = match method {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, &[]).await,
            };
            let refusals = [
                StatusCode::SEE_OTHER,
                StatusCode::FORBIDDEN,
                StatusCode::NOT_FOUND,
            ];
            let absent = path.ends_with("/deactivate") && page.status == StatusCode::NOT_FOUND;
            let let_in = !refusals.contains(&page.status);
            if allowed.contains(&actor) {
                assert!(
                    let_in || absent,
                    "{actor:?} {method} {path}: {}",
                    page.status
                );
            } else {
                assert!(!let_in, "{actor:?} {method} {path}: {}", page.status);
                assert!(!page.text.contains(TEXT));
            }
            if actor == Actor::Stranger {
                assert_eq!(page.location, "/en/login", "{path}");
            }
        }
    }
    office.stop().await;
}

/// Gives the case to `login`, so that it is nobody else's.
async fn take_from(office: &Office, number: &str, login: &str) {
    let dispatcher = office.signed_in("dispatcher").await;
    let page = dispatcher.get(&format!("/en/case/{number}")).await.text;
    let option = page.split(&format!(">name of {login}")).next();
    let id = option.and_then(|before| before.rsplit("<option value=\"").next());
    let id = id.and_then(|rest| rest.split('"').next()).expect("an id");
    let version = super::value(&page, "version");
    let form = [
        ("version", version.as_str()),
        ("handler", id),
        ("reason", "wants another pair of eyes"),
    ];
    let path = format!("/en/case/{number}/assign");
    let done = dispatcher.post(&path, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test]
async fn what_is_not_yours_looks_like_what_is_not_there() {
    let office = Office::start().await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    take_from(&office, &number, "other").await;
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
