//! An office with mail that waits.

use super::super::cases;
use super::super::{RULES, Staff, member, sample_tips, viewers};
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_opening::Identity;
use mifeng_triage::cases::QueueView;
use mifeng_triage::deadlines::DeadlineRules;
use mifeng_triage::ingest::ingest;
use mifeng_triage::model::{Member, Role, Viewer};
use mifeng_triage::notify::Digest;
use mifeng_triage::office::{Office, Parts};
use mifeng_triage::routing::Rules;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// An office with the sample tips, whose investigators have addresses, but for one.
pub struct Scene {
    pub office: Arc<Office>,
    pub(super) store: Arc<dyn TriageStore>,
    pub clock: Arc<ManualClock>,
    pub(super) members: Vec<Viewer>,
}

impl Scene {
    pub(super) async fn new(store: Arc<dyn TriageStore>, tips: usize) -> Self {
        Self::of(super::super::members(), store, tips).await
    }

    pub(super) async fn of(
        mut members: Vec<Member>,
        store: Arc<dyn TriageStore>,
        tips: usize,
    ) -> Self {
        let key = Identity::generate();
        for member in members.iter_mut().skip(3) {
            member.email = format!("{}@example.org", member.login);
        }
        members[7].email.clear();
        let mut auditor = member(99, Role::Auditor, None);
        "auditor@example.org".clone_into(&mut auditor.email);
        members.push(auditor);
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        let parts = Parts {
            slug: "qingxi".to_owned(),
            zone: crate::support::office_zone(),
            identity: key.clone(),
            store: Arc::clone(&store),
            directory: Arc::new(Staff(members.clone())),
            rules: Rules::parse(RULES).expect("the sample"),
            deadline_rules: DeadlineRules::embedded(),
            parent: None,
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(SystemEntropy),
        };
        let office = Arc::new(Office::load(parts).await.expect("it loads"));
        for (_, _, envelope) in sample_tips(&key).iter().take(tips) {
            ingest(&office, envelope).await.expect("stored");
        }
        Self {
            office,
            store,
            clock,
            members: viewers(members),
        }
    }

    pub async fn in_sqlite(folder: &Path, tips: usize) -> Self {
        let url = format!("sqlite:{}", folder.join("triage.sqlite").display());
        Self::new(cases(&url).await, tips).await
    }

    /// The same without a tip, where the dispatcher has an address too.
    pub async fn with_a_dispatcher(folder: &Path) -> Self {
        let url = format!("sqlite:{}", folder.join("triage.sqlite").display());
        let mut members = super::super::members();
        "m1@example.org".clone_into(&mut members[0].email);
        Self::of(members, cases(&url).await, 0).await
    }

    /// What each member with an address and with news should be told.
    pub(super) async fn expected(&self) -> BTreeMap<String, Digest> {
        let office = Arc::clone(&self.office);
        let mut expected = BTreeMap::new();
        let readers = self.members.iter().filter(|m| m.role.reads_tips());
        for member in readers.filter(|m| !m.email.is_empty()) {
            let queue = views::queue(&office, member, QueueView::Mine)
                .await
                .expect("a queue");
            if queue.counts.mine > 0 {
                let (new, soon) = (queue.counts.mine, queue.counts.due_soon);
                expected.insert(member.email.clone(), Digest { new, soon });
            }
        }
        expected
    }

    /// Moves the clock to the next time that the office's day has this hour.
    pub fn until_hour(&self, hour: i8) {
        let now = self.clock.now().in_tz("Asia/Shanghai").expect("bundled");
        let wait_h = (i64::from(hour) - i64::from(now.hour())).rem_euclid(24);
        self.clock
            .advance(Duration::from_hours(wait_h.unsigned_abs()));
    }

    pub(super) async fn waiting(&self) -> usize {
        self.store.mail_due().await.expect("listed").len()
    }
}
