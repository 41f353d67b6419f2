//! A lying intake: an honest one of which each answer is altered in every way that a generator finds, and what comes of it.

use crate::engine::{cases, office, sample_tips};
use actix_web::dev::ServerHandle;
use actix_web::http::header::LOCATION;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures_util::stream;
use mifeng_opening::Identity;
use mifeng_sealing::ContentHash;
use mifeng_sealing::relay::{
    ACKNOWLEDGE_PATH, FETCH_PATH, LIST_PATH, ListState, MESSAGES_PATH, RELEASE_PATH,
};
use mifeng_triage::ingest::{Arrived, PullError, Relay};
use mifeng_triage::office::Office;
use mifeng_triage::relay_client::relay_client;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use parking_lot::Mutex;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// What a triage may take, whatever it is fed with, in MB.
const MEMORY_MAX_MB: u64 = 256;

/// How an honest answer is altered.
#[derive(Clone, Debug)]
enum Violation {
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
    envelopes: Vec<(Arrived, bool)>,
    /// The path whose answers are altered, and how.
    violation: Option<(&'static str, Violation)>,
    /// How often that was done.
    told: usize,
    /// Where whoever is sent elsewhere would come.
    elsewhere: usize,
}

impl State {
    /// An envelope comes, and waits for triage.
    pub(crate) fn adds(&mut self, envelope: Arrived) {
        self.envelopes.push((envelope, false));
        self.envelopes.sort_by_key(|(envelope, _)| envelope.id);
    }
}

#[derive(Clone, Default)]
struct HostileIntake(Arc<Mutex<State>>);

const ELSEWHERE: &str = "/elsewhere";

impl HostileIntake {
    fn listen(&self) -> (String, ServerHandle) {
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

    fn adds(&self, envelope: Arrived) {
        self.0.lock().adds(envelope);
    }

    fn violations(&self, path: &'static str, violation: Violation) {
        let mut state = self.0.lock();
        state.violation = Some((path, violation));
        state.told = 0;
    }

    /// Tells the truth again; how often it did not.
    fn repents(&self) -> usize {
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

fn violations() -> impl Strategy<Value = (&'static str, Violation)> {
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

/// The highest that this process's memory ever was, in MB.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    number.expect("a number") / 1024
}

struct Scene {
    hostile: HostileIntake,
    relay: Relay,
    office: Arc<Office>,
    store: Arc<dyn TriageStore>,
    key: Identity,
    tips: Vec<Arrived>,
    opened: usize,
}

impl Scene {
    fn next_tip(&mut self) -> Arrived {
        if self.tips.is_empty() {
            self.tips = sample_tips(&self.key)
                .into_iter()
                .map(|one| one.2)
                .collect();
        }
        self.tips.pop().expect("some")
    }

    async fn cases(&self) -> usize {
        self.store.case_count().await.expect("counted")
    }

    /// One lie, and then the truth: what was to be taken in is taken in once, and nothing else is.
    async fn survives(&mut self, path: &'static str, violation: Violation) {
        for _ in 0..3 {
            let tip = self.next_tip();
            self.hostile.adds(tip);
        }
        self.hostile.violations(path, violation);
        let round = self.relay.exchange(&self.office, ListState::Waiting);
        let round = tokio::time::timeout(Duration::from_secs(20), round);
        let lied = round.await.expect("it ends");
        assert!(!matches!(lied, Err(PullError::Office(_))), "{lied:?}");
        self.hostile.repents();
        let round = self.relay.exchange(&self.office, ListState::Waiting);
        let round = tokio::time::timeout(Duration::from_secs(20), round);
        round.await.expect("it ends").expect("the truth");
        self.opened += 3;
        assert_eq!(self.cases().await, self.opened, "each once");
    }
}

async fn scene(folder: &std::path::Path) -> Scene {
    let url = format!("sqlite:{}", folder.join("t.sqlite").display());
    let key = Identity::generate();
    let hostile = HostileIntake::default();
    let (address, _) = hostile.listen();
    let client = relay_client().build().expect("a client");
    Scene {
        relay: Relay::new(client, address, false),
        office: office(&key, cases(&url).await).await,
        store: cases(&url).await,
        hostile,
        key,
        tips: Vec::new(),
        opened: 0,
    }
}

#[test]
fn whatever_intake_answers_triage_goes_on() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let scene = runtime.block_on(scene(folder.path()));
    let scene = std::cell::RefCell::new(scene);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 120,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    });
    let survived = runner.run(&violations(), |(path, violation)| {
        runtime.block_on(scene.borrow_mut().survives(path, violation));
        Ok(())
    });
    survived.expect("every lie");
    let scene = scene.into_inner();
    assert_eq!(scene.hostile.0.lock().elsewhere, 0, "nobody else was asked");
    let refused = views::refused_of_intake(&scene.office);
    assert!(refused > 20, "{refused}");
    let peak = peak_mb();
    assert!(peak < MEMORY_MAX_MB, "{peak} MB");
}

/// Each of these is refused and told, whatever the generator drew.
#[tokio::test]
async fn each_known_lie_is_refused_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut scene = scene(folder.path()).await;
    let violations = [
        (LIST_PATH, Violation::Endless),
        (FETCH_PATH, Violation::Endless),
        (LIST_PATH, Violation::SaidLong(1 << 40)),
        (
            LIST_PATH,
            Violation::Other("/envelopes/0/received_day", json!("2999-01-01")),
        ),
        (
            LIST_PATH,
            Violation::Other("/envelopes/0/received_day", json!("1970-01-01")),
        ),
        (
            LIST_PATH,
            Violation::Other("/envelopes/0/size_bytes", json!(-1)),
        ),
        (
            LIST_PATH,
            Violation::Other("/envelopes/0/size_bytes", json!(5000)),
        ),
        (
            LIST_PATH,
            Violation::Other("/envelopes/0/id", json!("FF".repeat(16))),
        ),
        (LIST_PATH, Violation::Often("/envelopes", 60)),
        (LIST_PATH, Violation::Back("/envelopes")),
        (LIST_PATH, Violation::Again),
        (
            FETCH_PATH,
            Violation::Other("/envelopes/0/id", json!("0".repeat(32))),
        ),
        (FETCH_PATH, Violation::Often("/envelopes", 60)),
        (
            FETCH_PATH,
            Violation::Other("/envelopes/0/ciphertext", json!("AAAA")),
        ),
        (ACKNOWLEDGE_PATH, Violation::Other("/changed", json!(-1))),
        (
            ACKNOWLEDGE_PATH,
            Violation::Other("/changed", json!(u64::MAX)),
        ),
        (
            MESSAGES_PATH,
            Violation::Other("/stored/0", json!("0".repeat(32))),
        ),
    ];
    for (path, violation) in violations {
        let before = views::refused_of_intake(&scene.office);
        let said = format!("{path} {violation:?}");
        scene.survives(path, violation).await;
        let after = views::refused_of_intake(&scene.office);
        // What lists the same page again ends it there.
        assert!(after > before || said.contains("Again"), "{said}");
    }
}
