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
mod tests {
    use super::*;
    use crate::oversight::figures::{Counts, Dimension, Key};
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
        let shown = shown(column, &vec![Whole::Nothing; column.len()]);
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

    fn table(rows: &[Counts]) -> Table {
        let mut total = Counts::default();
        for counts in rows {
            for (sum, count) in total.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        let rows = rows.iter().enumerate();
        let rows = rows.map(|(at, counts)| (Key::Unit(at.to_string()), *counts));
        Table {
            dimension: Dimension::Unit,
            rows: rows.collect(),
            total,
        }
    }

    /// Every row with so many received at most: of them open, and of these late.
    fn rows_to(most: u32) -> Vec<Counts> {
        let mut rows = Vec::new();
        for received in 0..=most {
            for open in 0..=received {
                rows.push([received, open, 0, 0, 0]);
            }
        }
        rows
    }

    /// Whoever knows this program, the counts that are shown and that open cases were received, tries every table of two and
    /// three rows: neither a count that is withheld nor a small rest of one that is shown follows.
    #[test]
    fn no_count_and_no_small_rest_follows_from_the_counts_of_a_row() {
        let two = rows_to(16);
        let pairs = two
            .iter()
            .flat_map(|one| two.iter().map(|other| vec![*one, *other]));
        let three = rows_to(8);
        let triples = three.iter().flat_map(|one| {
            let more = three
                .iter()
                .flat_map(|two| three.iter().map(|three| (*two, *three)));
            more.map(|(two, three)| vec![*one, two, three])
        });
        let mut behind: HashMap<_, Vec<Vec<Counts>>> = HashMap::new();
        for rows in pairs.chain(triples) {
            let told = publish(&table(&rows));
            let told: Vec<_> = told.rows.into_iter().chain([told.total]).collect();
            let told: Vec<[Option<u32>; 2]> = told.iter().map(|row| [row[0], row[1]]).collect();
            behind.entry(told).or_default().push(rows);
        }
        for (told, tables) in behind {
            let complete = |table: &Vec<Counts>| {
                let sum = |at: usize| table.iter().map(|row| row[at]).sum();
                let total = [sum(0), sum(1), 0, 0, 0];
                table.iter().copied().chain([total]).collect::<Vec<_>>()
            };
            let tables: Vec<_> = tables.iter().map(complete).collect();
            for at in 0..told.len() {
                for (what, of) in [
                    ("received", (|row: &Counts| row[0]) as fn(&Counts) -> u32),
                    ("open", |row| row[1]),
                    ("finished", |row| row[0] - row[1]),
                ] {
                    let possible: BTreeSet<u32> =
                        tables.iter().map(|table| of(&table[at])).collect();
                    let only = possible.iter().next().filter(|_| possible.len() == 1);
                    assert!(
                        only.is_none_or(|only| *only >= SMALL),
                        "{what} of {at} in {told:?} can only be {only:?}"
                    );
                    // Where the sum is as large as a row can be here, not every table was tried.
                    let all = told.last().and_then(|total| total[0]);
                    let is_tried = all.is_none_or(|all| all <= if told.len() > 3 { 8 } else { 16 });
                    let is_shown = match what {
                        "received" => told[at][0].is_some(),
                        "open" => told[at][1].is_some(),
                        _ => true,
                    };
                    assert!(
                        is_shown || !is_tried || only.is_none(),
                        "{what} of {at} is withheld in {told:?} and can only be {only:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_left_of_a_row_is_not_small() {
        let told = publish(&table(&[
            [8, 7, 0, 0, 0],
            [40, 20, 6, 6, 8],
            [30, 10, 0, 9, 17],
            [30, 20, 5, 12, 6],
        ]));
        assert_eq!(told.rows[0][..2], [Some(8), None], "one is finished");
        for row in told.rows.iter().chain([&told.total]) {
            let left = |whole: usize, parts: [usize; 2]| {
                let taken = parts.map(|part| row[part].unwrap_or(0)).iter().sum::<u32>();
                row[whole].is_none_or(|whole| taken == 0 || whole - taken >= SMALL)
            };
            assert!(left(0, [1, 4]) && left(1, [2, 3]), "{row:?}");
        }
    }
}
