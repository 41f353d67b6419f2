//! What people call a case: a number that follows from its envelope and the office's key, so that numbers leave no gap to
//! count and say nothing of when a case came. Digits only, since they are said over the telephone.

use mifeng_opening::{NUMBER_DIGITS, NumberKey};
use mifeng_sealing::{ContentHash, damm};
use serde::{Deserialize, Serialize};

/// Digits of a number before its check digit.
const DIGITS: usize = 9;
/// Digits that are added each time another case has the number.
const STEP: usize = 3;
/// Digits of a group.
const GROUP: usize = 3;

/// `403-817-2659`: nine digits and a check digit, in groups of three of which the last has four; where two envelopes would
/// have the same, the later one's is longer by a group. Offices that are older gave `2026-0147`, year and counter; such
/// numbers still lead to their cases.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseNumber(pub String);

impl CaseNumber {
    /// The numbers that a case with this envelope can have, the shortest first. The same for the same office and envelope,
    /// whenever it is asked.
    #[must_use]
    pub fn of_envelope(key: &NumberKey, content: &ContentHash) -> Vec<String> {
        let digits = key.digits(content.as_bytes());
        (DIGITS..=NUMBER_DIGITS)
            .step_by(STEP)
            .map(|length| grouped(&digits[..length]))
            .collect()
    }

    /// A number as somebody typed it: digits of any width, with or without what stands between the groups. What is no
    /// number stays as it is, and is that of no case.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        let text = text.trim();
        if Self::is_counted(text) {
            return Self(text.to_owned());
        }
        let mut digits = Vec::new();
        for c in text.chars().filter(|c| !is_separator(*c)) {
            match digit_value(c) {
                Some(digit) if digits.len() <= NUMBER_DIGITS => digits.push(digit),
                _ => return Self(text.to_owned()),
            }
        }
        let fits = digits.len() > DIGITS && (digits.len() - 1).is_multiple_of(STEP);
        if fits && damm(&digits) == 0 {
            return Self(grouped(&digits[..digits.len() - 1]));
        }
        Self(counted(&digits).unwrap_or_else(|| text.to_owned()))
    }

    /// Whether a number is one of year and counter, as they were given before.
    #[must_use]
    pub fn is_counted(number: &str) -> bool {
        number.split_once('-').is_some_and(|(year, counter)| {
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            year.len() == 4 && counter.len() >= 4 && digits(year) && digits(counter)
        })
    }
}

/// Whether a character only stands between digits.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '－' | '–' | '—' | '·' | '\u{200b}' | '\u{feff}')
}

/// The digit that a character is, in whichever width it was typed.
fn digit_value(c: char) -> Option<u8> {
    match c {
        '０'..='９' => u8::try_from(u32::from(c) - u32::from('０')).ok(),
        _ => c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()),
    }
}

/// Digits with their check digit, in groups.
fn grouped(digits: &[u8]) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.iter().enumerate() {
        if at > 0 && at.is_multiple_of(GROUP) {
            text.push('-');
        }
        text.push(char::from(b'0' + digit));
    }
    text.push(char::from(b'0' + damm(digits)));
    text
}

/// Year and counter of an older number.
fn counted(digits: &[u8]) -> Option<String> {
    let (year, counter) = digits.split_at_checked(4)?;
    let text = |digits: &[u8]| -> String {
        digits
            .iter()
            .map(|digit| char::from(b'0' + digit))
            .collect()
    };
    let number = format!("{}-{}", text(year), text(counter));
    CaseNumber::is_counted(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_opening::Identity;
    use proptest::prelude::*;

    fn numbers(content: &[u8]) -> Vec<String> {
        let key = NumberKey::derive(&Identity::generate());
        CaseNumber::of_envelope(&key, &ContentHash::of(content))
    }

    #[test]
    fn a_number_is_ten_digits_and_a_longer_one_begins_the_same() {
        let numbers = numbers(b"one");
        assert_eq!(numbers[0].len(), "403-817-2659".len());
        assert_eq!(numbers.len(), 7);
        for pair in numbers.windows(2) {
            let (short, long) = (&pair[0], &pair[1]);
            assert!(long.starts_with(&short[..short.len() - 1]), "{long}");
        }
        assert!(numbers.iter().all(|one| !CaseNumber::is_counted(one)));
        assert!(CaseNumber::is_counted("2026-0147") && CaseNumber::is_counted("2026-10000"));
    }

    proptest! {
        #[test]
        fn a_number_is_read_however_it_is_typed(
            content in any::<[u8; 8]>(),
            longer in 0_usize..7,
            between in prop::sample::select(vec!["", " ", "-", "－", " – ", "\u{200b}"]),
            wide in any::<bool>(),
        ) {
            let number = &numbers(&content)[longer];
            let typed: String = number
                .chars()
                .map(|c| match c {
                    '-' => between.to_owned(),
                    digit if wide => char::from_u32(u32::from(digit) - 0x30 + 0xff10).unwrap_or(digit).to_string(),
                    digit => digit.to_string(),
                })
                .collect();
            prop_assert_eq!(&CaseNumber::typed(&format!(" {typed} ")).0, number);
        }

        #[test]
        fn a_slip_is_not_the_number_of_another_case(at in 0_usize..10, by in 1_u8..10) {
            let number = &numbers(b"one")[0];
            let mut digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            let typed = String::from_utf8(digits).expect("digits");
            let read = CaseNumber::typed(&typed).0;
            prop_assert!(read == typed || CaseNumber::is_counted(&read));
        }

        #[test]
        fn whatever_is_typed_is_read_without_harm(text in ".{0,60}") {
            let once = CaseNumber::typed(&text);
            prop_assert_eq!(CaseNumber::typed(&once.0), once);
        }
    }

    #[test]
    fn older_numbers_are_read_too() {
        for typed in ["2026-0147", "２０２６－０１４７", "2026 0147", "20260147"] {
            assert_eq!(CaseNumber::typed(typed).0, "2026-0147", "{typed}");
        }
        assert_eq!(CaseNumber::typed("2026-12345").0, "2026-12345");
    }
}
