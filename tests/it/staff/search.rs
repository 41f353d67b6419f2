//! Searching from outside: found in what one may open and nowhere else, and what was looked for stands nowhere.

use super::passing_files::adds;
use super::{Browser, Office, numbers, value};
use crate::attachments::photo;
use crate::journey::canary;
use crate::support::postgres;
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县第一中学";
const TEXT: &str = "语文老师周末在芙蓉苑租房补课，一次收两百元。";
const OTHER_SCHOOL: &str = "青溪县第三中学";
const OTHER_TEXT: &str = "体育老师让家长买指定的球鞋，补课另收钱。";

/// By number: in which order cases of one day came is told by nothing.
async fn found(browser: &Browser, words: &str) -> Vec<String> {
    let page = browser.post("/en/search", &[("q", words)]).await;
    assert_eq!(page.status, StatusCode::OK, "{words}: {}", page.text);
    let mut found = numbers(&page.text);
    found.sort();
    found
}

fn sorted(numbers: &[String]) -> Vec<String> {
    let mut sorted = numbers.to_vec();
    sorted.sort();
    sorted
}

async fn words_are_found_where_one_may_read_them(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (first, reporter) = office.case_about(SCHOOL, TEXT).await;
    let (second, _) = office.case_about(OTHER_SCHOOL, OTHER_TEXT).await;
    office.give(&first, "other").await;
    office.give(&second, "dispatcher").await;
    let case = format!("/en/case/{first}");
    let handler = office.signed_in("other").await;
    let note = [("text", "Met the landlord 麦先生 at the gate")];
    let noted = handler.post(&format!("{case}/note"), &note).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text);
    let draft = [("text", "尚未寄出的雪莲花")];
    handler.post(&format!("{case}/draft"), &draft).await;
    assert!(
        found(&handler, "雪莲花").await.is_empty(),
        "a draft is nobody else's"
    );
    let asked = [("text", "请问是哪一栋楼？")];
    handler.post(&format!("{case}/message"), &asked).await;
    adds(&reporter, "是海棠楼三层", &photo("苗木收据.jpg", 5000, "")).await;

    let both = [second.clone(), first.clone()];
    let dispatcher = office.signed_in("dispatcher").await;
    for _ in 0..50 {
        if !found(&dispatcher, "海棠楼").await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    for (words, expected) in [
        ("补课", &both[..]),
        ("補課", &both[..]),
        ("芙蓉苑", &both[1..]),
        ("球鞋 补课", &both[..1]),
        ("青溪县第三中学", &both[..1]),
        ("LANDLORD", &both[1..]),
        ("麦先生", &both[1..]),
        ("哪一栋楼", &both[1..]),
        ("海棠楼", &both[1..]),
        ("苗木收据", &both[1..]),
        ("芙蓉苑 球鞋", &[]),
        ("landlor", &[]),
    ] {
        assert_eq!(found(&dispatcher, words).await, sorted(expected), "{words}");
    }
    for (login, expected) in [
        ("supervisor", &both[..]),
        ("other", &both[1..]),
        ("investigator", &[]),
        ("principal", &both[..1]),
    ] {
        let browser = office.signed_in(login).await;
        assert_eq!(found(&browser, "补课").await, sorted(expected), "{login}");
        let page = browser.post("/en/search", &[("q", "芙蓉苑")]).await.text;
        assert_eq!(page.contains(SCHOOL), expected.contains(&first), "{login}");
    }
    for (words, error) in [
        (" ，。", "give a word"),
        (&*"很".repeat(101), "at most 100"),
    ] {
        let page = dispatcher.post("/en/search", &[("q", words)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text.contains(error) && page.text.contains("id=\"q-error\""));
        assert!(page.text.contains(words.trim()), "nothing lost");
    }
    reasons_are_found(&office, &first, &second).await;
    nothing_is_left_of_it(&office, &dispatcher).await;
    // The next start finds the same, in what is on file.
    let office = office.restarted(async |_| {}).await;
    let dispatcher = office.signed_in("dispatcher").await;
    for words in ["芙蓉苑", "麦先生", "哪一栋楼", "海棠楼", "苗木收据"] {
        assert_eq!(found(&dispatcher, words).await, both[1..], "{words}");
    }
    reasons_stand(&office, &first, &second).await;
    assert!(found(&dispatcher, "雪莲花").await.is_empty());
    office.stop().await;
}

/// Why something was done, by whoever may read it: of a line that speaks of two cases, who may see both.
async fn reasons_are_found(office: &Office, first: &str, second: &str) {
    let dispatcher = office.signed_in("dispatcher").await;
    let case = format!("/en/case/{first}");
    let version = value(&dispatcher.get(&case).await.text, "version");
    let accepts = [
        ("version", version.as_str()),
        ("to", "accepted"),
        ("mode", "direct"),
        ("reason", "物业经理也这么说"),
    ];
    let done = dispatcher.post(&format!("{case}/state"), &accepts).await;
    assert_eq!(done.location, case, "{}", done.text);
    let apart = format!("{case}/compare/{second}/apart");
    let reason = [("reason", "一个在紫藤巷，一个不在")];
    let done = dispatcher.post(&apart, &reason).await;
    assert_eq!(done.location, case, "{}", done.text);
    let page = dispatcher.post("/en/search", &[("q", "物业经理")]).await;
    assert!(
        page.text.contains("reasons in the history"),
        "{}",
        page.text
    );
    reasons_stand(office, first, second).await;
}

async fn reasons_stand(office: &Office, first: &str, second: &str) {
    let both = [second, first];
    for (login, reason, apart, given) in [
        ("dispatcher", &both[1..], &both[..], &both[..]),
        ("supervisor", &both[1..], &both[..], &both[..]),
        ("other", &both[1..], &[], &both[1..]),
        ("principal", &[], &[], &both[..1]),
        ("investigator", &[], &[], &[]),
    ] {
        let browser = office.signed_in(login).await;
        for (words, expected) in [
            ("物业经理", reason),
            ("紫藤巷", apart),
            ("PAIR of eyes", given),
        ] {
            let expected: Vec<String> = expected.iter().map(|one| (*one).to_owned()).collect();
            assert_eq!(
                found(&browser, words).await,
                sorted(&expected),
                "{login}: {words}"
            );
        }
    }
}

/// Words that were looked for, which stand in no tip either.
async fn nothing_is_left_of_it(office: &Office, browser: &Browser) {
    const SOUGHT: &str = "翡翠鹦鹉";
    assert!(found(browser, SOUGHT).await.is_empty());
    let page = browser.post("/en/search", &[("q", SOUGHT)]).await;
    assert!(page.location.is_empty());
    let auditor = office.signed_in("auditor").await;
    let audit_log = auditor.audit_log().await;
    assert!(audit_log.contains(">searched<") && !audit_log.contains(SOUGHT));
    assert!(canary::files_with(office.folder(), SOUGHT).is_empty());
}

#[tokio::test]
async fn words_are_found_where_one_may_read_them_over_sqlite() {
    words_are_found_where_one_may_read_them(None).await;
}

#[tokio::test]
async fn words_are_found_where_one_may_read_them_over_postgresql() {
    words_are_found_where_one_may_read_them(Some(postgres::fresh_database().await)).await;
}

#[tokio::test]
async fn a_locked_office_is_searched_by_ones_own_key() {
    let office = Office::start().await;
    let (first, _) = office.case_about(SCHOOL, TEXT).await;
    office.give(&first, "other").await;
    let handler = office.signed_in("other").await;
    let note = [("text", "麦先生")];
    handler.post(&format!("/en/case/{first}/note"), &note).await;
    let office = office.restarted_as(|settings| {
        settings.insert("start_sealed".to_owned(), true.into());
        settings.remove("passphrase_file");
    });
    let office = office.await;
    let handler = office.signed_in("other").await;
    assert_eq!(found(&handler, "芙蓉苑 麦先生").await, [first]);
    let supervisor = office.signed_in("supervisor").await;
    assert!(found(&supervisor, "芙蓉苑").await.is_empty());
    office.stop().await;
}

#[tokio::test]
async fn results_come_in_pages() {
    let office = Office::start().await;
    for n in 0..21 {
        office
            .reporter()
            .submits(OTHER_SCHOOL, &format!("第{n}件，{OTHER_TEXT}"))
            .await;
    }
    let dispatcher = office.signed_in("dispatcher").await;
    let mut page = String::new();
    for _ in 0..100 {
        page = dispatcher.post("/en/search", &[("q", "球鞋")]).await.text;
        if page.contains("name=\"from\"") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let first = numbers(&page);
    let from = value(&page, "from");
    let form = [("q", "球鞋"), ("from", from.as_str())];
    let second = dispatcher.post("/en/search", &form).await.text;
    assert!(!second.contains("name=\"from\""));
    let mut all: Vec<_> = first.into_iter().chain(numbers(&second)).collect();
    assert_eq!(all.len(), 21);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 21, "each once");
    office.stop().await;
}
