//! A job goes over many cases: what fails of one, as an error of the store or as a panic, keeps no other from being done, and
//! is done when the job runs next. And a start: a case that is damaged keeps nobody from the others.

use super::dated::{CLOCKS, NEXT_YEAR, calendar_with};
use super::{Staff, arrived, cases, members, parts, sample_tips, staff};
use crate::attack::faults::{Fault, FaultyEntropy};
use crate::support::postgres;
use crate::support::trap::Trap;
use mifeng_foundation::clock::ManualClock;
use mifeng_foundation::supervisor::fenced;
use mifeng_opening::Identity;
use mifeng_triage::deadlines::{Calendar, DeadlineRules};
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::jobs;
use mifeng_triage::jobs::{escalate, recount};
use mifeng_triage::model::Member;
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::views;
use sqlx::{AssertSqlSafe, Connection as _};
use std::sync::Arc;
use std::time::Duration;

const TIPS: usize = 3;

/// What triage does by itself over all cases.
#[derive(Clone, Copy, Debug)]
enum Job {
    Escalate,
    Recount,
    Watch,
}

/// An office in which a job has something to do with each of [`TIPS`] cases.
struct Due {
    office: Arc<Office>,
    fault: Arc<Fault>,
    job: Job,
}

impl Due {
    async fn new(job: Job, url: &str) -> Self {
        let (key, fault) = (Identity::generate(), Arc::new(Fault::none()));
        let clock = Arc::new(ManualClock::at(
            "2026-12-21T01:00:00Z".parse().expect("a time"),
        ));
        let load = async |calendar: Calendar| {
            let mut parts = parts(&key, cases(url).await, Arc::clone(&clock) as _);
            parts.directory = Arc::new(Staff(people(job)));
            parts.deadline_rules = DeadlineRules::new(CLOCKS, calendar).expect("rules");
            parts.entropy = Arc::new(FaultyEntropy(Arc::clone(&fault)));
            Arc::new(Office::load(parts).await.expect("it loads"))
        };
        let mut office = load(Calendar::embedded()).await;
        for (_, _, mut tip) in sample_tips(&key).into_iter().take(TIPS) {
            tip.received_day = office.today();
            let taken = ingest(&office, &tip).await.expect("stored");
            assert!(matches!(taken, Ingested::Case(_)), "{taken:?}");
        }
        match job {
            Job::Escalate => clock.advance(Duration::from_hours(24 * 60)),
            Job::Recount => office = load(calendar_with(NEXT_YEAR)).await,
            Job::Watch => {}
        }
        Self { office, fault, job }
    }

    /// Runs the job once; how many of the cases it did.
    async fn go(&self) -> Result<usize, OfficeError> {
        match self.job {
            Job::Escalate => escalate(&self.office).await,
            Job::Recount => recount(&self.office).await,
            Job::Watch => jobs::watch(&self.office).await,
        }
    }

    /// The run in which a fault is set, and the one after it.
    async fn twice(&self) -> (usize, usize) {
        let first = fenced(self.go()).await.expect("it does not panic");
        (
            first.expect("it goes on"),
            self.go().await.expect("it is sound again"),
        )
    }
}

/// Who works there; for the job that looks for cases nobody may see, everybody has to do with every school.
fn people(job: Job) -> Vec<Member> {
    let mut people = members();
    if matches!(job, Job::Watch) {
        for one in &mut people {
            one.recused_schools = schools();
        }
    }
    people
}

fn schools() -> Vec<String> {
    let rules = mifeng_triage::routing::Rules::parse(super::RULES).expect("the sample");
    let schools = rules.schools().iter();
    schools.map(|school| school.id.clone()).collect()
}

#[tokio::test]
async fn a_panic_over_one_case_keeps_a_round_from_no_other() {
    // Escalation draws no randomness: it is tried with errors of the store.
    for job in [Job::Recount, Job::Watch] {
        let mut met = 0;
        for call in 1..200 {
            let folder = tempfile::tempdir().expect("a folder");
            let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
            let due = Due::new(job, &url).await;
            due.fault.set(call);
            let (first, second) = due.twice().await;
            if due.fault.is_left() {
                assert_eq!((first, second), (TIPS, 0), "{job:?}");
                break;
            }
            met += 1;
            assert_eq!(first + second, TIPS, "{job:?} at call {call}");
            assert!(first >= TIPS - 1, "{job:?} at call {call}: {first}");
        }
        assert!(met >= TIPS, "{job:?}: {met}");
    }
}

