//! Intake killed fifty times under sixteen submitters.

use super::place::{Place, digest_of, random_wait};
use futures_util::future::join_all;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const KILLS: usize = 50;
const SUBMITTERS: usize = 16;

/// Submits until told to stop; every text is another.
async fn submitter(place: &Place, tried: &AtomicU64, stop: &AtomicBool) -> Vec<(String, String)> {
    let mut given = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let number = tried.fetch_add(1, Ordering::Relaxed);
        let text = format!("第{number}封：周六在校外补课，一次收一百八十元。");
        match place.submit(&text).await {
            Some(code) => given.push((code, text)),
            None => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
    given
}

async fn killer(place: &Place, stop: &AtomicBool) {
    for _ in 0..KILLS {
        let mut service = place.start_intake().await;
        tokio::time::sleep(random_wait(50, 250)).await;
        service.kill();
    }
    stop.store(true, Ordering::Relaxed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_code_of_a_killed_intake_leads_to_one_tip() {
    let place = Place::make();
    let (tried, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let submitters = (0..SUBMITTERS).map(|_| submitter(&place, &tried, &stop));
    let (given, ()) = tokio::join!(join_all(submitters), killer(&place, &stop));
    let given: Vec<_> = given.into_iter().flatten().collect();
    assert!(given.len() > KILLS, "there is something to look for");

    let service = place.start_intake().await;
    for some in given.chunks(SUBMITTERS) {
        join_all(some.iter().map(|(code, _)| place.pick_up(code))).await;
    }
    let tips = place.held_tips().await;
    drop(service);
    let by_mailbox: HashMap<_, _> = tips
        .iter()
        .map(|tip| (tip.mailbox.lookup_digest.clone(), tip.text.as_str()))
        .collect();
    assert_eq!(by_mailbox.len(), tips.len(), "two tips under one code");
    let mut texts: Vec<_> = tips.iter().map(|tip| &tip.text).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), tips.len(), "a tip is there twice");
    assert!(tips.len() as u64 <= tried.load(Ordering::Relaxed));
    for (code, text) in &given {
        let found = by_mailbox.get(&digest_of(code).to_hex());
        assert_eq!(found, Some(&text.as_str()), "a code leads to its own tip");
    }
    println!(
        "{KILLS} kills: {} tried, {} answered, {} stored",
        tried.load(Ordering::Relaxed),
        given.len(),
        tips.len()
    );
}
