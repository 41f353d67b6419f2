//! Titles in place of names: 局长, 教育局一把手, 督导室的主任, 温科长.

use super::around::Around;
use super::letters::is_han;
use super::lists::{OTHER_BUREAUS, SURNAMES};
use super::person::Held;
use super::text::{find_letters, letters_of};
use mifeng_foundation::clock::Day;

/// Ranks, each before those that end like it.
const RANKS: [&str; 34] = [
    "党组书记",
    "副局长",
    "局长",
    "副书记",
    "书记",
    "副主任",
    "主任",
    "副科长",
    "科长",
    "副股长",
    "股长",
    "副校长",
    "校长",
    "副园长",
    "园长",
    "副院长",
    "院长",
    "副所长",
    "所长",
    "副馆长",
    "馆长",
    "副站长",
    "站长",
    "副部长",
    "部长",
    "副组长",
    "副队长",
    "副处长",
    "主席",
    "总督学",
    "督学",
    "组长",
    "队长",
    "处长",
];

/// What people call whoever is first in an office.
const FIRST: [&str; 9] = [
    "一把手",
    "老大",
    "头头",
    "头儿",
    "当家人",
    "当家的",
    "主要领导",
    "主要负责人",
    "负责人",
];

/// Words before a title that ask whoever holds it, or thank her: they do not tell of her.
const ADDRESSED: &str =
    "尊敬的 敬爱的 亲爱的 请 恳请 敬请 希望 盼望 盼 望 恳求 请求 感谢 谢谢 呼吁 建议 拜托";
/// Words behind a title of the same kind.
const ADDRESSING: &str = "信箱 热线 邮箱 您好 你好 您 办公会 接待日";

/// What is done with somebody who is asked out.
const TREATED: &str = "吃 喝 洗 旅 唱 玩 打牌 打麻 赴 到饭 去";
/// What is done to somebody who is told of others.
const REPORTED: &str = "反映 举报 投诉 报告 汇报 求助 反应 申诉";

/// A rank that stands alone often enough for others; it has to stand beside the office.
const COMMON: &str =
    "书记 副书记 主任 副主任 组长 队长 校长 副校长 园长 副园长 院长 副院长 所长 副所长 处长";

/// A title in parts.
#[derive(Clone, Debug)]
pub(super) struct Title {
    held: Held,
    /// What it is of: 督导室; empty for the office itself.
    of: Vec<char>,
    rank: String,
    rank_letters: Vec<char>,
}

/// Letters between the name of a unit and a rank, such as 的.
const BETWEEN_MAX: usize = 3;

impl Title {
    /// Reads a title; one that ends with no rank is looked for as it is. `None` for less than two letters.
    pub(super) fn read(held: &Held) -> Option<Self> {
        let letters = letters_of(&held.title);
        let whole: String = letters.iter().collect();
        if letters.len() < 2 {
            return None;
        }
        let known = RANKS.into_iter().find(|rank| whole.ends_with(rank));
        let rank = known.unwrap_or(&whole).to_owned();
        let rank_letters: Vec<char> = rank.chars().collect();
        let of = letters[..letters.len() - rank_letters.len()].to_vec();
        // 教科局局长 is of the office itself.
        let is_of_office = of.last() == Some(&'局') || rank == "局长" || rank == "副局长";
        Some(Self {
            held: held.clone(),
            of: if is_of_office { Vec::new() } else { of },
            rank,
            rank_letters,
        })
    }

    /// Whether its holder is the first of what it is of.
    fn is_first(&self) -> bool {
        !self.rank.starts_with('副') && !self.rank.ends_with("督学")
    }

