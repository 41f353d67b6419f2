//! What destroying and taking in cost an office that has very many cases: 1,000 of them destroyed while somebody reads, and
//! tips taken in beside the same cryptography and commits with nothing else, all in one run. Run by
//! `cargo bench --bench triage`; with numbers of cases behind `--` for those instead of 20,000 and 100,000.

mod bare;
#[expect(dead_code, reason = "other benches tell more of a run")]
mod measure;

#[expect(dead_code, reason = "another bench has a crowd work at the same place")]
mod ledger {
    pub mod people;
    pub mod place;
}

use ledger::people::{Pages, Person};
use ledger::place::{Place, Stand};
use measure::{Figures, Run};
use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_triage::ingest::{Arrived, Ingested, ingest_all};
use mifeng_triage::jobs::expire;
use mifeng_triage::model::Role;
use mifeng_triage::office::Office;
use std::sync::Arc;
use std::time::Duration;
use zeroizing_alloc::ZeroAlloc;

/// As in the services: what wiping memory costs is part of the figures.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Cases that are destroyed at each size.
const DESTROYED: usize = 1_000;
/// Tips that are taken in in a round, by as many as are fetched at once.
const TAKEN_IN: usize = 1_024;
const FETCHED: usize = 64;
const ROUNDS: usize = 5;
/// Pages that are read before anything is destroyed.
const READ_ALONE: usize = 200;

const TAKING_IN: &str = "tips taken in";
const BARE: &str = "bare: the same cryptography and commits";

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
        asked.extend([20_000, 100_000]);
    }
    let mut took: Vec<(usize, Duration)> = Vec::new();
    for cases in asked {
        let clock = SystemClock::new();
        let from = place.cases;
        let stand = |number: usize| match number {
            number if number < from + DESTROYED => Stand::Old,
            number if number % 2 == 1 => Stand::Concluded,
            _ => Stand::Open,
        };
        place.grow(cases, stand).await;
        let made = clock.elapsed();
        let office = place.load().await;
        println!(
            "{cases} cases: made in {:.0} s, loaded in {:.0} s",
            made.as_secs_f64(),
            clock.elapsed().saturating_sub(made).as_secs_f64()
        );
        took.push((cases, destroying(&place, &office).await));
        let figures = taking_in(&place, &office).await;
        figures.print();
        figures.print_ratio(TAKING_IN, BARE);
    }
    for pair in took.windows(2) {
        let ((few, one), (many, other)) = (pair[0], pair[1]);
        let ratio = other.as_secs_f64() / one.as_secs_f64();
        println!("destroying {DESTROYED} of {many} / of {few}: {ratio:.2}");
    }
}

/// Destroys what was kept long enough while a supervisor reads; how long it took.
async fn destroying(place: &Place, office: &Arc<Office>) -> Duration {
    let pages = Pages::open(office, &place.stores);
    let supervisor = place
        .members
        .iter()
        .find(|one| one.role == Role::Supervisor);
    let supervisor = supervisor.expect("there is one");
    let person = Person::signs_in(&pages, &supervisor.login).await;
    let list = person.gets("/zh-Hans/ledger?state=open").await;
    let case = list.split("/zh-Hans/case/").nth(1).expect("a case");
    let case = case.split('"').next().expect("its number");
    let path = format!("/zh-Hans/case/{case}");
    let clock = SystemClock::new();
    let mut alone = Vec::new();
    for _ in 0..READ_ALONE {
        alone.push(person.timed(&path, None).await);
    }
    let read = clock.elapsed();
    let destroys = {
        let office = Arc::clone(office);
        tokio::spawn(async move { expire(&office).await.expect("destroyed") })
    };
    let mut meanwhile = Vec::new();
    while !destroys.is_finished() {
        meanwhile.push(person.timed(&path, None).await);
    }
    let destroyed = destroys.await.expect("it ends");
    let took = clock.elapsed().saturating_sub(read);
    assert_eq!(destroyed, DESTROYED);
    println!(
        "{destroyed} cases destroyed in {:.2} s, index and files wiped",
        took.as_secs_f64()
    );
    tell("a case page, nothing else to do", alone);
    tell("a case page, while they are destroyed", meanwhile);
    pages.close().await;
    took
}

fn tell(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| {
        let at = (times.len() * percent / 100).min(times.len() - 1);
        times[at].as_secs_f64() * 1000.0
    };
    println!(
        "{name}: half of {} within {:.1} ms, 99 of 100 within {:.1} ms, the slowest {:.1} ms",
        times.len(),
        at(50),
        at(99),
        at(100)
    );
}

/// Tips taken in, beside the bare work, in turns.
async fn taking_in(place: &Place, office: &Office) -> Figures {
    let mut figures = Figures::default();
    let bare = bare::Bare::open(place).await;
    for round in 0..=ROUNDS {
        let tips: Vec<Arrived> = (0..TAKEN_IN).map(|number| place.envelope(number)).collect();
        // One round to warm up, not counted.
        let mut of_round = Figures::default();
        let figures = if round == 0 {
            &mut of_round
        } else {
            &mut figures
        };
        let clock = SystemClock::new();
        bare.take_in(&tips).await;
        figures.add(BARE.to_owned(), &each(clock.elapsed()));
        let clock = SystemClock::new();
        for some in tips.chunks(FETCHED) {
            let taken = ingest_all(office, some).await.expect("stored");
            for one in taken {
                assert!(matches!(one, Ok(Ingested::Case(_))));
            }
        }
        figures.add(TAKING_IN.to_owned(), &each(clock.elapsed()));
    }
    figures
}

/// A round of tips, of which each took as long as the others.
fn each(wall: Duration) -> Run {
    let count = u32::try_from(TAKEN_IN).expect("few");
    Run {
        wall,
        times: vec![wall / count; TAKEN_IN],
    }
}
