//! Grade and class: 五年级三班, 初二(4)班, grade 5.

use super::numbers::Number;
use crate::names::Folded;

/// Grades 1 to 12 and kindergarten 13 to 15, each with its class or 0; as one number: grade × 64 + class.
pub(super) fn read(text: &Folded, numbers: &[Number]) -> Vec<u16> {
    let mut grades = Vec::new();
    for number in numbers {
        let value = number.amount.low;
        if !number.amount.is_exact() || value == 0 || value > 40 {
            continue;
        }
        let before = number.from.checked_sub(1).map_or(' ', |at| text.chars[at]);
        let grade = if text.has_at(number.to, "年级") || before_is(text, number.from, "grade ") {
            Some(value)
        } else if before == '初' && value <= 3 {
            Some(6 + value)
        } else if before == '高' && value <= 3 {
            Some(9 + value)
        } else {
            None
        };
        if let Some(grade) = grade.filter(|grade| *grade <= 12) {
            let class = class_after(text, numbers, number.to);
            grades.push(u16::try_from(grade * 64 + class).unwrap_or(0));
        }
    }
    for (index, word) in ["小班", "中班", "大班"].iter().enumerate() {
        if text.find(word).next().is_some() {
            grades.push(u16::try_from((13 + index) * 64).unwrap_or(0));
        }
    }
    grades.sort_unstable();
    grades.dedup();
    grades
}

fn before_is(text: &Folded, at: usize, word: &str) -> bool {
    at.checked_sub(word.chars().count())
        .is_some_and(|from| text.has_at(from, word))
}

/// The class named within a few characters after the grade.
fn class_after(text: &Folded, numbers: &[Number], from: usize) -> u32 {
    numbers
        .iter()
        .find(|number| {
            (from..from + 4).contains(&number.from)
                && text.chars[number.to..].iter().take(2).any(|c| *c == '班')
                && number.amount.low < 64
        })
        .map_or(0, |number| number.amount.low)
}
