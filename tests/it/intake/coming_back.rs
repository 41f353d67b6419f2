//! Coming back: what the page behind a code says, what can be said from it, and leaving for good.

use super::reporter::{Anonymous, lookup_hex};
use super::{Answer, Intake, OFFICE, TODAY};
use futures_util::future::join_all;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::PickupCode;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, ReplyDocument, Said, Status, Stopped};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn today() -> Day {
    TODAY.parse().expect("a day")
}

fn status(sequence: u32, days_ago: i32, status: Status) -> MailboxMessage {
    let day = today().plus_days(-days_ago);
    MailboxMessage::new(sequence, day, MessageKind::Status, status)
}

fn result(sequence: u32, days_ago: i32) -> MailboxMessage {
    let mut message = status(sequence, days_ago, Status::Concluded);
    message.kind = MessageKind::Result;
    "查实了，已处理。".clone_into(&mut message.text);
    message
}

/// A parent at the page behind the code.
struct Parent<'a> {
    from: &'a Anonymous,
    code: String,
    language: &'static str,
}

impl Parent<'_> {
    async fn act(&self, act: &str, fields: &[(&str, &str)]) -> Answer {
        let path = format!("/{OFFICE}/{}/check{act}", self.language);
        let code = [("pickup_code", self.code.as_str())];
        let fields: Vec<_> = code.iter().chain(fields).copied().collect();
        self.from.form(&path, &fields).await
    }

    async fn looks(&self) -> String {
        let page = self.act("", &[]).await;
        assert_eq!(page.status, 200);
        page.text
    }
}

/// A tip whose mailbox holds `messages`, and what the office gets from its reporter afterwards.
async fn with_messages(intake: &Intake, messages: &[MailboxMessage]) -> String {
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("周末在家里补课").await;
    let triage = intake.triage();
    let tip = triage.only_tip().await;
    for (id, message) in (1..).zip(messages) {
        let posted = triage.answers(&tip, id, message).await;
        assert_eq!(posted.stored.len(), 1);
    }
    reporter.code
}

async fn said(intake: &Intake) -> Vec<Said> {
    said_to(intake, OFFICE).await
}

/// What waits for the office `slug` after the tips.
pub async fn said_to(intake: &Intake, slug: &str) -> Vec<Said> {
    let triage = intake.triage_of(slug);
    let mut said = Vec::new();
    for entry in triage.list("waiting").await {
        if let Ok(reply) = ReplyDocument::from_json(&triage.open(&entry).await) {
            said.push(reply.said.clone());
        }
    }
    said
}

