//! Marks on pages, and fields of forms: a mark is written as it is drawn. A field whose value is drawn comes out as that
//! drawing; what it held besides (its name, its help, its other values) is left behind.

use super::super::finding::{Findings, Reason, What};
use super::content;
use super::rules;
use super::scan::{Index, Object};
use super::strings::{plain_string, write_hex};
use super::syntax::{Value, plain_name};
use super::values::number;
use super::write::{Done, Writer};

/// Entries that make a field of a mark.
const OF_FIELDS: &[&str] = &["FT", "T", "Parent", "Kids", "Ff", "V", "MaxLen"];
/// Bits of a mark's flags under which nobody sees it: hidden, and not shown on a screen.
const HIDDEN_BITS: u32 = 2 | 32;
/// Fields in fields.
const PARENTS_MAX: usize = 32;

/// What is done with an entry of a mark.
pub(super) enum Entry {
    /// It is written by its rule.
    Usual,
    Written,
    Left,
}

/// Whether a mark is hidden by its flags.
pub(super) fn is_hidden(index: &Index<'_>, bytes: &[u8], mark: &Value) -> bool {
    let Some(flags) = mark.get(bytes, "F") else {
        return false;
    };
    // A number may stand in an object of its own.
    let flags = match flags {
        Value::Reference(number_of) => index
            .read(*number_of, &mut Findings::default())
            .and_then(|object| number(object.bytes, &object.value)),
        flags => number(bytes, flags),
    };
    flags.is_none_or(|flags| {
        let is_whole = flags.fract() == 0.0 && (0.0..4_294_967_296.0).contains(&flags);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number of 32 bits, as was just seen"
        )]
        let bits = flags as u32;
        !is_whole || bits & HIDDEN_BITS != 0
    })
}

/// The drawing of a mark, in the state that it is in.
pub(super) fn appearance<'a>(
    index: &'a Index<'a>,
    bytes: &'a [u8],
    mark: &Value,
) -> Option<Object<'a>> {
    let all = index.resolve(bytes, mark.get(bytes, "AP")?)?;
    let normal = index.resolve(all.bytes, all.value.get(all.bytes, "N")?)?;
    if normal.stream.is_some() {
        return Some(normal);
    }
    let (_, state) = state(index, bytes, mark, &normal)?;
    Some(state).filter(|state| state.stream.is_some())
}

/// Whether a mark has drawings, even if it has none for the state that it is in.
pub(super) fn is_drawn(index: &Index<'_>, bytes: &[u8], mark: &Value) -> bool {
    let all = mark
        .get(bytes, "AP")
        .and_then(|all| index.resolve(bytes, all));
    let normal = all.and_then(|all| index.resolve(all.bytes, all.value.get(all.bytes, "N")?));
    normal.is_some_and(|normal| normal.stream.is_some() || matches!(normal.value, Value::Dict(_)))
}

/// Of drawings by state the one that is shown, with its name.
fn state<'a>(
    index: &'a Index<'a>,
    bytes: &[u8],
    mark: &Value,
    states: &Object<'a>,
) -> Option<(Vec<u8>, Object<'a>)> {
    let shown = mark.get(bytes, "AS")?.name(bytes)?.into_owned();
    let Value::Dict(entries) = &states.value else {
        return None;
    };
    let (_, value) = entries
        .iter()
        .find(|(key, _)| *plain_name(&states.bytes[key.clone()]) == *shown)?;
    Some((shown, index.resolve(states.bytes, value)?))
}

/// What a field says besides its drawing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkContent {
    Nothing,
    /// That it is on, or what is written on it if it has no drawing.
    State,
    /// What somebody has written into it.
    Words,
}

/// What a mark says that is a field: its own value, or that of a field that it is in.
pub(super) fn says<'a>(index: &'a Index<'a>, mark: &Object<'a>) -> MarkContent {
    if !mark.value.is(mark.bytes, "Subtype", "Widget") {
        return MarkContent::Nothing;
    }
    let get = |object: &Object<'a>, key: &str| {
        index.resolve(object.bytes, object.value.get(object.bytes, key)?)
    };
    let value = |object: &Object<'a>, key: &str| match get(object, key) {
        Some(found) => match &found.value {
            Value::Literal(span) | Value::Hex(span) if span.is_empty() => MarkContent::Nothing,
            Value::Array(items) if items.is_empty() => MarkContent::Nothing,
            Value::Name(name) if &found.bytes[name.clone()] == b"Off" => MarkContent::Nothing,
            Value::Word(_) => MarkContent::Nothing,
            Value::Name(_) => MarkContent::State,
            _ => MarkContent::Words,
        },
        None => MarkContent::Nothing,
    };
    let mut said = MarkContent::Nothing;
    let mut field = Some(mark.clone());
    for _ in 0..PARENTS_MAX {
        let Some(object) = field else {
            break;
        };
        for key in ["V", "RV"] {
            match value(&object, key) {
                MarkContent::Words => return MarkContent::Words,
                MarkContent::State => said = MarkContent::State,
                MarkContent::Nothing => {}
            }
        }
        field = get(&object, "Parent");
    }
    if get(mark, "MK").is_some_and(|buttons| value(&buttons, "CA") != MarkContent::Nothing) {
        said = MarkContent::State;
    }
    said
}

