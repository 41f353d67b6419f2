//! Rates and times of several rounds, with their spread.

use std::collections::BTreeMap;
use std::time::Duration;

/// One measurement: how long it ran, and how long each piece of work took.
pub struct Run {
    /// The whole.
    pub wall: Duration,
    /// Each piece.
    pub times: Vec<Duration>,
}

impl Run {
    fn per_second(&self) -> f64 {
        let count = u32::try_from(self.times.len()).expect("fewer than four billion");
        f64::from(count) / self.wall.as_secs_f64()
    }

    /// The time in milliseconds that `percent` of the pieces took at most.
    fn percentile_ms(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = (times.len() * percent / 100).min(times.len() - 1);
        times[at].as_secs_f64() * 1000.0
    }
}

#[derive(Default)]
struct Rounds {
    rate: Vec<f64>,
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
}

/// The rounds of every measurement by name.
#[derive(Default)]
pub struct Figures(BTreeMap<String, Rounds>);

/// Median, lowest and highest.
fn spread(values: &[f64]) -> (f64, f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len() - 1;
    (sorted[last / 2], sorted[0], sorted[last])
}

impl Figures {
    /// Takes a round in.
    pub fn add(&mut self, name: String, run: &Run) {
        assert!(!run.times.is_empty(), "{name}: nothing was done");
        let rounds = self.0.entry(name).or_default();
        rounds.rate.push(run.per_second());
        rounds.p50_ms.push(run.percentile_ms(50));
        rounds.p99_ms.push(run.percentile_ms(99));
    }

    /// Prints every measurement.
    pub fn print(&self) {
        for (name, rounds) in &self.0 {
            let (rate, low, high) = spread(&rounds.rate);
            let (p50, p99) = (spread(&rounds.p50_ms).0, spread(&rounds.p99_ms).0);
            println!(
                "{name:34} {rate:8.0}/s ({low:.0} to {high:.0})  p50 {p50:7.2} ms  p99 {p99:7.2} ms"
            );
        }
    }

    /// Prints how one rate stands to another, round by round.
    pub fn print_ratio(&self, name: &str, beside: &str) {
        let (one, other) = (&self.0[name].rate, &self.0[beside].rate);
        let ratios: Vec<f64> = one.iter().zip(other).map(|(a, b)| a / b).collect();
        let (ratio, low, high) = spread(&ratios);
        println!("{name} / {beside}: {ratio:.2} ({low:.2} to {high:.2})");
    }

    /// Prints how far the slowest stand from the middle.
    pub fn print_tail(&self, name: &str) {
        let rounds = &self.0[name];
        let tails = rounds.p99_ms.iter().zip(&rounds.p50_ms);
        let (tail, low, high) = spread(&tails.map(|(p99, p50)| p99 / p50).collect::<Vec<_>>());
        println!("{name}: p99 / p50 {tail:.1} ({low:.1} to {high:.1})");
    }

    /// Prints how much longer one takes than another.
    pub fn print_distance(&self, name: &str, beside: &str) {
        let pairs = self.0[name].p50_ms.iter().zip(&self.0[beside].p50_ms);
        let (more, low, high) = spread(&pairs.map(|(a, b)| a - b).collect::<Vec<_>>());
        println!("{name}: p50 is {more:.2} ms ({low:.2} to {high:.2}) over that of {beside}");
    }
}

/// Resident memory of a process (`self`, or its number) now and at its highest, in MB.
pub fn resident_mb(process: &str) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("Linux tells");
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        number.expect("Linux tells") / 1024
    };
    (field("VmRSS:"), field("VmHWM:"))
}
