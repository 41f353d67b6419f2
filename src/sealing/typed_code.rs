//! A pickup code in what someone typed or pasted: with a label before it, marks that nobody sees, a full stop after it, a
//! number before each line. The same as `codeIn` in `src/intake/web/script/src/pickup_code.ts`, held to one table of
//! examples (`tests/vectors/typed-codes.json`).

use super::pickup_code::{CODE_DIGITS, CodeError, damm};
use zeroize::Zeroizing;

/// Digits of a group, as codes are shown.
const GROUP_DIGITS: usize = 4;

/// The zeros of the decimal digits that keyboards here write: ASCII, full width, Arabic, Persian and Uyghur, Tibetan,
/// Mongolian. A number in a circle or with a full stop of its own (①, ⒈) counts a list and is no digit.
const ZEROS: [u32; 6] = [0x30, 0xff10, 0x660, 0x6f0, 0xf20, 0x1810];

/// A row of digits with nothing between them that can be seen.
struct Run {
    start: usize,
    len: usize,
    /// Whether a letter stands between the row before and this one.
    after_letter: bool,
}

/// The digits of the code in `typed`: rows of digits that together have 28 and end in their check digit, with no letter
/// between them; or seven rows of four, whatever stands between.
///
/// # Errors
/// [`CodeError::Mistyped`] where 28 digits stand together but do not check out; [`CodeError::NotADigit`] where they do
/// not, and a Latin letter touches a digit (O for 0); else [`CodeError::WrongLength`].
pub(super) fn digits_in(typed: &str) -> Result<Box<[u8]>, CodeError> {
    let (digits, runs, letter_touches) = runs_in(typed);
    let whole = (0..runs.len()).filter_map(|first| joined(&runs[first..]));
    let fours: Vec<&Run> = runs.iter().filter(|run| run.len == GROUP_DIGITS).collect();
    let groups = fours.windows(CODE_DIGITS / GROUP_DIGITS);
    let groups = groups.map(|rows| rows.iter().map(|run| (run.start, run.len)).collect());
    let mut found_any = false;
    for rows in whole.chain(groups) {
        found_any = true;
        let mut code = Zeroizing::new(Vec::with_capacity(CODE_DIGITS));
        for (start, len) in rows {
            code.extend_from_slice(&digits[start..start + len]);
        }
        if damm(&code) == 0 {
            return Ok(std::mem::take(&mut *code).into_boxed_slice());
        }
    }
    Err(match (found_any, letter_touches) {
        (true, _) => CodeError::Mistyped,
        (false, true) => CodeError::NotADigit,
        (false, false) => CodeError::WrongLength,
    })
}

/// The first of `runs` that together have as many digits as a code, with no letter between them.
fn joined(runs: &[Run]) -> Option<Vec<(usize, usize)>> {
    let mut rows = Vec::new();
    let mut count = 0;
    for (at, run) in runs.iter().enumerate() {
        if at > 0 && run.after_letter {
            return None;
        }
        rows.push((run.start, run.len));
        count += run.len;
        if count >= CODE_DIGITS {
            break;
        }
    }
    (count == CODE_DIGITS).then_some(rows)
}

/// All digits, the rows they stand in, and whether a Latin letter touches one.
fn runs_in(typed: &str) -> (Zeroizing<Vec<u8>>, Vec<Run>, bool) {
    // As many as could be pushed, so that no copy is left behind by growing.
    let mut digits = Zeroizing::new(Vec::with_capacity(typed.len()));
    let (mut runs, mut letter_touches) = (Vec::<Run>::new(), false);
    let (mut in_run, mut letter_since, mut after_latin) = (false, false, false);
    for character in typed.chars().filter(|c| !is_unseen(*c)) {
        if let Some(digit) = digit_value(character) {
            letter_touches |= after_latin;
            match runs.last_mut().filter(|_| in_run) {
                Some(run) => run.len += 1,
                None => runs.push(Run {
                    start: digits.len(),
                    len: 1,
                    after_letter: letter_since,
                }),
            }
            digits.push(digit);
            (in_run, letter_since, after_latin) = (true, false, false);
        } else {
            after_latin = character.is_ascii_alphabetic();
            letter_touches |= in_run && after_latin;
            letter_since |= character.is_alphabetic();
            in_run = false;
        }
    }
    (digits, runs, letter_touches)
}

/// Marks of direction and of joining, soft hyphens and the like, which notes, chats and PDFs put around what is copied.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn digit_value(c: char) -> Option<u8> {
    let value = |zero: &u32| u32::from(c).checked_sub(*zero).filter(|value| *value < 10);
    let value = ZEROS.iter().find_map(value)?;
    u8::try_from(value).ok()
}
