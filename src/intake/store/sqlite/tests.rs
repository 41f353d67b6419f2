//! The store in SQLite: a backlog is mixed in pieces, and tips are stored between them.

use super::*;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_sealing::{ContentHash, Lookup};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use std::sync::atomic::{AtomicBool, Ordering};

/// Enough that the file is far too large to be written anew at once.
const TIPS: usize = 3000;

fn hash_of(ciphertext: &[u8]) -> ContentHash {
    ContentHash::from_bytes(Sha256::digest(ciphertext).into())
}

fn submission() -> NewSubmission {
    let ciphertext = random_bytes::<4096>(&SystemEntropy).to_vec();
    let lookup = hex::encode(random_bytes::<32>(&SystemEntropy));
    NewSubmission {
        envelope: NewEnvelope {
            id: random_bytes(&SystemEntropy),
            addressee: "qingxi".to_owned(),
            content_hash: hash_of(&ciphertext),
            ciphertext,
            received_day: Day::from_number(20_000).expect("a day"),
            attachments: Vec::new(),
        },
        office: "qingxi".to_owned(),
        lookup_digest: Lookup::from_hex(&lookup).expect("hex").digest(),
        submission_tag: SubmissionTag::from_hex(&lookup).expect("hex"),
    }
}

async fn stored(store: &SqliteIntakeStore) -> EnvelopeName {
    let submission = submission();
    let name = (submission.envelope.id, submission.envelope.content_hash);
    let submitted = store.submit(submission).await.expect("a disk");
    assert_eq!(submitted, Submitted::Stored);
    name
}

async fn in_order_of_arrival(store: &SqliteIntakeStore) -> usize {
    let row = sqlx::query("SELECT COUNT(*) FROM envelope WHERE place > 0");
    let row = row.fetch_one(&store.pool).await.expect("a store");
    usize::try_from(row.get::<i64, _>(0)).expect("a count")
}

#[tokio::test]
async fn a_backlog_is_mixed_in_pieces_and_tips_are_stored_between_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("intake.sqlite");
    let store = SqliteIntakeStore::open(&path, u64::MAX / 4).await;
    let store = store.expect("a store");
    let mut names = Vec::new();
    while names.len() < TIPS {
        let some = (0..100).map(|_| stored(&store));
        names.extend(futures_util::future::join_all(some).await);
    }
    assert_eq!(in_order_of_arrival(&store).await, TIPS);
    let over = AtomicBool::new(false);
    let mixing = async {
        assert!(store.forget_order().await.expect("mixed"));
        over.store(true, Ordering::Relaxed);
    };
    let sending = async {
        let mut meanwhile = Vec::new();
        while !over.load(Ordering::Relaxed) {
            meanwhile.push(stored(&store).await);
        }
        meanwhile
    };
    let ((), meanwhile) = tokio::join!(mixing, sending);
    let holds = store.mixing.holds();
    let most_rows = holds.most_rows.load(Ordering::Relaxed);
    let count = holds.count.load(Ordering::Relaxed);
    assert!(most_rows <= 512, "{most_rows}");
    assert!(count >= TIPS as u64 / 512, "{count}");
    let served = meanwhile.len() as u64;
    assert!(
        served + 1 >= count,
        "one is served after each piece at least: {served} of {count}"
    );
    assert!(in_order_of_arrival(&store).await <= meanwhile.len());
    names.extend(meanwhile);
    for (id, content) in &names {
        let found = store.fetch("qingxi", *id).await.expect("a store");
        assert_eq!(hash_of(&found.expect("it is there")), *content);
    }
    // What is left when the service stops is mixed within a few seconds, or after the next start.
    store.close().await;
    let store = SqliteIntakeStore::open(&path, u64::MAX / 4).await;
    let store = store.expect("a store");
    assert_eq!(in_order_of_arrival(&store).await, 0);
    store.close().await;
}
