//! Every attribute with free text, and every element with text, of the vocabularies that documents are cleaned by, with the
//! word in it: it is gone from a file that is called clean, but for the places that whoever opens the document sees.

mod seen;

use super::mutation::has_canary;
use super::office::{relations, unzipped, zipped};
use super::strip;
use mifeng_metadata::Outcome;
use mifeng_sealing::tip::FileKind;
use seen::{SEEN, SEEN_IN, UNSEEN_TEXT};
use std::fmt::Write as _;
use zip::DateTime;

const OPEN_XML: &str = include_str!("../../../src/metadata/office/vocabulary/open-xml.txt");

const OPEN_DOCUMENT: &str =
    include_str!("../../../src/metadata/office/vocabulary/open-document.txt");

const WORD: &str = "CANARY-MIFENG";

struct Line<'a> {
    name: &'a str,
    has_text: bool,
    attributes: Vec<&'a str>,
}

fn lines(vocabulary: &str) -> impl Iterator<Item = Line<'_>> {
    let lines = vocabulary.lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with(['@', '=', '#']))
        .map(|line| {
            let mut parts = line.split(' ');
            let head = parts.next().unwrap_or_default();
            let free = parts.filter_map(|part| part.strip_prefix(['s', 'p']));
            Line {
                name: head.trim_end_matches('!'),
                has_text: head.ends_with('!'),
                attributes: free.collect(),
            }
        })
}

fn spaces(vocabulary: &str) -> String {
    let mut all = String::new();
    let mut known = std::collections::BTreeSet::new();
    for line in vocabulary.lines().filter_map(|line| line.strip_prefix('@')) {
        let (prefix, uri) = line.split_once(' ').expect("a prefix and a namespace");
        if known.insert(prefix) {
            write!(all, " xmlns:{prefix}=\"{uri}\"").expect("writes");
        }
    }
    all
}

/// A document of Word with this in its body.
fn word_with(body: &str, spaces: &str) -> Vec<u8> {
    let document = format!("<w:document{spaces}><w:body>{body}</w:body></w:document>");
    let roots = relations(&[("rId1", "officeDocument", "word/document.xml")]);
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    zipped(
        &[
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", roots.as_bytes()),
            ("word/document.xml", document.as_bytes()),
        ],
        DateTime::default(),
    )
}

/// A text document of `OpenDocument` with this in its body.
fn text_with(body: &str, spaces: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content{spaces}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    zipped(
        &[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", content.as_bytes()),
        ],
        DateTime::default(),
    )
}

/// Whether the file is called clean with the word in it.
fn leaks(file: &[u8]) -> bool {
    let (out, report) = strip(FileKind::OfficeZip, file);
    let is_clean = !matches!(report.outcome, Outcome::CouldNot(_));
    is_clean
        && unzipped(&out)
            .iter()
            .any(|(_, content)| has_canary(content))
}

#[test]
fn no_attribute_of_word_excel_and_powerpoint_keeps_what_nobody_sees() {
    let spaces = spaces(OPEN_XML);
    let mut missed = Vec::new();
    for line in lines(OPEN_XML) {
        let hidden: Vec<_> = line
            .attributes
            .iter()
            .filter(|key| {
                let at = format!("{}@{key}", line.name);
                !(key.starts_with("r:")
                    || SEEN.contains(key)
                    || key.ends_with("aption")
                    || SEEN_IN.contains(&at.as_str()))
            })
            .collect();
        let mut attributes = String::new();
        for key in &hidden {
            write!(attributes, " {key}=\"{WORD}\"").expect("writes");
        }
        if !hidden.is_empty()
            && leaks(&word_with(
                &format!("<{}{attributes}/>", line.name),
                &spaces,
            ))
        {
            let guilty = hidden.into_iter().filter(|key| {
                leaks(&word_with(
                    &format!("<{} {key}=\"{WORD}\"/>", line.name),
                    &spaces,
                ))
            });
            missed.extend(guilty.map(|key| format!("{}@{key}", line.name)));
        }
        let is_unseen = UNSEEN_TEXT.iter().any(|start| line.name.starts_with(start));
        if line.has_text
            && is_unseen
            && leaks(&word_with(
                &format!("<{0}>{WORD}</{0}>", line.name),
                &spaces,
            ))
        {
            missed.push(line.name.to_owned());
        }
    }
    assert!(missed.is_empty(), "{}: {missed:?}", missed.len());
}

#[test]
fn no_attribute_of_opendocument_keeps_what_nobody_sees() {
    const SEEN: &[&str] = &[
        "table:name",
        "table:title",
        "table:value",
        "form:value",
        "form:label",
        "form:current-value",
        "office:string-value",
        "office:currency",
        "table:formula",
        "anim:formula",
        "table:expression",
        "table:condition",
        "text:condition",
        "style:condition",
        "table:cell-range",
        "table:source-field-name",
        "table:data-field",
        "table:member-name",
        "table:field-name",
        "form:linked-cell",
        "form:source-cell-range",
        "fo:font-family",
        "svg:font-family",
        "number:decimal-replacement",
    ];
    const SEEN_ENDS: &[&str] = &[
        "-address",
        "-addresses",
        "-range",
        "-ranges",
        "-char",
        ":char",
        "-prefix",
        "-suffix",
        ":prefix",
        ":suffix",
        "num-format",
        "leader-text",
        "text-line-through-text",
        "font-family-asian",
        "font-family-complex",
        "font-adornments",
        "font-style-name",
        "font-style-name-asian",
        "font-style-name-complex",
    ];
    let spaces = spaces(OPEN_DOCUMENT);
    let mut missed = Vec::new();
    let common = lines(OPEN_DOCUMENT)
        .find(|line| line.name == "*")
        .expect("common attributes");
    let is_hidden =
        |key: &&&str| !(SEEN.contains(*key) || SEEN_ENDS.iter().any(|end| key.ends_with(end)));
    for key in common.attributes.iter().filter(is_hidden) {
        for element in [
            "text:span",
            "draw:frame",
            "style:style",
            "text:section",
            "form:text",
        ] {
            if leaks(&text_with(
                &format!("<{element} {key}=\"{WORD}\"/>"),
                &spaces,
            )) {
                missed.push(format!("{element}@{key}"));
            }
        }
    }
    for name in [
        "office:binary-data",
        "svg:title",
        "svg:desc",
        "table:desc",
        "text:script",
        "text:description",
    ] {
        if leaks(&text_with(&format!("<{name}>{WORD}</{name}>"), &spaces)) {
            missed.push(name.to_owned());
        }
    }
    assert!(missed.is_empty(), "{}: {missed:?}", missed.len());
}

