//! Takes names, dates and marks out of an XML part's tags. All else is copied byte for byte, so that nothing is lost that
//! is not known here.

use super::super::finding::{Findings, What};
use super::parts;

/// Attributes that name a person, in Word, Excel and `PowerPoint`.
const NAMES: &[&str] = &[
    "w:author",
    "w15:author",
    "w:initials",
    "w15:userId",
    "userName",
    "displayName",
    "userId",
    "initials",
];
/// What Word itself writes where it removes a name.
const NOBODY: &str = "Author";
/// Dates of changes and comments.
const DATES: &[&str] = &[
    "w:date",
    "w16du:dateUtc",
    "w16cex:dateUtc",
    "dT",
    "dt",
    "created",
    "modified",
];

/// What differs between parts.
pub(super) struct Rules {
    /// Comments and their authors: `name`, `dt` and the like are a person's.
    people: bool,
    /// Lists which parts belong together.
    relations: bool,
}

impl Rules {
    /// For the part called `name`.
    pub fn of(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let people = ["comment", "people", "persons", "authors", "revisions"];
        Self {
            people: people.iter().any(|word| name.contains(word)),
            relations: parts::is_relations(&name),
        }
    }
}

/// Notes what a part of properties tells; false where it tells nothing.
pub(super) fn properties(xml: &[u8], findings: &mut Findings) -> bool {
    const TOLD: &[(What, &[&str])] = &[
        (
            What::Author,
            &["creator", "lastModifiedBy", "Company", "Manager"],
        ),
        (What::Software, &["Application", "AppVersion", "Template"]),
        (
            What::Date,
            &["created", "modified", "lastPrinted", "TotalTime"],
        ),
        (
            What::Comment,
            &["title", "subject", "description", "keywords", "category"],
        ),
        (What::History, &["revision"]),
        (What::Other, &["property"]),
    ];
    let mut any = false;
    for tag in tags(xml) {
        let tag = &xml[tag];
        if tag.starts_with(b"</") || tag.starts_with(b"<?") {
            continue;
        }
        let name = tag_name(tag);
        let local = name.rsplit(':').next().unwrap_or(name);
        let told = TOLD.iter().find(|(_, names)| names.contains(&local));
        if let Some((what, _)) = told {
            findings.removed(*what);
            any = true;
        } else if !matches!(local, "coreProperties" | "Properties") {
            // Counts of pages and words, names of headings.
            findings.removed(What::Other);
            any = true;
        }
    }
    any
}

/// The part without what tells; `None` where it is not XML in a form that can be read here.
pub(super) fn rewrite(xml: &[u8], rules: &Rules, findings: &mut Findings) -> Option<Vec<u8>> {
    // UTF-16 has zeros between its letters.
    if xml.iter().take(64).any(|byte| *byte == 0) {
        return None;
    }
    let mut out = Vec::with_capacity(xml.len());
    let (mut copied, mut text_dropped) = (0, false);
    for span in tags(xml) {
        let tag = &xml[span.clone()];
        let text = &xml[copied..span.start];
        if text_dropped && !text.is_empty() {
            findings.removed(What::Author);
        } else {
            out.extend_from_slice(text);
        }
        copied = span.end;
        let name = tag_name(tag);
        // Excel lists the writers of comments as text.
        text_dropped = rules.people && name == "author" && !tag.ends_with(b"/>");
        match verdict(name, tag, rules) {
            Verdict::Drop(what) => findings.removed(what),
            Verdict::Skip => {}
            Verdict::Keep => attributes(name, tag, rules, findings, &mut out),
        }
    }
    out.extend_from_slice(&xml[copied..]);
    Some(out)
}

enum Verdict {
    Keep,
    Drop(What),
    Skip,
}

/// Whether a tag stays.
fn verdict(name: &str, tag: &[u8], rules: &Rules) -> Verdict {
    let has = |word: &str| super::super::bytes::contains(tag, word);
    match name {
        // Marks of editing sessions: files with a mark in common were edited on one machine.
        "w:rsid" | "w:rsidRoot" => Verdict::Drop(What::History),
        "x15ac:absPath" => Verdict::Drop(What::Author),
        // Found and told where the parts themselves are left out.
        "Relationship" if rules.relations && (has("/thumbnail\"") || has("/printerSettings\"")) => {
            Verdict::Skip
        }
        _ => Verdict::Keep,
    }
}

