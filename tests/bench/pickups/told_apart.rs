//! How far two distributions of times are apart.

use super::kinds::Kind;
use std::time::Duration;

/// The times of one run.
pub struct Series {
    pub kind: Kind,
    pub run: &'static str,
    pub times: Vec<Duration>,
}

impl Series {
    pub fn new(kind: Kind, run: &'static str) -> Self {
        Self {
            kind,
            run,
            times: Vec::new(),
        }
    }

    fn name(&self) -> String {
        format!("{} {}", self.kind.name(), self.run)
    }

    /// In microseconds; `times` are sorted.
    fn percentile_us(&self, percent: usize) -> u128 {
        self.times[(self.times.len() * percent / 100).min(self.times.len() - 1)].as_micros()
    }
}

/// How far two runs are apart.
struct Apart {
    name: String,
    /// The median of the one by that of the other, above 1.
    medians: f64,
    /// Kolmogorov and Smirnov's distance: the most by which the share of requests that took at most some time differs.
    distance: f64,
}

fn apart(one: &Series, other: &Series) -> Apart {
    let median = |series: &Series| series.times[series.times.len() / 2].as_secs_f64();
    let ratio = median(one) / median(other);
    Apart {
        name: format!("{} / {}", one.name(), other.name()),
        medians: ratio.max(1.0 / ratio),
        distance: distance(&one.times, &other.times),
    }
}

/// Of two sorted lists.
fn distance(one: &[Duration], other: &[Duration]) -> f64 {
    let share = |times: &[Duration], at: Duration| {
        let below = times.partition_point(|time| *time <= at);
        f64::from(u32::try_from(below).expect("few"))
            / f64::from(u32::try_from(times.len()).expect("few"))
    };
    let all = one.iter().chain(other);
    all.map(|at| (share(one, *at) - share(other, *at)).abs())
        .fold(0.0, f64::max)
}

/// Prints the distributions, and how far they are apart: two runs of a kind first, then run by run of two kinds.
pub fn print(way: &str, mut series: Vec<Series>) {
    series.sort_by_key(|one| (one.kind, one.run));
    println!("\n{way}");
    for one in &mut series {
        one.times.sort_unstable();
        let [p5, p25, p50, p75, p95] =
            [5, 25, 50, 75, 95].map(|percent| one.percentile_us(percent));
        println!(
            "  {:14} p5 {p5:6}  p25 {p25:6}  p50 {p50:6}  p75 {p75:6}  p95 {p95:6} µs",
            one.name()
        );
    }
    let (mut same, mut other) = (Vec::new(), Vec::new());
    for (at, one) in series.iter().enumerate() {
        for two in &series[at + 1..] {
            let list = if one.kind == two.kind {
                &mut same
            } else {
                &mut other
            };
            list.push(apart(one, two));
        }
    }
    print_pairs("one kind", &same);
    print_pairs("two kinds", &other);
}

fn print_pairs(what: &str, pairs: &[Apart]) {
    for pair in pairs {
        println!(
            "  {what:9} {:32} medians {:.3}  distance {:.3}",
            pair.name, pair.medians, pair.distance
        );
    }
    let most = |of: fn(&Apart) -> f64| pairs.iter().map(of).fold(0.0, f64::max);
    println!(
        "  {what:9} at most: medians {:.3}  distance {:.3}",
        most(|pair| pair.medians),
        most(|pair| pair.distance)
    );
}
