//! Values with a meaning of their own: colours, what a click does, places in the document, and what is left behind.

use super::super::bytes::contains;
use super::super::finding::{Reason, What};
use super::super::xmp;
use super::filters::Chain;
use super::marks::is_hidden;
use super::rules::{self, Kind, Picked, Rule};
use super::syntax::Value;
use super::values::plain_string;
use super::write::{DEPTH_MAX, Done, Writer};

/// Descriptions are looked into up to this size.
const DESCRIPTION_MAX_BYTES: usize = 4 * 1024 * 1024;

impl<'a> Writer<'a> {
    /// The document's information: who made it, with what, when.
    pub(super) fn information(&mut self, bytes: &[u8], value: &Value) {
        let Value::Dict(entries) = value else {
            return;
        };
        for (key, _) in entries {
            self.findings.removed(match &bytes[key.clone()] {
                b"Author" | b"Company" => What::Author,
                b"Creator" | b"Producer" => What::Software,
                b"CreationDate" | b"ModDate" | b"SourceModified" => What::Date,
                b"Title" | b"Subject" | b"Keywords" | b"Comments" => What::Comment,
                _ => What::Other,
            });
        }
    }

    /// Notes what is left behind with a key.
    pub(super) fn drop(&mut self, bytes: &'a [u8], key: &[u8], value: &Value) {
        let what = match key {
            b"Metadata" => return self.description(bytes, value),
            b"LastModified" | b"CreationDate" | b"ModDate" | b"M" => What::Date,
            b"T" => What::Author,
            b"Thumb" => What::Thumbnail,
            b"NM" | b"ID" => What::History,
            b"Subj" | b"RC" | b"Desc" => What::Comment,
            b"PieceInfo" | b"JavaScript" | b"AA" | b"XFA" => What::Hidden,
            _ => What::Other,
        };
        self.findings.removed(what);
        // What it leads to is left behind with it.
        if let Value::Reference(number) = value {
            self.visited.insert(*number);
        }
    }

    /// Says what a description told.
    pub(super) fn description(&mut self, bytes: &'a [u8], value: &Value) {
        if let Value::Reference(number) = value
            && self.visited.contains(number)
        {
            return;
        }
        let read = || {
            let object = self.index.resolve(bytes, value)?;
            let chain = Chain::of(object.bytes, &object.value)?;
            let unpacked = chain.unpack(object.bytes.get(object.stream?)?, DESCRIPTION_MAX_BYTES);
            Some(unpacked.ok()?.bytes.into_owned())
        };
        match read() {
            Some(xml) => xmp::look(&xml, self.findings),
            None => self.findings.removed(What::Other),
        }
        if let Value::Reference(number) = value {
            self.visited.insert(*number);
        }
    }

