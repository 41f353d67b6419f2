//! Every step from every state, legal or not; modes; and taking up again what was decided.

use super::{Scene, conclusion, on_both_stores, to_state};
use mifeng_sealing::tip::Status;
use mifeng_triage::casework;
use mifeng_triage::model::{CaseState, Finding, Mode, Move, Outcome, Step};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use std::sync::Arc;

on_both_stores! {
    basis, the_legal_basis_is_in_the_reporters_letters_in_sqlite, the_legal_basis_is_in_the_reporters_letters_in_postgresql;
    extended, the_first_promise_stays_said_in_sqlite, the_first_promise_stays_said_in_postgresql;
    every_pair, every_pair_of_states_in_sqlite, every_pair_of_states_in_postgresql;
    modes, how_a_case_is_handled_in_sqlite, how_a_case_is_handled_in_postgresql;
    again, a_decided_case_is_taken_up_again_in_sqlite, a_decided_case_is_taken_up_again_in_postgresql;
    subjects, each_subject_has_an_outcome_in_sqlite, each_subject_has_an_outcome_in_postgresql;
}

async fn every_pair(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    // What was passed up nobody here can even see.
    let seen = |state: &CaseState| *state != CaseState::PassedUp;
    for from in CaseState::ALL.into_iter().filter(seen) {
        let mut case = scene.case_in(from).await;
        for to in CaseState::ALL {
            let step = from.step_to(to);
            let moved = scene.moves(&case, to_state(to)).await;
            match step {
                Some(Step::ByHand | Step::Reopening) => {
                    moved.unwrap_or_else(|error| panic!("{from:?} to {to:?}: {error}"));
                    assert_eq!(scene.file(&case).await.row.state, to);
                    case = scene.case_in(from).await;
                }
                Some(Step::Referring | Step::Concluding | Step::Closing | Step::PassingUp)
                | None => {
                    assert!(
                        matches!(moved, Err(OfficeError::NotPossible)),
                        "{from:?} to {to:?}"
                    );
                    assert_eq!(scene.file(&case).await.row.state, from);
                }
            }
        }
        let closes = scene.proposes(&case, scene.dispatcher()).await;
        assert_eq!(closes.is_ok(), from.allows(Step::Closing), "{from:?}");
        let concludes = scene.concludes(&case).await;
        assert_eq!(concludes.is_ok(), from.allows(Step::Concluding), "{from:?}");
        let case = scene.case_in(from).await;
        let refers = scene.refers(&case).await;
        assert_eq!(refers.is_ok(), from.allows(Step::Referring), "{from:?}");
    }
}

async fn modes(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case("周六上午收费补课").await;
    let (number, actor) = (&case.number, scene.dispatcher());
    let unsaid = scene
        .moves(&case, Move::new(CaseState::Accepted, "属于本局"))
        .await;
    assert!(matches!(unsaid, Err(OfficeError::Unsound("mode", _))));
    let early = casework::change_mode(&scene.office, actor, number, 1, Mode::Joint, "难").await;
    assert!(matches!(early, Err(OfficeError::NotPossible)));
    let unsaid = scene
        .moves(&case, Move::new(CaseState::Declined, "不属于本局"))
        .await;
    assert!(matches!(unsaid, Err(OfficeError::Unsound("told", _))));
    let accepted = scene
        .moves(&case, Move::accept(Mode::Supervised, "属于本局"))
        .await;
    accepted.expect("accepted");
    assert_eq!(scene.file(&case).await.mode, Some(Mode::Supervised));
    for (mode, reason, expected) in [
        (Mode::Supervised, "一样", false),
        (Mode::Joint, " ", false),
        (Mode::Joint, "难", true),
    ] {
        let version = scene.file(&case).await.version;
        let changed =
            casework::change_mode(&scene.office, actor, number, version, mode, reason).await;
        assert_eq!(changed.is_ok(), expected);
    }
    let stale = casework::change_mode(&scene.office, actor, number, 1, Mode::Direct, "旧").await;
    assert!(matches!(stale, Err(OfficeError::Changed)));
    let file = scene.file(&case).await;
    assert_eq!(file.mode, Some(Mode::Joint));
    assert_eq!(
        file.history.last().map(|line| line.note.code()),
        Some("mode-joint")
    );
}

