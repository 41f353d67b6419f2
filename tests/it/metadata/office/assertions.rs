//! What must hold of every Office file that was written.

use mifeng_metadata::{Finding, Report, What};

fn is_called(name: &str, ending: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, found)| found == ending)
}

pub(super) fn part(parts: &[(String, Vec<u8>)], name: &str) -> String {
    let found = parts.iter().find(|(found, _)| found == name);
    let (_, content) = found.unwrap_or_else(|| panic!("{name} is there"));
    String::from_utf8_lossy(content).into_owned()
}

/// Every part is named by a relation, has a type, and every relation leads somewhere: a file as programs open it without
/// repair.
pub(in crate::metadata) fn assert_whole(parts: &[(String, Vec<u8>)]) {
    let types = part(parts, "[Content_Types].xml");
    for (name, content) in parts {
        assert!(
            name == "[Content_Types].xml"
                || is_called(name, "rels")
                || types.contains(&format!("PartName=\"/{name}\"")),
            "{name} has a type"
        );
        let text = String::from_utf8_lossy(content);
        if is_called(name, "xml") || is_called(name, "rels") {
            let mut reader = quick_xml::NsReader::from_str(&text);
            loop {
                match reader.read_resolved_event().expect("well-formed") {
                    (quick_xml::name::ResolveResult::Unknown(prefix), _) => {
                        panic!("{name}: {prefix:?} is not declared")
                    }
                    (_, quick_xml::events::Event::Eof) => break,
                    _ => {}
                }
            }
        }
        let Some(of) = name.strip_suffix(".rels") else {
            continue;
        };
        let (folder, of) = of.rsplit_once("_rels/").expect("a folder of relations");
        let source = format!("{folder}{of}");
        assert!(
            of.is_empty() || parts.iter().any(|(name, _)| *name == source),
            "{name} is of a part"
        );
        for relation in text.split("<Relationship ").skip(1) {
            let value = |key: &str| {
                let rest = relation.split_once(&format!("{key}=\"")).expect("has it").1;
                rest.split('"').next().expect("ends").to_owned()
            };
            if relation.contains("TargetMode") {
                continue;
            }
            let target = value("Target");
            let mut folders: Vec<_> = match target.strip_prefix('/') {
                Some(_) => Vec::new(),
                None => folder.split('/').filter(|step| !step.is_empty()).collect(),
            };
            for step in target.split('/').filter(|step| !step.is_empty()) {
                match step {
                    ".." => drop(folders.pop()),
                    step => folders.push(step),
                }
            }
            let target = folders.join("/");
            assert!(
                parts.iter().any(|(name, _)| *name == target),
                "{name} leads to {target}"
            );
        }
    }
    // Relations that are named are there.
    for (name, content) in parts.iter().filter(|(name, _)| is_called(name, "xml")) {
        let text = String::from_utf8_lossy(content);
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        for used in text.split(" r:").skip(1) {
            let Some((_, rest)) = used.split_once("=\"") else {
                continue;
            };
            let id = rest.split('"').next().expect("ends");
            let relations = part(parts, &format!("{folder}/_rels/{file}.rels"));
            assert!(relations.contains(&format!("Id=\"{id}\"")), "{name}: {id}");
        }
    }
}

pub(super) fn left(report: &Report) -> Vec<What> {
    let left = report.found.iter().filter(|finding| !finding.removed);
    left.map(|Finding { what, .. }| *what).collect()
}
