//! Visibility: what is shown of cases is made of what the viewer may see. The whole caseload is not for pages.

use std::collections::BTreeMap;
use std::path::Path;

/// Files of the rooms that show something, which look at the whole caseload all the same, and why none of it is shown.
const WHOLE_CASELOAD: [(&str, &str); 21] = [
    (
        "administration/accounts.rs",
        "whether a member holds a key: for giving and taking keys",
    ),
    ("casework/destroying.rs", "what was destroyed is forgotten"),
    (
        "casework/joining.rs",
        "whether two that the actor sees were held apart",
    ),
    (
        "casework/naming.rs",
        "whom the tips of cases that the viewer sees may name",
    ),
    (
        "casework/on_record.rs",
        "why somebody was refused, for the audit log; which lock it takes",
    ),
    (
        "casework/recusing.rs",
        "whom a case goes to, by the cases that all may see",
    ),
    (
        "casework/storing.rs",
        "what was stored is put into the caseload",
    ),
    (
        "casework/tasks.rs",
        "which case a task is in, of one that the actor sees",
    ),
    (
        "ingest/attachments.rs",
        "which case a file that came belongs to",
    ),
    (
        "ingest/new_case.rs",
        "whom a new case goes to, by the cases that all may see; it is put into the caseload",
    ),
    ("ingest/passing.rs", "which case goes to the office above"),
    (
        "ingest/reply.rs",
        "which case words of a reporter belong to; they are put into the caseload",
    ),
    (
        "ingest/typing_in.rs",
        "the number of what was typed in twice under one code",
    ),
    (
        "ingest/unproven.rs",
        "what was stored is put into the caseload",
    ),
    ("jobs/destroying.rs", "which cases were kept long enough"),
    ("jobs/overdue.rs", "which cases are late"),
    ("jobs/passing.rs", "which cases nobody here may handle"),
    ("jobs/renewing.rs", "the index of sketches is made anew"),
    (
        "notify/daily.rs",
        "how many are late for long, for the office above",
    ),
    (
        "views/own.rs",
        "while the office is locked, it fills a caseload of the viewer's own cases",
    ),
    (
        "views/search.rs",
        "while the office is locked, the viewer's own cases, which her key opened",
    ),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("the sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.display().to_string();
            let name = name
                .split("src/triage/")
                .nth(1)
                .expect("of triage")
                .to_owned();
            found.push((name, std::fs::read_to_string(&path).expect("UTF-8")));
        }
    }
}

#[test]
fn pages_and_mails_get_cases_through_one_door() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/triage");
    let mut files = Vec::new();
    for room in [
        "administration",
        "ingest",
        "jobs",
        "casework",
        "views",
        "web",
        "notify",
        "feed",
        "ledger",
        "oversight",
    ] {
        sources(&root.join(room), &mut files);
    }
    let mut unfiltered = BTreeMap::new();
    for (name, text) in &files {
        // Split over lines by the formatter.
        let joined: String = text.split_whitespace().collect();
        for way in [
            ".caseload(|",
            ".caseload_mut(|",
            ".caseload(Caseload",
            "caseload.read()",
        ] {
            *unfiltered.entry(name.as_str()).or_insert(0) += joined.matches(way).count();
        }
    }
    unfiltered.retain(|_, times| *times > 0);
    for name in unfiltered.keys() {
        let known = WHOLE_CASELOAD.iter().any(|(known, _)| known == name);
        assert!(
            known,
            "{name} looks at the whole caseload: use Office::visible_to, or say here why not"
        );
    }
    for (name, _) in WHOLE_CASELOAD {
        assert!(
            unfiltered.contains_key(name),
            "{name} does so no more: take it off the list"
        );
    }
}
