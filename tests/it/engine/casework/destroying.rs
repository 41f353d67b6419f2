//! Who may have a case destroyed, when it is destroyed by itself, and what holds it.

use super::{Case, REASON, Scene, on_both_stores, to_state};
use crate::engine::office_by;
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_sealing::tip::Said;
use mifeng_triage::cases::{QueueView, Signing};
use mifeng_triage::casework::{self, Shown};
use mifeng_triage::ingest::ingest;
use mifeng_triage::jobs::expire;
use mifeng_triage::model::{AuditQuery, CaseNumber, CaseState, Viewer};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;
use std::time::Duration;

on_both_stores! {
    by_two, a_case_is_destroyed_by_two_in_sqlite, a_case_is_destroyed_by_two_in_postgresql;
    on_its_day, a_case_is_destroyed_on_its_day_in_sqlite, a_case_is_destroyed_on_its_day_in_postgresql;
    joined, joined_cases_go_together_in_sqlite, joined_cases_go_together_in_postgresql;
}

const DAY: Duration = Duration::from_hours(24);

/// The rules that come with the program: a declined case is kept for a year, an upheld one for ten.
const A_YEAR: u32 = 366;

impl Scene {
    pub(super) async fn asks(&self, case: &Case, actor: &Viewer) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        let office = &self.office;
        casework::ask_deletion(office, actor, &case.number, version, REASON).await
    }

    pub(super) async fn destroys(&self, case: &Case, actor: &Viewer) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        let office = &self.office;
        casework::approve_deletion(office, actor, &case.number, version).await
    }

    async fn holds(&self, case: &Case, held: bool) -> Result<(), OfficeError> {
        let version = self.file(case).await.version;
        let (office, actor) = (&self.office, self.supervisor());
        casework::set_hold(office, actor, &case.number, version, (held, REASON)).await
    }

    /// The same under a clock that is moved.
    pub(super) async fn under_a_clock(self) -> (Self, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        let by = Arc::clone(&clock);
        let office = Arc::new(office_by(&self.key, Arc::clone(&self.store), by).await);
        (Self { office, ..self }, clock)
    }

    /// Whether nobody finds it any more, and the audit log says why.
    async fn is_gone(&self, number: &CaseNumber, rule: &str) -> bool {
        for member in &self.staff {
            let found = views::case(&self.office, member, number).await;
            let refused = matches!(
                found,
                Err(OfficeError::NotYours | OfficeError::NotPermitted)
            );
            if !refused {
                return false;
            }
        }
        let audit_log = self.office.audit_log();
        audit_log
            .verify(&[])
            .await
            .expect("read")
            .expect("it holds");
        let rows = audit_log
            .rows(AuditQuery::default(), 1000)
            .await
            .expect("rows");
        let said = format!("{} {rule} ", number.0);
        let mut destroyed = rows.iter().filter(|row| row.link.kind == "destroyed");
        destroyed.any(|row| row.link.detail.starts_with(&said))
    }
}

async fn by_two(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(store).await.under_a_clock().await;
    let open = scene.case_in(CaseState::Concluded).await;
    let early = scene.asks(&open, scene.dispatcher()).await;
    assert!(matches!(early, Err(OfficeError::NotPossible)), "not closed");
    let case = scene.case_in(CaseState::Closed).await;
    let handler = scene.handler(&case).await;
    // Not while its reporter may object and is asked how it is, whoever signs.
    let decided = scene.office.today();
    for day in [0, 1, 30, 59] {
        clock.advance(DAY * day);
        let early = scene.asks(&case, scene.dispatcher()).await;
        assert!(matches!(early, Err(OfficeError::TooEarly)), "{day}");
        assert!(!scene.file(&case).await.end.can_ask);
    }
    clock.advance(DAY);
    let end = scene.file(&case).await.end;
    assert!(end.kept_until.is_some() && end.can_ask && !end.checked);
    assert_eq!(end.earliest, Some(decided.plus_days(91)));
    let nothing = scene.destroys(&case, scene.supervisor()).await;
    assert!(
        matches!(nothing, Err(OfficeError::NotPossible)),
        "not asked"
    );
    let version = scene.file(&case).await.version;
    let wordless = casework::ask_deletion(&scene.office, handler, &case.number, version, " ").await;
    assert!(matches!(wordless, Err(OfficeError::BadText("reason"))));
    scene.asks(&case, handler).await.expect("asked");
    let twice = scene.asks(&case, scene.dispatcher()).await;
    assert!(matches!(twice, Err(OfficeError::NotPossible)));
    for actor in [handler, scene.dispatcher(), scene.supervisor()] {
        let may = views::case(&scene.office, actor, &case.number)
            .await
            .expect("a case");
        let second = may.end.signing == Signing::Second;
        assert_eq!(second, actor.id != handler.id, "{:?}", actor.role);
    }
    let himself = scene.destroys(&case, handler).await;
    assert!(matches!(himself, Err(OfficeError::NotPermitted)));
    let stale =
        casework::approve_deletion(&scene.office, scene.supervisor(), &case.number, version).await;
    assert!(matches!(stale, Err(OfficeError::Changed)));

    let version = scene.file(&case).await.version;
    let (office, number) = (&scene.office, &case.number);
    let back = casework::reject_deletion(office, scene.supervisor(), number, version, REASON);
    back.await.expect("sent back");
    scene.asks(&case, scene.dispatcher()).await.expect("asked");
    let herself = scene.destroys(&case, scene.dispatcher()).await;
    assert!(matches!(herself, Err(OfficeError::SecondPerson)));
    scene.holds(&case, true).await.expect("held");
    let held = scene.destroys(&case, scene.supervisor()).await;
    assert!(matches!(held, Err(OfficeError::NotPossible)));
    scene.holds(&case, false).await.expect("let go");
    scene
        .destroys(&case, scene.supervisor())
        .await
        .expect("signed");
    assert!(scene.is_gone(&case.number, "by-two").await);
    let scene = scene.restarted().await;
    assert!(scene.is_gone(&case.number, "by-two").await, "after a start");
    let left = views::queue(&scene.office, scene.dispatcher(), QueueView::Finished).await;
    assert_eq!(left.expect("the queue").rows.len(), 1, "the other stays");
}

