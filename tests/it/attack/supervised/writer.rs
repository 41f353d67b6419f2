//! The one writer to SQLite, dying.

use super::HASTY;
use crate::intake;
use mifeng_foundation::clock::{Clock, SystemClock};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::{Patience, Supervisor};
use mifeng_intake::store::{IntakeStore, NewEnvelope, NewSubmission, SqliteIntakeStore, Submitted};
use mifeng_sealing::{ContentHash, LookupDigest, SubmissionTag};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// Panics at the one call of [`Clock::elapsed`] that it is set to: whoever says that it is alive reads it.
pub(super) struct FaultyClock(pub(super) SystemClock, AtomicI64);

impl Clock for FaultyClock {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        let is_it = self.1.fetch_sub(1, Ordering::SeqCst) == 1;
        assert!(!is_it, "the injected fault");
        self.0.elapsed()
    }
}

fn some_tip() -> NewSubmission {
    let ciphertext = mifeng_foundation::entropy::random_bytes::<600>(&SystemEntropy).to_vec();
    NewSubmission {
        envelope: NewEnvelope {
            id: mifeng_foundation::entropy::random_bytes(&SystemEntropy),
            addressee: intake::OFFICE.to_owned(),
            content_hash: ContentHash::of(&ciphertext),
            ciphertext,
            received_day: "2026-11-23".parse().expect("a day"),
            attachments: Vec::new(),
        },
        office: intake::OFFICE.to_owned(),
        lookup_digest: LookupDigest::from_bytes(mifeng_foundation::entropy::random_bytes(
            &SystemEntropy,
        )),
        submission_tag: SubmissionTag::from_bytes([1; 32]),
    }
}

pub(super) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(Duration::from_mins(1), work).await;
    done.expect("nobody waits for ever")
}

/// The writer dies at every place where it says that it is alive, with senders waiting for it: whoever was told that his tip is
/// stored finds it, whoever was told otherwise sends it again and it is there once, and the next is taken.
#[tokio::test]
async fn whatever_the_writer_dies_of_nobody_is_told_what_is_not_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(FaultyClock(SystemClock::new(), AtomicI64::new(0)));
    let (_stop, stopped) = watch::channel(false);
    let patience = Patience {
        deaths_max: 1000,
        ..HASTY
    };
    let supervisor = Supervisor::new(clock.clone(), stopped).with_patience(patience);
    let path = folder.path().join("intake.sqlite");
    let store = SqliteIntakeStore::open_under(&supervisor, &path, 1_u64 << 30).await;
    let store: Arc<dyn IntakeStore> = Arc::new(store.expect("a store"));
    let (mut refused, mut sent) = (0, Vec::new());
    for call in 1..24 {
        // It is begun anew by now, and waits.
        let sound = some_tip();
        let stored = in_time(store.submit(sound.clone())).await;
        assert_eq!(stored.expect("stored"), Submitted::Stored);
        sent.push(sound.envelope.id);
        clock.1.store(call, Ordering::SeqCst);
        let tips: Vec<_> = (0..6).map(|_| some_tip()).collect();
        let answers = tips.iter().map(|tip| in_time(store.submit(tip.clone())));
        let answers = futures_util::future::join_all(answers).await;
        for (tip, answer) in tips.iter().zip(answers) {
            let again = in_time(store.submit(tip.clone())).await;
            let again = match (answer, again) {
                // The fault may come with the second only.
                (answer, Err(_)) => (answer, in_time(store.submit(tip.clone())).await),
                both => both,
            };
            match again {
                (Ok(Submitted::Stored), Ok(again)) => {
                    assert_eq!(again, Submitted::AlreadyStored, "it was said to be stored");
                }
                (Err(StoreError::Closed), Ok(Submitted::Stored | Submitted::AlreadyStored)) => {
                    refused += 1;
                }
                other => panic!("{other:?}"),
            }
            sent.push(tip.envelope.id);
        }
        clock.1.store(0, Ordering::SeqCst);
    }
    assert!(refused > 0, "the fault met some");
    sent.sort_unstable();
    let listed = store.list(intake::OFFICE, false, None, 1000).await;
    let listed: Vec<_> = listed.expect("a list").iter().map(|row| row.id).collect();
    assert_eq!(listed, sent, "each is there once");
    store.check().await.expect("it takes tips");
    assert!(supervisor.is_whole());
    let writer = supervisor.health();
    let writer = writer.iter().find(|task| task.task == "writer");
    assert!(writer.expect("it is looked after").deaths > 0);
}

/// The file is gone, and the writer dies of it again and again: who comes is refused at once, and the service learns of it.
#[tokio::test]
async fn a_writer_that_is_given_up_refuses_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(FaultyClock(SystemClock::new(), AtomicI64::new(0)));
    let (_stop, stopped) = watch::channel(false);
    let supervisor = Supervisor::new(clock.clone(), stopped).with_patience(HASTY);
    let path = folder.path().join("intake.sqlite");
    let store = SqliteIntakeStore::open_under(&supervisor, &path, 1_u64 << 30).await;
    let store = store.expect("a store");
    let stored = in_time(store.submit(some_tip())).await;
    assert_eq!(stored.expect("stored"), Submitted::Stored);
    std::fs::rename(&path, folder.path().join("away")).expect("moved");
    // It dies with this one in hand, and from then on of the file that is not there.
    clock.1.store(1, Ordering::SeqCst);
    let refused = in_time(store.submit(some_tip())).await;
    assert!(matches!(refused, Err(StoreError::Closed)), "{refused:?}");
    // The journal needs the file as well: either may be the first to be given up.
    let first = in_time(supervisor.gave_up()).await;
    assert!(["writer", "journal"].contains(&first), "{first}");
    for _ in 0..3 {
        let late = in_time(store.submit(some_tip())).await;
        assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
        assert!(store.check().await.is_err(), "not ready");
    }
    in_time(store.close()).await;
}
