//! Coming back by the lookup alone, as the page's own script does: one answer for every mailbox, and what is said sealed,
//! looked at without being opened, and stored once.

use super::coming_back::said_to;
use super::{Anonymous, Answer, Intake, OFFICE, PARENT, Place, TODAY, tip};
use crate::support::postgres::fresh_database;
use crate::support::script;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::api::SEALED_PICKUP_CLASS_BYTES;
use mifeng_intake::mailbox::read_mailbox;
use mifeng_opening::Identity;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Said, Status};
use mifeng_sealing::{
    MailboxSecrets, PickupCode, Recipient, SIZE_CLASSES, seal_bytes, sign_manifest,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn today() -> Day {
    TODAY.parse().expect("a day")
}

fn message(sequence: u32, text: &str) -> MailboxMessage {
    let mut message =
        MailboxMessage::new(sequence, today(), MessageKind::Message, Status::Accepted);
    text.clone_into(&mut message.text);
    message
}

/// Someone whose page derives everything from the code and keeps it.
struct Reader<'a> {
    from: &'a Anonymous,
    place: &'a Place,
    code: PickupCode,
}

impl<'a> Reader<'a> {
    fn with(from: &'a Anonymous, place: &'a Place, digits: &str) -> Self {
        let code = PickupCode::parse(digits).expect("a code");
        Self { from, place, code }
    }

    fn secrets(&self) -> MailboxSecrets {
        MailboxSecrets::derive(&self.code, OFFICE)
    }

    /// The lookup, as only the page's script gives it out.
    fn lookup(&self) -> String {
        let request = self.request(&json!({"kind": "read", "messages": 0}), OFFICE);
        request["lookup"].as_str().expect("hex").to_owned()
    }

    async fn looks(&self, lookup: &str) -> Answer {
        self.from
            .api("sealed-pickups", &json!({"lookup": lookup}))
            .await
    }

    /// What the page would send to say `said`.
    fn request(&self, said: &Value, addressee: &str) -> Value {
        let manifest = sign_manifest(&self.place.body(), &self.place.signing);
        let task = json!({
            "manifest": manifest.expect("a good manifest"),
            "key": self.place.signing.public().to_string(),
            "today": TODAY,
            "code": self.code.digits(),
            "said": said,
            "addressee": addressee,
        });
        let request = script::seal(&json!([task])).remove(0);
        serde_json::from_str(&request).expect("JSON")
    }

    async fn sends(&self, request: &Value) -> Answer {
        self.from.api("sealed-pickups/replies", request).await
    }
}

#[tokio::test]
async fn what_is_said_sealed_arrives_once() {
    arrives_once(Intake::unlimited().await).await;
}

#[tokio::test]
async fn so_it_does_over_postgresql() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.store_url = Some(fresh_database().await);
    arrives_once(Intake::on(place, config).await).await;
}

async fn arrives_once(intake: Intake) {
    let anonymous = intake.anonymous();
    let code = anonymous.tells("周末在家里补课").await.code;
    let triage = intake.triage();
    let tip = triage.only_tip().await;
    let told = [message(1, "请问在几号？"), message(2, "还有谁？")];
    for (id, message) in (1..).zip(&told) {
        assert_eq!(triage.answers(&tip, id, message).await.stored.len(), 1);
    }
    let reader = Reader::with(&anonymous, &intake.place, &code);
    let answer = reader.looks(&reader.lookup()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(
        (&answer["known"], &answer["addressee"]),
        (&json!(true), &json!(OFFICE))
    );
    assert_eq!(answer["today"], TODAY);
    let sealed: Vec<Vec<u8>> = answer["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| {
            BASE64_STANDARD
                .decode(it.as_str().expect("text"))
                .expect("base64")
        })
        .collect();
    let opened = read_mailbox(&reader.secrets(), &sealed, today());
    let texts: Vec<_> = opened.messages.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["请问在几号？", "还有谁？"]);

    let words = "收据 \"我有\" \u{1f9e7}\n第二行 <>&\u{2028}\\";
    for kind in ["addition", "objection"] {
        let request = reader.request(&json!({"kind": kind, "text": words}), OFFICE);
        for again in [
            &request,
            &reader.request(&json!({"kind": kind, "text": words}), OFFICE),
        ] {
            let answer = reader.sends(again).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            assert_eq!(answer.json(), json!({"received_day": TODAY}));
        }
        // And the other way, in the clear: it is there already.
        let plain = json!({"pickup_code": code, "said": {"kind": kind, "text": words}});
        assert_eq!(anonymous.api("pickups/replies", &plain).await.status, 201);
    }
    let aftercare = json!({"kind": "aftercare", "after_days": 30, "stopped": "partly", "treated_badly": true, "text": ""});
    for said in [&aftercare, &json!({"kind": "read", "messages": 2})] {
        assert_eq!(
            reader.sends(&reader.request(said, OFFICE)).await.status,
            201
        );
        let plain = json!({"pickup_code": code, "said": said});
        assert_eq!(anonymous.api("pickups/replies", &plain).await.status, 201);
    }
    assert_eq!(said_to(&intake, OFFICE).await.len(), 4);

    let farewell = reader.request(&json!({"kind": "farewell"}), OFFICE);
    assert_eq!(farewell["farewell"], true);
    assert_eq!(reader.sends(&farewell).await.status, 201);
    let gone = reader.looks(&reader.lookup()).await.json();
    assert_eq!(
        (&gone["known"], &gone["messages"]),
        (&json!(false), &json!([]))
    );
    assert_eq!(reader.sends(&farewell).await.status, 404);
    assert!(said_to(&intake, OFFICE).await.contains(&Said::Farewell));
    intake.stop().await;
}

