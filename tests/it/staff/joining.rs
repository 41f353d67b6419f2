//! Joining through the pages: what a dispatcher is shown and does, who may not, and that a reporter's page says nothing
//! of it.

use super::{Office, Reporter, numbers, value};
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县第三中学";
const FIRST: &str =
    "初一英语柏老师每周二周四晚上在禾苗优学上课，一节课一个人六十，来上课的一半是她自己班的。";
const SECOND: &str = "柏老师在禾苗优学代课，我女儿就在她班里，一节课六十块，前台让报柏老师的班。";
const THIRD: &str = "禾苗优学的英语柏老师是三中的，一节课收六十，她班里的孩子都去。";
const ABOUT_THE_PRINCIPAL: &str = "一中校长的亲戚在禾苗优学有股份，柏老师也在那里上课。";

/// What a reporter's page says, without what is never twice the same.
async fn page_of(reporter: &Reporter) -> String {
    let mut answer = reporter.reads("received").await;
    // That the reporter was here before is no news of the case.
    let page = answer.as_object_mut().expect("an object");
    page.remove("opened_before");
    answer.to_string()
}

#[tokio::test]
async fn a_dispatcher_joins_splits_and_holds_apart() {
    let office = Office::start().await;
    let mut cases = [
        (office.case_about(SCHOOL, FIRST).await, FIRST),
        (office.case_about(SCHOOL, SECOND).await, SECOND),
    ];
    // Of two of one day the one with the lower number leads, and numbers follow no order of arrival.
    cases.sort_by(|((one, _), _), ((other, _), _)| one.cmp(other));
    let [
        ((one, first), text_of_one),
        ((other, second), text_of_other),
    ] = cases;
    let before = [page_of(&first).await, page_of(&second).await];
    let staff = office.signed_in("dispatcher").await;
    let compare = format!("/en/case/{other}/compare/{one}");
    let case = staff.get(&format!("/en/case/{other}")).await.text;
    assert!(case.contains(&compare), "proposed: {case}");
    assert!(!case.contains(text_of_one), "the other body is not open");
    let page = staff.get(&compare).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "<mark class=\"rare\">",
        "<mark class=\"new\">",
        "one school",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let empty = staff
        .post(
            &format!("{compare}/join"),
            &[("version", "1"), ("other_version", "1")],
        )
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("id=\"join-error\""), "beside the field");
    let stale = [
        ("version", "7"),
        ("other_version", "1"),
        ("reason", "typed with care"),
    ];
    let stale = staff.post(&format!("{compare}/join"), &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("typed with care"), "kept");
    let (version, other_version) = (
        value(&page.text, "version"),
        value(&page.text, "other_version"),
    );
    let form = [
        ("version", version.as_str()),
        ("other_version", other_version.as_str()),
        ("reason", "one teacher, one agency"),
    ];
    let joined = staff.post(&format!("{compare}/join"), &form).await;
    assert_eq!(
        joined.location,
        format!("/en/case/{one}"),
        "{}",
        joined.text
    );
    let case = staff.get(&joined.location).await.text;
    assert!(case.contains(FIRST) && case.contains(SECOND));
    assert!(case.contains(&format!("{other}: one teacher, one agency")));
    assert!(case.contains("Undo joining"));
    let moved = staff.get(&format!("/en/case/{other}")).await;
    assert_eq!(moved.location, format!("/en/case/{one}#tip-{other}"));
    let queue = staff.get("/en/queue?view=open").await.text;
    assert!(queue.contains("2 tips joined") && !queue.contains(&format!("/case/{other}\"")));

    // A question goes to the one it is asked of.
    let form = [("to", other.as_str()), ("text", "哪一天？")];
    let asked = staff.post(&format!("/en/case/{one}/message"), &form).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    second.reads("哪一天？").await;
    assert_eq!(page_of(&first).await, before[0], "as it was");

    let split = [
        (
            "version",
            &*value(&staff.get(&format!("/en/case/{one}")).await.text, "version"),
        ),
        ("reason", "another agency after all"),
    ]
    .map(|(name, text)| (name, text.to_owned()));
    let split: Vec<_> = split
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let done = staff.post(&format!("/en/case/{other}/split"), &split).await;
    assert_eq!(done.location, format!("/en/case/{other}"), "{}", done.text);
    let case = staff.get(&done.location).await.text;
    assert!(case.contains(text_of_other) && !case.contains(text_of_one));
    assert!(case.contains(&compare), "proposed again");
    let form = [("reason", "looked into it")];
    let apart = staff.post(&format!("{compare}/apart"), &form).await;
    assert_eq!(
        apart.location,
        format!("/en/case/{other}"),
        "{}",
        apart.text
    );
    let case = staff.get(&apart.location).await.text;
    assert!(case.contains("Found not to be the same") && !case.contains("tier-same"));
    assert_eq!(page_of(&first).await, before[0], "as it was");
    office.stop().await;
}

