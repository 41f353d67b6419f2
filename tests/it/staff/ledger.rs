//! The ledger from outside: what each sees of it, its filters, what leaves the office, and the filters that are saved.

use super::{Browser, Office, numbers, value};
use crate::journey::canary;
use crate::support::postgres;
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "周末在校外租房补课，一次收两百元。";
const OTHER_SCHOOL: &str = "青溪县第三中学";
const OTHER_TEXT: &str = "体育老师让家长买指定的球鞋。";
const VIEW: &str = "王校长的老账";

/// Two cases, the first about the recused supervisor's school: their numbers.
async fn two(office: &Office) -> (String, String) {
    let (first, _) = office.case_about(SCHOOL, TEXT).await;
    let (second, _) = office.case_about(OTHER_SCHOOL, OTHER_TEXT).await;
    office.give(&first, "other").await;
    office.give(&second, "dispatcher").await;
    (first, second)
}

async fn accept(browser: &Browser, number: &str) {
    let case = format!("/en/case/{number}");
    let version = value(&browser.get(&case).await.text, "version");
    let form = [
        ("version", version.as_str()),
        ("to", "accepted"),
        ("mode", "joint"),
        ("reason", "ours"),
    ];
    let done = browser.post(&format!("{case}/state"), &form).await;
    assert_eq!(done.location, case, "{}", done.text);
}

#[tokio::test]
async fn each_sees_his_own_lines_and_no_count_of_others() {
    let office = Office::start().await;
    let (first, second) = two(&office).await;
    for (login, expected) in [
        ("dispatcher", vec![&first, &second]),
        ("supervisor", vec![&first, &second]),
        ("other", vec![&first]),
        ("investigator", vec![]),
        ("principal", vec![&second]),
    ] {
        let browser = office.signed_in(login).await;
        let page = browser.get("/en/ledger?sort=number").await.text;
        let seen = numbers(&page);
        let mut sorted = expected.clone();
        sorted.sort();
        assert_eq!(seen.iter().collect::<Vec<_>>(), sorted, "{login}");
        let count = format!("{} cases", expected.len());
        assert!(page.contains(&count), "{login}");
        // Nor is it told who handles what she does not see.
        let tells = page.contains("name of other</option>");
        assert_eq!(tells, expected.contains(&&first), "{login}");
        let csv = browser.post("/en/ledger/csv", &[]).await;
        assert_eq!(csv.text.lines().count(), 1 + expected.len(), "{login}");
    }
    office.stop().await;
}

