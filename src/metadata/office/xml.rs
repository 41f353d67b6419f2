//! One part of XML, written anew: elements and attributes of the vocabulary stay where their values are of their form, each
//! under the prefix that the vocabulary gives its namespace; all else is left out.

use super::super::finding::{Findings, Reason, What};
use super::fields::{self, Codes};
use super::free_text::{self, Use};
use super::labels::{self, Labels};
use super::links::Links;
use super::tells::{self, Verdict};
use super::value::{fits, is_file_name, is_path};
use super::vocabulary::{Element, Form, Vocabulary};
use quick_xml::NsReader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use std::collections::BTreeMap;

/// What Word itself writes where it removes a name.
pub(super) const NOBODY: &str = "Author";
/// Elements in elements; no program writes so many.
const DEPTH_MAX: usize = 512;
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const COMPATIBLE: &str = "mc:";

/// An element that is open.
struct Open {
    /// As it is written; `None` where only what is in it is.
    written: Option<String>,
    /// By the vocabulary.
    name: String,
    has_text: bool,
    /// Of several contents of which a program shows the first that it knows, one is written.
    is_chosen: bool,
    /// Where its tag begins in what is written, and where its content does.
    start: usize,
    content: usize,
}

pub(super) struct Rewriter<'a> {
    vocabulary: &'a Vocabulary,
    links: &'a mut dyn Links,
    labels: &'a mut Labels,
    findings: &'a mut Findings,
    /// The name of the root, once it is read.
    root: String,
    open: Vec<Open>,
    /// How many elements deep it is in one that is left out.
    dropped: usize,
    text: String,
    out: String,
    /// Namespaces, by the prefix that they have here.
    spaces: BTreeMap<&'static str, String>,
    /// The namespace that has no prefix.
    bare: Option<&'static str>,
    codes: Codes,
}

/// The part without what tells.
///
/// # Errors
/// [`Reason::Structure`] where it is not XML that can be read here.
pub(super) fn rewrite(
    xml: &[u8],
    vocabulary: &Vocabulary,
    links: &mut dyn Links,
    labels: &mut Labels,
    findings: &mut Findings,
) -> Result<Vec<u8>, Reason> {
    let xml = xml.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(xml);
    let text = std::str::from_utf8(xml).map_err(|_| Reason::Structure)?;
    let mut rewriter = Rewriter {
        vocabulary,
        links,
        labels,
        findings,
        root: String::new(),
        open: Vec::new(),
        dropped: 0,
        text: String::new(),
        out: String::with_capacity(text.len()),
        spaces: BTreeMap::new(),
        bare: None,
        codes: Codes::default(),
    };
    rewriter.out.push_str(DECLARATION);
    rewriter.find_spaces(text);
    rewriter.read(text)?;
    if rewriter.root.is_empty() {
        return Err(Reason::Structure);
    }
    let written = rewriter
        .codes
        .put_into(rewriter.out, |text| escape(text).into_owned());
    Ok(written.into_bytes())
}

