//! Files of which nothing is taken out, and of which something can be said all the same.

use super::account::Account;
use super::finding::{Findings, Reason};
use memchr::memmem;
use std::borrow::Cow;

/// Plain text: what is in it is what people read. Passes as it is.
#[derive(Debug, Default)]
pub(super) struct TextFilter {
    findings: Findings,
    account: Account,
    /// The beginning of a letter whose end has not come yet, at most three bytes.
    begun: Vec<u8>,
    has_begun: bool,
}

impl TextFilter {
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.begun.extend_from_slice(bytes);
        let (text, left, sound) = match std::str::from_utf8(&self.begun) {
            Ok(text) => (text, 0, true),
            Err(error) => {
                let (whole, rest) = self.begun.split_at(error.valid_up_to());
                let text = std::str::from_utf8(whole).unwrap_or_default();
                (text, rest.len(), error.error_len().is_none())
            }
        };
        let mut letters = text.chars();
        if !self.has_begun {
            // Editors write it first of all, to say that it is UTF-8.
            let marked = letters.as_str().strip_prefix('\u{feff}');
            letters = marked.unwrap_or(text).chars();
        }
        self.has_begun |= !text.is_empty();
        // What no editor shows is nobody's words; letters of two bytes are no UTF-8.
        if !sound || !letters.all(is_shown) {
            self.findings.could_not(Reason::Unchecked);
        }
        let left = if sound { left } else { 0 };
        self.begun.drain(..self.begun.len() - left);
        self.account.enter(bytes.len());
        out.extend_from_slice(bytes);
    }

    pub fn finish(mut self) -> (Findings, Account) {
        if !self.begun.is_empty() {
            self.findings.could_not(Reason::Unchecked);
        }
        (self.findings, self.account)
    }
}

/// A text without the letters that no program shows: tags, marks without width. Those that join or direct letters stay beside
/// letters that are written so (Arabic, Devanagari, faces of several signs).
pub(super) fn without_marks(text: &str) -> Cow<'_, str> {
    let is_mark = |letter: char| {
        matches!(
            letter,
            '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{180e}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
        )
    };
    let joins = |letter: char| matches!(letter, '\u{200c}' | '\u{200d}' | '\u{200e}' | '\u{200f}');
    let plain = |letter: Option<char>| {
        letter.is_none_or(|letter| {
            letter.is_ascii()
                || matches!(letter, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
                || joins(letter)
        })
    };
    if !text.chars().any(|letter| is_mark(letter) || joins(letter)) {
        return Cow::Borrowed(text);
    }
    let letters: Vec<char> = text.chars().collect();
    let kept = letters.iter().enumerate().filter(|(at, letter)| {
        let before = at
            .checked_sub(1)
            .and_then(|before| letters.get(before))
            .copied();
        let needless = joins(**letter) && plain(before) && plain(letters.get(at + 1).copied());
        !is_mark(**letter) && !needless
    });
    Cow::Owned(kept.map(|(_, letter)| *letter).collect())
}

/// Whether an editor shows it, or breaks or widens a line with it: no control character, no sign of no width or of direction, no
/// tag, no variation, nothing of private use.
fn is_shown(letter: char) -> bool {
    match letter {
        '\t' | '\n' | '\r' | '\u{c}' => true,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}' => false,
        letter => !letter.is_control(),
    }
}

/// The stream in which Office keeps a document under a password (MS-OFFCRYPTO, 2.3.4.4), as its directory names it.
const NAME: &str = "EncryptedPackage";

/// Old Office files. Passes as it is.
#[derive(Debug, Default)]
pub(super) struct LockFilter {
    last: Vec<u8>,
    locked: bool,
}

impl LockFilter {
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(bytes);
        if self.locked {
            return;
        }
        let name: Vec<u8> = NAME.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.last.extend_from_slice(bytes);
        self.locked = memmem::find(&self.last, &name).is_some();
        let kept = self.last.len().min(name.len() - 1);
        self.last.drain(..self.last.len() - kept);
    }

    pub fn finish(self) -> Reason {
        if self.locked {
            Reason::Encrypted
        } else {
            Reason::Kind
        }
    }
}
