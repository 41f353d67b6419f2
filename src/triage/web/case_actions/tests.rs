//! That the list of actions, their forms and the templates belong together.

use super::{CaseAction, ROUTES, fields_of, is_read};
use proptest::collection::hash_map;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
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

/// Asks a form for the names of its fields, and gives it nothing.
struct Names<'a>(&'a mut Option<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("any name"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = Some(fields);
        Err(Error::custom("nothing"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The names of the fields of a form.
pub(super) fn fields<F: DeserializeOwned>() -> Option<&'static [&'static str]> {
    let mut names = None;
    let _ = F::deserialize(Names(&mut names));
    names
}

/// The forms that the page of a case sends, by their templates: the action of each, and what stands in it.
fn forms_of_the_page() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/templates");
    let mut forms = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the templates") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        for form in text.split("action=\"/{{ p.lang }}/case/").skip(1) {
            let (address, form) = form.split_once('"').expect("an address");
            let (_number, word) = address.split_once("}}/").expect("a number and an action");
            let form = form.split("</form>").next().unwrap_or_default();
            if !word.contains('/') {
                forms.push((word.to_owned(), form.to_owned()));
            }
        }
    }
    forms
}

#[test]
fn what_a_form_of_the_page_sends_is_read() {
    let mut seen = 0;
    for (word, form) in forms_of_the_page() {
        let action = CaseAction::named(&word).expect("an action");
        let Some(fields) = fields_of(action) else {
            continue;
        };
        let written = form.split(" name=\"").skip(1);
        let written = written.filter_map(|part| part.split('"').next());
        // Those that are drawn with what was typed: `form.area("extend", "reason", …)`.
        let drawn = form.split("{{ form.").skip(1);
        let drawn = drawn.filter_map(|part| part.split('"').nth(3));
        for name in written.chain(drawn) {
            assert!(fields.contains(&name), "{word}: {name} is not read");
            seen += 1;
        }
    }
    assert!(seen > 60, "only {seen} fields");
}

#[test]
fn the_page_has_a_form_for_each_action_and_for_nothing_else() {
    let words: BTreeSet<String> = CaseAction::ALL
        .map(|action| action.word().to_owned())
        .into();
    let sent: BTreeSet<String> = forms_of_the_page()
        .into_iter()
        .map(|(word, _)| word)
        .collect();
    assert_eq!(sent, words);
}
