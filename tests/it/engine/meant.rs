//! "Is this she?": what may name a member is kept from her until a dispatcher who is not she has said.

use super::joining::on_both_stores;
use super::said as said_by;
use super::{Staff, member, office_as, sealed_tip, today, viewer};
use mifeng_names::generate::{naming, people};
use mifeng_opening::Identity;
use mifeng_sealing::MailboxSecrets;
use mifeng_sealing::tip::{RawTip, Said};
use mifeng_triage::audit::Kind;
use mifeng_triage::cases::QueueView;
use mifeng_triage::casework;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::{AuditQuery, CaseNumber, Member, Role, Viewer};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;

const TEXT: &str = "Wen Yining took money from the training centre";

/// A second dispatcher, so that she would see every case.
fn wen() -> Member {
    Member {
        name: "温以宁".to_owned(),
        ..member(20, Role::Dispatcher, Some("dudao"))
    }
}

struct County {
    key: Identity,
    office: Arc<Office>,
}

impl County {
    async fn new(store: Arc<dyn TriageStore>, people: Vec<Member>) -> Self {
        let key = Identity::generate();
        let office = office_as(&key, store, |parts| {
            parts.directory = Arc::new(Staff(people));
        })
        .await;
        Self { key, office }
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

    async fn sees(&self, who: &Viewer, number: &CaseNumber) -> bool {
        match views::case(&self.office, who, number).await {
            Ok(_) => true,
            Err(OfficeError::NotYours) => false,
            Err(error) => panic!("{error}"),
        }
    }

    async fn asked(&self, who: &Viewer) -> usize {
        let queue = views::queue(&self.office, who, QueueView::Open).await;
        queue.expect("the queue").asked
    }

    async fn say(
        &self,
        who: &Viewer,
        number: &CaseNumber,
        of: &Viewer,
        is_meant: bool,
    ) -> Result<(), OfficeError> {
        let version = views::case(&self.office, who, number).await?.version;
        casework::say_meant(&self.office, who, number, version, of.id, Some(is_meant)).await
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

async fn a_possible_name_is_kept_from_her_until_another_has_said(store: Arc<dyn TriageStore>) {
    let county = County::new(store, vec![member(1, Role::Dispatcher, None), wen()]).await;
    let (other, wen) = (viewer(member(1, Role::Dispatcher, None)), viewer(wen()));
    let (number, reporter) = county.tip("", TEXT).await;
    assert!(!county.sees(&wen, &number).await, "kept from her");
    assert_eq!(
        (county.asked(&other).await, county.asked(&wen).await),
        (1, 0)
    );
    let file = views::case(&county.office, &other, &number)
        .await
        .expect("his");
    assert_eq!(file.questions.len(), 1);
    assert_eq!(
        (file.questions[0].name.as_str(), file.questions[0].keeps),
        ("温以宁", true)
    );
    assert_ne!(file.handler_id, Some(wen.id), "not routed to her");
    assert!(!file.readers.contains(&wen.name), "and she has no key");
    let own = casework::say_meant(
        &county.office,
        &wen,
        &number,
        file.version,
        wen.id,
        Some(false),
    )
    .await;
    assert!(
        matches!(own, Err(OfficeError::NotYours)),
        "she does not decide on herself"
    );

    county
        .say(&other, &number, &wen, false)
        .await
        .expect("said");
    assert!(county.sees(&wen, &number).await, "released");
    assert_eq!(county.asked(&other).await, 0);
    assert_eq!(county.on_record(Kind::PersonNotMeant).await, 1);
    let again = county.say(&other, &number, &wen, false).await;
    assert!(
        matches!(again, Err(OfficeError::NotPossible)),
        "nothing is asked"
    );

    county.hears(&reporter, "As I said: wen yining.").await;
    assert!(!county.sees(&wen, &number).await, "said again, asked again");
    county.say(&other, &number, &wen, true).await.expect("said");
    assert!(!county.sees(&wen, &number).await, "for good");
    assert_eq!(county.asked(&other).await, 0);
    assert_eq!(county.on_record(Kind::PersonMeant).await, 1);
    let file = views::case(&county.office, &other, &number)
        .await
        .expect("his");
    assert!(file.questions.is_empty());
    let keys: Vec<_> = file.history.iter().map(|line| line.note.code()).collect();
    assert!(keys.contains(&"person-meant") && keys.contains(&"person-not-meant"));
}

async fn where_it_is_kept_from_every_dispatcher_a_supervisor_says(store: Arc<dyn TriageStore>) {
    let people = vec![
        wen(),
        member(2, Role::Supervisor, None),
        member(21, Role::Investigator, Some("jijiao")),
    ];
    let county = County::new(store, people).await;
    let (supervisor, wen) = (viewer(member(2, Role::Supervisor, None)), viewer(wen()));
    let (number, _) = county.tip("", TEXT).await;
    assert!(!county.sees(&wen, &number).await);
    assert_eq!(county.asked(&supervisor).await, 1);
    county
        .say(&supervisor, &number, &wen, false)
        .await
        .expect("said");
    assert!(county.sees(&wen, &number).await);

    // As long as a dispatcher sees it, it is for her to say.
    let (number, _) = county.tip("", "Shang Songzhi").await;
    let file = views::case(&county.office, &supervisor, &number)
        .await
        .expect("hers");
    assert!(file.questions.is_empty());
}

async fn a_name_in_a_longer_one_is_shown_and_keeps_nothing(store: Arc<dyn TriageStore>) {
    let wang = Member {
        name: "王芳".to_owned(),
        ..wen()
    };
    let county = County::new(store, vec![member(1, Role::Dispatcher, None), wang.clone()]).await;
    let (other, wang) = (viewer(member(1, Role::Dispatcher, None)), viewer(wang));
    let (number, _) = county.tip("", "王芳芳老师收钱补课").await;
    assert!(county.sees(&wang, &number).await);
    let file = views::case(&county.office, &other, &number)
        .await
        .expect("his");
    assert_eq!(file.questions.len(), 1, "shown");
    assert!(!file.questions[0].keeps);
    assert_eq!(county.asked(&other).await, 0, "and nothing waits");
    county
        .say(&other, &number, &wang, true)
        .await
        .expect("said");
    assert!(!county.sees(&wang, &number).await, "he knows better");
    let (certain, _) = county.tip("王芳", "收钱补课").await;
    assert!(!county.sees(&wang, &certain).await);
    assert!(
        views::case(&county.office, &other, &certain)
            .await
            .expect("his")
            .questions
            .is_empty()
    );
}

async fn nobody_of_the_generated_office_opens_a_tip_that_names_her(store: Arc<dyn TriageStore>) {
    let people = people();
    let members: Vec<Member> = (30..)
        .zip(&people)
        .map(|(id, person)| Member {
            name: person.names[0].clone(),
            titles: person.titles.clone(),
            recused_names: person.agreeing.clone(),
            ..member(id, Role::Dispatcher, None)
        })
        .collect();
    let mut staff = members.clone();
    staff.push(member(1, Role::Dispatcher, None));
    let county = County::new(store, staff).await;
    for (who, way, tip) in naming(7, 48, &people) {
        let (number, _) = county.tip(&tip.subject, &tip.text).await;
        let named = viewer(members[who].clone());
        assert!(!county.sees(&named, &number).await, "{way:?} {tip:?}");
    }
}

on_both_stores! {
    a_possible_name_is_kept_from_her_until_another_has_said,
        a_possible_name_is_kept_from_her_until_another_has_said_in_sqlite,
        a_possible_name_is_kept_from_her_until_another_has_said_in_postgresql;
    where_it_is_kept_from_every_dispatcher_a_supervisor_says,
        where_it_is_kept_from_every_dispatcher_a_supervisor_says_in_sqlite,
        where_it_is_kept_from_every_dispatcher_a_supervisor_says_in_postgresql;
    a_name_in_a_longer_one_is_shown_and_keeps_nothing,
        a_name_in_a_longer_one_is_shown_and_keeps_nothing_in_sqlite,
        a_name_in_a_longer_one_is_shown_and_keeps_nothing_in_postgresql;
    nobody_of_the_generated_office_opens_a_tip_that_names_her,
        nobody_of_the_generated_office_opens_a_tip_that_names_her_in_sqlite,
        nobody_of_the_generated_office_opens_a_tip_that_names_her_in_postgresql;
}
