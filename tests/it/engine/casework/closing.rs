//! Closing off the ledger takes two persons, evidence, and a reporter who was told.

use super::{REASON, Scene, conclusion, grounds, on_both_stores, to_state};
use mifeng_sealing::tip::Said;
use mifeng_triage::cases::{QueueView, Signing, SigningOf};
use mifeng_triage::casework;
use mifeng_triage::ingest::ingest;
use mifeng_triage::model::{CaseState, Role};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;

on_both_stores! {
    harm_is_not_declined_alone, harm_is_not_declined_alone_in_sqlite, harm_is_not_declined_alone_in_postgresql;
    by_two, a_case_is_closed_by_two_in_sqlite, a_case_is_closed_by_two_in_postgresql;
    others, nobody_else_signs_in_sqlite, nobody_else_signs_in_postgresql;
    grounds_are_whole, a_closing_names_its_grounds_in_sqlite, a_closing_names_its_grounds_in_postgresql;
    told_first, the_reporter_is_told_first_in_sqlite, the_reporter_is_told_first_in_postgresql;
    at_once, two_approvals_at_once_are_one_in_sqlite, two_approvals_at_once_are_one_in_postgresql;
    sent_back, a_closing_is_sent_back_in_sqlite, a_closing_is_sent_back_in_postgresql;
}

async fn by_two(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::Concluded).await;
    let handler = scene.handler(&case).await;
    scene.proposes(&case, handler).await.expect("proposed");
    let file = scene.file(&case).await;
    assert_eq!(file.row.state, CaseState::Concluded, "one is not enough");
    assert_eq!(file.signing, Signing::Second, "the dispatcher may");
    let twice = scene.proposes(&case, scene.dispatcher()).await;
    assert!(matches!(twice, Err(OfficeError::NotPossible)));
    let supervisor = scene.supervisor();
    let version = scene.file(&case).await.version;
    let stale =
        casework::approve_closing(&scene.office, supervisor, &case.number, version - 1).await;
    assert!(matches!(stale, Err(OfficeError::Changed)));
    scene.approves(&case, supervisor).await.expect("approved");
    let scene = Scene {
        office: super::office(&scene.key, Arc::clone(&scene.store)).await,
        ..scene
    };
    let file = scene.file(&case).await;
    assert_eq!(file.row.state, CaseState::Closed);
    let closing = file.closing.expect("kept");
    assert_eq!(closing.grounds, grounds());
    assert_eq!(closing.proposed.name, scene.handler(&case).await.name);
    let approved = closing.approved.expect("signed");
    assert_eq!(approved.name, scene.supervisor().name);
    let keys: Vec<_> = file.history.iter().map(|line| line.note.code()).collect();
    assert!(keys.ends_with(&["closing-proposed", "closed"]), "{keys:?}");
    let finished = views::queue(&scene.office, scene.dispatcher(), QueueView::Finished).await;
    assert_eq!(finished.expect("the queue").rows.len(), 1);
    assert!(
        scene.sent(&case).await.is_empty(),
        "nothing new for the reporter"
    );
}

/// The one who proposed it, whoever handles it, whoever handled it, and whoever is recused from it.
async fn others(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::Concluded).await;
    let (dispatcher, supervisor) = (scene.dispatcher(), scene.supervisor());
    scene.proposes(&case, dispatcher).await.expect("proposed");
    let herself = scene.approves(&case, dispatcher).await;
    assert!(matches!(herself, Err(OfficeError::SecondPerson)));
    let handler = scene.approves(&case, scene.handler(&case).await).await;
    assert!(matches!(handler, Err(OfficeError::NotPermitted)));
    for member in &scene.staff {
        let may = member.id == supervisor.id;
        if !may {
            let forged = scene.approves(&case, member).await;
            assert!(forged.is_err(), "{:?}", member.role);
        }
    }
    assert_eq!(scene.file(&case).await.row.state, CaseState::Concluded);
    scene.approves(&case, supervisor).await.expect("the other");

    // The dispatcher handled it once; that it was given away since does not make her another.
    let case = scene.case("又一件补课").await;
    let investigator = scene.handler(&case).await;
    for to in [dispatcher.id, investigator.id] {
        let version = scene.file(&case).await.version;
        let given =
            casework::assign(&scene.office, dispatcher, &case.number, version, to, REASON).await;
        given.expect("given");
    }
    scene
        .moves(&case, to_state(CaseState::Accepted))
        .await
        .expect("accepted");
    scene.concludes(&case).await.expect("concluded");
    scene.delivers().await;
    scene.proposes(&case, investigator).await.expect("proposed");
    let once = scene.approves(&case, dispatcher).await;
    assert!(matches!(once, Err(OfficeError::SecondPerson)));
    scene.approves(&case, supervisor).await.expect("another");
    assert!(
        scene
            .staff
            .iter()
            .any(|member| member.role == Role::Administrator)
    );
}