#[tokio::test]
async fn the_page_tells_what_happened_what_is_next_by_when_and_by_which_rule() {
    let intake = Intake::unlimited().await;
    let mut late = status(3, 2, Status::UnderInquiry);
    late.due_day = Some(today().plus_days(-1));
    "《信访工作条例》第三十六条".clone_into(&mut late.due_source_zh);
    "Regulations on Petitioning, art. 36".clone_into(&mut late.due_source_en);
    let messages = [
        status(1, 30, Status::Received),
        status(2, 20, Status::Accepted),
        late,
    ];
    let code = with_messages(&intake, &messages).await;
    let anonymous = intake.anonymous();
    for (language, words) in [
        (
            "zh-Hans",
            [
                "已受理",
                "正在查办",
                "对不起",
                "《信访工作条例》第三十六条",
                "下一步",
            ],
        ),
        (
            "en",
            [
                "Accepted",
                "Being looked into",
                "We missed",
                "Regulations on Petitioning, art. 36",
                "Next:",
            ],
        ),
    ] {
        let code = code.clone();
        let parent = Parent {
            from: &anonymous,
            code,
            language,
        };
        let page = parent.looks().await;
        for word in words {
            assert!(page.contains(word), "{language}: {word}");
        }
        assert!(!page.contains("name=\"objection\"") && !page.contains("after_days"));
    }
    let answer = anonymous
        .api("pickups", &json!({"pickup_code": code}))
        .await;
    let answer = answer.json();
    let days: Vec<&Value> = answer["timeline"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert_eq!(days.len(), 3);
    assert_eq!(days[1]["status"], "accepted");
    assert_eq!(
        answer["due_rule"]["en"],
        "Regulations on Petitioning, art. 36"
    );
    intake.stop().await;
}

#[tokio::test]
async fn read_marks_objections_and_aftercare_reach_the_office_sealed() {
    let intake = Intake::unlimited().await;
    let messages = [status(1, 60, Status::Received), result(2, 30)];
    let code = with_messages(&intake, &messages).await;
    let anonymous = intake.anonymous();
    let parent = Parent {
        from: &anonymous,
        code,
        language: "en",
    };
    let page = parent.looks().await;
    assert!(page.contains("name=\"objection\""), "the thirtieth day");
    assert!(page.contains("30 days have passed"));

    let read = parent.act("/read", &[("messages", "1")]).await;
    assert!(read.status == 200 && read.text.contains("The office has been told"));
    let objection = [("text", "收据我有"), ("objection", "yes")];
    assert_eq!(parent.act("/reply", &objection).await.status, 200);
    let answers = [
        ("after_days", "30"),
        ("stopped", "no"),
        ("treated_badly", "yes"),
        ("text", ""),
    ];
    assert_eq!(parent.act("/aftercare", &answers).await.status, 200);
    let half = parent
        .act("/aftercare", &[("after_days", "30"), ("text", "还没好")])
        .await;
    assert_eq!(half.status, 422);
    assert!(half.text.contains("has not been answered") && half.text.contains("还没好"));
    let forged = parent.act("/aftercare", &[("after_days", "31")]).await;
    assert_eq!(forged.status, 400);

    let said = said(&intake).await;
    assert_eq!(said.len(), 3);
    for expected in [
        Said::Read { messages: 1 },
        Said::Objection {
            text: "收据我有".to_owned(),
        },
        Said::Aftercare {
            after_days: 30,
            stopped: Stopped::No,
            treated_badly: true,
            text: String::new(),
        },
    ] {
        assert!(said.contains(&expected));
    }
    let mut confirmed = status(3, 0, Status::Concluded);
    confirmed.messages_read = 1;
    confirmed.aftercare_answered_days = 30;
    let triage = intake.triage();
    for entry in triage.list("waiting").await {
        let json = triage.open(&entry).await;
        if let Ok(tip) = mifeng_sealing::tip::TipDocument::from_json(&json) {
            triage.answers(&tip, 3, &confirmed).await;
        }
    }
    let page = parent.looks().await;
    assert!(page.contains("read by you") && !page.contains("/check/read"));
    assert!(!page.contains("after_days"), "asked once");
    intake.stop().await;
}

#[tokio::test]
async fn after_a_month_no_objection_and_after_three_the_later_question() {
    let intake = Intake::unlimited().await;
    let code = with_messages(&intake, &[result(1, 31)]).await;
    let anonymous = intake.anonymous();
    let parent = Parent {
        from: &anonymous,
        code,
        language: "zh-Hans",
    };
    let page = parent.looks().await;
    assert!(!page.contains("name=\"objection\""));
    assert!(page.contains("办完 30 天了"));
    intake.stop().await;

    let intake = Intake::unlimited().await;
    let mut answered = result(1, 90);
    answered.aftercare_answered_days = 30;
    let code = with_messages(&intake, &[answered]).await;
    let anonymous = intake.anonymous();
    let parent = Parent {
        from: &anonymous,
        code,
        language: "zh-Hans",
    };
    assert!(parent.looks().await.contains("办完 90 天了"));
    intake.stop().await;
}

#[tokio::test]
async fn a_forgotten_code_opens_nothing_and_the_tip_stays_with_the_office() {
    let intake = Intake::unlimited().await;
    let code = with_messages(&intake, &[status(1, 0, Status::Received)]).await;
    let anonymous = intake.anonymous();
    let parent = Parent {
        from: &anonymous,
        code,
        language: "en",
    };
    let unsure = parent.act("/forget", &[]).await;
    assert_eq!(unsure.status, 422);
    let told = unsure.text.contains("To delete the mailbox, tick");
    assert!(told, "{}", unsure.text);
    let page = parent.looks().await;
    let gone = parent.act("/forget", &[("sure", "yes")]).await;
    assert_eq!(gone.status, 200);
    assert!(gone.text.contains("What remains"));
    assert_eq!(gone.text.len(), page.len(), "of one size, as any answer");
    assert!(
        !gone.text.contains(&parent.code),
        "the code is not repeated"
    );
    assert_eq!(parent.act("", &[]).await.status, 404);
    // What was written in another tab meanwhile reaches nobody, and is given back.
    for way in ["/reply", "/withdraw"] {
        let late = parent
            .act(way, &[("text", "she asked again on Friday")])
            .await;
        assert_eq!(late.status, 404, "{way}");
        assert!(
            late.text.contains("she asked again on Friday"),
            "{way}: {}",
            late.text
        );
    }
    assert_eq!(said(&intake).await, [Said::Farewell]);
    assert_eq!(intake.triage().list("held").await.len(), 2);
    intake.stop().await;
}

/// Two thousand answers, from pages and API, for codes known and unknown, mailboxes empty and full.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_answers_have_one_size_a_class() {
    const EACH: usize = 250;
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let full: Vec<_> = (1..=8)
        .map(|sequence| {
            let mut message = status(sequence, 9, Status::UnderInquiry);
            message.kind = MessageKind::Message;
            "请再说说时间和地点。".clone_into(&mut message.text);
            message
        })
        .collect();
    let full = with_messages(&intake, &full).await;
    let empty = anonymous.tells("补课").await.code;
    let unknown = PickupCode::generate(&SystemEntropy).digits().to_owned();
    let nowhere = PickupCode::generate(&SystemEntropy).digits().to_owned();
    let path = format!("/{OFFICE}/zh-Hans/check");
    let (mut pages, mut answers) = (BTreeSet::new(), BTreeSet::new());
    let ask = async |code: &String| {
        let expected = if code == &full || code == &empty {
            200
        } else {
            404
        };
        let (fields, body) = (
            [("pickup_code", code.as_str())],
            json!({"pickup_code": code}),
        );
        let page = anonymous.form(&path, &fields);
        let (page, answer) = tokio::join!(page, anonymous.api("pickups", &body));
        assert_eq!((page.status, answer.status), (expected, expected));
        (page, answer)
    };
    for _ in 0..EACH {
        for (page, answer) in join_all([&full, &empty, &unknown, &nowhere].map(ask)).await {
            pages.insert((page.text.len(), page.headers.len()));
            answers.insert((answer.text.len(), answer.headers.len()));
        }
    }
    assert_eq!(pages.len(), 1, "{pages:?}");
    // A problem document also names its language.
    let sizes: BTreeSet<_> = answers.iter().map(|(size, _)| size).collect();
    assert_eq!(sizes.len(), 1, "{answers:?}");
    intake.stop().await;
}

