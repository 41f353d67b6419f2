//! What was found in the files of a form, in words: what was taken out of each, and what is still in it.

use super::words::words;
use mifeng_foundation::words::Language;
use mifeng_metadata::{Outcome, Report};
use std::collections::BTreeMap;

/// Longest list of one file that comes back with a form: ten things and a reason.
const KEYS_MAX: usize = 16;

/// By a file's id, the keys of what is said of it: `removed-position`, `left-date`, `could-not-encrypted`.
pub type Findings = BTreeMap<String, Vec<String>>;

/// The keys of a report.
pub fn keys(report: &Report) -> Vec<String> {
    let found = report.found.iter().map(|finding| {
        let fate = if finding.removed { "removed" } else { "left" };
        format!("{fate}-{}", finding.what.key())
    });
    let reason = match report.outcome {
        Outcome::CouldNot(reason) => Some(format!("could-not-{}", reason.key())),
        Outcome::Cleaned | Outcome::NothingFound => None,
    };
    found.chain(reason).collect()
}

/// The sentence about one file.
pub fn sentence(language: Language, keys: &[String]) -> String {
    let words = words(language);
    let if_known = |key: &str| words.has(key).then(|| words.say(key));
    let things = |fate: &str| -> Vec<String> {
        let keys = keys.iter().take(KEYS_MAX);
        let whats = keys.filter_map(|key| key.strip_prefix(fate));
        whats
            .filter_map(|what| if_known(&format!("metadata-{what}")))
            .collect()
    };
    let listed = |key: &str, fate: &str| {
        let names = things(fate);
        let list = names.join(&words.say("metadata-separator"));
        (!names.is_empty()).then(|| words.say_with(key, &[("list", list.as_str())]))
    };
    let reason = keys.iter().take(KEYS_MAX).find_map(|key| {
        let reason = key.strip_prefix("could-not-")?;
        if_known(&format!("metadata-why-{reason}"))
    });
    let parts: Vec<String> = [
        listed("metadata-removed", "removed-"),
        listed("metadata-left", "left-"),
        reason,
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        words.say("metadata-nothing")
    } else {
        parts.join(&words.say("metadata-space"))
    }
}
