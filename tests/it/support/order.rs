//! How far something tells the order in which things came.

/// The share of pairs that stand in the order of arrival: 1 where it is that order, 0.5 where it says nothing of it.
pub fn concordance<T: Ord>(in_order_of_arrival: &[T]) -> f64 {
    let (mut all, mut same) = (0.0, 0.0);
    for (number, first) in in_order_of_arrival.iter().enumerate() {
        for second in &in_order_of_arrival[number + 1..] {
            all += 1.0;
            // A pair that cannot be told apart is as good as one the other way round every second time.
            same += match first.cmp(second) {
                std::cmp::Ordering::Less => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Greater => 0.0,
            };
        }
    }
    same / all
}

/// How far from 0.5 the concordance of so many things that come in no order may be: 0.05, or where they are so few that
/// chance alone does more, five of its standard deviations (Kendall's).
pub fn by_chance(count: usize) -> f64 {
    let n = f64::from(u32::try_from(count).expect("few enough to count"));
    let deviation = (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt() / 2.0;
    (5.0 * deviation).max(0.05)
}
