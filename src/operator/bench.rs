//! How fast the index answers and how much it holds, printed beside the figures of the study it is measured by.

use super::OperatorError;
use super::cli::say;
use super::similarity::passing_key;
use crate::clock::{Clock, Day};
use crate::entropy::{Entropy, random_id};
use crate::opening::{SketchError, SketchKey};
use crate::triage::similarity::generate::Chance;
use crate::triage::similarity::generate::bench_tip;
use crate::triage::similarity::{Fields, Index, Reading, Schools, Sketch, TipId};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// A sealed sketch as the store keeps it.
type SealedRow = (TipId, Vec<u8>);

/// Rows opened at a time on the way into the index.
const BATCH_ROWS: usize = 16_384;
/// Sketches made before the index learns what is rare from them.
const MADE_AT_A_TIME: usize = 20_000;

/// What one size of index measured.
struct Measured {
    p50: Duration,
    p99: Duration,
    rebuild: Duration,
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
    let rows = sealed_rows(tips, &key, entropy);
    let asked = sketches(tips, queries, &key);
    let (small, _) = measure(&rows[..tips / 10], &asked, &key, clock)?;
    let before_bytes = resident_bytes()?;
    let (all, index) = measure(&rows, &asked, &key, clock)?;
    let held_bytes = resident_bytes()?.saturating_sub(before_bytes);
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
    let fields = Fields {
        category: None,
        school: "",
        subject: "",
        when: "",
        title: "",
        text: &text,
        day,
    };
    Reading::of(&fields, schools)
}

/// Sealed sketches, made on both cores.
fn sealed_rows(tips: usize, key: &SketchKey, entropy: &dyn Entropy) -> Vec<SealedRow> {
    let mut learned = Index::default();
    let mut rows = Vec::with_capacity(tips);
    while rows.len() < tips {
        let from = rows.len();
        let count = MADE_AT_A_TIME.min(tips - from);
        let make = |from: usize, count: usize| {
            let schools = Schools::default();
            let mut chance = Chance::new(from as u64);
            let sketch = |number| {
                let sketch = learned.sketch(&reading(number, &schools, &mut chance), key);
                (random_id(entropy), sketch)
            };
            (from..from + count).map(sketch).collect::<Vec<_>>()
        };
        let half = count / 2;
        let sketched = std::thread::scope(|scope| {
            let other = scope.spawn(|| make(from + half, count - half));
            let mut first = make(from, half);
            first.extend(other.join().expect("making a sketch does not panic"));
            first
        });
        rows.extend(
            sketched
                .iter()
                .map(|(tip, sketch)| (*tip, sketch.seal(tip, key, entropy))),
        );
        // Enough to know which grams are common; the rest would only take memory here.
        if from < 5 * MADE_AT_A_TIME {
            learned.extend(sketched);
        }
    }
    rows
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
    let start = clock.elapsed();
    let index = rebuild(rows, key).map_err(|error| OperatorError::Argument(error.to_string()))?;
    let rebuild = clock.elapsed().saturating_sub(start);
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
        },
        index,
    ))
}

/// One core opens rows while the other puts the batch before into the index.
fn rebuild(rows: &[SealedRow], key: &SketchKey) -> Result<Index, SketchError> {
    let mut index = Index::default();
    let open = |rows: &[SealedRow]| {
        let opened = rows
            .iter()
            .map(|(tip, row)| Ok((*tip, Sketch::open(tip, row, key)?)));
        opened.collect::<Result<Vec<_>, SketchError>>()
    };
    let mut opened = Vec::new();
    for batch in rows.chunks(BATCH_ROWS) {
        opened = std::thread::scope(|scope| {
            let next = scope.spawn(|| open(batch));
            index.add_batch(&opened);
            next.join().expect("opening a row does not panic")
        })?;
    }
    index.add_batch(&opened);
    Ok(index)
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