/// Of three that are handled together the one that leads has a form of its own; of two it has none.
#[tokio::test]
async fn the_one_that_leads_can_leave() {
    let office = Office::start().await;
    let mut cases = Vec::new();
    for text in [FIRST, SECOND, THIRD] {
        cases.push(office.case_about(SCHOOL, text).await);
    }
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    let numbers: Vec<&String> = cases.iter().map(|(number, _)| number).collect();
    let mut before = Vec::new();
    for (_, reporter) in &cases {
        before.push(page_of(reporter).await);
    }
    let staff = office.signed_in("dispatcher").await;
    let (lead, heir, last) = (numbers[0], numbers[1], numbers[2]);
    let own_form = format!("action=\"/en/case/{lead}/split\"");
    for (count, other) in [(2, heir), (3, last)] {
        let compare = format!("/en/case/{other}/compare/{lead}");
        let page = staff.get(&compare).await.text;
        let form = [
            ("version", value(&page, "version")),
            ("other_version", value(&page, "other_version")),
            ("reason", "one teacher".to_owned()),
        ];
        let form: Vec<_> = form
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let joined = staff.post(&format!("{compare}/join"), &form).await;
        assert_eq!(
            joined.location,
            format!("/en/case/{lead}"),
            "{}",
            joined.text
        );
        let case = staff.get(&joined.location).await.text;
        assert_eq!(case.contains(&own_form), count == 3, "{count} tips");
    }
    let case = staff.get(&format!("/en/case/{lead}")).await.text;
    assert!(case.contains("The oldest of the others leads them from now on."));
    let version = value(&case, "version");
    let empty = [("version", version.as_str())];
    let empty = staff.post(&format!("/en/case/{lead}/split"), &empty).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        empty.text.contains("id=\"split-error\""),
        "beside the field"
    );
    let form = [("version", version.as_str()), ("reason", "another matter")];
    let done = staff.post(&format!("/en/case/{lead}/split"), &form).await;
    assert_eq!(done.location, format!("/en/case/{lead}"), "{}", done.text);
    let alone = staff.get(&done.location).await.text;
    assert!(alone.contains("another matter"));
    for other in [heir, last] {
        assert!(!alone.contains(&format!("id=\"tip-{other}\"")), "{other}");
    }
    let theirs = staff.get(&format!("/en/case/{heir}")).await;
    assert_eq!(theirs.status, StatusCode::OK, "it leads");
    assert!(theirs.text.contains(&format!("id=\"tip-{last}\"")));
    assert!(
        theirs
            .text
            .contains("leads the others from now on, without")
    );
    for ((_, reporter), before) in cases.iter().zip(&before) {
        assert_eq!(page_of(reporter).await, *before, "as it was");
    }
    office.stop().await;
}

