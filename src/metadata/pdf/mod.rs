//! PDF: written anew from what is known to be harmless. The objects that the document's catalogue leads to are copied,
//! each with the keys that its kind may have ([`rules`]), streams unpacked as far as they can be read; all else stays
//! behind: information, descriptions, earlier versions, what no object leads to, bytes between objects. Of what cannot be
//! read the report says so.

mod actions;
#[cfg(test)]
mod canaries;
mod color_spaces;
mod content;
mod filters;
mod font;
mod inline;
mod jpeg2000;
mod left_behind;
mod letters;
mod marks;
mod measures;
mod names;
mod rules;
mod scan;
mod streams;
mod strings;
mod subtypes;
mod syntax;
mod trees;
mod unpack;
mod uses;
mod usual;
mod values;
mod visibility;
mod write;

use super::account::Coverage;
use super::finding::Findings;
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
    is_language(string) || KNOWN.contains(&string)
}

/// Whether a string is a language by its code, with a script and a country perhaps.
fn is_language(string: &[u8]) -> bool {
    const LANGUAGES: &[&[u8]] = &[
        b"ar", b"bg", b"bo", b"ca", b"cs", b"da", b"de", b"el", b"en", b"es", b"et", b"fa", b"fi",
        b"fr", b"he", b"hi", b"hr", b"hu", b"id", b"it", b"ja", b"ko", b"lt", b"lv", b"ms", b"mn",
        b"nb", b"nl", b"no", b"pl", b"pt", b"ro", b"ru", b"sk", b"sl", b"sr", b"sv", b"th", b"tr",
        b"ug", b"uk", b"ur", b"vi", b"yue", b"zh",
    ];
    const SCRIPTS: &[&[u8]] = &[b"hans", b"hant", b"latn", b"cyrl", b"arab"];
    let code = string.to_ascii_lowercase();
    let mut parts = code.split(|byte| *byte == b'-');
    let is_known = parts
        .next()
        .is_some_and(|language| LANGUAGES.contains(&language));
    is_known
        && string.len() <= 10
        && parts.all(|part| {
            SCRIPTS.contains(&part) || (part.len() == 2 && part.iter().all(u8::is_ascii_lowercase))
        })
}
