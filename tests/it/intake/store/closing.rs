//! Mailboxes that are closed or forgotten, and work that is broken off.

use super::{ROOM, Store, digest, envelope, held, submission, submit};
use mifeng_foundation::storage::StoreUrl;
use mifeng_intake::store::{Appended, NewMessage, open};
use std::task::Poll;

pub(super) async fn a_closed_mailbox_takes_nothing_more(store: Store) {
    for number in [1, 2] {
        submit(&store, number).await;
    }
    let last = |mailbox| NewMessage {
        id: [70 + mailbox; 16],
        lookup_digest: digest(mailbox),
        ciphertext: vec![mailbox; 10],
    };
    let closes = async |addressee: &str, mailbox| {
        let closed = store.close_mailbox(addressee, last(mailbox)).await;
        closed.expect("a store")
    };
    assert!(!closes("office", 1).await, "another answers it");
    assert!(!closes("parent", 9).await, "there is none");
    for _ in 0..2 {
        assert!(closes("parent", 1).await, "the same again changes nothing");
        let messages = store.messages(digest(1)).await.expect("a store");
        assert_eq!(messages, [vec![1; 10]]);
    }
    let appends = async |mailbox, id| {
        let added = store.append("office", digest(mailbox), envelope(id, "parent"));
        added.await.expect("a store")
    };
    assert_eq!(appends(1, 50).await, Appended::Closed);
    assert_eq!(appends(2, 51).await, Appended::Stored, "others are open");
    assert_eq!(held(&store, true).await, [1, 2, 51]);
    // Its reporter can still delete it: nobody is told, and nothing of it is left.
    let forgotten = store.forget("office", digest(1), envelope(52, "parent"));
    assert_eq!(forgotten.await.expect("a store"), Appended::AlreadyStored);
    assert_eq!(held(&store, true).await, [1, 2, 51]);
    let addressee = store.mailbox_addressee("office", digest(1)).await;
    assert_eq!(addressee.expect("a store"), None);
    let messages = store.messages(digest(1)).await.expect("a store");
    assert!(messages.is_empty());
    assert_eq!(appends(1, 53).await, Appended::NoMailbox);
}

pub(super) async fn a_forgotten_mailbox_is_gone_and_the_farewell_stays(store: Store) {
    for number in [1, 2] {
        submit(&store, number).await;
        let message = NewMessage {
            id: [number; 16],
            lookup_digest: digest(number),
            ciphertext: vec![number; 50],
        };
        assert!(store.post("parent", message).await.expect("a store"));
    }
    for (office, expected) in [
        ("parent", Appended::NoMailbox),
        ("office", Appended::Stored),
        ("office", Appended::NoMailbox),
    ] {
        let forgotten = store
            .forget(office, digest(1), envelope(50, "parent"))
            .await;
        assert_eq!(forgotten.expect("a store"), expected);
    }
    let addressee = store.mailbox_addressee("office", digest(1)).await;
    assert_eq!(addressee.expect("a store"), None);
    assert!(store.messages(digest(1)).await.expect("a store").is_empty());
    assert_eq!(store.messages(digest(2)).await.expect("a store").len(), 1);
    assert_eq!(held(&store, true).await, [1, 2, 50]);
    let late = NewMessage {
        id: [9; 16],
        lookup_digest: digest(1),
        ciphertext: vec![9; 50],
    };
    assert!(!store.post("parent", late).await.expect("a store"));
}

/// Polls `work` so many times at most, and breaks it off then, as a server does with a request whose sender hung up.
async fn broken_off<T>(work: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// Wherever a request is broken off, what others are told afterwards to be stored is stored: a second look at the same store,
/// over connections of its own, finds it.
pub(super) async fn what_is_broken_off_takes_nothing_along(url: StoreUrl) {
    let store = open(&url, ROOM).await.expect("a store");
    let other = open(&url, ROOM).await.expect("a store");
    submit(&store, 1).await;
    let mut posted = 0;
    for polls in 0..24_u8 {
        let breaking = (0..8_u8).map(|number| {
            let submission = submission(50 + polls * 8 + number);
            broken_off(store.submit(submission), usize::from(polls))
        });
        futures_util::future::join_all(breaking).await;
        let posting = (0..20_u8).map(|number| {
            let mut id = [polls; 16];
            id[0] = number;
            let message = NewMessage {
                id,
                lookup_digest: digest(1),
                ciphertext: vec![7; 10],
            };
            store.post("parent", message)
        });
        for done in futures_util::future::join_all(posting).await {
            assert!(done.expect("a store"));
            posted += 1;
        }
        let found = other.messages(digest(1)).await.expect("a store").len();
        assert_eq!(found, posted, "after {polls} polls");
    }
    store.close().await;
    other.close().await;
}
