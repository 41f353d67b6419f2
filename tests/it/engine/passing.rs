//! What goes to the office above: by whom, by when, and what the office above makes of it.

use super::joining::on_both_stores;
use super::said as said_by;
use super::{ABOVE, Staff, arrived, cases, member, office_as, sealed_tip, sent_to, today, viewer};
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_opening::Identity;
use mifeng_sealing::tip::{PassedKind, RawTip, ReplyDocument, Said, Status};
use mifeng_sealing::{EnvelopeKind, MailboxSecrets, seal_reply};
use mifeng_triage::audit::Kind;
use mifeng_triage::cases::Signing;
use mifeng_triage::casework;
use mifeng_triage::deadlines::Calendar;
use mifeng_triage::ingest::ingest;
use mifeng_triage::ingest::{Arrived, Ingested};
use mifeng_triage::jobs;
use mifeng_triage::model::{AuditQuery, CaseNumber, Member, NewPaper, Role, Viewer};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::store::{OutgoingState, PassingRow, TriageStore};
use mifeng_triage::views;
use std::sync::Arc;
use std::time::Duration;

const TEXT: &str = "收了补课机构的钱，学校才敢办班";
const ADDED: &str = "转账是九月三日";
const REASON: &str = "反映的是主要领导";
const KIN: &str = "上官云起";

fn people() -> Vec<Member> {
    vec![
        member(1, Role::Dispatcher, None),
        member(2, Role::Supervisor, None),
        member(20, Role::Investigator, Some("jijiao")),
    ]
}

struct County {
    key: Identity,
    store: Arc<dyn TriageStore>,
    people: Vec<Member>,
    clock: Arc<ManualClock>,
    office: Arc<Office>,
}

impl County {
    async fn new(store: Arc<dyn TriageStore>, people: Vec<Member>) -> Self {
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        Self::open(Identity::generate(), store, people, clock).await
    }

