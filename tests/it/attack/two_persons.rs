//! No one account makes a case vanish, leave the office or lose whoever oversees it, whatever it does, in whatever order and
//! over whatever time, while nobody else signs. What is to be done by two is done by two, and stands over a start.

use super::{member, office_as, sealed_tip, today, viewer};
use crate::support::postgres::fresh_database;
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_opening::Identity;
use mifeng_sealing::tip::RawTip;
use mifeng_triage::administration::RequestView;
use mifeng_triage::administration::accounts::Accounts;
use mifeng_triage::administration::{AccountError, Outcome};
use mifeng_triage::audit::Kind;
use mifeng_triage::casework;
use mifeng_triage::engine::{Stores, open_stores};
use mifeng_triage::ingest::Ingested;
use mifeng_triage::ingest::ingest;
use mifeng_triage::jobs;
use mifeng_triage::jobs::{escalate, expire};
use mifeng_triage::model::{AuditQuery, CaseNumber, CaseState, Member, MemberId, Role, Viewer};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::staff::{Credentials, Directory, StoredPassword};
use mifeng_triage::views;
use std::sync::Arc;
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);
const REASON: &str = "有理由";
/// Stands in every tip: whoever is recused by it is recused from all.
const EVERYWHERE: &str = "培训机构";
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

struct World {
    key: Identity,
    stores: Stores,
    clock: Arc<ManualClock>,
    office: Arc<Office>,
    cases: Vec<CaseNumber>,
}

/// Numbers that are the same in each run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % bound as u64).expect("small")
    }
}

