//! Case numbers under load: all different, and no tip without one.

use super::{CaseNumber, Office, cases, office, sample_tips};
use crate::support::postgres;
use futures_util::future::join_all;
use mifeng::opening::Identity;
use mifeng::triage::pull::Ingested;
use mifeng::triage::store::TriageStore;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Two programs over one store, as when one is started while another still ends, and each is given every tip at once.
async fn a_number_is_given_once(one: Arc<dyn TriageStore>, other: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let tips = sample_tips(&key);
    let offices = [
        office(&key, Arc::clone(&one)).await,
        office(&key, other).await,
    ];
    let takes = |office: Arc<Office>| {
        let arrived: Vec<_> = tips.iter().map(|(_, _, tip)| tip.clone()).collect();
        arrived.into_iter().map(move |tip| {
            let office = Arc::clone(&office);
            tokio::spawn(async move { office.ingest(&tip).await.expect("stored") })
        })
    };
    let all: Vec<_> = offices.into_iter().flat_map(takes).collect();
    let mut given = Vec::new();
    for done in join_all(all).await {
        match done.expect("it ends") {
            Ingested::Case(number) => given.push(CaseNumber(number)),
            Ingested::Known => {}
            other => panic!("{other:?}"),
        }
    }
    let stored = one.cases().await.expect("read");
    let distinct: BTreeSet<_> = stored.iter().map(|row| row.number.clone()).collect();
    assert_eq!(stored.len(), tips.len(), "each tip once");
    assert_eq!(distinct.len(), tips.len(), "each number once");
    let told: BTreeSet<_> = given.iter().map(|number| number.0.clone()).collect();
    assert_eq!((told, given.len()), (distinct.clone(), tips.len()));
    let year = distinct.first().and_then(|number| number.split('-').next());
    let year = year.expect("a year").to_owned();
    let expected: BTreeSet<_> = (1..=tips.len()).map(|n| format!("{year}-{n:04}")).collect();
    assert_eq!(distinct, expected, "and none left out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_number_is_given_once_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("triage.sqlite").display());
    a_number_is_given_once(cases(&url).await, cases(&url).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_number_is_given_once_in_postgresql() {
    let url = postgres::fresh_database().await;
    a_number_is_given_once(cases(&url).await, cases(&url).await).await;
}
