//! Sketches at rest: rows of one size with nothing in common, and damaged ones made anew from their tips.

use super::{cases, office, sample_tips, staff};
use crate::support::postgres;
use mifeng_opening::Identity;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::CaseNumber;
use mifeng_triage::office::Office;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Two copies of one text (s15, s16), two others about one incident, and another.
const TOLD: [&str; 5] = ["s15", "s16", "s33", "s35", "s01"];

async fn filled(key: &Identity, store: &Arc<dyn TriageStore>) -> HashMap<String, CaseNumber> {
    let office = office(key, Arc::clone(store)).await;
    let mut numbers = HashMap::new();
    for (id, _, envelope) in sample_tips(key) {
        if TOLD.contains(&id.as_str()) {
            let Ingested::Case(number) = ingest(&office, &envelope).await.expect("stored") else {
                panic!("no case of {id}");
            };
            numbers.insert(id, CaseNumber(number));
        }
    }
    numbers
}

/// Bytes that stand side by side, eight at a time: by chance two rows have none in common.
fn windows(bytes: &[u8]) -> HashSet<&[u8]> {
    bytes.windows(8).collect()
}

async fn a_dump_tells_no_copy(store: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let numbers = filled(&key, &store).await;
    let rows = store.tips(None).await.expect("read");
    let sizes: HashSet<_> = rows.iter().map(|row| row.sketch.len()).collect();
    assert_eq!(sizes, HashSet::from([1104]), "one size");
    let cases = store.cases().await.expect("read");
    let row = |id: &str| {
        let case = cases.iter().find(|case| case.number == numbers[id].0);
        let case = case.expect("stored");
        let tip = rows.iter().find(|row| row.case == case.id);
        (case, tip.expect("stored"))
    };
    let ((case, tip), (other_case, other_tip)) = (row("s15"), row("s16"));
    // The words of an age file's header are the same in every one; behind its last line come nonce and ciphertext.
    let body = |sealed: &[u8]| {
        let header = sealed.windows(5).position(|it| it == b"\n--- ");
        sealed[header.expect("an age file") + 5 + 43 + 1..].to_vec()
    };
    let columns = [
        (tip.sketch.clone(), other_tip.sketch.clone()),
        (body(&tip.sealed), body(&other_tip.sealed)),
        (body(&case.summary), body(&other_case.summary)),
        (
            body(&case.wrapped_identity),
            body(&other_case.wrapped_identity),
        ),
        (tip.id.to_vec(), other_tip.id.to_vec()),
        (
            tip.content.as_bytes().to_vec(),
            other_tip.content.as_bytes().to_vec(),
        ),
        (
            tip.mailbox.as_bytes().to_vec(),
            other_tip.mailbox.as_bytes().to_vec(),
        ),
    ];
    for (at, (one, other)) in columns.iter().enumerate() {
        assert!(
            windows(one).is_disjoint(&windows(other)),
            "column {at} of two copies has bytes in common"
        );
    }
    // The check itself finds what is the same.
    assert!(!windows(&tip.sketch).is_disjoint(&windows(&tip.sketch[500..])));
}

async fn a_damaged_sketch_is_made_anew(store: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let numbers = filled(&key, &store).await;
    let before = office(&key, Arc::clone(&store)).await;
    assert_eq!(views::rebuilt_sketches(&before), 0);
    let alike = |office: Arc<Office>| {
        let number = numbers["s35"].clone();
        async move {
            let file = views::case(&office, &staff()[0], &number)
                .await
                .expect("a case");
            let alike = file.alike.into_iter();
            alike
                .map(|it| (it.number, it.compared.tier))
                .collect::<Vec<_>>()
        }
    };
    let expected = alike(before).await;
    assert!(expected.iter().any(|(number, _)| *number == numbers["s33"]));
    let rows = store.tips(None).await.expect("read");
    let mut flipped = rows[0].sketch.clone();
    flipped[700] ^= 1;
    let damage = [
        (rows[0].id, flipped),
        (rows[1].id, rows[2].sketch.clone()),
        (rows[3].id, Vec::new()),
    ];
    for (tip, sketch) in &damage {
        store.replace_sketch(*tip, sketch).await.expect("replaced");
    }
    let restored = office(&key, Arc::clone(&store)).await;
    assert_eq!(views::rebuilt_sketches(&restored), damage.len(), "told");
    assert_eq!(alike(restored).await, expected, "compared as before");
    let rows = store.tips(None).await.expect("read");
    assert!(rows.iter().all(|row| row.sketch.len() == 1104));
    let again = office(&key, store).await;
    assert_eq!(views::rebuilt_sketches(&again), 0, "mended for good");
}

#[tokio::test]
async fn a_dump_of_sqlite_tells_no_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    a_dump_tells_no_copy(cases(&format!("sqlite:{}", path.display())).await).await;
}

#[tokio::test]
async fn a_dump_of_postgresql_tells_no_copy() {
    a_dump_tells_no_copy(cases(&postgres::fresh_database().await).await).await;
}

#[tokio::test]
async fn a_damaged_sketch_is_made_anew_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    a_damaged_sketch_is_made_anew(cases(&format!("sqlite:{}", path.display())).await).await;
}

#[tokio::test]
async fn a_damaged_sketch_is_made_anew_in_postgresql() {
    a_damaged_sketch_is_made_anew(cases(&postgres::fresh_database().await).await).await;
}
