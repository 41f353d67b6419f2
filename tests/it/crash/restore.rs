//! An old copy of triage's store put back, under the policy that intake deletes after a backup only.

use super::place::{Place, SLUG, digest_of};
use async_trait::async_trait;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_foundation::storage::{StoreError, sqlite_options};
use mifeng_sealing::relay::ListState;
use mifeng_triage::deadlines::DeadlineRules;
use mifeng_triage::engine::open_stores;
use mifeng_triage::ingest::Relay;
use mifeng_triage::model::Member;
use mifeng_triage::office::{Office, Parts};
use mifeng_triage::routing::Rules;
use mifeng_triage::staff::Directory;
use mifeng_triage::store::TriageStore;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;
use std::path::Path;
use std::sync::Arc;

const RULES: &str = include_str!("../../../deploy/routing.toml");

struct NoStaff;

#[async_trait]
impl Directory for NoStaff {
    async fn members(&self) -> Result<Vec<Member>, StoreError> {
        Ok(Vec::new())
    }
}

async fn office(place: &Place, store: &str) -> (Office, Arc<dyn TriageStore>) {
    let url = format!("sqlite:{}", place.path(store).display());
    let store = open_stores(&url.parse().expect("a URL"))
        .await
        .expect("a store")
        .cases;
    let parts = Parts {
        slug: SLUG.to_owned(),
        zone: crate::support::office_zone(),
        identity: place.identity(),
        store: Arc::clone(&store),
        directory: Arc::new(NoStaff),
        rules: Rules::parse(RULES).expect("the sample"),
        deadline_rules: DeadlineRules::embedded(),
        parent: None,
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
    };
    (Office::load(parts).await.expect("the cases load"), store)
}

async fn copy(from: &Path, to: &Path) {
    let mut connection = SqliteConnection::connect_with(&sqlite_options(from))
        .await
        .expect("the store opens");
    sqlx::query("VACUUM INTO ?")
        .bind(to.display().to_string())
        .execute(&mut connection)
        .await
        .expect("copied");
    connection.close().await.expect("closed");
}

/// Tips in the copy, and tips that came after it.
const BEFORE: usize = 20;
const AFTER: usize = 100;

async fn submit_some(place: &Place, codes: &mut Vec<String>, count: usize) {
    for _ in 0..count {
        let text = format!("第{}封：寒假补课收费。", codes.len());
        codes.push(place.submit(&text).await.expect("an answer"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_copy_gets_every_tip_once() {
    let place = Place::make();
    let intake = place.start_intake().await;
    let relay = Relay::new(place.relay_client(), place.relay_url.clone(), true);
    let mut codes = Vec::new();
    submit_some(&place, &mut codes, BEFORE).await;
    let (first, _) = office(&place, "triage.sqlite").await;
    let new = relay
        .exchange(&first, ListState::Held)
        .await
        .expect("pulled");
    assert_eq!(new, BEFORE);
    copy(&place.path("triage.sqlite"), &place.path("copy.sqlite")).await;
    submit_some(&place, &mut codes, AFTER).await;
    let new = relay
        .exchange(&first, ListState::Waiting)
        .await
        .expect("pulled");
    assert_eq!((new, place.waiting().await), (AFTER, 0));
    drop(first);

    let (restored, store) = office(&place, "copy.sqlite").await;
    let new = relay
        .exchange(&restored, ListState::Held)
        .await
        .expect("pulled");
    assert_eq!(
        new, AFTER,
        "what came after the copy comes again, the rest does not"
    );
    let new = relay
        .exchange(&restored, ListState::Held)
        .await
        .expect("pulled");
    assert_eq!(new, 0);
    assert_eq!(store.tips(None).await.expect("read").len(), BEFORE + AFTER);
    assert_eq!(store.cases().await.expect("read").len(), BEFORE + AFTER);
    for code in &codes {
        let tip = store.tip_of_mailbox(digest_of(code)).await.expect("read");
        assert!(tip.is_some(), "a code leads to its tip");
        let mailbox = place.pick_up(code).await;
        assert_eq!(mailbox["status"], "received", "{mailbox}");
    }
    drop(intake);
    assert_eq!(place.message_counts(&codes).await, vec![1; BEFORE + AFTER]);
}