fn some_password() -> StoredPassword {
    StoredPassword::from_phc("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned())
}

impl World {
    async fn new(url: &str) -> Self {
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

    async fn open(
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

    async fn restarted(self) -> Self {
        Self::open(self.key, self.stores, self.clock, self.cases).await
    }

    async fn tip(&self, school: &str, text: &str) -> CaseNumber {
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

    async fn now(&self, id: u8) -> Member {
        let member = self.stores.staff.member(MemberId([id; 16])).await;
        member.expect("read").expect("a member")
    }

    async fn viewer(&self, id: u8) -> Viewer {
        viewer(self.now(id).await)
    }

    /// What the service does by itself.
    async fn round(&self) {
        jobs::watch(&self.office).await.expect("watched");
        escalate(&self.office).await.expect("climbed");
        self.office.align().await.expect("aligned");
        expire(&self.office).await.expect("looked");
    }

    /// Each case is there, in the office, and before somebody who oversees it.
    async fn whole(&self, why: &str) {
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

    async fn requests(&self, id: u8) -> Vec<RequestView> {
        let viewer = self.viewer(id).await;
        let accounts = Accounts::new(&self.office, &*self.stores.staff);
        accounts.requests(&viewer).await.expect("read")
    }

    async fn close(&self, id: u8) -> Outcome {
        let admin = self.now(3).await;
        let accounts = Accounts::new(&self.office, &*self.stores.staff);
        accounts
            .close(&admin, MemberId([id; 16]))
            .await
            .expect("closed or asked")
    }

    async fn recuse(&self, id: u8, change: impl FnOnce(&mut Member)) -> Outcome {
        let admin = self.now(3).await;
        let mut member = self.now(id).await;
        change(&mut member);
        let accounts = Accounts::new(&self.office, &*self.stores.staff);
        accounts
            .edit(&admin, member)
            .await
            .expect("changed or asked")
    }

    async fn sees(&self, id: u8, case: usize) -> bool {
        let viewer = self.viewer(id).await;
        views::case(&self.office, &viewer, &self.cases[case])
            .await
            .is_ok()
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

fn id_of(request: &RequestView) -> [u8; 16] {
    let mut id = [0; 16];
    hex::decode_to_slice(&request.id, &mut id).expect("an id");
    id
}

/// One step of one account; what it was.
async fn step(world: &World, who: u8, draws: &mut Draws) -> String {
    let actor = world.viewer(who).await;
    let whom = [1_u8, 2, 4, 5, 20, 21][draws.below(6)];
    let id = MemberId([whom; 16]);
    let number = &world.cases[draws.below(world.cases.len())];
    let version = match views::case(&world.office, &actor, number).await {
        Ok(file) => file.version,
        Err(_) => 1,
    };
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let office = &world.office;
    let deed = draws.below(18);
    let done = match deed {
        0 => accounts
            .close(&actor, id)
            .await
            .map(drop)
            .err()
            .map(|error| error.to_string()),
        1 => accounts
            .reset(&actor, id, some_password())
            .await
            .map(drop)
            .err()
            .map(|error| error.to_string()),
        2..=5 => {
            let mut edited = world.now(whom).await;
            match deed {
                2 => edited.recused_names.push(EVERYWHERE.to_owned()),
                3 => edited
                    .recused_schools
                    .push(["qx-1z", "qx-3z"][draws.below(2)].to_owned()),
                4 => edited.role = Role::ALL[draws.below(5)],
                _ => edited.name = format!("改名{}", draws.below(9)),
            }
            accounts
                .edit(&actor, edited)
                .await
                .map(drop)
                .err()
                .map(|error| error.to_string())
        }
        6 => {
            let request = accounts.requests(&actor).await.unwrap_or_default();
            match request.first() {
                Some(request) => accounts
                    .approve_request(&actor, id_of(request))
                    .await
                    .err()
                    .map(|error| error.to_string()),
                None => None,
            }
        }
        7 => casework::ask_passing(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        8 => casework::approve_passing(office, &actor, number, version)
            .await
            .err()
            .map(|error| error.to_string()),
        9 => casework::ask_deletion(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        10 => casework::approve_deletion(office, &actor, number, version)
            .await
            .err()
            .map(|error| error.to_string()),
        11 => casework::recuse_oneself(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        12 => casework::assign(office, &actor, number, version, id, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        13 => casework::keep_here(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        _ => {
            world
                .clock
                .advance(DAY * u32::try_from(draws.below(6)).expect("small"));
            None
        }
    };
    format!("{who} did {deed} to {whom}: {done:?}")
}

async fn no_one_account_drains_an_office(url: String, seeds: u64) {
    // Ever the same office: what one account did stays when the next begins, as far as it was done alone.
    for who in [3_u8, 1, 2, 20] {
        for seed in 1..=seeds {
            let folder = tempfile::tempdir().expect("a folder");
            let url = match url.as_str() {
                "" => format!("sqlite:{}/triage.sqlite", folder.path().display()),
                _ => fresh_database().await,
            };
            let world = World::new(&url).await;
            let mut draws =
                Draws((seed * 1000 + u64::from(who)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
            let mut done = Vec::new();
            for _ in 0..40 {
                done.push(step(&world, who, &mut draws).await);
                world.round().await;
                world.whole(&format!("seed {seed}: {done:#?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn no_one_account_drains_an_office_in_sqlite() {
    Box::pin(no_one_account_drains_an_office(String::new(), 4)).await;
}

#[tokio::test]
async fn no_one_account_drains_an_office_in_postgresql() {
    Box::pin(no_one_account_drains_an_office("postgres".to_owned(), 1)).await;
}

/// What protects is done at once; what takes too much waits for an officer, who is another, over a start.
async fn an_officer_signs_what_takes_much(url: String) {
    let world = World::new(&url).await;
    let to_all = |member: &mut Member| member.recused_names.push(EVERYWHERE.to_owned());
    // One person is recused from everything at once, and a second.
    assert_eq!(world.recuse(1, to_all).await, Outcome::Done);
    assert!(!world.sees(1, 0).await && world.sees(2, 0).await);
    assert_eq!(world.close(2).await, Outcome::Done);
    // The third within the week takes two.
    assert_eq!(world.recuse(4, to_all).await, Outcome::Asked);
    assert!(world.sees(4, 0).await, "nothing is taken yet");
    let request = world.requests(5).await.remove(0);
    assert_eq!(
        (request.cases, request.orphaned, request.can_sign),
        (3, 0, true)
    );
    assert!(!world.requests(4).await[0].can_sign, "not for herself");
    let world = world.restarted().await;
    let (admin, affected, officer) = (
        world.viewer(3).await,
        world.viewer(4).await,
        world.viewer(5).await,
    );
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let request = world.requests(5).await.remove(0);
    let id = id_of(&request);
    for (who, refused) in [(&admin, "role"), (&affected, "himself")] {
        let signed = accounts.approve_request(who, id).await;
        let error = signed.expect_err("not by these").to_string();
        assert!(error.contains(refused), "{error}");
    }
    let wordless = accounts.refuse_request(&officer, id, " ").await;
    assert!(matches!(wordless, Err(AccountError::BadText)));
    accounts
        .refuse_request(&officer, id, "她没有利害关系")
        .await
        .expect("refused");
    let refused = accounts.approve_request(&officer, id).await;
    assert!(matches!(refused, Err(AccountError::Missing)));
    let told = world.requests(3).await.remove(0);
    assert_eq!(told.refused.expect("told").2, "她没有利害关系");
    assert!(
        world.requests(5).await[0]
            .refused
            .as_ref()
            .is_some_and(|one| one.2.is_empty()),
        "to him only"
    );
    accounts.withdraw_request(&admin, id).await.expect("noted");
    assert!(world.requests(3).await.is_empty());

    // Asked again and signed, it is done.
    assert_eq!(world.recuse(4, to_all).await, Outcome::Asked);
    let id = id_of(&world.requests(5).await[0]);
    accounts
        .approve_request(&officer, id)
        .await
        .expect("signed");
    assert!(!world.sees(4, 0).await && world.sees(5, 0).await);
    // The last one who oversees is not taken by anybody alone, whenever; and nobody is left who could sign.
    world.clock.advance(DAY * 30);
    for outcome in [world.close(5).await, world.recuse(5, to_all).await] {
        assert_eq!(outcome, Outcome::Asked);
    }
    let request = world.requests(5).await.remove(0);
    assert_eq!((request.orphaned, request.can_sign), (3, false));
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let herself = world.viewer(5).await;
    let own = accounts.approve_request(&herself, id_of(&request)).await;
    assert!(matches!(own, Err(AccountError::Oneself)));
    for case in &world.cases {
        let version = views::case(&world.office, &officer, case)
            .await
            .expect("seen")
            .version;
        let herself =
            casework::recuse_oneself(&world.office, &officer, case, version, REASON).await;
        assert!(matches!(herself, Err(OfficeError::LastReader)));
    }
    world.whole("the last one").await;
    for (kind, times) in [
        (Kind::AccountChangeAsked, 4),
        (Kind::AccountChangeApproved, 1),
        (Kind::AccountChangeRefused, 1),
        (Kind::AccountChangeWithdrawn, 1),
    ] {
        assert_eq!(world.on_record(kind).await, times, "{}", kind.code());
    }
    // A wish that nobody signed falls away.
    world.clock.advance(DAY * 15);
    assert!(world.requests(3).await.is_empty());
}

/// A change that was asked for is of the account as it was then.
async fn another_account_by_then_is_not_changed(url: String) {
    let world = World::new(&url).await;
    let to_all = |member: &mut Member| member.recused_names.push(EVERYWHERE.to_owned());
    for id in [1, 2] {
        assert_eq!(world.recuse(id, to_all).await, Outcome::Done);
    }
    assert_eq!(world.close(4).await, Outcome::Asked);
    let id = id_of(&world.requests(5).await[0]);
    let renamed = world
        .recuse(4, |member| "new@example.org".clone_into(&mut member.email))
        .await;
    assert_eq!(renamed, Outcome::Done, "it takes nothing");
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let officer = world.viewer(5).await;
    let void = accounts.approve_request(&officer, id).await;
    assert!(matches!(void, Err(AccountError::Changed)));
    assert!(world.requests(5).await.is_empty() && world.now(4).await.active);
}

macro_rules! at_both {
    ($($name:ident, $sqlite:ident, $postgres:ident;)+) => {$(
        #[tokio::test]
        async fn $sqlite() {
            let folder = tempfile::tempdir().expect("a folder");
            Box::pin($name(format!("sqlite:{}/triage.sqlite", folder.path().display()))).await;
        }

        #[tokio::test]
        async fn $postgres() {
            Box::pin($name(fresh_database().await)).await;
        }
    )+};
}

at_both! {
    an_officer_signs_what_takes_much, an_officer_signs_what_takes_much_in_sqlite,
        an_officer_signs_what_takes_much_in_postgresql;
    another_account_by_then_is_not_changed, another_account_by_then_is_not_changed_in_sqlite,
        another_account_by_then_is_not_changed_in_postgresql;
}
