//! Chance that repeats itself: the same seed makes the same file.

/// A generator of numbers (`SplitMix64`); no secret is made with it.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The generator of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number from 0 up to, not with, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A number from `from` up to, not with, `to`.
    pub fn within(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to.saturating_sub(from))
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn percent(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    /// One of these.
    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// One character of these.
    pub fn letter(&mut self, letters: &str) -> char {
        // Chinese characters of three bytes each, as all of these are, need no counting.
        let at = 3 * self.below(letters.len() / 3);
        let letter = letters.get(at..at + 3).map(str::chars);
        letter.and_then(|mut letter| letter.next()).unwrap_or('文')
    }

    /// Some of these, in another order.
    pub fn some<'a>(&mut self, items: &[&'a str], count: usize) -> Vec<&'a str> {
        let mut items = items.to_vec();
        let mut taken = Vec::new();
        while taken.len() < count && !items.is_empty() {
            taken.push(items.swap_remove(self.below(items.len())));
        }
        taken
    }
}
