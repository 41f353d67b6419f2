//! Nobody buries a case: whatever is asked for, signed, held, answered and waited for, by whomever and in whatever order, nothing
//! is destroyed while its reporter may object, is asked how it is, or wrote lately, nor by one account alone. Its reporter is
//! told last.

#[path = "burial/model.rs"]
mod model;

use super::{Case, Scene, on_both_stores, to_state};
use crate::sealing::vectors;
use mifeng_foundation::clock::ManualClock;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Said};
use mifeng_sealing::{EnvelopeKind, seal_reply};
use mifeng_triage::casework;
use mifeng_triage::ingest::ingest;
use mifeng_triage::jobs::{escalate, expire};
use mifeng_triage::model::{CaseState, Grounds};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::retention::Retention;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use model::play;
use std::sync::Arc;
use std::time::Duration;

on_both_stores! {
    shorter_rules_let_nothing_go_at_once, shorter_rules_let_nothing_go_at_once_in_sqlite,
        shorter_rules_let_nothing_go_at_once_in_postgresql;
    nothing_is_destroyed_before_its_windows, nothing_is_destroyed_before_its_windows_in_sqlite,
        nothing_is_destroyed_before_its_windows_in_postgresql;
    one_account_destroys_nothing, one_account_destroys_nothing_in_sqlite,
        one_account_destroys_nothing_in_postgresql;
    an_objection_has_a_day, an_objection_has_a_day_in_sqlite, an_objection_has_a_day_in_postgresql;
    what_is_decided_anew_is_counted_anew, what_is_decided_anew_is_counted_anew_in_sqlite,
        what_is_decided_anew_is_counted_anew_in_postgresql;
}

const DAY: Duration = Duration::from_hours(24);

const RULES: &str = include_str!("../../../deploy/retention.toml");

/// Rules that would let a case go the day after, if there were no windows.
fn of_a_day() -> Retention {
    let mut rules = RULES.to_owned();
    for length in ["length = 10", "length = 3", "length = 1\n"] {
        rules = rules.replace(length, "length = 1\n");
    }
    Retention::new(&rules.replace("unit = \"years\"", "unit = \"days\"")).expect("rules")
}

impl Scene {
    async fn of_a_day(self) -> (Self, Arc<ManualClock>) {
        let (scene, clock) = self.under_a_clock().await;
        let by = Arc::clone(&clock);
        let office = crate::engine::office_by(&scene.key, Arc::clone(&scene.store), by).await;
        let office = Arc::new(Office::with_retention(office, of_a_day()));
        (Self { office, ..scene }, clock)
    }

    async fn hears(&self, case: &Case, said: Said) {
        let reply = vectors::signed_on(&case.reporter, self.office.today(), said, &[]);
        let sealed = seal_reply(&reply, &[self.key.recipient()]).expect("sealed");
        let mut envelope = crate::engine::arrived(EnvelopeKind::Reply, sealed.0.into_bytes());
        envelope.received_day = self.office.today();
        ingest(&self.office, &envelope).await.expect("stored");
    }

    /// A closed case, whatever the day.
    async fn closed(&self) -> Case {
        let case = self.case_in(CaseState::Concluded).await;
        let grounds = Grounds {
            revisit_day: self.office.today().plus_days(60),
            ..super::grounds()
        };
        let handler = self.handler(&case).await;
        let version = self.file(&case).await.version;
        let proposed =
            casework::propose_closing(&self.office, handler, &case.number, version, grounds, &[]);
        proposed.await.expect("proposed");
        let approved = self.approves(&case, self.supervisor()).await;
        approved.expect("approved");
        case
    }

    async fn is_there(&self, case: &Case) -> bool {
        let found = views::case(&self.office, self.dispatcher(), &case.number).await;
        !matches!(found, Err(OfficeError::NotYours))
    }

    /// The last words in its mailbox, as its reporter opens them.
    async fn last_words(&self, case: &Case) -> Option<MailboxMessage> {
        let mailbox = crate::sealing::vectors::mailbox_identity(&case.reporter);
        let waiting = self.store.last_messages(1000).await.expect("read");
        let digest = case.reporter.lookup().digest();
        let row = waiting.into_iter().find(|row| row.mailbox == digest)?;
        let json = mailbox.open(&row.ciphertext).expect("hers");
        Some(MailboxMessage::from_json(&json).expect("a message"))
    }
}

async fn nothing_is_destroyed_before_its_windows(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(store).await.of_a_day().await;
    let mut gone = 0;
    for seed in 1..=4 {
        gone += play((&scene, &clock), seed, 150, None).await;
    }
    assert!(gone >= 3, "some are destroyed: {gone}");
}

/// Each account alone, whatever it does and however long it waits, destroys nothing before its rule does.
async fn one_account_destroys_nothing(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(store).await.of_a_day().await;
    for actor in 0..3 {
        let gone = play((&scene, &clock), 7 + actor as u64, 60, Some(actor)).await;
        assert_eq!(gone, 0, "{actor}");
    }
}

