//! The walls between the parts, as `src/ARCHITECTURE.md` says them.

mod size;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each part uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between backticks in a cell of a table.
fn quoted(cell: &str) -> BTreeSet<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The table under `heading`: the first cell's name, and the names in the last.
fn written(heading: &str) -> Uses {
    let text = std::fs::read_to_string(root().join("src/ARCHITECTURE.md")).expect("the map");
    let part = text.split(&format!("\n{heading}\n")).nth(1);
    let part = part.unwrap_or_else(|| panic!("no heading {heading}"));
    let part = part.split("\n#").next().unwrap_or_default();
    let lines = part.lines().filter(|line| line.starts_with("| `"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            let name = quoted(cells[0]).pop_first().expect("a name");
            let last = cells.last().expect("a last cell");
            (name.trim_start_matches("src/").to_owned(), quoted(last))
        })
        .collect()
}

/// What the manifests of the crates say that each uses of the others.
fn crates() -> Uses {
    let read = |path: &Path| -> toml::Table {
        let text = std::fs::read_to_string(path).expect("a manifest");
        text.parse().expect("TOML")
    };
    let workspace = read(&root().join("Cargo.toml"));
    let members = workspace["workspace"]["members"]
        .as_array()
        .expect("a list");
    members
        .iter()
        .map(|member| {
            let folder = member.as_str().expect("a folder");
            let manifest = read(&root().join(folder).join("Cargo.toml"));
            let mut uses = BTreeSet::new();
            for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let entries = manifest.get(table).and_then(toml::Value::as_table);
                let names = entries.into_iter().flat_map(toml::Table::keys);
                uses.extend(
                    names.filter_map(|name| Some(name.strip_prefix("mifeng-")?.to_owned())),
                );
            }
            (folder.trim_start_matches("src/").to_owned(), uses)
        })
        .collect()
}

/// Every arrow, so that a failure names the ones that differ.
fn arrows(uses: &Uses) -> BTreeSet<String> {
    uses.iter()
        .flat_map(|(from, to)| to.iter().map(move |to| format!("{from} -> {to}")))
        .collect()
}

fn same(heading: &str, found: &Uses) {
    let written = written(heading);
    let named = |uses: &Uses| uses.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(named(found), named(&written), "the parts under {heading}");
    let (found, written) = (arrows(found), arrows(&written));
    let new: Vec<_> = found.difference(&written).collect();
    let gone: Vec<_> = written.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "under {heading}: not in the table {new:?}, not in the code {gone:?}"
    );
}

/// What each room of triage uses of the others, but for its unit tests. Files beside the rooms are one more, without a name.
fn rooms() -> Uses {
    let triage = root().join("src/triage");
    let mut uses = Uses::new();
    let mut files = Vec::new();
    sources(&triage, &mut files);
    for path in files {
        let inside = path.strip_prefix(&triage).expect("found there");
        let mut parts = inside.iter().map(|part| part.to_string_lossy());
        let first = parts.next().expect("a name");
        let room = if parts.next().is_some() { &first } else { "" };
        let text = std::fs::read_to_string(&path).expect("a source");
        let code = text.split("#[cfg(test)]\nmod tests {").next();
        let lines = code.unwrap_or_default().lines();
        let lines = lines.map(|line| line.split("//").next().unwrap_or_default());
        let of_room = uses.entry(room.to_owned()).or_default();
        for line in lines {
            let named = line.split("crate::").skip(1);
            let letters = |rest: &str| -> String {
                let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
                rest[..end.unwrap_or(rest.len())].to_owned()
            };
            assert!(
                !line.contains("crate::{"),
                "{}: name each room in a line of its own",
                inside.display()
            );
            of_room.extend(
                named
                    .map(letters)
                    .filter(|name| !name.is_empty() && name != room),
            );
        }
    }
    uses
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The rooms that can be reached from `from`, and so must not use it.
fn reached(uses: &Uses, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from.to_owned()];
    while let Some(room) = next.pop() {
        for used in uses.get(&room).into_iter().flatten() {
            if reached.insert(used.clone()) {
                next.push(used.clone());
            }
        }
    }
    reached
}

#[test]
fn the_rooms_of_triage_use_each_other_as_the_table_says() {
    let mut rooms = rooms();
    rooms.remove("");
    let cores = std::fs::read_to_string(root().join("src/triage/cores.rs")).expect("a source");
    assert!(
        !cores.contains("crate::"),
        "any room may use it, so it uses none"
    );
    for uses in rooms.values_mut() {
        uses.remove("cores");
    }
    same("### The rooms of triage", &rooms);
}

#[test]
fn no_room_of_triage_is_reached_from_itself() {
    let rooms = rooms();
    let circles: Vec<&String> = rooms
        .keys()
        .filter(|room| reached(&rooms, room).contains(*room))
        .collect();
    assert!(circles.is_empty(), "in a circle: {circles:?}");
}

#[test]
fn a_circle_is_found_where_there_is_one() {
    let uses = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let circle = Uses::from([
        ("a".to_owned(), uses(&["b"])),
        ("b".to_owned(), uses(&["c"])),
        ("c".to_owned(), uses(&["a"])),
        ("d".to_owned(), uses(&["a"])),
    ]);
    assert!(reached(&circle, "a").contains("a"));
    assert!(!reached(&circle, "d").contains("d"));
}

#[test]
fn the_crates_use_each_other_as_the_table_says() {
    same("## The crates", &crates());
}

#[test]
fn what_runs_on_the_public_host_reaches_nothing_that_opens() {
    let reached = reached(&crates(), "intake");
    assert!(
        reached.contains("sealing"),
        "the look is blind: {reached:?}"
    );
    for opens in ["opening", "triage", "operator", "similarity"] {
        assert!(
            !reached.contains(opens),
            "intake reaches {opens}: {reached:?}"
        );
    }
}

/// Documents that name files of the tree.
const DOCUMENTS: [&str; 10] = [
    "README.md",
    "deploy/CHANGELOG.md",
    "deploy/HANDBOOK.md",
    "deploy/HANDBOOK.zh.md",
    "deploy/OPERATING.md",
    "src/ARCHITECTURE.md",
    "src/GLOSSARY.md",
    "src/SECURITY.md",
    "tests/README.md",
    "tests/vectors/README.md",
];

#[test]
fn what_the_documents_name_is_there() {
    let mut gone = Vec::new();
    let mut named = 0;
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(root().join(document)).expect("a document");
        assert_eq!(
            text.matches('`').count() % 2,
            0,
            "{document}: an odd backtick"
        );
        let places = text.split('`').skip(1).step_by(2).filter(|place| {
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./".contains(letter);
            place.contains('/') && place.chars().all(plain) && !place.starts_with('/')
        });
        for place in places {
            let first = place.split('/').next().unwrap_or_default();
            let of_top = ["src", "tests", "deploy", "migrations"].contains(&first);
            // The glossary names what stands under `src`.
            let of_source = document == "src/GLOSSARY.md" && Path::new(place).extension().is_some();
            // A name that stands for others is in capitals.
            if !(of_top || of_source) || place.contains("SERVICE") {
                continue;
            }
            named += 1;
            let from = if of_top { "" } else { "src" };
            if !root().join(from).join(place).exists() {
                gone.push(format!("{document}: {place}"));
            }
        }
    }
    assert!(named > 100, "the look is blind: {named}");
    assert!(gone.is_empty(), "{gone:#?}");
}
