//! Whether somebody is asked or thanked by her title, and nothing is told of her.

use crate::around::Around;
use crate::letters::is_han;

/// Words before a title that ask whoever holds it, or thank her: they do not tell of her.
const ADDRESSED: &str =
    "尊敬的 敬爱的 亲爱的 请 恳请 敬请 希望 盼望 盼 望 恳求 请求 感谢 谢谢 呼吁 建议 拜托";
/// Words behind a title of the same kind.
const ADDRESSING: &str = "信箱 热线 邮箱 您好 你好 您 办公会 接待日";

/// What is done with somebody who is asked out.
const TREATED: &str = "吃 喝 洗 旅 唱 玩 打牌 打麻 赴 到饭 去";
/// What is done to somebody who is told of others.
const REPORTED: &str = "反映 举报 投诉 报告 汇报 求助 反应 申诉";

/// Whether somebody is asked or thanked by her title, and nothing is told of her.
pub(super) fn is_addressed(around: &Around<'_>) -> bool {
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
