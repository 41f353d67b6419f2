//! A school with far more tips of one kind than in its own past twelve weeks.

use super::reading::Schools;
use super::sketch::{Facts, Hasher};
use mifeng_foundation::clock::Day;
use mifeng_opening::SketchKey;
use std::collections::{BTreeMap, HashMap};

/// Days that are looked at as now.
const NOW_DAYS: i32 = 7;
/// Weeks before them that are looked at as usual.
const USUAL_WEEKS: i32 = 12;
/// Fewest tips that are a burst.
const TIPS_MIN: u32 = 5;
/// Standard deviations above the usual week, as of counts that come at random.
const DEVIATIONS: f32 = 3.0;

/// Days before today that count at all.
pub(super) const SEEN_DAYS: i32 = NOW_DAYS + USUAL_WEEKS * 7;

/// More tips than usual.
#[derive(Clone, Debug, PartialEq)]
pub struct Burst {
    /// The school's id on the office's list.
    pub school: String,
    /// The kind of wrong, from 1 in the order of [`super::reading::Offence`]; 0 where none was read.
    pub offence: u8,
    /// Tips of the past seven days.
    pub tips: u32,
    /// Tips of a usual week, over the twelve before.
    pub usual_per_week: f32,
}

/// How many tips came on which day, by school and kind.
#[derive(Default)]
pub(super) struct Arrivals(HashMap<(u32, u8), Days>);

type Days = BTreeMap<i32, u32>;

impl Arrivals {
    pub fn add(&mut self, facts: &Facts, day: i32) {
        if facts.school != 0 {
            let days = self.0.entry((facts.school, facts.main_offence));
            *days.or_default().entry(day).or_default() += 1;
        }
    }

    pub fn remove(&mut self, facts: &Facts, day: i32) {
        let of = (facts.school, facts.main_offence);
        let Some(days) = self.0.get_mut(&of) else {
            return;
        };
        if let Some(tips) = days.get_mut(&day) {
            *tips -= 1;
            if *tips == 0 {
                days.remove(&day);
            }
        }
        if days.is_empty() {
            self.0.remove(&of);
        }
    }

    pub fn bursts(&self, today: Day, schools: &Schools, key: &SketchKey) -> Vec<Burst> {
        let hasher = Hasher(key);
        let names: HashMap<u32, &str> = schools
            .iter()
            .map(|(id, _)| (hasher.school(id), id))
            .collect();
        let mut bursts: Vec<_> = self
            .0
            .iter()
            .filter_map(|((school, offence), days)| {
                let school = (*names.get(school)?).to_owned();
                burst(school, *offence, days, today.number())
            })
            .collect();
        bursts.sort_by(|a, b| (b.tips, &a.school, a.offence).cmp(&(a.tips, &b.school, b.offence)));
        bursts
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of tips, far below 2^23")]
fn burst(school: String, offence: u8, days: &Days, today: i32) -> Option<Burst> {
    // From so many days ago to fewer than so many.
    let between = |from: i32, to: i32| -> u32 {
        let days = days.range(today - to + 1..=today - from);
        days.map(|(_, tips)| *tips).sum()
    };
    let tips = between(0, NOW_DAYS);
    let usual = between(NOW_DAYS, NOW_DAYS + USUAL_WEEKS * 7) as f32 / USUAL_WEEKS as f32;
    // The square root of a count is its standard deviation; at least one, so that a quiet school has room.
    let far_above = usual + DEVIATIONS * usual.max(1.0).sqrt();
    (tips >= TIPS_MIN && tips as f32 > far_above).then_some(Burst {
        school,
        offence,
        tips,
        usual_per_week: usual,
    })
}
