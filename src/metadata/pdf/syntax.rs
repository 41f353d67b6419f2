//! PDF's grammar, as far as finding things in a file needs it: tokens, values, objects.

use std::borrow::Cow;
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
    /// A number with a sign or a point.
    Real(Span),
    Reference(usize),
    Dict(Vec<(Span, Value)>),
    Array(Vec<Value>),
    /// `true`, `false`, `null`.
    Word(Span),
}

impl Value {
    /// The value of `key` in a dictionary.
    pub fn get(&self, bytes: &[u8], key: &str) -> Option<&Value> {
        let Self::Dict(entries) = self else {
            return None;
        };
        let found = entries
            .iter()
            .find(|(name, _)| &*plain_name(&bytes[name.clone()]) == key.as_bytes());
        found.map(|(_, value)| value)
    }

    /// The name that this is.
    pub fn name<'a>(&self, bytes: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Name(span) => Some(plain_name(&bytes[span.clone()])),
            _ => None,
        }
    }

    /// Whether the value of `key` is the name `name`.
    pub fn is(&self, bytes: &[u8], key: &str, name: &str) -> bool {
        self.get(bytes, key)
            .and_then(|value| value.name(bytes))
            .is_some_and(|found| &*found == name.as_bytes())
    }
}

/// A name without its escapes: `#41` is `A`.
pub(super) fn plain_name(name: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'#', name).is_none() {
        return Cow::Borrowed(name);
    }
    let (mut plain, mut at) = (Vec::with_capacity(name.len()), 0);
    while let Some(&byte) = name.get(at) {
        let mut escaped = [0];
        let digits = name.get(at + 1..at + 3).unwrap_or_default();
        if byte == b'#' && hex::decode_to_slice(digits, &mut escaped).is_ok() {
            plain.push(escaped[0]);
            at += 3;
        } else {
            plain.push(byte);
            at += 1;
        }
    }
    Cow::Owned(plain)
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// Reads tokens from a place in the bytes on.
pub(super) struct Lexer<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    /// Remarks that say something: neither the file's head nor the mark of its end.
    pub remarks: Vec<Span>,
    /// Tokens the value that is being read may still have.
    left: usize,
}

/// Remarks that are counted; a file with more has more than one reason to be written anew.
const REMARKS_MAX: usize = 4096;

/// Whether a remark says nothing: the file's head, the four high bytes that mark it as binary, the end.
fn says_nothing(remark: &[u8]) -> bool {
    let remark = remark.trim_ascii_end();
    let version = remark.strip_prefix(b"%PDF-").is_some_and(|version| {
        version.len() == 3 && matches!(version, [b'0'..=b'9', b'.', b'0'..=b'9'])
    });
    let binary = remark.len() <= 6 && remark[1..].iter().all(|byte| *byte >= 0x80);
    version || binary || remark == b"%%EOF"
}

impl<'a> Lexer<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            remarks: Vec::new(),
            left: 0,
        }
    }

    fn skip_space(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                let start = self.at;
                self.at += memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
                if self.remarks.len() < REMARKS_MAX && !says_nothing(&self.bytes[start..self.at]) {
                    self.remarks.push(start..self.at);
                }
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
            Token::Word(span) => Value::Word(span),
            Token::DictOpen => Value::Dict(self.entries(depth)?),
            Token::ArrayOpen => {
                let mut items = Vec::new();
                loop {
                    self.skip_space();
                    if self.bytes.get(self.at) == Some(&b']') {
                        self.at += 1;
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
            return Value::Real(span.clone());
        };
        let mut ahead = Lexer::new(self.bytes, self.at);
        if let Some(Token::Number(_)) = ahead.token()
            && let Some(Token::Word(word)) = ahead.token()
            && &self.bytes[word] == b"R"
        {
            self.at = ahead.at;
            self.remarks.append(&mut ahead.remarks);
            return Value::Reference(number);
        }
        Value::Integer(number)
    }
}

pub(super) fn integer(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
