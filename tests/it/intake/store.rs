//! What every store must do, run on each engine.

mod closing;

use crate::support::postgres::fresh_database;
use closing::{
    a_closed_mailbox_takes_nothing_more, a_forgotten_mailbox_is_gone_and_the_farewell_stays,
    what_is_broken_off_takes_nothing_along,
};
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreUrl;
use mifeng_intake::store::{
    Appended, IntakeStore, NewEnvelope, NewMessage, NewSubmission, Submitted, open,
};
use mifeng_sealing::{ContentHash, EnvelopeKind, LookupDigest, SubmissionTag};
use std::sync::Arc;

type Store = Arc<dyn IntakeStore>;

const ROOM: u64 = 1 << 30;

fn digest(number: u8) -> LookupDigest {
    LookupDigest::from_bytes([number; 32])
}

fn envelope(id: u8, addressee: &str) -> NewEnvelope {
    let ciphertext = vec![id; 100];
    NewEnvelope {
        id: [id; 16],
        addressee: addressee.to_owned(),
        content_hash: ContentHash::of(&ciphertext),
        ciphertext,
        received_day: Day::new(2026, 11, 23).expect("a day"),
        attachments: Vec::new(),
    }
}

fn submission(number: u8) -> NewSubmission {
    NewSubmission {
        envelope: envelope(number, "parent"),
        office: "office".to_owned(),
        lookup_digest: digest(number),
        submission_tag: SubmissionTag::from_bytes([number; 32]),
    }
}

fn name(id: u8) -> ([u8; 16], ContentHash) {
    ([id; 16], ContentHash::of(&[id; 100]))
}

async fn submit(store: &Store, number: u8) {
    let submitted = store.submit(submission(number)).await.expect("a store");
    assert_eq!(submitted, Submitted::Stored);
}

async fn held(store: &Store, only_waiting: bool) -> Vec<u8> {
    let rows = store.list("parent", only_waiting, None, 100).await;
    rows.expect("a list").iter().map(|row| row.id[0]).collect()
}

async fn a_repeat_is_one_and_another_content_is_refused(store: Store) {
    submit(&store, 1).await;
    let mut repeat = submission(1);
    repeat.envelope = envelope(2, "parent");
    let again = store.submit(repeat.clone()).await.expect("a store");
    assert_eq!(again, Submitted::AlreadyStored);
    repeat.submission_tag = SubmissionTag::from_bytes([9; 32]);
    let other = store.submit(repeat).await.expect("a store");
    assert_eq!(other, Submitted::OtherContent);
    assert_eq!(held(&store, true).await, [1]);
}

async fn many_repeats_at_once_are_one(store: Store) {
    let tries = (10..26).map(|id| {
        let mut repeat = submission(1);
        repeat.envelope = envelope(id, "parent");
        let store = store.clone();
        tokio::spawn(async move { store.submit(repeat).await })
    });
    let mut stored = 0;
    for submitted in tries.collect::<Vec<_>>() {
        match submitted.await.expect("no panic").expect("a store") {
            Submitted::Stored => stored += 1,
            other => assert_eq!(other, Submitted::AlreadyStored),
        }
    }
    assert_eq!(stored, 1);
    assert_eq!(held(&store, true).await.len(), 1);
}

async fn additions_need_a_mailbox_of_the_office(store: Store) {
    submit(&store, 1).await;
    for (office, mailbox, expected) in [
        ("office", 1, Appended::Stored),
        ("office", 2, Appended::NoMailbox),
        ("parent", 1, Appended::NoMailbox),
    ] {
        let added = store
            .append(office, digest(mailbox), envelope(50, "parent"))
            .await
            .expect("a store");
        assert_eq!(added, expected, "{office} {mailbox}");
    }
    let rows = store.list("parent", true, None, 100).await.expect("a list");
    let kinds: Vec<_> = rows.iter().map(|row| (row.id[0], row.kind)).collect();
    assert_eq!(kinds, [(1, EnvelopeKind::Tip), (50, EnvelopeKind::Reply)]);
    let addressee = store.mailbox_addressee("office", digest(1)).await;
    assert_eq!(addressee.expect("a store").as_deref(), Some("parent"));
    assert!(matches!(
        store.mailbox_addressee("elsewhere", digest(1)).await,
        Ok(None)
    ));
}

