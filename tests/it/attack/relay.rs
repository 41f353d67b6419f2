//! A lying intake: an honest one of which each answer is altered in every way that a generator finds, and what comes of it.

mod hostile;

pub(crate) use hostile::{State, honest};

use crate::engine::{cases, office, sample_tips};
use hostile::{HostileIntake, Violation, violations};
use mifeng_opening::Identity;
use mifeng_sealing::relay::{ACKNOWLEDGE_PATH, FETCH_PATH, LIST_PATH, ListState, MESSAGES_PATH};
use mifeng_triage::ingest::{Arrived, PullError, Relay};
use mifeng_triage::office::Office;
use mifeng_triage::relay_client::relay_client;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// What a triage may take, whatever it is fed with, in MB.
const MEMORY_MAX_MB: u64 = 256;

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
