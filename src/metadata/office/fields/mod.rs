//! Fields of Word: what a program computes and writes into the text. The instruction is not on the page; of those that are
//! known it is written anew from the parts that can tell nothing, and of all others only the result stays.

mod instruction;

use super::labels::Labels;
use super::value::is_path;
use crate::finding::{Findings, What};
use instruction::{instruction, is_quotation};

/// The instructions of one part, which can be in many pieces, one field in the other. Where the first piece of an
/// instruction stood, it is put in as it is written anew; the other pieces stay empty.
#[derive(Default)]
pub(super) struct Codes {
    open: Vec<Code>,
    written: Vec<(usize, String)>,
}

#[derive(Default)]
struct Code {
    at: Option<usize>,
    text: String,
    is_read: bool,
}

impl Codes {
    /// A sign that a field begins, that its result begins, or that it ends.
    pub fn sign(&mut self, kind: &str, labels: &mut Labels, findings: &mut Findings) {
        if kind == "begin" {
            self.open.push(Code::default());
            return;
        }
        if let Some(code) = self.open.last_mut()
            && !code.is_read
        {
            code.is_read = true;
            if let Some(at) = code.at {
                let instruction = reported(&code.text, labels, findings);
                self.written.push((at, instruction));
            }
        }
        if kind == "end" {
            self.open.pop();
        }
    }

    /// A piece of an instruction, which would be written at `at`.
    pub fn piece(&mut self, text: &str, at: usize, findings: &mut Findings) {
        match self.open.last_mut() {
            Some(code) if !code.is_read => {
                code.at.get_or_insert(at);
                code.text.push_str(text);
            }
            // No program reads it.
            _ => findings.removed(What::Hidden),
        }
    }

    /// Whether an instruction will be put in behind `at`.
    pub fn any_behind(&self, at: usize) -> bool {
        let open = self.open.iter().filter_map(|code| code.at);
        open.chain(self.written.iter().map(|(at, _)| *at))
            .any(|one| one > at)
    }

    /// The part with its instructions, each escaped by `escape`.
    pub fn put_into(mut self, out: String, escape: impl Fn(&str) -> String) -> String {
        if self.written.is_empty() {
            return out;
        }
        self.written.sort_by_key(|(at, _)| *at);
        let (mut whole, mut copied) = (
            String::with_capacity(out.len() + 64 * self.written.len()),
            0,
        );
        for (at, instruction) in self.written {
            whole.push_str(&out[copied..at]);
            whole.push_str(&escape(&instruction));
            copied = at;
        }
        whole.push_str(&out[copied..]);
        whole
    }
}

/// [`instruction()`], and what was left out of it is noted.
pub(super) fn reported(text: &str, labels: &mut Labels, findings: &mut Findings) -> String {
    let written = instruction(text, labels);
    let letters = |text: &str| -> String {
        let seen = text
            .chars()
            .filter(|letter| !letter.is_whitespace() && !is_quotation(*letter));
        seen.flat_map(char::to_lowercase).collect()
    };
    if letters(text) != letters(&written) {
        findings.removed(if is_path(text) {
            What::Path
        } else {
            What::Hidden
        });
    }
    written
}
