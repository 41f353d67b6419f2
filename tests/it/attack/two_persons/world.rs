//! An office with accounts, one of whose people wants to drain it.

use super::super::{member, office_as, sealed_tip, today, viewer};
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_opening::Identity;
use mifeng_sealing::tip::RawTip;
use mifeng_triage::administration::accounts::Accounts;
use mifeng_triage::administration::{Outcome, RequestView};
use mifeng_triage::audit::Kind;
use mifeng_triage::engine::{Stores, open_stores};
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::jobs;
use mifeng_triage::jobs::{escalate, expire};
use mifeng_triage::model::{AuditQuery, CaseNumber, CaseState, Member, MemberId, Role, Viewer};
use mifeng_triage::office::Office;
use mifeng_triage::staff::{Credentials, Directory, StoredPassword};
use mifeng_triage::views;
use std::sync::Arc;

/// Stands in every tip: whoever is recused by it is recused from all.
pub(super) const EVERYWHERE: &str = "培训机构";

const SCHOOLS: [&str; 3] = ["青溪县第一中学", "青溪县第三中学", "青溪县城东小学"];

fn people() -> Vec<Member> {
    vec![
        member(1, Role::Dispatcher, None),
        member(2, Role::Supervisor, None),
        member(3, Role::Administrator, None),
        member(4, Role::Dispatcher, None),
        member(5, Role::Supervisor, None),
        member(20, Role::Investigator, Some("jijiao")),
        member(21, Role::Investigator, Some("dudao")),
    ]
}

pub(super) struct World {
    pub(super) key: Identity,
    pub(super) stores: Stores,
    pub(super) clock: Arc<ManualClock>,
    pub(super) office: Arc<Office>,
    pub(super) cases: Vec<CaseNumber>,
}

/// Numbers that are the same in each run.
pub(super) struct Draws(pub(super) u64);

impl Draws {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % bound as u64).expect("small")
    }
}

pub(super) fn some_password() -> StoredPassword {
    StoredPassword::from_phc("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned())
}

impl World {
    pub(super) async fn new(url: &str) -> Self {
        let stores = open_stores(&url.parse().expect("a URL"))
            .await
            .expect("a store");
        for one in people() {
            let known = stores.staff.member(one.id).await.expect("read");
            if known.is_none() {
                let credentials = Credentials {
                    password: some_password(),
                    own: true,
                    keys: one
                        .recipient
                        .clone()
                        .map(|recipient| mifeng_triage::staff::MemberKeys {
                            recipient,
                            salt: [1; 16],
                            sealed_identity: vec![1],
                        }),
                };
                assert!(stores.staff.add(&one, &credentials).await.expect("added"));
            }
        }
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        let mut world = Self::open(Identity::generate(), stores, clock, Vec::new()).await;
        for (at, school) in SCHOOLS.into_iter().enumerate() {
            let number = world
                .tip(school, &format!("第{at}件：老师在{EVERYWHERE}上课，收了钱"))
                .await;
            world.cases.push(number);
        }
        world
    }

    pub(super) async fn open(
        key: Identity,
        stores: Stores,
        clock: Arc<ManualClock>,
        cases: Vec<CaseNumber>,
    ) -> Self {
        let office = office_as(&key, Arc::clone(&stores.cases), |parts| {
            parts.directory = Arc::clone(&stores.staff) as Arc<dyn Directory>;
            parts.clock = clock.clone();
        })
        .await;
        Self {
            key,
            stores,
            clock,
            office,
            cases,
        }
    }

    pub(super) async fn restarted(self) -> Self {
        Self::open(self.key, self.stores, self.clock, self.cases).await
    }

    pub(super) async fn tip(&self, school: &str, text: &str) -> CaseNumber {
        let raw = RawTip {
            category: "tutoring".to_owned(),
            school: school.to_owned(),
            subject: "英语老师".to_owned(),
            when: String::new(),
            text: text.to_owned(),
            language: "zh-Hans".to_owned(),
            attachments: Vec::new(),
            only_above: false,
        };
        let (_, envelope) = sealed_tip(&self.key, &raw, today());
        match ingest(&self.office, &envelope).await.expect("stored") {
            Ingested::Case(number) => CaseNumber(number),
            other => panic!("no case: {other:?}"),
        }
    }

    pub(super) async fn now(&self, id: u8) -> Member {
        let member = self.stores.staff.member(MemberId([id; 16])).await;
        member.expect("read").expect("a member")
    }

    pub(super) async fn viewer(&self, id: u8) -> Viewer {
        viewer(self.now(id).await)
    }

    /// What the service does by itself.
    pub(super) async fn round(&self) {
        jobs::watch(&self.office).await.expect("watched");
        escalate(&self.office).await.expect("climbed");
        self.office.align().await.expect("aligned");
        expire(&self.office).await.expect("looked");
    }

    /// Each case is there, in the office, and before somebody who oversees it.
    pub(super) async fn whole(&self, why: &str) {
        let rows = self.stores.cases.cases().await.expect("read");
        assert_eq!(rows.len(), self.cases.len(), "{why}");
        let members = self.stores.staff.members().await.expect("read");
        for row in rows {
            assert_ne!(row.state, CaseState::PassedUp, "{why}: {}", row.number);
            let holders = self.stores.cases.holders_of(row.id).await.expect("read");
            let oversees = |one: &&Member| {
                one.is_reader() && one.role.sees_all_cases() && holders.contains(&one.id)
            };
            assert!(
                members.iter().any(|one| oversees(&one)),
                "{why}: nobody oversees {}",
                row.number
            );
        }
    }

    pub(super) async fn requests(&self, id: u8) -> Vec<RequestView> {
        let viewer = self.viewer(id).await;
        let accounts = Accounts::new(&self.office, &*self.stores.staff);
        accounts.requests(&viewer).await.expect("read")
    }

    pub(super) async fn close(&self, id: u8) -> Outcome {
        let admin = self.now(3).await;
        let accounts = Accounts::new(&self.office, &*self.stores.staff);
        accounts
            .close(&admin, MemberId([id; 16]))
            .await
            .expect("closed or asked")
    }

    pub(super) async fn recuse(&self, id: u8, change: impl FnOnce(&mut Member)) -> Outcome {
        let admin = self.now(3).await;
        let mut member = self.now(id).await;
        change(&mut member);
        let accounts = Accounts::new(&self.office, &*self.stores.staff);
        accounts
            .edit(&admin, member)
            .await
            .expect("changed or asked")
    }

    pub(super) async fn sees(&self, id: u8, case: usize) -> bool {
        let viewer = self.viewer(id).await;
        views::case(&self.office, &viewer, &self.cases[case])
            .await
            .is_ok()
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
