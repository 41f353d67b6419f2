//! One value, written by the rule of the key that it stands under.

use super::super::actions::{write_action, write_place};
use super::super::strings::write_file_name;
use super::super::subtypes::picked_kind;
use super::super::trees::{forget_tree, write_tree};
use super::{DEPTH_MAX, Done, Writer};
use crate::finding::{Findings, Reason, What};
use crate::pdf::rules::{self, Data, Kind, Picked, Rule};
use crate::pdf::syntax::Value;

impl<'a> Writer<'a> {
    /// Writes a value by a rule; false where it may not be there.
    pub(in crate::pdf) fn value(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        rule: &'static Rule,
        depth: usize,
    ) -> Done {
        if depth > DEPTH_MAX {
            return Err(Reason::Structure);
        }
        if let Value::Reference(number) = value {
            return self.reference(*number, rule, depth);
        }
        let depth = depth + 1;
        match rule {
            // Pages are pointed to, so that each was looked at before.
            rule if depth > 1
                && matches!(value, Value::Dict(_))
                && std::ptr::eq(rule, &raw const rules::PAGE) =>
            {
                self.findings.removed(What::Hidden);
                Ok(false)
            }
            Rule::Plain | Rule::Name(_) | Rule::Own | Rule::Text | Rule::Code => {
                self.plain(bytes, value, rule, depth)
            }
            Rule::Drawn => Ok(self.drawn_with(bytes, value)),
            Rule::FileName => Ok(write_file_name(self, bytes, value)),
            Rule::Of(kind) => self.of_kind(bytes, value, kind, depth),
            Rule::Pick(picked) => self.of_picked_kind(bytes, value, rule, *picked, depth),
            Rule::Each(each) => match value {
                Value::Array(items) => self.items(bytes, items, each, depth),
                value => self.value(bytes, value, each, depth),
            },
            Rule::Named(_) | Rule::Resources(_) | Rule::Glyphs(_) => {
                self.named(bytes, value, rule, depth)
            }
            Rule::NameTree(inner) => write_tree(self, bytes, value, inner, true, depth),
            Rule::NumberTree(inner) => write_tree(self, bytes, value, inner, false, depth),
            Rule::NamedPlaces => {
                forget_tree(self, bytes, value);
                Ok(false)
            }
            Rule::Color => self.color(bytes, value, depth),
            Rule::Action => write_action(self, bytes, value, depth),
            Rule::Place => write_place(self, bytes, value, depth),
        }
    }

    /// Writes a dictionary of a kind, or something plain in its place.
    fn of_kind(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        kind: &'static Kind,
        depth: usize,
    ) -> Done {
        match value {
            Value::Dict(_) => self.dict(bytes, value, kind, depth),
            // An encoding by its name.
            value if kind.data == Data::Letters => {
                self.plain(bytes, value, &rules::NAMES_OF_LETTERS, depth)
            }
            value => self.plain(bytes, value, &rules::PLAINS, depth),
        }
    }

    /// Writes a dictionary of the kind that it says it is, or something plain in its place.
    fn of_picked_kind(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        rule: &'static Rule,
        picked: Picked,
        depth: usize,
    ) -> Done {
        if !matches!(value, Value::Dict(_)) {
            return self.plain(bytes, value, &rules::PLAINS, depth);
        }
        match picked_kind(self, picked, bytes, value, false) {
            Some(kind) => self.dict(bytes, value, kind, depth),
            // Appearances by state.
            None if matches!(picked, Picked::Object) => self.named(bytes, value, rule, depth),
            None => Ok(false),
        }
    }

    /// Writes a reference to an object, which is set to be written by the rule; false where it may not be there.
    pub(in crate::pdf) fn reference(
        &mut self,
        number: usize,
        rule: &'static Rule,
        depth: usize,
    ) -> Done {
        let is_page = std::ptr::eq(rule, &raw const rules::PAGE);
        if is_page && !self.visibility.pages.contains(&number) {
            self.out.extend_from_slice(b"null");
            return Ok(true);
        }
        let is_unseen = match rule {
            Rule::NamedPlaces => {
                forget_tree(self, &[], &Value::Reference(number));
                return Ok(false);
            }
            Rule::Pick(Picked::Mark) => {
                !self.visibility.keeps_fields && !self.visibility.marks.contains(&number)
            }
            rule if std::ptr::eq(rule, &raw const rules::OUTLINE) => {
                !self.visibility.titles.contains(&number) && self.visibility.sidebar != Some(number)
            }
            _ => false,
        };
        if is_unseen {
            self.findings.removed(What::Hidden);
            return Ok(false);
        }
        if let Rule::Each(each) = rule
            && let Some(object) = self.index.read(number, &mut Findings::default())
            && !matches!(object.value, Value::Array(_))
        {
            return self.reference(number, each, depth + 1);
        }
        if matches!(rule, Rule::Action | Rule::Pick(Picked::Mark)) {
            // Whether it may be there at all must be known here.
            let Some(object) = self.index.read(number, &mut Findings::default()) else {
                return Ok(false);
            };
            let start = self.out.len();
            let may_be = match rule {
                Rule::Action => self.value(object.bytes, &object.value, rule, depth + 1)?,
                _ => picked_kind(self, Picked::Mark, object.bytes, &object.value, false).is_some(),
            };
            self.out.truncate(start);
            if !may_be {
                self.visited.insert(number);
                return Ok(false);
            }
        }
        let number = self.number(number, rule);
        self.say(format_args!("{number} 0 R"));
        Ok(true)
    }
}