async fn lists_come_in_pages(store: Store) {
    for number in [3, 1, 200, 2, 127] {
        submit(&store, number).await;
    }
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let page = store.list("parent", true, after, 2).await.expect("a list");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        assert!(page.len() <= 2);
        seen.extend(page.iter().map(|row| row.id[0]));
    }
    assert_eq!(seen, [1, 2, 3, 127, 200]);
}

async fn acknowledge_and_release_may_be_repeated(store: Store) {
    for number in [1, 2] {
        submit(&store, number).await;
    }
    let names = [name(1), name(2)];
    for changed in [2, 0] {
        let done = store.acknowledge("parent", &names).await;
        assert_eq!(done.expect("a store"), changed);
    }
    assert_eq!(store.waiting("parent").await.expect("a count"), 0);
    assert_eq!(held(&store, true).await, [0; 0]);
    assert_eq!(held(&store, false).await, [1, 2]);
    for changed in [2, 0] {
        let done = store.release("parent", &names).await;
        assert_eq!(done.expect("a store"), changed);
    }
    assert_eq!(held(&store, false).await, [0; 0]);
    let repeat = store.submit(submission(1)).await.expect("a store");
    assert_eq!(repeat, Submitted::AlreadyStored, "the mailbox stays");
}

async fn a_wrong_hash_or_addressee_changes_nothing(store: Store) {
    submit(&store, 1).await;
    let wrong = [([1; 16], ContentHash::of(b"other"))];
    for (addressee, names) in [("parent", wrong), ("office", [name(1)])] {
        let acknowledged = store.acknowledge(addressee, &names).await;
        let released = store.release(addressee, &names).await;
        assert_eq!(acknowledged.expect("a store"), 0);
        assert_eq!(released.expect("a store"), 0);
    }
    assert_eq!(held(&store, true).await, [1]);
    assert!(matches!(store.fetch("office", [1; 16]).await, Ok(None)));
    let own = store.fetch("parent", [1; 16]).await.expect("a store");
    assert_eq!(own, Some(vec![1; 100]));
    let list = store.list("office", false, None, 9).await.expect("a list");
    assert!(list.is_empty());
    assert_eq!(store.waiting("office").await.expect("a count"), 0);
}

async fn a_message_lies_once_in_its_mailbox(store: Store) {
    submit(&store, 1).await;
    let message = |mailbox: u8| NewMessage {
        id: [7; 16],
        lookup_digest: digest(mailbox),
        ciphertext: vec![7; 10],
    };
    for (addressee, mailbox, stored) in [
        ("parent", 1, true),
        ("parent", 1, true),
        ("office", 1, false),
        ("parent", 2, false),
    ] {
        let posted = store.post(addressee, message(mailbox)).await;
        assert_eq!(posted.expect("a store"), stored, "{addressee} {mailbox}");
    }
    let messages = store.messages(digest(1)).await.expect("messages");
    assert_eq!(messages, [vec![7; 10]]);
    assert!(store.messages(digest(2)).await.expect("none").is_empty());
}

async fn a_mailbox_is_opened_once_for_its_office(store: Store) {
    let tag = |number: u8| SubmissionTag::from_bytes([number; 32]);
    let open = async |office: &str, at: u8, by: u8| {
        let opened = store.open_mailbox(office, digest(at), tag(by)).await;
        opened.expect("a store")
    };
    assert!(open("office", 7, 7).await);
    assert!(open("office", 7, 7).await, "again");
    assert!(!open("office", 7, 8).await, "another tip's");
    assert!(!open("elsewhere", 7, 7).await, "another office's");
    let known = store.mailbox_addressee("office", digest(7)).await;
    assert_eq!(known.expect("a store").as_deref(), Some("office"));
    assert!(
        held(&store, false).await.is_empty(),
        "no envelope came of it"
    );
    let message = NewMessage {
        id: [1; 16],
        lookup_digest: digest(7),
        ciphertext: vec![1; 10],
    };
    assert!(store.post("office", message).await.expect("a store"));
    submit(&store, 1).await;
    assert!(
        !open("office", 1, 1).await,
        "one that a tip from the page has, for another to answer"
    );
}

