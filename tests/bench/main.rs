//! What Mifeng costs, as ratios within one run: durable submissions beside the bare rate of the store and beside the
//! same endpoint with storing switched off; pickups; tips taken in by triage. Run by `cargo bench`.

mod door;
mod inside;
mod measure;
mod nothing;
mod program;

use door::Door;
use measure::{Figures, resident_mb};
use mifeng_intake::store::{IntakeStore, SqliteIntakeStore};
use std::sync::Arc;
use std::time::Duration;
use zeroizing_alloc::ZeroAlloc;

/// As in the services: what wiping memory costs is part of the figures.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(1);
const QUOTA_BYTES: u64 = 64 * 1024 * 1024 * 1024;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let sqlite = Arc::new(
        SqliteIntakeStore::open(&folder.path().join("intake.sqlite"), QUOTA_BYTES)
            .await
            .expect("a store"),
    );
    let bare = Arc::new(
        SqliteIntakeStore::open(&folder.path().join("bare.sqlite"), QUOTA_BYTES)
            .await
            .expect("a store"),
    );
    let durable = Door::open(folder.path(), "durable", sqlite);
    let off = Door::open(folder.path(), "off", Arc::new(nothing::Nothing));
    let mut figures = Figures::default();
    // One round to warm up, not counted.
    round(&mut Figures::default(), &durable, &off, &bare).await;
    for _ in 0..ROUNDS {
        round(&mut figures, &durable, &off, &bare).await;
        inside::round(&mut figures, folder.path()).await;
    }
    let intake_mb = program::resident_under_load().await;
    print(&figures);
    println!("mifeng-intake as a program: {intake_mb} MB resident at most, with 64 clients");
}

async fn round(figures: &mut Figures, durable: &Door, off: &Door, bare: &Arc<SqliteIntakeStore>) {
    let store: Arc<dyn IntakeStore> = bare.clone();
    for clients in [1, 16, 64] {
        let run = durable.submit(clients, ROUND).await;
        figures.add(format!("durable submissions, {clients} clients"), &run);
        let run = off.submit(clients, ROUND).await;
        figures.add(format!("storing off, {clients} clients"), &run);
        let run = door::commit_bare(&store, clients, ROUND).await;
        figures.add(format!("bare commits, {clients} tasks"), &run);
    }
    let run = durable.pick_up(64, ROUND).await;
    figures.add("pickups, 64 clients".to_owned(), &run);
}

fn print(figures: &Figures) {
    println!(
        "median of {ROUNDS} rounds (lowest to highest); client and service share this machine's cores"
    );
    figures.print();
    println!();
    for clients in [1, 16, 64] {
        let durable = format!("durable submissions, {clients} clients");
        figures.print_ratio(&durable, &format!("storing off, {clients} clients"));
        figures.print_ratio(&durable, &format!("bare commits, {clients} tasks"));
    }
    figures.print_tail("durable submissions, 64 clients");
    figures.print_distance("durable submissions, 1 clients", "bare commits, 1 tasks");
    let (now, peak) = resident_mb("self");
    println!(
        "resident memory: {now} MB now, {peak} MB at most (service, its clients and triage in one process)"
    );
}
