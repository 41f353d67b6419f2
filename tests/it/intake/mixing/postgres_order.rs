//! What PostgreSQL still tells of the order, and whom mixing holds up there.

use super::{LONG, PIECE_BYTES, PIECE_ROWS, ROOM, SHORT, Sent, send, send_many};
use crate::support::order::{by_chance, concordance};
use crate::support::postgres::fresh_database;
use mifeng_foundation::storage::StoreUrl;
use mifeng_intake::store::open;
use sqlx::postgres::PgPool;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Where each row of a table stands, and which transaction wrote it: all that the table tells besides what is in it.
async fn places(pool: &PgPool, table: &str, key: &str) -> HashMap<Vec<u8>, (i64, i64, i64)> {
    let sql = format!(
        "SELECT {key}, tableoid::BIGINT, xmin::TEXT::BIGINT, \
         (ctid::TEXT::POINT)[0]::BIGINT * 10000 + (ctid::TEXT::POINT)[1]::BIGINT FROM {table}"
    );
    let rows: Vec<(Vec<u8>, i64, i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .fetch_all(pool)
        .await
        .expect("a query");
    let rows = rows.into_iter();
    rows.map(|(key, part, by, at)| (key, (part, by, at)))
        .collect()
}

async fn order_of(pool: &PgPool, sent: &[Sent]) -> Vec<f64> {
    let envelopes = places(pool, "envelope", "id").await;
    let mailboxes = places(pool, "mailbox", "lookup_digest").await;
    let envelopes: Vec<_> = sent
        .iter()
        .map(|sent| envelopes[sent.name.0.as_slice()])
        .collect();
    let mailboxes: Vec<_> = sent
        .iter()
        .map(|sent| mailboxes[sent.mailbox.as_bytes().as_slice()])
        .collect();
    let mut orders = Vec::new();
    for places in [&envelopes, &mailboxes] {
        let by: Vec<_> = places.iter().map(|place| place.1).collect();
        let at: Vec<_> = places.iter().map(|place| (place.0, place.2)).collect();
        orders.extend([concordance(&by), concordance(&at)]);
    }
    orders
}

fn tells_nothing(orders: &[f64], count: usize) {
    for order in orders {
        assert!((order - 0.5).abs() <= by_chance(count), "{orders:?}");
    }
}

/// Neither the numbers of transactions nor the places of rows tell an order, of what came before one round, and of everything
/// when the service has stopped.
#[tokio::test]
async fn numbers_of_transactions_tell_nothing_over_postgresql() {
    let database = fresh_database().await;
    let url = StoreUrl::Postgres(database.clone());
    let pool = PgPool::connect(&database).await.expect("a server");
    let store = open(&url, ROOM).await.expect("a store");
    let mut all = Vec::new();
    for _ in 0..3 {
        let mut came = Vec::new();
        while came.len() < 700 {
            came.push(send(&store, SHORT).await);
        }
        let before = order_of(&pool, &came).await;
        // Each connection fills a page of its own, so that only the numbers tell all of it.
        assert!(before[0] > 0.9 && before[2] > 0.9, "{before:?}");
        assert!(store.forget_order().await.expect("mixed"));
        tells_nothing(&order_of(&pool, &came).await, came.len());
        all.extend(came);
    }
    store.close().await;
    tells_nothing(&order_of(&pool, &all).await, all.len());
}

/// What was moved at once is known by the number of the transaction that moved it.
#[tokio::test]
async fn rows_are_moved_in_pieces_and_tips_are_stored_between_them_over_postgresql() {
    let database = fresh_database().await;
    let url = StoreUrl::Postgres(database.clone());
    let pool = PgPool::connect(&database).await.expect("a server");
    let store = open(&url, ROOM).await.expect("a store");
    let mut sent = send_many(&store, 1200, LONG).await;
    sent.extend(send_many(&store, 1200, SHORT).await);
    let over = AtomicBool::new(false);
    let mixing = async {
        assert!(store.forget_order().await.expect("mixed"));
        over.store(true, Ordering::Relaxed);
    };
    let sending = async {
        let mut meanwhile = Vec::new();
        while !over.load(Ordering::Relaxed) {
            meanwhile.push(send(&store, SHORT).await);
        }
        meanwhile
    };
    let ((), meanwhile) = tokio::join!(mixing, sending);
    let mut pieces = 0;
    for (table, size) in [("envelope", "LENGTH(ciphertext)"), ("mailbox", "1")] {
        let sql = format!(
            "SELECT COUNT(*), SUM({size})::BIGINT FROM {table} WHERE part >= 2 GROUP BY xmin::TEXT"
        );
        let moved: Vec<(i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .fetch_all(&pool)
            .await
            .expect("a query");
        for (rows, bytes) in &moved {
            let rows = usize::try_from(*rows).expect("a count");
            assert!(rows <= PIECE_ROWS, "{rows}");
            let most = PIECE_BYTES + i64::try_from(LONG).expect("small");
            assert!(*bytes <= most, "{bytes}");
        }
        let rows: i64 = moved.iter().map(|(rows, _)| rows).sum();
        assert!(rows >= i64::try_from(sent.len()).expect("few"), "{rows}");
        pieces += moved.len();
    }
    assert!(pieces >= 2 * sent.len() / PIECE_ROWS, "{pieces}");
    assert!(
        meanwhile.len() + 1 >= pieces,
        "one is stored after each piece at least: {} of {pieces}",
        meanwhile.len()
    );
    store.close().await;
}

/// A reader that stays for long, as a backup of the database does, stops neither senders nor the moving, and no stop waits for
/// it; what it held is emptied once it is gone.
#[tokio::test]
async fn a_long_reader_holds_up_no_sender_over_postgresql() {
    let database = fresh_database().await;
    let url = StoreUrl::Postgres(database.clone());
    let pool = PgPool::connect(&database).await.expect("a server");
    let store = open(&url, ROOM).await.expect("a store");
    let mut sent = send_many(&store, 700, SHORT).await;
    let mut reader = pool.begin().await.expect("a transaction");
    sqlx::query("SELECT COUNT(*) FROM envelope")
        .execute(&mut *reader)
        .await
        .expect("a query");
    let mixing = tokio::time::timeout(Duration::from_secs(2), store.forget_order());
    let sending = async { send_many(&store, 100, SHORT).await };
    let (_, meanwhile) = tokio::join!(mixing, sending);
    sent.extend(meanwhile);
    store.close().await;
    reader.rollback().await.expect("it ends");
    let store = open(&url, ROOM).await.expect("a store");
    store.close().await;
    tells_nothing(&order_of(&pool, &sent).await, sent.len());
    for part in [0, 1] {
        let sql = format!("SELECT pg_relation_size('envelope_{part}')");
        let bytes: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&pool)
            .await
            .expect("a query");
        assert_eq!(bytes, 0, "of what arrived in part {part}");
    }
}