#[tokio::test]
async fn who_may_not_see_one_gets_the_bytes_of_what_is_missing() {
    let office = Office::start().await;
    let (one, _) = office.case_about(SCHOOL, FIRST).await;
    let (hidden, _) = office
        .case_about("青溪县第一中学", ABOUT_THE_PRINCIPAL)
        .await;
    let form = [("version", "1"), ("other_version", "1"), ("reason", "same")];
    for login in ["principal", "other", "investigator"] {
        let browser = office.signed_in(login).await;
        for (left, right) in [(&one, &hidden), (&hidden, &one)] {
            if login != "principal" && browser.get(&format!("/en/case/{left}")).await.status == 200
            {
                continue;
            }
            let gone = "2026-9999".to_owned();
            let swap = |number: &String| {
                if *number == hidden {
                    gone.clone()
                } else {
                    number.clone()
                }
            };
            let real = format!("/en/case/{left}/compare/{right}");
            let none = format!("/en/case/{}/compare/{}", swap(left), swap(right));
            let (page, missing) = (browser.get(&real).await, browser.get(&none).await);
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{login}");
            assert_eq!(page, missing, "{login}");
            for decision in ["join", "apart"] {
                for form in [&form[..], &[]] {
                    let page = browser.post(&format!("{real}/{decision}"), form).await;
                    let missing = browser.post(&format!("{none}/{decision}"), form).await;
                    assert_eq!(page.status, StatusCode::NOT_FOUND, "{login} {decision}");
                    assert_eq!(page, missing, "{login} {decision}");
                }
            }
        }
        if login == "principal" {
            let split = format!("/en/case/{hidden}/split");
            let split = browser.post(&split, &form).await;
            let missing = browser.post("/en/case/2026-9999/split", &form).await;
            assert_eq!(split, missing);
        }
    }
    let supervisor = office.signed_in("supervisor").await;
    let page = supervisor
        .get(&format!("/en/case/{one}/compare/{hidden}"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Join all the same"), "not proposed");
    office.stop().await;
}

/// What is near by its school alone is listed and not proposed; what forbids joining is said; a form letter's own words
/// are marked as such; and no machine hides, delays or closes any of them.
#[tokio::test]
async fn what_is_not_proposed_is_said_to_be_so() {
    const LETTER: &str =
        "近年来补课乱象令人痛心，家长苦不堪言。希望贵局严肃查处，还孩子一个快乐的童年。";
    let office = Office::start().await;
    let (one, _) = office.case_about(SCHOOL, FIRST).await;
    let another = "高三化学岑老师在自己家里补课，一小时二百，寒假也没停过。";
    let (near, _) = office.case_about(SCHOOL, another).await;
    let pasted = format!("{FIRST}请查一查。");
    let (elsewhere, _) = office.case_about("城东小学", &pasted).await;
    for school in [
        SCHOOL,
        "青溪县第一中学",
        "城东小学",
        "河西小学",
        "北山镇中心小学",
    ] {
        let text = format!("{LETTER}{school}的老师也办班。");
        office.reporter().submits(school, &text).await;
    }
    let staff = office.signed_in("dispatcher").await;
    let mut queue = String::new();
    for _ in 0..100 {
        queue = staff.get("/en/queue?view=open").await.text;
        if numbers(&queue).len() == 8 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let all = numbers(&queue);
    assert_eq!(all.len(), 8, "none is hidden: {queue}");
    let known = [&one, &near, &elsewhere];
    let letters: Vec<_> = all.iter().filter(|it| !known.contains(it)).collect();
    let case = staff.get(&format!("/en/case/{near}")).await.text;
    let listed = case.split("Same school or teacher").nth(1);
    let listed = listed.unwrap_or_else(|| panic!("none is listed: {case}"));
    assert!(listed.contains(&format!("/compare/{one}\"")), "{listed}");
    let proposed = case
        .split("Same school or teacher")
        .next()
        .unwrap_or_default();
    assert!(
        !proposed.contains(&format!("/compare/{one}\"")),
        "{proposed}"
    );
    // One of the letters names nobody: whoever compares is told that this was looked at, not that a person agrees.
    assert!(proposed.contains("one of them names nobody"), "{proposed}");
    assert!(!proposed.contains("one person at one school"), "{proposed}");
    let compare = format!("/en/case/{elsewhere}/compare/{one}");
    let page = staff.get(&compare).await.text;
    assert!(page.contains("two schools: not the same"), "{page}");
    assert!(page.contains("Join all the same"), "a person may know more");
    let [first, .., last] = &letters[..] else {
        panic!("five letters")
    };
    let page = staff.get(&format!("/en/case/{last}/compare/{first}")).await;
    assert!(page.text.contains("<mark class=\"template\">"));
    assert!(page.text.contains("not the same"), "{}", page.text);
    for number in &all {
        let case = staff.get(&format!("/en/case/{number}")).await.text;
        assert!(case.contains("badge state received"), "{number}");
    }
    office.stop().await;
}
