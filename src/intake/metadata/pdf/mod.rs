//! PDF: written anew from what is known to be harmless. The objects that the document's catalogue leads to are copied,
//! each with the keys that its kind may have ([`rules`]), streams unpacked as far as they can be read; all else stays
//! behind: information, descriptions, earlier versions, what no object leads to, bytes between objects. Of what cannot be
//! read the report says so.

mod content;
mod filters;
mod font;
mod jpeg2000;
mod meaning;
mod names;
mod rules;
mod scan;
mod streams;
mod syntax;
mod unpack;
mod usual;
mod values;
mod write;

use super::finding::{Coverage, Findings};
use scan::Index;

/// The file written anew; as it came where nothing is to be left out, or it cannot be done.
pub(super) fn strip(file: Vec<u8>) -> (Vec<u8>, Findings, Coverage) {
    let mut findings = Findings::default();
    let index = Index::of(&file, &mut findings);
    let written = index.and_then(|index| write::write(&index, &mut findings));
    // What is written was made from the objects alone: nothing of the file is in it that was not looked at.
    let all = Coverage::whole(file.len());
    match written {
        Ok(_) if findings.is_empty() => (file, findings, all),
        Ok(written) => (written, findings, all),
        Err(reason) => (file, findings.undone(reason), Coverage::default()),
    }
}

/// Whether a string is a short word of Latin letters, as languages and collections of letters are named.
fn is_code(string: &[u8]) -> bool {
    const KNOWN: &[&[u8]] = &[
        b"Adobe",
        b"UCS",
        b"UCS2",
        b"Identity",
        b"GB1",
        b"CNS1",
        b"Japan1",
        b"Japan2",
        b"Korea1",
        b"KR",
        b"Manga1",
        b"Marked",
        b"Unmarked",
        b"Review",
        b"Accepted",
        b"Rejected",
        b"Cancelled",
        b"Completed",
        b"None",
        b"",
    ];
    let is_language = string.len() <= 12
        && string
            .split(|byte| *byte == b'-')
            .all(|part| part.len() <= 4)
        && string
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || *byte == b'-');
    is_language || KNOWN.contains(&string)
}