async fn on_its_day(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(store).await.under_a_clock().await;
    let expired = async || expire(&scene.office).await.expect("the store answers");
    let declined = scene.case_in(CaseState::Declined).await;
    let told = scene.case("还有一件").await;
    let held = scene.case_in(CaseState::Declined).await;
    let objected = scene.case_in(CaseState::Declined).await;
    let upheld = scene.case_in(CaseState::Closed).await;
    scene.delivers().await;
    let undelivered = to_state(CaseState::Declined);
    scene.moves(&told, undelivered).await.expect("declined");
    scene.holds(&held, true).await.expect("held");
    let twice = scene.holds(&held, true).await;
    assert!(matches!(twice, Err(OfficeError::NotPossible)));
    let text = "老师还在补课".to_owned();
    let said = Said::Objection { text };
    let envelope = crate::engine::said(&scene.key, &objected.reporter, said);
    ingest(&scene.office, &envelope).await.expect("stored");

    let until = scene.file(&declined).await.end.kept_until;
    let until = until.expect("it is finished");
    let days = until.days_since(scene.office.today());
    assert!((365..=366).contains(&days), "{days}");
    clock.advance(DAY * days.unsigned_abs());
    assert_eq!(expired().await, 0, "its last day");
    clock.advance(DAY);
    assert_eq!(expired().await, 1);
    assert!(scene.is_gone(&declined.number, "declined").await);
    scene.delivers().await;
    assert_eq!(expired().await, 1, "nobody waits to be told any more");
    assert!(scene.is_gone(&told.number, "declined").await);
    // Lifting a hold counts nothing anew.
    scene.holds(&held, false).await.expect("let go");
    assert_eq!(expired().await, 1);
    assert!(scene.is_gone(&held.number, "declined").await);

    clock.advance(DAY * 8 * A_YEAR);
    assert_eq!(expired().await, 0);
    assert_eq!(scene.file(&upheld).await.row.state, CaseState::Closed);
    clock.advance(DAY * A_YEAR);
    assert_eq!(expired().await, 1);
    assert!(scene.is_gone(&upheld.number, "upheld").await);
    assert!(scene.file(&objected).await.objected, "held by it for good");
    assert_eq!(expired().await, 0);
}

/// The longest of their rules keeps all; one that is open keeps all. What is compared with a new tip is gone too.
async fn joined(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(store).await.under_a_clock().await;
    let lead = scene.case_in(CaseState::Accepted).await;
    let other = scene.case("补课收费，第1件").await;
    let shown = Shown {
        one: (&lead.number, scene.file(&lead).await.version),
        other: (&other.number, scene.file(&other).await.version),
    };
    let joined = casework::join(&scene.office, scene.dispatcher(), &shown, REASON).await;
    joined.expect("joined");
    scene.concludes(&lead).await.expect("concluded");
    scene.delivers().await;
    clock.advance(DAY * 11 * A_YEAR);
    assert_eq!(expire(&scene.office).await.expect("read"), 0, "not closed");
    let proposed = scene.proposes(&lead, scene.dispatcher()).await;
    assert!(proposed.is_err(), "the day for looking again is over");
    let version = scene.file(&lead).await.version;
    let grounds = mifeng_triage::model::Grounds {
        revisit_day: scene.office.today().plus_days(60),
        ..super::grounds()
    };
    let proposed = casework::propose_closing(
        &scene.office,
        scene.dispatcher(),
        &lead.number,
        version,
        grounds,
        &[],
    );
    proposed.await.expect("proposed");
    scene
        .approves(&lead, scene.supervisor())
        .await
        .expect("closed");
    clock.advance(DAY * 11 * A_YEAR);
    assert_eq!(expire(&scene.office).await.expect("destroyed"), 2);
    for number in [&lead.number, &other.number] {
        assert!(scene.is_gone(number, "upheld").await);
    }
    let again = scene.case("补课收费，第1件").await;
    let file = scene.file(&again).await;
    assert!(file.same_text.is_empty() && file.alike.is_empty());
}
