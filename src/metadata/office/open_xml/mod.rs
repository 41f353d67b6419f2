//! Word, Excel, `PowerPoint`, WPS: parts that lead to parts by relations (ECMA-376, part 2).

mod kind;
mod left_out;
mod relations;
mod targets;

use super::archive::{Source, Target};
use super::labels::Labels;
use super::media;
use super::package::Types;
use super::vocabulary::OPEN_XML;
use super::xml::{self, DECLARATION, write_attribute};
use crate::finding::{Findings, Reason, What};
use kind::Kind;
use relations::Relations;
use std::collections::{HashMap, HashSet, VecDeque};

const SPACE_OF_TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";

/// A part that will be written.
struct Part {
    name: String,
    kind: Kind,
}

struct Package<'s, 'a, 'f> {
    source: &'s mut Source<'a>,
    target: Target,
    findings: &'f mut Findings,
    types: Types,
    labels: Labels,
    /// Parts that were met, by their name in small letters: under which name they are written.
    met: HashMap<String, String>,
    waiting: VecDeque<Part>,
    /// Names of parts that were looked at: kept, or left out on purpose.
    seen: HashSet<String>,
    /// Names and types of parts that were written.
    written: Vec<(String, String)>,
    renamed: usize,
}

pub(super) fn rewrite(
    source: &mut Source<'_>,
    size: usize,
    findings: &mut Findings,
) -> Result<Vec<u8>, Reason> {
    let types = source.read("[Content_Types].xml")?.unwrap_or_default();
    let mut package = Package {
        types: Types::read(&types, findings)?,
        labels: Labels::default(),
        source,
        target: Target::new(size),
        findings,
        met: HashMap::new(),
        waiting: VecDeque::new(),
        seen: HashSet::new(),
        written: Vec::new(),
        renamed: 0,
    };
    package.seen.insert("[content_types].xml".to_owned());
    let roots = package.relations("", &["officeDocument"])?;
    if package.waiting.is_empty() {
        return Err(Reason::Structure);
    }
    package.write_relations("", &roots)?;
    package.parts()?;
    package.orphans()?;
    package.end()
}

impl Package<'_, '_, '_> {
    fn parts(&mut self) -> Result<(), Reason> {
        while let Some(part) = self.waiting.pop_front() {
            let came_as = part.name.to_lowercase();
            let name = self.met[&came_as].clone();
            let mut relations = self.relations(&part.name, &[])?;
            let content = self.source.read(&part.name)?.ok_or(Reason::Damaged)?;
            let content_type = self.types.of(&part.name);
            let (content, content_type) = match part.kind {
                Kind::Xml => {
                    let written = self.xml(&content, &mut relations)?;
                    self.leave_unused(&mut relations);
                    (written, content_type)
                }
                Kind::Picture => {
                    let known = media::media_type(&content).map(str::to_owned);
                    (
                        media::picture(content, self.findings),
                        known.or(content_type),
                    )
                }
                Kind::File => {
                    self.findings.left(What::Hidden, Reason::Embedded);
                    let known = media::media_type(&content).map(str::to_owned);
                    (content, content_type.or(known))
                }
            };
            // What is packed already is not packed again.
            self.target.add(&name, &content, part.kind != Kind::Xml)?;
            let usual = "application/octet-stream".to_owned();
            self.written
                .push((name.clone(), content_type.unwrap_or(usual)));
            self.write_relations(&name, &relations)?;
        }
        Ok(())
    }

    fn xml(&mut self, content: &[u8], relations: &mut Relations) -> Result<Vec<u8>, Reason> {
        let first = self.written.is_empty();
        let mut found = Findings::default();
        match xml::rewrite(content, &OPEN_XML, relations, &mut self.labels, &mut found) {
            Ok(written) => {
                self.findings.merge(found);
                Ok(written)
            }
            Err(reason) if first => Err(reason),
            // One that cannot be read passes, and that is said.
            Err(_) => {
                self.findings.left(What::Unchecked, Reason::Unchecked);
                for relation in relations.0.values_mut() {
                    relation.is_used = true;
                }
                Ok(content.to_vec())
            }
        }
    }

    /// Writes the list of the parts' types, and ends the package.
    fn end(mut self) -> Result<Vec<u8>, Reason> {
        let mut out = format!("{DECLARATION}<Types");
        write_attribute("xmlns", SPACE_OF_TYPES, &mut out);
        out.push('>');
        let defaults = [
            (
                "rels",
                "application/vnd.openxmlformats-package.relationships+xml",
            ),
            ("xml", "application/xml"),
        ];
        for (ending, content_type) in defaults {
            out.push_str("<Default");
            write_attribute("Extension", ending, &mut out);
            write_attribute("ContentType", content_type, &mut out);
            out.push_str("/>");
        }
        for (name, content_type) in &self.written {
            out.push_str("<Override");
            write_attribute("PartName", &format!("/{name}"), &mut out);
            write_attribute("ContentType", content_type, &mut out);
            out.push_str("/>");
        }
        out.push_str("</Types>");
        self.target
            .add("[Content_Types].xml", out.as_bytes(), false)?;
        self.target.finish()
    }
}