#[tokio::test]
async fn an_error_of_the_store_over_one_case_keeps_a_round_from_no_other() {
    for job in [Job::Escalate, Job::Recount, Job::Watch] {
        for row in 1..200 {
            let url = postgres::fresh_database().await;
            let due = Due::new(job, &url).await;
            let mut trap = Trap::in_store(&url).await;
            trap.set(row).await;
            let (first, second) = due.twice().await;
            assert_eq!(first + second, TIPS, "{job:?} at row {row}");
            assert!(first >= TIPS - 1, "{job:?} at row {row}: {first}");
            if first == TIPS {
                assert!(row > 1, "{job:?} writes nothing");
                break;
            }
        }
    }
}

/// Ways in which a row is no longer what was written.
const DAMAGES: [&str; 5] = [
    "UPDATE cases SET card = X'00'",
    "UPDATE cases SET wrapped_identity = X''",
    "UPDATE cases SET card = (SELECT other.card FROM cases other WHERE other.id <> cases.id LIMIT 1)",
    "UPDATE tip SET sealed = SUBSTR(sealed, 1, LENGTH(sealed) - 1)",
    "UPDATE history SET sealed = X'61'",
];

async fn a_damaged_case_keeps_nobody_from_the_others(url: &str, run: impl AsyncFn(String)) {
    let key = Identity::generate();
    let office = super::office(&key, cases(url).await).await;
    let mut numbers = Vec::new();
    for (_, _, tip) in sample_tips(&key).into_iter().take(2 * DAMAGES.len()) {
        let Ingested::Case(number) = ingest(&office, &tip).await.expect("stored") else {
            panic!("no case");
        };
        numbers.push(number);
    }
    drop(office);
    for (at, damage) in DAMAGES.iter().enumerate() {
        let whose = match damage.split(' ').nth(1) {
            Some("cases") => "number",
            _ => "case_id",
        };
        let number = &numbers[at];
        let damage = match whose {
            "number" => format!("{damage} WHERE number = '{number}'"),
            _ => {
                format!("{damage} WHERE case_id = (SELECT id FROM cases WHERE number = '{number}')")
            }
        };
        run(damage.clone()).await;
        let office = super::office(&key, cases(url).await).await;
        assert_eq!(views::unread_cases(&office), at + 1, "{damage:?} is told");
        for (other, number) in numbers.iter().enumerate() {
            let number = mifeng_triage::model::CaseNumber(number.clone());
            let shown = views::case(&office, &staff()[0], &number).await;
            assert_eq!(shown.is_ok(), other > at, "{number:?} after {damage:?}");
        }
    }
    // The next tip is taken all the same.
    let office = super::office(&key, cases(url).await).await;
    let (_, _, tip) = sample_tips(&key).pop().expect("some");
    let taken = ingest(&office, &arrived(tip.kind, tip.ciphertext)).await;
    assert!(matches!(taken, Ok(Ingested::Case(_))), "{taken:?}");
    // With a key that opens nothing there is nothing to go on with.
    let foreign = parts(
        &Identity::generate(),
        cases(url).await,
        Arc::new(mifeng_foundation::clock::SystemClock::new()),
    );
    assert!(Office::load(foreign).await.is_err(), "it is the key");
}

#[tokio::test]
async fn a_damaged_case_in_sqlite_keeps_nobody_from_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let at = url.clone();
    a_damaged_case_keeps_nobody_from_the_others(&url, async |damage| {
        let mut store = sqlx::SqliteConnection::connect(&at).await.expect("opened");
        let damage = sqlx::query(AssertSqlSafe(damage)).execute(&mut store);
        assert!(damage.await.expect("sound").rows_affected() > 0);
    })
    .await;
}

#[tokio::test]
async fn a_damaged_case_in_postgresql_keeps_nobody_from_the_others() {
    let url = postgres::fresh_database().await;
    let at = url.clone();
    a_damaged_case_keeps_nobody_from_the_others(&url, async |damage| {
        let damage = damage
            .replace("X''", "'\\x'::bytea")
            .replace("X'00'", "'\\x00'::bytea")
            .replace("X'61'", "'\\x61'::bytea");
        let mut store = sqlx::PgConnection::connect(&at).await.expect("opened");
        let damage = sqlx::query(AssertSqlSafe(damage)).execute(&mut store);
        assert!(damage.await.expect("sound").rows_affected() > 0);
    })
    .await;
}
