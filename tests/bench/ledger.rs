//! What the staff's pages cost: thirty people at work on 10,000 open cases, a page of the ledger at 50,000 and a search
//! at 100,000, each beside the bare time of the same question asked of the database. Run by `cargo bench --bench ledger`;
//! with numbers of cases behind `--` for those only: memory is that of one office where there is one number.

mod measure;

#[expect(dead_code, reason = "another bench has tips of the same place sealed")]
mod ledger {
    pub mod people;
    pub mod place;
}

use ledger::people::{Form, Pages, Person, Times, works};
use ledger::place::{Place, Stand};
use measure::{Figures, Run, resident_mb};
use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_foundation::storage::sqlite_options;
use mifeng_triage::model::{Member, Role};
use sqlx::{Connection as _, SqliteConnection};
use std::path::Path;
use std::time::Duration;
use zeroizing_alloc::ZeroAlloc;

/// As in the services: what wiping memory costs is part of the figures.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Cases, all open, on which everybody is at work at once.
const AT_WORK_CASES: usize = 10_000;
const AT_WORK: Duration = Duration::from_secs(20);
/// What a person takes to read a page.
const PAUSE: Duration = Duration::from_secs(1);
const ROUNDS: usize = 40;

/// The page that is set beside the bare question.
const LEDGER: &str = "ledger, all open by due day";
const BARE: &str = "bare: a page of lines";
/// The lines of a page, of what the member may open, by due day.
const LINES: &str = "SELECT c.number, c.state, c.handler_id, c.opened_day,
       (SELECT MIN(due_day) FROM clock WHERE case_id = c.id AND met_day IS NULL) AS due
     FROM cases AS c JOIN case_wrap AS w ON w.case_id = c.id AND w.member_id = $1
     WHERE c.state NOT IN ('declined', 'concluded', 'closed')
     ORDER BY due IS NULL, due, c.number LIMIT 50";
/// How many there are.
const COUNT: &str =
    "SELECT COUNT(*) FROM cases AS c JOIN case_wrap AS w ON w.case_id = c.id AND w.member_id = $1
     WHERE c.state NOT IN ('declined', 'concluded', 'closed')";

fn main() {
    mifeng_foundation::serving::install_tls_provider();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut place = Place::open(folder.path()).await;
    let mut asked: Vec<usize> = std::env::args()
        .filter_map(|one| one.parse().ok())
        .collect();
    if asked.is_empty() {
        asked.extend([AT_WORK_CASES, 50_000, 100_000]);
    }
    for cases in asked {
        let finished = cases > AT_WORK_CASES;
        let clock = SystemClock::new();
        let stand = |number: usize| {
            if finished && number % 2 == 1 {
                Stand::Concluded
            } else {
                Stand::Open
            }
        };
        place.grow(cases, stand).await;
        let grown = clock.elapsed();
        let before = forget_highest_mb();
        let office = place.load().await;
        let loaded = clock.elapsed().saturating_sub(grown);
        let (resident, highest) = resident_mb("self");
        println!(
            "{cases} cases: loaded in {:.1} s, {resident} MB resident, {highest} MB at most, {before} MB before",
            loaded.as_secs_f64()
        );
        let pages = Pages::open(&office, &place.stores);
        if cases == AT_WORK_CASES {
            for (pause, how) in [
                (PAUSE, "a page a second each"),
                (Duration::ZERO, "no pause"),
            ] {
                println!("{} people at once, {how}:", place.members.len());
                at_work(&pages, &place.members, pause).await.print();
            }
        }
        println!("one person alone, a supervisor who sees every case:");
        let figures = alone(&pages, &place).await;
        figures.print();
        figures.print_ratio(LEDGER, BARE);
        figures.print_distance(LEDGER, BARE);
        figures.print_tail(LEDGER);
        pages.close().await;
    }
}

/// Everybody at work at once.
async fn at_work(pages: &Pages, members: &[Member], pause: Duration) -> Figures {
    let mut crowd = Vec::new();
    for (number, member) in members.iter().enumerate() {
        let person = Person::signs_in(pages, &member.login).await;
        crowd.push(tokio::spawn(works(person, number, pause, AT_WORK)));
    }
    let clock = SystemClock::new();
    let mut times = Times::default();
    for person in crowd {
        times.add(person.await.expect("it works to the end"));
    }
    let mut figures = Figures::default();
    for (kind, run) in times.runs(clock.elapsed()) {
        figures.add(kind.to_owned(), &run);
    }
    figures
}

/// One page after the other, with the bare time of the same questions.
async fn alone(pages: &Pages, place: &Place) -> Figures {
    let supervisor = place
        .members
        .iter()
        .find(|one| one.role == Role::Supervisor);
    let supervisor = supervisor.expect("there is one");
    let person = Person::signs_in(pages, &supervisor.login).await;
    let mut figures = Figures::default();
    let searched = [("q", "补课 收费")];
    let rare = [("q", "婆婆")];
    let phrase = [("q", "上课不叫回答问题")];
    let asked: [(&str, &str, Option<Form<'_>>); 7] = [
        (LEDGER, "/zh-Hans/ledger?state=open", None),
        (
            "ledger, the last page by number",
            "/zh-Hans/ledger?sort=number&page=9999",
            None,
        ),
        (
            "ledger, late by handler",
            "/zh-Hans/ledger?time=late&sort=handler",
            None,
        ),
        ("queue, all open", "/zh-Hans/queue?view=open", None),
        (
            "search, two common words",
            "/zh-Hans/search",
            Some(&searched),
        ),
        ("search, a name", "/zh-Hans/search", Some(&rare)),
        ("search, a phrase", "/zh-Hans/search", Some(&phrase)),
    ];
    for (name, path, form) in asked {
        let clock = SystemClock::new();
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            times.push(person.timed(path, form).await);
        }
        let run = Run {
            wall: clock.elapsed(),
            times,
        };
        figures.add(name.to_owned(), &run);
    }
    let file = Path::new(place.url.trim_start_matches("sqlite:"));
    for (name, sql) in [(BARE, LINES), ("bare: their number", COUNT)] {
        figures.add(name.to_owned(), &bare(file, supervisor, sql).await);
    }
    figures
}

async fn bare(file: &Path, member: &Member, sql: &'static str) -> Run {
    let options = sqlite_options(file);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .expect("it opens");
    let clock = SystemClock::new();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = clock.elapsed();
        let rows = sqlx::query(sql)
            .bind(member.id.0.as_slice())
            .fetch_all(&mut connection);
        assert!(!rows.await.expect("an answer").is_empty());
        times.push(clock.elapsed().saturating_sub(begun));
    }
    Run {
        wall: clock.elapsed(),
        times,
    }
}

/// Forgets what was resident at most so far; what is now, in MB.
fn forget_highest_mb() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux forgets");
    resident_mb("self").0
}
