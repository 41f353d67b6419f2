//! An index that was made anew while it was in use: what was removed has left no trace, and what was done meanwhile is in it.

use super::{PASTED, key, read};
use mifeng_opening::SketchKey;
use mifeng_similarity::generate::school_tips;
use mifeng_similarity::{Audience, Candidate, Index, LiveIndex, Renewed, Sketch, TipId};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

const TIPS: usize = 60;

/// Sketches by number: every second is a copy of one text, so that there are floods, and some are of many schools.
static SKETCHES: LazyLock<(SketchKey, Vec<Arc<Sketch>>)> = LazyLock::new(|| {
    let (key, index) = (key(), Index::default());
    let made = school_tips(7, TIPS).0;
    let sketches = (0_i32..).zip(&made).take(TIPS).map(|(number, tip)| {
        let text = if number % 2 == 0 {
            let end = usize::try_from(number / 2).expect("not below zero") % 4;
            format!("{PASTED}{}", ["", "!", "急", "请查"][end])
        } else {
            tip.text.clone()
        };
        Arc::new(index.sketch(&read(&text, number % 9), &key))
    });
    let sketches = sketches.collect();
    (key, sketches)
});

fn tip(number: usize) -> TipId {
    let mut id = [0; 16];
    id[0] = u8::try_from(number).expect("few");
    id[15] = id[0];
    id
}

#[derive(Clone, Debug)]
enum Change {
    Add(usize, u32),
    Remove(usize),
    Audience(usize, u32),
    AllAudiences(u32),
}

fn change() -> impl Strategy<Value = Change> {
    let audience = || prop::sample::select(vec![0, 0, 0, 1, 2]);
    prop_oneof![
        6 => (0..TIPS, audience()).prop_map(|(number, audience)| Change::Add(number, audience)),
        4 => (0..TIPS).prop_map(Change::Remove),
        2 => (0..TIPS, audience()).prop_map(|(number, audience)| Change::Audience(number, audience)),
        1 => audience().prop_map(Change::AllAudiences),
    ]
}

/// The index, and every tip that is in it in order of coming, with its audience.
#[derive(Default)]
struct Kept {
    live: LiveIndex,
    tips: Vec<(usize, u32)>,
}

impl Kept {
    fn apply(&mut self, change: &Change) {
        match *change {
            Change::Add(number, audience) => {
                let known = self.tips.iter().any(|(one, _)| *one == number);
                self.live
                    .add_for(tip(number), &SKETCHES.1[number], Audience(audience));
                if !known {
                    self.tips.push((number, audience));
                }
            }
            Change::Remove(number) => {
                self.live.remove(&tip(number));
                self.tips.retain(|(one, _)| *one != number);
            }
            Change::Audience(number, audience) => {
                self.live
                    .set_audiences(vec![(tip(number), Audience(audience))]);
                for (_, of) in self.tips.iter_mut().filter(|(one, _)| *one == number) {
                    *of = audience;
                }
            }
            Change::AllAudiences(audience) => {
                for (_, of) in &mut self.tips {
                    *of = audience;
                }
                let all = self.tips.iter().map(|(one, of)| (tip(*one), Audience(*of)));
                self.live.set_all_audiences(all.collect());
            }
        }
    }

    /// An index of the same tips that never had another.
    fn afresh(&self) -> Index {
        let tips = self.tips.iter().map(|(number, audience)| {
            let sketch = Arc::clone(&SKETCHES.1[*number]);
            (tip(*number), sketch, Audience(*audience))
        });
        Index::of(self.live.weights().clone(), &tips.collect::<Vec<_>>())
    }

    fn sketches(&self) -> BTreeMap<TipId, Arc<Sketch>> {
        let sketches = self.tips.iter();
        sketches
            .map(|(number, _)| (tip(*number), Arc::clone(&SKETCHES.1[*number])))
            .collect()
    }

    /// Makes it anew, with these changes meanwhile.
    fn renews(&mut self, meanwhile: &[Change]) -> bool {
        if !self.live.begin_renewal() {
            return false;
        }
        let sketches = self.sketches();
        let standing = self.live.standing(|tip| sketches.get(tip).cloned());
        for change in meanwhile {
            assert!(!self.live.begin_renewal(), "one at a time");
            self.apply(change);
        }
        let mut renewed = standing.into_index();
        loop {
            match self.live.renew(renewed) {
                Renewed::Done(_) => return true,
                Renewed::Behind(behind, steps) => {
                    renewed = *behind;
                    steps.repeat_on(&mut renewed);
                }
                Renewed::NotWanted(_) => panic!("it is wanted"),
            }
        }
    }
}

/// All that an index says of the tips in it.
fn says(index: &Index, tips: &[(usize, u32)]) -> Vec<String> {
    let mut said = vec![format!("{} {:?}", index.len(), index.floods())];
    for (number, audience) in tips {
        let (id, sketch) = (tip(*number), &SKETCHES.1[*number]);
        let seen = |_: &TipId| true;
        let near = index.candidates_of(&id, seen).expect("it is there");
        let near = near.iter().map(|Candidate { tip, compared }| {
            (tip[0], compared.tier, format!("{:.4}", compared.score))
        });
        let near: Vec<_> = near.collect();
        let same = index.same_text(sketch);
        let flood = index.flood_of(&id, seen);
        let template = index.has_template(&id);
        said.push(format!(
            "{number} {audience} {near:?} {same:?} {flood:?} {template}"
        ));
    }
    said
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_index_made_anew_is_one_that_never_had_what_was_removed(
        before in prop::collection::vec(change(), 20..90),
        meanwhile in prop::collection::vec(change(), 0..80),
    ) {
        let mut kept = Kept::default();
        for change in &before {
            kept.apply(change);
        }
        let has_gone = kept.live.has_gone();
        prop_assert_eq!(kept.renews(&meanwhile), has_gone);
        if !has_gone {
            return Ok(());
        }
        // At once nothing that was removed is found, and all that came is.
        let afresh = kept.afresh();
        prop_assert_eq!(kept.live.len(), afresh.len());
        for (number, _) in &kept.tips {
            let sketch = &SKETCHES.1[*number];
            let (mut one, mut other) = (kept.live.same_text(sketch), afresh.same_text(sketch));
            one.sort_unstable();
            other.sort_unstable();
            prop_assert_eq!(one, other);
        }
        // Once more, and with nothing meanwhile, it is exactly that.
        let Some((last, _)) = kept.tips.last().copied() else {
            return Ok(());
        };
        kept.apply(&Change::Remove(last));
        prop_assert!(kept.renews(&[]) && !kept.live.has_gone());
        let afresh = kept.afresh();
        prop_assert_eq!(kept.live.vocabulary(), afresh.vocabulary());
        prop_assert_eq!(says(&kept.live, &kept.tips), says(&afresh, &kept.tips));
    }
}
