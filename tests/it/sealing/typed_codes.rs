//! A code as people give it back: pasted from a note, a chat or a PDF, with a label, a list's numbers or a full stop.

use super::vectors::bytes;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::{CodeError, PickupCode};
use proptest::prelude::*;
use serde::Deserialize;

/// A row of `tests/vectors/typed-codes.json`, which the pages' script is held to as well.
#[derive(Deserialize)]
struct Typed {
    typed: String,
    code: Option<String>,
    wrong: Option<String>,
}

#[test]
fn what_people_paste_is_read_as_in_the_pages_script() {
    let rows: Vec<Typed> = serde_json::from_slice(&bytes("typed-codes.json")).expect("a list");
    for row in rows {
        let read = PickupCode::parse(&row.typed);
        match (row.code, row.wrong.as_deref()) {
            (Some(code), None) => {
                let digits = read.as_ref().map(PickupCode::digits);
                assert_eq!(digits, Ok(code.as_str()), "{:?}", row.typed);
            }
            (None, Some(wrong)) => {
                let expected = match wrong {
                    "length" => CodeError::WrongLength,
                    "letter" => CodeError::NotADigit,
                    _ => CodeError::Mistyped,
                };
                assert_eq!(read, Err(expected), "{:?}", row.typed);
            }
            _ => panic!("a row says either"),
        }
    }
}

/// What may stand between two digits: anything but a letter or a digit.
fn between() -> impl Strategy<Value = String> {
    let seen = prop::sample::select(vec![
        " ", "-", "\u{2011}", "\u{2212}", "\u{3000}", "\n", "\u{b}", "/", "·", "，", ".", "、", "|", "*",
    ]);
    let unseen = prop::sample::select(vec![
        "\u{202d}", "\u{200e}", "\u{2066}", "\u{feff}", "\u{200b}", "\u{ad}", "\u{fe0d}",
    ]);
    prop::collection::vec(prop_oneof![seen, unseen], 0..4).prop_map(|marks| marks.concat())
}

/// What may stand around a code: words, marks, numbers of a list; no row of digits as long as a group.
fn around() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "", "取件码：", "Pickup code: ", "1) ", "①", "。", "”", "（", "第 1 张，", "\u{202c}", "😀",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn marks_within_and_words_around_do_not_matter(
        gaps in prop::collection::vec(between(), 27),
        before in around(),
        after in around(),
        wide in any::<bool>(),
    ) {
        let code = PickupCode::generate(&SystemEntropy);
        let shown = |digit: char| match (wide, digit.to_digit(10)) {
            (true, Some(value)) => char::from_u32(0xff10 + value).expect("full width"),
            _ => digit,
        };
        let mut gaps = gaps.iter();
        let typed: String = code.digits().chars().map(|digit| {
            format!("{}{}", shown(digit), gaps.next().map_or("", String::as_str))
        }).collect();
        let pasted = format!("{before}{typed} {after}");
        // By chance a list's number can make a second row of 28 digits that checks out.
        if !pasted.starts_with("1)") && !pasted.starts_with("第") && !pasted.ends_with("张，") && !after.starts_with("1)") {
            prop_assert_eq!(PickupCode::parse(&pasted), Ok(code.clone()));
        }
    }

    #[test]
    fn no_text_at_all_breaks_the_reader(typed in any::<String>()) {
        let _ = PickupCode::parse(&typed);
    }

    #[test]
    fn rows_of_digits_are_read_in_time_and_never_as_another_code(
        rows in prop::collection::vec("[0-9]{1,9}", 0..400),
    ) {
        let typed = rows.join(" ");
        if let Ok(code) = PickupCode::parse(&typed) {
            prop_assert!(rows.concat().contains(code.digits()) || code.groups().iter().all(|group| rows.iter().any(|row| row == group)));
        }
    }
}
