//! What somebody with the code is told of what was sent: when, of which kind, how much, and by when it is answered; never the
//! words, but on the page right after sending. A question that waits stands first.

use super::coming_back::said_to;
use super::{Anonymous, Answer, Intake, OFFICE, TODAY};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::mailbox::read_mailbox;
use mifeng_sealing::tip::{
    MailboxMessage, MessageKind, Said, SentItem, SentKind, Status, ToldDeadline,
};
use mifeng_sealing::{MailboxSecrets, PickupCode, seal_message};
use proptest::prelude::*;
use serde_json::json;

const ASKED: &str = "请问在银杏巷几号？";

fn today() -> Day {
    TODAY.parse().expect("a day")
}

fn message(sequence: u32, kind: MessageKind, text: &str) -> MailboxMessage {
    let mut message = MailboxMessage::new(sequence, today(), kind, Status::UnderInquiry);
    text.clone_into(&mut message.text);
    message
}

fn item(kind: SentKind, chars: u32, files: u32, after: u32) -> SentItem {
    SentItem {
        day: today().plus_days(-3),
        kind,
        chars,
        files,
        after,
    }
}

/// A question, after a tip with two files, an objection, and much that is not listed.
fn asked() -> MailboxMessage {
    let mut asked = message(4, MessageKind::Question, ASKED);
    asked.sent = vec![
        item(SentKind::Tip, 120, 2, 0),
        item(SentKind::Addition, 1, 1, 2),
        item(SentKind::Objection, 33, 0, 3),
        item(SentKind::Withdrawal, 0, 0, 3),
    ];
    asked.sent_left_out = 7;
    asked.deadlines = vec![ToldDeadline {
        rule: "objection".to_owned(),
        due_day: today().plus_days(20),
        first_due_day: None,
        met_day: None,
    }];
    asked
}

async fn with_question(intake: &Intake) -> String {
    let anonymous = intake.anonymous();
    let code = anonymous.tells("周末在家里补课").await.code;
    let triage = intake.triage();
    let tip = triage.only_tip().await;
    assert_eq!(triage.answers(&tip, 1, &asked()).await.stored.len(), 1);
    code
}

async fn act(from: &Anonymous, language: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/{OFFICE}/{language}/check{act}");
    from.form(&path, fields).await
}

/// What stands in the first heading of a page.
fn headline(page: &str) -> &str {
    let (_, rest) = page.split_once("<h1").expect("a headline");
    let (_, rest) = rest.split_once('>').expect("a tag's end");
    rest.split("</h1>").next().expect("its end")
}

#[tokio::test]
async fn what_was_sent_is_listed_without_its_words_and_a_question_stands_first() {
    let intake = Intake::unlimited().await;
    let code = with_question(&intake).await;
    let anonymous = intake.anonymous();
    for (language, headlines, lines) in [
        (
            "zh-Hans",
            ["办公室在等您回答", "正在查办"],
            [
                "您的举报 · 120 字 · 2 个附件",
                "您的补充或回答 · 1 字 · 1 个附件",
                "您的不同意见 · 33 字 · 最迟 2026年12月13日答复",
                "您表示撤回",
                "还有 7 次",
                "内容没有删除",
            ],
        ),
        (
            "zh-Hant",
            ["辦公室在等您回答", "正在調查"],
            [
                "您的舉報 · 120 字 · 2 個附件",
                "您的補充或回答 · 1 字 · 1 個附件",
                "您的不同意見 · 33 字 · 最遲 2026年12月13日答覆",
                "您表示撤回",
                "還有 7 次",
                "內容沒有刪除",
            ],
        ),
        (
            "en",
            ["The office is waiting for your answer", "Being looked into"],
            [
                "your report · 120 characters · 2 files",
                "you added something · 1 character · 1 file",
                "your objection · 33 characters · answer by 13 December 2026",
                "you withdrew your report",
                "and 7 more",
                "Nothing was deleted",
            ],
        ),
    ] {
        let fields = [("pickup_code", code.as_str())];
        let page = act(&anonymous, language, "", &fields).await.text;
        assert_eq!(headline(&page), headlines[0]);
        assert_eq!(page.matches("<h1").count(), 1);
        let question = page.find(ASKED).expect("the question");
        assert!(
            question < page.find(headlines[1]).expect("the state"),
            "{language}"
        );
        for line in lines {
            assert!(page.contains(line), "{language}: {line}: {page}");
        }
        let words = format!("门牌号是十二号（{language}）");
        let answer = [fields[0], ("text", words.as_str())];
        let sent = act(&anonymous, language, "/reply", &answer).await.text;
        assert_eq!(headline(&sent), headlines[1], "it may be the answer");
        assert!(sent.contains(&words), "it stays on this page");
        let later = act(&anonymous, language, "", &fields).await.text;
        assert!(!later.contains(&words), "and on no other");
    }
    let pickup = json!({"pickup_code": code});
    let answer = anonymous.api("pickups", &pickup).await.json();
    assert_eq!(
        (&answer["question_waits"], &answer["sent_left_out"]),
        (&json!(true), &json!(7))
    );
    assert_eq!(
        answer["sent"][0],
        json!({"day": "2026-11-20", "kind": "tip", "chars": 120, "files": 2})
    );
    assert_eq!(answer["clocks"][0]["rule"], "objection");
    intake.stop().await;
}

