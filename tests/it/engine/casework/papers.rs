//! Notes, evidence, interviews, tasks and drafts: sealed to the case, whole after a restart, wrong ones told by field.

use super::{Scene, conclusion, grounds, on_both_stores};
use crate::engine::today;
use mifeng_triage::cases::QueueView;
use mifeng_triage::casework;
use mifeng_triage::model::{CaseState, MemberId, NewPaper, PaperContent, PaperKind};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;

const WORDS: &str = "银杏巷十二号三楼";

on_both_stores! {
    kept, papers_are_kept_sealed_in_sqlite, papers_are_kept_sealed_in_postgresql;
    unsound, an_unsound_paper_names_its_field_in_sqlite, an_unsound_paper_names_its_field_in_postgresql;
    tasks, tasks_stand_in_their_members_queue_in_sqlite, tasks_stand_in_their_members_queue_in_postgresql;
    drafts, a_draft_is_its_writers_until_sent_in_sqlite, a_draft_is_its_writers_until_sent_in_postgresql;
}

fn note(text: &str) -> NewPaper {
    NewPaper::Note {
        text: text.to_owned(),
    }
}

fn task(member: u8, due: i32, text: &str) -> NewPaper {
    NewPaper::Task {
        member: Some(MemberId([member; 16])),
        due_day: Some(today().plus_days(due)),
        text: text.to_owned(),
    }
}

fn evidence(place: &str, sha256: &str) -> NewPaper {
    NewPaper::Evidence {
        what: format!("收据三张，{WORDS}"),
        place: place.to_owned(),
        file: None,
        sha256: sha256.to_owned(),
    }
}

fn interview(held: i32) -> NewPaper {
    NewPaper::Interview {
        with: "家长甲".to_owned(),
        place: String::new(),
        held_day: Some(today().plus_days(held)),
        text: format!("每周六在{WORDS}"),
    }
}

async fn kept(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case("周六补课").await;
    let (actor, number) = (scene.handler(&case).await, &case.number);
    let sum = "AB".repeat(32);
    for paper in [
        note(WORDS),
        evidence("监察室铁柜", &sum),
        interview(0),
        evidence("同上", ""),
    ] {
        casework::write_paper(&scene.office, actor, number, paper)
            .await
            .expect("written");
    }
    let row = scene.store.cases().await.expect("read").remove(0);
    for paper in scene.store.papers(row.id).await.expect("read") {
        let sealed = &paper.sealed;
        assert!(sealed.starts_with(b"age-encryption.org"));
        assert!(
            !sealed
                .windows(WORDS.len())
                .any(|part| part == WORDS.as_bytes())
        );
    }
    let again = Scene {
        office: super::office(&scene.key, Arc::clone(&scene.store)).await,
        ..scene
    };
    let papers = again.file(&case).await.papers;
    assert_eq!(papers.len(), 4);
    let PaperContent::Evidence { sha256, .. } = &papers[1].says else {
        panic!("{:?}", papers[1].says.kind());
    };
    assert_eq!(*sha256, sum.to_lowercase());
    assert_eq!(
        (papers[1].number, papers[3].number),
        (1, 2),
        "numbered in the register"
    );
    assert!(matches!(&papers[0].says, PaperContent::Note { text } if text == WORDS));
    let handler = again.handler(&case).await.id;
    let mut staff = again.staff.iter();
    let other =
        staff.find(|one| !one.role.sees_all_cases() && one.role.reads_tips() && one.id != handler);
    let other = other.expect("another investigator");
    let refused = casework::write_paper(&again.office, other, &case.number, note("别人的")).await;
    assert!(matches!(refused, Err(OfficeError::NotYours)));
}

async fn unsound(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case("周六补课").await;
    let wrong = [
        ("text", note("  ")),
        ("text", note(&"长".repeat(20_001))),
        (
            "what",
            NewPaper::Evidence {
                what: String::new(),
                place: "柜".to_owned(),
                file: None,
                sha256: String::new(),
            },
        ),
        ("place", evidence(" ", "")),
        ("sha256", evidence("柜", "12ab")),
        (
            "file",
            NewPaper::Evidence {
                what: "附件".to_owned(),
                place: String::new(),
                file: Some([7; 16]),
                sha256: String::new(),
            },
        ),
        ("held", interview(1)),
        ("due", task(1, -1, "去看")),
        ("member", task(3, 1, "管理员看不到举报")),
        ("text", task(1, 1, "")),
    ];
    for (field, paper) in wrong {
        let said = format!("{paper:?}");
        let refused =
            casework::write_paper(&scene.office, scene.dispatcher(), &case.number, paper).await;
        assert!(
            matches!(refused, Err(OfficeError::Unsound(at, _)) if at == field),
            "{field}: {}",
            said.chars().take(60).collect::<String>()
        );
    }
    assert!(scene.file(&case).await.papers.is_empty());
}