/// What was decided is opened again by whoever sees all cases; the reporter is told, and a deadline runs.
async fn again(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    for from in [CaseState::Declined, CaseState::Concluded, CaseState::Closed] {
        let case = scene.case_in(from).await;
        scene.delivers().await;
        assert!(scene.file(&case).await.row.due_day.is_none());
        let (handler, version) = (scene.handler(&case).await, scene.file(&case).await.version);
        let step = to_state(CaseState::Reopened);
        let hers =
            casework::change_state(&scene.office, handler, &case.number, version, step).await;
        assert!(
            matches!(hers, Err(OfficeError::NotPermitted)),
            "a handler does not by herself"
        );
        scene.moves(&case, step).await.expect("reopened");
        let file = scene.file(&case).await;
        assert!(file.outcome.is_none() && file.closing.is_none());
        assert!(
            file.row.due_day.is_some(),
            "a deadline runs until it is concluded"
        );
        let told = scene.sent(&case).await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            told[0].status,
            Status::UnderInquiry,
            "a word the reporter's page knows"
        );
        assert_eq!(told[0].due_day, file.row.due_day);
        scene.concludes(&case).await.expect("concluded again");
        assert!(scene.file(&case).await.row.due_day.is_none());
    }
}

async fn subjects(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::UnderInquiry).await;
    let finding = |subject: &str, outcome| Finding {
        subject: subject.to_owned(),
        outcome,
        measures: "批评教育".to_owned(),
    };
    let version = scene.file(&case).await.version;
    let mut of_two = conclusion();
    of_two.findings = vec![
        finding("王老师", Outcome::Upheld),
        finding(" ", Outcome::Cleared),
    ];
    let (actor, number) = (scene.dispatcher(), &case.number);
    let nameless = casework::conclude(&scene.office, actor, number, version, of_two.clone()).await;
    assert!(matches!(nameless, Err(OfficeError::Unsound("subject", _))));
    let mut of_none = conclusion();
    of_none.findings.clear();
    let empty = casework::conclude(&scene.office, actor, number, version, of_none).await;
    assert!(matches!(empty, Err(OfficeError::NotPossible)));
    "李老师".clone_into(&mut of_two.findings[1].subject);
    let done = casework::conclude(&scene.office, actor, number, version, of_two.clone()).await;
    done.expect("concluded");
    let file = scene.file(&case).await;
    assert_eq!(file.findings, of_two.findings);
    assert_eq!(file.outcome, Some(Outcome::PartlyUpheld));
}

/// Who writes in traditional letters reads the rule in them.
async fn basis(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    for (language, rule) in [
        ("zh-Hans", "《信访工作条例》第三十四条"),
        ("zh-Hant", "《信訪工作條例》第三十四條"),
        ("en", "《信访工作条例》第三十四条"),
    ] {
        let text = format!("补课收费 {language}");
        let case = scene.case_from("tutoring", language, &text).await;
        let told = scene.sent(&case).await.pop().expect("told");
        assert!(told.due_source_zh.contains(rule), "{}", told.due_source_zh);
    }
}

/// After an extension the reporter is told both days.
async fn extended(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::Accepted).await;
    let deadlines = scene
        .sent(&case)
        .await
        .pop()
        .expect("told")
        .deadlines
        .clone();
    let handle = |deadlines: Vec<mifeng_sealing::tip::ToldDeadline>| {
        let mut deadlines = deadlines.into_iter();
        deadlines
            .find(|deadline| deadline.rule == "handle")
            .expect("a deadline")
    };
    let first = handle(deadlines);
    assert_eq!(first.first_due_day, None);
    let version = scene.file(&case).await.version;
    let office = &scene.office;
    let later = casework::extend(
        office,
        scene.supervisor(),
        &case.number,
        version,
        "handle",
        "证人出差",
    );
    later.await.expect("extended");
    let told = handle(
        scene
            .sent(&case)
            .await
            .pop()
            .expect("told")
            .deadlines
            .clone(),
    );
    assert!(told.due_day > first.due_day);
    assert_eq!(told.first_due_day, Some(first.due_day));
}
