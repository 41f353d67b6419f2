//! How many rows are moved at once: so many as were moved within a fixed time lately. What a row costs depends on the disk, on
//! what else it has to do and on how many pages the row is spread over, and nobody is to wait longer because of that.

use std::time::Duration;

/// Longest that a piece is to hold up whoever writes.
const HELD: Duration = Duration::from_millis(25);

/// Most rows of a piece, how many the first one has, and the fewest.
const MOST_ROWS: usize = 512;
const FIRST_ROWS: usize = 64;
const FEWEST_ROWS: usize = 8;

/// Most bytes in a piece, but for its last row.
pub(super) const PIECE_BYTES: u64 = 2 * 1024 * 1024;

/// How many rows of one table are moved at once.
pub(super) struct Pace {
    rows: usize,
}

impl Pace {
    /// For a table of which nothing was moved yet.
    pub(super) fn unknown() -> Self {
        Self { rows: FIRST_ROWS }
    }

    /// Rows of the next piece.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// A piece of so many rows took so long. It has twice as many next time at most, since one that was quick says little.
    pub(super) fn took(&mut self, rows: usize, time: Duration) {
        let held = rows.max(1) as u128 * HELD.as_micros() / time.as_micros().max(1);
        let held = usize::try_from(held).unwrap_or(MOST_ROWS);
        self.rows = held.min(self.rows * 2).clamp(FEWEST_ROWS, MOST_ROWS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_has_as_many_rows_as_are_moved_in_time() {
        let mut pace = Pace::unknown();
        pace.took(64, HELD * 2);
        assert_eq!(pace.rows(), 32);
        pace.took(32, HELD / 16);
        assert_eq!(pace.rows(), 64, "one that was quick says little");
        for _ in 0..10 {
            pace.took(pace.rows(), Duration::ZERO);
        }
        assert_eq!(pace.rows(), MOST_ROWS);
        pace.took(MOST_ROWS, HELD * 1_000_000);
        assert_eq!(pace.rows(), FEWEST_ROWS, "it goes on all the same");
    }
}
