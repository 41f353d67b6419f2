//! What a reporter says later, in triage: who is told, what the case shows, and what the mailbox confirms.

use super::{Staff, cases, conclude, sample_tips, staff};
use mifeng_foundation::clock::{Day, SystemClock};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_opening::Identity;
use mifeng_sealing::MailboxSecrets;
use mifeng_sealing::tip::{MailboxMessage, Said, Stopped};
use mifeng_triage::cases::{CaseFile, QueueView};
use mifeng_triage::casework;
use mifeng_triage::deadlines::DeadlineRules;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::{CaseNumber, MemberId, Viewer};
use mifeng_triage::office::{Office, OfficeError, Parts};
use mifeng_triage::routing::Rules;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;

/// An office with one tip.
struct Scene {
    office: Arc<Office>,
    store: Arc<dyn TriageStore>,
    key: Identity,
    secrets: MailboxSecrets,
    number: CaseNumber,
    staff: Vec<Viewer>,
}

impl Scene {
    async fn with(sample: &str, store: Arc<dyn TriageStore>) -> Self {
        let key = Identity::generate();
        let parts = Parts {
            slug: "qingxi".to_owned(),
            zone: crate::support::office_zone(),
            identity: key.clone(),
            store: Arc::clone(&store),
            directory: Arc::new(Staff(super::members())),
            rules: Rules::parse(super::RULES).expect("the sample"),
            deadline_rules: DeadlineRules::embedded(),
            parent: None,
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy),
        };
        let office = Arc::new(Office::load(parts).await.expect("it loads"));
        let (_, secrets, envelope) = sample_tips(&key)
            .into_iter()
            .find(|(id, ..)| id == sample)
            .expect("a sample");
        let Ingested::Case(number) = ingest(&office, &envelope).await.expect("stored") else {
            panic!("no case");
        };
        Self {
            office,
            store,
            key,
            secrets,
            number: CaseNumber(number),
            staff: staff(),
        }
    }

    fn dispatcher(&self) -> &Viewer {
        &self.staff[0]
    }

    fn supervisor(&self) -> &Viewer {
        &self.staff[1]
    }

    async fn says(&self, said: Said) {
        let envelope = super::said(&self.key, &self.secrets, said);
        let ingested = ingest(&self.office, &envelope).await;
        assert_eq!(ingested.expect("stored"), Ingested::Reply);
    }

    async fn file(&self) -> CaseFile {
        let file = views::case(&self.office, self.dispatcher(), &self.number).await;
        file.expect("a case")
    }

    /// Who was reminded since the last time.
    async fn reminded(&self) -> Vec<MemberId> {
        let due = self.store.mail_due().await.expect("read");
        let ids: Vec<_> = due.iter().map(|news| news.id).collect();
        self.store.mail_sent(&ids).await.expect("noted");
        due.into_iter().map(|news| news.member).collect()
    }

    /// The last message that waits for the mailbox.
    async fn last_message(&self) -> MailboxMessage {
        let mailbox = crate::sealing::vectors::mailbox_identity(&self.secrets);
        let queued = self.store.queued_messages(100).await.expect("read");
        let opened = queued.iter().map(|row| {
            let json = mailbox
                .open(&row.ciphertext)
                .expect("sealed to the mailbox");
            MailboxMessage::from_json(&json).expect("a message")
        });
        opened.max_by_key(|message| message.sequence).expect("some")
    }
}

async fn sqlite(folder: &tempfile::TempDir) -> Arc<dyn TriageStore> {
    let file = folder.path().join("triage.sqlite");
    cases(&format!("sqlite:{}", file.display())).await
}

#[tokio::test]
async fn harm_to_a_child_reminds_the_supervisor_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::with("s21", sqlite(&folder).await).await;
    assert!(scene.reminded().await.contains(&scene.supervisor().id));
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::with("s01", sqlite(&folder).await).await;
    assert!(!scene.reminded().await.contains(&scene.supervisor().id));
}

