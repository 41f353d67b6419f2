//! Programs that draw a page: read word by word, so that what draws nothing (remarks, notes to other programs, words that
//! mean nothing) is cut out, and names that somebody chose are replaced.

use super::super::finding::{Findings, Reason, What};
use super::names::Names;
use super::syntax::{Lexer, Span, Token, Value, is_space};
use memchr::memmem;

/// Operators with the strings that they draw.
const SHOWS: &[&[u8]] = &[b"Tj", b"TJ", b"'", b"\""];
/// Operators with a note on what is drawn.
const NOTES: &[&[u8]] = &[b"BDC", b"DP"];
/// All others. ISO 32000-1, annex A.
const DRAWS: &[&[u8]] = &[
    b"b", b"B", b"b*", b"B*", b"BI", b"BMC", b"BT", b"BX", b"c", b"cm", b"CS", b"cs", b"d", b"d0",
    b"d1", b"Do", b"EI", b"EMC", b"ET", b"EX", b"f", b"F", b"f*", b"G", b"g", b"gs", b"h", b"i",
    b"ID", b"j", b"J", b"K", b"k", b"l", b"M", b"m", b"MP", b"n", b"q", b"Q", b"re", b"RG", b"rg",
    b"ri", b"s", b"S", b"SC", b"sc", b"SCN", b"scn", b"sh", b"T*", b"Tc", b"Td", b"TD", b"Tf",
    b"TL", b"Tm", b"Tr", b"Ts", b"Tw", b"Tz", b"v", b"w", b"W", b"W*", b"y",
];
/// What a note may hold: text to be read in place of what is drawn, and its language.
const NOTED: &[&[u8]] = &[b"ActualText", b"E", b"Lang", b"MCID"];

/// A piece that is replaced.
type Cut = (Span, Vec<u8>);

/// A program without what draws nothing; `None` where all of it draws.
pub(super) fn clean(program: &[u8], names: &mut Names, findings: &mut Findings) -> Option<Vec<u8>> {
    let mut reader = Reader {
        lexer: Lexer::new(program, 0),
        names,
        cuts: Vec::new(),
        operands: Operands::default(),
    };
    reader.read(findings);
    let Reader {
        lexer, mut cuts, ..
    } = reader;
    for remark in lexer.remarks {
        cuts.push((remark, Vec::new()));
    }
    if cuts.is_empty() {
        return None;
    }
    findings.removed(What::Hidden);
    Some(without(program, cuts))
}

/// `bytes` with each piece replaced.
pub(super) fn without(bytes: &[u8], mut cuts: Vec<Cut>) -> Vec<u8> {
    cuts.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut copied) = (Vec::with_capacity(bytes.len()), 0);
    for (span, instead) in cuts {
        // One cut within another is done with it.
        if span.start < copied {
            continue;
        }
        out.extend_from_slice(&bytes[copied..span.start]);
        out.push(b' ');
        out.extend_from_slice(&instead);
        out.push(b' ');
        copied = span.end;
    }
    out.extend_from_slice(&bytes[copied..]);
    out
}

/// What stands before an operator.
#[derive(Default)]
struct Operands {
    start: Option<usize>,
    strings: bool,
    names: Vec<Span>,
    dicts: Vec<Span>,
    nested: usize,
    dict_from: usize,
}

struct Reader<'a, 'b> {
    lexer: Lexer<'a>,
    names: &'b mut Names,
    cuts: Vec<Cut>,
    operands: Operands,
}

impl Reader<'_, '_> {
    fn read(&mut self, findings: &mut Findings) {
        let bytes = self.lexer.bytes;
        while let Some(token) = self.lexer.token() {
            let end = self.lexer.at;
            let operands = &mut self.operands;
            match token {
                Token::Word(span) => {
                    let is_value = matches!(&bytes[span.clone()], b"true" | b"false" | b"null");
                    if is_value {
                        operands.start.get_or_insert(span.start);
                    } else {
                        self.operator(span, findings);
                    }
                }
                Token::Literal(span) | Token::Hex(span) => {
                    operands.start.get_or_insert(span.start.saturating_sub(1));
                    operands.strings |= operands.nested == 0 && !span.is_empty();
                }
                Token::Number(span) => {
                    operands.start.get_or_insert(span.start);
                }
                Token::Name(span) => {
                    operands.start.get_or_insert(span.start.saturating_sub(1));
                    if operands.nested == 0 {
                        operands.names.push(span);
                    }
                }
                Token::DictOpen => {
                    operands.start.get_or_insert(end - 2);
                    if operands.nested == 0 {
                        operands.dict_from = end - 2;
                    }
                    operands.nested += 1;
                }
                Token::DictClose => {
                    operands.nested = operands.nested.saturating_sub(1);
                    if operands.nested == 0 {
                        operands.dicts.push(operands.dict_from..end);
                    }
                }
                Token::ArrayOpen | Token::ArrayClose => {
                    operands.start.get_or_insert(end - 1);
                }
            }
        }
        // Operands without an operator draw nothing.
        if let Some(start) = self.operands.start {
            self.cuts.push((start..bytes.len(), Vec::new()));
        }
    }

