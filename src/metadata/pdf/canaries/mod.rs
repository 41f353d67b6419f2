//! A word in every key of every kind of dictionary that a document may have: as a string, a name, a list, a dictionary, a
//! stream. It is gone from what comes out, or the file is not called clean, or the key is in a short list of those that
//! every viewer shows, or that are said to be unseen in the README.

mod draft;

use super::rules::Data;
use super::strip;
use crate::finding::Outcome;
use draft::{DRAWS, Draft, values, ways};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Read as _;

const WORD: &str = "CANARY-MIFENG";

/// Keys, by the end of their path, that keep what somebody wrote although the file is called clean, and why.
const KEPT: &[(&str, &str)] = &[
    (
        "Outlines/First/Title",
        "every viewer shows it in its sidebar",
    ),
    (
        "Outlines/First/A",
        "the address of a link, which is shown where one points to it",
    ),
    (
        "Annots/A",
        "the address of a link, which is shown where one points to it",
    ),
    (
        "Catalog/OpenAction",
        "the address of a link, which is shown when it is opened",
    ),
    ("CS", "the colours of a table: README, what cannot be seen"),
    (
        "ColorSpace",
        "the colours of a table: README, what cannot be seen",
    ),
    (
        "CIDToGIDMap",
        "numbers of glyphs: README, what cannot be seen",
    ),
    (
        "CIDToGIDMap:data",
        "numbers of glyphs: README, what cannot be seen",
    ),
];

/// Whether the word is anywhere in a file, behind any stream too.
fn has_word(file: &[u8]) -> bool {
    let find = |bytes: &[u8], word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    let words = [
        WORD.as_bytes().to_vec(),
        hex::encode(WORD).into_bytes(),
        hex::encode_upper(WORD).into_bytes(),
    ];
    let mut all = vec![file.to_vec()];
    for start in memchr::memmem::find_iter(file, b"stream\n") {
        let mut plain = Vec::new();
        let packed = &file[start + 7..];
        let _ = flate2::read::ZlibDecoder::new(packed).read_to_end(&mut plain);
        all.push(plain);
    }
    all.iter()
        .any(|bytes| words.iter().any(|word| find(bytes, word)))
}

/// What is wrong with a file, if something is.
fn wrong(file: &[u8]) -> Option<&'static str> {
    let (out, findings, coverage) = strip(file.to_vec());
    let report = findings.settle(coverage.close(file.len())).report();
    if matches!(report.outcome, Outcome::CouldNot(_)) {
        return None;
    }
    if has_word(&out) {
        return Some("the word is in it still");
    }
    let length = out.len();
    let (again, findings, coverage) = strip(out.clone());
    let second = findings.settle(coverage.close(length)).report();
    (again != out || second.outcome != Outcome::NothingFound).then_some("a second time changes it")
}

#[test]
fn a_word_in_any_key_of_any_kind_is_gone_or_told() {
    let (mut tried, mut bad, mut needed) = (0, String::new(), HashSet::new());
    for way in ways() {
        let name = way.name();
        for (key, rule) in way.kind.keys {
            let count = values(rule, &mut Draft::default()).len();
            for number in 0..count {
                let mut draft = Draft::default();
                let value = values(rule, &mut draft)[number].clone();
                let path = format!("{name}/{key}");
                // The skeleton itself hangs on these.
                if matches!(path.as_str(), "Catalog/Pages")
                    || path.starts_with("Catalog/Pages/Kids")
                {
                    continue;
                }
                tried += 1;
                let file = draft.file(&way, &format!("/{key} {value}"), DRAWS);
                let kept = KEPT.iter().find(|(end, _)| path.ends_with(end));
                if let Some(why) = wrong(&file) {
                    if let Some((end, _)) = kept {
                        needed.insert(*end);
                        continue;
                    }
                    writeln!(bad, "{path} {value}: {why}").expect("memory");
                }
            }
        }
        if way.kind.data != Data::None {
            tried += 1;
            let path = format!("{name}:data");
            let kept = KEPT.iter().find(|(end, _)| path.ends_with(end));
            let file = Draft::default().file(&way, "", WORD);
            if let Some(why) = wrong(&file) {
                if let Some((end, _)) = kept {
                    needed.insert(*end);
                    continue;
                }
                writeln!(bad, "{path}: {why}").expect("memory");
            }
        }
    }
    println!("{tried} files");
    assert!(tried > 2_000, "{tried}");
    assert!(bad.is_empty(), "\n{bad}");
    for (end, why) in KEPT {
        assert!(
            needed.contains(end),
            "{end} ({why}) is in the list, and keeps nothing"
        );
    }
}