/// Writes a tag, its attributes filtered.
fn attributes(name: &str, tag: &[u8], rules: &Rules, findings: &mut Findings, out: &mut Vec<u8>) {
    let template = rules.relations
        && name == "Relationship"
        && super::super::bytes::contains(tag, "/attachedTemplate\"");
    let mut at = 1 + name.len();
    out.extend_from_slice(&tag[..at.min(tag.len())]);
    while let Some(attribute) = Attribute::next(tag, at) {
        let key = std::str::from_utf8(&tag[attribute.key.clone()]).unwrap_or_default();
        let value = &tag[attribute.value.clone()];
        let person = NAMES.contains(&key) || rules.people && key == "name";
        if key.starts_with("w:rsid") {
            findings.removed(What::History);
        } else if DATES.contains(&key) && (rules.people || key.contains(':')) {
            findings.removed(What::Date);
        } else if name == "pageSetup" && key == "r:id" {
            // Points to the printer's settings.
        } else if person && !value.is_empty() && value != NOBODY.as_bytes() {
            findings.removed(What::Author);
            attribute.write(tag, NOBODY.as_bytes(), out);
        } else if template && key == "Target" && value != b"Normal.dotm" {
            findings.removed(What::Author);
            attribute.write(tag, b"Normal.dotm", out);
        } else {
            out.extend_from_slice(&tag[attribute.whole.clone()]);
        }
        at = attribute.whole.end;
    }
    out.extend_from_slice(tag.get(at..).unwrap_or_default());
}

type Span = std::ops::Range<usize>;

/// An attribute in a tag, with the space before it.
struct Attribute {
    whole: Span,
    key: Span,
    value: Span,
}

impl Attribute {
    fn next(tag: &[u8], from: usize) -> Option<Self> {
        let rest = tag.get(from..)?;
        let start = from + rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let equals = start + memchr::memchr(b'=', &tag[start..])?;
        let key = tag[start..equals].trim_ascii_end();
        let quote = equals
            + 1
            + tag[equals + 1..]
                .iter()
                .position(|byte| !byte.is_ascii_whitespace())?;
        let mark = tag[quote];
        if mark != b'"' && mark != b'\'' || key.contains(&b'<') {
            return None;
        }
        let end = quote + 1 + memchr::memchr(mark, &tag[quote + 1..])?;
        Some(Self {
            whole: from..end + 1,
            key: start..start + key.len(),
            value: quote + 1..end,
        })
    }

    fn write(&self, tag: &[u8], value: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(&tag[self.whole.start..self.value.start]);
        out.extend_from_slice(value);
        out.extend_from_slice(&tag[self.value.end..self.whole.end]);
    }
}

/// The name in a tag; empty for comments and declarations, which are copied as they are.
fn tag_name(tag: &[u8]) -> &str {
    let inner = tag.get(1..).unwrap_or_default();
    let end = inner
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
    let name = &inner[..end.unwrap_or(inner.len())];
    match name.first() {
        Some(b'!' | b'?') | None => "",
        Some(_) => std::str::from_utf8(name).unwrap_or_default(),
    }
}

/// The tags, comments and declarations of an XML text, in order.
fn tags(xml: &[u8]) -> impl Iterator<Item = Span> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + memchr::memchr(b'<', xml.get(at..)?)?;
        let rest = &xml[start..];
        let closing: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<![CDATA[") {
            b"]]>"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else {
            at = start + tag_end(rest)?;
            return Some(start..at);
        };
        at = start + memchr::memmem::find(rest, closing)? + closing.len();
        Some(start..at)
    })
}

/// Where a tag ends: at the first `>` outside quotes.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.iter().enumerate() {
        match (quote, *byte) {
            (None, b'>') => return Some(at + 1),
            (None, mark @ (b'"' | b'\'')) => quote = Some(mark),
            (Some(mark), byte) if mark == byte => quote = None,
            _ => {}
        }
    }
    None
}
