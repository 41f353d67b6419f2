//! How one text comes in many spellings: slips of the thumb, dropped and added characters, other punctuation,
//! traditional characters, full width.

use super::Chance;

const SLIPS: [(char, char); 10] = [
    ('老', '佬'),
    ('师', '帅'),
    ('的', '得'),
    ('在', '再'),
    ('课', '棵'),
    ('做', '作'),
    ('校', '效'),
    ('收', '牧'),
    ('家', '加'),
    ('元', '圆'),
];
const TRADITIONAL: [(char, char); 30] = [
    ('师', '師'),
    ('学', '學'),
    ('费', '費'),
    ('补', '補'),
    ('课', '課'),
    ('给', '給'),
    ('说', '說'),
    ('请', '請'),
    ('们', '們'),
    ('个', '個'),
    ('这', '這'),
    ('钱', '錢'),
    ('长', '長'),
    ('书', '書'),
    ('语', '語'),
    ('数', '數'),
    ('级', '級'),
    ('实', '實'),
    ('园', '園'),
    ('镇', '鎮'),
    ('乡', '鄉'),
    ('领', '領'),
    ('导', '導'),
    ('让', '讓'),
    ('写', '寫'),
    ('听', '聽'),
    ('头', '頭'),
    ('来', '來'),
    ('时', '時'),
    ('张', '張'),
];

/// A copy with a slip in about `percent` of a hundred characters.
pub(super) fn slips(text: &str, percent: usize, chance: &mut Chance) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_alphanumeric() || !chance.percent(percent) {
            out.push(c);
            continue;
        }
        match chance.below(4) {
            0 => {}
            1 => out.extend([c, chance.letter("啊呢嘛哦的")]),
            2 => out.push(
                SLIPS
                    .iter()
                    .find(|(right, _)| *right == c)
                    .map_or(c, |(_, wrong)| *wrong),
            ),
            _ => out.extend([c, c]),
        }
    }
    out
}

/// Other punctuation, or none, as it comes from a phone.
pub(super) fn phone(text: &str, chance: &mut Chance) -> String {
    let mark = chance.pick(&[" ", "", "，", "...", "！"]);
    text.chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_string()
            } else {
                mark.to_owned()
            }
        })
        .collect()
}

/// Traditional characters, as far as the table goes.
pub(super) fn traditional(text: &str) -> String {
    let of = |c| {
        TRADITIONAL
            .iter()
            .find(|(simple, _)| *simple == c)
            .map_or(c, |(_, traditional)| *traditional)
    };
    text.chars().map(of).collect()
}

/// Full width, as it comes from some keyboards.
pub(super) fn wide(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect()
}
