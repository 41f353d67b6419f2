//! Going through a program word by word: which operators are known, what they draw with, and what is cut out.

use super::Cut;
use crate::finding::Findings;
use crate::pdf::names::Names;
use crate::pdf::strings::plain_string;
use crate::pdf::syntax::{Lexer, Span, Token, Value, plain_name};
use crate::pdf::values::is_number;
use crate::pdf::{inline, is_code};

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
/// Operators that take something by its name, and the part of the resources where it is.
const TAKES: &[(&[u8], &str)] = &[
    (b"Tf", "Font"),
    (b"Do", "XObject"),
    (b"gs", "ExtGState"),
    (b"CS", "ColorSpace"),
    (b"cs", "ColorSpace"),
    (b"SCN", "Pattern"),
    (b"scn", "Pattern"),
    (b"sh", "Shading"),
    (b"BDC", "Properties"),
    (b"DP", "Properties"),
];

/// What stands before an operator.
#[derive(Default)]
struct Operands {
    start: Option<usize>,
    strings: bool,
    /// Where each operand begins.
    tops: Vec<usize>,
    arrays: usize,
    last_number: Option<Span>,
    names: Vec<Span>,
    dicts: Vec<Span>,
    nested: usize,
    dict_from: usize,
}

impl Operands {
    /// Another operand, or a part of one, begins at `at`.
    fn begin(&mut self, at: usize) {
        self.start.get_or_insert(at);
        if self.nested == 0 && self.arrays == 0 {
            self.tops.push(at);
        }
    }
}

/// Reads a program, and gathers what is to be cut out of it.
pub(super) struct Reader<'a, 'b> {
    pub(super) lexer: Lexer<'a>,
    names: &'b mut Names,
    layers: bool,
    pub(super) cuts: Vec<Cut>,
    operands: Operands,
    pub(super) uses: Vec<(&'static str, Vec<u8>)>,
    /// Whether letters are drawn unseen, of each state that is kept (`q`).
    pub(super) modes: Vec<bool>,
    pub(super) letters: bool,
    pub(super) unseen: bool,
}

impl<'a, 'b> Reader<'a, 'b> {
    pub(super) fn new(program: &'a [u8], layers: bool, names: &'b mut Names) -> Self {
        Self {
            lexer: Lexer::new(program, 0),
            names,
            layers,
            cuts: Vec::new(),
            operands: Operands::default(),
            uses: Vec::new(),
            modes: vec![false],
            letters: false,
            unseen: false,
        }
    }

    /// Reads the program to its end.
    pub(super) fn read(&mut self, findings: &mut Findings) {
        let bytes = self.lexer.bytes;
        while let Some(token) = self.lexer.token() {
            let end = self.lexer.at;
            let operands = &mut self.operands;
            match token {
                Token::Word(span) => {
                    let is_value = matches!(&bytes[span.clone()], b"true" | b"false" | b"null");
                    if is_value {
                        operands.begin(span.start);
                    } else {
                        self.operator(span, findings);
                    }
                }
                Token::Literal(span) | Token::Hex(span) => {
                    operands.begin(span.start.saturating_sub(1));
                    operands.strings |= operands.nested == 0 && !span.is_empty();
                }
                Token::Number(span) => {
                    operands.begin(span.start);
                    if is_number(&bytes[span.clone()]) {
                        operands.last_number = Some(span);
                    } else {
                        self.cuts.push((span, b"0".to_vec()));
                    }
                }
                Token::Name(span) => {
                    operands.begin(span.start.saturating_sub(1));
                    if operands.nested == 0 {
                        operands.names.push(span);
                    }
                }
                Token::DictOpen => {
                    operands.begin(end - 2);
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
                Token::ArrayOpen => {
                    operands.begin(end - 1);
                    operands.arrays += 1;
                }
                Token::ArrayClose => {
                    operands.start.get_or_insert(end - 1);
                    operands.arrays = operands.arrays.saturating_sub(1);
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
        let start = operands.start.unwrap_or(span.start);
        let (shows, notes) = (SHOWS.contains(&word), NOTES.contains(&word));
        let known = shows || notes || DRAWS.contains(&word);
        let in_place = (shows || !operands.strings) && (notes || operands.dicts.is_empty());
        if !known || !in_place || operands.nested > 0 {
            self.cuts.push((start..span.end, Vec::new()));
            return;
        }
        // A note by its name is a layer's, or nothing.
        if notes && operands.dicts.is_empty() && !self.layers {
            let instead: &[u8] = if word == b"BDC" { b"/Span BMC" } else { b"" };
            self.cuts.push((start..span.end, instead.to_vec()));
            return;
        }
        if shows {
            self.shown(word, &operands);
        }
        self.mode(word, &operands);
        let takes = TAKES.iter().find(|(operator, _)| *operator == word);
        if let (Some((_, part)), Some(name)) = (takes, operands.names.last()) {
            let name = plain_name(&bytes[name.clone()]).into_owned();
            self.uses.push((part, name));
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
            let names = inline::read(&mut self.lexer, self.names, &mut self.cuts, findings);
            let names = names.into_iter().map(|name| ("ColorSpace", name));
            self.uses.extend(names);
        }
    }

    /// Letters are drawn: of the last operands alone, whatever stands before them.
    fn shown(&mut self, word: &[u8], operands: &Operands) {
        let takes = if word == b"\"" { 3 } else { 1 };
        if let Some(extra) = operands.tops.len().checked_sub(takes).filter(|it| *it > 0) {
            let (from, to) = (operands.tops[0], operands.tops[extra]);
            self.cuts.push((from..to, Vec::new()));
        }
        self.letters |= operands.strings;
        self.unseen |= operands.strings && self.modes.last() == Some(&true);
    }

    /// Follows in which mode letters are drawn, for what is drawn by others as well.
    fn mode(&mut self, word: &[u8], operands: &Operands) {
        let now = self.modes.last().copied().unwrap_or_default();
        match word {
            b"q" if self.modes.len() < 4096 => self.modes.push(now),
            b"Q" if self.modes.len() > 1 => drop(self.modes.pop()),
            b"Tr" => {
                let number = operands.last_number.clone();
                // Of operands that are not what they must be, each viewer makes something else.
                let number = number.filter(|span| operands.tops.last() == Some(&span.start));
                let number = number.map(|span| &self.lexer.bytes[span]);
                let is_seen = number.is_some_and(|number| {
                    matches!(number, b"0" | b"1" | b"2" | b"4" | b"5" | b"6")
                });
                if let Some(mode) = self.modes.last_mut() {
                    *mode = !is_seen;
                }
            }
            b"Do" => {
                self.letters = true;
                self.unseen |= now;
            }
            _ => {}
        }
    }

    /// A note's dictionary: which piece of the page this is, and its language. All else goes, text to be read in place of
    /// what is drawn as well.
    fn note(&mut self, dict: Span) {
        let bytes = self.lexer.bytes;
        let value = Lexer::new(&bytes[..dict.end], dict.start).value();
        let Some(Value::Dict(entries)) = value else {
            self.cuts.push((dict, b"<<>>".to_vec()));
            return;
        };
        let is_known = |(key, value): &(Span, Value)| match &bytes[key.clone()] {
            b"MCID" => matches!(value, Value::Integer(_)),
            b"Lang" => is_code(&plain_string(bytes, value)),
            _ => false,
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
}
