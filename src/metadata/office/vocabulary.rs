//! Which elements and attributes documents are made of (`vocabulary/`).

use super::notation::is_braced_number;
use super::usual::is_usual;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Of what form an attribute's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A number with or without a unit, or a switch; several of them.
    Number,
    /// One of a choice of words.
    Word,
    /// Hex digits.
    Hex,
    /// When something was done.
    Date,
    /// Bytes.
    Bytes,
    /// Free text.
    Text,
}

/// What is known of an element.
#[derive(Default)]
pub(super) struct Element {
    /// Whether it holds text.
    pub has_text: bool,
    attributes: Vec<(&'static str, Form)>,
}

/// The elements of a family of formats.
#[derive(Default)]
pub(super) struct Vocabulary {
    /// Prefixes by namespace.
    prefixes: HashMap<&'static str, &'static str>,
    words: HashSet<&'static str>,
    elements: HashMap<&'static str, Element>,
    common: Vec<(&'static str, Form)>,
}

/// Word, Excel, `PowerPoint`, WPS.
pub(super) static OPEN_XML: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(include_str!("vocabulary/open-xml.txt")));
/// Documents of the OASIS standard.
pub(super) static OPEN_DOCUMENT: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(include_str!("vocabulary/open-document.txt")));

const STRICT: &str = "http://purl.oclc.org/ooxml/";

impl Vocabulary {
    fn read(lines: &'static str) -> Self {
        let mut all = Self::default();
        for line in lines.lines() {
            let mut parts = line.split(' ');
            let head = parts.next().unwrap_or_default();
            if let Some(prefix) = head.strip_prefix('@') {
                all.prefixes.extend(parts.next().map(|uri| (uri, prefix)));
            } else if let Some(first) = head.strip_prefix('=') {
                all.words.insert(first);
                all.words.extend(parts);
            } else if !head.starts_with('#') && !head.is_empty() {
                let attributes = parts.filter_map(|part| {
                    let form = match part.as_bytes().first()? {
                        b'n' => Form::Number,
                        b'e' => Form::Word,
                        b'x' => Form::Hex,
                        b'd' => Form::Date,
                        b'b' => Form::Bytes,
                        _ => Form::Text,
                    };
                    Some((part.get(1..)?, form))
                });
                let attributes = attributes.collect();
                if head == "*" {
                    all.common = attributes;
                    continue;
                }
                let name = head.trim_end_matches('!');
                let element = Element {
                    has_text: name.len() < head.len(),
                    attributes,
                };
                all.elements.insert(name, element);
            }
        }
        all
    }

    /// The prefix that a namespace has here; the Strict form of a namespace has the same.
    pub fn prefix(&self, uri: &str) -> Option<&'static str> {
        if let Some(rest) = uri.strip_prefix(STRICT) {
            // "wordprocessingml/main" is "wordprocessingml/2006/main".
            let (family, name) = rest.split_once('/')?;
            let usual = format!("http://schemas.openxmlformats.org/{family}/2006/{name}");
            return self.prefixes.get(usual.as_str()).copied();
        }
        self.prefixes.get(uri).copied()
    }

    /// Whether it names a namespace or an extension: one of the vocabulary, the number of one in braces, or a usual name of
    /// its maker.
    pub fn is_space(&self, uri: &str) -> bool {
        let of_a_maker = [
            "http://schemas.openxmlformats.org/",
            "http://schemas.microsoft.com/office/",
            STRICT,
        ];
        let mut rest = of_a_maker
            .iter()
            .filter_map(|maker| uri.strip_prefix(maker));
        is_braced_number(uri) || self.prefix(uri).is_some() || rest.any(is_usual)
    }

    /// What is known of an element, by its prefix here and its name.
    pub fn element(&self, name: &str) -> Option<&Element> {
        self.elements.get(name)
    }

    /// The form of an element's attribute.
    pub fn form(&self, element: &Element, name: &str) -> Option<Form> {
        let all = element.attributes.iter().chain(&self.common);
        all.clone()
            .find(|(known, _)| *known == name)
            .map(|(_, form)| *form)
    }

    /// Whether a word is one that attributes with a choice may hold.
    pub fn knows(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}