impl Rewriter<'_> {
    /// Which namespaces are declared anywhere.
    fn find_spaces(&mut self, text: &str) {
        for (at, _) in text.match_indices("xmlns") {
            // Names of namespaces have this word in them, too.
            if !text[..at].ends_with(|letter: char| letter.is_ascii_whitespace()) {
                continue;
            }
            let rest = &text[at + 5..];
            let Some((prefix, rest)) = rest.split_once('=') else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote @ ('"' | '\'')) = rest.chars().next() else {
                continue;
            };
            let Some((uri, _)) = rest[1..].split_once(quote) else {
                continue;
            };
            let written = prefix.trim().trim_start_matches(':');
            match self.vocabulary.prefix(uri) {
                Some(prefix) => {
                    self.spaces.entry(prefix).or_insert_with(|| uri.to_owned());
                    if !written.is_empty() && written != prefix {
                        self.findings.removed(What::Other);
                    }
                }
                None => self.findings.removed(What::Other),
            }
        }
    }

    fn read(&mut self, text: &str) -> Result<(), Reason> {
        let mut reader = NsReader::from_str(text);
        let broken = Reason::Structure;
        loop {
            let event = reader.read_event().map_err(|_| broken)?;
            match event {
                Event::Start(start) => {
                    self.flush();
                    self.start(&reader, &start, false)?;
                }
                Event::Empty(start) => {
                    self.flush();
                    self.start(&reader, &start, true)?;
                }
                Event::End(_) => {
                    self.flush();
                    self.end();
                }
                Event::Text(text) => self.text.push_str(&text.into_inner()),
                Event::GeneralRef(name) => {
                    self.text.push('&');
                    self.text.push_str(&name.into_inner());
                    self.text.push(';');
                }
                Event::CData(data) => self.text.push_str(&escape(&*data.into_inner())),
                Event::Comment(_) | Event::PI(_) => self.findings.removed(What::Hidden),
                // The reader reads no other encoding.
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().and_then(Result::ok);
                    if encoding.is_some_and(|name| !name.eq_ignore_ascii_case("utf-8")) {
                        return Err(broken);
                    }
                }
                Event::DocType(_) => return Err(broken),
                Event::Eof => break,
            }
        }
        self.flush();
        if self.open.is_empty() && self.dropped == 0 {
            Ok(())
        } else {
            Err(broken)
        }
    }

    /// Writes the text that was gathered, where text may be.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.is_empty() || self.dropped > 0 {
            return;
        }
        let Some(open) = self.open.last() else {
            if !text.trim().is_empty() {
                self.findings.removed(What::Hidden);
            }
            return;
        };
        let name = open.name.as_str();
        if name == "w:instrText" {
            let plain = unescape(&text).unwrap_or_default();
            self.codes.piece(&plain, self.out.len(), self.findings);
            return;
        }
        if text.trim().is_empty() {
            self.out.push_str(&text);
            return;
        }
        if !open.has_text {
            self.findings.removed(What::Hidden);
            return;
        }
        let Ok(plain) = unescape(&text) else {
            // A reference to something that a document type would name.
            self.findings.removed(What::Hidden);
            return;
        };
        if let Some(what) = tells::text(name) {
            self.findings.removed(what);
            return;
        }
        let parent = self
            .open
            .iter()
            .rev()
            .nth(1)
            .map_or("", |parent| parent.name.as_str());
        if !tells::is_in_place(name, parent) {
            self.findings.removed(What::Hidden);
            return;
        }
        if tells::is_instruction(name) && is_path(&plain) {
            self.findings.removed(What::Path);
            return;
        }
        if name == "office:binary-data" {
            self.findings.left(What::Unchecked, Reason::Unchecked);
        } else if !free_text::has_shown_text(name) && !is_plain_text(&plain) {
            self.findings.removed(What::Hidden);
            return;
        }
        tells::told_text(name, self.findings);
        let in_notes = |open: &Open| open.name == "presentation:notes";
        if self.root == "p:notes" || self.open.iter().any(in_notes) {
            self.findings.left(What::Hidden, Reason::Reviewable);
        }
        let plain = self.without_unseen(&plain);
        // Written as a reader reads it, so that a second time gives the same.
        self.out.push_str(&escape(&*plain));
    }

    /// The name that something has in the vocabulary: `None` where its namespace is not in it.
    fn name(&self, resolved: &ResolveResult<'_>, local: &str, of_element: bool) -> Option<String> {
        match resolved {
            ResolveResult::Bound(space) => {
                let space: &str = (*space).into_inner();
                if space == "http://www.w3.org/XML/1998/namespace" {
                    return Some(format!("xml:{local}"));
                }
                self.vocabulary
                    .prefix(space)
                    .map(|prefix| format!("{prefix}:{local}"))
            }
            ResolveResult::Unbound => Some(local.to_owned()),
            ResolveResult::Unknown(_) => None,
        }
        .filter(|name| !of_element || !name.starts_with("xml:"))
    }

    fn start(
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
            None if matches!(
                name,
                "mc:AlternateContent" | "mc:Choice" | "mc:Fallback" | "xml"
            ) =>
            {
                &nothing
            }
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
            if name.starts_with(COMPATIBLE) || key.starts_with(COMPATIBLE) {
                match self.compatible(reader, name, &key, &value) {
                    Some(value) => write_attribute(&key, &value, &mut attributes),
                    None if key == "Requires" => return Ok(false),
                    None => {}
                }
                continue;
            }
            match self.attribute(known, name, &key, &value) {
                Kept::As(value) => write_attribute(&key, &value, &mut attributes),
                Kept::Not => {}
                Kept::NorElement => return Ok(false),
            }
        }
        tells::told(&self.root, name, start, self.findings);
        if name == "w:fldChar" {
            let kind = tells::value(start, "fldCharType").unwrap_or_default();
            self.codes.sign(&kind, self.labels, self.findings);
        }
        if let Some(parent) = self.open.last_mut() {
            parent.is_chosen |= is_alternative && !empty;
        }
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
        self.out.push_str(&attributes);
        self.out.push_str(if empty { "/>" } else { ">" });
        if !empty {
            self.open.push(Open {
                written: Some(written),
                name: name.to_owned(),
                has_text: known.has_text,
                is_chosen: false,
                start: tag_start,
                content: self.out.len(),
            });
        }
        Ok(true)
    }

    /// Declares all namespaces at the root.
    fn declare(&mut self) {
        for (prefix, uri) in &self.spaces {
            if self.bare == Some(prefix) {
                write_attribute("xmlns", uri, &mut self.out);
            }
        }
        for (prefix, uri) in &self.spaces {
            if self.bare != Some(prefix) {
                write_attribute(&format!("xmlns:{prefix}"), uri, &mut self.out);
            }
        }
    }

    /// Attributes of markup compatibility list prefixes; `None` where nothing is left.
    fn compatible(
        &mut self,
        reader: &NsReader<&[u8]>,
        name: &str,
        key: &str,
        value: &str,
    ) -> Option<String> {
        if !matches!(key, "mc:Ignorable" | "Requires") {
            self.findings.removed(What::Other);
            return None;
        }
        let mut prefixes = Vec::new();
        for written in value.split_whitespace() {
            let qualified = format!("{written}:x");
            let known = match reader.resolver().resolve(QName(&qualified), false).0 {
                ResolveResult::Bound(space) => self.vocabulary.prefix(space.into_inner()),
                _ => None,
            };
            match known {
                Some(prefix) => prefixes.push(prefix),
                // A choice that needs what is not known here is not taken.
                None if name == "mc:Choice" => {
                    self.findings.removed(What::Other);
                    return None;
                }
                None => {}
            }
        }
        (!prefixes.is_empty()).then(|| prefixes.join(" "))
    }

    fn attribute(&mut self, known: &Element, element: &str, key: &str, value: &str) -> Kept {
        let local = key.rsplit(':').next().unwrap_or(key);
        if key.starts_with("r:") || key == "o:relid" {
            return match self.links.id(value) {
                Some(id) => Kept::As(id),
                None if tells::may_lose_link(element) => Kept::Not,
                None => Kept::NorElement,
            };
        }
        if key == "xlink:href" {
            return match self.links.target(element, value) {
                Some(target) => {
                    let place = target.strip_prefix('#');
                    let place = place.and_then(|place| self.labels.instead_of(place));
                    let target = place.map_or(target, |place| format!("#{place}"));
                    if target != value {
                        self.findings.removed(What::Path);
                    }
                    Kept::As(target)
                }
                None => Kept::NorElement,
            };
        }
        match tells::attribute(element, local, value) {
            Verdict::Keep => {}
            Verdict::Nobody => {
                if value.is_empty() || value == NOBODY {
                    return Kept::As(value.to_owned());
                }
                self.findings.removed(What::Author);
                return Kept::As(NOBODY.to_owned());
            }
            Verdict::Empty(what) => {
                if !value.is_empty() {
                    self.findings.removed(what);
                }
                return Kept::As(String::new());
            }
            Verdict::Drop(what) => {
                self.findings.removed(what);
                return Kept::Not;
            }
        }
        let form = match key {
            "xml:space" => Some(Form::Word),
            "xml:lang" | "xml:id" => Some(Form::Text),
            key => self.vocabulary.form(known, key),
        };
        match form {
            Some(Form::Date) if tells::is_content(element) => Kept::As(value.to_owned()),
            Some(Form::Date) => {
                self.findings.removed(What::Date);
                Kept::Not
            }
            Some(Form::Text) => self.free_text(element, key, value),
            Some(_) if key == "xml:space" && matches!(value, "preserve" | "default") => {
                Kept::As(value.to_owned())
            }
            Some(form)
                if fits(self.vocabulary, form, value)
                    && (tells::may_be_long(element, key) || !has_long_number(value)) =>
            {
                Kept::As(value.to_owned())
            }
            _ => {
                self.findings.removed(What::Other);
                Kept::Not
            }
        }
    }

    fn free_text(&mut self, element: &str, key: &str, value: &str) -> Kept {
        if key == "w:instr" {
            let written = fields::reported(value, self.labels, self.findings);
            return Kept::As(written);
        }
        let (kept, what) = match free_text::use_of(element, key) {
            Use::Gone(_) if value.is_empty() => (Some(String::new()), What::Other),
            // Programs write there what the file was called that a picture came from.
            Use::Gone(_) if is_path(value) || is_file_name(value) => (None, What::Path),
            Use::Gone(what) => (None, what),
            Use::Shown if is_path(value) => (Some(String::new()), What::Path),
            Use::Shown => (Some(value.to_owned()), What::Other),
            Use::Code if value.is_empty() || labels::is_code(value) => {
                (Some(value.to_owned()), What::Other)
            }
            Use::Space if self.vocabulary.is_space(value) => (Some(value.to_owned()), What::Other),
            Use::Cells if labels::is_cells(value) => (Some(value.to_owned()), What::Other),
            Use::Drawing => (Some(self.drawing(value)), What::Other),
            Use::Action if is_action(value) => (Some(value.to_owned()), What::Other),
            Use::Code | Use::Space | Use::Action => (None, What::Other),
            Use::Style => (Some(labels::usual_style(value)), What::Other),
            Use::Cells | Use::Name if is_path(value) || is_file_name(value) => {
                (Some(String::new()), What::Path)
            }
            Use::Cells | Use::Name => (Some(self.labels.written(value)), What::Other),
        };
        if kept.as_deref() != Some(value) {
            self.findings.removed(what);
        }
        kept.map_or(Kept::Not, Kept::As)
    }

    /// What draws, with its names replaced.
    fn drawing(&mut self, value: &str) -> String {
        if labels::is_drawing(value) {
            return value.to_owned();
        }
        let words = value.split(' ').map(|word| {
            if labels::is_drawing(word) {
                word.to_owned()
            } else {
                self.labels.written(word)
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// A text without letters that no program shows, which can mark a copy.
    fn without_unseen<'t>(&mut self, text: &'t str) -> std::borrow::Cow<'t, str> {
        let shown = super::super::text::without_marks(text);
        if shown.len() < text.len() {
            self.findings.removed(What::Hidden);
        }
        shown
    }

    fn end(&mut self) {
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

/// Whether the text of an element that nobody sees is a number or a usual name.
fn is_plain_text(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits <= 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    is_number || labels::is_braced_number(text) || labels::is_usual(text)
}

/// Whether there is a whole number in it that is longer than any length or place: it may be a telephone's or a person's.
fn has_long_number(value: &str) -> bool {
    let mut words = value.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    words.any(|word| !word.contains('.') && word.len() > 10)
}

/// Whether a click leads to another slide, or ends the show.
fn is_action(value: &str) -> bool {
    value
        .strip_prefix("ppaction://")
        .is_some_and(labels::is_usual)
}

enum Kept {
    As(String),
    Not,
    /// Without it the element means nothing.
    NorElement,
}

pub(super) fn write_attribute(key: &str, value: &str, out: &mut String) {
    for part in [" ", key, "=\"", &escape_attribute(value), "\""] {
        out.push_str(part);
    }
}

/// Line breaks in a value would be read as blanks.
fn escape_attribute(value: &str) -> String {
    escape(value)
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
        .replace('\t', "&#9;")
}
