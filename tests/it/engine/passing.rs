//! What goes to the office above: by whom, by when, and what the office above makes of it.

mod offices;

use super::joining::on_both_stores;
use super::{ABOVE, arrived, cases, sent_to, today, viewer};
use mifeng_sealing::tip::{PassedKind, ReplyDocument, Said, Status};
use mifeng_sealing::{EnvelopeKind, seal_reply};
use mifeng_triage::audit::Kind;
use mifeng_triage::cases::Signing;
use mifeng_triage::casework;
use mifeng_triage::deadlines::Calendar;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::jobs;
use mifeng_triage::model::CaseNumber;
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use offices::{Above, County, people};
use std::sync::Arc;

const TEXT: &str = "收了补课机构的钱，学校才敢办班";

const ADDED: &str = "转账是九月三日";

const REASON: &str = "反映的是主要领导";

const KIN: &str = "上官云起";

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
