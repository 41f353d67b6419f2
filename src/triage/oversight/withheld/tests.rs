//! Tests of `withheld.rs`.

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
                let possible: BTreeSet<u32> = tables.iter().map(|table| of(&table[at])).collect();
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
