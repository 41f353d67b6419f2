//! Nothing that anybody posts, sealed or not, keeps the next tip from being routed.

use crate::engine::{arrived, cases, office, sample_tips};
use crate::sealing::vectors;
use crate::staff::Office as WholeOffice;
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_opening::Identity;
use mifeng_sealing::{EnvelopeKind, seal_bytes};
use mifeng_triage::ingest::{Arrived, Ingested, ingest};
use mifeng_triage::model::QuarantineReason;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::time::Duration;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..ProptestConfig::default()
    }
}

/// Any JSON, some of it large or deep.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|it| json!(it)),
        any::<i64>().prop_map(|it| json!(it)),
        any::<f64>().prop_map(|it| json!(it)),
        "\\PC{0,40}".prop_map(|it| json!(it)),
        any::<String>().prop_map(|it| json!(it)),
        "[0-9a-f]{64}".prop_map(|it| json!(it)),
        (1..120_000_usize).prop_map(|length| json!("长".repeat(length))),
        (1..120_000_usize).prop_map(|length| json!("a\u{301}\u{200d}".repeat(length / 3))),
        Just(json!("9999-12-31")),
        Just(json!("-009999-01-01")),
        Just(json!(u64::MAX)),
    ];
    leaf.prop_recursive(6, 200, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::Array),
            prop::collection::btree_map("\\PC{0,8}", inner, 0..20)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A sound document of which some fields are anything.
fn documents(name: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let sound: Value = serde_json::from_str(&vectors::text(name)).expect("a document");
    let mut places = Vec::new();
    places_in(&sound, String::new(), &mut places);
    let change = (0..places.len(), values());
    prop::collection::vec(change, 1..3).prop_map(move |changes| {
        let mut document = sound.clone();
        if let Some(digest) = document.pointer_mut("/mailbox/lookup_digest") {
            let fresh: [u8; 32] = random_bytes(&SystemEntropy);
            *digest = hex::encode(fresh).into();
        }
        for (at, value) in changes {
            if let Some(place) = document.pointer_mut(&places[at]) {
                *place = value;
            }
        }
        document.to_string().into_bytes()
    })
}

fn places_in(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                places_in(value, format!("{at}/{key}"), places);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places_in(value, format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(at);
}

/// What lies in an envelope, before it is sealed or in place of a sealed one.
#[derive(Clone, Debug)]
enum Inside {
    /// This, sealed as it must be.
    Sealed(Vec<u8>),
    /// These bytes in place of a sealed file.
    Raw(Vec<u8>),
    /// A sealed tip with a bit turned, or cut short there.
    Turned(usize, u8),
    Cut(usize),
}

fn insides() -> impl Strategy<Value = Inside> {
    prop_oneof![
        3 => documents("tip.json").prop_map(Inside::Sealed),
        3 => documents("tip-with-attachment.json").prop_map(Inside::Sealed),
        2 => documents("reply.json").prop_map(Inside::Sealed),
        2 => documents("reply-2.json").prop_map(Inside::Sealed),
        1 => values().prop_map(|it| Inside::Sealed(it.to_string().into_bytes())),
        1 => any::<Vec<u8>>().prop_map(Inside::Sealed),
        1 => (0..100_000_usize).prop_map(|depth| Inside::Sealed(vec![b'['; depth])),
        1 => any::<Vec<u8>>().prop_map(Inside::Raw),
        1 => "age-encryption.org/v1\n-> X25519 \\PC{0,60}\n".prop_map(|it| Inside::Raw(it.into_bytes())),
        2 => (0..4096_usize, 0..8_u8).prop_map(|(at, bit)| Inside::Turned(at, bit)),
        1 => (0..4096_usize).prop_map(Inside::Cut),
    ]
}

fn sealed(inside: &Inside, key: &Identity, sound: &Arrived) -> Option<Vec<u8>> {
    Some(match inside {
        Inside::Sealed(document) => seal_bytes(document, &[key.recipient()]).ok()?.into_bytes(),
        Inside::Raw(bytes) => bytes.clone(),
        Inside::Turned(at, bit) => {
            let mut file = sound.ciphertext.clone();
            *file.get_mut(*at)? ^= 1 << bit;
            file
        }
        Inside::Cut(at) => sound.ciphertext.get(..*at)?.to_vec(),
    })
}

#[test]
fn no_envelope_keeps_the_next_tip_from_being_routed() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let key = Identity::generate();
    let office = runtime.block_on(async { office(&key, cases(&url).await).await });
    let tips = std::cell::RefCell::new(Vec::new());
    let next_tip = || {
        let mut tips = tips.borrow_mut();
        if tips.is_empty() {
            *tips = sample_tips(&key);
        }
        tips.pop().expect("some").2
    };
    let several = prop::collection::vec((insides(), any::<bool>()), 1..6);
    let run = TestRunner::new(config(40)).run(&several, |insides| {
        for (inside, is_tip) in insides {
            let kind = if is_tip {
                EnvelopeKind::Tip
            } else {
                EnvelopeKind::Reply
            };
            let Some(file) = sealed(&inside, &key, &next_tip()) else {
                continue;
            };
            let hostile = arrived(kind, file);
            let taken = runtime.block_on(async {
                tokio::time::timeout(Duration::from_secs(20), ingest(&office, &hostile)).await
            });
            prop_assert!(matches!(taken, Ok(Ok(_))), "{taken:?}");
            if let Ok(Ok(Ingested::Quarantined(reason))) = taken {
                prop_assert_ne!(
                    reason,
                    QuarantineReason::Failed,
                    "nothing is left to the last resort"
                );
            }
        }
        let next = next_tip();
        let routed = runtime.block_on(async {
            tokio::time::timeout(Duration::from_secs(20), ingest(&office, &next)).await
        });
        prop_assert!(matches!(routed, Ok(Ok(Ingested::Case(_)))), "{routed:?}");
        Ok(())
    });
    run.expect("every time");
}

