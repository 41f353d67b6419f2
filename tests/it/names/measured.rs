//! How often a name is found, and how often somebody is kept from a tip without reason.

use mifeng_foundation::clock::Day;
use mifeng_names::generate::{Way, naming, not_naming, people};
use mifeng_names::{Answer, Matcher};
use std::collections::{BTreeMap, BTreeSet};

const TIPS: usize = 10_000;

fn day() -> Day {
    "2026-11-20".parse().expect("a day")
}

#[test]
fn none_of_ten_thousand_tips_that_name_a_member_is_hers_to_open() {
    let people = people();
    let matchers: Vec<_> = people.iter().map(Matcher::new).collect();
    let mut by_way: BTreeMap<(Way, Answer), usize> = BTreeMap::new();
    let mut missed = Vec::new();
    for (who, way, tip) in naming(1, TIPS, &people) {
        let found = matchers[who].find(&tip.folded(), day());
        let answer = found.answer(&BTreeSet::new());
        *by_way.entry((way, answer)).or_default() += 1;
        if answer < Answer::Possible {
            missed.push((&people[who].names[0], way, tip));
        }
    }
    assert!(missed.is_empty(), "{} missed: {missed:?}", missed.len());
    let certain = by_way[&(Way::Subject, Answer::Certain)];
    assert_eq!(
        certain,
        TIPS.div_ceil(Way::ALL.len()),
        "a whole subject leaves no question: {by_way:?}"
    );
}

#[test]
fn fewer_than_one_in_five_hundred_tips_that_name_nobody_is_kept_from_anybody() {
    let people = people();
    let matchers: Vec<_> = people.iter().map(Matcher::new).collect();
    let mut held = Vec::new();
    for tip in not_naming(2, TIPS, &people) {
        let text = tip.folded();
        let keeps = |matcher: &Matcher| {
            matcher.find(&text, day()).answer(&BTreeSet::new()) >= Answer::Possible
        };
        if matchers.iter().any(keeps) {
            held.push(tip);
        }
    }
    eprintln!("{} of {TIPS} held", held.len());
    assert!(held.len() * 500 < TIPS, "{} held: {held:?}", held.len());
}
