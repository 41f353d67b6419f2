//! Pictures within a program: their entries are held against what such a picture may have, and their data against its
//! measures. What cannot be measured is told.

use super::super::finding::{Findings, Reason, What};
use super::content::Cut;
use super::filters::inflate_to;
use super::names::Names;
use super::syntax::{Lexer, Span, Token, Value, is_space, plain_name};
use super::values::is_number;
use memchr::memmem;

/// Entries of such a picture and their values, in full and short. ISO 32000-1, 8.9.7.
const WORDS: &str = " BitsPerComponent BPC ColorSpace CS Decode D DecodeParms DP Filter F Height H ImageMask IM Intent \
Interpolate I Width W Length L DeviceGray G DeviceRGB RGB DeviceCMYK CMYK Indexed ASCIIHexDecode AHx ASCII85Decode A85 LZWDecode \
LZW FlateDecode Fl RunLengthDecode RL CCITTFaxDecode CCF DCTDecode DCT Predictor Colors Columns K Rows EndOfLine EndOfBlock \
EncodedByteAlign BlackIs1 DamagedRowsBeforeError EarlyChange ColorTransform ";

/// What a picture says of itself.
#[derive(Default)]
struct Picture {
    width: usize,
    height: usize,
    bits: usize,
    samples: Option<usize>,
    mask: bool,
    filters: Vec<Vec<u8>>,
    predicted: bool,
    /// Something in it is not as it must be.
    odd: bool,
    /// Names that are none of a picture's own.
    chosen: Vec<Span>,
}

impl Picture {
    /// How many bytes its pixels take.
    fn bytes(&self) -> Option<usize> {
        let bits = if self.mask { 1 } else { self.bits };
        let samples = if self.mask { 1 } else { self.samples? };
        let row = self.width.checked_mul(bits)?.checked_mul(samples)?;
        row.div_ceil(8).checked_mul(self.height)
    }

    fn entry(&mut self, bytes: &[u8], key: &Span, value: &Value) {
        let key = &bytes[key.clone()];
        self.odd |= !is_word(key);
        self.look(bytes, value);
        match (key, value) {
            (b"W" | b"Width", Value::Integer(width)) => self.width = *width,
            (b"H" | b"Height", Value::Integer(height)) => self.height = *height,
            (b"BPC" | b"BitsPerComponent", Value::Integer(bits)) => self.bits = *bits,
            (b"IM" | b"ImageMask", Value::Word(word)) => {
                self.mask = &bytes[word.clone()] == b"true";
            }
            (b"CS" | b"ColorSpace", Value::Name(space)) => {
                self.samples = match &bytes[space.clone()] {
                    b"G" | b"DeviceGray" => Some(1),
                    b"RGB" | b"DeviceRGB" => Some(3),
                    b"CMYK" | b"DeviceCMYK" => Some(4),
                    _ => None,
                };
            }
            (b"CS" | b"ColorSpace", Value::Array(space)) => {
                let space = space.first().and_then(|name| name.name(bytes));
                self.samples = matches!(space.as_deref(), Some(b"I" | b"Indexed")).then_some(1);
            }
            (b"F" | b"Filter", Value::Name(_)) => self.filters.extend(named(bytes, value)),
            (b"F" | b"Filter", Value::Array(filters)) => {
                let filters = filters.iter().filter_map(|filter| named(bytes, filter));
                self.filters.extend(filters);
            }
            (b"DP" | b"DecodeParms", _) => self.predicted = true,
            _ => {}
        }
    }

    /// Goes through a value, for what may not be there.
    fn look(&mut self, bytes: &[u8], value: &Value) {
        match value {
            Value::Name(span) if !is_word(&bytes[span.clone()]) => self.chosen.push(span.clone()),
            Value::Real(span) => self.odd |= !is_number(&bytes[span.clone()]),
            Value::Word(span) => {
                self.odd |= !matches!(&bytes[span.clone()], b"true" | b"false" | b"null");
            }
            // The colours of an indexed space stand in a list.
            Value::Literal(_) | Value::Hex(_) | Value::Reference(_) => self.odd = true,
            Value::Array(items) => {
                let is_indexed = items.first().and_then(|head| head.name(bytes));
                let is_indexed = matches!(is_indexed.as_deref(), Some(b"I" | b"Indexed"));
                for (at, item) in items.iter().enumerate() {
                    match item {
                        Value::Literal(span) | Value::Hex(span) if is_indexed && at == 3 => {
                            self.odd |= span.len() > 2048;
                        }
                        item => self.look(bytes, item),
                    }
                }
            }
            Value::Dict(entries) => {
                for (key, value) in entries {
                    self.odd |= !is_word(&bytes[key.clone()]);
                    self.look(bytes, value);
                }
            }
            _ => {}
        }
    }

    /// Whether `data` are this picture's pixels, and nothing more.
    fn is_measured(&self, data: &[u8]) -> bool {
        let Some(expected) = self.bytes() else {
            return false;
        };
        let is_space_only =
            |rest: &[u8]| rest.len() <= 2 && rest.iter().all(|byte| is_space(*byte));
        match self.filters.as_slice() {
            [] => data.get(expected..).is_some_and(is_space_only),
            [filter] if matches!(&**filter, b"Fl" | b"FlateDecode") && !self.predicted => {
                let mut unpacked = 0;
                let used = inflate_to(data, expected, |piece| unpacked += piece.len());
                let rest = used.ok().flatten().and_then(|used| data.get(used..));
                unpacked <= expected && rest.is_some_and(is_space_only)
            }
            _ => false,
        }
    }
}

fn named(bytes: &[u8], value: &Value) -> Option<Vec<u8>> {
    Some(value.name(bytes)?.into_owned())
}

fn is_word(name: &[u8]) -> bool {
    std::str::from_utf8(name)
        .is_ok_and(|name| !name.contains(' ') && WORDS.contains(&format!(" {name} ")))
}

/// Reads a picture, from behind `BI` to behind `EI`. Returns the names in it that are none of a picture's own: spaces of
/// colours among the page's resources.
pub(super) fn read(
    lexer: &mut Lexer<'_>,
    names: &mut Names,
    cuts: &mut Vec<Cut>,
    findings: &mut Findings,
) -> Vec<Vec<u8>> {
    let bytes = lexer.bytes;
    let mut picture = Picture::default();
    while let Some(token) = lexer.token() {
        match token {
            Token::Word(span) if &bytes[span.clone()] == b"ID" => break,
            Token::Name(key) => match lexer.value() {
                Some(value) => picture.entry(bytes, &key, &value),
                None => picture.odd = true,
            },
            _ => picture.odd = true,
        }
    }
    let data = data(lexer);
    if picture.odd || !picture.is_measured(&bytes[data]) {
        findings.left(What::Unchecked, Reason::Unchecked);
    }
    let mut chosen = Vec::new();
    for name in picture.chosen {
        chosen.push(plain_name(&bytes[name.clone()]).into_owned());
        if let Some(instead) = names.instead_of(&bytes[name.clone()]) {
            cuts.push((name.start - 1..name.end, instead));
        }
    }
    chosen
}

/// Where the picture's data are; the lexer goes behind their end's word, which stands alone, and a program goes on behind
/// it.
fn data(lexer: &mut Lexer<'_>) -> Span {
    let bytes = lexer.bytes;
    let start = (lexer.at + 1).min(bytes.len());
    let mut at = start;
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
    lexer.at = (end + 2).min(bytes.len());
    start..end
}
