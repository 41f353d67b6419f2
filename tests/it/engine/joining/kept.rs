//! What each tip keeps when it is joined, and has again when it is split.

use super::{Scene, TOLD, on_both_stores};
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Status};
use mifeng_triage::cases::{CaseFile, QueueView};
use mifeng_triage::casework;
use mifeng_triage::model::{CaseState, Conclusion, Finding, MemberId, Outcome};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use std::collections::BTreeMap;
use std::sync::Arc;

const QUESTION: &str = "请问是哪一天？";

async fn joined_tips_keep_what_is_theirs(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let proposed = scene.file("s35").await.alike;
    assert!(
        proposed
            .iter()
            .any(|it| it.number == scene.numbers["s33"] && it.is_proposed())
    );
    let before = [scene.mailbox("s33").await, scene.mailbox("s35").await];
    assert_eq!([before[0].len(), before[1].len()], [1, 1]);
    let lead = scene.join("s35", "s33").await;
    assert_eq!(lead, scene.numbers["s33"], "the older one leads");
    let file = scene.file("s35").await;
    assert_eq!(file.row.number, lead);
    let told: Vec<_> = file.tips.iter().map(|tip| tip.number.clone()).collect();
    assert_eq!(told, [lead.clone(), scene.numbers["s35"].clone()]);
    assert_eq!(scene.rows(QueueView::Open).await.len(), TOLD.len() - 1);
    for (id, before) in ["s33", "s35"].into_iter().zip(before) {
        assert_eq!(scene.mailbox(id).await, before, "nobody is told of it");
        let own = file
            .deadlines
            .iter()
            .filter(|it| it.number == scene.numbers[id]);
        assert!(own.count() > 0, "its own deadlines");
    }

    // What is decided reaches each, what is asked the one it is asked of.
    let scene = scene.restarted().await;
    scene.accept("s35").await;
    let nobody =
        casework::write_to_reporter(&scene.office, scene.dispatcher(), &lead, None, QUESTION).await;
    assert!(matches!(nobody, Err(OfficeError::NotPossible)), "to whom?");
    casework::write_to_reporter(
        &scene.office,
        scene.dispatcher(),
        &lead,
        Some(&scene.numbers["s35"]),
        QUESTION,
    )
    .await
    .expect("sent");
    let conclusion = Conclusion {
        findings: vec![Finding::of_the_only_one(Outcome::Upheld)],
        answer_to_reporter: "查实了。".to_owned(),
        own_answers: BTreeMap::from([(
            scene.numbers["s35"].clone(),
            "您问的也查实了。".to_owned(),
        )]),
        reason: "证据充分".to_owned(),
    };
    scene.conclude("s33", conclusion).await;
    assert_eq!(texts(&scene, "s33").await, expected(&[], "查实了。"));
    assert_eq!(
        texts(&scene, "s35").await,
        expected(&[QUESTION], "您问的也查实了。")
    );
    let file = scene.restarted().await.file("s33").await;
    assert!(
        file.deadlines
            .iter()
            .all(|deadline| deadline.met_day.is_some())
    );
    assert_eq!(file.messages.len(), 3);
}

type Told = (u32, MessageKind, Status, String);

async fn texts(scene: &Scene, id: &str) -> Vec<Told> {
    let told = scene.mailbox(id).await.into_iter();
    told.map(|it| (it.sequence, it.kind, it.status, it.text.clone()))
        .collect()
}

/// What a reporter reads from receipt to answer, with what was asked in between.
fn expected(questions: &[&str], answer: &str) -> Vec<Told> {
    let mut all = vec![
        (MessageKind::Status, Status::Received, ""),
        (MessageKind::Status, Status::Accepted, ""),
    ];
    let questions = questions.iter();
    all.extend(questions.map(|it| (MessageKind::Message, Status::Accepted, *it)));
    all.push((MessageKind::Result, Status::Concluded, answer));
    let all = (1..).zip(all);
    all.map(|(sequence, (kind, status, text))| (sequence, kind, status, text.to_owned()))
        .collect()
}

async fn splitting_gives_each_back(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let handlers = [
        scene.file("s33").await.handler_id,
        scene.file("s01").await.handler_id,
    ];
    assert_ne!(handlers[0], handlers[1]);
    assert_eq!(scene.join("s33", "s01").await, scene.numbers["s01"]);
    scene.join("s34", "s01").await;
    let scene = scene.restarted().await;
    let whole = scene.file("s33").await;
    assert_eq!(whole.tips.len(), 3);
    assert_eq!(whole.handler_id, handlers[1], "that of the case that leads");
    scene.accept("s01").await;
    scene.split("s33", false).await;
    let (one, other) = (scene.file("s01").await, scene.file("s33").await);
    assert_eq!([one.tips.len(), other.tips.len()], [2, 1]);
    assert_eq!([other.handler_id, one.handler_id], handlers);
    assert_eq!(
        other.row.state,
        CaseState::Accepted,
        "as its reporter knows"
    );
    let keys: Vec<_> = other.history.iter().map(|it| it.note.code()).collect();
    assert_eq!(keys, ["received", "joined", "accepted", "split"]);
    let scene = scene.restarted().await;
    assert_eq!(scene.rows(QueueView::Open).await.len(), TOLD.len() - 1);
    let lone = scene.file("s33").await;
    let refused = casework::split(
        &scene.office,
        scene.dispatcher(),
        &scene.numbers["s33"],
        lone.version,
        false,
        "并错了",
    )
    .await;
    assert!(matches!(refused, Err(OfficeError::NotPossible)));
    let rest = scene.file("s01").await.tips;
    assert!(rest.iter().all(|tip| tip.number != scene.numbers["s33"]));
}