async fn a_decision_is_read_objected_to_and_looked_at_later(store: Arc<dyn TriageStore>) {
    let scene = Scene::with("s01", store).await;
    conclude(&scene.office, scene.dispatcher(), &scene.number).await;
    let told = scene.last_message().await;
    assert!(told.due_day.is_none() && told.messages_read == 0);
    scene.reminded().await;

    let written = scene.file().await.messages.len();
    assert!(scene.file().await.messages.iter().all(|m| !m.read));
    scene.says(Said::Read { messages: 1 }).await;
    assert!(scene.file().await.messages[0].read);
    assert_eq!(scene.last_message().await.messages_read, 1);
    assert!(scene.reminded().await.is_empty(), "nobody is disturbed");

    let text = "收据我有".to_owned();
    scene.says(Said::Objection { text }).await;
    assert!(scene.file().await.objected);
    assert_eq!(scene.reminded().await, [scene.supervisor().id]);
    let mine = views::queue(&scene.office, scene.supervisor(), QueueView::Finished);
    assert!(mine.await.expect("a queue").rows[0].reporter_wrote);
    let write = |actor: usize| {
        casework::write_to_reporter(
            &scene.office,
            &scene.staff[actor],
            &scene.number,
            None,
            "已复核，结论不变。",
        )
    };
    write(0).await.expect("the dispatcher may write");
    assert!(scene.file().await.objected, "but that does not settle it");
    write(1).await.expect("the supervisor may write");
    assert!(!scene.file().await.objected);

    scene
        .says(Said::Aftercare {
            after_days: 30,
            stopped: Stopped::Yes,
            treated_badly: true,
            text: String::new(),
        })
        .await;
    assert!(scene.reminded().await.contains(&scene.supervisor().id));
    assert_eq!(scene.last_message().await.aftercare_answered_days, 30);
    let file = scene.file().await;
    assert_eq!(file.messages.len(), written + 4);
    assert!(
        file.messages
            .last()
            .expect("some")
            .text
            .contains("被为难过吗？有")
    );
}

#[tokio::test]
async fn a_decision_is_read_objected_to_and_looked_at_later_on_both() {
    let folder = tempfile::tempdir().expect("a folder");
    a_decision_is_read_objected_to_and_looked_at_later(sqlite(&folder).await).await;
    let url = crate::support::postgres::fresh_database().await;
    a_decision_is_read_objected_to_and_looked_at_later(cases(&url).await).await;
}

#[tokio::test]
async fn nothing_is_written_to_a_mailbox_that_was_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::with("s01", sqlite(&folder).await).await;
    assert!(!scene.file().await.reporter_gone);
    scene.says(Said::Farewell).await;
    let before = scene.store.queued_messages(100).await.expect("read").len();
    let file = scene.file().await;
    assert!(file.reporter_gone);
    let written = casework::write_to_reporter(
        &scene.office,
        scene.dispatcher(),
        &scene.number,
        None,
        "请补充",
    );
    assert!(matches!(written.await, Err(OfficeError::NotPossible)));
    conclude(&scene.office, scene.dispatcher(), &scene.number).await;
    let after = scene.store.queued_messages(100).await.expect("read").len();
    assert_eq!(before, after);
}

/// What start page, code page and poster promise is in the mailbox from the first message on, and each is met in its time.
async fn every_promise_is_told_and_when_it_was_met(store: Arc<dyn TriageStore>) {
    let scene = Scene::with("s21", store).await;
    let days = |message: &MailboxMessage| -> Vec<(String, i32, Option<i32>)> {
        let since = |day: Day| day.days_since(message.day);
        let deadlines = message.deadlines.iter();
        let each = deadlines.map(|deadline| {
            (
                deadline.rule.clone(),
                since(deadline.due_day),
                deadline.met_day.map(since),
            )
        });
        each.collect()
    };
    let rules = |message: &MailboxMessage| -> Vec<String> {
        days(message).into_iter().map(|(rule, ..)| rule).collect()
    };
    let first = scene.last_message().await;
    assert_eq!(rules(&first), ["child-harm", "acknowledge", "handle"]);
    assert_eq!(days(&first)[0].1, 0, "the same day");
    assert!(days(&first).iter().all(|(.., met)| met.is_none()));
    conclude(&scene.office, scene.dispatcher(), &scene.number).await;
    let last = scene.last_message().await;
    assert_eq!(rules(&last), rules(&first));
    assert!(
        days(&last).iter().all(|(.., met)| *met == Some(0)),
        "{:?}",
        days(&last)
    );
}

#[tokio::test]
async fn every_promise_is_told_and_when_it_was_met_on_both() {
    let folder = tempfile::tempdir().expect("a folder");
    every_promise_is_told_and_when_it_was_met(sqlite(&folder).await).await;
    let url = crate::support::postgres::fresh_database().await;
    every_promise_is_told_and_when_it_was_met(cases(&url).await).await;
}
