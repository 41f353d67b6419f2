//! Word, Excel, `PowerPoint`, WPS: parts that lead to parts by relations (ECMA-376, part 2).

use super::super::finding::{Findings, Reason, What};
use super::archive::{Source, Target};
use super::labels::Labels;
use super::links::{Links, relations_of, resolve};
use super::media;
use super::package::{Types, attributes, each_element, is_usual_name, is_usual_target};
use super::value::{is_of_the_web, is_path};
use super::vocabulary::OPEN_XML;
use super::xml::{self, write_attribute};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

const USUAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
const SPACE_OF_RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const SPACE_OF_TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
/// An address that leads nowhere.
const NOWHERE: &str = "about:blank";

/// What a relation leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xml,
    Picture,
    /// Sound, film, another document, a program: told.
    File,
}

/// Relations of parts that are kept, by the end of their type.
fn kind(relation: &str) -> Option<Kind> {
    Some(match relation {
        "officeDocument"
        | "styles"
        | "numbering"
        | "fontTable"
        | "theme"
        | "themeOverride"
        | "settings"
        | "header"
        | "footer"
        | "footnotes"
        | "endnotes"
        | "comments"
        | "worksheet"
        | "chartsheet"
        | "dialogsheet"
        | "sharedStrings"
        | "calcChain"
        | "table"
        | "tableSingleCells"
        | "queryTable"
        | "pivotTable"
        | "pivotCacheDefinition"
        | "pivotCacheRecords"
        | "externalLink"
        | "connections"
        | "sheetMetadata"
        | "drawing"
        | "chart"
        | "chartEx"
        | "chartStyle"
        | "chartColorStyle"
        | "chartUserShapes"
        | "diagramData"
        | "diagramLayout"
        | "diagramQuickStyle"
        | "diagramColors"
        | "diagramDrawing"
        | "vmlDrawing"
        | "slide"
        | "slideLayout"
        | "slideMaster"
        | "notesSlide"
        | "notesMaster"
        | "handoutMaster"
        | "commentAuthors"
        | "authors"
        | "presProps"
        | "viewProps"
        | "tableStyles"
        | "ctrlProp"
        | "threadedComment"
        | "person"
        | "slicer"
        | "slicerCache"
        | "timeline"
        | "timelineCache"
        | "rdRichValue"
        | "rdRichValueStructure"
        | "rdRichValueTypes"
        | "richValueRel" => Kind::Xml,
        "image" => Kind::Picture,
        "video"
        | "audio"
        | "media"
        | "package"
        | "oleObject"
        | "aFChunk"
        | "control"
        | "activeXControlBinary"
        | "vbaProject"
        | "subDocument" => Kind::File,
        _ => return None,
    })
}

/// Whether a part names its relations of this kind wherever they are of use; sheets and slides only in the main part. Pictures
/// and files are kept in any case, cleaned or told.
fn is_named(relation: &str, is_main: bool) -> bool {
    match relation {
        "hyperlink" | "header" | "footer" | "chart" | "chartEx" | "diagramData"
        | "diagramLayout" | "diagramQuickStyle" | "diagramColors" => true,
        "worksheet" | "chartsheet" | "dialogsheet" | "slide" => is_main,
        _ => false,
    }
}

/// What is said of a part that is left out with its relation.
fn said(relation: &str) -> What {
    match relation {
        "thumbnail" => What::Thumbnail,
        "printerSettings" => What::Device,
        "people" | "classificationlabels" => What::Author,
        "attachedTemplate" | "mailMergeSource" | "mailMergeHeaderSource" | "recipientData" => {
            What::Path
        }
        "revisionHeaders" | "revisionLog" | "usernames" => What::History,
        "customXml" | "customXmlProps" | "glossaryDocument" | "tags" | "wordVbaData" => {
            What::Hidden
        }
        _ => What::Other,
    }
}

/// A relation as it is written anew.
struct Relation {
    /// Whether the part names it.
    is_used: bool,
    /// The part that was set to be written for it.
    brings: Option<String>,
    id: String,
    kind: String,
    target: String,
    is_external: bool,
}

