//! The others near two tips: what they say is heard, and only from those that whoever asks may see.

use super::{id, key};
use mifeng_foundation::clock::Day;
use mifeng_similarity::generate::school_tips;
use mifeng_similarity::{Compared, Feature, Fields, Index, Reading, Schools, TipId};

/// Invented tips of many who tell of the same, and their ids.
fn filled() -> (Index, Vec<TipId>) {
    let (tips, schools) = school_tips(5, 60);
    let schools = serde_json::to_string(&schools).expect("names have a JSON form");
    let (schools, _) = Schools::from_json_with_clashes(&schools).expect("a list");
    let (key, mut index, mut ids) = (key(), Index::default(), Vec::new());
    for (number, tip) in (1..=u8::MAX).zip(&tips) {
        let fields = Fields::of_account(
            &tip.text,
            tip.submitted[..10].parse::<Day>().expect("a day"),
        );
        let sketch = index.sketch(&Reading::of(&fields, &schools), &key);
        index.add(id(number), &sketch);
        ids.push(id(number));
    }
    (index, ids)
}

fn hears(compared: &Compared) -> bool {
    compared.features.get(Feature::Company) != 0.0
}

#[test]
fn what_somebody_may_not_see_takes_no_place_and_says_nothing() {
    let (index, ids) = filled();
    let mut heard = 0;
    for tip in &ids {
        let all = index.candidates_of(tip, |_| true).expect("it is there");
        heard += all.iter().filter(|near| hears(&near.compared)).count();
        let Some(nearest) = all.first() else { continue };
        let only = |other: &TipId| *other == nearest.tip;
        let seen = index.candidates_of(tip, only).expect("it is there");
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].tip, nearest.tip);
        assert!(!hears(&seen[0].compared), "there is nobody to be heard");
        assert_eq!(
            index.compared(tip, &nearest.tip, only),
            Some(seen[0].compared)
        );
    }
    assert!(heard > ids.len(), "{heard}");
}

#[test]
fn two_tips_compare_as_the_list_of_the_first_has_it_and_one_that_is_not_on_it_compares_too() {
    let (index, ids) = filled();
    let mut unlisted = 0;
    for tip in &ids[..40] {
        let listed = index.candidates_of(tip, |_| true).expect("it is there");
        for other in ids.iter().filter(|other| *other != tip) {
            let compared = index.compared(tip, other, |_| true);
            match listed.iter().find(|near| near.tip == *other) {
                Some(near) => assert_eq!(compared, Some(near.compared)),
                None => unlisted += u32::from(compared.is_some()),
            }
        }
    }
    assert!(unlisted > 0);
    assert_eq!(index.compared(&ids[0], &[0; 16], |_| true), None);
}
