//! Deadlines over weeks, with the office's clock moved day by day: reminders, escalation, an extension, holidays and make-up
//! days, a calendar that comes late, and a machine that says 1970.

mod joined;

use super::dated::{CLOCKS, NEXT_YEAR, calendar_with, day, office_of, on_record};
use super::mail::smtp_with;
use super::mail_server::{Server, read};
use super::{cases, member, sample_tips, viewers};
use crate::support::postgres;
use jiff::Timestamp;
use mifeng_foundation::clock::{Clock as _, Day, ManualClock};
use mifeng_opening::Identity;
use mifeng_triage::audit::Kind;
use mifeng_triage::cases::DeadlineView;
use mifeng_triage::casework;
use mifeng_triage::deadlines::{Calendar, EscalationLevel};
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::jobs::{escalate, recount};
use mifeng_triage::model::{CaseNumber, Member, Role, Viewer};
use mifeng_triage::notify::{Daily, Sender, parent_letter};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

fn people() -> Vec<Viewer> {
    viewers(working())
}

fn working() -> Vec<Member> {
    let mut people = vec![
        member(1, Role::Dispatcher, None),
        member(2, Role::Supervisor, None),
        member(3, Role::Supervisor, None),
        member(4, Role::Administrator, None),
    ];
    // Has to do with the school of the tip: nothing escalates to him.
    people[2].recused_schools = vec!["qx-cdxx".to_owned()];
    let units = ["jiancha", "dudao", "jijiao", "zhengjiao", "zhicheng"];
    people.extend(
        (10..)
            .zip(units)
            .map(|(id, unit)| member(id, Role::Investigator, Some(unit))),
    );
    for one in &mut people {
        one.email = format!("{}@example.org", one.login);
    }
    people
}

/// An office at nine in the morning of some day, with one tip that came that day.
struct Weeks {
    office: Arc<Office>,
    clock: Arc<ManualClock>,
    store: Arc<dyn TriageStore>,
    key: Identity,
    number: CaseNumber,
}

async fn office_at(
    time: &str,
    key: &Identity,
    store: &Arc<dyn TriageStore>,
    calendar: Calendar,
) -> (Arc<Office>, Arc<ManualClock>) {
    let now: Timestamp = time.parse().expect("a time");
    let clock = Arc::new(ManualClock::at(now));
    let office = office_of(working(), (CLOCKS, calendar), key, store, &clock).await;
    (office, clock)
}

impl Weeks {
    async fn begin(time: &str, store: Arc<dyn TriageStore>) -> Self {
        let key = Identity::generate();
        let (office, clock) = office_at(time, &key, &store, Calendar::embedded()).await;
        let (_, _, mut envelope) = sample_tips(&key).swap_remove(0);
        envelope.received_day = office.today();
        let ingested = ingest(&office, &envelope).await.expect("stored");
        let Ingested::Case(number) = ingested else {
            panic!("{ingested:?}");
        };
        Self {
            office,
            clock,
            store,
            key,
            number: CaseNumber(number),
        }
    }

    async fn only_deadline(&self) -> DeadlineView {
        let file = views::case(&self.office, &people()[0], &self.number).await;
        file.expect("a case").deadlines.swap_remove(0)
    }

    /// Lets each day until `last` pass; who was mailed on which day and what.
    async fn pass(&self, sender: &mut Sender, server: &Server, last: &str) -> Mails {
        let mut mails = Mails::new();
        while self.office.today() < day(last) {
            self.clock.advance(Duration::from_hours(24));
            // Four rounds a day: what is repeated is a second mail, and there may be none.
            for _ in 0..4 {
                escalate(&self.office).await.expect("the store answers");
                sender.send_daily().await.expect("the store answers");
            }
            for mail in server.take() {
                let (to, _, body) = read(&mail);
                let key = (self.office.today(), to);
                let again = mails.insert(key.clone(), body);
                assert!(again.is_none(), "a second mail: {key:?}");
            }
        }
        mails
    }

    async fn extends(&self, who: usize) -> Result<(), OfficeError> {
        let (office, people) = (&self.office, people());
        let version = views::case(office, &people[0], &self.number)
            .await
            .expect("a case")
            .version;
        casework::extend(
            office,
            &people[who],
            &self.number,
            version,
            "handle",
            "证人出差",
        )
        .await
    }
}

type Mails = BTreeMap<(Day, String), String>;

/// The days on which `to` was mailed `body`.
fn days_of(mails: &Mails, to: &str, body: &str) -> Vec<String> {
    let his = mails
        .iter()
        .filter(|((_, who), said)| who == to && *said == body);
    his.map(|((day, _), _)| day.to_string()).collect()
}

fn range(first: &str, last: &str) -> Vec<String> {
    let days = day(last).days_since(day(first));
    (0..=days)
        .map(|n| day(first).plus_days(n).to_string())
        .collect()
}

fn body(soon: usize, late: usize, escalated: usize) -> String {
    let daily = Daily {
        soon,
        late,
        escalated,
        tasks: 0,
        quarantined: 0,
    };
    daily.letter().expect("something to tell").body
}

