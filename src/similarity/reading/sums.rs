//! Sums of money.

use super::numbers::{Amount, Number};
use mifeng_names::Folded;

const MONEY: [&str; 9] = [
    "元",
    "块",
    "圆",
    "钱",
    "yuan",
    "rmb",
    "cny",
    "人民币",
    " yuan",
];
const TAKEN: &str = "收交共费价值元缴付给款约概要¥￥$买";
/// What is counted by a number that is no sum.
const COUNTED: &str =
    "个名多学位人年月日号级班点次栋户米岁天周分小时课节期楼层路平斤公条中楼幼度%-/.:室单元届";

/// Sums, sorted.
pub(super) fn read(text: &Folded, numbers: &[Number]) -> Vec<Amount> {
    let mut sums: Vec<_> = numbers
        .iter()
        .filter(|number| is_money(text, number))
        .map(|number| number.amount)
        .collect();
    sums.sort_unstable();
    sums.dedup();
    sums
}

fn is_money(text: &Folded, number: &Number) -> bool {
    if number.amount.high < 5 {
        return false;
    }
    if MONEY.iter().any(|word| text.has_at(number.to, word)) {
        return true;
    }
    let next = text.chars.get(number.to).copied().unwrap_or(' ');
    let before = &text.chars[number.from.saturating_sub(2)..number.from];
    let taken = before.iter().any(|c| TAKEN.contains(*c));
    !COUNTED.contains(next)
        && !next.is_ascii_alphanumeric()
        && taken
        && (number.amount.high >= 20 || number.has_unit)
}
