//! One part of XML, written anew: elements and attributes of the vocabulary stay where their values are of their form, each
//! under the prefix that the vocabulary gives its namespace; all else is left out.

mod attribute;
mod element;
mod escape;
mod namespaces;
mod text;

use super::fields::Codes;
use super::labels::Labels;
use super::links::Links;
use super::vocabulary::Vocabulary;
use crate::finding::{Findings, Reason, What};
use element::Open;
pub(super) use escape::write_attribute;
use quick_xml::NsReader;
use quick_xml::escape::escape;
use quick_xml::events::Event;
use std::collections::BTreeMap;

/// What the XML of a part begins with.
pub(super) const DECLARATION: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

struct Rewriter<'a> {
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
}