async fn filters_sort_and_refuse(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (first, second) = two(&office).await;
    let browser = office.signed_in("dispatcher").await;
    accept(&browser, &second).await;
    let today = office.today();
    let other = hex::encode(office.id_of("other").await.0);
    let all = [first.clone(), second.clone()];
    let upward = async |query: &str| {
        let page = browser.get(&format!("/en/ledger?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text);
        numbers(&page.text)
    };
    let sorted = |some: &[String]| {
        let mut sorted = some.to_vec();
        sorted.sort();
        sorted
    };
    assert_eq!(upward("sort=number").await, sorted(&all));
    let mut downward = upward("sort=number&order=last-first").await;
    downward.reverse();
    assert_eq!(downward, sorted(&all));
    for (query, expected) in [
        ("state=open".to_owned(), &all[..]),
        ("state=finished".to_owned(), &[]),
        ("state=accepted".to_owned(), &all[1..]),
        ("mode=joint".to_owned(), &all[1..]),
        ("category=tutoring".to_owned(), &all[..]),
        ("category=other".to_owned(), &[]),
        (format!("handler={other}"), &all[..1]),
        ("handler=nobody".to_owned(), &[]),
        ("outcome=upheld".to_owned(), &[]),
        ("time=late".to_owned(), &[]),
        (
            format!("received-from={today}&received-to={today}"),
            &all[..],
        ),
        (format!("received-to={}", today.plus_days(-1)), &[]),
        (format!("due-from={}", today.plus_days(400)), &[]),
        (
            format!("due-from={today}&due-to={}", today.plus_days(60)),
            &all[..],
        ),
        ("page=99".to_owned(), &all[..]),
    ] {
        assert_eq!(
            upward(&format!("{query}&sort=number")).await,
            sorted(expected),
            "{query}"
        );
    }
    let wrong = browser
        .get("/en/ledger?received-from=9.3.2026&due-from=2026-03-09&due-to=2026-03-01&mode=loud&unit=<b>")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["received-from", "due-to", "mode", "unit"] {
        let error = format!("id=\"{field}-error\"");
        assert!(wrong.text.contains(&error), "{field}");
    }
    assert!(
        wrong.text.contains("value=\"9.3.2026\" type=\"text\"")
            && wrong.text.contains("value=\"2026-03-01\"")
    );
    assert!(wrong.text.contains(">loud</option>") && !wrong.text.contains("<b>"));
    assert!(
        numbers(&wrong.text).is_empty(),
        "not what was not asked for"
    );
    let han = browser.get("/zh-Hans/ledger?due-to=bald").await.text;
    assert!(han.contains("这不是日期") && han.contains("value=\"bald\""));
    office.stop().await;
}

#[tokio::test]
async fn filters_sort_and_refuse_over_sqlite() {
    filters_sort_and_refuse(None).await;
}

#[tokio::test]
async fn filters_sort_and_refuse_over_postgresql() {
    filters_sort_and_refuse(Some(postgres::fresh_database().await)).await;
}

async fn rename(office: &Office, login: &str, name: &str) {
    let admin = office.signed_in("administrator").await;
    let id = hex::encode(office.id_of(login).await.0);
    let form = [
        ("name", name),
        ("email", ""),
        ("unit", "jijiao"),
        ("role", "investigator"),
        ("recused_schools", ""),
        ("recused_names", ""),
    ];
    let done = admin.post(&format!("/en/accounts/{id}/edit"), &form).await;
    assert_eq!(done.location, "/en/accounts", "{}", done.text);
}

#[tokio::test]
async fn what_leaves_the_office_is_on_record_and_runs_nothing() {
    let office = Office::start().await;
    let (first, _) = two(&office).await;
    rename(&office, "other", "=HYPERLINK(1)").await;
    let browser = office.signed_in("dispatcher").await;
    let form = [("state", "open"), ("sort", "number")];
    let answer = browser.fetch_posted("/en/ledger/csv", &form).await;
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("cache-control"), "no-store");
    let name = header("content-disposition");
    assert!(name.starts_with("attachment; filename=\"ledger-") && name.ends_with(".csv\""));
    let csv = answer.text().await.expect("text");
    assert!(csv.starts_with("\u{feff}Number,State,Mode,"), "{csv}");
    let line = csv.lines().find(|line| line.starts_with(&first));
    let line = line.expect("a line");
    assert!(line.contains(",'=HYPERLINK(1),"), "{line}");
    assert!(!csv.contains(TEXT) && !csv.contains(SCHOOL));

    let xlsx = browser.fetch_posted("/zh-Hans/ledger/xlsx", &form).await;
    let kind = xlsx.headers()["content-type"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(kind.ends_with("spreadsheetml.sheet"));
    let xlsx = xlsx.bytes().await.expect("a file").to_vec();
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(xlsx)).expect("a workbook");
    let mut read = |part: &str| {
        let part = parts.by_name(part).expect("a part");
        std::io::read_to_string(part).expect("text")
    };
    let sheet = read("xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "no formula");
    let strings = read("xl/sharedStrings.xml");
    assert!(
        strings.contains(&first) && strings.contains("=HYPERLINK(1)") && strings.contains("收到")
    );
    assert!(
        read("docProps/core.xml").contains("T00:00:00Z"),
        "no time of day"
    );

    let bad = browser.post("/en/ledger/csv", &[("due-to", "bald")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let auditor = office.signed_in("auditor").await;
    let audit_log = auditor.audit_log().await;
    let line = "took out a table: <span class=\"muted\">csv, 2 lines state=open&#38;sort=number";
    assert!(audit_log.contains(line), "{audit_log}");
    assert!(audit_log.contains("xlsx, 2 lines"));
    assert_eq!(
        audit_log.matches("took out a table").count(),
        2,
        "one was refused"
    );
    office.stop().await;
}

async fn a_view_is_its_owners(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (_, second) = two(&office).await;
    let browser = office.signed_in("dispatcher").await;
    accept(&browser, &second).await;
    let unnamed = browser
        .post("/en/ledger/save", &[("mode", "joint"), ("name", " ")])
        .await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unnamed.text.contains("id=\"name-error\""));
    assert!(
        unnamed.text.contains("name=\"mode\" value=\"joint\""),
        "kept"
    );
    let long = "很".repeat(41);
    let long = browser
        .post("/zh-Hans/ledger/save", &[("name", &long)])
        .await;
    assert!(long.text.contains("不超过 40 个字") && long.text.contains("很很很"));

    let form = [("mode", "joint"), ("name", VIEW)];
    let saved = browser.post("/en/ledger/save", &form).await;
    assert_eq!(saved.location, "/en/ledger?mode=joint", "{}", saved.text);
    let page = browser.get(&saved.location).await.text;
    assert!(page.contains(&format!(
        "href=\"/en/ledger?mode=joint\" aria-current=\"page\">{VIEW}"
    )));
    assert_eq!(numbers(&page), [second]);
    let id = value(&page, "view");
    let supervisor = office.signed_in("supervisor").await;
    assert!(!supervisor.get("/en/ledger").await.text.contains(VIEW));
    let form = [("view", id.as_str())];
    let refused = supervisor.post("/en/ledger/forget", &form).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert!(canary::files_with(office.folder(), VIEW).is_empty());
    let gone = browser.post("/en/ledger/forget", &form).await;
    assert_eq!(gone.location, "/en/ledger");
    assert!(!browser.get("/en/ledger").await.text.contains(VIEW));
    let auditor = office.signed_in("auditor").await;
    let audit_log = auditor.audit_log().await;
    for line in ["saved a view", "deleted a saved view", "saw the ledger"] {
        assert!(audit_log.contains(line), "{line}");
    }
    assert!(!audit_log.contains(VIEW));
    office.stop().await;
}

#[tokio::test]
async fn a_view_is_its_owners_in_sqlite() {
    a_view_is_its_owners(None).await;
}

#[tokio::test]
async fn a_view_is_its_owners_in_postgresql() {
    a_view_is_its_owners(Some(postgres::fresh_database().await)).await;
}

/// With the office's key locked an investigator has the lines of her own cases, and her views.
#[tokio::test]
async fn the_ledger_of_a_locked_office_is_ones_own() {
    let office = Office::start().await;
    let (first, _) = two(&office).await;
    let browser = office.signed_in("other").await;
    browser.post("/en/ledger/save", &[("name", VIEW)]).await;
    let office = office.restarted_as(|settings| {
        settings.insert("start_sealed".to_owned(), true.into());
        settings.remove("passphrase_file");
    });
    let office = office.await;
    let browser = office.signed_in("other").await;
    let page = browser.get("/en/ledger").await.text;
    assert_eq!(numbers(&page), [first]);
    assert!(page.contains(VIEW));
    let supervisor = office.signed_in("supervisor").await;
    assert!(numbers(&supervisor.get("/en/ledger").await.text).is_empty());
    office.stop().await;
}
