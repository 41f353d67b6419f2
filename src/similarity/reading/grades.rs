//! Grade and class: 五年级三班, 初二(4)班, grade 5.

use super::numbers::Number;
use mifeng_names::Folded;

/// Grades 1 to 12 and kindergarten 13 to 15, each with its class or 0; as one number: grade × 64 + class.
pub(super) fn read(text: &Folded, numbers: &[Number]) -> Vec<u16> {
    let mut grades = Vec::new();
    for number in numbers {
        let value = number.amount.low;
        if !number.amount.is_exact() || value == 0 || value > 40 {
            continue;
        }
        let is_in = |schools: [&str; 2]| {
            let mut schools = schools.into_iter();
            value <= 3 && schools.any(|school| before_is(text, number.from, school))
        };
        // 高三年级 is the third year of another school than 三年级.
        let grade = if is_in(["初", "初中"]) {
            Some(6 + value)
        } else if is_in(["高", "高中"]) {
            Some(9 + value)
        } else if text.has_at(number.to, "年级") || before_is(text, number.from, "grade ") {
            Some(value)
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

#[cfg(test)]
mod tests {
    use super::super::numbers;
    use super::*;

    #[test]
    fn the_third_year_of_one_school_is_not_that_of_another() {
        let read = |text: &str| {
            let text = Folded::of(text);
            read(&text, &numbers::read(&text))
        };
        for (written, grade) in [
            ("三年级", 3),
            ("3年级", 3),
            ("初三年级", 9),
            ("初三", 9),
            ("初中三年级", 9),
            ("高三年级", 12),
            ("高3年级", 12),
            ("高中三年级", 12),
            ("六年级", 6),
        ] {
            assert_eq!(
                read(&format!("孩子在{written}。")),
                [grade * 64],
                "{written}"
            );
        }
        assert_eq!(read("高三年级二班"), [12 * 64 + 2]);
    }
}
