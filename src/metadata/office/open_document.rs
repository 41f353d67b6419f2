//! `OpenDocument`: text, tables, slides.

use super::super::finding::{Findings, Reason, What};
use super::archive::{Source, Target};
use super::labels::Labels;
use super::links::{Links, resolve};
use super::media;
use super::properties;
use super::value::is_of_the_web;
use super::vocabulary::OPEN_DOCUMENT;
use super::xml::{self, write_attribute};
use std::collections::BTreeSet;

const SPACE_OF_MANIFESTS: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
const TYPES: &str = "application/vnd.oasis.opendocument.";

/// Where parts point to: other parts of the document, and the web from links in the text.
#[derive(Default)]
struct Targets {
    /// Parts that are pointed to.
    used: BTreeSet<String>,
    folder: String,
}

impl Links for Targets {
    fn id(&mut self, _id: &str) -> Option<String> {
        None
    }

    fn target(&mut self, element: &str, target: &str) -> Option<String> {
        let is_link = matches!(
            element,
            "text:a"
                | "draw:a"
                | "draw:area-rectangle"
                | "draw:area-circle"
                | "draw:area-polygon"
                | "text:alphabetical-index-source"
        );
        if target.is_empty() || target.starts_with('#') || is_link && is_of_the_web(target) {
            return Some(target.to_owned());
        }
        let inner = target.trim_start_matches("./");
        let known = [
            "Pictures/",
            "Object ",
            "ObjectReplacements/",
            "media/",
            "Media/",
        ];
        if !is_link && known.iter().any(|start| inner.starts_with(start)) {
            let name = resolve(&format!("{}x", self.folder), inner)?;
            self.used.insert(name);
            return Some(target.to_owned());
        }
        // Emptied, it leads nowhere, and the text stays.
        Some(String::new())
    }
}

