//! Reads a URL-encoded form as browsers write it.

use super::{FIELDS_MAX, Form};
use crate::problem::Problem;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Reads a URL-encoded form as browsers write it: a percent sign without a code stands for itself, and a character that cannot
/// be shown may have been pasted. Whatever cannot be taken is given back as far as it can be read.
pub(super) fn read_urlencoded(bytes: &[u8]) -> (Form, Result<(), Problem>) {
    let mut form = Form(BTreeMap::new());
    let mut verdict = Ok(());
    for (number, pair) in bytes.split(|byte| *byte == b'&').enumerate() {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let (name, is_name) = decoded(parts.next().unwrap_or_default());
        let (value, is_text) = decoded(parts.next().unwrap_or_default());
        if !is_name || !is_text || number >= FIELDS_MAX {
            verdict = Err(Problem::Malformed);
        }
        // Behind the most fields that a form may have nothing is kept but what somebody wrote.
        if number < FIELDS_MAX || name == "text" {
            form.0.insert(name, value);
        }
    }
    (form, verdict)
}

/// A name or a value with its codes read, and whether it is UTF-8; what is not stands there as U+FFFD.
fn decoded(typed: &[u8]) -> (String, bool) {
    let mut bytes = Zeroizing::new(Vec::with_capacity(typed.len()));
    let mut rest = typed;
    while let [first, after @ ..] = rest {
        let code = match after {
            [high, low, ..] if *first == b'%' => hex_value(*high).zip(hex_value(*low)),
            _ => None,
        };
        if let Some((high, low)) = code {
            bytes.push(high * 16 + low);
            rest = &after[2..];
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    let is_text = std::str::from_utf8(&bytes).is_ok();
    (String::from_utf8_lossy(&bytes).into_owned(), is_text)
}

fn hex_value(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}
