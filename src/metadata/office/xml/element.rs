//! Elements: which of them stay, and how their tags are written.

use super::Rewriter;
use super::attribute::Kept;
use super::escape::write_attribute;
use crate::finding::{Reason, What};
use crate::office::vocabulary::Element;
use crate::office::{hidden_content, tells};
use quick_xml::NsReader;
use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;
use quick_xml::name::ResolveResult;

/// Elements in elements; no program writes so many.
const DEPTH_MAX: usize = 512;
const COMPATIBLE: &str = "mc:";

/// An element that is open.
pub(super) struct Open {
    /// As it is written; `None` where only what is in it is.
    written: Option<String>,
    /// By the vocabulary.
    pub(super) name: String,
    pub(super) has_text: bool,
    /// Of several contents of which a program shows the first that it knows, one is written.
    is_chosen: bool,
    /// Where its tag begins in what is written, and where its content does.
    start: usize,
    content: usize,
}

impl Rewriter<'_> {
    /// Reads an element's beginning.
    pub(super) fn start(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
        empty: bool,
    ) -> Result<(), Reason> {
        if self.dropped > 0 {
            self.dropped += usize::from(!empty);
            return Ok(());
        }
        let (space, local) = reader.resolver().resolve_element(start.name());
        let local: &str = local.into_inner();
        let name = self.name(&space, local, true);
        if self.open.len() >= DEPTH_MAX {
            return Err(Reason::Bomb);
        }
        if self.open.is_empty() {
            // Workbooks go without a prefix, as they came; their attributes have none either.
            let bare = start.name().prefix().is_none()
                && name.as_deref().is_some_and(|name| name.starts_with("x:"));
            let prefix = name.as_deref().and_then(|name| name.split_once(':'));
            self.bare = prefix
                .filter(|_| bare)
                .and_then(|(prefix, _)| self.spaces.get_key_value(prefix))
                .map(|(prefix, _)| *prefix);
        }
        let written = match name {
            Some(name) => self.element(reader, start, &name, empty)?,
            None => false,
        };
        if !written {
            if self.open.is_empty() {
                return Err(Reason::Structure);
            }
            self.dropped = usize::from(!empty);
        }
        Ok(())
    }

    /// Writes an element's beginning; false where it is left out with all that is in it.
    fn element(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
        name: &str,
        empty: bool,
    ) -> Result<bool, Reason> {
        let vocabulary = self.vocabulary;
        let nothing = Element::default();
        let known = match vocabulary.element(name) {
            Some(known) => known,
            None if is_of_compatibility(name) => &nothing,
            None => {
                self.findings.removed(What::Other);
                return Ok(false);
            }
        };
        if let Some(what) = tells::dropped(name) {
            self.findings.removed(what);
            return Ok(false);
        }
        let is_alternative = matches!(name, "mc:Choice" | "mc:Fallback");
        if is_alternative && self.open.last().is_some_and(|parent| parent.is_chosen) {
            self.findings.removed(What::Other);
            return Ok(false);
        }
        let Some(attributes) = self.attributes(reader, start, name, known)? else {
            return Ok(false);
        };
        hidden_content::told(&self.root, name, start, self.findings);
        if name == "w:fldChar" {
            let kind = hidden_content::value(start, "fldCharType").unwrap_or_default();
            self.codes.sign(&kind, self.labels, self.findings);
        }
        if let Some(parent) = self.open.last_mut() {
            parent.is_chosen |= is_alternative && !empty;
        }
        self.write_tag(name, &attributes, known.has_text, empty);
        Ok(true)
    }

    /// The attributes that stay, as they are written; `None` where one goes without which the element means nothing.
    fn attributes(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
        name: &str,
        known: &Element,
    ) -> Result<Option<String>, Reason> {
        let mut attributes = String::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| Reason::Structure)?;
            let key: &str = attribute.key.into_inner();
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let (space, local) = reader.resolver().resolve_attribute(attribute.key);
            let local: &str = local.into_inner();
            let value = unescape(&attribute.value).map_err(|_| Reason::Structure)?;
            let Some(key) = self.name(&space, local, false) else {
                let mark = matches!(&space, ResolveResult::Bound(space) if space.into_inner().contains("/revision"));
                self.findings
                    .removed(if mark { What::History } else { What::Other });
                continue;
            };
            let kept = if name.starts_with(COMPATIBLE) || key.starts_with(COMPATIBLE) {
                match self.compatible(reader, name, &key, &value) {
                    Some(value) => Kept::As(value),
                    None if key == "Requires" => Kept::NorElement,
                    None => Kept::Not,
                }
            } else {
                self.attribute(known, name, &key, &value)
            };
            match kept {
                Kept::As(value) => write_attribute(&key, &value, &mut attributes),
                Kept::Not => {}
                Kept::NorElement => return Ok(None),
            }
        }
        Ok(Some(attributes))
    }

    /// Writes the tag that begins an element; the root's declares the namespaces.
    fn write_tag(&mut self, name: &str, attributes: &str, has_text: bool, empty: bool) {
        let written = match (name.split_once(':'), self.bare) {
            (Some((prefix, local)), Some(bare)) if prefix == bare => local.to_owned(),
            _ => name.to_owned(),
        };
        let tag_start = self.out.len();
        self.out.push('<');
        self.out.push_str(&written);
        if self.open.is_empty() && self.root.is_empty() {
            name.clone_into(&mut self.root);
            self.declare();
        }
        self.out.push_str(attributes);
        self.out.push_str(if empty { "/>" } else { ">" });
        if !empty {
            self.open.push(Open {
                written: Some(written),
                name: name.to_owned(),
                has_text,
                is_chosen: false,
                start: tag_start,
                content: self.out.len(),
            });
        }
    }

    /// Writes an element's end.
    pub(super) fn end(&mut self) {
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        // Of what was to be chosen nothing is left: the other content is shown.
        if let Some(open) = self.open.last()
            && open.name == "mc:Choice"
            && self.out[open.content..].trim().is_empty()
            && !self.codes.any_behind(open.start)
        {
            self.out.truncate(open.start);
            self.open.pop();
            if let Some(parent) = self.open.last_mut() {
                parent.is_chosen = false;
            }
            return;
        }
        if let Some(Open {
            written: Some(written),
            ..
        }) = self.open.pop()
        {
            self.out.push_str("</");
            self.out.push_str(&written);
            self.out.push('>');
        }
    }
}

/// Whether an element gives several contents to choose from, or is the one around a form of VML.
fn is_of_compatibility(name: &str) -> bool {
    matches!(
        name,
        "mc:AlternateContent" | "mc:Choice" | "mc:Fallback" | "xml"
    )
}
