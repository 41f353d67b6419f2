//! Spaces of colours.

use super::super::finding::What;
use super::rules::{self, Rule};
use super::syntax::Value;
use super::write::{Done, Writer};

impl<'a> Writer<'a> {
    /// Writes a space of colours.
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
}
