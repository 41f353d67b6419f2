//! What is met on the way through a file: objects, trailers, and bytes that belong to nothing.

use crate::pdf::syntax::{Lexer, Span, Token, Value, integer};
use memchr::memmem;
use std::collections::HashMap;

/// What is met on the way through a file.
pub(super) enum Met {
    Object {
        number: usize,
        at: usize,
        value: Value,
        stream: Option<Span>,
    },
    Trailer(Value),
    /// Bytes that belong to nothing.
    Strange,
}

/// A way through a file, token by token.
pub(super) struct Walk<'a> {
    pub(super) lexer: Lexer<'a>,
    numbers: [Option<usize>; 2],
}

impl<'a> Walk<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        // Some systems put a byte order mark in front.
        let start = if file.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        Self {
            lexer: Lexer::new(file, start),
            numbers: [None, None],
        }
    }

    pub(super) fn next(&mut self, integers: &HashMap<usize, usize>) -> Option<Met> {
        const BETWEEN: &[&[u8]] = &[b"endobj", b"endstream", b"xref", b"startxref", b"n", b"f"];
        loop {
            let file = self.lexer.bytes;
            match self.lexer.token()? {
                Token::Number(span) => self.numbers = [self.numbers[1], integer(&file[span])],
                Token::Word(word) if &file[word.clone()] == b"obj" => {
                    let at = self.lexer.at;
                    if let (Some(number), Some(value)) = (self.numbers[0], self.lexer.value()) {
                        let stream = stream(&mut self.lexer, &value, integers);
                        self.numbers = [None, None];
                        return Some(Met::Object {
                            number,
                            at,
                            value,
                            stream,
                        });
                    }
                    // Not an object after all: whatever is in there is read as it comes.
                    self.lexer.at = at;
                    return Some(Met::Strange);
                }
                Token::Word(word) if &file[word.clone()] == b"trailer" => {
                    let at = self.lexer.at;
                    if let Some(value) = self.lexer.value() {
                        return Some(Met::Trailer(value));
                    }
                    self.lexer.at = at;
                    return Some(Met::Strange);
                }
                Token::Word(word) if BETWEEN.contains(&&file[word.clone()]) => {
                    self.numbers = [None, None];
                }
                _ => {
                    self.numbers = [None, None];
                    return Some(Met::Strange);
                }
            }
        }
    }
}

/// The stream that follows a dictionary, if one does; the lexer goes behind it.
pub(super) fn stream(
    lexer: &mut Lexer<'_>,
    value: &Value,
    integers: &HashMap<usize, usize>,
) -> Option<Span> {
    if !matches!(value, Value::Dict(_)) {
        return None;
    }
    let file = lexer.bytes;
    let mut ahead = Lexer::new(file, lexer.at);
    let Some(Token::Word(word)) = ahead.token() else {
        return None;
    };
    if &file[word] != b"stream" {
        return None;
    }
    let start = match (file.get(ahead.at), file.get(ahead.at + 1)) {
        (Some(b'\r'), Some(b'\n')) => ahead.at + 2,
        (Some(b'\r' | b'\n'), _) => ahead.at + 1,
        _ => ahead.at,
    };
    let said = match value.get(file, "Length") {
        Some(Value::Integer(length)) => Some(*length),
        Some(Value::Reference(number)) => integers.get(number).copied(),
        _ => None,
    };
    let said = said
        .and_then(|length| start.checked_add(length))
        .filter(|end| ends_at(file, *end));
    let end = said.or_else(|| {
        let rest = file.get(start..)?;
        memmem::find(rest, b"endstream").map(|at| start + at)
    });
    let end = end.unwrap_or(file.len()).max(start.min(file.len()));
    lexer.at = end;
    Some(start.min(end)..end)
}

/// Whether a stream's data may end at `end`: the word follows, behind a line's end at most.
fn ends_at(file: &[u8], end: usize) -> bool {
    let rest = file.get(end..).unwrap_or_default();
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
    let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    rest.starts_with(b"endstream")
}
