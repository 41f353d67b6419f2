//! That the list of actions, their forms and the templates belong together.

use super::{CaseAction, ROUTES, is_read};
use proptest::collection::hash_map;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Names of fields, of every form and of none.
fn a_name() -> impl Strategy<Value = String> {
    let known = vec![
        "version",
        "to",
        "mode",
        "told",
        "reason",
        "handler",
        "clock",
        "apart",
        "answer",
        "text",
        "asks",
        "phrase",
        "what",
        "place",
        "file",
        "sha256",
        "with",
        "held",
        "member",
        "due",
        "task",
        "evidence",
        "measures",
        "revisit",
        "addressee",
        "extract",
        "agrees",
        "note",
        "meant",
        "subject",
        "outcome",
        "subject-2",
        "outcome-2",
        "measures-6",
        "answer-",
        "answer-1024",
        "exhibit-",
        "exhibit-00112233445566778899aabbccddeeff",
    ];
    prop_oneof![3 => select(known).prop_map(str::to_owned), 1 => any::<String>()]
}

/// What is typed: anything, and what some field takes.
fn a_text() -> impl Strategy<Value = String> {
    let known = vec![
        "",
        " ",
        "0",
        "-1",
        "9999",
        "99999999999999999999",
        "yes",
        "no",
        "accepted",
        "joint",
        "upheld",
        "2026-02-30",
        "2026-03-01",
        "00112233445566778899aabbccddeeff",
        "00112233",
    ];
    prop_oneof![1 => select(known).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn whatever_is_typed_fills_in_every_form(fields in hash_map(a_name(), a_text(), 0..20)) {
        for action in CaseAction::ALL {
            prop_assert!(is_read(action, &fields), "{action:?}");
        }
    }
}

#[test]
fn an_empty_form_is_a_form() {
    for action in CaseAction::ALL {
        assert!(is_read(action, &HashMap::new()), "{action:?}");
    }
}

#[test]
fn each_action_has_a_word_and_a_route_of_its_own() {
    let words: BTreeSet<_> = CaseAction::ALL.map(CaseAction::word).into();
    assert_eq!(words.len(), CaseAction::ALL.len(), "no two have one word");
    for (action, (method, path)) in CaseAction::ALL.into_iter().zip(ROUTES) {
        let word = action.word();
        assert_eq!(
            (method, path),
            ("post", format!("/{{lang}}/case/{{number}}/{word}").as_str())
        );
        assert_eq!(CaseAction::named(word), Some(action));
    }
    assert_eq!(CaseAction::named("nothing"), None);
}

/// Words to which the page of a case sends forms, by their templates.
fn words_of_the_page() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/templates");
    let mut words = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the templates") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        for address in text.split("action=\"/{{ p.lang }}/case/").skip(1) {
            let address = address.split('"').next().unwrap_or_default();
            let (_number, rest) = address.split_once("}}/").expect("a number and an action");
            if !rest.contains('/') {
                words.insert(rest.to_owned());
            }
        }
    }
    words
}

#[test]
fn the_page_has_a_form_for_each_action_and_for_nothing_else() {
    let words: BTreeSet<String> = CaseAction::ALL
        .map(|action| action.word().to_owned())
        .into();
    assert_eq!(words_of_the_page(), words);
}