    async fn open(
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
    async fn restarted(self) -> Self {
        Self::open(self.key, self.store, self.people, self.clock).await
    }

    /// Lets the days pass after which what was found goes by itself: not a day earlier. What its last act was.
    async fn waits(&self) -> Option<String> {
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

    async fn tip(&self, subject: &str, text: &str) -> (CaseNumber, MailboxSecrets) {
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

    async fn hears(&self, reporter: &MailboxSecrets, text: &str) {
        let said = Said::Addition {
            text: text.to_owned(),
        };
        let envelope = said_by(&self.key, reporter, said);
        let heard = ingest(&self.office, &envelope).await.expect("stored");
        assert_eq!(heard, Ingested::Reply);
    }

    /// Papers of each kind, of which a task and a draft are of no use elsewhere; the version afterwards.
    async fn writes(&self, who: &Viewer, number: &CaseNumber) -> i64 {
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
    async fn passes(&self) -> Vec<PassingRow> {
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

    async fn on_record(&self, kind: Kind) -> usize {
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
struct Above {
    office: Arc<Office>,
    store: Arc<dyn TriageStore>,
    _folder: tempfile::TempDir,
}

impl Above {
    async fn new() -> Self {
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

    async fn pulls(&self, mut rows: Vec<PassingRow>) -> Vec<Ingested> {
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

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn a_tip_about_the_leaders_goes_up(store: Arc<dyn TriageStore>) {
    let county = County::new(store, people()).await;
    let (dispatcher, supervisor) = (
        viewer(people().swap_remove(0)),
        viewer(people().swap_remove(1)),
    );
    let (number, reporter) = county.tip("教育局局长", TEXT).await;
    county.hears(&reporter, ADDED).await;
    let file = views::case(&county.office, &dispatcher, &number)
        .await
        .expect("a case");
    let (due, _) = Calendar::embedded().add_working_days(today(), 5);
    assert_eq!(file.pass_up_day, Some(due));
    let deadline = file
        .deadlines
        .iter()
        .find(|deadline| deadline.rule == "pass-up");
    let deadline = deadline.expect("a deadline of its own");
    assert_eq!(
        (deadline.start_day, deadline.due_day, deadline.met_day),
        (today(), due, None)
    );
    let office = &county.office;
    let unsaid = casework::ask_passing(office, &dispatcher, &number, file.version, " ");
    assert!(matches!(unsaid.await, Err(OfficeError::BadText("reason"))));
    let stale = casework::ask_passing(office, &dispatcher, &number, 0, REASON);
    assert!(matches!(stale.await, Err(OfficeError::Changed)));
    let handler = viewer(people().swap_remove(2));
    let not_his = casework::ask_passing(office, &handler, &number, file.version, REASON);
    assert!(matches!(not_his.await, Err(OfficeError::NotPermitted)));
    let nothing = casework::approve_passing(office, &supervisor, &number, file.version);
    assert!(
        matches!(nothing.await, Err(OfficeError::NotPossible)),
        "not asked"
    );
    let asked = casework::ask_passing(office, &dispatcher, &number, file.version, REASON);
    asked.await.expect("asked");

    // One person alone does not pass it up, whatever he tries; the wish stands over a start, and can be sent back.
    let version = file.version + 1;
    let again = casework::ask_passing(office, &dispatcher, &number, version, REASON);
    assert!(matches!(again.await, Err(OfficeError::NotPossible)));
    let himself = casework::approve_passing(office, &dispatcher, &number, version);
    assert!(matches!(himself.await, Err(OfficeError::SecondPerson)));
    let his = casework::approve_passing(office, &handler, &number, version);
    assert!(matches!(his.await, Err(OfficeError::NotPermitted)));
    let back = casework::reject_passing(office, &supervisor, &number, version, REASON);
    back.await.expect("sent back");
    let version = county.writes(&dispatcher, &number).await;
    let asked = casework::ask_passing(office, &dispatcher, &number, version, REASON);
    asked.await.expect("asked again");
    assert_eq!(
        jobs::watch(office).await.expect("watched"),
        0,
        "somebody can sign"
    );
    let county = county.restarted().await;
    let seen = views::case(&county.office, &supervisor, &number).await;
    let seen = seen.expect("a case");
    assert_eq!(seen.passing_signing, Signing::Second);
    assert_eq!(seen.passing.expect("it stands").reason, REASON);
    let passed = casework::approve_passing(&county.office, &supervisor, &number, version + 1);
    passed.await.expect("passed up");

    // Closed to everybody here, at once and after a start; on record; the reporter is told.
    for who in [&dispatcher, &supervisor, &handler] {
        let seen = views::case(&county.office, who, &number).await;
        assert!(matches!(seen, Err(OfficeError::NotYours)));
        assert_eq!(county.store.wraps_of(who.id).await.expect("read"), []);
    }
    assert_eq!(county.on_record(Kind::PassedUp).await, 4, "each try");
    assert_eq!(county.on_record(Kind::PassingAsked).await, 6, "each try");
    assert_eq!(county.on_record(Kind::KeyTaken).await, 3);
    let told = sent_to(&*county.store, &reporter).await;
    let last = told.last().expect("told");
    assert_eq!(last.status, Status::Referred);
    assert!(last.text.contains("河源市教育局") && last.due_day.is_none());
    let waits = county.store.queued_passing(64).await.expect("read");
    assert_eq!(waits, [], "not before the reporter was told");
    let rows = county.passes().await;
    assert_eq!(rows.len(), 2);

    // The office above takes it in as it takes in any tip, and its words follow on those that lie there.
    let above = Above::new().await;
    let taken = above.pulls(rows).await;
    let [Ingested::Case(there), Ingested::Reply] = taken.as_slice() else {
        panic!("{taken:?}");
    };
    let office = Arc::clone(&above.office);
    let reader = viewer(super::members().swap_remove(0));
    let file = views::case(&office, &reader, &CaseNumber(there.clone())).await;
    let file = file.expect("a case");
    assert_eq!(file.tips[0].text, TEXT);
    assert_eq!(file.messages[0].text, ADDED);
    assert!(!file.messages[0].unproven, "it is proven there again");
    let papers: Vec<_> = file.tips[0]
        .papers
        .iter()
        .map(|one| (one.kind, one.text.as_str()))
        .collect();
    let (day, held) = (today(), today().plus_days(-1));
    let interview = format!("丁某 · {held} · 翠屏路\n上学期就开始了");
    assert_eq!(
        papers,
        [
            (PassedKind::Note, "家长愿意作证"),
            (PassedKind::Evidence, "转账截图六张 · 档案柜三层"),
            (PassedKind::Interview, interview.as_str()),
        ]
    );
    assert!(
        file.tips[0]
            .papers
            .iter()
            .all(|one| one.day == day && one.author.contains("第1号"))
    );
    let answers = sent_to(&*above.store, &reporter).await;
    assert_eq!(answers[0].sequence, last.sequence + 1);

    // What was written to the county before the mailbox was handed over still gets there.
    county.hears(&reporter, "还有一笔").await;
    let late = above.pulls(county.passes().await).await;
    assert_eq!(late, [Ingested::Reply]);
    let digest = reporter.lookup().digest().to_hex();
    let text = "冒充".to_owned();
    let forged = ReplyDocument::new("qingxi", digest, today(), Said::Addition { text });
    let sealed = seal_reply(&forged, &[ABOVE.recipient()]).expect("sealed");
    let forged = arrived(EnvelopeKind::Reply, sealed.0.into_bytes());
    let taken = ingest(&above.office, &forged).await.expect("kept");
    assert_eq!(taken, Ingested::Unproven);
    assert_eq!(county.on_record(Kind::ReplyPassedUp).await, 1);
}

async fn what_only_has_the_name_of_a_leader_stays(store: Arc<dyn TriageStore>) {
    let county = County::new(store, people()).await;
    let dispatcher = viewer(people().swap_remove(0));
    let (other, _) = county.tip("四年级语文老师", "另一件事，收费补课").await;
    let file = views::case(&county.office, &dispatcher, &other)
        .await
        .expect("a case");
    let nothing = casework::keep_here(&county.office, &dispatcher, &other, file.version, REASON);
    assert!(matches!(nothing.await, Err(OfficeError::NotPossible)));
    let (number, _) = county.tip("殷月华老师", "与副局长同名的老师收费补课").await;
    let file = views::case(&county.office, &dispatcher, &number)
        .await
        .expect("a case");
    assert!(file.pass_up_day.is_some());
    let before = county.store.mail_due().await.expect("listed").len();
    let kept = casework::keep_here(&county.office, &dispatcher, &number, file.version, "同名");
    kept.await.expect("kept");
    let file = views::case(&county.office, &dispatcher, &number)
        .await
        .expect("a case");
    assert_eq!(file.pass_up_day, None);
    let after = county.store.mail_due().await.expect("listed").len();
    assert_eq!(after, before + 1, "the supervisor hears of it");
    assert_eq!(county.on_record(Kind::KeptHere).await, 2, "both tries");
    assert_eq!(jobs::watch(&county.office).await.expect("watched"), 0);
}

async fn what_nobody_may_handle_goes_up(store: Arc<dyn TriageStore>) {
    let mut staff = people();
    for one in [0, 2] {
        staff[one].recused_names = vec![KIN.to_owned()];
    }
    let county = County::new(store, staff.clone()).await;
    let supervisor = viewer(staff.swap_remove(1));
    let (number, _) = county.tip(KIN, TEXT).await;
    let file = views::case(&county.office, &supervisor, &number)
        .await
        .expect("a case");
    assert_eq!((file.handler_id, file.pass_up_day), (None, None));
    assert_eq!(jobs::watch(&county.office).await.expect("watched"), 1);
    assert_eq!(
        jobs::watch(&county.office).await.expect("watched"),
        0,
        "once"
    );
    assert_eq!(county.on_record(Kind::PassingDue).await, 1);
    let file = views::case(&county.office, &supervisor, &number)
        .await
        .expect("a case");
    let (due, _) = Calendar::embedded().add_working_days(today(), 5);
    assert_eq!(file.pass_up_day, Some(due));
    let kept = casework::keep_here(&county.office, &supervisor, &number, file.version, REASON);
    assert!(
        matches!(kept.await, Err(OfficeError::NotPossible)),
        "by whom?"
    );
    // Nobody else can sign: it goes by itself once the office above had its days to ask.
    let asked = casework::ask_passing(&county.office, &supervisor, &number, file.version, REASON);
    asked.await.expect("asked");
    let after = county.waits().await;
    assert_eq!(after.as_deref(), Some("passed-up"));
    assert_eq!(county.passes().await.len(), 1);

    // What nobody may even see goes by itself too, and nobody has to have seen it.
    let mut staff = people();
    for one in &mut staff {
        one.recused_names = vec![KIN.to_owned()];
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    let store = cases(&format!("sqlite:{}", path.display())).await;
    let county = County::new(store, staff).await;
    let (_, reporter) = county.tip(KIN, TEXT).await;
    let (seen, _) = county.tip("四年级语文老师", "另一件事").await;
    county.waits().await;
    assert_eq!(county.on_record(Kind::PassedUp).await, 1);
    let told = sent_to(&*county.store, &reporter).await;
    assert!(told.last().expect("told").text.contains("河源市教育局"));
    let rows = county.passes().await;
    let taken = Above::new().await.pulls(rows).await;
    assert!(matches!(taken.as_slice(), [Ingested::Case(_)]));
    let other = viewer(people().swap_remove(0));
    views::case(&county.office, &other, &seen)
        .await
        .expect("is seen");
    assert_eq!(jobs::watch(&county.office).await.expect("watched"), 0);
}

on_both_stores! {
    a_tip_about_the_leaders_goes_up, a_tip_about_the_leaders_goes_up_in_sqlite,
        a_tip_about_the_leaders_goes_up_in_postgresql;
    what_only_has_the_name_of_a_leader_stays, what_only_has_the_name_of_a_leader_stays_in_sqlite,
        what_only_has_the_name_of_a_leader_stays_in_postgresql;
    what_nobody_may_handle_goes_up, what_nobody_may_handle_goes_up_in_sqlite,
        what_nobody_may_handle_goes_up_in_postgresql;
}
