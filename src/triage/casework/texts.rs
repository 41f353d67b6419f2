//! Limits of what is typed into a case.

use crate::office::OfficeError;

/// Longest reason for the file, in characters.
pub(crate) const REASON_MAX_CHARS: usize = 2_000;

/// Longest text to a reporter, in characters.
pub(super) const ANSWER_MAX_CHARS: usize = 20_000;

/// Whether there is a text, and it is not too long.
pub(super) fn text_fits(text: &str, max_chars: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= max_chars
}

/// The same as an error of the field `field`.
pub(crate) fn check_text(
    field: &'static str,
    text: &str,
    max_chars: usize,
) -> Result<(), OfficeError> {
    let fits = text_fits(text, max_chars);
    fits.then_some(()).ok_or(OfficeError::BadText(field))
}
