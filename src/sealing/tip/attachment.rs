//! A file that goes with a tip: what the tip says of it. The file itself is an age file of its own.

use mifeng_foundation::entropy::parse_id;
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Longest file name that is kept, in characters; beyond it the middle goes, never the ending.
pub const NAME_MAX_CHARS: usize = 120;

/// Most files that one document may name, whatever an intake is set to.
pub const ATTACHMENTS_MAX: usize = 100;

/// Longest ending that counts as one, in characters.
const ENDING_MAX_CHARS: usize = 10;

/// Longest media type, in bytes.
const MEDIA_TYPE_MAX_BYTES: usize = 100;

/// Largest size that can be said of a file: the largest number that a browser counts with exactly.
const SIZE_MAX_BYTES: u64 = (1 << 53) - 1;

/// One file, as the sealed document names it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Random id at intake, 32 lower-case hex digits: which sealed file it is.
    pub id: String,
    /// The file's name, [cleaned](clean_name).
    pub name: String,
    /// Its media type, `image/jpeg`.
    pub media_type: String,
    /// Its length in the clear; what follows inside the seal is padding.
    pub size_bytes: u64,
    /// SHA-256 of it in the clear, 64 lower-case hex digits.
    pub sha256: String,
    /// Whether it carried a label of its origin when it was chosen: made by a machine, or provenance. The label itself, which
    /// may name accounts and devices, is in it only where its sender kept it. Older documents do not say.
    #[serde(default, skip_serializing_if = "is_false")]
    pub labelled_origin: bool,
    /// Whether it opens with a password only.
    #[serde(default, skip_serializing_if = "is_false")]
    pub under_password: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
pub(super) fn is_false(value: &bool) -> bool {
    !value
}

/// What came in of a file is no [`Attachment`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentError {
    /// An id, hash, size or type of the wrong shape.
    #[error("a file is not described as it must be")]
    Malformed,
    /// The same id twice, or more than [`ATTACHMENTS_MAX`].
    #[error("a file is named twice, or there are too many")]
    List,
}

impl Attachment {
    /// The same with its name cleaned, if everything has the right shape.
    ///
    /// # Errors
    /// [`AttachmentError::Malformed`].
    pub fn checked(&self) -> Result<Self, AttachmentError> {
        let is_hex = |text: &str, digits| {
            text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        let sized = (1..=SIZE_MAX_BYTES).contains(&self.size_bytes);
        if !is_hex(&self.id, 32)
            || !is_hex(&self.sha256, 64)
            || !sized
            || !is_media_type(&self.media_type)
        {
            return Err(AttachmentError::Malformed);
        }
        let mut checked = self.clone();
        checked.name = clean_name(&self.name);
        Ok(checked)
    }

    /// The id as bytes; `None` if it is not of its shape.
    #[must_use]
    pub fn id_bytes(&self) -> Option<[u8; 16]> {
        parse_id(&self.id)
    }
}

/// Checks a whole list, as a tip or an addition brings it.
///
/// # Errors
/// [`AttachmentError`].
pub fn check_attachments(list: &[Attachment]) -> Result<Vec<Attachment>, AttachmentError> {
    let mut ids: Vec<&str> = list.iter().map(|one| one.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != list.len() || list.len() > ATTACHMENTS_MAX {
        return Err(AttachmentError::List);
    }
    list.iter().map(Attachment::checked).collect()
}

/// `type/subtype` in the characters that RFC 6838 allows.
fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.len() <= MEDIA_TYPE_MAX_BYTES
        && text
            .split_once('/')
            .is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// A name that can be shown and saved anywhere: the last part of a path, without control characters, marks that turn
/// the direction of writing, characters that a file system or a shell reads otherwise, or dots at its ends.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last
        .nfc()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '%' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let trimmed = shown.trim_matches(|c: char| c == '.' || c == ' ');
    let (stem, ending) = match trimmed.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= ENDING_MAX_CHARS => (stem, ending),
        _ => (trimmed, ""),
    };
    let room = NAME_MAX_CHARS - ENDING_MAX_CHARS - 1;
    let stem: String = stem.chars().take(room).collect();
    let stem = match stem.trim_end_matches([' ', '.']) {
        "" => "file",
        stem => stem,
    };
    if ending.is_empty() {
        stem.to_owned()
    } else {
        format!("{stem}.{ending}")
    }
}

/// Characters without a shape of their own that change how others are read: zero widths, direction marks, joiners,
/// variation selectors and tags (Unicode general category Cf and near it).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attachment(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_misleads() {
        for (typed, clean) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\收据.jpg", "收据.jpg"),
            ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
            ("a\u{0}b\nc.png", "abc.png"),
            (" .hidden. ", "hidden"),
            ("a<b>:\"c|?*%.pdf", "a_b___c____.pdf"),
            ("\u{200b}\u{feff}", "file"),
            ("...jpg", "jpg"),
            ("/", "file"),
            ("e\u{301}.txt", "\u{e9}.txt"),
        ] {
            assert_eq!(clean_name(typed), clean, "{typed:?}");
        }
        let long = clean_name(&format!("{}.jpeg", "长".repeat(300)));
        assert!(long.ends_with("长.jpeg") && long.chars().count() <= NAME_MAX_CHARS);
        assert_eq!(clean_name(&long), long, "cleaning twice changes nothing");
    }
}
