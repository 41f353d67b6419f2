//! What a seized disk tells of the order in which tips came, and of tips that triage has safe: nothing, in tables, indexes
//! and journals.

use super::triage::Triage;
use super::{Intake, OFFICE, Place};
use crate::support::disk::files;
use crate::support::order::{by_chance, concordance};
use crate::support::postgres::{data_folder, fresh_database};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::entropy::{Entropy as _, SystemEntropy, random_bytes};
use mifeng_intake::config::IntakeConfig;
use mifeng_sealing::{Lookup, seal_bytes};
use serde_json::json;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

const TIPS: usize = 1000;

/// Longest body, in bytes: four size classes.
const BODY_MAX_BYTES: u64 = 30_000;

/// Fewer places than these in one file tell too little to be measured.
const ENOUGH: usize = 100;

/// Bytes that stand where what they belong to stands.
const TRACE_BYTES: usize = 16;

/// Where in a sealed file its trace is taken: in the first piece that any engine stores apart.
const TRACE_AT: usize = 1000;

type Trace = [u8; TRACE_BYTES];

/// What can be found again of a tip: of its ciphertext, and the key of its mailbox.
struct Sent {
    ciphertext: Trace,
    mailbox: Trace,
}

fn trace(bytes: &[u8]) -> Trace {
    bytes[..TRACE_BYTES].try_into().expect("long enough")
}

async fn send(intake: &Intake) -> Sent {
    let mut pick = [0; 8];
    SystemEntropy.fill(&mut pick);
    // Short ones are many, as among people.
    let length = BODY_MAX_BYTES / (1 + u64::from_le_bytes(pick) % 40);
    let body = vec![b'x'; usize::try_from(length).expect("small")];
    let sealed = seal_bytes(&body, &[intake.place.office.recipient()]).expect("sealed");
    let ciphertext = sealed.into_bytes();
    let lookup = hex::encode(random_bytes::<32>(&SystemEntropy));
    let request = json!({
        "addressee": OFFICE,
        "lookup": lookup,
        "submission_tag": hex::encode(random_bytes::<32>(&SystemEntropy)),
        "ciphertext": BASE64_STANDARD.encode(&ciphertext),
    });
    let answer = intake.anonymous().api("sealed-tips", &request).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let digest = Lookup::from_hex(&lookup).expect("hex").digest();
    Sent {
        ciphertext: trace(&ciphertext[TRACE_AT..]),
        mailbox: trace(digest.as_bytes()),
    }
}

/// In each file the places of the traces, in the order in which those came.
fn places(bytes: &[u8], traces: &HashMap<Trace, usize>) -> Vec<usize> {
    // Most places are ruled out by two bytes, without a look into the map.
    let mut begins = vec![false; 1 << 16];
    for trace in traces.keys() {
        begins[usize::from(u16::from_le_bytes([trace[0], trace[1]]))] = true;
    }
    let mut found = Vec::new();
    for (place, window) in bytes.windows(TRACE_BYTES).enumerate() {
        if begins[usize::from(u16::from_le_bytes([window[0], window[1]]))]
            && let Some(number) = traces.get(window)
        {
            found.push((*number, place));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, place)| place).collect()
}

/// A file with enough places in it to measure whether they stand in the order of arrival.
struct Measured {
    path: PathBuf,
    order: f64,
    count: usize,
}

impl Measured {
    fn tells_nothing(&self) -> bool {
        (self.order - 0.5).abs() <= by_chance(self.count)
    }
}

fn measure(paths: &[PathBuf], sent: &[Sent], which: fn(&Sent) -> Trace) -> Vec<Measured> {
    let traces: HashMap<Trace, usize> = sent.iter().map(which).zip(0..).collect();
    let all = files(paths).into_iter().map(|(path, bytes)| {
        let places = places(&bytes, &traces);
        Measured {
            path,
            order: concordance(&places),
            count: places.len(),
        }
    });
    all.filter(|file| file.count >= ENOUGH).collect()
}

async fn release_all(triage: &Triage<'_>) {
    loop {
        let held = triage.list("held").await;
        if held.is_empty() {
            return;
        }
        for entry in &held {
            triage.acknowledge(entry).await;
            assert_eq!(triage.release(entry).await, 1);
        }
    }
}

/// Over 1,000 tips in the store of `config`, which writes to `disk` and to nothing else.
async fn nothing_is_told(place: Place, mut config: IntakeConfig, disk: &[PathBuf]) {
    // Not before the service stops.
    config.mixing_interval_s = 3600;
    let intake = Intake::on(place, config.clone()).await;
    let mut sent = Vec::new();
    for _ in 0..TIPS {
        sent.push(send(&intake).await);
    }
    let kinds: [fn(&Sent) -> Trace; 2] = [|it| it.ciphertext, |it| it.mailbox];
    let before = measure(disk, &sent, kinds[0]);
    let told = before.iter().any(|file| file.order > 0.75);
    assert!(told, "the measure can tell an order");
    let place = intake.stop_keeping().await;
    for which in kinds {
        let after = measure(disk, &sent, which);
        let whole = after.iter().any(|file| file.count >= TIPS);
        assert!(whole, "they are still there, in one file at least");
        let mut tell = after.iter().filter(|file| !file.tells_nothing());
        if let Some(Measured { path, order, count }) = tell.next() {
            panic!("{order} over {count} places in {}", path.display());
        }
    }
    let intake = Intake::on(place, config).await;
    release_all(&intake.triage()).await;
    let _place = intake.stop_keeping().await;
    let ciphertexts = sent.iter().map(kinds[0]).zip(0..).collect();
    for (path, bytes) in files(disk) {
        let left = places(&bytes, &ciphertexts).len();
        assert_eq!(left, 0, "of released tips in {}", path.display());
    }
}

#[tokio::test]
async fn a_sqlite_file_tells_nothing_of_the_order() {
    let place = Place::new();
    let config = place.config("enabled = false");
    let in_folder = |name: &str| place.folder.path().join(name);
    let disk = ["intake.sqlite", "intake.sqlite-wal", "intake.sqlite-shm"].map(in_folder);
    nothing_is_told(place, config, &disk).await;
}

#[tokio::test]
async fn a_postgresql_cluster_tells_nothing_of_the_order() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.store_url = Some(fresh_database().await);
    nothing_is_told(place, config, &[data_folder()]).await;
}

#[tokio::test]
async fn the_order_goes_while_the_service_runs() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.mixing_interval_s = 1;
    let disk = place.folder.path().join("intake.sqlite");
    let intake = Intake::on(place, config).await;
    let mut sent = Vec::new();
    for _ in 0..2 * ENOUGH {
        sent.push(send(&intake).await);
    }
    let mixed = async {
        loop {
            let disk = std::slice::from_ref(&disk);
            let measured = measure(disk, &sent, |it| it.ciphertext);
            if measured.len() == 1 && measured[0].tells_nothing() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), mixed).await;
    in_time.expect("the interval is one second");
    intake.stop().await;
}
