//! A county, and the office above it.

use super::super::said as said_by;
use super::super::{ABOVE, Staff, arrived, cases, member, office_as, sealed_tip, today};
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_opening::Identity;
use mifeng_sealing::MailboxSecrets;
use mifeng_sealing::tip::{RawTip, Said};
use mifeng_triage::audit::Kind;
use mifeng_triage::casework;
use mifeng_triage::ingest::{Arrived, Ingested, ingest};
use mifeng_triage::jobs;
use mifeng_triage::model::{AuditQuery, CaseNumber, Member, NewPaper, Role, Viewer};
use mifeng_triage::office::Office;
use mifeng_triage::store::{OutgoingState, PassingRow, TriageStore};
use mifeng_triage::views;
use std::sync::Arc;
use std::time::Duration;

pub(super) fn people() -> Vec<Member> {
    vec![
        member(1, Role::Dispatcher, None),
        member(2, Role::Supervisor, None),
        member(20, Role::Investigator, Some("jijiao")),
    ]
}

pub(super) struct County {
    pub(super) key: Identity,
    pub(super) store: Arc<dyn TriageStore>,
    pub(super) people: Vec<Member>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) office: Arc<Office>,
}

impl County {
    pub(super) async fn new(store: Arc<dyn TriageStore>, people: Vec<Member>) -> Self {
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        Self::open(Identity::generate(), store, people, clock).await
    }

    pub(super) async fn open(
        key: Identity,
        store: Arc<dyn TriageStore>,
        people: Vec<Member>,
        clock: Arc<ManualClock>,
    ) -> Self {
        let office = office_as(&key, Arc::clone(&store), |parts| {
            parts.directory = Arc::new(Staff(people.clone()));
            parts.clock = clock.clone();
        })
        .await;
        Self {
            key,
            store,
            people,
            clock,
            office,
        }
    }

    /// The same after a start.
    pub(super) async fn restarted(self) -> Self {
        Self::open(self.key, self.store, self.people, self.clock).await
    }

    /// Lets the days pass after which what was found goes by itself: not a day earlier. What its last act was.
    pub(super) async fn waits(&self) -> Option<String> {
        let before = self.on_record(Kind::PassedUp).await;
        assert_eq!(jobs::watch(&self.office).await.expect("watched"), 1);
        assert_eq!(self.on_record(Kind::PassingWaits).await, 1);
        for _ in 0..3 {
            assert_eq!(self.on_record(Kind::PassedUp).await, before);
            assert_eq!(
                jobs::watch(&self.office).await.expect("watched"),
                0,
                "it waits"
            );
            self.clock.advance(Duration::from_hours(24));
        }
        assert_eq!(jobs::watch(&self.office).await.expect("watched"), 1);
        let rows = self
            .office
            .audit_log()
            .rows(AuditQuery::default(), 1000)
            .await;
        let rows = rows.expect("rows").into_iter();
        let mut kinds = rows.map(|row| row.link.kind);
        kinds.find(|kind| kind == Kind::PassedUp.code())
    }

    pub(super) async fn tip(&self, subject: &str, text: &str) -> (CaseNumber, MailboxSecrets) {
        let raw = RawTip {
            category: "tutoring".to_owned(),
            school: "青溪县城东小学".to_owned(),
            subject: subject.to_owned(),
            when: String::new(),
            text: text.to_owned(),
            language: "zh-Hans".to_owned(),
            attachments: Vec::new(),
            only_above: false,
        };
        let (reporter, envelope) = sealed_tip(&self.key, &raw, today());
        match ingest(&self.office, &envelope).await.expect("stored") {
            Ingested::Case(number) => (CaseNumber(number), reporter),
            other => panic!("no case: {other:?}"),
        }
    }

    pub(super) async fn hears(&self, reporter: &MailboxSecrets, text: &str) {
        let said = Said::Addition {
            text: text.to_owned(),
        };
        let envelope = said_by(&self.key, reporter, said);
        let heard = ingest(&self.office, &envelope).await.expect("stored");
        assert_eq!(heard, Ingested::Reply);
    }

    /// Papers of each kind, of which a task and a draft are of no use elsewhere; the version afterwards.
    pub(super) async fn writes(&self, who: &Viewer, number: &CaseNumber) -> i64 {
        let held_day = Some(today().plus_days(-1));
        let text = |text: &str| text.to_owned();
        for paper in [
            NewPaper::Note {
                text: text("家长愿意作证"),
            },
            NewPaper::Evidence {
                what: text("转账截图六张"),
                place: text("档案柜三层"),
                file: None,
                sha256: String::new(),
            },
            NewPaper::Interview {
                with: text("丁某"),
                place: text("翠屏路"),
                held_day,
                text: text("上学期就开始了"),
            },
            NewPaper::Task {
                member: Some(who.id),
                due_day: Some(today().plus_days(9)),
                text: text("再走访"),
            },
            NewPaper::Draft {
                to: String::new(),
                text: text("请问几号"),
            },
        ] {
            casework::write_paper(&self.office, who, number, paper)
                .await
                .expect("written");
        }
        views::case(&self.office, who, number)
            .await
            .expect("a case")
            .version
    }

    /// Everything for the mailboxes is posted; what waits for the office above then.
    pub(super) async fn passes(&self) -> Vec<PassingRow> {
        let queued = self.store.queued_messages(1000).await.expect("read");
        let ids: Vec<_> = queued.iter().map(|row| row.id).collect();
        let marked = self.store.mark_messages(&ids, OutgoingState::Posted).await;
        marked.expect("marked");
        let rows = self.store.queued_passing(64).await.expect("read");
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        self.store.mark_passed(&ids).await.expect("marked");
        let left = self.store.queued_passing(64).await.expect("read");
        assert_eq!(left, [], "nothing waits");
        rows
    }

    pub(super) async fn on_record(&self, kind: Kind) -> usize {
        let rows = self
            .office
            .audit_log()
            .rows(AuditQuery::default(), 1000)
            .await;
        let rows = rows.expect("rows").into_iter();
        rows.filter(|row| row.link.kind == kind.code()).count()
    }
}

/// The office above, with what it pulled, in the order in which intake lists it.
pub(super) struct Above {
    pub(super) office: Arc<Office>,
    pub(super) store: Arc<dyn TriageStore>,
    pub(super) _folder: tempfile::TempDir,
}

impl Above {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("above.sqlite");
        let store = cases(&format!("sqlite:{}", path.display())).await;
        let office = office_as(&ABOVE, Arc::clone(&store), |parts| {
            "heyuan".clone_into(&mut parts.slug);
            parts.parent = None;
        })
        .await;
        Self {
            office,
            store,
            _folder: folder,
        }
    }

    pub(super) async fn pulls(&self, mut rows: Vec<PassingRow>) -> Vec<Ingested> {
        rows.sort_by_key(|row| row.id);
        let mut taken = Vec::new();
        for row in rows {
            let envelope = Arrived {
                id: row.id,
                ..arrived(row.kind, row.ciphertext)
            };
            taken.push(ingest(&self.office, &envelope).await.expect("taken in"));
        }
        taken
    }
}
