//! What is overwritten, object by object.

use super::super::finding::{Findings, Reason, What};
use super::super::{jpeg, xmp};
use super::flate::{deflate_to, inflate};
use super::scan::{Object, Stream};
use super::syntax::{Lexer, Span, Value, integer};
use std::collections::HashSet;

/// Packed groups of objects, and packed descriptions, are looked into up to this size.
const UNPACKED_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Marks of markup annotations: notes, highlights, stamps carry their writer's name.
const MARKUP: &[&str] = &[
    "Text",
    "FreeText",
    "Highlight",
    "Underline",
    "Squiggly",
    "StrikeOut",
    "Stamp",
    "Ink",
    "Popup",
    "Line",
    "Square",
    "Circle",
    "Polygon",
    "PolyLine",
    "Caret",
    "FileAttachment",
    "Sound",
    "Redact",
];

/// Goes through the objects and overwrites what tells.
pub(super) struct Eraser<'a> {
    infos: &'a HashSet<usize>,
    seen: HashSet<usize>,
    closed: bool,
    findings: Findings,
}

/// Strings to be overwritten, with what they tell.
type Erasures = Vec<(What, Span, bool)>;

impl<'a> Eraser<'a> {
    pub fn new(infos: &'a HashSet<usize>) -> Self {
        Self {
            infos,
            seen: HashSet::new(),
            closed: false,
            findings: Findings::default(),
        }
    }

    /// What was found, once all objects were visited.
    pub fn finish(mut self) -> Findings {
        let missing = self.infos.iter().any(|info| !self.seen.contains(info));
        // The information a trailer names may be in a group that did not open.
        if missing && self.closed {
            self.findings.could_not(Reason::Structure);
        }
        self.findings
    }

    pub fn visit(&mut self, file: &mut [u8], object: &Object) {
        let erasures = self.erasures(file, object.number, &object.value);
        self.erase(file, erasures);
        if let Some(stream) = &object.stream {
            self.stream(file, &object.value, stream);
        }
    }

    fn stream(&mut self, file: &mut [u8], dict: &Value, stream: &Stream) {
        let filter = Filter::of(file, dict);
        if dict.is(file, "Type", "Metadata") || dict.is(file, "Subtype", "XML") {
            self.description(&mut file[stream.span.clone()], filter, stream.certain);
        } else if dict.is(file, "Type", "ObjStm") {
            if self.group(file, dict, stream, filter).is_none() {
                self.closed = true;
            }
        } else if dict.is(file, "Type", "EmbeddedFile") {
            self.findings.left(What::Hidden, Reason::Embedded);
        } else if filter == Filter::Jpeg {
            jpeg::blank(&mut file[stream.span.clone()], &mut self.findings);
        }
    }

    /// An XMP packet.
    fn description(&mut self, data: &mut [u8], filter: Filter, certain: bool) {
        match filter {
            Filter::None => {
                xmp::look(data, &mut self.findings);
                data.fill(b' ');
            }
            Filter::Flate if certain => {
                let plain = inflate(data, UNPACKED_MAX_BYTES);
                xmp::look(plain.as_deref().unwrap_or(data), &mut self.findings);
                match deflate_to(b"", data.len()) {
                    Some(packed) => data.copy_from_slice(&packed),
                    None => self.findings.left(What::Other, Reason::Structure),
                }
            }
            _ => self.findings.left(What::Other, Reason::Structure),
        }
    }

    /// A group of objects, packed together. `None` where it does not open.
    fn group(
        &mut self,
        file: &mut [u8],
        dict: &Value,
        stream: &Stream,
        filter: Filter,
    ) -> Option<()> {
        let data = file.get(stream.span.clone())?;
        let mut plain = match filter {
            Filter::None => data.to_vec(),
            Filter::Flate => inflate(data, UNPACKED_MAX_BYTES)?,
            _ => return None,
        };
        let (Value::Integer(count), Value::Integer(first)) =
            (dict.get(file, "N")?, dict.get(file, "First")?)
        else {
            return None;
        };
        let index: Vec<usize> = plain
            .get(..*first)?
            .split(u8::is_ascii_whitespace)
            .filter_map(integer)
            .take(count.saturating_mul(2))
            .collect();
        let mut erasures = Vec::new();
        for pair in index.chunks_exact(2) {
            let at = first.checked_add(pair[1])?.min(plain.len());
            if let Some(value) = Lexer::new(&plain, at).value() {
                erasures.extend(self.erasures(&plain, pair[0], &value));
            }
        }
        erasures.retain(|(_, span, hex)| !is_blank(&plain[span.clone()], *hex));
        let found: Vec<What> = erasures.iter().map(|(what, ..)| *what).collect();
        if found.is_empty() {
            return Some(());
        }
        for (_, span, hex) in erasures {
            fill(&mut plain[span], hex);
        }
        let packed = match filter {
            Filter::None => Some(plain),
            _ if stream.certain => deflate_to(&plain, data.len()),
            _ => None,
        };
        for what in found {
            match packed {
                Some(_) => self.findings.removed(what),
                None => self.findings.left(what, Reason::Structure),
            }
        }
        if let Some(packed) = packed {
            file[stream.span.clone()].copy_from_slice(&packed);
        }
        Some(())
    }