    pub(super) fn color(&mut self, bytes: &'a [u8], value: &Value, depth: usize) -> Done {
        let Value::Array(items) = value else {
            return self.plain(bytes, value, &rules::PLAINS, depth);
        };
        let head = items.first().and_then(|head| head.name(bytes));
        let rules: [&'static Rule; 4] = match head.as_deref() {
            Some(b"ICCBased") => {
                self.profile(bytes, items.get(1));
                return Ok(true);
            }
            Some(b"Indexed" | b"I") => {
                let lookup = items
                    .get(3)
                    .and_then(|lookup| self.index.resolve(bytes, lookup));
                let is_stream = lookup.is_some_and(|lookup| lookup.stream.is_some());
                let lookup: &'static Rule = if is_stream {
                    &rules::NUMBERS
                } else {
                    &rules::TEXTS
                };
                [&rules::PLAINS, &rules::COLOR, &rules::PLAINS, lookup]
            }
            Some(b"Separation" | b"DeviceN") => [
                &rules::PLAINS,
                &rules::PLAINS,
                &rules::COLOR,
                &rules::FUNCTION,
            ],
            Some(b"Pattern") => [
                &rules::PLAINS,
                &rules::COLOR,
                &rules::PLAINS,
                &rules::PLAINS,
            ],
            _ => [&rules::PLAINS; 4],
        };
        self.out.push(b'[');
        for (item, rule) in items.iter().zip(rules) {
            self.out.push(b' ');
            if !self.value(bytes, item, rule, depth)? {
                self.out.extend_from_slice(b"null");
            }
        }
        self.out.push(b']');
        if items.len() > 4 {
            self.findings.removed(What::Other);
        }
        Ok(true)
    }

    /// A profile of a screen or a scanner: the space of colours that every viewer knows instead.
    fn profile(&mut self, bytes: &'a [u8], profile: Option<&Value>) {
        self.findings.removed(What::Device);
        if let Some(Value::Reference(number)) = profile {
            self.visited.insert(*number);
        }
        let object = profile.and_then(|profile| self.index.resolve(bytes, profile));
        let colors = object.and_then(|it| match it.value.get(it.bytes, "N") {
            Some(Value::Integer(colors)) => Some(*colors),
            _ => None,
        });
        self.out.extend_from_slice(match colors {
            Some(1) => b"/DeviceGray",
            Some(4) => b"/DeviceCMYK",
            _ => b"/DeviceRGB",
        });
    }

    /// What a click does: going to a place in the document, or to a page of the web. Nothing else.
    pub(super) fn action(&mut self, bytes: &'a [u8], value: &Value, depth: usize) -> Done {
        if !matches!(value, Value::Dict(_)) {
            return self.place(bytes, value, depth);
        }
        let what = value.get(bytes, "S").and_then(|what| what.name(bytes));
        let target = |key: &str| value.get(bytes, key);
        match what.as_deref() {
            Some(b"GoTo") => {
                let Some(place) = target("D") else {
                    return Ok(false);
                };
                self.out.extend_from_slice(b"<</S/GoTo/D ");
                if !self.place(bytes, place, depth)? {
                    return Ok(false);
                }
            }
            Some(b"Named") => {
                let Some(Value::Name(name)) = target("N") else {
                    return Ok(false);
                };
                self.out.extend_from_slice(b"<</S/Named/N");
                self.name(&bytes[name.clone()]);
            }
            Some(b"URI") => {
                let address = target("URI").and_then(|uri| self.index.resolve(bytes, uri));
                let address = address.map(|uri| plain_string(uri.bytes, &uri.value));
                let Some(address) = address.filter(|address| is_of_the_web(address)) else {
                    self.findings.removed(What::Path);
                    return Ok(false);
                };
                self.out.extend_from_slice(b"<</S/URI/URI");
                self.hex(&address);
            }
            Some(b"Launch" | b"GoToR" | b"GoToE") => {
                self.findings.removed(What::Path);
                return Ok(false);
            }
            _ => {
                self.findings.removed(What::Hidden);
                return Ok(false);
            }
        }
        self.out.extend_from_slice(b">>");
        if let Value::Dict(entries) = value {
            const KNOWN: &[&[u8]] = &[b"S", b"D", b"N", b"URI", b"Type", b"IsMap"];
            for (key, entry) in entries {
                if !KNOWN.contains(&&bytes[key.clone()]) {
                    self.drop(bytes, &bytes[key.clone()], entry);
                }
            }
        }
        Ok(true)
    }

    pub(super) fn place(&mut self, bytes: &'a [u8], value: &Value, depth: usize) -> Done {
        match value {
            Value::Reference(number) => self.reference(*number, &rules::PLACE, depth + 1),
            Value::Array(items) => {
                self.out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push(b' ');
                    let rule = if at == 0 {
                        &rules::PAGE
                    } else {
                        &rules::PLAINS
                    };
                    if !self.value(bytes, item, rule, depth)? {
                        self.out.extend_from_slice(b"null");
                    }
                }
                self.out.push(b']');
                Ok(true)
            }
            Value::Dict(_) => {
                let Some(place) = value.get(bytes, "D") else {
                    return Ok(false);
                };
                if depth > DEPTH_MAX {
                    return Err(Reason::Structure);
                }
                self.out.extend_from_slice(b"<</D ");
                let is_written = self.place(bytes, place, depth + 1)?;
                self.out.extend_from_slice(b">>");
                Ok(is_written)
            }
            // A name that somebody gave a place: the place itself.
            Value::Name(_) | Value::Literal(_) | Value::Hex(_) => {
                let name = match value.name(bytes) {
                    Some(name) => name.into_owned(),
                    None => plain_string(bytes, value),
                };
                self.findings.removed(What::Other);
                let place = self.visibility.places.get(&name).cloned();
                // In a list of names a place may stand in a dictionary, elsewhere it may not.
                let place = place.and_then(|place| match place.value.get(place.bytes, "D") {
                    Some(inner) => self.index.resolve(place.bytes, inner),
                    None => Some(place),
                });
                match place {
                    Some(place) if matches!(place.value, Value::Array(_)) => {
                        self.place(place.bytes, &place.value, depth + 1)
                    }
                    _ => Ok(false),
                }
            }
            _ => Ok(false),
        }
    }

    /// Of which kind a dictionary is; `None` where it may not be there, or is none of these.
    pub(super) fn pick(
        &mut self,
        picked: Picked,
        bytes: &[u8],
        value: &Value,
        is_stream: bool,
    ) -> Option<&'static Kind> {
        match picked {
            Picked::Object if value.is(bytes, "Subtype", "Image") => Some(&rules::PICTURE),
            // Its content is in another file, or is for a printer.
            Picked::Object if value.is(bytes, "Subtype", "PS") => {
                self.findings.removed(What::Hidden);
                None
            }
            Picked::Object => is_stream.then_some(&rules::DRAWING),
            Picked::Mark => {
                const KNOWN: &[&[u8]] = &[
                    b"Link",
                    b"Text",
                    b"FreeText",
                    b"Line",
                    b"Square",
                    b"Circle",
                    b"Polygon",
                    b"PolyLine",
                    b"Highlight",
                    b"Underline",
                    b"Squiggly",
                    b"StrikeOut",
                    b"Stamp",
                    b"Caret",
                    b"Ink",
                    b"Popup",
                    b"FileAttachment",
                    b"Widget",
                    b"Watermark",
                    b"Redact",
                    b"PrinterMark",
                ];
                let subtype = value.get(bytes, "Subtype").and_then(|it| it.name(bytes));
                let known = subtype.is_none_or(|subtype| KNOWN.contains(&&*subtype));
                let is_seen = known && !is_hidden(self.index, bytes, value);
                if !is_seen {
                    self.findings.removed(What::Hidden);
                }
                // What is to be blacked out is there still.
                if value.is(bytes, "Subtype", "Redact") {
                    self.findings.left(What::Hidden, Reason::Reviewable);
                }
                is_seen.then_some(&rules::MARK_KIND)
            }
        }
    }
}

/// Whether an address leads to the web, or to a mailbox or telephone that anybody can reach.
fn is_of_the_web(address: &[u8]) -> bool {
    let start = address[..address.len().min(16)].to_ascii_lowercase();
    let known: [&[u8]; 5] = [b"http://", b"https://", b"mailto:", b"tel:", b"#"];
    known.iter().any(|known| start.starts_with(known)) && !contains(address, "file:")
}