async fn close_finishes_what_is_queued(store: Store) {
    let writes: Vec<_> = (1..=40)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.submit(submission(number)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    store.close().await;
    for write in writes {
        // Whoever came too late is told so; nobody is left without an answer.
        let answer = write.await.expect("no panic");
        assert!(matches!(answer, Err(_) | Ok(Submitted::Stored)));
    }
    let late = store.submit(submission(99)).await;
    assert!(late.is_err(), "closed");
}

async fn beyond_the_quota_nothing_is_stored(url: StoreUrl) {
    let store = open(&url, 250).await.expect("a store");
    submit(&store, 1).await;
    submit(&store, 2).await;
    let full = store.submit(submission(3)).await.expect("a store");
    assert_eq!(full, Submitted::QuotaFull);
    let added = store
        .append("office", digest(1), envelope(50, "parent"))
        .await;
    assert_eq!(added.expect("a store"), Appended::QuotaFull);
    let unknown = store.mailbox_addressee("office", digest(3)).await;
    assert_eq!(unknown.expect("a store"), None, "no mailbox without a tip");
    let released = store.release("parent", &[name(1)]).await;
    assert_eq!(released.expect("a store"), 1);
    submit(&store, 3).await;
}

async fn what_was_stored_is_there_after_a_restart(url: StoreUrl) {
    let store = open(&url, ROOM).await.expect("a store");
    submit(&store, 1).await;
    store.close().await;
    let store = open(&url, ROOM).await.expect("a store");
    assert_eq!(held(&store, true).await, [1]);
    store.check().await.expect("it answers");
}

/// On each engine, a store of its own each.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite { $(#[tokio::test] async fn $name() {
            let folder = tempfile::tempdir().expect("a temporary folder");
            super::$name(super::sqlite_in(&folder).await).await;
        })+ }
        mod postgres { $(#[tokio::test] async fn $name() {
            let url = super::StoreUrl::Postgres(super::fresh_database().await);
            super::$name(super::open(&url, super::ROOM).await.expect("a store")).await;
        })+ }
    };
}

async fn sqlite_in(folder: &tempfile::TempDir) -> Store {
    let url = StoreUrl::Sqlite(folder.path().join("intake.sqlite"));
    open(&url, ROOM).await.expect("a store")
}

on_both!(
    a_repeat_is_one_and_another_content_is_refused,
    many_repeats_at_once_are_one,
    additions_need_a_mailbox_of_the_office,
    lists_come_in_pages,
    acknowledge_and_release_may_be_repeated,
    a_wrong_hash_or_addressee_changes_nothing,
    a_message_lies_once_in_its_mailbox,
    a_mailbox_is_opened_once_for_its_office,
    a_forgotten_mailbox_is_gone_and_the_farewell_stays,
    a_closed_mailbox_takes_nothing_more,
    close_finishes_what_is_queued,
);

#[tokio::test]
async fn quota_and_restart_on_both() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sqlite = |name: &str| StoreUrl::Sqlite(folder.path().join(name));
    beyond_the_quota_nothing_is_stored(sqlite("a")).await;
    beyond_the_quota_nothing_is_stored(StoreUrl::Postgres(fresh_database().await)).await;
    what_was_stored_is_there_after_a_restart(sqlite("b")).await;
    what_was_stored_is_there_after_a_restart(StoreUrl::Postgres(fresh_database().await)).await;
    what_is_broken_off_takes_nothing_along(sqlite("c")).await;
    what_is_broken_off_takes_nothing_along(StoreUrl::Postgres(fresh_database().await)).await;
}
