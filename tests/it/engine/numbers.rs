//! Case numbers: all different also under load, and no tip without one; the same for the same envelope; older ones kept.

use super::{CaseNumber, Office, OfficeError, cases, office, sample_tips, staff};
use crate::support::postgres;
use futures_util::future::join_all;
use mifeng_opening::Identity;
use mifeng_triage::casework;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::CaseId;
use mifeng_triage::search::Query;
use mifeng_triage::store::{Renumbered, TriageStore};
use mifeng_triage::views;
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
            tokio::spawn(async move { ingest(&office, &tip).await.expect("stored") })
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
    for number in &distinct {
        assert_eq!(
            CaseNumber::typed(number).0,
            *number,
            "whoever reads it off the page"
        );
        assert!(!CaseNumber::is_counted(number));
    }
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

fn query(typed: &str) -> Query {
    Query::parse(typed).expect("words")
}

fn number(taken: Ingested) -> String {
    match taken {
        Ingested::Case(number) => number,
        other => panic!("{other:?}"),
    }
}

/// An office that lost its database and is given the envelopes again, in another order, with others between them.
async fn a_restored_office_gives_the_same_numbers(
    one: Arc<dyn TriageStore>,
    other: Arc<dyn TriageStore>,
) {
    let key = Identity::generate();
    let tips = sample_tips(&key);
    let first = office(&key, one).await;
    let mut given = Vec::new();
    for (_, _, tip) in &tips {
        given.push(number(ingest(&first, tip).await.expect("stored")));
    }
    let again = office(&key, other).await;
    for (at, (_, _, tip)) in tips.iter().enumerate().rev() {
        let numbered = number(ingest(&again, tip).await.expect("stored"));
        assert_eq!(numbered, given[at]);
    }
}

#[tokio::test]
async fn a_restored_office_gives_the_same_numbers_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    a_restored_office_gives_the_same_numbers(cases(&url("one")).await, cases(&url("other")).await)
        .await;
}

#[tokio::test]
async fn a_restored_office_gives_the_same_numbers_in_postgresql() {
    let one = cases(&postgres::fresh_database().await).await;
    let other = cases(&postgres::fresh_database().await).await;
    a_restored_office_gives_the_same_numbers(one, other).await;
}

/// The cases with numbers of year and counter, as an older program left them.
async fn count_through(store: &dyn TriageStore) -> Vec<(CaseId, String)> {
    let rows = store.cases().await.expect("read");
    let older = rows.iter().enumerate().map(|(n, row)| Renumbered {
        case: row.id,
        old: row.number.clone(),
        numbers: vec![format!("2026-{:04}", n + 1)],
    });
    let older: Vec<_> = older.collect();
    let given = store.renumber(&older).await.expect("stored");
    older.iter().map(|one| one.case).zip(given).collect()
}

async fn older_numbers_lead_to_their_cases(store: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let first = office(&key, Arc::clone(&store)).await;
    for (_, _, tip) in &sample_tips(&key) {
        ingest(&first, tip).await.expect("stored");
    }
    let before = store.cases().await.expect("read");
    let counted = count_through(&*store).await;
    let office = office(&key, Arc::clone(&store)).await;
    let staff = staff();
    let (dispatcher, recused) = (&staff[0], &staff[1]);
    let mut hidden = 0;
    for (case, old) in counted {
        let row = before.iter().find(|row| row.id == case).expect("a case");
        let old = CaseNumber(old);
        let shown = views::case(&office, dispatcher, &old)
            .await
            .expect("it leads there");
        assert_eq!(shown.row.number.0, row.number, "the same as if it were new");
        let current = casework::current_number(&office, dispatcher, old.clone());
        assert_eq!(current.0, row.number);
        let page = views::search(&office, dispatcher, &query(&old.0), 0).await;
        assert_eq!(page.expect("found").lines[0].line.number, current);
        // Whoever may not see the case is led nowhere, by neither number.
        if matches!(
            views::case(&office, recused, &current).await,
            Err(OfficeError::NotYours)
        ) {
            hidden += 1;
            let answer = views::case(&office, recused, &old).await;
            assert!(matches!(answer, Err(OfficeError::NotYours)));
            assert_eq!(casework::current_number(&office, recused, old.clone()), old);
            let page = views::search(&office, recused, &query(&old.0), 0).await;
            assert!(
                page.expect("looked")
                    .lines
                    .iter()
                    .all(|one| one.line.number != current)
            );
        }
    }
    assert!(hidden > 0, "somebody is recused from something");
}

#[tokio::test]
async fn older_numbers_lead_to_their_cases_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("triage.sqlite").display());
    older_numbers_lead_to_their_cases(cases(&url).await).await;
}

#[tokio::test]
async fn older_numbers_lead_to_their_cases_in_postgresql() {
    let url = postgres::fresh_database().await;
    older_numbers_lead_to_their_cases(cases(&url).await).await;
}

/// Where two envelopes would have the same number, the later one's is longer.
async fn a_number_that_is_taken_is_made_longer(store: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let tips = sample_tips(&key);
    let (one, other) = (&tips[0].2, &tips[1].2);
    let first = office(&key, Arc::clone(&store)).await;
    let taken = number(ingest(&first, one).await.expect("stored"));
    let row = store.cases().await.expect("read").remove(0);
    // The number that the other would have.
    let apart = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", apart.path().join("apart.sqlite").display());
    let would_be = office(&key, cases(&url).await).await;
    let would_be = number(ingest(&would_be, other).await.expect("stored"));
    let squeezed = Renumbered {
        case: row.id,
        old: taken,
        numbers: vec![would_be.clone()],
    };
    store.renumber(&[squeezed]).await.expect("stored");
    let longer = number(ingest(&first, other).await.expect("stored"));
    assert_eq!(longer.len(), would_be.len() + 4);
    assert!(longer.starts_with(&would_be[..would_be.len() - 1]));
}

#[tokio::test]
async fn a_number_that_is_taken_is_made_longer_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("triage.sqlite").display());
    a_number_that_is_taken_is_made_longer(cases(&url).await).await;
}

#[tokio::test]
async fn a_number_that_is_taken_is_made_longer_in_postgresql() {
    let url = postgres::fresh_database().await;
    a_number_that_is_taken_is_made_longer(cases(&url).await).await;
}