/// A document that is being written.
struct Package<'s, 'a, 'f> {
    source: &'s mut Source<'a>,
    target: Target,
    findings: &'f mut Findings,
    targets: Targets,
    labels: Labels,
    /// Parts that were written, with their types.
    listed: Vec<(String, &'static str)>,
    /// Folders of documents in the document, with what they are.
    objects: Vec<(String, &'static str)>,
}

pub(super) fn rewrite(
    source: &mut Source<'_>,
    size: usize,
    findings: &mut Findings,
) -> Result<Vec<u8>, Reason> {
    let kind = kind(source)?;
    let manifest = source.read("META-INF/manifest.xml")?.unwrap_or_default();
    if super::super::bytes::contains(&manifest, "encryption-data") {
        return Err(Reason::Encrypted);
    }
    let mut package = Package {
        source,
        target: Target::new(size),
        findings,
        targets: Targets::default(),
        labels: Labels::default(),
        listed: Vec::new(),
        objects: Vec::new(),
    };
    package.target.add("mimetype", kind.as_bytes(), true)?;
    let names = package.source.names();
    let (texts, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| is_text(name));
    for name in &texts {
        package.text(name)?;
    }
    if !texts.iter().any(|name| name == "content.xml") {
        return Err(Reason::Structure);
    }
    for name in others {
        if !matches!(name.as_str(), "mimetype" | "META-INF/manifest.xml") {
            package.other(name)?;
        }
    }
    package.end(&kind)
}

/// What the document says it is.
fn kind(source: &mut Source<'_>) -> Result<String, Reason> {
    const KNOWN: &[&str] = &[
        "text",
        "spreadsheet",
        "presentation",
        "graphics",
        "chart",
        "formula",
        "text-template",
        "spreadsheet-template",
        "presentation-template",
    ];
    let kind = source.read("mimetype")?.unwrap_or_default();
    let kind = String::from_utf8_lossy(&kind).trim().to_owned();
    let rest = kind.strip_prefix(TYPES).unwrap_or_default();
    if KNOWN.contains(&rest) {
        Ok(kind)
    } else {
        Err(Reason::Structure)
    }
}

/// Whether a part is the document's text or its styles, or those of a chart in it.
fn is_text(name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let number = folder.strip_prefix("Object ");
    let is_object = number.is_some_and(|number| {
        number.len() <= 5 && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    (folder.is_empty() || is_object) && matches!(file, "content.xml" | "styles.xml")
}

impl Package<'_, '_, '_> {
    fn text(&mut self, name: &str) -> Result<(), Reason> {
        let content = self.source.read(name)?.ok_or(Reason::Damaged)?;
        let folder = name
            .rsplit_once('/')
            .map(|(folder, _)| format!("{folder}/"));
        self.targets.folder = folder.unwrap_or_default();
        let content = xml::rewrite(
            &content,
            &OPEN_DOCUMENT,
            &mut self.targets,
            &mut self.labels,
            self.findings,
        )?;
        self.target.add(name, &content, false)?;
        if let Some(kind) = object_kind(&content)
            && name.ends_with("content.xml")
            && !self.targets.folder.is_empty()
        {
            self.objects.push((self.targets.folder.clone(), kind));
        }
        self.listed.push((name.to_owned(), "text/xml"));
        Ok(())
    }

    fn other(&mut self, name: String) -> Result<(), Reason> {
        let lower = name.to_lowercase();
        let content = self.source.read(&name)?.ok_or(Reason::Damaged)?;
        let starts = |start: &str| lower.starts_with(start);
        let is_media = starts("pictures/") || starts("media/");
        let is_used = self.targets.used.contains(&name);
        match media::media_type(&content) {
            // A document of another program.
            _ if starts("object ") && !lower.contains('/') => {
                self.findings.left(What::Hidden, Reason::Embedded);
                self.add(name, &content, "application/octet-stream")
            }
            Some(kind) if is_media && (is_used || is_usual(&name)) => {
                self.media(name, content, kind)
            }
            None if is_media && is_used => {
                self.findings.left(What::Unchecked, Reason::Unchecked);
                self.add(name, &content, "application/octet-stream")
            }
            _ => {
                left_out(&lower, &content, self.findings);
                Ok(())
            }
        }
    }

    fn media(&mut self, name: String, content: Vec<u8>, kind: &'static str) -> Result<(), Reason> {
        let content = if kind.starts_with("image/") {
            media::picture(content, self.findings)
        } else {
            self.findings.left(What::Hidden, Reason::Embedded);
            content
        };
        if !is_usual(&name) {
            // What the picture was called before stays in its name here.
            self.findings.left(What::Path, Reason::Unchecked);
        }
        self.add(name, &content, kind)
    }

    fn add(&mut self, name: String, content: &[u8], kind: &'static str) -> Result<(), Reason> {
        self.target.add(&name, content, true)?;
        self.listed.push((name, kind));
        Ok(())
    }

    fn end(mut self, kind: &str) -> Result<Vec<u8>, Reason> {
        let mut manifest =
            String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest");
        write_attribute("xmlns:manifest", SPACE_OF_MANIFESTS, &mut manifest);
        write_attribute("manifest:version", "1.3", &mut manifest);
        manifest.push('>');
        let listed = self
            .listed
            .iter()
            .map(|(name, kind)| (name.as_str(), *kind));
        // Without its kind a program does not take a folder for a document.
        let objects = self
            .objects
            .iter()
            .map(|(folder, kind)| (folder.as_str(), *kind));
        for (name, kind) in std::iter::once(("/", kind)).chain(objects).chain(listed) {
            manifest.push_str("<manifest:file-entry");
            write_attribute("manifest:full-path", name, &mut manifest);
            write_attribute("manifest:media-type", kind, &mut manifest);
            manifest.push_str("/>");
        }
        manifest.push_str("</manifest:manifest>");
        let name = "META-INF/manifest.xml";
        self.target.add(name, manifest.as_bytes(), false)?;
        self.target.finish()
    }
}

/// What a document in the document is, by the element that holds its content.
fn object_kind(content: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&str, &str)] = &[
        ("<office:chart", "application/vnd.oasis.opendocument.chart"),
        (
            "<office:spreadsheet",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("<office:text", "application/vnd.oasis.opendocument.text"),
        (
            "<office:presentation",
            "application/vnd.oasis.opendocument.presentation",
        ),
        (
            "<office:drawing",
            "application/vnd.oasis.opendocument.graphics",
        ),
        ("<math:math", "application/vnd.oasis.opendocument.formula"),
    ];
    let has = |start: &str| super::super::bytes::contains(content, start);
    KINDS
        .iter()
        .find(|(start, _)| has(start))
        .map(|(_, kind)| *kind)
}

/// Whether a picture's name is one that a program gave it: a number, or the digits of a sum.
fn is_usual(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.bytes().all(|byte| byte.is_ascii_hexdigit())
        || stem
            .strip_prefix("image")
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn left_out(lower: &str, content: &[u8], findings: &mut Findings) {
    if lower.ends_with("meta.xml") {
        properties::note(content, findings);
    } else if lower.starts_with("thumbnails/") {
        findings.removed(What::Thumbnail);
    } else if lower.ends_with("settings.xml") {
        // The printer's name, and where the window stood.
        findings.removed(What::Device);
    } else if lower.starts_with("versions/") || lower.starts_with("versionlist") {
        findings.removed(What::History);
    } else if ["basic/", "scripts/", "dialogs/"]
        .iter()
        .any(|start| lower.starts_with(start))
    {
        findings.removed(What::Hidden);
    } else {
        findings.removed(What::Other);
    }
}