/// Three handled together; the one that leads leaves: the next oldest leads the other two, and nobody is told.
async fn the_leading_one_leaves(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    assert_eq!(scene.join("s33", "s35").await, scene.numbers["s33"]);
    assert_eq!(scene.join("s34", "s33").await, scene.numbers["s33"]);
    scene.accept("s33").await;
    let handler = scene.file("s33").await.handler_id;
    let mut before = Vec::new();
    for id in THREE {
        before.push((scene.mailbox(id).await, own_deadlines(&scene, id).await));
    }
    let scene = scene.restarted().await;
    scene.split("s33", true).await;
    leads_no_more(&scene, handler, &before).await;
    let scene = scene.restarted().await;
    leads_no_more(&scene, handler, &before).await;

    // Each is answered by itself, and the two that are left can be split again.
    let answer = |text: &str| Conclusion {
        findings: vec![Finding::of_the_only_one(Outcome::Upheld)],
        answer_to_reporter: text.to_owned(),
        own_answers: BTreeMap::new(),
        reason: "证据充分".to_owned(),
    };
    scene.conclude("s33", answer("您一人的答复。")).await;
    scene.conclude("s35", answer("两件的答复。")).await;
    assert_eq!(texts(&scene, "s33").await, expected(&[], "您一人的答复。"));
    for id in ["s34", "s35"] {
        assert_eq!(
            texts(&scene, id).await,
            expected(&[], "两件的答复。"),
            "{id}"
        );
    }
    scene.split("s34", false).await;
    for id in ["s34", "s35"] {
        assert_eq!(scene.file(id).await.row.number, scene.numbers[id], "{id}");
    }
}

/// s33 stands by itself; s34 leads s35; all else is as it was.
async fn leads_no_more(
    scene: &Scene,
    handler: Option<MemberId>,
    before: &[(Vec<MailboxMessage>, Vec<String>)],
) {
    let (alone, others) = (scene.file("s33").await, scene.file("s35").await);
    assert_eq!(alone.row.number, scene.numbers["s33"]);
    assert_eq!(alone.tips.len(), 1);
    let told: Vec<_> = others.tips.iter().map(|tip| tip.number.clone()).collect();
    assert_eq!(
        told,
        [scene.numbers["s34"].clone(), scene.numbers["s35"].clone()]
    );
    assert_eq!(others.row.number, scene.numbers["s34"], "the next oldest");
    assert_eq!([alone.handler_id, others.handler_id], [handler, handler]);
    assert_eq!(alone.row.state, CaseState::Accepted);
    assert_eq!(others.row.state, CaseState::Accepted);
    let last = |file: &CaseFile| file.history.iter().map(|line| line.note.code()).next_back();
    assert_eq!(last(&alone), Some("split"));
    assert_eq!(last(&others), Some("leads"));
    for (id, (mailbox, deadlines)) in THREE.into_iter().zip(before) {
        assert_eq!(scene.mailbox(id).await, *mailbox, "{id}: nobody is told");
        assert_eq!(
            own_deadlines(scene, id).await,
            *deadlines,
            "{id}: its own deadlines"
        );
    }
    assert!(
        alone.alike.iter().all(|one| !one.is_proposed()),
        "held apart"
    );
}

const THREE: [&str; 3] = ["s33", "s34", "s35"];

/// The deadlines of a tip, as each is handled with others or not.
async fn own_deadlines(scene: &Scene, id: &str) -> Vec<String> {
    let file = scene.file(id).await;
    let own = file
        .deadlines
        .iter()
        .filter(|deadline| deadline.number == scene.numbers[id]);
    let mut own: Vec<_> = own
        .map(|deadline| {
            format!(
                "{} {:?} {:?} {:?}",
                deadline.rule, deadline.start_day, deadline.due_day, deadline.met_day
            )
        })
        .collect();
    own.sort();
    own
}

on_both_stores! {
    joined_tips_keep_what_is_theirs,
        joined_tips_keep_what_is_theirs_in_sqlite, joined_tips_keep_what_is_theirs_in_postgresql;
    splitting_gives_each_back,
        splitting_gives_each_back_in_sqlite, splitting_gives_each_back_in_postgresql;
    the_leading_one_leaves,
        the_leading_one_leaves_in_sqlite, the_leading_one_leaves_in_postgresql;
}
