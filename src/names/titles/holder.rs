//! Of whom a title tells: its holder, whoever held it before, or somebody else.

use super::Title;
use crate::lists::{AFTER, GIVEN, OTHER_BUREAUS, SURNAMES};

/// A rank that stands alone often enough for others; it has to stand beside the office.
const COMMON: &str =
    "书记 副书记 主任 副主任 组长 队长 校长 副校长 园长 副园长 院长 副院长 所长 副所长 处长";

/// Of whom a title tells.
pub(super) enum Told {
    Now,
    Earlier,
}

impl Told {
    /// Whose rank it is that stands behind the letters of `back`, the nearest first; `None` for another's.
    pub(super) fn of(back: &[char], title: &Title) -> Option<Self> {
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
        .all(|c| GIVEN.contains(c) && !AFTER.contains(c))
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
pub(super) fn of_the_bureau(back: &[char]) -> Option<bool> {
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
