//! Calendars of due days from outside: what stands in them, and who gets them.

use super::{Browser, Office, value};
use crate::journey::canary;
use crate::support::postgres;
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";

/// Makes a calendar; its path.
async fn made(browser: &Browser) -> String {
    let page = browser.post("/en/own/calendar/make", &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let address = page.text.split("value=\"http").nth(1).expect("an address");
    let address = address.split('"').next().expect("an address");
    let path = address.split_once("/en/").expect("a path").1;
    format!("/en/{path}")
}

async fn due_days_without_content(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    let (other, _) = office
        .case_about("青溪县第三中学", "体育老师让家长买指定的球鞋。")
        .await;
    office.give(&number, "other").await;
    office.give(&other, "dispatcher").await;
    let handler = office.signed_in("other").await;
    let path = made(&handler).await;
    assert!(
        !handler.get("/en/own").await.text.contains(&path),
        "shown once"
    );
    let anyone = office.browser();
    let answer = anyone.fetch(&path).await;
    let kind = answer.headers()["content-type"]
        .to_str()
        .expect("text")
        .to_owned();
    assert_eq!(kind, "text/calendar; charset=utf-8");
    // On the way nobody keeps it.
    assert_eq!(answer.headers()["cache-control"], "private, no-store");
    let text = answer.text().await.expect("text");
    let line = format!("SUMMARY:{number} Conclude\r\n");
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains(&line),
        "{text}"
    );
    for word in [&other, SCHOOL, TEXT, "name of", "补课"] {
        assert!(!text.contains(word), "{word}");
    }
    let times = text
        .lines()
        .filter(|line| line.contains('T') && line.contains("00Z"));
    assert!(times.clone().count() > 0 && times.into_iter().all(|line| line.ends_with("T000000Z")));
    let han = anyone.get(&path.replace("/en/", "/zh-Hans/")).await.text;
    assert!(han.contains(&format!("SUMMARY:{number} ")) && !han.contains("Conclude"));
    let supervisor = office.signed_in("supervisor").await;
    let all = anyone.get(&made(&supervisor).await).await.text;
    assert!(all.contains(&number) && all.contains(&other));
    let principal = office.signed_in("principal").await;
    let some = anyone.get(&made(&principal).await).await.text;
    assert!(
        !some.contains(&number) && some.contains(&other),
        "he is recused from it"
    );

    let again = made(&handler).await;
    let token = again.rsplit('/').next().expect("a token").to_owned();
    assert!(
        canary::files_with(office.folder(), &token).is_empty(),
        "not on disk"
    );
    assert_eq!(anyone.get(&path).await.status, StatusCode::GONE, "renewed");
    assert_eq!(anyone.get(&again).await.status, StatusCode::OK);
    let gone = handler.post("/en/own/calendar/revoke", &[]).await;
    assert_eq!(gone.location, "/en/own");
    assert_eq!(
        anyone.get(&again).await.status,
        StatusCode::GONE,
        "taken away"
    );
    office.stop().await;
}

#[tokio::test]
async fn due_days_without_content_over_sqlite() {
    due_days_without_content(None).await;
}

#[tokio::test]
async fn due_days_without_content_over_postgresql() {
    due_days_without_content(Some(postgres::fresh_database().await)).await;
}

