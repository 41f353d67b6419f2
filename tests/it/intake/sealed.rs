//! Tips that come sealed, as the page's own script seals them: taken, opened as any other, stored once; and what is
//! refused without being opened.

mod sealing;

use super::{Intake, OFFICE, PARENT, Place, TODAY, tip};
use crate::support::postgres::fresh_database;
use crate::support::script;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::clock::Day;
use mifeng_opening::Identity;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Status};
use mifeng_sealing::{Recipient, SIZE_CLASSES, SMALLEST_CLASS_BYTES};
use sealing::{Sealing, seal_to, send};
use serde_json::{Value, json};

#[tokio::test]
async fn a_sealed_tip_is_a_tip_like_any_other() {
    like_any_other(Intake::unlimited().await).await;
}

#[tokio::test]
async fn so_it_is_over_postgresql() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.store_url = Some(fresh_database().await);
    like_any_other(Intake::on(place, config).await).await;
}

async fn like_any_other(intake: Intake) {
    let (anonymous, triage) = (intake.anonymous(), intake.triage());
    let reporter = Sealing::at(&intake.place);
    let words = tip("gifts", "收了购物卡\r\n还有红包 \u{1f9e7}");
    let request = reporter.request(&words);
    let answer = send(&anonymous, &request).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json(), json!({"received_day": TODAY}));

    let opened = triage.only_tip().await;
    assert_eq!(opened.text, "收了购物卡\n还有红包 \u{1f9e7}");
    assert_eq!(
        (opened.school.as_str(), opened.subject.as_str()),
        ("第三小学", "李老师")
    );
    assert_eq!(opened.received_day.to_string(), TODAY);

    let today: Day = TODAY.parse().expect("a day");
    let mut message = MailboxMessage::new(1, today, MessageKind::Message, Status::Accepted);
    "正在核实".clone_into(&mut message.text);
    assert_eq!(triage.answers(&opened, 1, &message).await.stored.len(), 1);
    let picked_up = anonymous
        .api("pickups", &json!({"pickup_code": reporter.code.digits()}))
        .await;
    assert_eq!(picked_up.json()["messages"][0]["text"], "正在核实");
    let body = json!({"pickup_code": reporter.code.digits(), "text": "还有"});
    assert_eq!(anonymous.api("pickups/replies", &body).await.status, 201);

    // Sent again, as it was and sealed anew: one tip. Changed, under the same code: refused.
    for again in [&request, &reporter.request(&words)] {
        let answer = send(&anonymous, again).await;
        assert_eq!(
            (answer.status, answer.json()),
            (201, json!({"received_day": TODAY}))
        );
    }
    let other = send(&anonymous, &reporter.request(&tip("gifts", "别的事"))).await;
    assert_eq!(other.status, 409);
    assert_eq!(other.json()["type"], "urn:mifeng:problem-code-used");
    let tips = triage.list("held").await;
    assert_eq!(tips.len(), 2, "the tip and the addition");
    intake.stop().await;
}

#[tokio::test]
async fn the_same_tip_both_ways_under_one_code_is_one_tip() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = Sealing::at(&intake.place);
    let sealed = send(
        &anonymous,
        &reporter.request(&tip("gifts", "收了\r\n购物卡")),
    )
    .await;
    assert_eq!(sealed.status, 201, "{}", sealed.text);
    let fields = [
        ("code", reporter.code.digits()),
        ("category", "gifts"),
        ("school", "第三小学"),
        ("subject", "李老师"),
        ("when", "上周六"),
        ("text", "收了\r\n购物卡"),
    ];
    let plain = anonymous.form("/qingxi/zh-Hans/write", &fields).await;
    assert_eq!(plain.status, 200, "{}", plain.text);
    assert_eq!(intake.triage().list("held").await.len(), 1);
    intake.stop().await;
}