async fn grounds_are_whole(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::Concluded).await;
    let (actor, number) = (scene.dispatcher(), &case.number);
    let version = scene.file(&case).await.version;
    let mut unsound = vec![];
    for (field, day) in [
        ("evidence", 60),
        ("measures", 60),
        ("revisit", 0),
        ("revisit", 2000),
    ] {
        let mut bad = grounds();
        match field {
            "evidence" => "  ".clone_into(&mut bad.evidence),
            "measures" => bad.measures = "长".repeat(2001),
            _ => bad.revisit_day = crate::engine::today().plus_days(day),
        }
        unsound.push((field, bad));
    }
    for (field, bad) in unsound {
        let refused =
            casework::propose_closing(&scene.office, actor, number, version, bad, &[]).await;
        assert!(
            matches!(refused, Err(OfficeError::Unsound(at, _)) if at == field),
            "{field}"
        );
    }
    let stale =
        casework::propose_closing(&scene.office, actor, number, version - 1, grounds(), &[]).await;
    assert!(matches!(stale, Err(OfficeError::Changed)));
    let approved = scene.approves(&case, scene.supervisor()).await;
    assert!(
        matches!(approved, Err(OfficeError::NotPossible)),
        "nothing to sign"
    );
    assert!(scene.file(&case).await.closing.is_none());
}

/// Not while the result is on its way, nor while an objection waits; a mailbox that is gone holds nothing up.
async fn told_first(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::Accepted).await;
    scene.concludes(&case).await.expect("concluded");
    let early = scene.proposes(&case, scene.dispatcher()).await;
    assert!(matches!(early, Err(OfficeError::NotTold)));
    scene.delivers().await;
    scene
        .proposes(&case, scene.dispatcher())
        .await
        .expect("proposed");
    let says = async |said: Said| {
        let envelope = crate::engine::said(&scene.key, &case.reporter, said);
        ingest(&scene.office, &envelope).await.expect("stored");
    };
    let text = "老师还在补课".to_owned();
    says(Said::Objection { text }).await;
    let (supervisor, number) = (scene.supervisor(), &case.number);
    let (since, until) = (scene.office.today(), scene.office.today().plus_days(30));
    let again = scene.proposes(&case, scene.dispatcher()).await;
    for refused in [scene.approves(&case, supervisor).await, again] {
        let Err(OfficeError::Objected(open)) = refused else {
            panic!("closed over an objection: {refused:?}");
        };
        assert_eq!(&open.number, number, "which");
        assert_eq!((open.since, open.until), (Some(since), Some(until)));
    }
    // It stands with its clock where a supervisor looks, and nowhere else.
    let waiting = async |viewer| {
        let queue = views::queue(&scene.office, viewer, QueueView::Mine).await;
        queue.expect("the queue").objections
    };
    let waits = waiting(supervisor).await;
    assert_eq!(waits.len(), 1);
    assert_eq!((&waits[0].number, waits[0].until), (number, Some(until)));
    assert_eq!(waits[0].days_left, Some(30));
    assert!(
        waiting(scene.dispatcher()).await.is_empty(),
        "she does not answer it"
    );
    let answered =
        casework::write_to_reporter(&scene.office, supervisor, number, None, "已复核").await;
    answered.expect("answered");
    assert!(waiting(supervisor).await.is_empty());
    let undelivered = scene.approves(&case, supervisor).await;
    assert!(matches!(undelivered, Err(OfficeError::NotTold)));
    says(Said::Farewell).await;
    scene
        .approves(&case, supervisor)
        .await
        .expect("nobody is left to tell");
}

