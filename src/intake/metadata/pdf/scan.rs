//! Going through a file from its first byte to its last, whatever its cross-reference tables say: a table can leave out
//! what is still there to be read.

use super::super::finding::Reason;
use super::syntax::{Lexer, Span, Token, Value, integer};
use memchr::memmem;
use std::collections::{HashMap, HashSet};

/// A file saved more often than this has something else in mind.
const TRAILERS_MAX: usize = 1_000;
const TRAILER_MAX_BYTES: usize = 64 * 1024;

/// One indirect object.
pub(super) struct Object {
    pub number: usize,
    pub value: Value,
    pub stream: Option<Stream>,
}

/// The data of a stream.
pub(super) struct Stream {
    pub span: Span,
    /// Whether its length is certain: packed data can be packed anew only then.
    pub certain: bool,
}

/// What must be known before anything is changed.
#[derive(Default)]
pub(super) struct Survey {
    /// Objects that a trailer names as the document's information.
    pub infos: HashSet<usize>,
    /// Objects that are a number: lengths of streams.
    pub integers: HashMap<usize, usize>,
    /// The digits of the file's identifiers.
    pub ids: Vec<Span>,
    /// How often the file was saved.
    pub versions: usize,
    encrypted: bool,
    signed: bool,
    empty: bool,
}

impl Survey {
    pub fn of(file: &[u8]) -> Self {
        let mut survey = Self {
            versions: memmem::find_iter(file, b"startxref").count(),
            encrypted: false,
            empty: true,
            ..Self::default()
        };
        // A file laid out for the web has two tables from the start.
        let head = &file[..file.len().min(2048)];
        if memmem::find(head, b"/Linearized").is_some() {
            survey.versions = survey.versions.saturating_sub(1);
        }
        survey.signed = memmem::find(file, b"/ByteRange").is_some();
        let none = HashMap::new();
        for object in objects(file, &none) {
            survey.empty = false;
            if let Value::Integer(number) = object.value {
                survey.integers.insert(object.number, number);
            } else if object.value.is(file, "Type", "XRef") {
                survey.trailer(file, &object.value);
            }
        }
        for at in memmem::find_iter(file, b"trailer").take(TRAILERS_MAX) {
            let end = file.len().min(at + TRAILER_MAX_BYTES);
            let mut lexer = Lexer::new(&file[..end], at + b"trailer".len());
            if let Some(value) = lexer.value() {
                survey.trailer(file, &value);
            }
        }
        survey
    }

    /// Why nothing may be changed.
    pub fn hands_off(&self) -> Option<Reason> {
        if self.encrypted {
            Some(Reason::Encrypted)
        } else if self.signed {
            Some(Reason::Signed)
        } else if self.empty {
            Some(Reason::Damaged)
        } else {
            None
        }
    }

    fn trailer(&mut self, file: &[u8], trailer: &Value) {
        self.encrypted |= trailer.get(file, "Encrypt").is_some();
        if let Some(Value::Reference(number)) = trailer.get(file, "Info") {
            self.infos.insert(*number);
        }
        if let Some(Value::Array(ids)) = trailer.get(file, "ID") {
            self.ids.extend(ids.iter().filter_map(|id| match id {
                Value::Hex(span) | Value::Literal(span) => Some(span.clone()),
                _ => None,
            }));
        }
    }
}

/// The objects of a file in the order in which they stand.
pub(super) fn objects<'a>(
    file: &'a [u8],
    integers: &'a HashMap<usize, usize>,
) -> impl Iterator<Item = Object> + 'a {
    let mut lexer = Lexer::new(file, 0);
    let mut numbers = [None, None];
    std::iter::from_fn(move || {
        loop {
            match lexer.token()? {
                Token::Number(span) => {
                    numbers = [numbers[1], integer(&file[span])];
                }
                Token::Word(word) if &file[word.clone()] == b"obj" => {
                    let after = lexer.at;
                    if let (Some(number), Some(value)) = (numbers[0], lexer.value()) {
                        let stream = stream(&mut lexer, &value, integers);
                        numbers = [None, None];
                        return Some(Object {
                            number,
                            value,
                            stream,
                        });
                    }
                    // Not an object after all: whatever is in there is read as it comes.
                    lexer.at = after;
                }
                _ => numbers = [None, None],
            }
        }
    })
}

/// The stream that follows a dictionary, if one does; the lexer goes behind it.
fn stream(
    lexer: &mut Lexer<'_>,
    value: &Value,
    integers: &HashMap<usize, usize>,
) -> Option<Stream> {
    let file = lexer.bytes;
    let mut ahead = lexer.clone();
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
    Some(Stream {
        span: start.min(end)..end,
        certain: said.is_some(),
    })
}

/// Whether a stream's data may end at `end`: the word follows, behind a line's end at most.
fn ends_at(file: &[u8], end: usize) -> bool {
    let rest = file.get(end..).unwrap_or_default();
    let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
    let rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    rest.starts_with(b"endstream")
}