#[tokio::test]
async fn a_tip_is_corrected_or_withdrawn_in_words_of_their_own() {
    let intake = Intake::unlimited().await;
    let code = with_question(&intake).await;
    let anonymous = intake.anonymous();
    let code = ("pickup_code", code.as_str());
    let correction = [code, ("text", "不是周六"), ("correction", "yes")];
    assert_eq!(
        act(&anonymous, "en", "/reply", &correction).await.status,
        200
    );
    let page = act(&anonymous, "en", "/withdraw", &[code, ("text", "")]).await;
    assert!(page.status == 200 && page.text.contains("Your withdrawal was encrypted and sent"));
    let said = said_to(&intake, OFFICE).await;
    for expected in [
        Said::Correction {
            text: "不是周六".to_owned(),
        },
        Said::Withdrawal {
            text: String::new(),
        },
    ] {
        assert!(said.contains(&expected));
    }
    let still = act(&anonymous, "en", "", &[code]).await;
    assert_eq!(still.status, 200, "nothing was deleted");
    intake.stop().await;
}

fn kinds() -> impl Strategy<Value = Vec<MessageKind>> {
    let kind = prop_oneof![
        Just(MessageKind::Status),
        Just(MessageKind::Message),
        Just(MessageKind::Question),
        Just(MessageKind::Result),
    ];
    proptest::collection::vec(kind, 0..7)
}

fn sent() -> impl Strategy<Value = Vec<SentItem>> {
    let one = (0..SentKind::ALL.len(), 0..8_u32);
    let one = one.prop_map(|(kind, after)| item(SentKind::ALL[kind], 1, 0, after));
    proptest::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_question_waits_until_something_is_sent_after_it_or_all_is_decided(kinds in kinds(), sent in sent()) {
        let secrets = MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), OFFICE);
        let to = secrets.recipient().parse().expect("a recipient");
        let mut waits = None;
        let mut sealed = Vec::new();
        for (at, kind) in (1..).zip(&kinds) {
            let mut message = message(at, *kind, "w");
            message.sent.clone_from(&sent);
            sealed.push(seal_message(&message, &to).expect("sealed").0.into_bytes());
            let answers = |item: &&SentItem| {
                item.after >= at && !matches!(item.kind, SentKind::Tip | SentKind::Aftercare)
            };
            match kind {
                MessageKind::Question => waits = sent.iter().find(answers).is_none().then_some(at),
                MessageKind::Result | MessageKind::Closed => waits = None,
                MessageKind::Status | MessageKind::Message => {}
            }
        }
        sealed.reverse();
        let content = read_mailbox(&secrets, &sealed, today());
        prop_assert_eq!(content.question().map(|question| question.sequence), waits);
    }
}