    /// What in an object is to be overwritten.
    fn erasures(&mut self, bytes: &[u8], number: usize, value: &Value) -> Erasures {
        let mut erasures = Vec::new();
        if self.infos.contains(&number) {
            self.seen.insert(number);
            self.information(bytes, value, &mut erasures);
        } else {
            self.anywhere(bytes, value, &mut erasures);
        }
        erasures
    }

    /// The document's information: every string in it.
    fn information(&mut self, bytes: &[u8], value: &Value, erasures: &mut Erasures) {
        let Value::Dict(entries) = value else { return };
        for (key, value) in entries {
            let what = match &bytes[key.clone()] {
                b"Author" | b"Company" => What::Author,
                b"Creator" | b"Producer" => What::Software,
                b"CreationDate" | b"ModDate" | b"SourceModified" => What::Date,
                b"Title" | b"Subject" | b"Keywords" | b"Comments" => What::Comment,
                _ => What::Other,
            };
            if matches!(value, Value::Reference(_)) {
                // Elsewhere, and perhaps used by others too.
                self.findings.left(what, Reason::Structure);
            }
            strings(value, what, erasures);
        }
    }

    /// Any other object: dates, names on annotations, programs' private data.
    fn anywhere(&mut self, bytes: &[u8], value: &Value, erasures: &mut Erasures) {
        match value {
            Value::Array(items) => {
                for item in items {
                    self.anywhere(bytes, item, erasures);
                }
            }
            Value::Dict(entries) => {
                let markup = MARKUP.iter().any(|mark| value.is(bytes, "Subtype", mark));
                for (key, value) in entries {
                    match &bytes[key.clone()] {
                        b"LastModified" | b"CreationDate" | b"ModDate" => {
                            strings(value, What::Date, erasures);
                        }
                        b"M" if markup => strings(value, What::Date, erasures),
                        b"T" if markup => strings(value, What::Author, erasures),
                        b"PieceInfo" => self.findings.left(What::Hidden, Reason::Structure),
                        _ => {}
                    }
                    self.anywhere(bytes, value, erasures);
                }
            }
            _ => {}
        }
    }

    fn erase(&mut self, bytes: &mut [u8], erasures: Erasures) {
        for (what, span, hex) in erasures {
            if !is_blank(&bytes[span.clone()], hex) {
                self.findings.removed(what);
                fill(&mut bytes[span], hex);
            }
        }
    }
}

/// All strings in a value.
fn strings(value: &Value, what: What, erasures: &mut Erasures) {
    match value {
        Value::Literal(span) => erasures.push((what, span.clone(), false)),
        Value::Hex(span) => erasures.push((what, span.clone(), true)),
        Value::Array(items) => {
            for item in items {
                strings(item, what, erasures);
            }
        }
        Value::Dict(entries) => {
            for (_, value) in entries {
                strings(value, what, erasures);
            }
        }
        _ => {}
    }
}

/// A string of spaces, in hex digits or not.
fn blank_byte(index: usize, hex: bool) -> u8 {
    match (hex, index % 2) {
        (false, _) => b' ',
        (true, 0) => b'2',
        (true, _) => b'0',
    }
}

fn is_blank(string: &[u8], hex: bool) -> bool {
    string
        .iter()
        .enumerate()
        .all(|(index, byte)| *byte == blank_byte(index, hex))
}

fn fill(string: &mut [u8], hex: bool) {
    for (index, byte) in string.iter_mut().enumerate() {
        *byte = blank_byte(index, hex);
    }
}

/// How a stream is packed, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    None,
    Flate,
    Jpeg,
    Other,
}

impl Filter {
    fn of(file: &[u8], dict: &Value) -> Self {
        if dict
            .get(file, "DecodeParms")
            .is_some_and(|parms| !matches!(parms, Value::Other))
        {
            return Self::Other;
        }
        let name = match dict.get(file, "Filter") {
            None => return Self::None,
            Some(Value::Array(names)) if names.is_empty() => return Self::None,
            Some(Value::Array(names)) if names.len() == 1 => &names[0],
            Some(value) => value,
        };
        match name {
            Value::Name(span) if &file[span.clone()] == b"FlateDecode" => Self::Flate,
            Value::Name(span) if &file[span.clone()] == b"DCTDecode" => Self::Jpeg,
            _ => Self::Other,
        }
    }
}
