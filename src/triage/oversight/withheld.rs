//! Figures as they may leave the office: small ones are withheld, and others with them, so that none can be computed from
//! the sums. What is left when one count of a row is taken from another is a figure too: of 8 received, 7 are open, so that
//! one is finished. It does not help against two publications that are compared; see deploy/HANDBOOK.md, "Dashboard".

use super::figures::{Measure, Table};

/// Counts below this are withheld.
pub const SMALL: u32 = 5;

/// By how much at least a withheld count could be another. One more would do for a single sum; but which counts are shown
/// tells something too, and the test tries everything that there can be.
const SPREAD: u32 = 3;

/// A table in which what is withheld is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The rows, in the order of the table's.
    pub rows: Vec<[Option<u32>; Measure::ALL.len()]>,
    /// The sums.
    pub total: [Option<u32>; Measure::ALL.len()],
}

/// A table as it may leave the office. Its rows must be the same whatever was counted: that a row is there tells too.
#[must_use]
pub fn publish(table: &Table) -> Published {
    let mut rows = vec![[None; Measure::ALL.len()]; table.rows.len()];
    let mut total = [None; Measure::ALL.len()];
    for measure in Measure::ALL {
        let at = measure as usize;
        let column: Vec<u32> = table.rows.iter().map(|(_, counts)| counts[at]).collect();
        let whole: Vec<Whole> = rows.iter().map(|row| Whole::of(measure, row)).collect();
        let shown = shown(&column, &whole);
        for (row, (count, shown)) in rows.iter_mut().zip(column.iter().zip(shown)) {
            row[at] = shown.then_some(*count);
        }
        let whole = Whole::of(measure, &total);
        total[at] = Some(table.total[at]).filter(|sum| whole.why(*sum) == Why::Shown);
    }
    Published { rows, total }
}

/// What a count is a part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// Of nothing that is counted.
    Nothing,
    /// Of a count that is withheld: it would say how much there is at least.
    Withheld,
    /// Of a count of which so much is left beside the other parts that are shown: with what is shown here the rest can be
    /// computed.
    Left(u32),
}

impl Whole {
    /// As the counts of `row` stand that come before `measure`.
    fn of(measure: Measure, row: &[Option<u32>; Measure::ALL.len()]) -> Self {
        let Some(wider) = measure.wider() else {
            return Self::Nothing;
        };
        let Some(whole) = row[wider as usize] else {
            return Self::Withheld;
        };
        let before = Measure::ALL.into_iter().take(measure as usize);
        let others = before.filter(|other| other.wider() == Some(wider));
        let taken = others.filter_map(|other| row[other as usize]).sum();
        Self::Left(whole.saturating_sub(taken))
    }

    /// Why a count that is a part of it is withheld, if nothing else is looked at.
    fn why(self, count: u32) -> Why {
        match self {
            _ if count < SMALL => Why::Small,
            Self::Withheld => Why::Part,
            Self::Left(left) if left.saturating_sub(count) < SMALL => Why::Close,
            Self::Nothing | Self::Left(_) => Why::Shown,
        }
    }
}

/// Why a count is withheld.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It is not.
    Shown,
    /// It is small.
    Small,
    /// What it is a part of is withheld.
    Part,
    /// What is left of its whole without it is small.
    Close,
    /// So that others cannot be computed: the smallest that was still shown.
    Chosen,
}

/// Which counts of a column are shown, beside its sum where that is not small.
fn shown(column: &[u32], whole: &[Whole]) -> Vec<bool> {
    let parts = column.iter().zip(whole);
    let mut whys: Vec<Why> = parts.map(|(count, whole)| whole.why(*count)).collect();
    while !is_safe(column, whole, &whys) {
        let visible = (0..column.len()).filter(|at| whys[*at] == Why::Shown);
        match visible.min_by_key(|at| column[*at]) {
            Some(smallest) => whys[smallest] = Why::Chosen,
            None => break,
        }
    }
    whys.into_iter().map(|why| why == Why::Shown).collect()
}

/// Whether no count that is withheld follows from the rest, even for somebody who knows why each is: all together are
/// not small, and each could be another.
fn is_safe(column: &[u32], whole: &[Whole], whys: &[Why]) -> bool {
    let withheld = (0..column.len()).filter(|at| whys[*at] != Why::Shown);
    let bounds: Vec<(u32, u32, u32)> = withheld
        .map(|at| {
            let (low, high) = bounds(column, whole, whys, at);
            (column[at], low, high)
        })
        .collect();
    let sum: u32 = bounds.iter().map(|(count, ..)| count).sum();
    let all =
        |part: fn(&(u32, u32, u32)) -> u32| bounds.iter().map(part).fold(0, u32::saturating_add);
    let (lows, highs) = (all(|one| one.1), all(|one| one.2));
    let could_differ = |(_, low, high): &(u32, u32, u32)| {
        let least = sum.saturating_sub(highs.saturating_sub(*high)).max(*low);
        let most = sum.saturating_sub(lows - low).min(*high);
        highs == u32::MAX || least + SPREAD <= most
    };
    bounds.is_empty() || (sum >= SMALL && bounds.len() > 1 && bounds.iter().all(could_differ))
}

/// What a count that is withheld can be at least and at most, as its reason tells.
fn bounds(column: &[u32], whole: &[Whole], whys: &[Why], at: usize) -> (u32, u32) {
    let shown = (0..column.len()).filter(|other| whys[*other] == Why::Shown);
    let (least, most) = match whys[at] {
        Why::Small => (0, SMALL - 1),
        // Of two that are the same, the first is chosen.
        Why::Chosen => {
            let most = shown.map(|other| column[other] - u32::from(other < at));
            (SMALL, most.min().unwrap_or(u32::MAX))
        }
        Why::Close | Why::Part | Why::Shown => (SMALL, u32::MAX),
    };
    match whole[at] {
        Whole::Left(left) if whys[at] == Why::Close => {
            (least.max(left.saturating_sub(SMALL - 1)), most.min(left))
        }
        Whole::Left(left) => (least, most.min(left)),
        Whole::Nothing | Whole::Withheld => (least, most),
    }
}

#[cfg(test)]
mod tests;
