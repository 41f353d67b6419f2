//! Who may not see one sees neither; and the store's contract.

use super::{Scene, on_both_stores};
use crate::engine::today;
use mifeng_triage::cases::QueueView;
use mifeng_triage::casework::{self, Shown};
use mifeng_triage::model::{CaseNumber, CaseState};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::{CaseRow, Change, ChangeSet, Pair, TriageStore};
use mifeng_triage::views;
use std::sync::Arc;

/// The supervisor is recused from s09 by name and by school: what holds it is to her as if it were not there.
async fn who_is_recused_from_one_sees_neither(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let supervisor = &scene.staff[1];
    let hidden = &scene.numbers["s09"];
    let missing = CaseNumber("2020-9999".to_owned());
    for other in [hidden, &missing] {
        let compared =
            views::compare(&scene.office, supervisor, &scene.numbers["s33"], other).await;
        assert!(matches!(compared, Err(OfficeError::NotYours)));
        let shown = Shown {
            one: (&scene.numbers["s33"], 1),
            other: (other, 1),
        };
        let joined = casework::join(&scene.office, supervisor, &shown, "同一事件").await;
        assert!(matches!(joined, Err(OfficeError::NotYours)));
        let apart = casework::hold_apart(
            &scene.office,
            supervisor,
            &scene.numbers["s33"],
            other,
            "不同",
        )
        .await;
        assert!(matches!(apart, Err(OfficeError::NotYours)));
    }
    let handler = &scene.staff[4];
    assert!(matches!(
        views::compare(
            &scene.office,
            handler,
            &scene.numbers["s33"],
            &scene.numbers["s01"]
        )
        .await,
        Err(OfficeError::NotYours)
    ));
    scene.join("s33", "s09").await;
    let gone = views::case(&scene.office, supervisor, &scene.numbers["s33"]).await;
    assert!(matches!(gone, Err(OfficeError::NotYours)), "all or nothing");
    let queue = views::queue(&scene.office, supervisor, QueueView::Open).await;
    assert_eq!(queue.expect("the queue").counts.open, 3, "s34, s35, s01");
    scene.split("s33", false).await;
    let file = views::case(&scene.office, supervisor, &scene.numbers["s33"]).await;
    let file = file.expect("hers again");
    assert!(
        file.history
            .iter()
            .all(|line| !line.detail.contains(&hidden.0)),
        "no word of the other"
    );
    assert!(
        scene
            .file("s33")
            .await
            .history
            .iter()
            .any(|line| line.detail.contains(&hidden.0))
    );
}

/// The store's contract: all of it, or nothing.
async fn together_or_not_at_all(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let rows = scene.store.cases().await.expect("read");
    let change = |at: usize, stale: i64| Change {
        case: CaseRow {
            state: CaseState::Accepted,
            changed_day: today(),
            version: rows[at].version - stale,
            ..rows[at].clone()
        },
        met: Vec::new(),
        deadlines: Vec::new(),
        moved: Vec::new(),
        history: Vec::new(),
        messages: Vec::new(),
        outgoing: Vec::new(),
        mail: Vec::new(),
        attachments: Vec::new(),
        rewraps: Vec::new(),
        passing: Vec::new(),
        reply: None,
    };
    let pair = Pair::of(rows[0].id, rows[1].id);
    assert_eq!(pair, Pair::of(rows[1].id, rows[0].id));
    assert_eq!(pair.other(rows[0].id), Some(rows[1].id));
    let mut together = ChangeSet {
        changes: vec![change(0, 0), change(1, 1)],
        apart: vec![(pair, today())],
        ..ChangeSet::default()
    };
    let stored = scene.store.change_together(&together).await;
    assert!(!stored.expect("answered"), "one is stale");
    let after = scene.store.cases().await.expect("read");
    assert!(after.iter().all(|row| row.state == CaseState::Received));
    assert!(scene.store.apart().await.expect("read").is_empty());
    together.changes[1] = change(1, 0);
    assert!(
        scene
            .store
            .change_together(&together)
            .await
            .expect("stored")
    );
    assert_eq!(scene.store.apart().await.expect("read"), [pair]);
    let again = ChangeSet {
        no_longer_apart: vec![pair],
        ..ChangeSet::default()
    };
    assert!(scene.store.change_together(&again).await.expect("stored"));
    assert!(scene.store.apart().await.expect("read").is_empty());
}

on_both_stores! {
    who_is_recused_from_one_sees_neither,
        who_is_recused_from_one_sees_neither_in_sqlite, who_is_recused_from_one_sees_neither_in_postgresql;
    together_or_not_at_all,
        together_or_not_at_all_in_sqlite, together_or_not_at_all_in_postgresql;
}