    fn operator(&mut self, span: Span, findings: &mut Findings) {
        let bytes = self.lexer.bytes;
        let word = &bytes[span.clone()];
        let operands = std::mem::take(&mut self.operands);
        let (shows, notes) = (SHOWS.contains(&word), NOTES.contains(&word));
        let known = shows || notes || DRAWS.contains(&word);
        let in_place = (shows || !operands.strings) && (notes || operands.dicts.is_empty());
        if !known || !in_place || operands.nested > 0 {
            let start = operands.start.unwrap_or(span.start);
            self.cuts.push((start..span.end, Vec::new()));
            return;
        }
        for name in operands.names {
            if let Some(instead) = self.names.instead_of(&bytes[name.clone()]) {
                self.cuts.push((name.start - 1..name.end, instead));
            }
        }
        for dict in operands.dicts {
            self.note(dict);
        }
        if word == b"BI" {
            self.picture(findings);
        }
    }

    /// A note's dictionary: text to be read in place of what is drawn stays, all else goes.
    fn note(&mut self, dict: Span) {
        let bytes = self.lexer.bytes;
        let value = Lexer::new(&bytes[..dict.end], dict.start).value();
        let Some(Value::Dict(entries)) = value else {
            self.cuts.push((dict, b"<<>>".to_vec()));
            return;
        };
        let is_known = |(key, value): &(Span, Value)| {
            let is_simple = matches!(value, Value::Literal(_) | Value::Hex(_) | Value::Integer(_));
            is_simple && NOTED.contains(&&bytes[key.clone()])
        };
        if entries.iter().all(is_known) {
            return;
        }
        let number = entries.iter().find_map(|(key, value)| match value {
            Value::Integer(number) if &bytes[key.clone()] == b"MCID" => Some(*number),
            _ => None,
        });
        let kept = number.map_or_else(String::new, |number| format!("/MCID {number}"));
        self.cuts.push((dict, format!("<<{kept}>>").into_bytes()));
    }

    /// A picture within the program, from behind `BI` to behind `EI`.
    fn picture(&mut self, findings: &mut Findings) {
        let bytes = self.lexer.bytes;
        let (mut photo, mut names) = (false, Vec::new());
        while let Some(token) = self.lexer.token() {
            match token {
                Token::Word(span) if &bytes[span.clone()] == b"ID" => break,
                Token::Name(span) => names.push(span),
                Token::Literal(span) | Token::Hex(span) if span.len() > 1024 => {
                    findings.left(What::Unchecked, Reason::Unchecked);
                }
                _ => {}
            }
        }
        for name in names {
            photo |= matches!(&bytes[name], b"DCT" | b"DCTDecode");
        }
        let start = (self.lexer.at + 1).min(bytes.len());
        let mut at = start;
        // The end's word stands alone, and a program goes on behind it.
        let end = loop {
            let Some(found) = memmem::find(&bytes[at..], b"EI") else {
                break bytes.len();
            };
            at += found;
            let before = bytes[at - 1];
            let after = bytes.get(at + 2).copied().unwrap_or(b' ');
            let goes_on = bytes[at + 2..]
                .iter()
                .take(16)
                .all(|byte| byte.is_ascii_graphic() || is_space(*byte));
            if is_space(before) && is_space(after) && goes_on {
                break at;
            }
            at += 2;
        };
        // A photo's own notes are not looked at here.
        if photo {
            findings.left(What::Unchecked, Reason::Unchecked);
        }
        self.lexer.at = (end + 2).min(bytes.len());
    }
}

/// A program that names letters, or a function: without remarks. `None` where it has none.
pub(super) fn without_remarks(program: &[u8], findings: &mut Findings) -> Option<Vec<u8>> {
    let mut lexer = Lexer::new(program, 0);
    let mut cuts = Vec::new();
    while let Some(token) = lexer.token() {
        if let Token::Literal(span) = token
            && !super::is_code(&program[span.clone()])
        {
            cuts.push((span.start - 1..lexer.at, b"()".to_vec()));
        }
    }
    for remark in lexer.remarks {
        cuts.push((remark, b"\n".to_vec()));
    }
    if cuts.is_empty() {
        return None;
    }
    findings.removed(What::Other);
    Some(without(program, cuts))
}