async fn weeks_go_by(store: Arc<dyn TriageStore>) {
    // Nine in the morning where the office is, the last working day before the Spring Festival but one.
    let weeks = Weeks::begin("2026-02-13T01:00:00Z", store).await;
    assert_eq!(weeks.only_deadline().await.due_day, day("2026-03-12"));
    let file = views::case(&weeks.office, &people()[0], &weeks.number)
        .await
        .expect("a case");
    let handler = people()
        .into_iter()
        .find(|one| Some(one.id) == file.handler_id);
    let handler = handler.expect("a handler").email.clone();
    let server = Arc::new(Server::default());
    let mailer = smtp_with(
        server.listen(0).await,
        "parent_address = 'above@example.org'",
    );
    let mut sender = Sender::new(Arc::clone(&weeks.office), mailer);

    let mails = weeks.pass(&mut sender, &server, "2026-03-23").await;
    assert_eq!(
        days_of(&mails, &handler, &body(1, 0, 0)),
        range("2026-03-09", "2026-03-12")
    );
    assert_eq!(
        days_of(&mails, &handler, &body(0, 1, 0)),
        range("2026-03-13", "2026-03-23")
    );
    let escalated = body(0, 0, 1);
    assert_eq!(
        days_of(&mails, "m1@example.org", &escalated),
        range("2026-03-12", "2026-03-23")
    );
    assert_eq!(
        days_of(&mails, "m2@example.org", &escalated),
        range("2026-03-13", "2026-03-23")
    );
    let above = parent_letter(1).body;
    assert_eq!(
        days_of(&mails, "above@example.org", &above),
        range("2026-03-22", "2026-03-23")
    );
    assert_eq!(
        mails.len(),
        4 + 11 + 12 + 11 + 2,
        "and nobody else: {mails:?}"
    );
    assert_eq!(
        on_record(&weeks.office, Kind::Escalated).await,
        ["dispatcher", "supervisor", "parent"]
    );
    assert_eq!(
        weeks.only_deadline().await.escalated,
        EscalationLevel::Parent
    );

    a_machine_that_says_1970_resets_nothing(&weeks).await;

    assert!(matches!(
        weeks.extends(0).await,
        Err(OfficeError::NotPermitted)
    ));
    weeks.extends(1).await.expect("extended");
    let deadline = weeks.only_deadline().await;
    assert_eq!(
        (deadline.due_day, deadline.extended_days),
        (day("2026-03-26"), 10)
    );
    assert_eq!(deadline.escalated, EscalationLevel::Nobody);
    assert!(matches!(
        weeks.extends(1).await,
        Err(OfficeError::NotPossible)
    ));
    let file = views::case(&weeks.office, &people()[0], &weeks.number)
        .await
        .expect("a case");
    let told = file.messages.last().expect("a message");
    assert_eq!(told.text, "需要更多时间：证人出差。新日期 2026-03-26。");

    let mails = weeks.pass(&mut sender, &server, "2026-03-27").await;
    assert_eq!(
        days_of(&mails, &handler, &body(1, 0, 0)),
        range("2026-03-24", "2026-03-26")
    );
    assert_eq!(
        days_of(&mails, "m2@example.org", &escalated),
        ["2026-03-27"]
    );
    weeks
        .office
        .audit_log()
        .verify(&[])
        .await
        .expect("read")
        .expect("it holds");
}

/// A machine whose battery is dead starts in 1970: no reminder goes out, and none is set back by it.
async fn a_machine_that_says_1970_resets_nothing(weeks: &Weeks) {
    let before = (
        weeks.only_deadline().await.escalated,
        weeks.store.daily_mails().await.expect("listed"),
        weeks.store.deadlines(None).await.expect("listed"),
    );
    let epoch = "1970-01-01T01:00:00Z";
    let (office, _) = office_at(epoch, &weeks.key, &weeks.store, Calendar::embedded()).await;
    recount(&office).await.expect("the store answers");
    escalate(&office).await.expect("the store answers");
    let server = Arc::new(Server::default());
    let mailer = smtp_with(
        server.listen(0).await,
        "parent_address = 'above@example.org'",
    );
    let mut sender = Sender::new(Arc::clone(&office), mailer);
    sender.send_daily().await.expect("the store answers");
    assert_eq!(server.take(), Vec::<String>::new());
    let after = (
        weeks.only_deadline().await.escalated,
        weeks.store.daily_mails().await.expect("listed"),
        weeks.store.deadlines(None).await.expect("listed"),
    );
    assert_eq!(before, after);
}

async fn a_calendar_comes_late(store: Arc<dyn TriageStore>) {
    let weeks = Weeks::begin("2026-12-21T01:00:00Z", store).await;
    let guessed = weeks.only_deadline().await;
    assert_eq!(
        (guessed.due_day, guessed.provisional),
        (day("2027-01-11"), true)
    );
    assert_eq!(recount(&weeks.office).await.expect("nothing new"), 0);

    let calendar = calendar_with(NEXT_YEAR);
    let later = "2026-12-28T01:00:00Z";
    let (office, clock) = office_at(later, &weeks.key, &weeks.store, calendar).await;
    assert_eq!(recount(&office).await.expect("counted"), 1);
    let weeks = Weeks {
        office,
        clock,
        ..weeks
    };
    let certain = weeks.only_deadline().await;
    assert_eq!(
        (certain.due_day, certain.provisional),
        (day("2027-01-12"), false)
    );
    assert_eq!(on_record(&weeks.office, Kind::Recounted).await.len(), 1);
    let queued = weeks.store.queued_messages(64).await.expect("listed");
    assert_eq!(queued.len(), 2, "the acknowledgement, and the new day");
    assert_eq!(recount(&weeks.office).await.expect("nothing new"), 0);
    assert!(weeks.clock.now() > "2026-12-01T00:00:00Z".parse().expect("a time"));
}

#[tokio::test]
async fn weeks_go_by_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    weeks_go_by(cases(&url).await).await;
}

#[tokio::test]
async fn weeks_go_by_in_postgresql() {
    weeks_go_by(cases(&postgres::fresh_database().await).await).await;
}

#[tokio::test]
async fn a_calendar_comes_late_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    a_calendar_comes_late(cases(&url).await).await;
}

#[tokio::test]
async fn a_calendar_comes_late_in_postgresql() {
    a_calendar_comes_late(cases(&postgres::fresh_database().await).await).await;
}
