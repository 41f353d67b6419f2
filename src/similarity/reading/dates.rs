//! When it happened: days, and the holidays and terms that parents name instead.

use super::numbers::Number;
use mifeng_foundation::clock::Day;
use mifeng_names::Folded;

/// What was read about the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// Days named, not after the tip came.
    pub days: Vec<Day>,
    /// Holidays and times of the week, one bit each.
    pub seasons: u32,
}

const SEASONS: [&[&str]; 17] = [
    &["寒假", "winter holiday", "winter vacation"],
    &["暑假", "summer holiday", "summer vacation"],
    &["国庆", "十一假", "national day"],
    &["教师节", "teachers' day", "teacher's day"],
    &["中秋", "mid-autumn"],
    &["端午", "dragon boat"],
    &["五一", "劳动节", "labour day", "may day"],
    &["元旦", "new year's day"],
    &["春节", "过年", "spring festival", "chinese new year"],
    &["清明"],
    &[
        "周末",
        "周六",
        "周日",
        "星期六",
        "星期天",
        "星期日",
        "双休",
        "礼拜天",
        "weekend",
        "saturday",
        "sunday",
    ],
    &["晚自习", "晚上", "夜里", "evening"],
    &["开学", "学期初"],
    &["期末", "放假前"],
    &["期中"],
    &["中午", "午休", "午托", "noon"],
    &["放学", "after school"],
];

const RELATIVE: [(&str, i32); 8] = [
    ("大前天", -3),
    ("前天", -2),
    ("昨天", -1),
    ("昨晚", -1),
    ("今天", 0),
    ("今早", 0),
    ("yesterday", -1),
    ("today", 0),
];

const WEEKDAYS: [(&str, i8); 7] = [
    ("一", 1),
    ("二", 2),
    ("三", 3),
    ("四", 4),
    ("五", 5),
    ("六", 6),
    ("日", 7),
];

pub(super) fn read(text: &Folded, numbers: &[Number], received: Day) -> When {
    let mut when = When::default();
    for (bit, words) in SEASONS.iter().enumerate() {
        if words.iter().any(|word| text.find(word).next().is_some()) {
            when.seasons |= 1 << bit;
        }
    }
    for (word, days) in RELATIVE {
        // 大前天 ends with 前天, and is another day.
        let longer = |at: usize| word == "前天" && at > 0 && text.chars[at - 1] == '大';
        if text.find(word).any(|at| !longer(at)) {
            when.days.push(received.plus_days(days));
        }
    }
    for (name, number) in WEEKDAYS {
        for before in ["上周", "上星期", "上个星期", "上礼拜"] {
            if text.find(&format!("{before}{name}")).next().is_some() {
                let today = received.date().weekday().to_monday_one_offset();
                when.days
                    .push(received.plus_days(i32::from(number) - i32::from(today) - 7));
            }
        }
    }
    when.days.extend(calendar_days(text, numbers, received));
    when.days.sort_unstable();
    when.days.dedup();
    when
}

/// 2021年9月29日, 9月29号, 2021-9-29, 9.29.
fn calendar_days(text: &Folded, numbers: &[Number], received: Day) -> Vec<Day> {
    let mut days = Vec::new();
    let mut year = None;
    for pair in numbers.windows(2) {
        let [first, second] = pair else { continue };
        let between = text.text(first.to, second.from);
        if is_year(first) && matches!(between.as_str(), "年" | "-" | "/" | ".") {
            year = Some((i16::try_from(first.amount.low).unwrap_or(0), second.from));
        }
        let after = text.chars.get(second.to).copied().unwrap_or(' ');
        let spelled = between == "月"
            && (matches!(after, '日' | '号') || year.is_some_and(|(_, at)| at == first.from));
        let dashed =
            matches!(between.as_str(), "-" | "/") && year.is_some_and(|(_, at)| at == first.from);
        if spelled || dashed {
            let said = year
                .filter(|(_, at)| *at == first.from)
                .map(|(year, _)| year);
            days.extend(day_of(said, first, second, received));
        }
    }
    days
}

fn is_year(number: &Number) -> bool {
    number.to - number.from == 4 && (1990..2100).contains(&number.amount.low)
}

/// A day without a year is the last one of that name before the tip came.
fn day_of(year: Option<i16>, month: &Number, day: &Number, received: Day) -> Option<Day> {
    let month = i8::try_from(month.amount.low).ok()?;
    let day = i8::try_from(day.amount.low).ok()?;
    if let Some(year) = year {
        return Day::new(year, month, day);
    }
    let this_year = received.date().year();
    Day::new(this_year, month, day)
        .filter(|day| *day <= received)
        .or_else(|| Day::new(this_year - 1, month, day))
}
