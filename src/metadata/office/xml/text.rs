//! Text between tags: kept where a program shows it, or where it can tell nothing.

use super::Rewriter;
use super::element::Open;
use crate::finding::{Reason, What};
use crate::office::notation::is_braced_number;
use crate::office::usual::is_usual;
use crate::office::value::is_path;
use crate::office::{free_text, hidden_content, tells};
use crate::text::without_marks;
use quick_xml::escape::{escape, unescape};
use std::borrow::Cow;

impl Rewriter<'_> {
    /// Writes the text that was gathered, where text may be.
    pub(super) fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.is_empty() || self.dropped > 0 {
            return;
        }
        let Some(open) = self.open.last() else {
            if !text.trim().is_empty() {
                self.findings.removed(What::Hidden);
            }
            return;
        };
        let name = open.name.as_str();
        if name == "w:instrText" {
            let plain = unescape(&text).unwrap_or_default();
            self.codes.piece(&plain, self.out.len(), self.findings);
            return;
        }
        if text.trim().is_empty() {
            self.out.push_str(&text);
            return;
        }
        if !open.has_text {
            self.findings.removed(What::Hidden);
            return;
        }
        let Ok(plain) = unescape(&text) else {
            // A reference to something that a document type would name.
            self.findings.removed(What::Hidden);
            return;
        };
        if let Some(what) = self.why_left_out(name, &plain) {
            self.findings.removed(what);
            return;
        }
        if name == "office:binary-data" {
            self.findings.left(What::Unchecked, Reason::Unchecked);
        }
        hidden_content::told_text(name, self.findings);
        let in_notes = |open: &Open| open.name == "presentation:notes";
        if self.root == "p:notes" || self.open.iter().any(in_notes) {
            self.findings.left(What::Hidden, Reason::Reviewable);
        }
        let plain = self.without_unseen(&plain);
        // Written as a reader reads it, so that a second time gives the same.
        self.out.push_str(&escape(&*plain));
    }

    /// What a text in the innermost element would tell that must not stay; `None` where it stays.
    fn why_left_out(&self, name: &str, plain: &str) -> Option<What> {
        if let Some(what) = tells::text(name) {
            return Some(what);
        }
        let parent = self
            .open
            .iter()
            .rev()
            .nth(1)
            .map_or("", |parent| parent.name.as_str());
        if !tells::is_in_place(name, parent) {
            return Some(What::Hidden);
        }
        if tells::is_instruction(name) && is_path(plain) {
            return Some(What::Path);
        }
        let may_stay =
            name == "office:binary-data" || free_text::has_shown_text(name) || is_plain_text(plain);
        (!may_stay).then_some(What::Hidden)
    }

    /// A text without letters that no program shows, which can mark a copy.
    fn without_unseen<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        let shown = without_marks(text);
        if shown.len() < text.len() {
            self.findings.removed(What::Hidden);
        }
        shown
    }
}

/// Whether the text of an element that nobody sees is a number or a usual name.
fn is_plain_text(text: &str) -> bool {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits <= 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte));
    is_number || is_braced_number(text) || is_usual(text)
}
