//! PDF's grammar, as far as finding things in a file needs it: tokens, values, objects.

use std::ops::Range;

/// Values nest no deeper in files that mean well.
const DEPTH_MAX: usize = 48;

/// A value with more tokens than this is none: without a bound, values that never end could each be read to the file's end.
const VALUE_TOKENS_MAX: usize = 1_000_000;

/// A part of the file.
pub(super) type Span = Range<usize>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(Span),
    /// Between the parentheses.
    Literal(Span),
    /// Between the angle brackets.
    Hex(Span),
    Number(Span),
    Word(Span),
    DictOpen,
    DictClose,
    ArrayOpen,
    ArrayClose,
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Name(Span),
    Literal(Span),
    Hex(Span),
    Integer(usize),
    Reference(usize),
    Dict(Vec<(Span, Value)>),
    Array(Vec<Value>),
    Other,
}

impl Value {
    /// The value of `key` in a dictionary.
    pub fn get(&self, bytes: &[u8], key: &str) -> Option<&Value> {
        let Self::Dict(entries) = self else {
            return None;
        };
        let found = entries
            .iter()
            .find(|(name, _)| &bytes[name.clone()] == key.as_bytes());
        found.map(|(_, value)| value)
    }

    /// Whether the value of `key` is the name `name`.
    pub fn is(&self, bytes: &[u8], key: &str, name: &str) -> bool {
        matches!(self.get(bytes, key), Some(Self::Name(span)) if &bytes[span.clone()] == name.as_bytes())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// Reads tokens from a place in the bytes on.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    /// Tokens the value that is being read may still have.
    left: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, left: 0 }
    }

    fn skip_space(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The next token; `None` at the end.
    pub fn token(&mut self) -> Option<Token> {
        self.skip_space();
        let start = self.at;
        let first = *self.bytes.get(start)?;
        let second = self.bytes.get(start + 1);
        self.at += 1;
        Some(match first {
            b'<' if second == Some(&b'<') => {
                self.at += 1;
                Token::DictOpen
            }
            b'>' if second == Some(&b'>') => {
                self.at += 1;
                Token::DictClose
            }
            b'[' => Token::ArrayOpen,
            b']' => Token::ArrayClose,
            b'<' => {
                let rest = &self.bytes[self.at..];
                let end = self.at + memchr::memchr(b'>', rest).unwrap_or(rest.len());
                let span = self.at..end;
                self.at = (end + 1).min(self.bytes.len());
                Token::Hex(span)
            }
            b'(' => Token::Literal(self.literal()),
            b'/' => {
                let end = self.regular();
                Token::Name(start + 1..end)
            }
            byte if is_delimiter(byte) => Token::Word(start..self.at),
            byte => {
                let end = self.regular();
                if byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.') {
                    Token::Number(start..end)
                } else {
                    Token::Word(start..end)
                }
            }
        })
    }

    fn regular(&mut self) -> usize {
        let rest = &self.bytes[self.at..];
        let ends = |byte: &u8| is_space(*byte) || is_delimiter(*byte);
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
        self.at
    }

    fn literal(&mut self) -> Span {
        let (start, mut depth) = (self.at, 1_usize);
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return start..self.at - 1;
            }
        }
        self.at = self.bytes.len();
        start..self.at
    }

    /// The value that starts here; `None` where there is none, or it nests too deep.
    pub fn value(&mut self) -> Option<Value> {
        self.left = VALUE_TOKENS_MAX;
        self.value_at(0)
    }

    fn value_at(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH_MAX {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        Some(match self.token()? {
            Token::Name(span) => Value::Name(span),
            Token::Literal(span) => Value::Literal(span),
            Token::Hex(span) => Value::Hex(span),
            Token::Number(span) => self.number(&span),
            Token::Word(_) => Value::Other,
            Token::DictOpen => Value::Dict(self.entries(depth)?),
            Token::ArrayOpen => {
                let mut items = Vec::new();
                loop {
                    let before = self.clone().token()?;
                    if before == Token::ArrayClose {
                        self.token();
                        break Value::Array(items);
                    }
                    items.push(self.value_at(depth + 1)?);
                }
            }
            Token::DictClose | Token::ArrayClose => return None,
        })
    }

    fn entries(&mut self, depth: usize) -> Option<Vec<(Span, Value)>> {
        let mut entries = Vec::new();
        loop {
            match self.token()? {
                Token::DictClose => return Some(entries),
                Token::Name(key) => entries.push((key, self.value_at(depth + 1)?)),
                _ => return None,
            }
        }
    }

    /// A number, or a reference if `G R` follows.
    fn number(&mut self, span: &Span) -> Value {
        let Some(number) = integer(&self.bytes[span.clone()]) else {
            return Value::Other;
        };
        let mut ahead = self.clone();
        if let Some(Token::Number(_)) = ahead.token()
            && let Some(Token::Word(word)) = ahead.token()
            && &self.bytes[word] == b"R"
        {
            self.at = ahead.at;
            return Value::Reference(number);
        }
        Value::Integer(number)
    }
}

pub(super) fn integer(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
