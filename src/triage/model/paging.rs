//! Turning to a page of a long list without putting all of it in order.

use std::cmp::Ordering;
use std::ops::Range;

/// Which page is shown, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turned {
    /// Its number, from 1.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// How many items there are on all of them.
    pub total: usize,
}

/// Puts those items in order that stand on page `page` (from 1; the last one where there are fewer), and says where.
/// What stands before and after them is in no order.
pub fn turn_to<T>(
    items: &mut [T],
    page: usize,
    size: usize,
    by: impl Fn(&T, &T) -> Ordering,
) -> (Range<usize>, Turned) {
    let total = items.len();
    let pages = total.div_ceil(size).max(1);
    let page = page.clamp(1, pages);
    let (from, to) = ((page - 1) * size, (page * size).min(total));
    if to < total {
        items.select_nth_unstable_by(to, &by);
    }
    if 0 < from && from < to {
        items[..to].select_nth_unstable_by(from, &by);
    }
    items[from..to].sort_unstable_by(&by);
    let turned = Turned { page, pages, total };
    (from..to, turned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_together_are_the_list_in_order() {
        for total in 0..40_usize {
            let mixed: Vec<usize> = (0..total).map(|n| n * 17 % total.max(1)).collect();
            let mut whole = mixed.clone();
            whole.sort_unstable();
            let mut read = Vec::new();
            for page in 1..=total.div_ceil(7) {
                let mut items = mixed.clone();
                let (here, turned) = turn_to(&mut items, page, 7, Ord::cmp);
                assert_eq!((turned.page, turned.total), (page, total));
                read.extend_from_slice(&items[here]);
            }
            assert_eq!(read, whole);
        }
        let (here, turned) = turn_to(&mut [2, 1], 99, 7, Ord::cmp);
        assert_eq!((here, turned.page, turned.pages), (0..2, 1, 1));
    }
}
