//! Coming back in a real browser: the mailbox is opened and what is said is sealed in the page, and the code stays there.

mod returning;

use super::browser::{Browser, Scripts};
use super::canary::holds;
use super::recorder::Line;
use super::visit::{ACCOUNT, Visit};
use crate::intake::{OFFICE, PARENT};
use mifeng_sealing::tip::{ReplyDocument, Said, Status, Stopped};
use returning::{Return, late, message, result};
use std::time::Duration;

const PICKUP: &str = "POST /api/v1/offices/qingxi/sealed-pickups HTTP";

const REPLY: &str = "POST /api/v1/offices/qingxi/sealed-pickups/replies";

const QUESTION: &str = "请问在银杏巷几号？";

const ANSWER: &str = "在银杏巷十二号三楼，收据我有。";

async fn opened_in_the_page(width: u32, language: &'static str, words: [&str; 5]) {
    let back = Return::begin("read", width, language, &late()).await;
    let visit = &back.visit;
    visit.picture("field").await;
    let text = back.opens().await;
    for word in words.into_iter().chain([QUESTION]) {
        assert!(text.contains(word), "{word}: {text}");
    }
    visit.picture("status").await;
    assert_eq!(visit.line.requests(PICKUP), 1);
    assert_eq!(visit.line.requests("POST /qingxi/"), 0);
    let address = visit.browser.address().await + &visit.browser.title().await;
    assert!(!address.contains(&back.code[..4]) && address.contains("/check"));
    // The same words as without scripts, in the same order, once both are told that the code was used today.
    let plain = Browser::open(Scripts::Off, 1280, language).await;
    plain
        .go(&format!(
            "{}/{OFFICE}/{language}/check",
            visit.intake.public
        ))
        .await;
    plain.type_into("#pickup_code", &back.code).await;
    plain.click_through("main form button[type=submit]").await;
    let theirs = plain.find("#main").await.text().await;
    let check = format!("{}/{OFFICE}/{language}/check", visit.origin);
    visit.browser.go(&check).await;
    back.opens().await;
    let ours = visit.browser.find("#main").await.text().await;
    assert_eq!(ours.expect("words"), theirs.expect("words"));
    plain.close().await;
    visit
        .browser
        .go(&format!("{}/{OFFICE}/{language}/help", visit.origin))
        .await;
    visit.browser.back().await;
    let behind = visit.browser.text().await;
    assert!(
        !behind.contains(QUESTION),
        "the page stands behind: {behind}"
    );
    back.end().await;
}