    /// Places at which it stands for its holder in a tip that came on `day`: from and to.
    pub(super) fn find(&self, field: &str, day: Day) -> Vec<(usize, usize)> {
        let now = self.held.is_meant_on(day);
        let earlier = self.held.is_earlier_on(day);
        if !now && !earlier {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (from, to) in find_letters(field, &self.rank_letters) {
            let around = Around::new(field, from, to);
            let back = around.letters_back();
            let is_meant = match Told::of(back, self) {
                Some(Told::Now) => now,
                Some(Told::Earlier) => earlier,
                None => false,
            };
            if is_meant && !is_addressed(&around) {
                found.push((from, to));
            }
        }
        if now && self.is_first() {
            for word in FIRST {
                let letters: Vec<char> = word.chars().collect();
                for (from, to) in find_letters(field, &letters) {
                    // Of the bureau there are many who are in charge of something.
                    if word == "负责人" && self.of.is_empty() {
                        continue;
                    }
                    let around = Around::new(field, from, to);
                    if self.is_of(around.letters_back()) && !is_addressed(&around) {
                        found.push((from, to));
                    }
                }
            }
        }
        found
    }

    /// Places at which its rank stands behind one of some surnames: 温科长. A deputy is called so too.
    pub(super) fn find_named(
        &self,
        field: &str,
        surnames: &[Vec<char>],
        day: Day,
    ) -> Vec<(usize, usize)> {
        let rank = self.rank.trim_start_matches('副');
        if !self.held.is_meant_on(day) && !self.held.is_earlier_on(day) {
            return Vec::new();
        }
        let rank: Vec<char> = rank.chars().collect();
        let with_deputy: Vec<char> = std::iter::once('副').chain(rank.iter().copied()).collect();
        let mut found = Vec::new();
        for letters in [rank, with_deputy] {
            for (from, to) in find_letters(field, &letters) {
                for surname in surnames {
                    let surname: String = surname.iter().collect();
                    if field[..from].ends_with(&surname) {
                        found.push((from - surname.len(), to));
                    }
                }
            }
        }
        found
    }

    /// Whether its rank begins a field: 王方科长.
    pub(super) fn follows(&self, field: &str) -> bool {
        let rank = self.rank.trim_start_matches('副');
        field.starts_with(rank)
            || field
                .strip_prefix('副')
                .is_some_and(|rest| rest.starts_with(rank))
    }

    /// Whether letters before a word, the nearest first, say that it is of this title's office or unit.
    fn is_of(&self, back: &[char]) -> bool {
        if self.of.is_empty() {
            return of_the_bureau(back).is_some_and(|ours| ours);
        }
        let forward: Vec<char> = back.iter().rev().copied().collect();
        let unit = unit_of(&self.of);
        (0..=BETWEEN_MAX).any(|between| {
            let end = forward.len().checked_sub(between);
            end.is_some_and(|end| forward[..end].ends_with(unit))
        })
    }
}

/// 督导室 for 督导室, 基教 for 基教股: people leave the last letter out before a rank that says it again.
fn unit_of(of: &[char]) -> &[char] {
    match of {
        [rest @ .., '股' | '科' | '校' | '园'] if rest.len() >= 2 => rest,
        _ => of,
    }
}

/// Of whom a title tells.
enum Told {
    Now,
    Earlier,
}

impl Told {
    /// Whose rank it is that stands behind the letters of `back`, the nearest first; `None` for another's.
    fn of(back: &[char], title: &Title) -> Option<Self> {
        let (earlier, back) = match back {
            ['任', '前' | '上' | '原' | '历', rest @ ..] | ['前' | '原' | '老', rest @ ..] => {
                (true, rest)
            }
            ['任', '现' | '时', rest @ ..] => (false, rest),
            _ => (false, back),
        };
        if back.first() == Some(&'副') && !title.rank.starts_with('副') {
            return None;
        }
        let is_meant = if !title.of.is_empty() {
            title.is_of(back)
        } else if let Some(ours) = of_the_bureau(back) {
            ours
        } else {
            // A surname before it says whose it is, and little words do not.
            let is_surname = |c: &char| SURNAMES.contains(c) && !LITTLE.contains(*c);
            let named = back.first().is_some_and(is_surname)
                || back.get(2).is_some_and(is_surname) && is_name(back);
            !named
                && !COMMON.split_whitespace().any(|rank| *rank == title.rank)
                && !is_of_unit(back)
        };
        is_meant.then_some(if earlier { Self::Earlier } else { Self::Now })
    }
}

/// Surnames that are little words before a title.
const LITTLE: &str = "向和任从于何时应经后与当万方";

/// Whether three letters before a title are a name and no words: the last two are no common word's.
fn is_name(back: &[char]) -> bool {
    back.iter()
        .take(2)
        .all(|c| super::lists::GIVEN.contains(c) && !super::lists::AFTER.contains(c))
}

/// A unit's letter before it: it is of that unit.
fn is_of_unit(back: &[char]) -> bool {
    matches!(
        back,
        [
            '股' | '科' | '室' | '处' | '所' | '院' | '校' | '厂' | '队',
            ..
        ]
    )
}

/// Whether the letters before say that it is of the education bureau; `None` where they name no bureau.
fn of_the_bureau(back: &[char]) -> Option<bool> {
    let back = match back {
        ['的' | '里', '里' | '的', rest @ ..] | ['的' | '里' | '长', rest @ ..] => rest,
        _ => back,
    };
    let ['局', rest @ ..] = back else {
        return None;
    };
    let forward: String = rest.iter().rev().collect();
    let other = OTHER_BUREAUS
        .split_whitespace()
        .any(|other| forward.ends_with(other));
    Some(!other || forward.ends_with('教'))
}

/// Whether somebody is asked or thanked by her title, and nothing is told of her.
fn is_addressed(around: &Around<'_>) -> bool {
    let before: String = around
        .letters_back()
        .iter()
        .rev()
        .filter(|c| is_han(**c))
        .collect();
    // 请教育局局长: what is between is the office.
    let bare = before
        .trim_end_matches(|c| "县市区".contains(c))
        .rsplit_once('局')
        .map_or(before.as_str(), |(start, _)| {
            start.trim_end_matches(|c| "县市区教育体科和学技术".contains(c))
        });
    let after: String = around.letters_on().iter().collect();
    let begins = |words: &str| words.split_whitespace().any(|word| after.starts_with(word));
    // 请局长吃饭 tells of him, and so does 向局长行贿.
    let asked = |text: &str| {
        ADDRESSED
            .split_whitespace()
            .any(|word| text.ends_with(word))
            && !begins(TREATED)
            || text.ends_with('向') && begins(REPORTED)
    };
    asked(&before) || asked(bare) || begins(ADDRESSING)
}
