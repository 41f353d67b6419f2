//! Who holds which key while cases are joined and split, and when a reporter names someone.

use super::{Scene, on_both_stores};
use mifeng_sealing::tip::Said;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::{AuditQuery, MemberId};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who holds the key of the tip's own case.
async fn holders(scene: &Scene, id: &str) -> BTreeSet<MemberId> {
    let cases = scene.store.cases().await.expect("read");
    let case = cases.iter().find(|row| row.number == scene.numbers[id].0);
    let case = case.expect("a case").id;
    let holders = scene.store.holders().await.expect("read").into_iter();
    let of_case = holders.filter(|(one, _)| *one == case);
    of_case.map(|(_, member)| member).collect()
}

/// The key of a joined case is sealed to the one that leads and to nobody: who is recused from one holds neither.
async fn joining_moves_keys(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let (dispatcher, supervisor) = (scene.staff[0].id, scene.staff[1].id);
    let before = holders(&scene, "s33").await;
    assert!(before.contains(&dispatcher) && before.contains(&supervisor));
    let recused = holders(&scene, "s09").await;
    assert!(recused.contains(&dispatcher) && !recused.contains(&supervisor));
    let lead = scene.join("s33", "s09").await;
    let (leads, joined) = if lead == scene.numbers["s33"] {
        ("s33", "s09")
    } else {
        ("s09", "s33")
    };
    assert!(!holders(&scene, leads).await.contains(&supervisor));
    assert!(holders(&scene, leads).await.contains(&dispatcher));
    assert!(holders(&scene, joined).await.is_empty());
    let scene = scene.restarted().await;
    assert!(
        holders(&scene, joined).await.is_empty(),
        "nothing to put right"
    );
    scene.split(joined, false).await;
    assert_eq!(holders(&scene, "s33").await, before);
    assert_eq!(holders(&scene, "s09").await, recused);
}

/// The one that leads leaves: whoever held the key of all three holds the key of the one that leads now, and of the third
/// nobody holds it; who is recused from the one that left has the others again.
async fn the_next_to_lead_gets_the_keys(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let (dispatcher, supervisor) = (scene.staff[0].id, scene.staff[1].id);
    let alone = holders(&scene, "s09").await;
    assert!(!alone.contains(&supervisor), "recused from s09");
    scene.accept("s09").await;
    for id in ["s33", "s34"] {
        assert_eq!(scene.join("s09", id).await, scene.numbers["s09"]);
    }
    for id in ["s33", "s34"] {
        assert!(holders(&scene, id).await.is_empty());
    }
    scene.split("s09", false).await;
    let check = async |scene: &Scene| {
        let led = holders(scene, "s33").await;
        assert!(led.contains(&dispatcher) && led.contains(&supervisor));
        assert!(holders(scene, "s34").await.is_empty());
        assert_eq!(holders(scene, "s09").await, alone);
        for id in ["s33", "s34"] {
            let file = views::case(&scene.office, &scene.staff[1], &scene.numbers[id]).await;
            assert_eq!(file.expect("hers again").tips.len(), 2);
        }
        let gone = views::case(&scene.office, &scene.staff[1], &scene.numbers["s09"]).await;
        assert!(matches!(gone, Err(OfficeError::NotYours)));
    };
    check(&scene).await;
    check(&scene.restarted().await).await;
}

/// A reporter who comes back names the supervisor: from then on she cannot open the case, and the case says so.
async fn who_is_named_later_loses_the_key(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let supervisor = &scene.staff[1];
    let number = &scene.numbers["s33"];
    views::case(&scene.office, supervisor, number)
        .await
        .expect("hers");
    let text = format!("{}也收了钱", supervisor.name);
    let said = Said::Addition { text };
    let envelope = crate::engine::said(&scene.key, &scene.reporters["s33"], said);
    let ingested = ingest(&scene.office, &envelope).await.expect("stored");
    assert_eq!(ingested, Ingested::Reply);
    let gone = views::case(&scene.office, supervisor, number).await;
    assert!(matches!(gone, Err(OfficeError::NotYours)));
    assert!(!holders(&scene, "s33").await.contains(&supervisor.id));
    let file = scene.file("s33").await;
    let line = file
        .history
        .iter()
        .find(|line| line.note.code() == "key-taken");
    assert_eq!(line.expect("a line").detail, supervisor.name);
    // When the reporter wrote is told by nothing else.
    let rows = scene
        .office
        .audit_log()
        .rows(AuditQuery::default(), 100)
        .await;
    let taken = rows.expect("read");
    assert!(taken.iter().all(|row| row.link.kind != "key-taken"));
}

on_both_stores! {
    joining_moves_keys, joining_moves_keys_in_sqlite, joining_moves_keys_in_postgresql;
    the_next_to_lead_gets_the_keys, the_next_to_lead_gets_the_keys_in_sqlite,
        the_next_to_lead_gets_the_keys_in_postgresql;
    who_is_named_later_loses_the_key, who_is_named_later_loses_the_key_in_sqlite,
        who_is_named_later_loses_the_key_in_postgresql;
}