#[tokio::test]
async fn a_mailbox_is_opened_in_the_page_on_a_phone() {
    opened_in_the_page(
        360,
        "zh-Hans",
        [
            "正在查办",
            "对不起",
            "第三十四条",
            "2026年11月3日",
            "下一步",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_mailbox_is_opened_in_the_page_at_a_desk() {
    let english = [
        "Being looked into",
        "We missed 22 November 2026",
        "art. 34",
        "3 November 2026",
        "Next:",
    ];
    opened_in_the_page(1280, "en", english).await;
    let chinese = [
        "正在調查",
        "對不起",
        "第三十四条",
        "2026年11月3日",
        "下一步",
    ];
    opened_in_the_page(1280, "zh-Hant", chinese).await;
}

#[tokio::test]
async fn a_slip_is_told_here_and_an_unknown_code_is_told_apart() {
    let back = Return::begin("slips", 360, "zh-Hans", &[]).await;
    let visit = &back.visit;
    let mut slip = back.code.clone().into_bytes();
    slip.swap(3, 20);
    slip[9] = if slip[9] == b'5' { b'6' } else { b'5' };
    let slip = String::from_utf8(slip).expect("digits");
    for (typed, words) in [("1234", "28 位数字"), (slip.as_str(), "有一位不对")] {
        if mifeng_sealing::PickupCode::parse(typed).is_ok() {
            continue;
        }
        back.types(typed).await;
        visit.hears(words).await;
        assert_eq!(visit.line.requests(PICKUP), 0, "nothing is asked");
    }
    visit.picture("mistyped").await;
    let other = mifeng_sealing::PickupCode::generate(&mifeng_foundation::entropy::SystemEntropy);
    back.types(other.digits()).await;
    visit.hears("没有找到这个取件码").await;
    visit.picture("unknown").await;
    visit.line.becomes(Line::Dead);
    back.types(&back.code).await;
    visit.hears("没有收到回音").await;
    visit.line.becomes(Line::Good);
    let text = back.opens().await;
    assert!(text.contains("等待办公室取走"), "{text}");
    visit.picture("empty").await;
    assert!(!holds(&visit.line.sent(), other.digits()));
    back.end().await;
}

#[tokio::test]
async fn an_answer_with_a_file_is_sealed_in_the_page_and_stored_once() {
    let back = Return::begin("reply", 360, "zh-Hans", &late()).await;
    let visit = &back.visit;
    back.opens().await;
    visit.browser.type_into("#text", ANSWER).await;
    let device = super::files::Device::new();
    let (photo, _) = device.photo();
    visit.chooses(&[&photo]).await;
    visit.hears("发出前会去除：拍摄地点").await;
    visit.browser.show("#attachments").await;
    visit.picture("file").await;
    visit.line.becomes(Line::LosesAnswers);
    back.sends("reply").await;
    visit.hears("没有收到回音").await;
    assert_eq!(visit.typed_text().await, ANSWER);
    assert!(visit.warns_before_leaving().await);
    visit.line.becomes(Line::Good);
    back.sends("reply").await;
    let text = back.done().await;
    assert!(text.contains("您写的已加密发出"), "{text}");
    let kept = visit
        .browser
        .reads_until("[data-just-sent]:not([hidden])")
        .await;
    assert!(kept.contains(ANSWER), "it stays on this page: {kept}");
    let headline = visit.browser.reads_until("h1").await;
    assert!(
        headline.contains("正在查办"),
        "the question is answered: {headline}"
    );
    visit.picture("sent").await;
    assert!(!visit.warns_before_leaving().await);
    assert!(visit.line.requests(REPLY) >= 1);
    let said = back.said().await;
    assert_eq!(said.len(), 1);
    let addition = Said::Addition {
        text: ANSWER.to_owned(),
    };
    assert!(said[0].said == addition);
    assert_eq!(said[0].attachments.len(), 1);
    assert_eq!(said[0].attachments[0].media_type, "image/jpeg");
    visit.nothing_left_in_clear(&back.code, &[]);
    // The same once more, as without scripts: it is there already.
    let form = [("pickup_code", back.code.as_str()), ("text", "又一句")];
    let anonymous = visit.intake.anonymous();
    let path = format!("/{OFFICE}/zh-Hans/check/reply");
    assert_eq!(anonymous.form(&path, &form).await.status, 200);
    visit.browser.type_into("#text", "又一句").await;
    back.sends("reply").await;
    back.done().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(back.said().await.len(), 2, "both ways say the same once");
    back.end().await;
}

#[tokio::test]
async fn read_marks_objections_and_aftercare_are_sealed_in_the_page() {
    let messages = [message(1, 60, Status::Received, ""), result(2, 30)];
    let back = Return::begin("afterwards", 1280, "en", &messages).await;
    let visit = &back.visit;
    let text = back.opens().await;
    assert!(text.contains("30 days have passed"), "{text}");
    visit.picture("concluded").await;
    back.sends("read").await;
    assert!(back.done().await.contains("The office has been told"));
    back.sends("aftercare").await;
    visit.hears("A question has not been answered").await;
    visit.picture("unanswered").await;
    visit.presses("[name=stopped][value=partly]").await;
    visit.presses("[name=treated_badly][value=no]").await;
    back.sends("aftercare").await;
    visit.hears("Thank you. It was encrypted and sent").await;
    visit.browser.type_into("#text", ANSWER).await;
    visit.presses("[name=objection]").await;
    back.sends("reply").await;
    visit.hears("What you wrote was encrypted and sent").await;
    let said: Vec<_> = back
        .said()
        .await
        .into_iter()
        .map(|it| it.said.clone())
        .collect();
    assert_eq!(said.len(), 3);
    for expected in [
        Said::Read { messages: 1 },
        Said::Objection {
            text: ANSWER.to_owned(),
        },
        Said::Aftercare {
            after_days: 30,
            stopped: Stopped::Partly,
            treated_badly: false,
            text: String::new(),
        },
    ] {
        assert!(said.contains(&expected));
    }
    back.end().await;
}

#[tokio::test]
async fn forgetting_is_done_from_the_page_and_says_what_remains() {
    let back = Return::begin("forget", 360, "zh-Hant", &late()).await;
    let visit = &back.visit;
    back.opens().await;
    visit.presses("details.forget summary").await;
    back.sends("farewell").await;
    visit.hears("請先勾選「我明白」").await;
    visit.presses("[name=sure]").await;
    back.sends("farewell").await;
    visit.hears("往來已經刪除").await;
    visit.hears("還留著的").await;
    visit.picture("forgotten").await;
    assert!(back.said().await.iter().any(|it| it.said == Said::Farewell));
    back.asks().await;
    back.types(&back.code).await;
    visit.hears("沒有找到這個取件碼").await;
    back.end().await;
}

#[tokio::test]
async fn what_is_added_to_a_tip_about_the_office_is_for_the_parent_alone() {
    let back = Return::about("office-staff", "parent", 1280, "zh-Hans", &[]).await;
    back.opens().await;
    back.visit.browser.type_into("#text", ANSWER).await;
    back.sends("reply").await;
    back.done().await;
    let parent = back.visit.intake.triage_of(PARENT);
    let mut said = 0;
    for entry in parent.list("waiting").await {
        let opened = parent.open(&entry).await;
        said += usize::from(ReplyDocument::from_json(&opened).is_ok());
    }
    assert_eq!(said, 1);
    assert!(back.visit.intake.triage().list("held").await.is_empty());
    back.end().await;
}

#[tokio::test]
async fn without_a_secure_context_the_server_opens_and_the_page_says_so() {
    let visit = Visit::on("plain.test", "back-plain", 360, "en").await;
    let code = {
        let anonymous = visit.intake.anonymous();
        anonymous.tells(ACCOUNT).await.code
    };
    let address = format!("{}/{OFFICE}/en/check", visit.origin);
    visit.browser.go(&address).await;
    let text = visit.browser.text().await;
    assert!(text.contains("Your code goes to the server"), "{text}");
    visit.browser.type_into("#pickup_code", &code).await;
    visit.picture("field").await;
    visit.browser.click("main form button[type=submit]").await;
    visit.hears("waiting for the office").await;
    assert_eq!(visit.line.requests(PICKUP), 0);
    visit.end().await;
}