#[test]
fn instructions_of_fields_keep_nothing_that_is_not_on_the_page() {
    let spaces = spaces(OPEN_XML);
    let sign = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let piece =
        |text: &str| format!("<w:r><w:instrText xml:space=\"preserve\">{text}</w:instrText></w:r>");
    let result = "<w:r><w:t>Text stays</w:t></w:r>";
    for code in [
        "AUTHOR",
        "DOCPROPERTY",
        "ADDIN ZOTERO_ITEM",
        "COMMENTS",
        "FILENAME \\p",
        "USERNAME",
        "MERGEFIELD",
        "QUOTE",
        "IF 1=1",
        "HYPERLINK \\l",
        "HYPERLINK \"https://example.org\" \\o",
        "PAGEREF",
        "REF",
        "SEQ",
        "TOC \\t",
        "XE",
        "TC",
        "SET a",
        "ASK a",
        "FILLIN",
        "MACROBUTTON a",
        "PRIVATE",
        "STYLEREF",
        "DATE \\@",
        "SYMBOL 40 \\f",
        "=",
    ] {
        // Whole, in pieces, in another field, and in the short form.
        let whole = format!("{code} {WORD}");
        let (before, behind) = whole.split_at(whole.len() - 5);
        let bodies = [
            format!(
                "<w:p>{}{}{}{result}{}</w:p>",
                sign("begin"),
                piece(&whole),
                sign("separate"),
                sign("end")
            ),
            format!(
                "<w:p>{}{}{}{}{result}{}</w:p>",
                sign("begin"),
                piece(before),
                piece(behind),
                sign("separate"),
                sign("end")
            ),
            format!(
                "<w:p>{0}{1}{0}{2}{3}{3}</w:p>",
                sign("begin"),
                piece(" PAGE "),
                piece(&whole),
                sign("end")
            ),
            format!(
                "<w:p><w:fldSimple w:instr=\"{}\">{result}</w:fldSimple></w:p>",
                whole.replace('"', "&quot;")
            ),
            format!("<w:p>{}</w:p>", piece(&whole)),
            format!("<w:p>{}{}</w:p>", sign("begin"), piece(&whole)),
        ];
        for body in bodies {
            let file = word_with(
                &body
                    .replace("\"https", "&quot;https")
                    .replace("org\"", "org&quot;"),
                &spaces,
            );
            assert!(!leaks(&file), "{code}: {body}");
        }
    }
}

#[test]
fn of_what_a_program_chooses_between_one_is_left() {
    let spaces = spaces(OPEN_XML);
    let shown = "<mc:Choice Requires=\"wps\"><w:t>Text stays</w:t></mc:Choice>";
    for other in [
        format!("<mc:Fallback><w:t>{WORD}</w:t></mc:Fallback>"),
        format!("<mc:Choice Requires=\"wps\"><w:t>{WORD}</w:t></mc:Choice>"),
    ] {
        let body = format!(
            "<w:p><w:r><mc:AlternateContent>{shown}{other}</mc:AlternateContent></w:r></w:p>"
        );
        assert!(!leaks(&word_with(&body, &spaces)), "{other}");
    }
}

#[test]
fn what_is_switched_off_is_told() {
    let spaces = spaces(OPEN_XML);
    for body in [
        format!("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{WORD}</w:t></w:r></w:p>"),
        format!("<wp:docPr id=\"1\" hidden=\"1\"/><w:t>{WORD}</w:t>"),
        format!("<p:cNvPr id=\"1\" hidden=\"true\"/><a:t>{WORD}</a:t>"),
        format!("<v:shape style=\"width:1pt;visibility: hidden\"><w:t>{WORD}</w:t></v:shape>"),
        format!("<x:numFmt numFmtId=\"1\" formatCode=\";;;\"/><x:v>{WORD}</x:v>"),
        format!("<x:definedName name=\"a\" hidden=\"1\">{WORD}</x:definedName>"),
    ] {
        assert!(!leaks(&word_with(&body, &spaces)), "{body}");
    }
    let spaces = self::spaces(OPEN_DOCUMENT);
    for body in [
        format!(
            "<text:p><text:hidden-text text:is-hidden=\"true\">{WORD}</text:hidden-text></text:p>"
        ),
        format!("<text:section text:display=\"none\"><text:p>{WORD}</text:p></text:section>"),
    ] {
        assert!(!leaks(&text_with(&body, &spaces)), "{body}");
    }
}
