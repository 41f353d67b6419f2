//! What a click does, and the places in the document that it leads to.

use super::super::bytes::contains;
use super::super::finding::{Reason, What};
use super::rules;
use super::strings::{plain_string, write_hex};
use super::syntax::Value;
use super::write::{DEPTH_MAX, Done, Writer};

/// What a click does: going to a place in the document, or to a page of the web. Nothing else.
pub(super) fn write_action<'a>(
    writer: &mut Writer<'a>,
    bytes: &'a [u8],
    value: &Value,
    depth: usize,
) -> Done {
    if !matches!(value, Value::Dict(_)) {
        return write_place(writer, bytes, value, depth);
    }
    let what = value.get(bytes, "S").and_then(|what| what.name(bytes));
    let target = |key: &str| value.get(bytes, key);
    match what.as_deref() {
        Some(b"GoTo") => {
            let Some(place) = target("D") else {
                return Ok(false);
            };
            writer.out.extend_from_slice(b"<</S/GoTo/D ");
            if !write_place(writer, bytes, place, depth)? {
                return Ok(false);
            }
        }
        Some(b"Named") => {
            let Some(Value::Name(name)) = target("N") else {
                return Ok(false);
            };
            writer.out.extend_from_slice(b"<</S/Named/N");
            writer.name(&bytes[name.clone()]);
        }
        Some(b"URI") => {
            let address = target("URI").and_then(|uri| writer.index.resolve(bytes, uri));
            let address = address.map(|uri| plain_string(uri.bytes, &uri.value));
            let Some(address) = address.filter(|address| is_of_the_web(address)) else {
                writer.findings.removed(What::Path);
                return Ok(false);
            };
            writer.out.extend_from_slice(b"<</S/URI/URI");
            write_hex(writer, &address);
        }
        Some(b"Launch" | b"GoToR" | b"GoToE") => {
            writer.findings.removed(What::Path);
            return Ok(false);
        }
        _ => {
            writer.findings.removed(What::Hidden);
            return Ok(false);
        }
    }
    writer.out.extend_from_slice(b">>");
    if let Value::Dict(entries) = value {
        const KNOWN: &[&[u8]] = &[b"S", b"D", b"N", b"URI", b"Type", b"IsMap"];
        for (key, entry) in entries {
            if !KNOWN.contains(&&bytes[key.clone()]) {
                writer.drop(bytes, &bytes[key.clone()], entry);
            }
        }
    }
    Ok(true)
}

/// Writes a place in the document; false where there is none.
pub(super) fn write_place<'a>(
    writer: &mut Writer<'a>,
    bytes: &'a [u8],
    value: &Value,
    depth: usize,
) -> Done {
    match value {
        Value::Reference(number) => writer.reference(*number, &rules::PLACE, depth + 1),
        Value::Array(items) => {
            writer.out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                writer.out.push(b' ');
                let rule = if at == 0 {
                    &rules::PAGE
                } else {
                    &rules::PLAINS
                };
                if !writer.value(bytes, item, rule, depth)? {
                    writer.out.extend_from_slice(b"null");
                }
            }
            writer.out.push(b']');
            Ok(true)
        }
        Value::Dict(_) => {
            let Some(place) = value.get(bytes, "D") else {
                return Ok(false);
            };
            if depth > DEPTH_MAX {
                return Err(Reason::Structure);
            }
            writer.out.extend_from_slice(b"<</D ");
            let is_written = write_place(writer, bytes, place, depth + 1)?;
            writer.out.extend_from_slice(b">>");
            Ok(is_written)
        }
        // A name that somebody gave a place: the place itself.
        Value::Name(_) | Value::Literal(_) | Value::Hex(_) => {
            let name = match value.name(bytes) {
                Some(name) => name.into_owned(),
                None => plain_string(bytes, value),
            };
            writer.findings.removed(What::Other);
            let place = writer.visibility.places.get(&name).cloned();
            // In a list of names a place may stand in a dictionary, elsewhere it may not.
            let place = place.and_then(|place| match place.value.get(place.bytes, "D") {
                Some(inner) => writer.index.resolve(place.bytes, inner),
                None => Some(place),
            });
            match place {
                Some(place) if matches!(place.value, Value::Array(_)) => {
                    write_place(writer, place.bytes, &place.value, depth + 1)
                }
                _ => Ok(false),
            }
        }
        _ => Ok(false),
    }
}

/// Whether an address leads to the web, or to a mailbox or telephone that anybody can reach.
fn is_of_the_web(address: &[u8]) -> bool {
    let start = address[..address.len().min(16)].to_ascii_lowercase();
    let known: [&[u8]; 5] = [b"http://", b"https://", b"mailto:", b"tel:", b"#"];
    known.iter().any(|known| start.starts_with(known)) && !contains(address, "file:")
}