/// The lines of the one event in a calendar, by what they are called.
fn event(text: &str) -> std::collections::BTreeMap<String, String> {
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

async fn a_changed_day_reaches_programs(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (number, _) = office.case_about(SCHOOL, TEXT).await;
    office.give(&number, "other").await;
    let handler = office.signed_in("other").await;
    let dispatcher = office.signed_in("dispatcher").await;
    let case = format!("/en/case/{number}");
    let version = value(&dispatcher.get(&case).await.text, "version");
    let form = [
        ("version", version.as_str()),
        ("to", "accepted"),
        ("mode", "direct"),
        ("reason", "ours"),
    ];
    let done = dispatcher.post(&format!("{case}/state"), &form).await;
    assert_eq!(done.location, case, "{}", done.text);
    let path = made(&handler).await;
    let anyone = office.browser();
    let answer = anyone.fetch(&path).await;
    let tag = answer.headers()["etag"].to_str().expect("text").to_owned();
    let first = answer.text().await.expect("text");
    for line in ["REFRESH-INTERVAL;VALUE=DURATION:PT", "X-PUBLISHED-TTL:PT"] {
        assert!(first.contains(line), "{first}");
    }
    let before = event(&first);
    assert_eq!(before["SEQUENCE"], "0");
    assert_eq!(before["DTSTAMP"], before["LAST-MODIFIED"]);
    assert!(before["LAST-MODIFIED"].ends_with("T000000Z"));
    let head = anyone.head(&path).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
    let again = anyone.fetch_unless(&path, &tag).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    // A day later nothing is another, and so the file is not.
    office.clock.advance(std::time::Duration::from_hours(24));
    assert_eq!(anyone.get(&path).await.text, first);

    let supervisor = office.signed_in("supervisor").await;
    let page = supervisor.get(&case).await.text;
    let version = value(&page, "version");
    let form = [
        ("version", version.as_str()),
        ("clock", "handle"),
        ("reason", "a witness is away"),
    ];
    let done = supervisor.post(&format!("{case}/extend"), &form).await;
    assert_eq!(done.location, case, "{}", done.text);
    let answer = anyone.fetch_unless(&path, &tag).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let after = event(&answer.text().await.expect("text"));
    assert_eq!(after["UID"], before["UID"]);
    assert_eq!(after["SEQUENCE"], "1");
    assert!(after["LAST-MODIFIED"] > before["LAST-MODIFIED"]);
    assert!(after["DTSTART;VALUE=DATE"] > before["DTSTART;VALUE=DATE"]);

    let version = value(
        &dispatcher_again(&office).await.get(&case).await.text,
        "version",
    );
    let form = [
        ("version", version.as_str()),
        ("outcome", "upheld"),
        ("answer", "属实"),
        ("reason", "two witnesses"),
    ];
    let dispatcher = dispatcher_again(&office).await;
    let done = dispatcher.post(&format!("{case}/conclude"), &form).await;
    assert_eq!(done.location, case, "{}", done.text);
    let text = anyone.get(&path).await.text;
    assert!(!text.contains("VEVENT"), "what is met is gone: {text}");
    office.stop().await;
}

/// The first session ended meanwhile.
async fn dispatcher_again(office: &Office) -> Browser {
    office.signed_in("dispatcher").await
}

#[tokio::test]
async fn a_changed_day_reaches_programs_over_sqlite() {
    a_changed_day_reaches_programs(None).await;
}

#[tokio::test]
async fn a_changed_day_reaches_programs_over_postgresql() {
    a_changed_day_reaches_programs(Some(postgres::fresh_database().await)).await;
}

#[tokio::test]
async fn wrong_addresses_are_few_and_on_record() {
    let office = Office::start().await;
    let dispatcher = office.signed_in("dispatcher").await;
    let path = made(&dispatcher).await;
    let anyone = office.browser();
    for n in 0..30 {
        let wrong = anyone.get(&format!("/en/calendar/{n:064}")).await;
        assert_eq!(wrong.status, StatusCode::GONE, "{n}");
    }
    let wrong = anyone.get("/en/calendar/nonsense").await;
    assert_eq!(wrong.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        anyone.get(&path).await.status,
        StatusCode::OK,
        "who has it is let in"
    );
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    for line in [
        "so far today: <span class=\"muted\">1<",
        "so far today: <span class=\"muted\">10<",
    ] {
        assert!(audit_log.contains(line), "{audit_log}");
    }
    assert_eq!(audit_log.matches("wrong addresses of calendars").count(), 2);
    assert_eq!(audit_log.matches("calendar read, first today").count(), 1);
    office.stop().await;
}

/// Whoever no longer reads tips has no calendar; and a locked office asks programs to come again.
#[tokio::test]
async fn a_closed_account_has_no_calendar_and_a_locked_office_none_for_now() {
    let office = Office::start().await;
    let handler = office.signed_in("other").await;
    let dispatcher = office.signed_in("dispatcher").await;
    let (path, kept) = (made(&handler).await, made(&dispatcher).await);
    let admin = office.signed_in("administrator").await;
    let id = hex::encode(office.id_of("other").await.0);
    let closed = admin
        .post(&format!("/en/accounts/{id}/deactivate"), &[])
        .await;
    assert_eq!(closed.location, "/en/accounts", "{}", closed.text);
    let anyone = office.browser();
    assert_eq!(anyone.get(&path).await.status, StatusCode::GONE);
    let office = office.restarted_as(|settings| {
        settings.insert("start_sealed".to_owned(), true.into());
        settings.remove("passphrase_file");
    });
    let office = office.await;
    let locked = office.browser().fetch(&kept).await;
    assert_eq!(locked.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(locked.headers()["retry-after"], "600");
    office.stop().await;
}