/// Everything that one answer puts on the line, its first line and its headers too.
async fn bytes_on_the_line(intake: &Intake, path: &str, kind: &str, body: &str) -> usize {
    let address = intake.public.trim_start_matches("http://");
    let mut line = TcpStream::connect(address).await.expect("a line");
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    line.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 "));
    answer.len()
}

#[tokio::test]
async fn whole_answers_have_one_length_on_the_line() {
    let intake = Intake::unlimited().await;
    let one = with_messages(&intake, &[status(1, 9, Status::Received)]).await;
    let empty = intake.anonymous().tells("补课").await.code;
    let unknown = PickupCode::generate(&SystemEntropy).digits().to_owned();
    let mut lengths = vec![BTreeSet::new(); 3];
    for code in [&one, &empty, &unknown] {
        let parsed = PickupCode::parse(code).expect("a code");
        let json = "application/json";
        let api = format!("/api/v1/offices/{OFFICE}");
        let ways = [
            (
                format!("/{OFFICE}/zh-Hans/check"),
                "application/x-www-form-urlencoded",
                format!("pickup_code={code}"),
            ),
            (
                format!("{api}/pickups"),
                json,
                json!({"pickup_code": code}).to_string(),
            ),
            (
                format!("{api}/sealed-pickups"),
                json,
                json!({"lookup": lookup_hex(&parsed)}).to_string(),
            ),
        ];
        for (seen, (path, kind, body)) in lengths.iter_mut().zip(&ways) {
            seen.insert(bytes_on_the_line(&intake, path, kind, body).await);
        }
    }
    assert!(lengths.iter().all(|seen| seen.len() == 1), "{lengths:?}");
    intake.stop().await;
}
