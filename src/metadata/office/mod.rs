//! Documents of office programs: a ZIP of XML parts, written anew from what is known to be harmless. Of Word, Excel and
//! `PowerPoint` the parts that the main part leads to by relations of known kinds; of `OpenDocument` those that a document
//! has by name. XML is read by its namespaces and copied by a vocabulary; pictures by their content. All else stays behind,
//! or is told where it may be what its sender wanted to send. Names in the text stay.

mod archive;
mod fields;
mod free_text;
mod hidden_content;
mod labels;
mod links;
mod media;
mod notation;
mod open_document;
mod open_xml;
mod package;
mod properties;
mod tells;
mod usual;
mod value;
mod vocabulary;
mod xml;

use super::account::Coverage;
use super::finding::{Findings, Reason, What};
use archive::Source;

/// The file written anew; as it came where that cannot be done.
pub(super) fn strip(file: Vec<u8>) -> (Vec<u8>, Findings, Coverage) {
    let (mut findings, all) = (Findings::default(), Coverage::whole(file.len()));
    match rewrite(&file, &mut findings) {
        // What would be written is what came.
        Ok(written) if written == file => (file, findings, all),
        Ok(written) => {
            // Only the bytes between the parts, or how they are packed.
            if findings.is_empty() {
                findings.removed(What::Other);
            }
            (written, findings, all)
        }
        Err(reason) => (file, findings.undone(reason), Coverage::default()),
    }
}

fn rewrite(file: &[u8], findings: &mut Findings) -> Result<Vec<u8>, Reason> {
    let mut source = Source::open(file, findings)?;
    let names = source.names();
    let has = |start: &str| {
        names
            .iter()
            .any(|name| name.to_lowercase().starts_with(start))
    };
    // Any change would break a signature.
    if has("_xmlsignatures/") || has("meta-inf/documentsignatures") {
        return Err(Reason::Signed);
    }
    if source.find("[Content_Types].xml").is_some() {
        open_xml::rewrite(&mut source, file.len(), findings)
    } else if source.find("mimetype").is_some() {
        open_document::rewrite(&mut source, file.len(), findings)
    } else {
        Err(Reason::Structure)
    }
}
