//! The relations of one part: read with the parts behind them, and written anew.

use super::Package;
use super::kind::kind;
use crate::finding::{Reason, What};
use crate::office::links::{Links, relations_of};
use crate::office::package::{attributes, each_element};
use crate::office::xml::{DECLARATION, write_attribute};
use std::collections::{BTreeMap, HashMap};

const USUAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
const SPACE_OF_RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A relation as it is written anew.
pub(super) struct Relation {
    /// Whether the part names it.
    pub(super) is_used: bool,
    /// The part that was set to be written for it.
    pub(super) brings: Option<String>,
    id: String,
    pub(super) kind: String,
    target: String,
    is_external: bool,
}

/// The relations of one part, by the numbers that they came with.
#[derive(Default)]
pub(super) struct Relations(pub(super) BTreeMap<String, Relation>);

impl Links for Relations {
    fn id(&mut self, id: &str) -> Option<String> {
        let relation = self.0.get_mut(id)?;
        relation.is_used = true;
        Some(relation.id.clone())
    }

    fn target(&mut self, _element: &str, _target: &str) -> Option<String> {
        None
    }
}

impl Package<'_, '_, '_> {
    /// Reads the relations of a part, and sets the parts behind them to be written; of the package itself only those
    /// of the kinds in `only`.
    pub(super) fn relations(&mut self, of: &str, only: &[&str]) -> Result<Relations, Reason> {
        let name = relations_of(of);
        self.seen.insert(name.to_lowercase());
        let Some(content) = self.source.read(&name)? else {
            return Ok(Relations::default());
        };
        let text = std::str::from_utf8(&content).map_err(|_| Reason::Structure)?;
        let (mut relations, mut all) = (Relations::default(), Vec::new());
        each_element(text, "Relationship", self.findings, |start| {
            all.push(attributes(start));
        })?;
        for (new_id, (id, found)) in self.numbered(all) {
            if let Some(relation) = self.relation(of, only, new_id, &found)? {
                relations.0.insert(id, relation);
            }
        }
        Ok(relations)
    }

    /// The attributes of relations with the numbers that they came with, by their new numbers, so that a second time
    /// gives the same order.
    fn numbered(
        &mut self,
        all: Vec<HashMap<String, String>>,
    ) -> BTreeMap<String, (String, HashMap<String, String>)> {
        let mut next = 0;
        for found in &all {
            next = next.max(found.get("Id").and_then(|id| usual_number(id)).unwrap_or(0));
        }
        let mut numbered = BTreeMap::new();
        for mut found in all {
            let id = found.remove("Id").unwrap_or_default();
            let new_id = if usual_number(&id).is_some() {
                id.clone()
            } else {
                next += 1;
                self.findings.removed(What::Other);
                format!("rId{next}")
            };
            numbered.insert(new_id, (id, found));
        }
        numbered
    }

    /// A relation with its new number, and the part behind it set to be written; `None` where it is left out.
    fn relation(
        &mut self,
        of: &str,
        only: &[&str],
        id: String,
        found: &HashMap<String, String>,
    ) -> Result<Option<Relation>, Reason> {
        let get = |key: &str| found.get(key).cloned().unwrap_or_default();
        let whole = get("Type");
        let tail = whole.rsplit('/').next().unwrap_or_default().to_owned();
        let is_external = get("TargetMode") == "External";
        let known = tail == "hyperlink" || tail == "externalLinkPath" || kind(&tail).is_some();
        if !known || !only.is_empty() && !only.contains(&tail.as_str()) {
            self.leave_out(of, &tail, &get("Target"), is_external)?;
            return Ok(None);
        }
        let waiting = self.waiting.len();
        let target = if is_external {
            Some(self.outside(&tail, &get("Target")))
        } else {
            self.inside(of, &tail, &get("Target"))
        };
        let Some(target) = target else {
            return Ok(None);
        };
        Ok(Some(Relation {
            is_used: false,
            brings: (self.waiting.len() > waiting)
                .then(|| self.waiting.back().map(|part| part.name.to_lowercase()))
                .flatten(),
            id,
            kind: self.relation_type(&whole, &tail),
            target,
            is_external,
        }))
    }

    /// The type of a relation in a form that is known.
    fn relation_type(&mut self, whole: &str, tail: &str) -> String {
        let start = &whole[..whole.len() - tail.len()];
        let microsoft = start
            .strip_prefix("http://schemas.microsoft.com/office/")
            .is_some_and(|rest| {
                let date = rest.strip_suffix("relationships/").unwrap_or("x");
                date.len() <= 9
                    && date
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || byte == b'/')
            });
        if start == USUAL || start == STRICT || microsoft {
            return whole.to_owned();
        }
        self.findings.removed(What::Other);
        format!("{USUAL}{tail}")
    }

    /// Writes the relations of a part.
    pub(super) fn write_relations(
        &mut self,
        of: &str,
        relations: &Relations,
    ) -> Result<(), Reason> {
        if relations.0.is_empty() {
            return Ok(());
        }
        let mut out = format!("{DECLARATION}<Relationships");
        write_attribute("xmlns", SPACE_OF_RELATIONS, &mut out);
        out.push('>');
        let mut all: Vec<&Relation> = relations.0.values().collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        for relation in all {
            out.push_str("<Relationship");
            write_attribute("Id", &relation.id, &mut out);
            write_attribute("Type", &relation.kind, &mut out);
            write_attribute("Target", &relation.target, &mut out);
            if relation.is_external {
                write_attribute("TargetMode", "External", &mut out);
            }
            out.push_str("/>");
        }
        out.push_str("</Relationships>");
        self.target.add(&relations_of(of), out.as_bytes(), false)
    }
}

/// The number of a relation as programs give it: `rId12`.
fn usual_number(id: &str) -> Option<usize> {
    let digits = id.strip_prefix("rId")?;
    let is_plain = digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse::<usize>().ok().filter(|_| is_plain)
}
