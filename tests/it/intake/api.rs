//! The JSON API and the relay, end to end.

use super::{Intake, OFFICE, PARENT, Place, TODAY};
use crate::support::disk::files;
use crate::support::postgres::fresh_database;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, ReplyDocument, Said, Status, TipDocument};
use mifeng_sealing::{EnvelopeKind, PickupCode};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

fn message(sequence: u32, text: &str) -> MailboxMessage {
    let today: Day = TODAY.parse().expect("a day");
    let mut message =
        MailboxMessage::new(sequence, today, MessageKind::Message, Status::UnderInquiry);
    message.due_day = Some(today.plus_days(15));
    text.clone_into(&mut message.text);
    message
}

#[tokio::test]
async fn a_tip_and_its_answers_travel_both_ways() {
    both_ways(Intake::unlimited().await).await;
}

#[tokio::test]
async fn so_they_do_over_postgresql() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.store_url = Some(fresh_database().await);
    both_ways(Intake::on(place, config).await).await;
}

/// The connection is lost whenever one of the messages is stored, first, in the middle or last: what was for other mailboxes
/// is there, and that one is sent again.
#[tokio::test]
async fn a_message_that_cannot_be_stored_keeps_no_other_from_its_mailbox() {
    let url = fresh_database().await;
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.store_url = Some(url.clone());
    let intake = Intake::on(place, config).await;
    let (anonymous, triage) = (intake.anonymous(), intake.triage());
    let reporter = anonymous.tells("周末在家里补课，收钱").await;
    let tip = triage.only_tip().await;
    let mut store = PgConnection::connect(&url).await.expect("the store");
    for bad in 0..3_u8 {
        let ids = [1, 2, 3].map(|id| 10 * (bad + 1) + id);
        let bad_id = hex::encode([ids[usize::from(bad)]; 16]);
        refuse_message(&mut store, &bad_id).await;
        let posted = triage
            .answers_all(&tip, &ids, &message(1, "正在核实"))
            .await;
        assert_eq!((posted.stored.len(), posted.no_mailbox.len()), (2, 0));
        assert!(!posted.stored.contains(&bad_id), "{bad}");
        refuse_message(&mut store, "").await;
        let posted = triage
            .answers_all(&tip, &ids, &message(1, "正在核实"))
            .await;
        assert_eq!((posted.stored.len(), posted.no_mailbox.len()), (3, 0));
    }
    assert_eq!(reporter.looks().await.json()["status"], "under-inquiry");
    intake.stop().await;
}

/// The database ends the connection that stores the message with this id, and no other's: rows that mixing moves meanwhile do
/// not count.
async fn refuse_message(store: &mut PgConnection, id: &str) {
    let trigger = format!(
        "CREATE OR REPLACE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW;
         END $$;
         CREATE OR REPLACE TRIGGER refused BEFORE INSERT ON message FOR EACH ROW
             WHEN (encode(NEW.id, 'hex') = '{id}') EXECUTE FUNCTION refused()"
    );
    let done = sqlx::raw_sql(AssertSqlSafe(trigger)).execute(store).await;
    done.expect("the trigger stands");
}

