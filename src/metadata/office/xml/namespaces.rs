//! The namespaces of a part: which are declared in it, under which prefixes they are written, and which of them a program
//! may pass over.

use super::Rewriter;
use super::escape::write_attribute;
use crate::finding::What;
use quick_xml::NsReader;
use quick_xml::name::{QName, ResolveResult};

impl Rewriter<'_> {
    /// Which namespaces are declared anywhere.
    pub(super) fn find_spaces(&mut self, text: &str) {
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

    /// The name that something has in the vocabulary: `None` where its namespace is not in it.
    pub(super) fn name(
        &self,
        resolved: &ResolveResult<'_>,
        local: &str,
        of_element: bool,
    ) -> Option<String> {
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

    /// Declares all namespaces at the root.
    pub(super) fn declare(&mut self) {
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
    pub(super) fn compatible(
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
}
