//! Numbers as they are typed: 2000, 2,000, 2k, 两千, 一千多, 几百, 三百五.

use mifeng_names::Folded;

/// A number or a span, both ends within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount {
    /// At least.
    pub low: u32,
    /// At most; the same for a number said exactly.
    pub high: u32,
}

impl Amount {
    /// Whether it was said exactly.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.low == self.high
    }
}

/// A number found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub amount: Amount,
    pub from: usize,
    pub to: usize,
    /// Said with hundreds, thousands or more: rarely a count of anything but money.
    pub has_unit: bool,
}

fn digit(c: char) -> Option<u32> {
    match c {
        '零' | '〇' => Some(0),
        '一' | '壹' => Some(1),
        '二' | '两' | '俩' | '贰' => Some(2),
        '三' | '叁' => Some(3),
        '四' | '肆' => Some(4),
        '五' | '伍' => Some(5),
        '六' | '陆' => Some(6),
        '七' | '柒' => Some(7),
        '八' | '捌' => Some(8),
        '九' | '玖' => Some(9),
        _ => None,
    }
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' | 'k' => Some(1000),
        '万' | 'w' => Some(10_000),
        _ => None,
    }
}

/// Every number of a text, in order.
pub(super) fn read(text: &Folded) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        match arabic(text, at).or_else(|| chinese(text, at)) {
            Some(number) => {
                at = number.to;
                numbers.push(number);
            }
            None => at += 1,
        }
    }
    numbers
}

fn more(text: &Folded, to: usize, value: u32, step: u32) -> (Amount, usize) {
    match text.chars.get(to) {
        Some('多' | '余' | '来' | '几') if step >= 10 => (
            Amount {
                low: value,
                high: value.saturating_add(step - 1),
            },
            to + 1,
        ),
        _ => (
            Amount {
                low: value,
                high: value,
            },
            to,
        ),
    }
}

fn arabic(text: &Folded, from: usize) -> Option<Number> {
    let mut to = from;
    let mut value = 0_u64;
    let mut digits = 0;
    while let Some(c) = text.chars.get(to) {
        if let Some(d) = c.to_digit(10) {
            value = (value * 10 + u64::from(d)).min(u64::from(u32::MAX));
            digits += 1;
        } else if *c != ',' || digits == 0 || !three_digits(text, to + 1) {
            break;
        }
        to += 1;
    }
    if digits == 0 {
        return None;
    }
    let mut tenths = 0;
    if text.chars.get(to) == Some(&'.')
        && let Some(d) = text.chars.get(to + 1).and_then(|c| c.to_digit(10))
    {
        tenths = d;
        to += 2;
        while text.chars.get(to).is_some_and(char::is_ascii_digit) {
            to += 1;
        }
    }
    let value = u32::try_from(value).unwrap_or(u32::MAX);
    let step = text
        .chars
        .get(to)
        .and_then(|c| unit(*c))
        .filter(|_| digits <= 4);
    // A letter is a unit only at the end of a word: 2k, but not 2kg.
    let is_word = |c: &char| c.is_ascii_alphabetic();
    let step =
        step.filter(|_| !text.chars.get(to + 1).is_some_and(is_word) || !is_word(&text.chars[to]));
    let has_unit = step.is_some();
    let (value, to, round) = if let Some(step) = step {
        let value = value
            .saturating_mul(step)
            .saturating_add(tenths * step / 10);
        (value, to + 1, step)
    } else {
        (value, to, round_step(value))
    };
    let (amount, to) = more(text, to, value, round);
    Some(Number {
        amount,
        from,
        to,
        has_unit,
    })
}

/// 30多 is up to 39, 300多 up to 399.
fn round_step(value: u32) -> u32 {
    let mut step = 1;
    while value > 0 && value.is_multiple_of(step * 10) && step < 1_000_000 {
        step *= 10;
    }
    step
}

fn three_digits(text: &Folded, from: usize) -> bool {
    text.chars
        .get(from..from + 3)
        .is_some_and(|c| c.iter().all(char::is_ascii_digit))
        && !text.chars.get(from + 3).is_some_and(char::is_ascii_digit)
}

fn chinese(text: &Folded, from: usize) -> Option<Number> {
    let mut to = from;
    let (mut total, mut section, mut current): (u32, u32, Option<u32>) = (0, 0, None);
    let (mut step, mut spread) = (1, 0);
    let mut has_unit = false;
    while let Some(c) = text.chars.get(to) {
        if let Some(d) = digit(*c) {
            if let Some(before) = current {
                // 两三千: two digits that follow each other are a span.
                if before + 1 != d || before == 0 {
                    break;
                }
                spread = 1;
            } else {
                current = Some(d);
            }
        } else if matches!(c, '几' | '数')
            && current.is_none()
            && text.chars.get(to + 1).is_some_and(|c| unit(*c).is_some())
        {
            (current, spread) = (Some(1), 8);
        } else if let Some(u) = unit(*c).filter(|_| !c.is_ascii()) {
            step = u;
            has_unit = true;
            if u == 10_000 {
                total = section
                    .saturating_add(current.take().unwrap_or(0))
                    .max(1)
                    .saturating_mul(u);
                section = 0;
            } else {
                section = section.saturating_add(current.take().unwrap_or(1).saturating_mul(u));
            }
        } else {
            break;
        }
        to += 1;
    }
    if to == from || (!has_unit && to - from > 1 && spread == 0) {
        return None;
    }
    // 三百五 is 350, 一万二 is 12,000.
    let tail = current.map_or(0, |d| {
        if has_unit && step >= 100 && text.chars[to - 2] != '零' {
            d * step / 10
        } else {
            d
        }
    });
    let value = total.saturating_add(section).saturating_add(tail);
    let (amount, to) = more(text, to, value, if has_unit { step } else { 1 });
    let high = amount.high.saturating_add(spread * step);
    Some(Number {
        amount: Amount { high, ..amount },
        from,
        to,
        has_unit,
    })
}
