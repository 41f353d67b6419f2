//! How fast the index answers and how much it holds, printed beside the figures of the study it is measured by.

use super::OperatorError;
use super::cli::say;
use super::similarity::passing_key;
use mifeng_foundation::clock::{Clock, Day};
use mifeng_foundation::entropy::{Entropy, random_id};
use mifeng_opening::{SketchError, SketchKey};
use mifeng_similarity::generate::{Chance, bench_tip, spliced};
use mifeng_similarity::{Fields, Index, Reading, Schools, Sketch, TipId};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// A sealed sketch as the store keeps it.
type SealedRow = (TipId, Vec<u8>);

/// Rows opened at a time on the way into the index.
const BATCH_ROWS: usize = 16_384;
/// Sketches made before the index learns what is rare from them.
const MADE_AT_A_TIME: usize = 20_000;
/// Tips that are written; all further ones are spliced from two of them.
const WRITTEN_MAX: usize = 100_000;

/// What one size of index measured.
struct Measured {
    p50: Duration,
    p99: Duration,
    rebuild: Duration,
    /// What all cores together worked on it.
    rebuild_work: Duration,
}

/// Times an index of a tenth of `tips`, then of all.
///
/// # Errors
/// [`OperatorError`] where the system does not say how much memory is in use.
pub(super) fn bench(
    tips: usize,
    queries: usize,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<(), OperatorError> {
    if tips < 10 || queries == 0 {
        return Err(OperatorError::Argument(
            "a benchmark needs ten tips and a query".to_owned(),
        ));
    }
    let key = passing_key();
    let written = written(tips.min(WRITTEN_MAX), &key);
    let rows = sealed_rows(tips, &written, &key, entropy);
    let asked = sketches(tips, queries, &key);
    // What was made before is kept, lest the index take its memory and seem to take none.
    let (small, small_index) = measure(&rows[..tips / 10], &asked, &key, clock)?;
    let before_bytes = resident_bytes()?;
    let (all, index) = measure(&rows, &asked, &key, clock)?;
    let held_bytes = resident_bytes()?.saturating_sub(before_bytes);
    drop((written, small_index));
    tell(&rows, &small, &all, held_bytes, &index);
    Ok(())
}

fn tell(rows: &[SealedRow], small: &Measured, all: &Measured, held_bytes: usize, index: &Index) {
    let row_bytes = rows.first().map_or(0, |(_, row)| row.len());
    say(&format!(
        "tips {}, a sealed row {row_bytes} bytes, different grams {}",
        index.len(),
        index.vocabulary()
    ));
    say(&format!(
        "candidates and score: p50 {} ms, p99 {} ms (study 2.5 / 5.9; aim 5 / 10)",
        milliseconds(all.p50),
        milliseconds(all.p99)
    ));
    say(&format!(
        "memory of the index: {} MiB (study 736; aim 1024)",
        held_bytes >> 20
    ));
    say(&format!(
        "rebuild from sealed rows: {:.0} tips/s (aim 100000)",
        ratio(rows.len(), all.rebuild)
    ));
    say(&format!(
        "work of the rebuild: {:.1} microseconds a tip, both cores together",
        1e6 / ratio(rows.len(), all.rebuild_work)
    ));
    say(&format!(
        "growth of the p50 from {} to {} tips: {:.2} times (aim below 3)",
        rows.len() / 10,
        rows.len(),
        all.p50.as_secs_f64() / small.p50.as_secs_f64().max(1e-9)
    ));
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a rate needs no more than six digits"
)]
fn ratio(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(1e-9)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

fn reading(number: usize, schools: &Schools, chance: &mut Chance) -> Reading {
    let text = bench_tip(chance);
    let day = Day::from_number(18_900 + i32::try_from(number / 2000).unwrap_or(0))
        .expect("a few years on");
    let fields = Fields::of_account(&text, day);
    Reading::of(&fields, schools)
}

/// Sealed sketches, made on both cores.
fn sealed_rows(
    tips: usize,
    written: &[Sketch],
    key: &SketchKey,
    entropy: &dyn Entropy,
) -> Vec<SealedRow> {
    let splice = |from: usize, count: usize| {
        let mut chance = Chance::new(from as u64);
        let rows = (from..from + count).map(|number| {
            let mut any = || &written[chance.below(written.len())];
            let (a, b) = (any(), any());
            let tip = random_id(entropy);
            let row = match written.get(number) {
                Some(sketch) => sketch.seal(&tip, key, entropy),
                None => spliced(a, b, &mut chance).seal(&tip, key, entropy),
            };
            (tip, row)
        });
        rows.collect::<Vec<_>>()
    };
    let half = tips / 2;
    std::thread::scope(|scope| {
        let other = scope.spawn(|| splice(half, tips - half));
        let mut rows = splice(0, half);
        rows.extend(other.join().expect("making a sketch does not panic"));
        rows
    })
}

/// Sketches of tips that are written out.
fn written(tips: usize, key: &SketchKey) -> Vec<Sketch> {
    let mut learned = Index::default();
    let mut made = Vec::with_capacity(tips);
    while made.len() < tips {
        let from = made.len();
        let count = MADE_AT_A_TIME.min(tips - from);
        let sketched_some = |from: usize, count: usize| {
            let schools = Schools::default();
            let mut chance = Chance::new(from as u64);
            let sketch = |number| learned.sketch(&reading(number, &schools, &mut chance), key);
            (from..from + count).map(sketch).collect::<Vec<_>>()
        };
        let half = count / 2;
        let sketched = std::thread::scope(|scope| {
            let other = scope.spawn(|| sketched_some(from + half, count - half));
            let mut first = sketched_some(from, half);
            first.extend(other.join().expect("making a sketch does not panic"));
            first
        });
        let named = (from as u128..).zip(&sketched);
        let named = named.map(|(number, sketch)| (number.to_be_bytes(), sketch));
        learned.extend(named.collect());
        made.extend(sketched);
    }
    made
}

/// Sketches of tips that are not in the index.
fn sketches(tips: usize, queries: usize, key: &SketchKey) -> Vec<Sketch> {
    let (index, schools) = (Index::default(), Schools::default());
    let mut chance = Chance::new(u64::MAX);
    (0..queries)
        .map(|_| index.sketch(&reading(tips, &schools, &mut chance), key))
        .collect()
}

fn measure(
    rows: &[SealedRow],
    asked: &[Sketch],
    key: &SketchKey,
    clock: &dyn Clock,
) -> Result<(Measured, Index), OperatorError> {
    let (start, work) = (clock.elapsed(), worked()?);
    let index = rebuild(rows, key).map_err(|error| OperatorError::Argument(error.to_string()))?;
    let rebuild = clock.elapsed().saturating_sub(start);
    let rebuild_work = worked()?.saturating_sub(work);
    let mut times: Vec<Duration> = asked
        .iter()
        .map(|sketch| {
            let start = clock.elapsed();
            std::hint::black_box(index.candidates(sketch));
            clock.elapsed().saturating_sub(start)
        })
        .collect();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    Ok((
        Measured {
            p50: at(50),
            p99: at(99),
            rebuild,
            rebuild_work,
        },
        index,
    ))
}

/// One thread opens rows while others put the batch before into the index.
fn rebuild(rows: &[SealedRow], key: &SketchKey) -> Result<Index, SketchError> {
    let mut index = Index::default();
    let mut unsealing = key.opener();
    let mut open = move |rows: &[SealedRow]| {
        let opened = rows
            .iter()
            .map(|(tip, row)| Ok((*tip, Sketch::open_next(tip, row, &mut unsealing)?)));
        opened.collect::<Result<Vec<_>, SketchError>>()
    };
    let (sender, opened) = std::sync::mpsc::sync_channel(1);
    let damaged = std::thread::scope(|scope| {
        let opening = scope.spawn(move || {
            for rows in rows.chunks(BATCH_ROWS) {
                // The other side takes all there is.
                let _ = sender.send(open(rows)?);
            }
            Ok::<(), SketchError>(())
        });
        index.fill(opened.into_iter());
        opening.join().expect("opening a row does not panic")
    });
    damaged.map(|()| index)
}

/// What all cores have worked for this process.
fn worked() -> Result<Duration, OperatorError> {
    let path = Path::new("/proc/self/stat");
    let text = fs::read_to_string(path).map_err(OperatorError::at(path))?;
    // After the name, which may have anything in it: the 12th and the 13th, in ticks.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: Vec<u64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse().ok())
        .collect();
    if ticks.len() != 2 {
        return Err(OperatorError::malformed(
            path,
            "not as the system writes it",
        ));
    }
    let a_second = rustix::param::clock_ticks_per_second().max(1);
    Ok(Duration::from_millis(
        ticks.iter().sum::<u64>() * 1000 / a_second,
    ))
}

/// Memory of this process that is in use.
fn resident_bytes() -> Result<usize, OperatorError> {
    let path = Path::new("/proc/self/statm");
    let text = fs::read_to_string(path).map_err(OperatorError::at(path))?;
    let pages: Option<usize> = text
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse().ok());
    pages
        .map(|pages| pages * rustix::param::page_size())
        .ok_or_else(|| OperatorError::malformed(path, "not as the system writes it"))
}