async fn tasks(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case("周六补课").await;
    let (handler, number) = (scene.handler(&case).await, &case.number);
    let hers = handler.id.0[0];
    for paper in [
        task(hers, 9, "谈话"),
        task(hers, 0, WORDS),
        task(1, 5, "批文"),
    ] {
        casework::write_paper(&scene.office, scene.dispatcher(), number, paper)
            .await
            .expect("set");
    }
    let queue = views::queue(&scene.office, handler, QueueView::Mine)
        .await
        .expect("the queue");
    let texts: Vec<_> = queue
        .tasks
        .iter()
        .map(|task| (task.text.as_str(), task.days_left))
        .collect();
    assert_eq!(
        texts,
        [(WORDS, 0), ("谈话", 9)],
        "her own, the most pressing first"
    );
    let papers = scene.file(&case).await.papers;
    let id = |text: &str| {
        let found = papers.iter().find(
            |paper| matches!(&paper.says, PaperContent::Task { text: says, .. } if says == text),
        );
        mifeng_foundation::entropy::parse_id(&found.expect("a task").id).expect("an id")
    };
    let not_hers = casework::finish_task(&scene.office, handler, number, id("批文")).await;
    assert!(matches!(not_hers, Err(OfficeError::NotPermitted)));
    casework::finish_task(&scene.office, handler, number, id(WORDS))
        .await
        .expect("done");
    let again = casework::finish_task(&scene.office, handler, number, id(WORDS)).await;
    assert!(matches!(again, Err(OfficeError::NotPossible)));
    let scene = Scene {
        office: super::office(&scene.key, Arc::clone(&scene.store)).await,
        ..scene
    };
    let office = Arc::clone(&scene.office);
    let handler = scene.handler(&case).await;
    let queue = views::queue(&office, handler, QueueView::Mine)
        .await
        .expect("the queue");
    assert_eq!(queue.tasks.len(), 1, "after a restart too");

    // Closing leaves a task to look again.
    for step in [CaseState::Accepted, CaseState::UnderInquiry] {
        scene
            .moves(&case, super::to_state(step))
            .await
            .expect("moved");
    }
    let version = scene.file(&case).await.version;
    casework::conclude(
        &scene.office,
        scene.dispatcher(),
        number,
        version,
        conclusion(),
    )
    .await
    .expect("concluded");
    scene.delivers().await;
    scene.proposes(&case, handler).await.expect("proposed");
    scene
        .approves(&case, scene.supervisor())
        .await
        .expect("approved");
    let papers = scene.file(&case).await.papers;
    let revisit = papers.last().expect("a task");
    assert_eq!(revisit.says.kind(), PaperKind::Task);
    assert_eq!(revisit.due_day, Some(grounds().revisit_day));
}

async fn drafts(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case("周六补课").await;
    let (handler, number) = (scene.handler(&case).await, &case.number);
    let draft = |text: &str| NewPaper::Draft {
        to: String::new(),
        text: text.to_owned(),
    };
    for text in ["请问在哪条街", WORDS] {
        casework::write_paper(&scene.office, handler, number, draft(text))
            .await
            .expect("kept");
    }
    let hers = views::case(&scene.office, handler, number)
        .await
        .expect("a case")
        .papers;
    assert!(
        matches!(&hers[..], [one] if matches!(&one.says, PaperContent::Draft { text, .. } if text == WORDS)),
        "the last one"
    );
    assert!(scene.file(&case).await.papers.is_empty(), "nobody else's");
    scene.delivers().await;
    casework::write_to_reporter(&scene.office, handler, number, None, WORDS)
        .await
        .expect("sent");
    assert!(
        views::case(&scene.office, handler, number)
            .await
            .expect("a case")
            .papers
            .is_empty()
    );
    assert_eq!(
        scene.sent(&case).await.len(),
        1,
        "a draft is told to nobody"
    );
}
