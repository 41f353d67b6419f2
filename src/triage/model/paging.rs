//! Paging: one page of a long list, without sorting all of it.

use std::cmp::Ordering;
use std::ops::Range;

/// Where a page stands in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PagePosition {
    /// Its number, from 1.
    pub page: usize,
    /// How many pages there are, at least 1.
    pub pages: usize,
    /// How many items there are on all of them.
    pub total: usize,
}

/// Sorts the items of page `page` (from 1; the last page where there are fewer) and returns their range and the page's
/// position. Items before and after that range are in no order.
pub fn sort_page<T>(
    items: &mut [T],
    page: usize,
    size: usize,
    by: impl Fn(&T, &T) -> Ordering,
) -> (Range<usize>, PagePosition) {
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
    let position = PagePosition { page, pages, total };
    (from..to, position)
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
                let (here, position) = sort_page(&mut items, page, 7, Ord::cmp);
                assert_eq!((position.page, position.total), (page, total));
                read.extend_from_slice(&items[here]);
            }
            assert_eq!(read, whole);
        }
        let (here, position) = sort_page(&mut [2, 1], 99, 7, Ord::cmp);
        assert_eq!((here, position.page, position.pages), (0..2, 1, 1));
    }
}