impl<'a> Writer<'a> {
    /// Looks at one entry of a mark before its rule does.
    pub(super) fn mark_entry(
        &mut self,
        bytes: &'a [u8],
        mark: &Value,
        key: &'static str,
        entry: &Value,
        depth: usize,
    ) -> Result<Entry, Reason> {
        let subtype = mark.get(bytes, "Subtype").and_then(|it| it.name(bytes));
        if key == "T" && subtype.is_some_and(|subtype| &*subtype != b"Widget") {
            self.findings.removed(What::Author);
            return Ok(Entry::Left);
        }
        if OF_FIELDS.contains(&key) && !self.visibility.keeps_fields {
            self.findings.removed(What::Other);
            return Ok(Entry::Left);
        }
        let written = match key {
            "AP" => self.appearance(bytes, mark, depth)?,
            "Contents" => self.words_of_mark(bytes, mark, entry),
            "DA" if !self.visibility.keeps_fields && is_drawn(self.index, bytes, mark) => {
                self.findings.removed(What::Other);
                false
            }
            // A mark that is written in another is not one on a page.
            "Popup" | "IRT" if !matches!(entry, Value::Reference(_)) => false,
            _ => return Ok(Entry::Usual),
        };
        Ok(if written { Entry::Written } else { Entry::Left })
    }

    /// A mark's drawing in the state that it is in; none of those that are shown while a finger is on it.
    fn appearance(&mut self, bytes: &'a [u8], mark: &Value, depth: usize) -> Done {
        let index = self.index;
        let all = mark.get(bytes, "AP").and_then(|all| {
            if let Value::Reference(number) = all {
                self.visited.insert(*number);
            }
            index.resolve(bytes, all)
        });
        let Some(all) = all else {
            return Ok(false);
        };
        if let Value::Dict(entries) = &all.value
            && entries.len() > 1
        {
            self.findings.removed(What::Hidden);
        }
        let Some(value) = all.value.get(all.bytes, "N") else {
            return Ok(false);
        };
        let Some(normal) = index.resolve(all.bytes, value) else {
            return Ok(false);
        };
        self.key(b"AP");
        self.out.extend_from_slice(b"<</N ");
        if normal.stream.is_some() {
            if !self.value(all.bytes, value, &rules::OBJECT, depth)? {
                return Ok(false);
            }
        } else {
            if let Value::Reference(number) = value {
                self.visited.insert(*number);
            }
            let Value::Dict(entries) = &normal.value else {
                return Ok(false);
            };
            let Some((shown, _)) = state(index, bytes, mark, &normal) else {
                self.findings.removed(What::Hidden);
                return Ok(false);
            };
            if entries.len() > 1 {
                self.findings.removed(What::Hidden);
            }
            let drawing = entries
                .iter()
                .find(|(key, _)| *plain_name(&normal.bytes[key.clone()]) == *shown);
            let Some((key, drawing)) = drawing else {
                return Ok(false);
            };
            self.out.extend_from_slice(b"<<");
            self.name(&normal.bytes[key.clone()]);
            self.out.push(b' ');
            if !self.value(normal.bytes, drawing, &rules::OBJECT, depth)? {
                return Ok(false);
            }
            self.out.extend_from_slice(b">>");
        }
        self.out.extend_from_slice(b">>");
        Ok(true)
    }

    /// The words of a note are told: they are not on the page, and may be what its sender wants to say. Those of other
    /// marks say once more what is drawn, or stand for it where it cannot be seen.
    fn words_of_mark(&mut self, bytes: &'a [u8], mark: &Value, entry: &Value) -> bool {
        let Some(words) = self.index.resolve(bytes, entry) else {
            return false;
        };
        if let Value::Reference(number) = entry {
            self.visited.insert(*number);
        }
        let plain = plain_string(words.bytes, &words.value);
        if plain.is_empty() {
            return false;
        }
        let subtype = mark.get(bytes, "Subtype").and_then(|it| it.name(bytes));
        let is_drawn = match subtype.as_deref() {
            Some(b"Link" | b"Popup" | b"Widget" | b"Watermark" | b"PrinterMark") | None => true,
            Some(b"FreeText") => appearance(self.index, bytes, mark).is_some(),
            _ => false,
        };
        if is_drawn {
            self.findings.removed(What::Comment);
            return false;
        }
        self.findings.left(What::Annotation, Reason::Reviewable);
        self.key(b"Contents");
        write_hex(self, &plain);
        true
    }

    /// What words are drawn with is a program, of use where there is no drawing yet.
    pub(super) fn drawn_with(&mut self, bytes: &[u8], value: &Value) -> bool {
        let plain = plain_string(bytes, value);
        let read = content::clean(&plain, false, &mut self.names, self.findings);
        write_hex(self, &read.changed.unwrap_or(plain));
        true
    }
}
