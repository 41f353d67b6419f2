//! Tests of `index.rs`.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The case that came on the `n`th day.
fn filed(n: u8, part: Part, text: &str) -> Filed {
    let mut id = [0; 16];
    id[15] = n;
    Filed {
        case: CaseId(id),
        day: Day::from_number(20_000 + i32::from(n)).expect("a day"),
        texts: vec![Text::new(part, text.to_owned())],
    }
}

fn index(texts: &[(u8, Part, &str)]) -> Index {
    let mut index = Index::default();
    for (n, part, text) in texts {
        index.add(filed(*n, *part, text));
    }
    index
}

fn found(index: &Index, typed: &str) -> Vec<u8> {
    let query = Query::parse(typed).expect("words");
    let (found, _) = index.find(&query, 0, 10, |_| true);
    found.iter().map(|one| one.case.0[15]).collect()
}

#[test]
fn phrases_and_words_are_found_whole() {
    let index = index(&[
        (1, Part::Tip, "王老师周六补课收费"),
        (2, Part::Tip, "补课后收费，教课认真"),
        (3, Part::Tip, "The teacher asked for 200 yuan"),
        (1, Part::Paper, "与 Teacher 面谈"),
    ]);
    assert_eq!(found(&index, "补课"), [2, 1], "the latest first");
    assert_eq!(
        found(&index, "補課收费"),
        [1],
        "a phrase, not its pairs alone"
    );
    assert_eq!(found(&index, "teacher"), [3, 1]);
    assert_eq!(found(&index, "teach"), [] as [u8; 0], "words, not parts");
    assert_eq!(found(&index, "200"), [3]);
    assert_eq!(found(&index, "收"), [2, 1], "a single character");
    assert_eq!(found(&index, "teacher 补课"), [1], "in different parts");
    assert_eq!(found(&index, "钢琴"), [] as [u8; 0]);
    let query = Query::parse("teacher 补课").expect("words");
    let (found, _) = index.find(&query, 0, 10, |_| true);
    assert_eq!(found[0].parts, [Part::Tip, Part::Paper]);
}

#[test]
fn what_speaks_of_another_case_is_found_by_whoever_sees_both() {
    let mut index = index(&[(1, Part::Tip, "王老师周六补课")]);
    let id = |last: u8| CaseId(std::array::from_fn(|at| if at == 15 { last } else { 0 }));
    let reason = Text::new(Part::History, "与芙蓉苑那件相同".to_owned());
    index.add(Filed {
        texts: vec![Text {
            about: Some(id(2)),
            ..reason
        }],
        ..filed(1, Part::History, "")
    });
    let found = |typed: &str, seen: &[u8]| {
        let query = Query::parse(typed).expect("words");
        let (found, _) = index.find(&query, 0, 10, |case| seen.contains(&case.0[15]));
        found.into_iter().next().map(|one| one.parts)
    };
    assert_eq!(found("芙蓉苑", &[1, 2]), Some(vec![Part::History]));
    let both = Some(vec![Part::Tip, Part::History]);
    assert_eq!(found("芙蓉苑 补课", &[1, 2]), both);
    assert_eq!(found("芙蓉苑", &[1]), None);
    assert_eq!(found("芙蓉苑 补课", &[1]), None);
    assert_eq!(found("补课", &[1]), Some(vec![Part::Tip]));
}

#[test]
fn what_is_destroyed_is_found_no_more() {
    let mut index = index(&[(1, Part::Tip, "芙蓉苑补课"), (2, Part::Tip, "补课收费")]);
    let mut id = [0; 16];
    id[15] = 1;
    index.forget(&[CaseId(id)]);
    assert_eq!(found(&index, "补课"), [2]);
    assert_eq!(found(&index, "芙"), [] as [u8; 0]);
    let tokens = index.tokens.of(&mifeng_names::Folded::of("芙蓉苑"));
    assert!(
        tokens
            .iter()
            .all(|token| !index.postings.contains_key(token))
    );
}

proptest! {
    #[test]
    fn an_index_that_forgot_cases_is_one_that_never_had_them(
        texts in prop::collection::vec(
            (0_u8..6, "[补课收费，。 a-cA-CéİßﬀⅣ㈱\u{f900}\u{1f600}]{0,24}"),
            1..24,
        ),
        gone in prop::collection::btree_set(0_u8..6, 0..6),
        after in prop::collection::vec((0_u8..6, "[补课收费 a-c]{0,12}"), 0..6),
    ) {
        let mut index = Index::default();
        let mut kept = Index { tokens: index.tokens.clone(), ..Index::default() };
        for (n, text) in &texts {
            index.add(filed(*n, Part::Tip, text));
            if !gone.contains(n) {
                kept.add(filed(*n, Part::Tip, text));
            }
        }
        let cases: Vec<CaseId> = gone.iter().map(|n| filed(*n, Part::Tip, "").case).collect();
        index.forget(&cases);
        for (n, text) in &after {
            index.add(filed(*n, Part::Message, text));
            kept.add(filed(*n, Part::Message, text));
        }
        let lists = |index: &Index| -> BTreeMap<Token, BTreeSet<CaseId>> {
            let case = |slot: &u32| index.cases[*slot as usize].id;
            let lists = index.postings.iter();
            lists.map(|(token, slots)| (*token, slots.iter().map(case).collect())).collect()
        };
        prop_assert_eq!(lists(&index), lists(&kept));
        let ascending = |slots: &Vec<u32>| slots.is_sorted_by(|a, b| a < b);
        prop_assert!(index.postings.values().all(ascending));
        let words = |index: &Index| -> BTreeMap<CaseId, Vec<String>> {
            let of = |slot: &u32| {
                let texts = index.cases[*slot as usize].texts.iter();
                texts.map(|text| text.words.to_string()).collect()
            };
            index.slots.iter().map(|(case, slot)| (*case, of(slot))).collect()
        };
        prop_assert_eq!(words(&index), words(&kept));
    }
}

#[test]
fn pages_follow_each_other_and_skip_what_is_hidden() {
    let texts: Vec<_> = (1..=9).map(|n| (n, Part::Tip, "补课")).collect();
    let index = index(&texts);
    let query = Query::parse("补课").expect("words");
    let odd = |case: CaseId| case.0[15] % 2 == 1;
    let (first, next) = index.find(&query, 0, 3, odd);
    let (second, end) = index.find(&query, next.expect("more"), 3, odd);
    let numbers: Vec<u8> = first
        .iter()
        .chain(&second)
        .map(|one| one.case.0[15])
        .collect();
    assert_eq!((numbers, end), (vec![9, 7, 5, 3, 1], None));
    assert_eq!(next, Some(3), "nothing tells of what was skipped");
}