#[tokio::test]
async fn about_the_office_the_page_seals_to_the_parent_only() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = Sealing::at(&intake.place);
    let request = reporter.request(&tip("office-staff", "局里的人收钱"));
    assert_eq!(request["addressee"], PARENT);
    assert_eq!(send(&anonymous, &request).await.status, 201);
    assert!(intake.triage().list("held").await.is_empty());
    let parent = intake.triage_of(PARENT);
    assert_eq!(parent.only_tip().await.text, "局里的人收钱");
    let file = BASE64_STANDARD.decode(request["ciphertext"].as_str().expect("a text"));
    let file = file.expect("base64");
    assert!(intake.place.office.open(&file).is_err());
    intake.stop().await;
}

#[tokio::test]
async fn both_ways_are_alike_in_size() {
    let intake = Intake::unlimited().await;
    let (anonymous, triage) = (intake.anonymous(), intake.triage());
    let lengths = [1, 400, 700, 2_000, 10_000, 30_000, 100_000];
    let texts = lengths.map(|length| "长".repeat(length));
    let reporters: Vec<Sealing<'_>> = texts.iter().map(|_| Sealing::at(&intake.place)).collect();
    let tasks: Vec<Value> = texts
        .iter()
        .zip(&reporters)
        .map(|(text, reporter)| reporter.task(&tip("tutoring", text)))
        .collect();
    let requests = script::seal(&json!(tasks));
    let mut classes = Vec::new();
    for (text, request) in texts.iter().zip(requests) {
        let of_browser = size_of_next(&triage, async {
            assert_eq!(request.len() % 1024, 0, "the request itself is padded");
            let path = format!("/api/v1/offices/{OFFICE}/sealed-tips");
            let answer = anonymous.post(&path, "application/json", request).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
        })
        .await;
        let of_server = size_of_next(&triage, async {
            anonymous.tells(text).await;
        })
        .await;
        assert_eq!(of_browser, of_server, "{} characters", text.chars().count());
        classes.push(of_browser);
    }
    classes.dedup();
    assert!(classes.len() > 4, "{classes:?}");
    assert!(
        classes
            .iter()
            .all(|size| SIZE_CLASSES.map(|c| c as u64).contains(size))
    );
    intake.stop().await;
}

/// The size of the envelope that `sending` adds.
async fn size_of_next(
    triage: &super::triage::Triage<'_>,
    sending: impl Future<Output = ()>,
) -> u64 {
    sending.await;
    let entry = triage.list("waiting").await.remove(0);
    triage.acknowledge(&entry).await;
    entry.size_bytes
}

fn spliced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let end = 2048.min(file.len());
    let at = file[..end]
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .expect("it is in the header");
    let mut spliced = [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat();
    spliced.resize(file.len(), 0);
    spliced
}

fn bad_files(place: &Place) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let (office, parent) = (place.office.recipient(), place.parent.recipient());
    let good = seal_to(std::slice::from_ref(&office), b"{}");
    let mut cut = good.clone();
    cut.pop();
    let mut long = good.clone();
    long.push(0);
    let several = |count: usize| {
        let keys: Vec<Recipient> = (0..count).map(|_| parent.clone()).collect();
        seal_to(&[vec![office.clone()], keys].concat(), b"{}")
    };
    let scrypt = spliced(&good, "-> X25519 ", "-> scrypt ");
    let many = format!("age-encryption.org/v1\n{}", "-> X25519 x\n\n".repeat(300));
    let mut many = many.into_bytes();
    many.resize(SMALLEST_CLASS_BYTES, b'x');
    vec![
        ("empty", "size", Vec::new()),
        ("a byte short", "size", cut),
        ("a byte long", "size", long),
        ("between two classes", "size", vec![b'x'; 6144]),
        ("no age file", "header", vec![b'x'; SMALLEST_CLASS_BYTES]),
        ("one recipient too many", "recipients", several(1)),
        ("two too many", "recipients", several(2)),
        ("a passphrase", "header", scrypt),
        ("a thousand stanzas", "header", many),
        (
            "a share too short",
            "header",
            spliced(&good, "-> X25519 ", "-> X25519 AAAA "),
        ),
        (
            "another version",
            "header",
            spliced(&good, "age-encryption.org/v1", "age-encryption.org/v2"),
        ),
        (
            "a line too much",
            "header",
            spliced(
                &good,
                "age-encryption.org/v1\n",
                "age-encryption.org/v1\nx\n",
            ),
        ),
    ]
}

