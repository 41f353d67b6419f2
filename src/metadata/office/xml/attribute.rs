//! Attributes: which of them stay, and with which values.

use super::Rewriter;
use crate::finding::What;
use crate::office::free_text::{self, Use};
use crate::office::tells::{self, Verdict};
use crate::office::value::{fits, is_file_name, is_path};
use crate::office::vocabulary::{Element, Form};
use crate::office::{fields, notation, usual};

/// What Word itself writes where it removes a name.
const NOBODY: &str = "Author";

/// What becomes of an attribute.
pub(super) enum Kept {
    As(String),
    Not,
    /// Without it the element means nothing.
    NorElement,
}

impl Rewriter<'_> {
    /// What becomes of an attribute of an element of the vocabulary.
    pub(super) fn attribute(
        &mut self,
        known: &Element,
        element: &str,
        key: &str,
        value: &str,
    ) -> Kept {
        let local = key.rsplit(':').next().unwrap_or(key);
        if key.starts_with("r:") || key == "o:relid" {
            return self.relation(element, value);
        }
        if key == "xlink:href" {
            return self.address(element, value);
        }
        match tells::attribute(element, local, value) {
            Verdict::Keep => self.of_its_form(known, element, key, value),
            Verdict::Nobody if value.is_empty() || value == NOBODY => Kept::As(value.to_owned()),
            Verdict::Nobody => {
                self.findings.removed(What::Author);
                Kept::As(NOBODY.to_owned())
            }
            Verdict::Empty(what) => {
                if !value.is_empty() {
                    self.findings.removed(what);
                }
                Kept::As(String::new())
            }
            Verdict::Drop(what) => {
                self.findings.removed(what);
                Kept::Not
            }
        }
    }

    /// The number of a relation.
    fn relation(&mut self, element: &str, value: &str) -> Kept {
        match self.links.id(value) {
            Some(id) => Kept::As(id),
            None if tells::may_lose_link(element) => Kept::Not,
            None => Kept::NorElement,
        }
    }

    /// An address, or the name of a part.
    fn address(&mut self, element: &str, value: &str) -> Kept {
        let Some(target) = self.links.target(element, value) else {
            return Kept::NorElement;
        };
        let place = target.strip_prefix('#');
        let place = place.and_then(|place| self.labels.instead_of(place));
        let target = place.map_or(target, |place| format!("#{place}"));
        if target != value {
            self.findings.removed(What::Path);
        }
        Kept::As(target)
    }

    /// A value that tells on nobody by its name, kept where it is of the form that the vocabulary gives it.
    fn of_its_form(&mut self, known: &Element, element: &str, key: &str, value: &str) -> Kept {
        let form = match key {
            "xml:space" => Some(Form::Word),
            "xml:lang" | "xml:id" => Some(Form::Text),
            key => self.vocabulary.form(known, key),
        };
        match form {
            Some(Form::Date) if tells::is_content(element) => Kept::As(value.to_owned()),
            Some(Form::Date) => {
                self.findings.removed(What::Date);
                Kept::Not
            }
            Some(Form::Text) => self.free_text(element, key, value),
            Some(_) if key == "xml:space" && matches!(value, "preserve" | "default") => {
                Kept::As(value.to_owned())
            }
            Some(form)
                if fits(self.vocabulary, form, value)
                    && (tells::may_be_long(element, key) || !has_long_number(value)) =>
            {
                Kept::As(value.to_owned())
            }
            _ => {
                self.findings.removed(What::Other);
                Kept::Not
            }
        }
    }

    fn free_text(&mut self, element: &str, key: &str, value: &str) -> Kept {
        if key == "w:instr" {
            let written = fields::reported(value, self.labels, self.findings);
            return Kept::As(written);
        }
        let (kept, what) = match free_text::use_of(element, key) {
            Use::Gone(_) if value.is_empty() => (Some(String::new()), What::Other),
            // Programs write there what the file was called that a picture came from.
            Use::Gone(_) if is_path(value) || is_file_name(value) => (None, What::Path),
            Use::Gone(what) => (None, what),
            Use::Shown if is_path(value) => (Some(String::new()), What::Path),
            Use::Shown => (Some(value.to_owned()), What::Other),
            Use::Code if value.is_empty() || notation::is_code(value) => {
                (Some(value.to_owned()), What::Other)
            }
            Use::Space if self.vocabulary.is_space(value) => (Some(value.to_owned()), What::Other),
            Use::Cells if notation::is_cells(value) => (Some(value.to_owned()), What::Other),
            Use::Drawing => (Some(self.drawing(value)), What::Other),
            Use::Action if is_action(value) => (Some(value.to_owned()), What::Other),
            Use::Code | Use::Space | Use::Action => (None, What::Other),
            Use::Style => (Some(usual::usual_style(value)), What::Other),
            Use::Cells | Use::Name if is_path(value) || is_file_name(value) => {
                (Some(String::new()), What::Path)
            }
            Use::Cells | Use::Name => (Some(self.labels.written(value)), What::Other),
        };
        if kept.as_deref() != Some(value) {
            self.findings.removed(what);
        }
        kept.map_or(Kept::Not, Kept::As)
    }

    /// What draws, with its names replaced.
    fn drawing(&mut self, value: &str) -> String {
        if usual::is_drawing(value) {
            return value.to_owned();
        }
        let words = value.split(' ').map(|word| {
            if usual::is_drawing(word) {
                word.to_owned()
            } else {
                self.labels.written(word)
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Whether there is a whole number in it that is longer than any length or place: it may be a telephone's or a person's.
fn has_long_number(value: &str) -> bool {
    let mut words = value.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    words.any(|word| !word.contains('.') && word.len() > 10)
}

/// Whether a click leads to another slide, or ends the show.
fn is_action(value: &str) -> bool {
    value
        .strip_prefix("ppaction://")
        .is_some_and(usual::is_usual)
}