async fn an_objection_has_a_day(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(store).await.under_a_clock().await;
    let case = scene.case_in(CaseState::Closed).await;
    let objects = async || {
        let text = "不同意".to_owned();
        scene.hears(&case, Said::Objection { text }).await;
    };
    let running = async || {
        let deadlines = scene.file(&case).await.deadlines.into_iter();
        let mut running = deadlines.filter(|one| one.rule == "objection" && one.met_day.is_none());
        (running.next(), running.next().is_some())
    };
    objects().await;
    let due = scene.office.today().plus_days(30);
    let (one, another) = running().await;
    let one = one.expect("a deadline");
    assert_eq!((one.due_day, another), (due, false));
    assert!(one.source_zh.contains("第三十五条") && one.source_en.contains("art. 35"));
    let told = scene.sent(&case).await.pop().expect("told");
    assert_eq!(told.due_day, Some(due), "the reporter is told by when");
    assert!(told.due_source_zh.contains("第三十五条"));
    clock.advance(DAY * 10);
    objects().await;
    let (still, another) = running().await;
    assert_eq!(
        (still.expect("it runs").due_day, another),
        (due, false),
        "the first day stands"
    );

    // It is escalated when it is late, and stands among what is late, though the case is finished.
    clock.advance(DAY * 21);
    assert_eq!(escalate(&scene.office).await.expect("climbed"), 1);
    let queue = views::queue(
        &scene.office,
        scene.supervisor(),
        mifeng_triage::cases::QueueView::Overdue,
    )
    .await;
    let queue = queue.expect("the queue");
    assert_eq!((queue.counts.overdue, queue.rows.len()), (1, 1));

    let answers = casework::write_to_reporter(
        &scene.office,
        scene.supervisor(),
        &case.number,
        None,
        "已经复核，维持原结论",
    );
    answers.await.expect("answered");
    assert!(running().await.0.is_none(), "answered");
    let told = scene.sent(&case).await.pop().expect("told");
    assert_eq!(told.due_day, None);
    objects().await;
    let anew = running().await.0.expect("another deadline");
    assert_eq!(anew.due_day, scene.office.today().plus_days(30));
    scene
        .moves(&case, to_state(CaseState::Reopened))
        .await
        .expect("reopened");
    assert!(running().await.0.is_none(), "taken up again");
}

/// Closed, opened again and closed: every day counts from the last decision.
async fn what_is_decided_anew_is_counted_anew(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(store).await.of_a_day().await;
    let case = scene.case_in(CaseState::Closed).await;
    let listed = async || {
        views::expiring(&scene.office, scene.dispatcher())
            .await
            .expect("a list")
    };
    assert_eq!(listed().await, [], "not within thirty days");
    clock.advance(DAY * 80);
    assert_eq!(
        listed().await[0].day,
        Some(scene.office.today().plus_days(11))
    );
    scene
        .moves(&case, to_state(CaseState::Reopened))
        .await
        .expect("reopened");
    assert_eq!(listed().await, []);
    scene.concludes(&case).await.expect("concluded");
    scene.delivers().await;
    let handler = scene.handler(&case).await;
    let version = scene.file(&case).await.version;
    let grounds = Grounds {
        revisit_day: scene.office.today().plus_days(60),
        ..super::grounds()
    };
    let proposed =
        casework::propose_closing(&scene.office, handler, &case.number, version, grounds, &[]);
    proposed.await.expect("proposed");
    scene
        .approves(&case, scene.supervisor())
        .await
        .expect("closed");
    let decided = scene.office.today();
    for _ in 0..91 {
        assert_eq!(expire(&scene.office).await.expect("read"), 0);
        let day = listed().await.first().and_then(|line| line.day);
        assert_eq!(
            day.is_some(),
            scene.office.today().days_since(decided) >= 61
        );
        clock.advance(DAY);
    }
    for who in [&scene.staff[2], &scene.staff[3]] {
        let refused = views::expiring(&scene.office, who).await;
        assert!(matches!(refused, Err(OfficeError::NotPermitted)));
    }
    assert_eq!(expire(&scene.office).await.expect("destroyed"), 1);
    assert!(!scene.is_there(&case).await);
}

/// Rules that somebody shortens say on the list what goes by it, thirty days before it does; lengthening them lets it stay.
async fn shorter_rules_let_nothing_go_at_once(store: Arc<dyn TriageStore>) {
    let (scene, clock) = Scene::new(Arc::clone(&store)).await.under_a_clock().await;
    let case = scene.case_in(CaseState::Closed).await;
    let opened = async |rules: Retention| {
        let today = scene.office.today();
        let rules = mifeng_triage::engine::in_force(&*store, rules, today)
            .await
            .expect("kept");
        let by = Arc::clone(&clock) as Arc<dyn mifeng_foundation::clock::Clock>;
        let office = crate::engine::office_by(&scene.key, Arc::clone(&store), by).await;

        Arc::new(office.with_retention(rules))
    };
    let office = opened(Retention::default()).await;
    clock.advance(DAY * 400);
    assert_eq!(
        expire(&office).await.expect("read"),
        0,
        "kept for ten years"
    );
    assert_eq!(
        views::expiring(&office, scene.dispatcher())
            .await
            .expect("a list"),
        []
    );
    let mut days = 0;
    // Each start of those days finds the same.
    loop {
        let office = opened(of_a_day()).await;
        let list = views::expiring(&office, scene.dispatcher())
            .await
            .expect("a list");
        if days < 30 {
            assert!(list.len() == 1 && list[0].shortened, "day {days}");
            assert_eq!(
                list[0].day,
                Some(office.today().plus_days(30 - days)),
                "day {days}"
            );
        }
        if expire(&office).await.expect("read") > 0 {
            break;
        }
        days += 1;
        clock.advance(DAY);
    }
    assert_eq!(days, 30);
    let last = scene.last_words(&case).await.expect("told last");
    assert_eq!(last.kind, MessageKind::Closed);
}
