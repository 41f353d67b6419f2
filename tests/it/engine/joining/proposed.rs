//! What is proposed to whom: held apart and not proposed again, first where it is handled, and where a case was closed.

use super::{Scene, on_both_stores};
use crate::engine::conclude;
use mifeng_sealing::tip::Status;
use mifeng_triage::cases::CaseFile;
use mifeng_triage::casework;
use mifeng_triage::model::{CaseState, Conclusion, Finding, Outcome};
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::collections::BTreeMap;
use std::sync::Arc;

async fn what_is_held_apart_is_not_proposed_again(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let is_proposed =
        |file: &CaseFile, id: &str| file.alike.iter().any(|it| it.number == scene.numbers[id]);
    assert!(is_proposed(&scene.file("s35").await, "s33"));
    casework::hold_apart(
        &scene.office,
        scene.dispatcher(),
        &scene.numbers["s35"],
        &scene.numbers["s33"],
        "不是同一机构",
    )
    .await
    .expect("noted");
    let numbers = scene.numbers.clone();
    let scene = scene.restarted().await;
    for (id, other) in [("s35", "s33"), ("s33", "s35")] {
        let file = scene.file(id).await;
        assert!(file.alike.iter().all(|it| it.number != numbers[other]));
        assert_eq!(
            file.held_apart,
            [(numbers[id].clone(), numbers[other].clone())]
        );
        let line = file.history.last().expect("a line");
        assert_eq!(line.note.code(), "held-apart");
        assert!(line.detail.ends_with("不是同一机构"));
    }
    // Whoever joins them after all has changed her mind.
    scene.join("s33", "s35").await;
    scene.split("s35", false).await;
    assert!(scene.file("s35").await.held_apart.is_empty());
    scene.join("s33", "s35").await;
    scene.split("s35", true).await;
    assert_eq!(scene.file("s35").await.held_apart.len(), 1);
}

async fn a_new_tip_is_proposed_where_its_mates_are_handled(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    scene.join("s33", "s34").await;
    scene.accept("s33").await;
    let file = scene.file("s35").await;
    let first = file.alike.first().expect("a proposal");
    assert_eq!(first.case(), &scene.numbers["s33"]);
    assert_eq!((first.tips, first.is_running()), (2, true));
    let of_it = file.alike.iter().filter(|it| it.case() == first.case());
    assert_eq!(of_it.count(), 1, "one proposal for the case");
    // Joined, it is accepted like any other; nobody else hears anything.
    let before = scene.mailbox("s33").await;
    scene.join("s35", "s33").await;
    let told = scene.mailbox("s35").await;
    assert_eq!(told.last().map(|it| it.status), Some(Status::Accepted));
    assert_eq!(scene.mailbox("s33").await, before);
}

async fn new_facts_open_a_closed_case_again(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    conclude(&scene.office, scene.dispatcher(), &scene.numbers["s33"]).await;
    let compared = views::compare(
        &scene.office,
        scene.dispatcher(),
        &scene.numbers["s35"],
        &scene.numbers["s33"],
    )
    .await
    .expect("both open");
    assert_eq!(compared.reopens(), Some(&scene.numbers["s33"]));
    let before = scene.mailbox("s33").await;
    assert_eq!(scene.join("s35", "s33").await, scene.numbers["s33"]);
    let file = scene.file("s33").await;
    assert!(file.reopened && file.row.state == CaseState::Received);
    assert!(file.row.due_day.is_some(), "a deadline runs");
    assert!(
        file.history
            .iter()
            .any(|line| line.note.code() == "reopened")
    );
    scene.accept("s33").await;
    let conclusion = Conclusion {
        findings: vec![Finding::of_the_only_one(Outcome::PartlyUpheld)],
        answer_to_reporter: "新情况部分属实。".to_owned(),
        own_answers: BTreeMap::new(),
        reason: "补充核实".to_owned(),
    };
    scene.conclude("s33", conclusion).await;
    assert_eq!(scene.mailbox("s33").await, before, "its answer was given");
    let told = scene.mailbox("s35").await;
    assert_eq!(
        told.last().map(|it| it.text.as_str()),
        Some("新情况部分属实。")
    );
    let file = scene.restarted().await.file("s33").await;
    assert!(file.row.state == CaseState::Concluded && !file.reopened);
    let outcomes: Vec<_> = file.tips.iter().filter_map(|tip| tip.outcome).collect();
    assert_eq!(outcomes, [Outcome::Upheld, Outcome::PartlyUpheld]);
}

on_both_stores! {
    what_is_held_apart_is_not_proposed_again,
        what_is_held_apart_stays_apart_in_sqlite, what_is_held_apart_stays_apart_in_postgresql;
    a_new_tip_is_proposed_where_its_mates_are_handled,
        a_new_tip_is_proposed_to_its_mates_in_sqlite, a_new_tip_is_proposed_to_its_mates_in_postgresql;
    new_facts_open_a_closed_case_again,
        new_facts_open_a_closed_case_in_sqlite, new_facts_open_a_closed_case_in_postgresql;
}
