//! The order of arrival is forgotten a few rows at a time, whatever else is done meanwhile: everything that was stored is there
//! once, everybody is answered as if nothing moved, and what was moved tells nothing.

mod postgres_order;

use crate::support::postgres::fresh_database;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_foundation::storage::StoreUrl;
use mifeng_intake::store::{
    Appended, EnvelopeName, IntakeStore, NewEnvelope, NewMessage, NewSubmission, Submitted, open,
};
use mifeng_sealing::{ContentHash, LookupDigest, SubmissionTag};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ROOM: u64 = 1 << 40;

const OFFICE: &str = "qingxi";

/// As deploy/OPERATING.md says, "Order of arrival".
const PIECE_ROWS: usize = 512;

const PIECE_BYTES: i64 = 2 * 1024 * 1024;

/// Bytes in a tip; short ones stand in the row itself, long ones beside it.
const SHORT: usize = 300;

const LONG: usize = 5000;

type Store = Arc<dyn IntakeStore>;

fn some_envelope(bytes: usize) -> NewEnvelope {
    let mut ciphertext = vec![0; bytes];
    mifeng_foundation::entropy::Entropy::fill(&SystemEntropy, &mut ciphertext);
    NewEnvelope {
        id: random_bytes(&SystemEntropy),
        addressee: OFFICE.to_owned(),
        content_hash: ContentHash::of(&ciphertext),
        ciphertext,
        received_day: Day::new(2026, 11, 23).expect("a day"),
        attachments: Vec::new(),
    }
}

/// A tip that was stored, and what is known of its mailbox.
#[derive(Clone, Copy)]
struct Sent {
    name: EnvelopeName,
    mailbox: LookupDigest,
}

async fn send(store: &Store, bytes: usize) -> Sent {
    let envelope = some_envelope(bytes);
    let sent = Sent {
        name: (envelope.id, envelope.content_hash),
        mailbox: LookupDigest::from_bytes(random_bytes(&SystemEntropy)),
    };
    let submission = NewSubmission {
        envelope,
        office: OFFICE.to_owned(),
        lookup_digest: sent.mailbox,
        submission_tag: SubmissionTag::from_bytes([1; 32]),
    };
    let stored = store.submit(submission.clone()).await.expect("a store");
    assert_eq!(stored, Submitted::Stored);
    sent
}

async fn send_many(store: &Store, count: usize, bytes: usize) -> Vec<Sent> {
    let mut sent = Vec::new();
    while sent.len() < count {
        let some = (0..(count - sent.len()).min(50)).map(|_| send(store, bytes));
        sent.extend(futures_util::future::join_all(some).await);
    }
    sent
}

/// What is done while rows are moved.
#[derive(Clone, Debug)]
struct Meanwhile {
    backlog: usize,
    bytes: usize,
    senders: usize,
    /// Of ten tips of the backlog so many are fetched and released meanwhile.
    released: usize,
    /// Whether the mixing is broken off again and again, after so many milliseconds.
    broken_off_ms: Option<u64>,
    /// Machines that share the store.
    machines: usize,
}

fn meanwhile(machines: usize) -> impl Strategy<Value = Meanwhile> {
    let backlog = prop_oneof![0..3_usize, 510..515_usize, 1000..1600_usize];
    let broken_off = prop_oneof![Just(None), (1..60_u64).prop_map(Some)];
    let bytes = prop_oneof![Just(SHORT), Just(LONG)];
    (
        backlog,
        bytes,
        1..4_usize,
        0..=10_usize,
        broken_off,
        1..=machines,
    )
        .prop_map(
            |(backlog, bytes, senders, released, broken_off_ms, machines)| Meanwhile {
                backlog,
                bytes,
                senders,
                released,
                broken_off_ms,
                machines,
            },
        )
}

/// What must be there in the end.
#[derive(Default)]
struct Expected {
    envelopes: BTreeMap<[u8; 16], ContentHash>,
    stored: HashSet<[u8; 16]>,
    messages: HashMap<LookupDigest, usize>,
    gone: Vec<LookupDigest>,
}

