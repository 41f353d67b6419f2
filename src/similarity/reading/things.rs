//! Where lessons are held and what is given, by the words parents use.

use mifeng_names::Folded;

/// Venues of lessons, then gifts: one bit each. Synonyms share a bit.
const THINGS: [&[&str]; 30] = [
    &["车库", "garage"],
    &["出租房", "租的房", "租房", "出租屋", "rented"],
    &["步行街"],
    &["市场", "market"],
    &[
        "培训机构",
        "辅导机构",
        "机构",
        "培训班",
        "agency",
        "institution",
        "training cent",
    ],
    &[
        "家里",
        "家中",
        "自己家",
        "老师家",
        "at home",
        "her home",
        "his home",
        "own flat",
        "apartment",
    ],
    &["办公室", "office"],
    &["教室", "学校里", "校内", "classroom", "on campus"],
    &["宾馆", "酒店", "旅馆", "hotel"],
    &["茶楼", "茶馆", "咖啡", "tea house", "cafe"],
    &["商铺", "门面", "店里", "shop"],
    &["写字楼", "大厦", "公寓", "office building"],
    &["托管", "午托", "晚托", "小饭桌"],
    &["网课", "线上", "腾讯会议", "钉钉", "直播", "online"],
    &["图书馆", "书店", "bookshop", "library"],
    &["亲戚家", "朋友家"],
    &[
        "购物卡",
        "超市卡",
        "礼品卡",
        "储值卡",
        "shopping card",
        "gift card",
    ],
    &["红包", "红苞", "转账", "red envelope", "transfer"],
    &["烟", "cigarette", "tobacco"],
    &["酒", "wine", "liquor", "baijiu"],
    &["茶叶", "tea leaves", "box of tea"],
    &["化妆品", "护肤", "香水", "口红", "cosmetic", "perfume"],
    &["现金", "cash"],
    &["按摩", "massage"],
    &[
        "土鸡",
        "鸡蛋",
        "土特产",
        "腊肉",
        "水果",
        "eggs",
        "fruit",
        "ham",
    ],
    &["手机", "平板", "电脑", "phone", "tablet"],
    &["月饼", "粽子", "mooncake"],
    &["吃饭", "请客", "宴", "饭局", "dinner", "banquet"],
    &[
        "衣服", "包包", "皮包", "手表", "项链", "金", "handbag", "watch", "necklace",
    ],
    &["旅游", "门票", "游玩", "trip", "travel"],
];

/// Bits of venues.
pub const VENUES: u32 = (1 << 16) - 1;
/// Bits of gifts.
pub const GIFTS: u32 = ((1 << THINGS.len()) - 1) & !VENUES;

pub(super) fn read(text: &Folded) -> u32 {
    let has = |words: &[&str]| words.iter().any(|word| text.find(word).next().is_some());
    let said = THINGS.iter().enumerate().filter(|(_, words)| has(words));
    said.fold(0, |bits, (bit, _)| bits | 1 << bit)
}
