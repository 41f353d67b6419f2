//! One envelope's failure is one envelope's failure: a fault is injected wherever the program draws randomness or reads the
//! clock while it takes one in, and each time the envelope is kept apart, at once and for good, and the next one comes.

use crate::engine::{cases, mail_of, members, office_as, parts, said, sample_tips, staff};
use async_trait::async_trait;
use mifeng_foundation::clock::{Clock, SystemClock};
use mifeng_foundation::entropy::{Entropy, SystemEntropy};
use mifeng_foundation::storage::StoreError;
use mifeng_opening::Identity;
use mifeng_sealing::tip::Said;
use mifeng_triage::ingest::{self, Arrived, Ingested, ingest};
use mifeng_triage::model::{Member, QuarantineReason};
use mifeng_triage::notify::Sender;
use mifeng_triage::office::Office;
use mifeng_triage::staff::Directory;
use mifeng_triage::store::TriageStore;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Panics at the call that it is set to, and at no other.
#[derive(Default)]
pub struct Fault {
    /// Calls until then; below nothing while none is wanted.
    calls: AtomicI64,
}

impl Fault {
    /// One that never comes, until it is set.
    pub fn none() -> Self {
        let fault = Self::default();
        fault.set(i64::MIN);
        fault
    }

    pub fn set(&self, calls: i64) {
        self.calls.store(calls, Ordering::SeqCst);
    }

    /// Whether it has not come to it.
    pub fn is_left(&self) -> bool {
        self.calls.swap(i64::MIN, Ordering::SeqCst) > 0
    }

    fn pass(&self) {
        assert!(
            self.calls.fetch_sub(1, Ordering::SeqCst) != 1,
            "金丝雀: the injected fault"
        );
    }
}

pub struct FaultyEntropy(pub Arc<Fault>);

impl Entropy for FaultyEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.pass();
        SystemEntropy.fill(buffer);
    }
}

struct FaultyClock(SystemClock, Arc<Fault>);

impl Clock for FaultyClock {
    fn now(&self) -> jiff::Timestamp {
        self.1.pass();
        self.0.now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

struct FaultyDirectory(Arc<Fault>);

#[async_trait]
impl Directory for FaultyDirectory {
    async fn members(&self) -> Result<Vec<Member>, StoreError> {
        self.0.pass();
        Ok(members())
    }
}

/// Where the fault sits.
#[derive(Clone, Copy, Debug)]
enum Seat {
    Entropy,
    Clock,
    Directory,
}

async fn faulty(
    key: &Identity,
    store: Arc<dyn TriageStore>,
    seat: Seat,
) -> (Arc<Office>, Arc<Fault>) {
    let fault = Arc::new(Fault::none());
    let office = office_as(key, store, |parts| match seat {
        Seat::Entropy => parts.entropy = Arc::new(FaultyEntropy(Arc::clone(&fault))),
        Seat::Clock => parts.clock = Arc::new(FaultyClock(SystemClock::new(), Arc::clone(&fault))),
        Seat::Directory => parts.directory = Arc::new(FaultyDirectory(Arc::clone(&fault))),
    });
    (office.await, fault)
}

async fn in_time(office: &Office, envelope: &Arrived) -> Ingested {
    let taken = tokio::time::timeout(Duration::from_secs(20), ingest(office, envelope));
    taken
        .await
        .expect("it is not held up")
        .expect("stored or kept")
}

/// Takes an envelope in with the fault at every call of its seat in turn, until it comes to none any more; how often it did.
async fn at_every_call(
    office: &Office,
    fault: &Fault,
    mut next: impl FnMut() -> Arrived,
    mut sound: impl FnMut() -> Arrived,
) -> usize {
    for call in 1..200 {
        let envelope = next();
        fault.set(call);
        let outcome = in_time(office, &envelope).await;
        let is_done = fault.is_left();
        match &outcome {
            Ingested::Case(_) | Ingested::Reply => {}
            // What was stored before the fault is stored.
            outcome => assert!(
                matches!(
                    outcome,
                    Ingested::Quarantined(QuarantineReason::Failed) | Ingested::Known
                ),
                "{outcome:?}"
            ),
        }
        assert_eq!(in_time(office, &envelope).await, Ingested::Known);
        if is_done {
            assert!(!matches!(outcome, Ingested::Quarantined(_)));
            return usize::try_from(call - 1).expect("few");
        }
        let after = in_time(office, &sound()).await;
        assert!(matches!(after, Ingested::Case(_)), "{after:?}");
    }
    panic!("there is no end to it");
}

/// Tips without end, all different.
fn tips(key: &Identity) -> impl FnMut() -> Arrived + use<'_> {
    let mut left = Vec::new();
    move || {
        if left.is_empty() {
            left = sample_tips(key);
        }
        left.pop().expect("some").2
    }
}

async fn faults_while_tips_are_taken_in(url: &str) {
    let key = Identity::generate();
    let mut kept_apart = 0;
    for seat in [Seat::Entropy, Seat::Clock, Seat::Directory] {
        let (office, fault) = faulty(&key, cases(url).await, seat).await;
        let calls = at_every_call(&office, &fault, tips(&key), tips(&key)).await;
        assert!(calls > 0, "{seat:?} is asked for something");
        kept_apart += calls;
        // A start after it meets none of them again.
        let again = crate::engine::office(&key, cases(url).await).await;
        let listed = ingest::quarantine(&again, &staff()[0]).await;
        let listed = listed.expect("listed").len();
        assert!(
            listed > 0 && listed <= kept_apart,
            "{listed} of {kept_apart}"
        );
    }
}

#[tokio::test]
async fn a_fault_while_a_tip_is_taken_in_stops_no_other_over_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    faults_while_tips_are_taken_in(&url).await;
}

