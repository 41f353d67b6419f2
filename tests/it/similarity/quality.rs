//! How well the tool does on the committed set of invented tips.

use crate::operator::mifeng_ok;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/similarity");

pub(crate) fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("a file of lines");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect()
}

/// Precision, recall and F1 of what is proposed as the same.
fn links(truth: &[Value], said: &[Value]) -> (f64, f64, f64) {
    assert_eq!(truth.len(), said.len());
    let incident: HashMap<&str, &Value> = truth
        .iter()
        .map(|tip| (tip["tip"].as_str().expect("a name"), &tip["incident"]))
        .collect();
    let mut seen: HashSet<String> = HashSet::new();
    let (mut mates, mut suggested, mut right) = (0_u32, 0_u32, 0_u32);
    for (tip, line) in truth.iter().zip(said) {
        mates += u32::from(!seen.insert(tip["incident"].to_string()));
        if line["suggest"] == true {
            suggested += 1;
            let first = line["candidates"][0][0]
                .as_str()
                .expect("a suggestion has a candidate");
            right += u32::from(incident[first] == &tip["incident"]);
        }
    }
    let (precision, recall) = (
        f64::from(right) / f64::from(suggested),
        f64::from(right) / f64::from(mates),
    );
    let f1 = 2.0 * precision * recall / (precision + recall);
    (precision, recall, f1)
}

/// F1 of every two that are at least as likely the same as not, floods apart.
fn pairs(truth: &[Value], said: &[Value]) -> f64 {
    let alone = truth.iter().filter(|tip| tip["campaign"].is_null());
    let incident: HashMap<&str, &Value> = alone
        .map(|tip| (tip["tip"].as_str().expect("a name"), &tip["incident"]))
        .collect();
    let mut before: HashMap<String, u32> = HashMap::new();
    let (mut mates, mut found, mut right) = (0_u32, 0_u32, 0_u32);
    for line in said {
        let Some(own) = incident.get(line["tip"].as_str().expect("a name")) else {
            continue;
        };
        let seen = before.entry(own.to_string()).or_default();
        mates += *seen;
        *seen += 1;
        for candidate in line["candidates"].as_array().expect("candidates") {
            let other = incident.get(candidate[0].as_str().expect("a name"));
            let is_found = other.is_some() && candidate[1].as_f64() >= Some(0.5);
            found += u32::from(is_found);
            right += u32::from(is_found && other == Some(own));
        }
    }
    2.0 * f64::from(right) / f64::from(found + mates)
}

#[test]
fn invented_tips_are_linked_and_floods_are_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let (tips, schools) = (
        format!("{SAMPLES}/tips.jsonl"),
        format!("{SAMPLES}/schools.json"),
    );
    let arguments = [
        "similarity",
        "run",
        "--tips",
        &tips,
        "--schools",
        &schools,
        "--out",
        "out.jsonl",
    ];
    mifeng_ok(folder.path(), &arguments);
    let truth = lines(Path::new(&tips));
    let said = lines(&folder.path().join("out.jsonl"));
    for (tip, line) in truth.iter().zip(&said) {
        let is_flood = !tip["campaign"].is_null();
        assert_eq!(is_flood, !line["campaign"].is_null(), "{line}");
    }
    let (precision, recall, f1) = links(&truth, &said);
    assert!(
        f1 >= 0.9,
        "link precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}"
    );
    let pairs = pairs(&truth, &said);
    assert!(pairs >= 0.9, "F1 of pairs {pairs:.3}");
}

/// Invented by another seed than what the weights were trained on.
#[test]
fn invented_messages_of_citizens_are_linked() {
    let folder = tempfile::tempdir().expect("a folder");
    let invent = "similarity generate --seed 77 --incidents 500 --tips tips.jsonl";
    let run = "similarity run --tips tips.jsonl --out out.jsonl";
    for command in [invent, run] {
        let arguments: Vec<&str> = command.split(' ').collect();
        mifeng_ok(folder.path(), &arguments);
    }
    let [truth, said] = ["tips.jsonl", "out.jsonl"].map(|name| lines(&folder.path().join(name)));
    let (precision, recall, f1) = links(&truth, &said);
    assert!(
        f1 >= 0.85,
        "link precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}"
    );
}
