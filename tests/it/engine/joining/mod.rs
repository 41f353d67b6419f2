//! Joining, splitting and holding apart over both stores: who gets which message, what each tip keeps, what a restart
//! finds, and that a step is done whole or not at all.

mod contract;
mod kept;
mod keys;
mod proposed;

use super::{office, sample_tips, sent_to, staff};
use mifeng_opening::Identity;
use mifeng_sealing::MailboxSecrets;
use mifeng_sealing::tip::MailboxMessage;
use mifeng_triage::cases::{CaseFile, QueueView};
use mifeng_triage::casework::{self, Shown};
use mifeng_triage::ingest::{Arrived, Ingested, ingest};
use mifeng_triage::model::{CaseNumber, Conclusion, Mode, Move, Viewer};
use mifeng_triage::office::Office;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::collections::HashMap;
use std::sync::Arc;

/// One incident told three times (s33 to s35), and other matters.
const TOLD: [&str; 5] = ["s33", "s34", "s35", "s01", "s09"];

struct Scene {
    office: Arc<Office>,
    store: Arc<dyn TriageStore>,
    key: Identity,
    numbers: HashMap<&'static str, CaseNumber>,
    reporters: HashMap<&'static str, MailboxSecrets>,
    staff: Vec<Viewer>,
}

impl Scene {
    async fn new(store: Arc<dyn TriageStore>) -> Self {
        let key = Identity::generate();
        let office = office(&key, Arc::clone(&store)).await;
        let mut scene = Self {
            office,
            store,
            key: key.clone(),
            numbers: HashMap::new(),
            reporters: HashMap::new(),
            staff: staff(),
        };
        for (id, secrets, envelope) in sample_tips(&key) {
            let Some(id) = TOLD.into_iter().find(|told| *told == id) else {
                continue;
            };
            // A day each: of one day nothing tells which came first.
            let before = i32::try_from(TOLD.len() - scene.numbers.len()).expect("few");
            let envelope = Arrived {
                received_day: envelope.received_day.plus_days(-before),
                ..envelope
            };
            let Ingested::Case(number) = ingest(&scene.office, &envelope).await.expect("stored")
            else {
                panic!("no case of {id}");
            };
            scene.numbers.insert(id, CaseNumber(number));
            scene.reporters.insert(id, secrets);
        }
        scene
    }

    /// The same after triage was killed and started again.
    async fn restarted(mut self) -> Self {
        self.office = office(&self.key, Arc::clone(&self.store)).await;
        self.office = Arc::clone(&self.office);
        self
    }

    fn dispatcher(&self) -> &Viewer {
        &self.staff[0]
    }

    async fn file(&self, id: &str) -> CaseFile {
        let file = views::case(&self.office, self.dispatcher(), &self.numbers[id]).await;
        file.expect("a case")
    }

    async fn join(&self, one: &str, other: &str) -> CaseNumber {
        let shown = Shown {
            one: (&self.numbers[one], self.file(one).await.version),
            other: (&self.numbers[other], self.file(other).await.version),
        };
        let reason = "同一教师、同一机构";
        let joined = casework::join(&self.office, self.dispatcher(), &shown, reason).await;
        joined.expect("joined")
    }

    async fn split(&self, id: &str, apart: bool) {
        let version = self.file(id).await.version;
        casework::split(
            &self.office,
            self.dispatcher(),
            &self.numbers[id],
            version,
            apart,
            "并错了",
        )
        .await
        .expect("split");
    }

    async fn accept(&self, id: &str) {
        let version = self.file(id).await.version;
        casework::change_state(
            &self.office,
            self.dispatcher(),
            &self.numbers[id],
            version,
            Move::accept(Mode::Direct, "属于本局职责"),
        )
        .await
        .expect("accepted");
    }

    /// What was sent to a reporter's mailbox, in order.
    async fn mailbox(&self, id: &str) -> Vec<MailboxMessage> {
        sent_to(&*self.store, &self.reporters[id]).await
    }

    async fn conclude(&self, id: &str, conclusion: Conclusion) {
        let version = self.file(id).await.version;
        casework::conclude(
            &self.office,
            self.dispatcher(),
            &self.numbers[id],
            version,
            conclusion,
        )
        .await
        .expect("concluded");
    }

    async fn rows(&self, view: QueueView) -> Vec<CaseNumber> {
        let queue = views::queue(&self.office, self.dispatcher(), view).await;
        let rows = queue.expect("the queue").rows.into_iter();
        rows.map(|row| row.number).collect()
    }
}

macro_rules! on_both_stores {
    ($($name:ident, $sqlite:ident, $postgres:ident;)+) => {$(
        #[tokio::test]
        async fn $sqlite() {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("triage.sqlite");
            $name(crate::engine::cases(&format!("sqlite:{}", path.display())).await).await;
        }

        #[tokio::test]
        async fn $postgres() {
            $name(crate::engine::cases(&crate::support::postgres::fresh_database().await).await).await;
        }
    )+};
}

pub(super) use on_both_stores;