async fn both_ways(intake: Intake) {
    let (anonymous, triage) = (intake.anonymous(), intake.triage());
    let reporter = anonymous.tells("周末在家里补课，收钱").await;
    let before = reporter.looks().await;
    assert_eq!(
        (before.status, &before.json()["status"]),
        (200, &json!("stored"))
    );
    assert_eq!(before.json()["messages"], json!([]));

    let hello = triage.hello().await;
    assert_eq!((hello.office.as_str(), hello.waiting), (OFFICE, 1));
    let tip = triage.only_tip().await;
    assert_eq!(tip.text, "周末在家里补课，收钱");
    assert_eq!(
        (tip.office.as_str(), tip.received_day.to_string().as_str()),
        (OFFICE, TODAY)
    );
    let posted = triage.answers(&tip, 1, &message(1, "正在核实")).await;
    assert_eq!((posted.stored.len(), posted.no_mailbox.len()), (1, 0));
    triage.answers(&tip, 1, &message(1, "正在核实")).await;

    let after = reporter.looks().await.json();
    assert_eq!(after["status"], "under-inquiry");
    assert_eq!(after["due_day"], "2026-12-08");
    let texts: Vec<&Value> = after["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    assert_eq!(texts.len(), 1, "the same id twice is one message");
    assert_eq!(texts[0]["text"], "正在核实");

    for _ in 0..2 {
        assert_eq!(reporter.adds("还有收据").await.status, 201);
    }
    let waiting = triage.list("waiting").await;
    assert_eq!(waiting.len(), 2, "the same addition twice is one");
    let reply = waiting
        .iter()
        .find(|e| e.kind == EnvelopeKind::Reply)
        .expect("the addition");
    let opened = ReplyDocument::from_json(&triage.open(reply).await).expect("an addition");
    let text = "还有收据".to_owned();
    assert_eq!(opened.said, Said::Addition { text });
    assert_eq!(opened.lookup_digest, tip.mailbox.lookup_digest);
    intake.stop().await;
}

#[tokio::test]
async fn acknowledged_then_released_envelopes_are_gone_and_the_code_still_works() {
    let intake = Intake::unlimited().await;
    let (anonymous, triage) = (intake.anonymous(), intake.triage());
    let reporter = anonymous.tells("补课").await;
    let entry = triage.list("waiting").await.remove(0);
    assert_eq!(
        intake.triage_of(PARENT).release(&entry).await,
        0,
        "not theirs"
    );
    assert_eq!(triage.acknowledge(&entry).await, 1);
    assert_eq!(triage.acknowledge(&entry).await, 0);
    assert!(triage.list("waiting").await.is_empty());
    assert_eq!(triage.list("held").await.len(), 1);
    assert_eq!(triage.release(&entry).await, 1);
    assert_eq!(triage.release(&entry).await, 0);
    assert!(triage.list("held").await.is_empty());
    assert_eq!(reporter.looks().await.status, 200);
    intake.stop().await;
}

#[tokio::test]
async fn known_and_unknown_codes_answer_with_one_size() {
    let intake = Intake::unlimited().await;
    let (mut anonymous, triage) = (intake.anonymous(), intake.triage());
    let mut sizes = Vec::new();
    for text in ["短", &"长".repeat(5000)] {
        let reporter = anonymous.tells(text).await;
        sizes.push(reporter.looks().await.text.len());
        for entry in triage.list("waiting").await {
            let tip = TipDocument::from_json(&triage.open(&entry).await).expect("a tip");
            triage
                .answers(&tip, 7, &message(1, &"答".repeat(200)))
                .await;
            triage.acknowledge(&entry).await;
        }
        sizes.push(reporter.looks().await.text.len());
    }
    for language in ["zh", "en", "zh-CN", "en-GB"] {
        anonymous.language = language;
        let code = PickupCode::generate(&SystemEntropy);
        let body = json!({"pickup_code": code.digits()});
        for (place, body) in [
            ("pickups", body.clone()),
            (
                "pickups/replies",
                json!({"pickup_code": code.digits(), "text": "还有"}),
            ),
        ] {
            let unknown = anonymous.api(place, &body).await;
            assert_eq!(unknown.status, 404);
            sizes.push(unknown.text.len());
        }
    }
    assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
    intake.stop().await;
}

#[tokio::test]
async fn a_slip_of_the_pen_is_told_in_both_languages() {
    let intake = Intake::unlimited().await;
    let mut anonymous = intake.anonymous();
    let code = PickupCode::generate(&SystemEntropy);
    let last = (code.digits().as_bytes()[27] - b'0' + 1) % 10;
    let typed = format!("{}{last}", &code.digits()[..27]);
    for (language, words) in [("zh-CN", "有一位不对"), ("en", "A digit is wrong")] {
        anonymous.language = language;
        let answer = anonymous
            .api("pickups", &json!({"pickup_code": typed}))
            .await;
        assert_eq!(answer.status, 422);
        assert!(
            answer
                .header("content-type")
                .starts_with("application/problem+json")
        );
        let problem = answer.json();
        assert!(problem["title"].as_str().expect("words").starts_with(words));
        assert_eq!(problem["status"], 422);
        assert_eq!(problem["field"], "pickup_code");
        assert!(!answer.text.contains(&typed), "the input is not repeated");
    }
    intake.stop().await;
}

#[tokio::test]
async fn the_description_lists_exactly_the_routes() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let description = anonymous.get("/api/openapi.json").await.json();
    let paths = description["paths"].as_object().expect("paths");
    let mut listed: Vec<(&str, &str)> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods");
            methods
                .keys()
                .map(move |method| (method.as_str(), path.as_str()))
        })
        .collect();
    listed.sort_unstable();
    let expected = [
        ("get", "/api/openapi.json"),
        ("get", "/api/v1/offices/{office}/manifest"),
        ("get", "/healthz"),
        ("get", "/readyz"),
        ("post", "/api/v1/offices/{office}/attachments"),
        ("post", "/api/v1/offices/{office}/attachments/cleaned"),
        ("post", "/api/v1/offices/{office}/pickups"),
        ("post", "/api/v1/offices/{office}/pickups/replies"),
        ("post", "/api/v1/offices/{office}/sealed-pickups"),
        ("post", "/api/v1/offices/{office}/sealed-pickups/replies"),
        ("post", "/api/v1/offices/{office}/sealed-tips"),
        ("post", "/api/v1/offices/{office}/tips"),
    ];
    assert_eq!(listed, expected);
    for (method, path) in listed {
        let path = path.replace("{office}", OFFICE);
        let answer = match method {
            "get" => anonymous.get(&path).await,
            _ if path.contains("attachments") => {
                anonymous
                    .post(&path, "application/octet-stream", "{}")
                    .await
            }
            _ => anonymous.post(&path, "application/json", "{}").await,
        };
        assert!(
            matches!(answer.status, 200 | 400 | 422),
            "{path}: {}",
            answer.status
        );
    }
    intake.stop().await;
}