/// Every door that anybody may post to.
const DOORS: [&str; 12] = [
    "/api/v1/offices/qingxi/tips",
    "/api/v1/offices/qingxi/sealed-tips",
    "/api/v1/offices/qingxi/pickups",
    "/api/v1/offices/qingxi/pickups/replies",
    "/api/v1/offices/qingxi/sealed-pickups",
    "/api/v1/offices/qingxi/sealed-pickups/replies",
    "/api/v1/offices/qingxi/attachments",
    "/api/v1/offices/qingxi/attachments/cleaned?name=a.jpg",
    "/qingxi/en/write",
    "/qingxi/en/check",
    "/qingxi/en/check/reply",
    "/qingxi/zh-Hans/check/forget",
];

const TYPES: [&str; 7] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/octet-stream",
    "text/plain",
    "\u{7f}/",
];

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let file = |name: &'static str| Just(vectors::bytes(name));
    let sealed = prop_oneof![file("tip.age"), file("reply.age"), file("attachment.age")];
    let part =
        "--x\r\nContent-Disposition: form-data; name=\"\\PC{0,9}\"; filename=\"\\PC{0,9}\"\r\n\r\n";
    prop_oneof![
        any::<Vec<u8>>(),
        values().prop_map(|it| it.to_string().into_bytes()),
        documents("tip.json"),
        documents("reply.json"),
        "([a-z_]{1,9}=[%0-9a-zA-Z+]{0,40}&){0,9}".prop_map(String::into_bytes),
        (part, any::<Vec<u8>>()).prop_map(|(head, rest)| [head.into_bytes(), rest].concat()),
        sealed.clone(),
        (sealed, any::<(usize, u8)>()).prop_map(|(mut file, (at, byte))| {
            let at = at % file.len();
            file[at] = byte;
            file
        }),
    ]
}

#[test]
fn no_bytes_at_any_door_keep_the_next_tip_from_being_routed() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let office = runtime.block_on(WholeOffice::start());
    let url = office.intake_url();
    let client = reqwest::Client::new();
    let posts = prop::collection::vec((0..DOORS.len(), 0..TYPES.len(), bodies()), 30);
    let count = std::cell::Cell::new(0);
    let run = TestRunner::new(config(6)).run(&posts, |posts| {
        runtime.block_on(async {
            for (door, content_type, body) in posts {
                let request = client.post(format!("{url}{}", DOORS[door]));
                let request = request.header("content-type", TYPES[content_type].as_bytes());
                // What is no header is not sent.
                let Ok(request) = request.body(body).build() else {
                    continue;
                };
                let answer = client.execute(request).await.expect("an answer");
                let status = answer.status().as_u16();
                assert_ne!(status, 500, "{}", DOORS[door]);
            }
            count.set(count.get() + 1);
            let text = format!("周末在校外补课，第{}次", count.get());
            office.case_about("青溪县第一中学", &text).await;
        });
        Ok(())
    });
    run.expect("every time");
    runtime.block_on(office.stop());
}