impl Expected {
    fn arrived(&mut self, (id, content): EnvelopeName) {
        self.envelopes.insert(id, content);
    }

    fn join(&mut self, other: Self) {
        self.envelopes.extend(other.envelopes);
        self.stored.extend(other.stored);
        self.messages.extend(other.messages);
        self.gone.extend(other.gone);
    }

    async fn is_in(&self, store: &Store) {
        let mut listed = BTreeMap::new();
        let (mut after, mut waiting) = (None, 0);
        loop {
            let page = store.list(OFFICE, false, after, 500).await.expect("a list");
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for row in page {
                let twice = listed.insert(row.id, row.content_hash);
                assert!(twice.is_none(), "listed once");
                waiting += u64::from(!self.stored.contains(&row.id));
            }
        }
        assert_eq!(listed, self.envelopes);
        assert_eq!(store.waiting(OFFICE).await.expect("a count"), waiting);
        for (id, content) in &self.envelopes {
            let found = store.fetch(OFFICE, *id).await.expect("a store");
            assert_eq!(ContentHash::of(&found.expect("it is there")), *content);
        }
        for (mailbox, count) in &self.messages {
            let addressee = store.mailbox_addressee(OFFICE, *mailbox).await;
            assert_eq!(addressee.expect("a store").as_deref(), Some(OFFICE));
            let messages = store.messages(*mailbox).await.expect("a store");
            assert_eq!(messages.len(), *count);
        }
        for mailbox in &self.gone {
            let addressee = store.mailbox_addressee(OFFICE, *mailbox).await;
            assert_eq!(addressee.expect("a store"), None);
        }
    }
}

/// A tip comes, and everything happens to it that may, each step twice: the answers are those of a store in which nothing moves.
async fn a_life(store: &Store, bytes: usize, turn: usize) -> Expected {
    let mut expected = Expected::default();
    let sent = send(store, bytes).await;
    expected.arrived(sent.name);
    expected.messages.insert(sent.mailbox, 0);
    let mut again = NewSubmission {
        envelope: some_envelope(bytes),
        office: OFFICE.to_owned(),
        lookup_digest: sent.mailbox,
        submission_tag: SubmissionTag::from_bytes([1; 32]),
    };
    let repeated = store.submit(again.clone()).await.expect("a store");
    assert_eq!(repeated, Submitted::AlreadyStored);
    again.submission_tag = SubmissionTag::from_bytes([2; 32]);
    let other = store.submit(again).await.expect("a store");
    assert_eq!(other, Submitted::OtherContent);
    let addition = some_envelope(bytes);
    expected.arrived((addition.id, addition.content_hash));
    for stored in [Appended::Stored, Appended::AlreadyStored] {
        let added = store.append(OFFICE, sent.mailbox, addition.clone()).await;
        assert_eq!(added.expect("a store"), stored);
    }
    let message = NewMessage {
        id: random_bytes(&SystemEntropy),
        lookup_digest: sent.mailbox,
        ciphertext: vec![7; 100],
    };
    for _ in 0..2 {
        let posted = store.post(OFFICE, message.clone()).await;
        assert!(posted.expect("a store"));
    }
    expected.messages.insert(sent.mailbox, 1);
    for changed in [1, 0] {
        let done = store.acknowledge(OFFICE, &[sent.name]).await;
        assert_eq!(done.expect("a store"), changed);
    }
    expected.stored.insert(sent.name.0);
    match turn % 3 {
        0 => {
            for changed in [1, 0] {
                let done = store.release(OFFICE, &[sent.name]).await;
                assert_eq!(done.expect("a store"), changed);
            }
            expected.envelopes.remove(&sent.name.0);
        }
        1 => {
            let last = NewMessage {
                id: random_bytes(&SystemEntropy),
                ..message
            };
            for _ in 0..2 {
                let closed = store.close_mailbox(OFFICE, last.clone()).await;
                assert!(closed.expect("a store"));
            }
            let late = store
                .append(OFFICE, sent.mailbox, some_envelope(bytes))
                .await;
            assert_eq!(late.expect("a store"), Appended::Closed);
            expected.messages.insert(sent.mailbox, 2);
        }
        _ => {
            let farewell = some_envelope(bytes);
            expected.arrived((farewell.id, farewell.content_hash));
            for forgotten in [Appended::Stored, Appended::NoMailbox] {
                let done = store.forget(OFFICE, sent.mailbox, farewell.clone()).await;
                assert_eq!(done.expect("a store"), forgotten);
            }
            expected.messages.remove(&sent.mailbox);
            expected.gone.push(sent.mailbox);
        }
    }
    expected
}

