//! A dispatcher at a real browser: sees a proposal with its reasons, compares, joins, splits, says "not the same"; and no
//! reporter's page changes by it. Floods, bursts and form letters are named. Afterwards nothing of it stands in clear on
//! the disk.

use super::access::{axe, broken, too_wide};
use super::browser::{Browser, Scripts};
use super::demo::Demo;
use super::devtools::Taste;
use super::{Parent, Staff, canary};
use serde_json::{Value, json};
use std::time::Duration;

const SCHOOL: &str = "青溪县第三中学";
const FIRST: &str = "初一英语澹台明岚老师每周二周四晚上在禾苗优学上课，一节课一个人六十，来上课的一半是她自己班的。\
    机构墙上贴的是英文名，没写真名。";
const SECOND: &str = "澹台明岚老师在禾苗优学代课，我女儿就在她班里，一节课六十块。前台问的第一句话就是报不报她的班。\
    国庆那次少上一节，照样收了钱。";
/// Words of them that must be nowhere in clear.
const CANARIES: [&str; 3] = ["澹台明岚", "禾苗优学", "抄书抄到半夜"];
const COPY: &str = "第一中学高二年级组统一要求买平板，不买的坐最后一排，两千八百块一台，老师说可以分期。\
    平板里的题外面都能下到，家长群里问一句就被移出群。";
const LETTER: &str = "我们是一群普通家长，本着对孩子负责的态度，向贵局反映近年来普遍存在的补课乱象。\
    希望贵局认真调查，严肃处理，还孩子一个快乐的童年。";
const SCHOOLS: [&str; 6] = [
    "城东小学",
    "东关小学",
    "河西小学",
    "北山镇中心小学",
    "河西初级中学",
    "第二高级中学",
];
const REASON: &str = "同一教师，同一机构，抄书抄到半夜一节也对得上";

/// Sends a tip through the public door; its pickup code.
async fn sends(demo: &Demo, school: &str, subject: &str, text: &str) -> String {
    mifeng_foundation::serving::install_tls_provider();
    let client = reqwest::Client::builder().no_proxy().build();
    let url = format!(
        "{}/api/v1/offices/{}/tips",
        demo.description.intake_url.trim_end_matches('/'),
        demo.description.office
    );
    let tip = json!({"category": "tutoring-outside", "school": school, "subject": subject, "when": "",
                     "text": text, "language": "zh-Hans"});
    let request = client.expect("a client").post(url);
    let answer = request
        .header("Content-Type", "application/json")
        .body(tip.to_string())
        .send()
        .await
        .expect("an answer");
    let answer: Value = serde_json::from_str(&answer.text().await.expect("text")).expect("JSON");
    let code = answer["pickup_code"].as_str();
    code.unwrap_or_else(|| panic!("no code: {answer}"))
        .to_owned()
}