#[tokio::test]
async fn what_is_not_sealed_to_the_readers_of_the_mailbox_is_refused() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let code = anonymous
        .tells_about("office-staff", "局里的人收钱")
        .await
        .code;
    let reader = Reader::with(&anonymous, &intake.place, &code);
    let known = reader.looks(&reader.lookup()).await.json();
    assert_eq!(known["addressee"], PARENT);
    let good = reader.request(&json!({"kind": "addition", "text": "还有"}), PARENT);
    let with = |field: &str, value: Value| {
        let mut request = good.clone();
        request[field] = value;
        request
    };
    let sealed = |recipients: &[Recipient]| {
        let file = seal_bytes(b"{}", recipients)
            .expect("recipients")
            .into_bytes();
        json!(BASE64_STANDARD.encode(file))
    };
    let own = intake.place.parent.recipient();
    let other = Identity::generate().recipient();
    let short = vec![b'a'; SIZE_CLASSES[0] - 1];
    for (request, status) in [
        (with("ciphertext", sealed(&[own.clone(), other])), 422),
        (
            with("ciphertext", json!(BASE64_STANDARD.encode(&short))),
            422,
        ),
        (
            with(
                "ciphertext",
                json!(BASE64_STANDARD.encode(vec![b'a'; SIZE_CLASSES[0]])),
            ),
            422,
        ),
        (with("ciphertext", json!("not base64")), 400),
        (with("lookup", json!("00")), 400),
        (with("lookup", json!("00".repeat(32))), 404),
        (with("submission_tag", json!("")), 400),
        (with("attachments", json!(["00".repeat(16)])), 409),
        (with("attachments", json!(["x"])), 400),
        (with("more", json!(1)), 400),
    ] {
        let answer = reader.sends(&request).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    assert!(said_to(&intake, PARENT).await.is_empty());
    let answer = reader.sends(&with("ciphertext", sealed(&[own]))).await;
    assert_eq!(answer.status, 201, "as far as can be told without opening");
    let bad = anonymous
        .api("sealed-pickups", &json!({"pickup_code": code}))
        .await;
    assert_eq!(bad.status, 400);
    intake.stop().await;
}

/// Two thousand answers for lookups known and unknown, mailboxes empty and full.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_answers_are_alike_to_the_last_header() {
    const EACH: usize = 500;
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let full = anonymous.tells("补课").await.code;
    let triage = intake.triage();
    let tip = triage.only_tip().await;
    for id in 1..=8 {
        let answered = triage
            .answers(&tip, id, &message(id.into(), "请再说说。"))
            .await;
        assert_eq!(answered.stored.len(), 1);
    }
    let empty = anonymous.tells("别的事").await.code;
    let unknown = PickupCode::generate(&SystemEntropy).digits().to_owned();
    let nowhere = PickupCode::generate(&SystemEntropy).digits().to_owned();
    let mut seen = BTreeSet::new();
    for code in [&full, &empty, &unknown, &nowhere] {
        let reader = Reader::with(&anonymous, &intake.place, code);
        let lookup = reader.lookup();
        for _ in 0..EACH {
            let answer = reader.looks(&lookup).await;
            let headers: BTreeSet<_> = answer.headers.keys().map(ToString::to_string).collect();
            seen.insert((answer.status, answer.text.len(), headers));
        }
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    let (status, length, _) = seen.first().expect("one");
    assert_eq!((*status, *length), (200, SEALED_PICKUP_CLASS_BYTES));
    intake.stop().await;
}

#[tokio::test]
async fn the_parts_of_the_page_are_the_same_for_everyone_and_hold_no_secret() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let path = format!("/{OFFICE}/{language}/check/parts");
        let (one, other) = (anonymous.get(&path).await, anonymous.get(&path).await);
        assert_eq!((one.status, &one.text), (200, &other.text));
        assert!(!one.text.contains("pickup_code"), "{}", one.text);
        assert!(one.text.contains("id=\"status-view\""));
    }
    let body = tip("gifts", "w");
    assert_eq!(anonymous.api("tips", &body).await.status, 201);
    intake.stop().await;
}
