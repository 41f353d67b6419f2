//! Values that say what they say in any place: numbers, names, strings, lists.

use super::super::finding::{Reason, What};
use super::rules::{self, Chosen, Picked, Rule};
use super::strings::write_string;
use super::syntax::{Span, Value, plain_name};
use super::usual::{is_common_font, is_glyph, is_map_of_letters, is_usual};
use super::write::{DEPTH_MAX, Done, Writer};
use std::collections::HashSet;

impl<'a> Writer<'a> {
    pub(super) fn items(
        &mut self,
        bytes: &'a [u8],
        items: &[Value],
        rule: &'static Rule,
        depth: usize,
    ) -> Done {
        self.out.push(b'[');
        for item in items {
            let start = self.out.len();
            self.out.push(b' ');
            let nested = matches!(item, Value::Array(_)) && !is_leaf(rule);
            let written = match item {
                // The order of layers has lists in lists.
                Value::Array(items) if nested => self.items(bytes, items, rule, depth + 1)?,
                item => self.value(bytes, item, rule, depth)?,
            };
            if !written {
                self.out.truncate(start);
            }
            if depth > DEPTH_MAX {
                return Err(Reason::Structure);
            }
        }
        self.out.push(b']');
        Ok(true)
    }

    /// Numbers, names, and by the rule strings.
    pub(super) fn plain(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        rule: &'static Rule,
        depth: usize,
    ) -> Done {
        match value {
            Value::Integer(number) => self.say(format_args!("{number}")),
            Value::Real(span) => self.real(&bytes[span.clone()]),
            Value::Word(span) => {
                let word = &bytes[span.clone()];
                if !matches!(word, b"true" | b"false" | b"null") {
                    self.findings.removed(What::Hidden);
                    return Ok(false);
                }
                self.out.extend_from_slice(word);
            }
            Value::Name(span) => match rule {
                Rule::Name(chosen) => self.chosen_name(&bytes[span.clone()], *chosen),
                _ => self.name(&bytes[span.clone()]),
            },
            Value::Literal(span) | Value::Hex(span) => {
                return Ok(write_string(self, bytes, value, span, rule));
            }
            Value::Array(items) => self.plain_items(bytes, items, rule, depth)?,
            Value::Dict(entries) => self.plain_entries(bytes, entries, rule, depth)?,
            Value::Reference(_) => {}
        }
        Ok(true)
    }

    /// A number with a point, as it came where it is one.
    fn real(&mut self, number: &[u8]) {
        if is_number(number) {
            self.out.extend_from_slice(number);
        } else {
            self.findings.removed(What::Hidden);
            self.out.push(b'0');
        }
    }

    /// A list of plain values.
    fn plain_items(
        &mut self,
        bytes: &'a [u8],
        items: &[Value],
        rule: &'static Rule,
        depth: usize,
    ) -> Result<(), Reason> {
        self.out.push(b'[');
        for item in items {
            self.out.push(b' ');
            // Places count in here.
            if !self.value(bytes, item, rule, depth)? {
                self.out.extend_from_slice(b"null");
            }
        }
        self.out.push(b']');
        Ok(())
    }

    /// The entries of a dictionary of plain values, under usual keys.
    fn plain_entries(
        &mut self,
        bytes: &'a [u8],
        entries: &[(Span, Value)],
        rule: &'static Rule,
        depth: usize,
    ) -> Result<(), Reason> {
        self.out.extend_from_slice(b"<<");
        let mut seen = HashSet::new();
        for (key, value) in entries {
            let key = &bytes[key.clone()];
            let start = self.out.len();
            if !is_usual(&plain_name(key)) || !seen.insert(plain_name(key)) {
                self.drop(bytes, key, value);
                continue;
            }
            self.key(key);
            if !self.value(bytes, value, rule, depth)? {
                self.out.truncate(start);
            }
        }
        self.out.extend_from_slice(b">>");
        Ok(())
    }

    pub(super) fn key(&mut self, key: &[u8]) {
        self.out.push(b'/');
        self.out.extend_from_slice(key);
        self.out.push(b' ');
    }

    pub(super) fn name(&mut self, name: &[u8]) {
        let instead = self.names.instead_of(name);
        if let Some(instead) = instead {
            self.findings.removed(What::Other);
            self.out.extend_from_slice(&instead);
        } else {
            self.out.push(b'/');
            self.out.extend_from_slice(name);
        }
    }

    /// A name that stays where every viewer knows it.
    fn chosen_name(&mut self, name: &[u8], chosen: Chosen) {
        let plain = plain_name(name).into_owned();
        let is_known = match chosen {
            Chosen::Font => is_common_font(&plain),
            Chosen::Glyph => is_glyph(&plain),
            Chosen::Letters => is_map_of_letters(&plain) || is_usual(&plain),
        };
        if is_known {
            self.out.push(b'/');
            self.out.extend_from_slice(name);
            return;
        }
        let own = self.names.own(plain);
        if own.as_bytes() != name {
            self.findings.removed(What::Other);
        }
        self.say(format_args!("/{own}"));
    }

    /// A dictionary whose keys somebody chose.
    pub(super) fn named(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        rule: &'static Rule,
        depth: usize,
    ) -> Done {
        let Value::Dict(entries) = value else {
            return self.plain(bytes, value, &rules::PLAINS, depth);
        };
        let (is_taken, inner) = match rule {
            Rule::Resources(inner) => (true, *inner),
            Rule::Glyphs(inner) => (self.visibility.uses.knows(bytes, value), *inner),
            Rule::Named(inner) => (false, *inner),
            other => (false, other),
        };
        self.out.extend_from_slice(b"<<");
        let mut seen = HashSet::new();
        for (key, entry) in entries {
            let key = &bytes[key.clone()];
            // A key that is there twice has one meaning at most: the one that was looked at.
            if !seen.insert(plain_name(key)) {
                self.untaken(inner, entry);
                continue;
            }
            if is_taken && !self.visibility.uses.takes(bytes, value, key) {
                self.untaken(inner, entry);
                continue;
            }
            let start = self.out.len();
            match rule {
                Rule::Glyphs(_) => self.chosen_name(key, Chosen::Glyph),
                _ => self.name(key),
            }
            self.out.push(b' ');
            if !self.value(bytes, entry, inner, depth)? {
                self.out.truncate(start);
            }
        }
        self.out.extend_from_slice(b">>");
        Ok(true)
    }

    /// Nothing is drawn with this one: it is left behind.
    fn untaken(&mut self, rule: &'static Rule, entry: &Value) {
        self.findings.removed(match rule {
            Rule::Pick(Picked::Object) => What::Hidden,
            _ => What::Other,
        });
        if let Value::Reference(number) = entry {
            self.left_behind.push(*number);
        }
    }
}

/// Whether these are digits, with a sign and a point perhaps, and no more of them than a number has.
pub(super) fn is_number(number: &[u8]) -> bool {
    number.len() <= 32
        && number
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"+-.".contains(byte))
}

/// The number that a value is.
pub(super) fn number(bytes: &[u8], value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => u32::try_from(*number).ok().map(f64::from),
        Value::Real(span) if is_number(&bytes[span.clone()]) => {
            std::str::from_utf8(&bytes[span.clone()]).ok()?.parse().ok()
        }
        _ => None,
    }
}

fn is_leaf(rule: &Rule) -> bool {
    matches!(
        rule,
        Rule::Plain
            | Rule::Name(_)
            | Rule::Own
            | Rule::Text
            | Rule::Code
            | Rule::Place
            | Rule::Color
    )
}
