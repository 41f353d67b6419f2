//! Deadlines of joined tips: each is escalated by itself, and an extension is for all that run, with a day of its own for each.

use super::{
    EscalationLevel, Ingested, Kind, OfficeError, Weeks, cases, day, office_at, on_record, people,
    sample_tips,
};
use crate::support::postgres;
use mifeng_triage::cases::CaseFile;
use mifeng_triage::casework::{self, Shown};
use mifeng_triage::deadlines::Calendar;
use mifeng_triage::ingest::ingest;
use mifeng_triage::jobs::escalate;
use mifeng_triage::model::CaseNumber;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;
use std::time::Duration;

impl Weeks {
    async fn file(&self, number: &CaseNumber) -> CaseFile {
        let file = views::case(&self.office, &people()[0], number).await;
        file.expect("a case")
    }

    fn wait_until(&self, last: &str) {
        while self.office.today() < day(last) {
            self.clock.advance(Duration::from_hours(24));
        }
    }

    /// Another tip comes today and is joined to the first.
    async fn one_more(&self) {
        let (_, _, mut envelope) = sample_tips(&self.key).swap_remove(1);
        envelope.received_day = self.office.today();
        let Ingested::Case(other) = ingest(&self.office, &envelope).await.expect("stored") else {
            panic!("no case");
        };
        let other = CaseNumber(other);
        let shown = Shown {
            one: (&self.number, self.file(&self.number).await.version),
            other: (&other, self.file(&other).await.version),
        };
        let joined = casework::join(&self.office, &people()[0], &shown, "同一件事").await;
        assert_eq!(joined.expect("joined"), self.number);
    }
}

async fn joined_deadlines(store: Arc<dyn TriageStore>) {
    let mut weeks = Weeks::begin("2026-03-02T01:00:00Z", store).await;
    weeks.wait_until("2026-03-05");
    weeks.one_more().await;

    weeks.wait_until("2026-03-26");
    assert_eq!(escalate(&weeks.office).await.expect("stored"), 2);
    assert_eq!(escalate(&weeks.office).await.expect("stored"), 0);
    assert_eq!(
        on_record(&weeks.office, Kind::Escalated).await,
        ["supervisor", "dispatcher"],
        "the first is three days late, the other is due today"
    );

    let before = weeks.file(&weeks.number).await.deadlines;
    weeks.extends(1).await.expect("extended");
    let file = weeks.file(&weeks.number).await;
    assert_eq!(file.deadlines.len(), 2);
    assert_ne!(file.deadlines[0].due_day, file.deadlines[1].due_day);
    for (was, deadline) in before.iter().zip(&file.deadlines) {
        assert_eq!(was.number, deadline.number);
        assert!(deadline.due_day > was.due_day);
        assert_eq!(
            (deadline.extended_days, deadline.escalated),
            (10, EscalationLevel::Nobody)
        );
        let told: Vec<_> = file
            .messages
            .iter()
            .filter(|message| message.number == deadline.number)
            .map(|message| message.text.clone())
            .collect();
        let due = deadline.due_day;
        assert_eq!(told, [format!("需要更多时间：证人出差。新日期 {due}。")]);
    }
    assert!(matches!(
        weeks.extends(1).await,
        Err(OfficeError::NotPossible)
    ));

    weeks.wait_until("2026-05-20");
    assert_eq!(escalate(&weeks.office).await.expect("stored"), 2);
    let (office, _) = office_at(
        "2026-05-20T01:00:00Z",
        &weeks.key,
        &weeks.store,
        Calendar::embedded(),
    )
    .await;
    weeks.office = office;
    let deadlines = weeks.file(&weeks.number).await.deadlines;
    assert!(
        deadlines
            .iter()
            .all(|deadline| deadline.escalated == EscalationLevel::Parent)
    );
    assert_eq!(escalate(&weeks.office).await.expect("nothing new"), 0);
}

#[tokio::test]
async fn joined_deadlines_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    Box::pin(joined_deadlines(cases(&url).await)).await;
}

#[tokio::test]
async fn joined_deadlines_in_postgresql() {
    let url = postgres::fresh_database().await;
    Box::pin(joined_deadlines(cases(&url).await)).await;
}
