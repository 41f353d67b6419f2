//! Where a part points to.

/// Answers for a part where its links lead.
pub(super) trait Links {
    /// The number of a relation as it is written anew; `None` where it is left out.
    fn id(&mut self, id: &str) -> Option<String>;

    /// An address within `element` as it is written anew; `None` where the element goes with it.
    fn target(&mut self, element: &str, target: &str) -> Option<String>;
}

/// `target` as seen from the folder of the part called `from`, without any step up; `None` where it leads out.
pub(super) fn resolve(from: &str, target: &str) -> Option<String> {
    let mut folders: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from
            .split('/')
            .rev()
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(folders.pop()?),
            step => folders.push(step),
        }
    }
    Some(folders.join("/"))
}

/// The name of the part that holds the relations of the part called `name`.
pub(super) fn relations_of(name: &str) -> String {
    match name.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{name}.rels"),
    }
}
