//! `mifeng similarity`: what it takes, what it writes, and what it says of files that it cannot use.

use super::{mifeng_ok, mifeng_refuses};
use crate::similarity::quality::lines;
use serde_json::json;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

fn run(folder: &Path, command: &str) -> String {
    mifeng_ok(folder, &arguments(command))
}

fn refuses(folder: &Path, command: &str) -> String {
    mifeng_refuses(folder, &arguments(command))
}

fn arguments(command: &str) -> Vec<&str> {
    ["similarity"]
        .into_iter()
        .chain(command.split(' '))
        .collect()
}

const GENERATE: &str = "generate --seed 4 --incidents 30 --tips tips.jsonl --schools schools.json";
const RUN: &str = "run --tips tips.jsonl --schools schools.json --out said.jsonl";

/// Each tip is compared with those before it only: the file's end changes nothing of its beginning.
#[test]
fn what_comes_later_is_not_known_yet() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), GENERATE);
    run(folder.path(), RUN);
    let said = lines(&folder.path().join("said.jsonl"));
    let names = said
        .iter()
        .map(|line| line["tip"].as_str().expect("a name"));
    let places: HashMap<&str, usize> = names.zip(0..).collect();
    for (place, line) in said.iter().enumerate() {
        let candidates = line["candidates"].as_array().expect("a list");
        assert!(candidates.iter().all(|one| {
            places[one[0].as_str().expect("a name")] < place
                && (0.0..=1.0).contains(&one[1].as_f64().expect("a score"))
        }));
        assert_eq!(line["suggest"] == true, line["tier"] == "same", "{line}");
    }
    assert!(said.iter().any(|line| line["suggest"] == true));
}

#[test]
fn weights_are_made_anew_and_used() {
    let folder = tempfile::tempdir().expect("a folder");
    run(folder.path(), GENERATE);
    let train = "train --tips tips.jsonl --schools schools.json --out weights.toml --version mine";
    assert!(run(folder.path(), train).contains(" pairs, "));
    let weights = fs::read_to_string(folder.path().join("weights.toml")).expect("written");
    assert!(weights.contains("version = \"mine\"") && weights.contains("SchoolAndPerson"));
    run(folder.path(), &format!("{RUN} --weights weights.toml"));
    let mine = lines(&folder.path().join("said.jsonl"));
    assert!(mine.iter().any(|line| line["suggest"] == true));
    // Nothing is the same for weights that ask for more than there can be.
    let strict = weights.lines().map(|line| match line.split_once(" = ") {
        Some(("same_from", _)) => "same_from = 1.0\n".to_owned(),
        _ => format!("{line}\n"),
    });
    let strict: String = strict.collect();
    fs::write(folder.path().join("strict.toml"), strict).expect("our own folder");
    run(folder.path(), &format!("{RUN} --weights strict.toml"));
    let none = lines(&folder.path().join("said.jsonl"));
    assert!(none.iter().all(|line| line["suggest"] == false));
}

#[test]
fn the_bench_says_what_it_did() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = run(folder.path(), "bench --tips 400 --queries 20");
    for words in ["400", "p50", "p99", "MiB"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// The line is named and not repeated: it is somebody's tip.
#[test]
fn a_file_that_cannot_be_used_is_told_by_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = json!({"tip": "a", "submitted": "2024-03-01", "text": "老师补课"}).to_string();
    for (bad, told) in [
        ("{\"tip\": \"b\", \"text\": \"密语\"}", "line 2"),
        ("密语", "line 2"),
        (
            "{\"tip\": \"b\", \"submitted\": \"密语\", \"text\": \"密语\"}",
            "YYYY-MM-DD",
        ),
        (good.as_str(), "same \"tip\""),
    ] {
        let tips = format!("{good}\n{bad}\n");
        fs::write(folder.path().join("tips.jsonl"), tips).expect("our own folder");
        let said = refuses(folder.path(), "run --tips tips.jsonl --out said.jsonl");
        assert!(said.contains("tips.jsonl") && said.contains(told), "{said}");
        assert!(!said.contains("密语"), "{said}");
        assert!(!folder.path().join("said.jsonl").exists());
    }
    fs::write(folder.path().join("tips.jsonl"), good).expect("our own folder");
    let twice = json!([{"full": "东坡小学"}, {"full": "东坡小学"}]).to_string();
    for (list, told) in [
        (twice.as_str(), "东坡小学"),
        ("[{\"full\": \"\"}]", "has no name"),
    ] {
        fs::write(folder.path().join("schools.json"), list).expect("our own folder");
        let said = refuses(folder.path(), RUN);
        assert!(
            said.contains("schools.json") && said.contains(told),
            "{said}"
        );
    }
}
