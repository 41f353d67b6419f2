//! Strings: what they stand for, and how they are written.

use super::super::finding::What;
use super::is_code;
use super::rules::Rule;
use super::syntax::{Span, Value};
use super::write::Writer;

/// In place of words that somebody chose as a name, one that is numbered.
pub(super) fn write_own_words(writer: &mut Writer<'_>, bytes: &[u8], value: &Value) {
    let plain = plain_string(bytes, value);
    let own = writer.names.own(plain.clone());
    if own.as_bytes() != plain {
        writer.findings.removed(What::Comment);
    }
    writer.say(format_args!("({own})"));
}

pub(super) fn write_string(
    writer: &mut Writer<'_>,
    bytes: &[u8],
    value: &Value,
    span: &Span,
    rule: &Rule,
) -> bool {
    let string = &bytes[span.clone()];
    if matches!(rule, Rule::Own) {
        write_own_words(writer, bytes, value);
        return true;
    }
    let may_be = match rule {
        Rule::Text => true,
        Rule::Code => {
            let plain = plain_string(bytes, value);
            is_code(&plain)
        }
        _ => false,
    };
    if !may_be {
        writer.findings.removed(What::Other);
        return false;
    }
    // One that is not ended would swallow what follows.
    let is_ended = span.end < bytes.len();
    match value {
        Value::Literal(_) if is_ended => {
            writer.out.push(b'(');
            writer.out.extend_from_slice(string);
            writer.out.push(b')');
        }
        Value::Literal(_) => write_hex(writer, string),
        _ => {
            let is_other = |byte: &u8| !byte.is_ascii_hexdigit() && !byte.is_ascii_whitespace();
            if string.iter().any(is_other) {
                writer.findings.removed(What::Other);
            }
            let digits = string.iter().filter(|byte| byte.is_ascii_hexdigit());
            writer.out.push(b'<');
            writer.out.extend(digits);
            writer.out.push(b'>');
        }
    }
    true
}

pub(super) fn write_hex(writer: &mut Writer<'_>, string: &[u8]) {
    writer.out.push(b'<');
    writer
        .out
        .extend_from_slice(hex::encode_upper(string).as_bytes());
    writer.out.push(b'>');
}

/// What a file is called, without the folders it was in.
pub(super) fn write_file_name<'a>(writer: &mut Writer<'a>, bytes: &'a [u8], value: &Value) -> bool {
    let (Value::Literal(span) | Value::Hex(span)) = value else {
        return false;
    };
    let plain = plain_string(bytes, value);
    let wide = plain.starts_with(&[0xFE, 0xFF]);
    let unit = if wide { 2 } else { 1 };
    let separates = |unit: &[u8]| matches!(unit, [b'/' | b'\\' | b':'] | [0, b'/' | b'\\' | b':']);
    let last = plain.chunks(unit).rposition(separates);
    match last {
        Some(at) => {
            writer.findings.removed(What::Path);
            let rest = plain[((at + 1) * unit).min(plain.len())..].to_vec();
            let mark: &[u8] = if wide { &[0xFE, 0xFF] } else { &[] };
            write_hex(writer, &[mark, &rest].concat());
            true
        }
        None => write_string(writer, bytes, value, span, &Rule::Text),
    }
}

/// The bytes that a string stands for.
pub(super) fn plain_string(bytes: &[u8], value: &Value) -> Vec<u8> {
    let string = match value {
        Value::Literal(span) => &bytes[span.clone()],
        Value::Hex(span) => {
            let digits = bytes[span.clone()]
                .iter()
                .filter(|byte| byte.is_ascii_hexdigit());
            let mut digits: Vec<u8> = digits.copied().collect();
            if digits.len() % 2 == 1 {
                digits.push(b'0');
            }
            return hex::decode(digits).unwrap_or_default();
        }
        _ => return Vec::new(),
    };
    let (mut plain, mut at) = (Vec::with_capacity(string.len()), 0);
    while let Some(&byte) = string.get(at) {
        at += 1;
        if byte != b'\\' {
            plain.push(byte);
            continue;
        }
        let Some(&escaped) = string.get(at) else {
            break;
        };
        at += 1;
        match escaped {
            b'n' => plain.push(b'\n'),
            b'r' => plain.push(b'\r'),
            b't' => plain.push(b'\t'),
            b'b' => plain.push(8),
            b'f' => plain.push(12),
            b'\n' => {}
            b'\r' => at += usize::from(string.get(at) == Some(&b'\n')),
            b'0'..=b'7' => {
                let mut number = u16::from(escaped - b'0');
                for _ in 0..2 {
                    let Some(&digit @ b'0'..=b'7') = string.get(at) else {
                        break;
                    };
                    number = number * 8 + u16::from(digit - b'0');
                    at += 1;
                }
                plain.push(number.to_le_bytes()[0]);
            }
            other => plain.push(other),
        }
    }
    plain
}
