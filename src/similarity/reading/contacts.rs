//! What reaches one person or place only: telephone, chat id, account, plate, address on the network.

use mifeng_names::Folded;

/// Fewest digits of a telephone or an account number.
const DIGITS_MIN: usize = 7;

/// Contacts, each in one spelling, sorted.
pub(super) fn read(text: &Folded) -> Vec<String> {
    let mut found = Vec::new();
    digit_runs(text, &mut found);
    words(text, &mut found);
    plates(text, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}

/// Long numbers, read over spaces and dashes: 138-0000-1111 is 13800001111.
fn digit_runs(text: &Folded, found: &mut Vec<String>) {
    let mut run = String::new();
    let mut gap = 0;
    for c in text.chars.iter().chain(&['\n']) {
        if c.is_ascii_digit() {
            run.push(*c);
            gap = 0;
        } else if matches!(c, '-' | ' ') && gap == 0 && !run.is_empty() {
            gap = 1;
        } else {
            let number = std::mem::take(&mut run);
            gap = 0;
            if number.len() >= DIGITS_MIN && !is_date(&number) {
                let local = number.strip_prefix("86").filter(|rest| rest.len() == 11);
                found.push(local.unwrap_or(&number).to_owned());
            }
        }
    }
}

/// 20210929 is a day, no telephone.
fn is_date(number: &str) -> bool {
    number.len() == 8 && (number.starts_with("20") || number.starts_with("19"))
}

const BEFORE_ID: [&str; 8] = [
    "微信",
    "wechat",
    "weixin",
    "vx",
    "wx",
    "qq",
    "支付宝",
    "alipay",
];

/// Runs of Latin letters and digits: addresses, mail, and ids that are said to be ids.
fn words(text: &Folded, found: &mut Vec<String>) {
    let part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '/' | ':');
    let mut from = 0;
    while from < text.chars.len() {
        let length = text.chars[from..].iter().take_while(|c| part(**c)).count();
        if length >= 5 {
            let word = text.text(from, from + length);
            let word = word.trim_matches(['.', '-', ':', '/', '_']);
            let said_before = said_to_be_id(text, from);
            let (word, is_said) = after_its_kind(word).map_or((word, said_before), |id| (id, true));
            if is_address(word) || (is_said && word.bytes().any(|b| b.is_ascii_alphabetic())) {
                let bare = word.split_once("://").map_or(word, |(_, rest)| rest);
                found.push(bare.trim_start_matches("www.").to_owned());
            }
        }
        from += length.max(1);
    }
}

/// `vx:ming_li88` is one word of letters: what stands before its colon says what it is.
fn after_its_kind(word: &str) -> Option<&str> {
    let (kind, id) = word.split_once(':')?;
    (BEFORE_ID.contains(&kind) && !id.starts_with('/')).then_some(id)
}

fn is_address(word: &str) -> bool {
    word.contains("://")
        || word.starts_with("www.")
        || (word.contains('@') && word.contains('.'))
        || [".com", ".cn", ".net", ".org"]
            .iter()
            .any(|end| word.contains(end))
}

fn said_to_be_id(text: &Folded, from: usize) -> bool {
    BEFORE_ID.iter().any(|word| {
        let length = word.chars().count();
        (from.saturating_sub(length + 3)..=from.saturating_sub(length))
            .any(|at| text.has_at(at, word))
    })
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// Number plates: 湘A12345 and the longer ones of electric cars.
fn plates(text: &Folded, found: &mut Vec<String>) {
    for (at, pair) in text.chars.windows(2).enumerate() {
        if PROVINCES.contains(pair[0]) && pair[1].is_ascii_lowercase() {
            let rest: String = text.chars[at + 2..]
                .iter()
                .filter(|c| !matches!(c, '·' | ' ' | '-'))
                .take(7)
                .take_while(|c| c.is_ascii_alphanumeric())
                .collect();
            let digits = rest.bytes().filter(u8::is_ascii_digit).count();
            if matches!(rest.len(), 5 | 6) && digits >= 3 {
                found.push(format!("{}{}{rest}", pair[0], pair[1]));
            }
        }
    }
}