async fn mix(store: &Store, broken_off_ms: Option<u64>) {
    match broken_off_ms {
        Some(ms) => {
            let after = Duration::from_millis(ms);
            let _ = tokio::time::timeout(after, store.forget_order()).await;
        }
        // Where others use a table for long, the next round does it.
        None => drop(store.forget_order().await),
    }
}

async fn nothing_is_lost(url: StoreUrl, scene: Meanwhile) {
    let mut stores = Vec::new();
    for _ in 0..scene.machines {
        stores.push(open(&url, ROOM).await.expect("a store"));
    }
    let mut expected = Expected::default();
    let backlog = send_many(&stores[0], scene.backlog, scene.bytes).await;
    for sent in &backlog {
        expected.arrived(sent.name);
        expected.messages.insert(sent.mailbox, 0);
    }
    let over = AtomicBool::new(false);
    let mixing = futures_util::future::join_all(stores.iter().map(async |store| {
        while !over.load(Ordering::Relaxed) {
            mix(store, scene.broken_off_ms).await;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }));
    let senders = (0..scene.senders).map(|number| (number, &stores[number % stores.len()]));
    let sending = async {
        let lives = senders.map(async |(number, store)| {
            let mut expected = Expected::default();
            for turn in 0..6 {
                expected.join(a_life(store, scene.bytes, number + turn).await);
            }
            expected
        });
        let lives = futures_util::future::join_all(lives);
        let released = backlog.iter().enumerate();
        let released = released.filter(|(number, _)| number % 10 < scene.released);
        let released: Vec<_> = released.map(|(_, sent)| sent.name).collect();
        let releasing = async {
            for names in released.chunks(100) {
                for _ in 0..2 {
                    let done = stores[0].acknowledge(OFFICE, names).await;
                    done.expect("a store");
                }
                let gone = stores[0].release(OFFICE, names).await.expect("a store");
                assert_eq!(
                    gone,
                    names.len() as u64,
                    "each is found, wherever it stands"
                );
            }
        };
        let (lives, ()) = tokio::join!(lives, releasing);
        over.store(true, Ordering::Relaxed);
        (lives, released)
    };
    let (_, (lives, released)) = tokio::join!(mixing, sending);
    for life in lives {
        expected.join(life);
    }
    for (id, _) in released {
        expected.envelopes.remove(&id);
    }
    for store in &stores {
        expected.is_in(store).await;
    }
    for store in stores {
        store.close().await;
    }
    let store = open(&url, ROOM).await.expect("a store");
    expected.is_in(&store).await;
    store.close().await;
}

fn each_scene(machines: usize, cases: u32, run: impl Fn(Meanwhile)) {
    let config = ProptestConfig {
        failure_persistence: None,
        // Each scene is large.
        max_shrink_iters: 0,
        ..ProptestConfig::with_cases(cases)
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let done = runner.run(&meanwhile(machines), |scene| {
        run(scene);
        Ok(())
    });
    done.expect("each scene");
}

#[test]
fn nothing_is_lost_while_rows_move_over_sqlite() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    each_scene(1, 6, |scene| {
        let folder = tempfile::tempdir().expect("a folder");
        let url = StoreUrl::Sqlite(folder.path().join("intake.sqlite"));
        runtime.block_on(nothing_is_lost(url, scene));
    });
}

#[test]
fn nothing_is_lost_while_rows_move_over_postgresql() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    each_scene(2, 10, |scene| {
        runtime.block_on(async {
            let url = StoreUrl::Postgres(fresh_database().await);
            nothing_is_lost(url, scene).await;
        });
    });
}