#[tokio::test]
async fn a_fault_while_a_tip_is_taken_in_stops_no_other_over_postgresql() {
    let url = crate::support::postgres::fresh_database().await;
    faults_while_tips_are_taken_in(&url).await;
}

#[tokio::test]
async fn a_fault_while_an_addition_is_taken_in_stops_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let key = Identity::generate();
    for seat in [Seat::Entropy, Seat::Clock, Seat::Directory] {
        let (office, fault) = faulty(&key, cases(&url).await, seat).await;
        let (_, reporter, tip) = sample_tips(&key).swap_remove(0);
        assert!(matches!(ingest(&office, &tip).await, Ok(Ingested::Case(_))));
        let mut count = 0;
        let additions = || {
            count += 1;
            let text = format!("补充第{count}条");
            said(&key, &reporter, Said::Addition { text })
        };
        let calls = at_every_call(&office, &fault, additions, tips(&key)).await;
        assert!(calls > 0 || matches!(seat, Seat::Entropy), "{seat:?}");
    }
}

/// One member's mail fails in whatever way: everybody else gets hers.
#[tokio::test]
async fn a_fault_in_one_mail_stops_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let key = Identity::generate();
    let fault = Arc::new(Fault::none());
    let staffed: Vec<Member> = members()
        .into_iter()
        .map(|member| Member {
            email: format!("{}@office.example", member.login),
            ..member
        })
        .collect();
    let mut parts = parts(&key, cases(&url).await, Arc::new(SystemClock::new()));
    parts.clock = Arc::new(FaultyClock(SystemClock::new(), Arc::clone(&fault)));
    parts.directory = Arc::new(crate::engine::Staff(staffed));
    let office = Arc::new(Office::load(parts).await.expect("loaded"));
    for (_, _, tip) in sample_tips(&key) {
        assert!(matches!(ingest(&office, &tip).await, Ok(Ingested::Case(_))));
    }
    let letters = folder.path().join("letters");
    let mut sender = Sender::new(Arc::clone(&office), mail_of(&letters));
    let waiting = cases(&url).await.mail_due().await.expect("read");
    let mut people: Vec<_> = waiting.iter().map(|news| news.member).collect();
    people.sort_unstable();
    people.dedup();
    assert!(people.len() > 2);
    fault.set(2);
    let run = sender.send_reminders().await.expect("the store answers");
    assert!(!fault.is_left(), "it came to the fault");
    assert_eq!((run.sent, run.failed), (people.len() - 1, 1));
    let written = std::fs::read_dir(&letters).expect("a folder").count();
    assert!(written >= people.len() - 1, "{written}");
}

/// A recipient that an earlier version took and that nothing can be sealed to: no mail for her, and least of all an open one.
#[tokio::test]
async fn one_members_unusable_mail_key_stops_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.sqlite");
    let url = format!("sqlite:{}", path.display());
    let store = cases(&url).await;
    let frozen = crate::sealing::vectors::text("recipients.json");
    let frozen: serde_json::Value = serde_json::from_str(&frozen).expect("points");
    let weak = frozen["points"][0]["recipient"].as_str().expect("a text");
    let member = members()[0].id;
    let pool = sqlx::SqlitePool::connect(&url).await.expect("opened");
    sqlx::query("INSERT INTO mail_recipient (member_id, recipient) VALUES ($1, $2)")
        .bind(member.0.as_slice())
        .bind(weak)
        .execute(&pool)
        .await
        .expect("written");
    let recipients = store.mail_recipients().await.expect("read");
    assert!(matches!(recipients.as_slice(), [(id, Err(_))] if *id == member));
}
