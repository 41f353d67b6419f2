//! Headers, each once: a second one that contradicts the first is read one way by a browser and another by what stands
//! between.

use reqwest::header::{HeaderMap, SET_COOKIE};
use std::collections::BTreeSet;

/// Fails where an answer from `place` has a header twice, or two cookies of one name.
pub fn once_each(headers: &HeaderMap, place: &str) {
    for name in headers.keys() {
        let values: Vec<_> = headers.get_all(name).iter().collect();
        if name == SET_COOKIE {
            let names = values.iter().map(|value| {
                let value = value.to_str().expect("ASCII");
                value.split('=').next().unwrap_or_default()
            });
            let distinct: BTreeSet<_> = names.collect();
            assert_eq!(distinct.len(), values.len(), "{place}: {values:?}");
        } else {
            assert_eq!(values.len(), 1, "{place}: {name} {values:?}");
        }
    }
}

/// The same for a mail: the lines of its head, unfolded.
pub fn once_each_in_mail(head: &str) {
    let mut seen = BTreeSet::new();
    for line in head.lines() {
        let (name, _) = line.split_once(": ").expect("a header");
        let name = name.to_ascii_lowercase();
        assert!(seen.insert(name), "twice: {line}");
    }
}

#[test]
#[should_panic(expected = "cache-control")]
fn a_header_that_stands_twice_is_found() {
    let mut headers = HeaderMap::new();
    for value in ["no-store", "public"] {
        headers.append("cache-control", value.parse().expect("ASCII"));
    }
    once_each(&headers, "here");
}
