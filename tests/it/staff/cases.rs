//! Handling a case: what the staff do, and what the reporter reads of it.

use super::{Office, value};
use reqwest::StatusCode;

const TEXT: &str = "班主任让家长到他亲戚的书店买资料。";
const QUESTION: &str = "请问书店在哪条街？";
const ANSWER: &str = "经核实属实，已责令退款。";

#[tokio::test]
async fn a_message_and_an_answer_reach_the_reporter() {
    let office = Office::start().await;
    let (number, reporter) = office.case_about("青溪县第一中学", TEXT).await;
    let staff = office.signed_in("dispatcher").await;
    let case = format!("/en/case/{number}");
    let page = staff.get(&case).await.text;
    assert!(
        !page.contains(&format!("{case}/conclude")),
        "not decided on"
    );
    assert!(page.contains("Accept, decline or refer first"));
    let empty = staff
        .post(&format!("{case}/message"), &[("text", " ")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        empty.text.contains("id=\"message-text-error\""),
        "beside the field"
    );

    let form = [("text", QUESTION)];
    let sent = staff.post(&format!("{case}/message"), &form).await;
    assert_eq!(sent.location, case);
    reporter.reads(QUESTION).await;

    let version = value(&staff.get(&case).await.text, "version");
    let accept = [
        ("version", version.as_str()),
        ("to", "accepted"),
        ("mode", "direct"),
        ("reason", "ours"),
    ];
    let accepted = staff.post(&format!("{case}/state"), &accept).await;
    assert_eq!(accepted.location, case, "{}", accepted.text);
    assert_eq!(reporter.reads("accepted").await["status"], "accepted");

    let version = value(&staff.get(&case).await.text, "version");
    let mut conclude = vec![
        ("version", version.as_str()),
        ("outcome", "upheld"),
        ("reason", "two witnesses"),
    ];
    let refused = staff.post(&format!("{case}/conclude"), &conclude).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"conclude-answer-error\""));
    assert!(refused.text.contains("two witnesses"), "kept");
    conclude.push(("answer", ANSWER));
    let concluded = staff.post(&format!("{case}/conclude"), &conclude).await;
    assert_eq!(concluded.location, case, "{}", concluded.text);
    assert_eq!(reporter.reads(ANSWER).await["status"], "concluded");
    let page = staff.get(&case).await.text;
    assert!(page.contains("concluded: two witnesses") && !page.contains("history-"));
    office.stop().await;
}

#[tokio::test]
async fn a_change_on_top_of_anothers_is_told_and_keeps_what_was_typed() {
    let office = Office::start().await;
    let (number, _) = office.case_about("青溪县第一中学", TEXT).await;
    let case = format!("/en/case/{number}");
    let (first, second) = (
        office.signed_in("dispatcher").await,
        office.signed_in("supervisor").await,
    );
    let version = value(&first.get(&case).await.text, "version");
    let change = |to, reason| {
        [
            ("version", version.as_str()),
            ("to", to),
            ("mode", "direct"),
            ("reason", reason),
        ]
    };
    let path = format!("{case}/state");
    let done = first.post(&path, &change("accepted", "ours")).await;
    assert_eq!(done.location, case);
    let late = second
        .post(&path, &change("under-inquiry", "typed with care"))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text
            .contains("Someone else has just changed this case")
    );
    assert!(late.text.contains("typed with care"));
    assert_ne!(value(&late.text, "version"), version, "can be saved again");
    office.stop().await;
}

