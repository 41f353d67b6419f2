//! Triage killed ten times while it takes a hundred tips in.

use super::place::{Place, Service, digest_of, random_wait};
use mifeng_triage::engine::open_stores;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

const TIPS: usize = 100;
const KILLS: usize = 10;

fn changed_at(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|file| file.modified()).ok()
}

/// Kills triage a moment after it began to write, or after ten seconds in which it had nothing to write.
async fn live_and_die(place: &Place, config: &Path) {
    let journal = place.path("triage.sqlite-wal");
    let before = changed_at(&journal);
    let mut service = start(place, config);
    for _ in 0..2000 {
        if changed_at(&journal) != before {
            break;
        }
        assert!(service.is_running(), "triage ended: {}", log_of(place));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(random_wait(0, 150)).await;
    service.kill();
}

fn start(place: &Place, config: &Path) -> Service {
    let program = env!("CARGO_BIN_EXE_mifeng-triage");
    Service::start(program, config, &place.path("triage.log"))
}

fn log_of(place: &Place) -> String {
    fs::read_to_string(place.path("triage.log")).unwrap_or_default()
}

/// Until every code has been answered with a day by which the office will have decided.
async fn wait_for_answers(place: &Place, codes: &[String], service: &mut Service) {
    for code in codes {
        let mut tries = 0;
        loop {
            let mailbox = place.pick_up(code).await;
            if mailbox["status"] == "received" && mailbox["due_day"].is_string() {
                break;
            }
            tries += 1;
            assert!(
                tries < 300 && service.is_running(),
                "no answer: {mailbox}, {}",
                log_of(place)
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_triage_stores_and_answers_every_tip_once() {
    let place = Place::make();
    let config = place.write_triage_config();
    let intake = place.start_intake().await;
    let mut codes = Vec::new();
    for number in 0..TIPS {
        let text = format!("第{number}封：食堂的饭菜有异味，孩子吃了肚子疼。");
        codes.push(place.submit(&text).await.expect("an answer"));
    }
    assert_eq!(place.waiting().await, TIPS as u64);
    for _ in 0..KILLS {
        live_and_die(&place, &config).await;
    }
    let mut service = start(&place, &config);
    wait_for_answers(&place, &codes, &mut service).await;
    assert_eq!(place.waiting().await, 0);
    drop(service);
    drop(intake);
    assert_eq!(place.message_counts(&codes).await, vec![1; TIPS]);

    let url = format!("sqlite:{}", place.path("triage.sqlite").display());
    let store = open_stores(&url.parse().expect("a URL"))
        .await
        .expect("the store opens")
        .cases;
    assert_eq!(store.tips(None).await.expect("read").len(), TIPS);
    assert_eq!(store.cases().await.expect("read").len(), TIPS);
    assert!(store.quarantined().await.expect("read").is_empty());
    for code in &codes {
        let tip = store.tip_of_mailbox(digest_of(code)).await.expect("read");
        assert!(tip.is_some(), "a code leads to its tip");
    }
}