#[tokio::test]
async fn what_is_not_sealed_as_it_must_be_is_refused_in_both_languages() {
    let intake = Intake::unlimited().await;
    let mut anonymous = intake.anonymous();
    let reporter = Sealing::at(&intake.place);
    for (name, key, file) in bad_files(&intake.place) {
        let mut titles = Vec::new();
        for language in ["zh-CN", "en"] {
            anonymous.language = language;
            let answer = send(&anonymous, &reporter.request_with(&file)).await;
            assert_eq!(answer.status, 422, "{name}: {}", answer.text);
            let problem = answer.json();
            assert_eq!(
                problem["type"],
                format!("urn:mifeng:problem-sealed-{key}"),
                "{name}"
            );
            assert_eq!(problem["field"], "ciphertext", "{name}");
            titles.push(problem["title"].clone());
        }
        assert_ne!(titles[0], titles[1], "{name}");
    }
    assert!(intake.triage().list("held").await.is_empty());
    intake.stop().await;
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = Sealing::at(&intake.place);
    let sound = reporter.request_with(&seal_to(&[intake.place.office.recipient()], b"{}"));
    let with = |field: &str, value: Value| {
        let mut request = sound.clone();
        request[field] = value;
        request
    };
    for (name, status, key, request) in [
        (
            "addressee",
            422,
            "sealed-addressee",
            with("addressee", json!("nowhere")),
        ),
        ("lookup", 400, "malformed", with("lookup", json!("00"))),
        (
            "no hex",
            400,
            "malformed",
            with("lookup", json!("x".repeat(64))),
        ),
        ("tag", 400, "malformed", with("submission_tag", json!("00"))),
        ("base64", 400, "malformed", with("ciphertext", json!("%%%"))),
        ("a number", 400, "malformed", with("ciphertext", json!(7))),
        ("a code", 400, "malformed", with("pickup_code", json!("1"))),
        (
            "large",
            413,
            "too-large",
            with("ciphertext", json!("A".repeat(2 << 20))),
        ),
    ] {
        let answer = send(&anonymous, &request).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text);
        assert_eq!(
            answer.json()["type"],
            format!("urn:mifeng:problem-{key}"),
            "{name}"
        );
    }
    let elsewhere = "/api/v1/offices/nowhere/sealed-tips";
    let answer = anonymous
        .post(elsewhere, "application/json", sound.to_string())
        .await;
    assert_eq!(answer.status, 404);
    assert!(intake.triage().list("held").await.is_empty());
    assert_eq!(
        send(&anonymous, &sound).await.status,
        201,
        "the request was sound"
    );
    intake.stop().await;
}

/// Nobody can tell whom a stanza is for. What this intake cannot know, triage finds (`engine/poison.rs`).
#[tokio::test]
async fn what_cannot_be_told_from_a_tip_is_taken_and_opens_for_nobody_here() {
    let intake = Intake::unlimited().await;
    let (anonymous, triage) = (intake.anonymous(), intake.triage());
    let foreign = seal_to(&[Identity::generate().recipient()], b"{}");
    let mut forged = seal_to(&[intake.place.office.recipient()], b"{}");
    forged[3000] ^= 1;
    for file in [foreign, forged] {
        let reporter = Sealing::at(&intake.place);
        assert_eq!(
            send(&anonymous, &reporter.request_with(&file)).await.status,
            201
        );
        assert!(intake.place.office.open(&file).is_err());
    }
    assert_eq!(triage.list("waiting").await.len(), 2);
    intake.stop().await;
}

#[tokio::test]
async fn the_manifest_is_there_to_be_checked() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let answer = anonymous
        .get(&format!("/api/v1/offices/{OFFICE}/manifest"))
        .await;
    assert_eq!(answer.status, 200);
    let file = std::fs::read_to_string(intake.place.folder.path().join("office.manifest"));
    assert_eq!(answer.text, file.expect("the manifest"));
    assert_eq!(
        anonymous
            .get("/api/v1/offices/nowhere/manifest")
            .await
            .status,
        404
    );
    intake.stop().await;
}
