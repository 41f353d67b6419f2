//! No object knows everything, no type reaches into another room, and no file or function is too long to be read at once.

use super::{crates, root, sources};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Most lines of a source file; tests may have more.
const OF_A_FILE: usize = 300;
/// Most lines of a function, without comments and empty ones.
const OF_A_FUNCTION: usize = 60;

/// The methods of each type and trait of our own, by the crate or the room of triage in which each stands.
#[derive(Default)]
struct Methods {
    /// Where each type of triage is defined, by its name.
    homes: BTreeMap<String, BTreeSet<String>>,
    /// The names of traits.
    traits: BTreeSet<String>,
    /// How many methods stand in which place, by type or trait.
    counts: BTreeMap<(String, String), usize>,
}

/// The name of the type of which `line` begins the methods, or of the trait that it declares.
fn has_methods(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("impl").or_else(|| {
        let (seen, rest) = line.split_once("trait ")?;
        (seen.is_empty() || seen.starts_with("pub")).then_some(rest)
    })?;
    if line.contains(" for ") {
        return None;
    }
    let rest = match rest.strip_prefix('<') {
        Some(generic) => generic.split_once("> ")?.1,
        None => rest.trim_start(),
    };
    rest.split(|letter: char| !letter.is_alphanumeric()).next()
}

fn methods_under(folder: &str) -> Methods {
    let folder = root().join(folder);
    let mut files = Vec::new();
    sources(&folder, &mut files);
    let mut methods = Methods::default();
    for path in files {
        let inside = path.strip_prefix(&folder).expect("found there");
        // The files beside the rooms are one more, without a name.
        let room = inside.parent().and_then(|room| room.iter().next());
        let room = room.unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(&path).expect("a source");
        let mut of = None;
        for line in text.lines() {
            for kind in ["struct ", "enum "] {
                let defined = line.split_once(kind);
                let defined =
                    defined.filter(|(seen, _)| seen.is_empty() || seen.starts_with("pub"));
                if let Some((_, rest)) = defined {
                    let name = rest.split(|letter: char| !letter.is_alphanumeric()).next();
                    let name = name.unwrap_or_default().to_owned();
                    methods
                        .homes
                        .entry(name)
                        .or_default()
                        .insert(room.clone().into_owned());
                }
            }
            if !line.starts_with([' ', '}']) && !line.is_empty() {
                of = has_methods(line);
                let is_trait = !line.starts_with("impl");
                let of_trait = of.filter(|_| is_trait).map(str::to_owned);
                methods.traits.extend(of_trait);
            }
            let inside = line
                .strip_prefix("    ")
                .filter(|rest| !rest.starts_with(' '));
            let is_method =
                inside.is_some_and(|rest| rest.contains("fn ") && !rest.starts_with('/'));
            if let Some(of) = of.filter(|_| is_method) {
                let key = (of.to_owned(), room.clone().into_owned());
                *methods.counts.entry(key).or_default() += 1;
            }
        }
    }
    methods
}

#[test]
fn no_type_of_triage_has_methods_in_another_room() {
    // A method that stands in a higher room is called from lower ones without an import that would tell.
    let methods = methods_under("src/triage");
    let away = methods.counts.keys().filter(|(of, room)| {
        let homes = methods.homes.get(of);
        homes.is_some_and(|homes| !homes.contains(room))
    });
    let away: Vec<_> = away.collect();
    assert!(away.is_empty(), "{away:?}");
    assert!(methods.counts.len() > 100, "the look is blind");
}

#[test]
fn no_object_knows_everything() {
    /// Most methods that a type may have.
    const OF_A_TYPE: usize = 40;
    /// Most methods that a trait may ask for.
    const OF_A_TRAIT: usize = 25;
    /// Types that are larger still, with how many methods each may have: they are to become smaller, and never grow.
    const LARGER: [(&str, usize); 3] = [("CasePage", 58), ("Office", 54), ("Page", 81)];
    for (name, _) in crates().into_iter().filter(|(name, _)| !name.is_empty()) {
        let methods = methods_under(&format!("src/{name}"));
        let mut all: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for ((of, room), count) in &methods.counts {
            // Where several rooms have a type of one name, each is one of its own.
            let homes = methods.homes.get(of).map_or(0, BTreeSet::len);
            let room = if homes > 1 { room } else { "" };
            *all.entry((of, room)).or_default() += count;
        }
        let large: Vec<_> = all
            .iter()
            .filter(|((of, _), count)| {
                let larger = LARGER
                    .iter()
                    .find(|(larger, _)| name == "triage" && larger == of);
                let is_trait = methods.traits.contains(*of);
                let most = if is_trait { OF_A_TRAIT } else { OF_A_TYPE };
                **count > larger.map_or(most, |(_, most)| *most)
            })
            .collect();
        assert!(large.is_empty(), "{name}: {large:?}");
    }
    let seen = methods_under("src/triage");
    assert!(seen.traits.contains("TriageStore"), "the look is blind");
    let office: usize = seen
        .counts
        .iter()
        .filter(|((of, _), _)| of == "Office")
        .map(|(_, count)| count)
        .sum();
    assert!(office > 10, "the look is blind: {office}");
}

fn typescript(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            typescript(&path, found);
        } else if path.extension().is_some_and(|it| it == "ts") {
            found.push(path);
        }
    }
}

#[test]
fn a_file_is_read_at_once() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    typescript(&root().join("src/intake/web/script/src"), &mut files);
    assert!(files.len() > 500, "the look is blind: {}", files.len());
    let long = files.iter().filter_map(|path| {
        let lines = std::fs::read_to_string(path)
            .expect("a source")
            .lines()
            .count();
        (lines > OF_A_FILE).then(|| format!("{}: {lines}", path.display()))
    });
    let long: Vec<_> = long.collect();
    assert!(long.is_empty(), "{long:#?}");
}

/// The functions of a source that are too long, each with its line. Formatted code closes a function where it began.
fn long_functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let is_comment = code.starts_with("//");
        let begins = code.starts_with("fn ") || code.contains(" fn ") && !code.contains('"');
        if is_comment || !begins {
            continue;
        }
        let indent = &line[..line.len() - code.len()];
        let rest = lines[at..].iter();
        let mut body = rest.skip_while(|line| !line.ends_with(['{', ';', '}']));
        if !body.next().is_some_and(|line| line.ends_with('{')) {
            continue;
        }
        let end = format!("{indent}}}");
        let body = body.take_while(|line| **line != end);
        let counted = body.filter(|line| {
            let code = line.trim_start();
            !code.is_empty() && !code.starts_with("//")
        });
        let count = counted.count();
        if count > OF_A_FUNCTION {
            long.push((at + 1, count));
        }
    }
    long
}

#[test]
fn a_function_is_read_at_once() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let long = files.iter().flat_map(|path| {
        let text = std::fs::read_to_string(path).expect("a source");
        let long = long_functions(&text).into_iter();
        long.map(move |(line, count)| format!("{}:{line}: {count}", path.display()))
    });
    let long: Vec<_> = long.collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn a_long_function_is_found() {
    let function = |lines: usize| {
        let body = "        // Why.\n\n        step();\n".repeat(lines);
        format!(
            "impl Some {{\n    pub async fn one(\n        &self,\n    ) -> u8 {{\n{body}    }}\n}}\n"
        )
    };
    assert_eq!(long_functions(&function(OF_A_FUNCTION)), []);
    let found = long_functions(&function(OF_A_FUNCTION + 1));
    assert_eq!(found, [(2, OF_A_FUNCTION + 1)]);
}