#[tokio::test]
async fn a_supervisor_extends_once_and_the_reporter_reads_why() {
    let office = Office::start().await;
    let (number, reporter) = office.case_about("青溪县第一中学", TEXT).await;
    let (case, path) = (
        format!("/en/case/{number}"),
        format!("/en/case/{number}/extend"),
    );
    let dispatcher = office.signed_in("dispatcher").await;
    assert!(!dispatcher.get(&case).await.text.contains(&path));
    let supervisor = office.signed_in("supervisor").await;
    let page = supervisor.get(&case).await.text;
    assert!(page.contains(&path));
    let version = value(&page, "version");
    let form = |reason| {
        [
            ("version", version.as_str()),
            ("clock", "handle"),
            ("reason", reason),
        ]
    };
    let refused = dispatcher.post(&path, &form("证人出差")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let empty = supervisor.post(&path, &form(" ")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("id=\"extend-reason-error\""));
    let done = supervisor.post(&path, &form("证人出差")).await;
    assert_eq!(done.location, case, "{}", done.text);
    reporter.reads("需要更多时间：证人出差。新日期").await;
    let page = supervisor.get(&case).await.text;
    assert!(page.contains("extended by 30 days") && !page.contains(&path));
    let han = supervisor.get(&format!("/zh-Hans/case/{number}")).await;
    assert!(han.text.contains("已延期 30 天") && han.text.contains("延期至"));
    office.stop().await;
}

#[tokio::test]
async fn the_other_language_is_the_same_page() {
    let office = Office::start().await;
    let (number, _) = office.case_about("青溪县第一中学", TEXT).await;
    let staff = office.signed_in("dispatcher").await;
    let queue = staff.get("/en/queue?view=overdue").await.text;
    assert!(queue.contains("href=\"/zh-Hans/queue?view=overdue\""));
    let case = staff.get(&format!("/en/case/{number}")).await.text;
    assert!(case.contains(&format!("href=\"/zh-Hans/case/{number}\"")));
    let han = staff.get(&format!("/zh-Hans/case/{number}")).await.text;
    assert!(han.contains("收到并分派") && han.contains("受理告知"));
    office.stop().await;
}

#[tokio::test]
async fn who_steps_aside_is_shown_out_and_the_reason_stays_on_file() {
    let office = Office::start().await;
    let (number, _) = office.case_about("青溪县第一中学", TEXT).await;
    let dispatcher = office.signed_in("dispatcher").await;
    let case = format!("/en/case/{number}");
    let supervisor = office.signed_in("supervisor").await;
    let version = value(&supervisor.get(&case).await.text, "version");
    let unsaid = [("version", version.as_str()), ("reason", " ")];
    let refused = supervisor.post(&format!("{case}/recuse"), &unsaid).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"recuse-reason-error\""));
    let why = [
        ("version", version.as_str()),
        ("reason", "her son is in that class"),
    ];
    let aside = supervisor.post(&format!("{case}/recuse"), &why).await;
    assert_eq!(aside.location, "/en/queue", "{}", aside.text);
    let gone = supervisor.get(&case).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let page = dispatcher.get(&case).await.text;
    assert!(page.contains("stepped aside: her son is in that class"));
    office.stop().await;
}

/// Whoever is refused a page, or asks for one that is not there, finds the way back.
#[tokio::test]
async fn a_page_that_is_refused_or_missing_has_the_menu_of_its_viewer() {
    let office = Office::start().await;
    for login in ["dispatcher", "supervisor"] {
        let staff = office.signed_in(login).await;
        for (path, status) in [
            ("/en/case/QX-NONE-0000", StatusCode::NOT_FOUND),
            ("/en/accounts", StatusCode::FORBIDDEN),
        ] {
            let page = staff.get(path).await;
            assert_eq!(page.status, status, "{login} {path}");
            for place in ["/en/queue", "/en/ledger", "/en/own", "/en/logout"] {
                let link = format!("\"{place}\"");
                assert!(page.text.contains(&link), "{login} {path}: {place}");
            }
            assert!(page.text.contains("Sign out"), "{login} {path}");
        }
    }
    office.stop().await;
}

/// A message is a question only where its writer ticked that; nothing is said to be done where something waits in another list;
/// what hides or turns text is shown as its number.
#[tokio::test]
async fn nothing_is_ticked_or_hidden_for_whoever_handles_a_case() {
    let office = Office::start().await;
    let dispatcher = office.signed_in("dispatcher").await;
    let queue = dispatcher.get("/en/queue?view=mine").await.text;
    assert!(queue.contains("Nothing to do"), "there is nothing");
    let text = "老师\u{202e}收钱\u{202c}，\u{200b}每次两百元";
    office
        .reporter()
        .submits("青溪县第一中学\u{202e}", text)
        .await;
    let mut number = None;
    for _ in 0..100 {
        let open = dispatcher.get("/en/queue?view=open").await.text;
        number = super::numbers(&open).into_iter().next();
        if number.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let number = number.expect("a case");
    let finished = dispatcher.get("/en/queue?view=finished").await.text;
    assert!(!finished.contains("Nothing to do"), "a case is open");
    assert!(finished.contains("No case in this list"));
    let page = dispatcher.get(&format!("/en/case/{number}")).await.text;
    assert!(page.contains("老师[U+202E]收钱[U+202C]，[U+200B]每次两百元"));
    assert!(!page.contains(['\u{202e}', '\u{202c}', '\u{200b}']));
    let asks = page.split("name=\"asks\"").nth(1).expect("the box");
    let asks = asks.split('>').next().unwrap_or_default();
    assert!(!asks.contains("checked"), "{asks}");
    office.stop().await;
}
