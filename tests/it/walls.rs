//! The walls between the parts, as `src/ARCHITECTURE.md` says them.

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

#[test]
fn the_crates_use_each_other_as_the_table_says() {
    same("## The crates", &crates());
}

#[test]
fn what_runs_on_the_public_host_reaches_nothing_that_opens() {
    let crates = crates();
    let mut reached = BTreeSet::from(["intake".to_owned()]);
    while let Some(next) = reached
        .iter()
        .flat_map(|name| &crates[name])
        .find(|name| !reached.contains(*name))
    {
        reached.insert(next.clone());
    }
    for opens in ["opening", "triage", "operator", "similarity"] {
        assert!(
            !reached.contains(opens),
            "intake reaches {opens}: {reached:?}"
        );
    }
}