impl Parent {
    /// The words of the page that the code opens, once the office has answered.
    async fn page_with(&mut self, code: &str) -> String {
        code.clone_into(&mut self.code);
        self.reads("最迟", "joining-parent").await;
        let text = self.browser.text().await;
        // That the reporter was here before is no news of the case.
        let lines = text
            .lines()
            .filter(|line| !line.contains("用这个取件码打开"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Staff {
    async fn opens(&self, path: &str) -> String {
        self.browser.go(&format!("{}/{path}", self.triage)).await;
        self.browser.text().await
    }

    /// The number of the case whose page says `words`, waiting until it is one.
    async fn number_of(&self, words: &str) -> String {
        for _ in 0..60 {
            self.opens("queue?view=open").await;
            let links = "return [...document.querySelectorAll('a.title')].map((it) => it.getAttribute('href'))";
            let links = self.browser.value(links).await;
            for link in links.as_array().into_iter().flatten() {
                let number = link.as_str().and_then(|link| link.rsplit('/').next());
                let number = number.unwrap_or_default().to_owned();
                if self.opens(&format!("case/{number}")).await.contains(words) {
                    return number;
                }
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("no case says {words}");
    }

    async fn decides(&self, form: &str, reason: &str) {
        let field = format!("form[action$=\"{form}\"] [name=reason]");
        self.browser.show(&field).await;
        self.browser.type_into(&field, reason).await;
        self.browser
            .click_through(&format!("form[action$=\"{form}\"] button"))
            .await;
    }
}

/// Every rule, at a phone's and a desk's width, in both languages, light and dark; with pictures.
async fn looks_right(browser: &Browser, triage: &str, path: &str, name: &str) {
    let axe = axe();
    let mut wrong = Vec::new();
    for language in ["zh-Hans", "en"] {
        let address = triage.replace("zh-Hans", language);
        browser.go(&format!("{address}/{path}")).await;
        for width in [375, 1440] {
            browser.widen(width).await;
            for (taste, shade) in [(Taste::Light, "light"), (Taste::Dark, "dark")] {
                browser.taste(taste).await;
                let place = format!("{name}-{language}-{width}-{shade}");
                let found = broken(browser, &axe).await;
                wrong.extend(found.into_iter().map(|told| format!("{place}: {told}")));
                let wide = too_wide(browser).await;
                wrong.extend(wide.iter().map(|it| format!("{place}: too wide: {it}")));
                browser.whole_picture(&place).await;
            }
        }
    }
    browser.taste(Taste::Light).await;
    browser.widen(1440).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the dispatcher is shown before anything is joined, and what opening the comparison shows.
async fn is_shown_why(staff: &Staff, one: &str, other: &str) {
    let case = staff.opens(&format!("case/{other}")).await;
    for words in [
        "可能与此有关的线索",
        "疑似同一事件",
        "用词相近",
        "同一天收到",
    ] {
        assert!(case.contains(words), "{words}: {case}");
    }
    assert!(!case.contains("英文名"), "the other text is not opened");
    let link = format!("a[href$='/case/{other}/compare/{one}']");
    staff.browser.click_through(&link).await;
    let page = staff.browser.text().await;
    for words in ["英文名", "国庆那次", "同一学校", "＋ 很支持", "新说的"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for mark in ["rare", "new"] {
        staff.browser.find(&format!("mark.{mark}")).await;
    }
    let underlined = "return [...document.querySelectorAll('.text mark')].every((it) => \
                      getComputedStyle(it).textDecorationLine.includes('underline'))";
    assert_eq!(staff.browser.value(underlined).await, true);
    let address = staff.browser.address().await + &staff.browser.title().await;
    assert!(
        CANARIES
            .iter()
            .all(|it| !canary::holds(address.as_bytes(), it))
    );
}

#[tokio::test]
async fn a_dispatcher_joins_splits_and_holds_apart_and_no_reporter_notices() {
    let mut demo = Demo::start(2).await;
    let codes = [
        sends(&demo, SCHOOL, "英语澹台明岚", FIRST).await,
        sends(&demo, SCHOOL, "澹台明岚", SECOND).await,
    ];
    let staff = Staff::signs_in(&demo, "dispatcher", Scripts::On).await;
    let one = staff.number_of("英文名").await;
    let other = staff.number_of("国庆那次").await;
    let mut parent = Parent::arrive(&demo, Scripts::On).await;
    let before = [
        parent.page_with(&codes[0]).await,
        parent.page_with(&codes[1]).await,
    ];
    is_shown_why(&staff, &one, &other).await;
    let compare = format!("case/{other}/compare/{one}");
    looks_right(&staff.browser, &staff.triage, &compare, "compare").await;
    staff.opens(&compare).await;
    staff.decides("/join", REASON).await;
    let case = staff.browser.text().await;
    assert!(
        case.contains("英文名") && case.contains("国庆那次"),
        "{case}"
    );
    assert!(case.contains(REASON) && case.contains("撤销并案"));
    looks_right(
        &staff.browser,
        &staff.triage,
        &format!("case/{one}"),
        "joined",
    )
    .await;
    for (code, before) in codes.iter().zip(&before) {
        assert_eq!(parent.page_with(code).await, *before, "joined");
    }
    let (lead, joined) = if case.contains(&format!("{other} ·")) && one < other {
        (&one, &other)
    } else {
        (&other, &one)
    };
    staff.opens(&format!("case/{lead}")).await;
    staff
        .browser
        .click("section[id^=tip] details summary")
        .await;
    staff
        .decides(&format!("/case/{joined}/split"), REASON)
        .await;
    let alone = staff.browser.text().await;
    assert!(!(alone.contains("英文名") && alone.contains("国庆那次")));
    staff.opens(&compare).await;
    staff.decides("/apart", REASON).await;
    let case = staff.browser.text().await;
    assert!(
        case.contains("已判断不是同一件") && !case.contains("疑似同一事件"),
        "{case}"
    );
    for (code, before) in codes.iter().zip(&before) {
        assert_eq!(
            parent.page_with(code).await,
            *before,
            "split and held apart"
        );
    }
    parent.browser.close().await;
    staff.browser.close().await;
    nothing_in_clear(&demo);
    demo.stop();
    nothing_in_clear(&demo);
}

/// Sketches, the rows of joining and of what is held apart, the log of the loaded index: no word of a tip in any.
fn nothing_in_clear(demo: &Demo) {
    assert!(!canary::files_with(demo.folder(), &demo.description.office).is_empty());
    for word in CANARIES {
        let found = canary::files_with(demo.folder(), word);
        assert!(found.is_empty(), "found in clear in {found:?}");
    }
}

#[tokio::test]
async fn floods_bursts_and_form_letters_are_named() {
    let mut demo = Demo::start(2).await;
    for copy in 0..6 {
        let text = format!("{COPY}{}", ["", "！", "请查", "急", "谢谢", "盼复"][copy]);
        sends(&demo, "青溪县第一中学", "", &text).await;
    }
    for school in SCHOOLS {
        let text = format!("{LETTER}{school}有老师在外面上课收钱。");
        sends(&demo, school, "", &text).await;
    }
    let staff = Staff::signs_in(&demo, "dispatcher", Scripts::On).await;
    let mut queue = String::new();
    for _ in 0..60 {
        queue = staff.opens("queue?view=open").await;
        if queue.contains("同一段文字，6 份") && queue.contains("第二高级中学") {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    for words in ["同一段文字，6 份", "近 7 天 6 件", "全部在办"] {
        assert!(queue.contains(words), "{words}: {queue}");
    }
    looks_right(&staff.browser, &staff.triage, "queue?view=open", "flood").await;
    staff.opens("queue?view=open").await;
    staff.browser.click("tr.copies summary").await;
    staff.browser.whole_picture("flood-open").await;
    // Nothing is hidden: every one of them is in the list, and counted.
    let links = "return document.querySelectorAll('tr.copies a.title').length";
    assert_eq!(staff.browser.value(links).await, 6);
    staff.browser.click_through("tr.copies a.title").await;
    let case = staff.browser.text().await;
    assert!(
        case.contains("同一段文字，6 份") && case.contains("承办"),
        "{case}"
    );
    let letter = staff.number_of("北山镇中心小学有老师").await;
    staff.opens(&format!("case/{letter}")).await;
    let template = staff.browser.find(".text mark.template").await;
    let template = template.text().await.expect("text");
    assert!(LETTER.contains(template.trim()), "{template}");
    looks_right(
        &staff.browser,
        &staff.triage,
        &format!("case/{letter}"),
        "letter",
    )
    .await;
    staff.browser.close().await;
    demo.stop();
}
