//! Who recuses himself has nothing to do with the case from then on, whatever else is changed.

use super::{REASON, Scene};
use crate::engine::joining::on_both_stores;
use mifeng_triage::casework;
use mifeng_triage::model::Viewer;
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;

async fn whoever_steps_aside_loses_the_case(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case("英语老师课后收费补课").await;
    let file = scene.file(&case).await;
    let handler = scene.handler(&case).await;
    let (office, number) = (&scene.office, &case.number);
    let step = |who: &Viewer, version, reason: &'static str| {
        let who = who.clone();
        async move { casework::recuse_oneself(office, &who, number, version, reason).await }
    };
    let unsaid = step(handler, file.version, " ").await;
    assert!(matches!(unsaid, Err(OfficeError::BadText("reason"))));
    let stale = step(handler, file.version - 1, REASON).await;
    assert!(matches!(stale, Err(OfficeError::Changed)));
    step(handler, file.version, REASON).await.expect("recused");

    let gone = views::case(office, handler, number).await;
    assert!(matches!(gone, Err(OfficeError::NotYours)));
    let after = scene.file(&case).await;
    assert!(after.handler_id.is_some_and(|next| next != handler.id));
    assert!(!after.readers.contains(&handler.name));
    let line = after
        .history
        .iter()
        .find(|line| line.note.code() == "recused-oneself");
    assert_eq!(line.expect("a line").detail, REASON);
    let offered = casework::candidates(office, scene.dispatcher(), number)
        .await
        .expect("some");
    let offered: Vec<_> = offered
        .iter()
        .filter(|one| one.standing.is_free())
        .collect();
    assert!(!offered.is_empty() && offered.iter().all(|one| one.id != handler.id));
    let back = casework::assign(
        office,
        scene.dispatcher(),
        number,
        after.version,
        handler.id,
        REASON,
    );
    assert!(matches!(back.await, Err(OfficeError::NotPossible)));
    let wraps = scene.store.wraps_of(handler.id).await.expect("read");
    assert!(wraps.is_empty(), "no key of it is left");

    // A supervisor may as well; the handler stays who she is.
    step(scene.supervisor(), after.version, REASON)
        .await
        .expect("recused");
    let last = scene.file(&case).await;
    assert_eq!(last.handler_id, after.handler_id);
    let office = crate::engine::office(&scene.key, Arc::clone(&scene.store)).await;
    let office = office;
    for gone in [handler, scene.supervisor()] {
        let seen = views::case(&office, gone, number).await;
        assert!(
            matches!(seen, Err(OfficeError::NotYours)),
            "after a start too"
        );
    }
}

on_both_stores! {
    whoever_steps_aside_loses_the_case, whoever_steps_aside_loses_the_case_in_sqlite,
        whoever_steps_aside_loses_the_case_in_postgresql;
}
