//! An intake that says what cannot be.

use actix_web::dev::ServerHandle;
use actix_web::http::header::LOCATION;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::stream;
use mifeng_sealing::ContentHash;
use mifeng_sealing::relay::{ACKNOWLEDGE_PATH, FETCH_PATH, LIST_PATH, MESSAGES_PATH, RELEASE_PATH};
use mifeng_triage::ingest::Arrived;
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// How an honest answer is altered.
#[derive(Clone, Debug)]
pub(super) enum Violation {
    /// It never ends.
    Endless,
    /// It is said to be so long.
    SaidLong(u64),
    /// It is something else.
    Instead(String),
    /// It sends somewhere else.
    Elsewhere,
    /// The first value at this place is another.
    Other(&'static str, Value),
    /// The list at this place has itself so many times.
    Often(&'static str, usize),
    /// The list at this place is turned round.
    Back(&'static str),
    /// The first element of the list is all there is, for ever.
    Again,
}

#[derive(Default)]
pub(crate) struct State {
    /// Envelopes by id, and whether triage has them.
    pub(super) envelopes: Vec<(Arrived, bool)>,
    /// The path whose answers are altered, and how.
    pub(super) violation: Option<(&'static str, Violation)>,
    /// How often that was done.
    pub(super) told: usize,
    /// Where whoever is sent elsewhere would come.
    pub(super) elsewhere: usize,
}

impl State {
    /// An envelope comes, and waits for triage.
    pub(crate) fn adds(&mut self, envelope: Arrived) {
        self.envelopes.push((envelope, false));
        self.envelopes.sort_by_key(|(envelope, _)| envelope.id);
    }
}

#[derive(Clone, Default)]
pub(super) struct HostileIntake(pub(super) Arc<Mutex<State>>);

const ELSEWHERE: &str = "/elsewhere";

impl HostileIntake {
    pub(super) fn listen(&self) -> (String, ServerHandle) {
        let state = Data::new(self.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(state.clone())
                .app_data(web::PayloadConfig::new(1 << 26))
                .default_service(web::route().to(answer))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .expect("a port");
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        (url, handle)
    }

    pub(super) fn adds(&self, envelope: Arrived) {
        self.0.lock().adds(envelope);
    }

    pub(super) fn violations(&self, path: &'static str, violation: Violation) {
        let mut state = self.0.lock();
        state.violation = Some((path, violation));
        state.told = 0;
    }

    /// Tells the truth again; how often it did not.
    pub(super) fn repents(&self) -> usize {
        let mut state = self.0.lock();
        state.violation = None;
        state.told
    }
}

async fn answer(request: HttpRequest, body: Bytes, hostile: Data<HostileIntake>) -> HttpResponse {
    let mut state = hostile.0.lock();
    let path = request.path().to_owned();
    if path == ELSEWHERE {
        state.elsewhere += 1;
    }
    let honest = honest(&mut state, &path, request.query_string(), &body);
    let violation = state.violation.clone().filter(|(of, _)| *of == path);
    match violation {
        None => HttpResponse::Ok().json(honest),
        Some((_, violation)) => {
            state.told += 1;
            altered(honest, &violation)
        }
    }
}

pub(crate) fn honest(state: &mut State, path: &str, query: &str, body: &[u8]) -> Value {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let count = |key: &str| asked[key].as_array().map_or(0, Vec::len);
    match path {
        LIST_PATH => {
            let after = query.rsplit_once("after=").map_or("", |(_, after)| after);
            let waits = state
                .envelopes
                .iter()
                .filter(|(one, done)| !done && hex::encode(one.id).as_str() > after);
            let listed: Vec<Value> = waits.take(64).map(|(one, _)| entry(one)).collect();
            json!({"envelopes": listed, "more": false})
        }
        FETCH_PATH => {
            let ids = asked["ids"].as_array().cloned().unwrap_or_default();
            let found = state
                .envelopes
                .iter()
                .filter(|(one, _)| ids.iter().any(|id| *id == json!(hex::encode(one.id))));
            let found: Vec<Value> = found
                .map(|(one, _)| {
                    use base64::Engine as _;
                    let ciphertext = base64::prelude::BASE64_STANDARD.encode(&one.ciphertext);
                    json!({"id": hex::encode(one.id), "ciphertext": ciphertext})
                })
                .collect();
            json!({"envelopes": found})
        }
        ACKNOWLEDGE_PATH => {
            let refs = asked["envelopes"].as_array().cloned().unwrap_or_default();
            for (one, done) in &mut state.envelopes {
                *done |= refs
                    .iter()
                    .any(|one_ref| one_ref["id"] == json!(hex::encode(one.id)));
            }
            json!({"changed": refs.len()})
        }
        MESSAGES_PATH => {
            let ids: Vec<Value> = asked["messages"]
                .as_array()
                .cloned()
                .unwrap_or_default()
                .iter()
                .map(|one| one["id"].clone())
                .collect();
            json!({"stored": ids, "no_mailbox": []})
        }
        _ => json!({"changed": count("envelopes")}),
    }
}

fn entry(one: &Arrived) -> Value {
    json!({"id": hex::encode(one.id), "kind": one.kind.code(),
           "content_sha256": ContentHash::of(&one.ciphertext).to_hex(),
           "size_bytes": one.ciphertext.len(), "received_day": one.received_day.to_string()})
}

fn altered(mut honest: Value, violation: &Violation) -> HttpResponse {
    let pieces = |most: u64| {
        let begun = Bytes::from_static(b"{\"envelopes\": [");
        let more = Bytes::from(vec![b' '; 64 * 1024]);
        let next = move |at: u64| {
            let piece = if at == 0 { begun.clone() } else { more.clone() };
            let piece = (at < most).then_some((Ok::<_, actix_web::Error>(piece), at + 1));
            std::future::ready(piece)
        };
        stream::unfold(0, next)
    };
    match violation {
        // As much as there is memory, and as much again.
        Violation::Endless => return HttpResponse::Ok().streaming(pieces(1 << 16)),
        Violation::SaidLong(bytes) => {
            return HttpResponse::Ok()
                .no_chunking(*bytes)
                .streaming(pieces(1 << 16));
        }
        Violation::Instead(text) => return HttpResponse::Ok().body(text.clone()),
        Violation::Elsewhere => {
            return HttpResponse::TemporaryRedirect()
                .insert_header((LOCATION, ELSEWHERE))
                .finish();
        }
        Violation::Other(place, value) => {
            if let Some(found) = honest.pointer_mut(place) {
                found.clone_from(value);
            }
        }
        Violation::Often(place, times) => {
            if let Some(list) = honest.pointer_mut(place).and_then(Value::as_array_mut) {
                let once = list.clone();
                list.extend(once.iter().cycle().take(once.len() * times).cloned());
            }
        }
        Violation::Back(place) => {
            if let Some(list) = honest.pointer_mut(place).and_then(Value::as_array_mut) {
                list.reverse();
            }
        }
        Violation::Again => honest["more"] = true.into(),
    }
    HttpResponse::Ok().json(honest)
}

/// Numbers that are none, or none that can be.
fn numbers() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(-1)),
        Just(json!(0)),
        Just(json!(1)),
        Just(json!(u64::MAX)),
        Just(json!(1e300)),
        Just(json!(null)),
        any::<i64>().prop_map(|number| json!(number)),
    ]
}

fn words() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("")),
        Just(json!("ff".repeat(16))),
        Just(json!("FF".repeat(32))),
        Just(json!("0".repeat(1 << 16))),
        "[0-9a-fA-F]{31,33}".prop_map(|word| json!(word)),
        "\\PC{0,20}".prop_map(|word| json!(word)),
        numbers(),
    ]
}