/// The relations of one part, by the numbers that they came with.
#[derive(Default)]
struct Relations(BTreeMap<String, Relation>);

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

    /// Leaves out what only a relation leads to that its part does not name: no program shows it.
    fn leave_unused(&mut self, relations: &mut Relations) {
        let is_main = self.written.is_empty();
        relations.0.retain(|_, relation| {
            let tail = relation.kind.rsplit('/').next().unwrap_or_default();
            if relation.is_used || !is_named(tail, is_main) {
                return true;
            }
            if let Some(brought) = &relation.brings {
                self.waiting
                    .retain(|part| part.name.to_lowercase() != *brought);
                self.met.remove(brought);
            }
            self.findings.removed(What::Hidden);
            false
        });
    }

    /// Reads the relations of a part, and sets the parts behind them to be written; of the package itself only those
    /// of the kinds in `only`.
    fn relations(&mut self, of: &str, only: &[&str]) -> Result<Relations, Reason> {
        let name = if of.is_empty() {
            "_rels/.rels".to_owned()
        } else {
            relations_of(of)
        };
        self.seen.insert(name.to_lowercase());
        let Some(content) = self.source.read(&name)? else {
            return Ok(Relations::default());
        };
        let text = std::str::from_utf8(&content).map_err(|_| Reason::Structure)?;
        let (mut relations, mut next, mut all) = (Relations::default(), 0, Vec::new());
        each_element(text, "Relationship", self.findings, |start| {
            all.push(attributes(start));
        })?;
        let usual = |id: &str| {
            let digits = id.strip_prefix("rId")?;
            let is_plain = digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<usize>().ok().filter(|_| is_plain)
        };
        for found in &all {
            next = next.max(found.get("Id").and_then(|id| usual(id)).unwrap_or(0));
        }
        // By their new numbers, so that a second time gives the same order.
        let mut numbered = BTreeMap::new();
        for mut found in all {
            let id = found.remove("Id").unwrap_or_default();
            let new_id = if usual(&id).is_some() {
                id.clone()
            } else {
                next += 1;
                self.findings.removed(What::Other);
                format!("rId{next}")
            };
            numbered.insert(new_id, (id, found));
        }
        for (new_id, (id, found)) in numbered {
            let get = |key: &str| found.get(key).cloned().unwrap_or_default();
            let whole = get("Type");
            let tail = whole.rsplit('/').next().unwrap_or_default().to_owned();
            let is_external = get("TargetMode") == "External";
            let known = tail == "hyperlink" || tail == "externalLinkPath" || kind(&tail).is_some();
            if !known || !only.is_empty() && !only.contains(&tail.as_str()) {
                self.leave_out(of, &tail, &get("Target"), is_external)?;
                continue;
            }
            let waiting = self.waiting.len();
            let target = if is_external {
                Some(self.outside(&tail, &get("Target")))
            } else {
                self.inside(of, &tail, &get("Target"))
            };
            if let Some(target) = target {
                let relation = Relation {
                    is_used: false,
                    brings: (self.waiting.len() > waiting)
                        .then(|| self.waiting.back().map(|part| part.name.to_lowercase()))
                        .flatten(),
                    id: new_id,
                    kind: self.relation_type(&whole, &tail),
                    target,
                    is_external,
                };
                relations.0.insert(id, relation);
            }
        }
        Ok(relations)
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

    /// Where a relation leads out of the document.
    fn outside(&mut self, tail: &str, target: &str) -> String {
        if let Some(place) = target.strip_prefix('#') {
            return self.place(place);
        }
        let may_be = target == NOWHERE || tail == "hyperlink" && is_of_the_web(target);
        if may_be && !is_path(target) {
            return target.to_owned();
        }
        self.findings.removed(What::Path);
        NOWHERE.to_owned()
    }

    /// A place in the document itself, by the name that stands for its own.
    fn place(&mut self, place: &str) -> String {
        let instead = self.labels.instead_of(place);
        if instead.is_some() {
            self.findings.removed(What::Other);
        }
        format!("#{}", instead.as_deref().unwrap_or(place))
    }

    /// Sets the part behind a relation to be written; `None` where there is none.
    fn inside(&mut self, of: &str, tail: &str, target: &str) -> Option<String> {
        // A place in the document itself.
        if tail == "hyperlink" {
            match target.strip_prefix('#') {
                Some(place) => return Some(self.place(place)),
                None if target == NOWHERE => return Some(target.to_owned()),
                None => {}
            }
        }
        let anchor = target.split('#').next().unwrap_or_default();
        let plain = anchor.replace("%20", " ");
        let found = resolve(of, &plain).and_then(|name| self.source.find(&name).map(str::to_owned));
        let Some(name) = found else {
            self.findings.removed(What::Path);
            return (tail == "hyperlink").then(|| NOWHERE.to_owned());
        };
        if tail == "hyperlink" {
            // Slides lead to slides by relations of their own kind.
            return Some(NOWHERE.to_owned());
        }
        let lower = name.to_lowercase();
        let is_new = !self.met.contains_key(&lower);
        if is_new {
            let written = self.name_for(&name, kind(tail)?);
            self.seen.insert(lower.clone());
            self.met.insert(lower.clone(), written);
            self.waiting.push_back(Part {
                name: name.clone(),
                kind: kind(tail)?,
            });
        }
        let written = &self.met[&lower];
        let same = *written == name && anchor == target && is_usual_target(target);
        Some(if same {
            target.to_owned()
        } else {
            format!("/{written}")
        })
    }

    /// The name that a part is written under: its own where it is one that a program gives.
    fn name_for(&mut self, name: &str, kind: Kind) -> String {
        if is_usual_name(name) {
            return name.to_owned();
        }
        self.findings.removed(What::Path);
        self.renamed += 1;
        let folder = name
            .split('/')
            .next()
            .filter(|folder| matches!(*folder, "word" | "xl" | "ppt"));
        let ending = name
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        let usual = if kind == Kind::Xml { "xml" } else { "bin" };
        let ending = ending
            .filter(|it| it.len() <= 4 && it.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let ending = ending.unwrap_or_else(|| usual.to_owned());
        loop {
            let new = format!("{}/part{}.{ending}", folder.unwrap_or("word"), self.renamed);
            if self.source.find(&new).is_none() {
                return new;
            }
            self.renamed += 1;
        }
    }

    /// A relation that is not kept, with the part behind it.
    fn leave_out(
        &mut self,
        of: &str,
        tail: &str,
        target: &str,
        is_external: bool,
    ) -> Result<(), Reason> {
        let found = resolve(of, target).and_then(|name| self.source.find(&name).map(str::to_owned));
        let Some(name) = found.filter(|_| !is_external) else {
            self.findings.removed(said(tail));
            return Ok(());
        };
        if self.seen.insert(name.to_lowercase()) {
            if tail.ends_with("properties") {
                let content = self.source.read(&name)?.unwrap_or_default();
                super::properties(&content, self.findings);
            } else {
                self.findings.removed(said(tail));
            }
            self.leave_out_behind(&name)?;
        }
        Ok(())
    }

    /// What a part leads to that is left out goes with it.
    fn leave_out_behind(&mut self, name: &str) -> Result<(), Reason> {
        let relations = relations_of(name);
        let Some(content) = self.source.read(&relations)? else {
            return Ok(());
        };
        self.seen.insert(relations.to_lowercase());
        let text = String::from_utf8_lossy(&content).into_owned();
        let mut targets = Vec::new();
        let read = each_element(&text, "Relationship", self.findings, |start| {
            targets.extend(attributes(start).remove("Target"));
        });
        if read.is_ok() {
            for target in targets {
                let found = resolve(name, &target)
                    .and_then(|name| self.source.find(&name).map(str::to_lowercase));
                let is_free =
                    found.filter(|name| !self.met.contains_key(name) && !name.contains("/media/"));
                self.seen.extend(is_free);
            }
        }
        Ok(())
    }

    /// Parts that nothing leads to. What may be what the sender wanted to send stays and is told; the rest goes.
    fn orphans(&mut self) -> Result<(), Reason> {
        for name in self.source.names() {
            let lower = name.to_lowercase();
            if self.seen.contains(&lower) {
                continue;
            }
            let content = self.source.read(&name)?.ok_or(Reason::Damaged)?;
            if lower.starts_with("docprops/thumbnail") {
                self.findings.removed(What::Thumbnail);
            } else if lower.starts_with("docprops/") || lower.ends_with(".psmdcp") {
                super::properties(&content, self.findings);
            } else if lower.contains("printersettings") {
                self.findings.removed(What::Device);
            } else if media::is_picture(&content) {
                let content_type = media::media_type(&content)
                    .unwrap_or("image/jpeg")
                    .to_owned();
                let content = media::picture(content, self.findings);
                self.orphan(&name, Kind::Picture, &content, content_type)?;
            } else if media::is_file(&content)
                || lower.contains("/embeddings/") && !lower.contains("/_rels/")
                || lower.ends_with("vbaproject.bin")
            {
                self.findings.left(What::Hidden, Reason::Embedded);
                let content_type = self
                    .types
                    .of(&name)
                    .unwrap_or_else(|| "application/octet-stream".to_owned());
                self.orphan(&name, Kind::File, &content, content_type)?;
            } else {
                self.findings.removed(What::Hidden);
            }
        }
        Ok(())
    }

    fn orphan(
        &mut self,
        name: &str,
        kind: Kind,
        content: &[u8],
        content_type: String,
    ) -> Result<(), Reason> {
        let name = self.name_for(name, kind);
        self.target.add(&name, content, true)?;
        self.written.push((name, content_type));
        Ok(())
    }

    fn write_relations(&mut self, of: &str, relations: &Relations) -> Result<(), Reason> {
        if relations.0.is_empty() {
            return Ok(());
        }
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships",
        );
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
        let name = if of.is_empty() {
            "_rels/.rels".to_owned()
        } else {
            relations_of(of)
        };
        self.target.add(&name, out.as_bytes(), false)
    }

    fn end(mut self) -> Result<Vec<u8>, Reason> {
        let mut out =
            String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types");
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