#[tokio::test]
async fn a_tip_about_the_office_goes_to_the_parent_only() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells_about("office-staff", "局里的人收钱").await;
    let (office, parent) = (intake.triage(), intake.triage_of(PARENT));
    assert!(office.list("held").await.is_empty());
    assert_eq!(office.hello().await.waiting, 0);
    let tip = parent.only_tip().await;
    assert_eq!(tip.text, "局里的人收钱");
    let refused = office.answers(&tip, 1, &message(1, "压下来")).await;
    assert_eq!(
        refused.no_mailbox.len(),
        1,
        "the office may not answer for its parent"
    );
    parent.answers(&tip, 2, &message(1, "已收到")).await;
    assert_eq!(
        reporter.looks().await.json()["messages"][0]["text"],
        "已收到"
    );
    assert_eq!(reporter.adds("还有").await.status, 201);
    assert!(office.list("held").await.is_empty());
    assert_eq!(parent.list("held").await.len(), 2);
    intake.stop().await;
}

#[tokio::test]
async fn nothing_that_was_said_is_on_disk_in_the_clear() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("canary-phrase-in-a-tip").await;
    assert_eq!(
        reporter.adds("canary-phrase-in-an-addition").await.status,
        201
    );
    let tip = TipDocument::from_json(&{
        let triage = intake.triage();
        let held = triage.list("held").await;
        let first = held.iter().find(|entry| entry.kind == EnvelopeKind::Tip);
        triage.open(first.expect("the tip")).await
    })
    .expect("a tip");
    let answer = message(1, "canary-phrase-in-an-answer");
    intake.triage().answers(&tip, 1, &answer).await;
    let mut read = 0;
    for (_, bytes) in files(&[intake.place.folder.path().to_owned()]) {
        read += bytes.len();
        for secret in [
            "canary-phrase",
            "李老师",
            "第三小学",
            &reporter.code,
            &tip.mailbox.receipt_secret,
        ] {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
    assert!(read > 4096, "the store was looked at");
    intake.stop().await;
}

/// The form without scripts; the page that seals has its own check of whom it seals to.
#[tokio::test]
async fn whoever_chooses_the_office_above_is_read_by_it_alone() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let page = anonymous.get(&format!("/qingxi/{language}/write")).await;
        assert!(page.text.contains("name=\"only_above\""), "{language}");
        let fields = [
            ("category", "tutoring"),
            ("only_above", "yes"),
            ("school", ""),
            ("subject", "局长"),
            ("when", ""),
            ("text", language),
        ];
        let sent = anonymous
            .form(&format!("/qingxi/{language}/write"), &fields)
            .await;
        assert_eq!(sent.status, 200, "{}", sent.text);
    }
    let tip = |office: &str| {
        let tip = json!({"category": "tutoring", "text": office, "only_above": true});
        let (anonymous, path) = (&anonymous, format!("/api/v1/offices/{office}/tips"));
        async move {
            anonymous
                .post(&path, "application/json", tip.to_string())
                .await
        }
    };
    assert_eq!(tip(OFFICE).await.status, 201);
    assert!(intake.triage().list("held").await.is_empty());
    assert_eq!(intake.triage_of(PARENT).list("held").await.len(), 4);

    // Over this one there is none: it is sealed to nobody rather than to those who may not open it.
    let refused = tip(PARENT).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text.contains("problem-nobody-above"),
        "{}",
        refused.text
    );
    let fields = [
        ("category", "tutoring"),
        ("only_above", "yes"),
        ("text", "补课"),
    ];
    let refused = anonymous
        .form(&format!("/{PARENT}/zh-Hans/write"), &fields)
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("取消“只交给上一级”"),
        "{}",
        refused.text
    );
    assert_eq!(intake.triage_of(PARENT).list("held").await.len(), 4);
    intake.stop().await;
}