fn days() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("9999-12-31")),
        Just(json!("-009999-01-01")),
        Just(json!("1970-01-01")),
        Just(json!("2200-02-30")),
        (2000..9999_i32, 1..13_u8, 1..29_u8)
            .prop_map(|(year, month, day)| json!(format!("{year:04}-{month:02}-{day:02}"))),
        words(),
    ]
}

pub(super) fn violations() -> impl Strategy<Value = (&'static str, Violation)> {
    let paths = prop_oneof![
        3 => Just(LIST_PATH),
        3 => Just(FETCH_PATH),
        1 => Just(ACKNOWLEDGE_PATH),
        1 => Just(RELEASE_PATH),
        1 => Just(MESSAGES_PATH),
    ];
    let instead = prop_oneof![
        Just(String::new()),
        Just("[".repeat(100_000)),
        Just("{\"envelopes\":[".to_owned()),
        "\\PC{0,200}",
        any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ];
    let violation = prop_oneof![
        Just(Violation::Endless),
        (1_u64 << 20..u64::MAX).prop_map(Violation::SaidLong),
        instead.prop_map(Violation::Instead),
        Just(Violation::Elsewhere),
        days().prop_map(|day| Violation::Other("/envelopes/0/received_day", day)),
        words().prop_map(|word| Violation::Other("/envelopes/0/id", word)),
        words().prop_map(|word| Violation::Other("/envelopes/1/id", word)),
        words().prop_map(|word| Violation::Other("/envelopes/0/content_sha256", word)),
        words().prop_map(|word| Violation::Other("/envelopes/0/kind", word)),
        numbers().prop_map(|number| Violation::Other("/envelopes/0/size_bytes", number)),
        words().prop_map(|word| Violation::Other("/envelopes/0/ciphertext", word)),
        numbers().prop_map(|number| Violation::Other("/changed", number)),
        words().prop_map(|word| Violation::Other("/stored/0", word)),
        (1..3000_usize).prop_map(|times| Violation::Often("/envelopes", times)),
        (1..3000_usize).prop_map(|times| Violation::Often("/stored", times)),
        Just(Violation::Back("/envelopes")),
        Just(Violation::Again),
    ];
    (paths, violation)
}