/// Of two who sign the same version at once, one does.
async fn at_once(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::Concluded).await;
    let handler = scene.handler(&case).await;
    scene.proposes(&case, handler).await.expect("proposed");
    let version = scene.file(&case).await.version;
    let approve = |member| casework::approve_closing(&scene.office, member, &case.number, version);
    let (one, other) = tokio::join!(approve(scene.dispatcher()), approve(scene.supervisor()));
    assert_eq!(
        [one.is_ok(), other.is_ok()]
            .iter()
            .filter(|done| **done)
            .count(),
        1
    );
    let file = scene.file(&case).await;
    let closed = file
        .history
        .iter()
        .filter(|line| line.note.code() == "closed");
    assert_eq!(closed.count(), 1);
    assert_eq!(file.version, version + 1);
    let late = casework::conclude(
        &scene.office,
        scene.dispatcher(),
        &case.number,
        version + 1,
        conclusion(),
    )
    .await;
    assert!(matches!(late, Err(OfficeError::NotPossible)));
}

async fn sent_back(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case_in(CaseState::Concluded).await;
    let (handler, supervisor) = (scene.handler(&case).await, scene.supervisor());
    let reject = async |member, reason| {
        let version = scene.file(&case).await.version;
        let office = &scene.office;
        casework::reject_closing(office, member, &case.number, version, reason).await
    };
    scene.proposes(&case, handler).await.expect("proposed");
    let wordless = reject(supervisor, " ").await;
    assert!(matches!(wordless, Err(OfficeError::BadText("reason"))));
    reject(supervisor, "缺少退费凭证").await.expect("sent back");
    let file = scene.file(&case).await;
    assert!(file.closing.is_none() && file.row.state == CaseState::Concluded);
    assert_eq!(
        file.history.last().map(|line| line.detail.as_str()),
        Some("缺少退费凭证")
    );
    scene
        .proposes(&case, handler)
        .await
        .expect("proposed again");
    reject(handler, "材料要补").await.expect("taken back");
    scene
        .proposes(&case, scene.dispatcher())
        .await
        .expect("by another");
    let hers = reject(handler, "不同意").await;
    assert!(matches!(hers, Err(OfficeError::NotPermitted)));
}

/// One person declines a tip about harm to a child: the supervisors are told, it stands on their list, and it is not settled
/// before one of them has said so or has opened it again.
async fn harm_is_not_declined_alone(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let other = scene.case_in(CaseState::Declined).await;
    assert!(scene.file(&other).await.declined.is_none(), "no harm");
    let waiting = async || {
        let queue = views::queue(&scene.office, scene.supervisor(), QueueView::Mine).await;
        let signing = queue.expect("the queue").signing.into_iter();
        let declining = signing.filter(|line| line.of == SigningOf::Declining);
        declining.map(|line| line.number).collect::<Vec<_>>()
    };
    for agrees in [true, false] {
        let text = format!("孩子被关在器材室 {agrees}");
        let case = scene.case_about("child-harm", &text).await;
        scene.told_by_mail().await;
        let step = to_state(CaseState::Declined);
        scene.moves(&case, step).await.expect("declined");
        assert!(scene.told_by_mail().await.contains(&scene.supervisor().id));
        assert_eq!(waiting().await, std::slice::from_ref(&case.number));
        let file = scene.file(&case).await;
        let first = file.declined.expect("who declined it");
        assert_eq!(first.name, scene.dispatcher().name);
        assert_eq!(file.declined_signing, Signing::Proposed);
        let confirms = async |actor| {
            let version = scene.file(&case).await.version;
            let office = &scene.office;
            casework::confirm_declining(office, actor, &case.number, version).await
        };
        let herself = confirms(scene.dispatcher()).await;
        assert!(matches!(herself, Err(OfficeError::SecondPerson)));
        for member in scene.staff.iter().filter(|one| !one.role.sees_all_cases()) {
            assert!(confirms(member).await.is_err(), "{:?}", member.role);
        }
        let supervisor = scene.supervisor();
        if agrees {
            confirms(supervisor).await.expect("confirmed");
            let twice = confirms(supervisor).await;
            assert!(matches!(twice, Err(OfficeError::NotPossible)));
            let history = scene.file(&case).await.history;
            assert!(
                history
                    .iter()
                    .any(|line| line.note.code() == "declining-confirmed")
            );
        } else {
            let version = scene.file(&case).await.version;
            let step = to_state(CaseState::Reopened);
            let opened =
                casework::change_state(&scene.office, supervisor, &case.number, version, step);
            opened.await.expect("opened again");
        }
        assert!(waiting().await.is_empty());
        assert!(scene.file(&case).await.declined.is_none());
    }
}
