//! How long mixing holds up those who send, by how much waits at intake that triage has not fetched: submissions while the
//! order of arrival is forgotten beside the same with nothing else to do, and how long a stop and the next start take, all in one
//! run. Run by `cargo bench --bench mixing`; with numbers of waiting tips behind `--` for those instead of 44,000 and 108,000, and
//! with the URL of an empty PostgreSQL database for that instead of a SQLite file.

#[expect(dead_code, reason = "other benches tell more of a run")]
mod measure;

use measure::{Figures, Run};
use mifeng_foundation::clock::{Clock as _, Day, SystemClock};
use mifeng_foundation::entropy::{Entropy as _, SystemEntropy, random_bytes};
use mifeng_foundation::storage::StoreUrl;
use mifeng_intake::store::{IntakeStore, NewEnvelope, NewSubmission, open};
use mifeng_sealing::{ContentHash, LookupDigest, SubmissionTag};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The smallest size class with its seal.
const TIP_BYTES: usize = 4096;
const SENDERS: usize = 16;
const ALONE: Duration = Duration::from_secs(5);
const ROOM: u64 = 64 * 1024 * 1024 * 1024;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("intake.sqlite");
    let url = std::env::args().find(|one| one.starts_with("postgres"));
    let url = url.unwrap_or_else(|| format!("sqlite:{}", path.display()));
    let url: StoreUrl = url.parse().expect("a URL");
    let mut store = open(&url, ROOM).await.expect("a store");
    let asked: Vec<usize> = std::env::args()
        .filter_map(|one| one.parse().ok())
        .collect();
    let asked = if asked.is_empty() {
        vec![44_000, 108_000]
    } else {
        asked
    };
    let mut waiting = 0;
    for backlog in asked {
        // A quick store was sent more than that in the meantime.
        let more = backlog.saturating_sub(waiting);
        fill(&store, more).await;
        waiting += more;
        println!("{waiting} tips wait, {more} of them not mixed");
        let mut figures = Figures::default();
        let alone = send_until(&store, async { tokio::time::sleep(ALONE).await }).await;
        waiting += alone.times.len();
        let meanwhile = send_until(&store, mixed(&store)).await;
        waiting += meanwhile.times.len();
        println!("mixed within {:.1} s", meanwhile.wall.as_secs_f64());
        for (name, run) in [
            ("nothing else to do", alone),
            ("while it is mixed", meanwhile),
        ] {
            let slowest = run.times.iter().max().copied().unwrap_or_default();
            figures.add(name.to_owned(), &run);
            println!(
                "{name}: the slowest took {:.1} ms",
                slowest.as_secs_f64() * 1000.0
            );
        }
        figures.print();
        figures.print_ratio("while it is mixed", "nothing else to do");

        // As the service stops while it still answers; then nobody is answered until it has started again. As after a killed
        // process all of it is to be mixed again then.
        let stopping = send_until(&store, mixed_before_stop(&store)).await;
        waiting += stopping.times.len();
        let slowest = stopping.times.iter().max().copied().unwrap_or_default();
        println!(
            "before the stop, for {:.2} s: the slowest took {:.1} ms",
            stopping.wall.as_secs_f64(),
            slowest.as_secs_f64() * 1000.0
        );
        let clock = SystemClock::new();
        store.close().await;
        let stopped = clock.elapsed();
        store = open(&url, ROOM).await.expect("a store");
        let mixing = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.forget_order().await }
        });
        send(&store).await;
        let answered = clock.elapsed();
        println!(
            "stopped in {:.2} s, the first tip after the next start stored within {:.2} s",
            stopped.as_secs_f64(),
            answered.saturating_sub(stopped).as_secs_f64()
        );
        waiting += 1;
        mixing.await.expect("it ends").expect("mixed");
    }
}

/// Mixes until nothing is left to be mixed for those who send all the time.
async fn mixed(store: &Arc<dyn IntakeStore>) {
    store.forget_order().await.expect("mixed");
}

async fn mixed_before_stop(store: &Arc<dyn IntakeStore>) {
    store.forget_order_before_stop().await.expect("mixed");
}

async fn send(store: &Arc<dyn IntakeStore>) {
    let mut ciphertext = vec![0; TIP_BYTES];
    SystemEntropy.fill(&mut ciphertext);
    let submission = NewSubmission {
        envelope: NewEnvelope {
            id: random_bytes(&SystemEntropy),
            addressee: "qingxi".to_owned(),
            content_hash: ContentHash::of(&ciphertext),
            ciphertext,
            received_day: Day::new(2026, 11, 23).expect("a day"),
            attachments: Vec::new(),
        },
        office: "qingxi".to_owned(),
        lookup_digest: LookupDigest::from_bytes(random_bytes(&SystemEntropy)),
        submission_tag: SubmissionTag::from_bytes([1; 32]),
    };
    store.submit(submission).await.expect("stored");
}

async fn fill(store: &Arc<dyn IntakeStore>, count: usize) {
    let each = (0..SENDERS * 4).map(|_| async {
        for _ in 0..count / (SENDERS * 4) {
            send(store).await;
        }
    });
    futures_util::future::join_all(each).await;
}

/// Tips that are sent until `end` comes, one after the other by each of the senders.
async fn send_until(store: &Arc<dyn IntakeStore>, end: impl Future<Output = ()>) -> Run {
    let clock = Arc::new(SystemClock::new());
    let over = Arc::new(AtomicBool::new(false));
    let begun = clock.elapsed();
    let senders = (0..SENDERS).map(|_| {
        let (store, clock, over) = (Arc::clone(store), Arc::clone(&clock), Arc::clone(&over));
        tokio::spawn(async move {
            let mut times = Vec::new();
            while !over.load(Ordering::Relaxed) {
                let begun = clock.elapsed();
                send(&store).await;
                times.push(clock.elapsed().saturating_sub(begun));
            }
            times
        })
    });
    let senders: Vec<_> = senders.collect();
    end.await;
    let wall = clock.elapsed().saturating_sub(begun);
    over.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    for sender in senders {
        times.extend(sender.await.expect("it ends"));
    }
    Run { wall, times }
}
