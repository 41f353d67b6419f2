//! What is left behind, and what is said of it: the document's information, descriptions, entries that may not be there.

use super::super::finding::What;
use super::super::xmp;
use super::filters::Chain;
use super::syntax::Value;
use super::write::Writer;

/// Descriptions are looked into up to this size.
const DESCRIPTION_MAX_BYTES: usize = 4 * 1024 * 1024;

impl<'a> Writer<'a> {
    /// Notes what is left behind with a key.
    pub(super) fn drop(&mut self, bytes: &'a [u8], key: &[u8], value: &Value) {
        let what = match key {
            b"Metadata" => return description(self, bytes, value),
            b"LastModified" | b"CreationDate" | b"ModDate" | b"M" => What::Date,
            b"T" => What::Author,
            b"Thumb" => What::Thumbnail,
            b"NM" | b"ID" => What::History,
            b"Subj" | b"RC" | b"Desc" => What::Comment,
            b"PieceInfo" | b"JavaScript" | b"AA" | b"XFA" => What::Hidden,
            _ => What::Other,
        };
        self.findings.removed(what);
        // What it leads to is left behind with it.
        if let Value::Reference(number) = value {
            self.visited.insert(*number);
        }
    }
}

/// The document's information: who made it, with what, when.
pub(super) fn information(writer: &mut Writer<'_>, bytes: &[u8], value: &Value) {
    let Value::Dict(entries) = value else {
        return;
    };
    for (key, _) in entries {
        writer.findings.removed(match &bytes[key.clone()] {
            b"Author" | b"Company" => What::Author,
            b"Creator" | b"Producer" => What::Software,
            b"CreationDate" | b"ModDate" | b"SourceModified" => What::Date,
            b"Title" | b"Subject" | b"Keywords" | b"Comments" => What::Comment,
            _ => What::Other,
        });
    }
}

/// Says what a description told.
pub(super) fn description<'a>(writer: &mut Writer<'a>, bytes: &'a [u8], value: &Value) {
    if let Value::Reference(number) = value
        && writer.visited.contains(number)
    {
        return;
    }
    let read = || {
        let object = writer.index.resolve(bytes, value)?;
        let chain = Chain::of(object.bytes, &object.value)?;
        let unpacked = chain.unpack(object.bytes.get(object.stream?)?, DESCRIPTION_MAX_BYTES);
        Some(unpacked.ok()?.bytes.into_owned())
    };
    match read() {
        Some(xml) => xmp::look(&xml, writer.findings),
        None => writer.findings.removed(What::Other),
    }
    if let Value::Reference(number) = value {
        writer.visited.insert(*number);
    }
}
