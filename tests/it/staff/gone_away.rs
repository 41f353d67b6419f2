//! Somebody asks for a change and is gone before it is done: it is done to its end, and the case can be changed after it.

use super::{Browser, Office};
use crate::support::cutter::Cutter;
use crate::support::postgres;
use reqwest::StatusCode;
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::time::Duration;

/// The database holds the case's row until its sender's line is broken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_done_to_its_end_though_who_asked_for_it_is_gone() {
    let url = postgres::fresh_database().await;
    let office = Office::start_over(Some(url.clone())).await;
    let (number, _) = office
        .case_about("青溪县第三中学", "周末在校外租房补课。")
        .await;
    let supervisor = office.signed_in("supervisor").await;
    let address = office.triage.address.expect("an address");
    let line = Cutter::before(address).await;
    let gone = Browser::new(&format!("http://{}", line.address));
    let page = gone.sign_in("supervisor", super::founding::PASSWORD).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let mut hand = PgConnection::connect(&url).await.expect("the store");
    for round in 0..3 {
        hand.execute("BEGIN").await.expect("begun");
        let row = sqlx::query("SELECT 1 FROM cases WHERE number = $1 FOR UPDATE").bind(&number);
        row.fetch_one(&mut hand).await.expect("the row");
        let path = format!("/en/case/{number}/note");
        let text = format!("note {round} of one who is gone.");
        let form = [("text", text.clone())];
        let asks = gone.try_post(&path, &form);
        let breaks = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            line.reset_all();
        };
        let (answer, ()) = tokio::join!(asks, breaks);
        assert!(answer.is_none(), "the row is held");
        // Long enough for the service to see that nobody is there.
        tokio::time::sleep(Duration::from_millis(300)).await;
        hand.execute("ROLLBACK").await.expect("let go");
        let case = format!("/en/case/{number}");
        let mut tries = 0..50;
        while !supervisor.get(&case).await.text.contains(&text) {
            tries.next().expect("the note was never written");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let after = supervisor
            .post(&path, &[("text", "and another note.")])
            .await;
        assert_eq!(after.status, StatusCode::SEE_OTHER, "{}", after.text);
    }
    office.stop().await;
}
