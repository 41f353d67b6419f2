//! Figures as they may leave the office: small ones are withheld, and others with them, so that none can be computed from
//! the sums. It does not help against two publications that are compared; see deploy/HANDBOOK.md, "Board".

use super::figures::{Counts, Measure, Table};

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
        // Where a count is withheld, what is a part of it is too: it would say how much there is at least.
        let wider = measure.wider().map(|wider| wider as usize);
        let forced = |row: usize| wider.is_some_and(|wider| rows[row][wider].is_none());
        let forced: Vec<bool> = (0..rows.len()).map(forced).collect();
        let shown = shown(&column, &forced);
        for (row, (count, shown)) in rows.iter_mut().zip(column.iter().zip(shown)) {
            row[at] = shown.then_some(*count);
        }
        total[at] = sum_shown(&table.total, at);
    }
    Published { rows, total }
}

fn sum_shown(total: &Counts, at: usize) -> Option<u32> {
    Some(total[at]).filter(|total| *total >= SMALL)
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
    /// So that others cannot be computed: the smallest that was still shown.
    Chosen,
}

/// Which counts of a column are shown, beside its sum where that is not small.
fn shown(column: &[u32], forced: &[bool]) -> Vec<bool> {
    let why = |(count, forced): (&u32, &bool)| match (*count < SMALL, forced) {
        (true, _) => Why::Small,
        (false, true) => Why::Part,
        (false, false) => Why::Shown,
    };
    let mut whys: Vec<Why> = column.iter().zip(forced).map(why).collect();
    while !is_safe(column, &whys) {
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
fn is_safe(column: &[u32], whys: &[Why]) -> bool {
    let withheld = (0..column.len()).filter(|at| whys[*at] != Why::Shown);
    let bounds: Vec<(u32, u32, u32)> = withheld
        .map(|at| {
            let (low, high) = bounds(column, whys, at);
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
fn bounds(column: &[u32], whys: &[Why], at: usize) -> (u32, u32) {
    let shown = (0..column.len()).filter(|other| whys[*other] == Why::Shown);
    match whys[at] {
        Why::Small => (0, SMALL - 1),
        // Of two that are the same, the first is chosen.
        Why::Chosen => {
            let most = shown.map(|other| column[other] - u32::from(other < at));
            (SMALL, most.min().unwrap_or(u32::MAX))
        }
        Why::Part | Why::Shown => (SMALL, u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashMap};

    /// Every column of `rows` counts with this sum.
    fn columns(rows: usize, sum: u32) -> Vec<Vec<u32>> {
        if rows == 1 {
            return vec![vec![sum]];
        }
        let rest = (0..=sum).map(|first| (first, columns(rows - 1, sum - first)));
        rest.flat_map(|(first, rest)| {
            rest.into_iter()
                .map(move |rest| [vec![first], rest].concat())
        })
        .collect()
    }

    fn published(column: &[u32]) -> (Vec<Option<u32>>, Option<u32>) {
        let shown = shown(column, &vec![false; column.len()]);
        let cells = column.iter().zip(shown);
        let cells = cells
            .map(|(count, shown)| shown.then_some(*count))
            .collect();
        let sum = column.iter().sum::<u32>();
        (cells, Some(sum).filter(|sum| *sum >= SMALL))
    }

    /// Whoever knows the sums, every count that is shown, and this program, tries every column there can be.
    #[test]
    fn no_count_that_is_withheld_follows_from_the_rest() {
        for rows in 2..=4 {
            let mut behind: HashMap<_, Vec<Vec<u32>>> = HashMap::new();
            for column in (0..=21).flat_map(|sum| columns(rows, sum)) {
                behind.entry(published(&column)).or_default().push(column);
            }
            for ((cells, sum), columns) in behind {
                for (at, cell) in cells.iter().enumerate() {
                    assert!(cell.is_none_or(|count| count >= SMALL));
                    let possible: BTreeSet<u32> = columns.iter().map(|one| one[at]).collect();
                    assert!(
                        cell.is_some() || possible.len() > 1,
                        "{cells:?} of {sum:?} can only be {columns:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_not_small_is_shown() {
        assert_eq!(published(&[7, 9, 30]).0, [Some(7), Some(9), Some(30)]);
        assert_eq!(
            published(&[3, 9, 30]).0,
            [None, None, Some(30)],
            "the next with it"
        );
        assert_eq!(published(&[2, 3, 30]).0, [None, None, Some(30)]);
        assert_eq!(published(&[0, 0, 9, 30]).0, [None, None, None, Some(30)]);
        assert_eq!(published(&[1, 0, 2]), (vec![None; 3], None));
    }
}
