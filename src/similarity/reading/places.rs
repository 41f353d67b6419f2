//! Bodies and places that no list has: what stands before 小区, 路, 公司, 学校 …

use mifeng_names::{Folded, is_han};

/// Words a name of a body or place ends with, longer ones first.
const ENDS: [&str; 67] = [
    "培训学校",
    "职业学院",
    "培训中心",
    "开发区",
    "有限公司",
    "幼儿园",
    "安置区",
    "工业园",
    "派出所",
    "驾校",
    "车站",
    "集团",
    "银行",
    "超市",
    "山庄",
    "楼盘",
    "医院",
    "学院",
    "大学",
    "中学",
    "小学",
    "初中",
    "高中",
    "学校",
    "小区",
    "社区",
    "街道",
    "花园",
    "家园",
    "公寓",
    "广场",
    "大厦",
    "公司",
    "工地",
    "项目",
    "中心",
    "大道",
    "新城",
    "商场",
    "市场",
    "酒店",
    "公园",
    "机构",
    "国际",
    "名邸",
    "公馆",
    "水库",
    "隧道",
    "大桥",
    "苑",
    "路",
    "街",
    "巷",
    "村",
    "镇",
    "乡",
    "县",
    "区",
    "府",
    "城",
    "庭",
    "湾",
    "园",
    "都",
    "郡",
    "湖",
    "桥",
];

/// Characters and words a name does not reach over.
const STOPS: &str = "的是在到和与及跟被让向从对把给将由于去来住买开有无没我你他她们这那该本其此每各某个家一了着过不要请问为以因至往离关后前里内外旁边附近也就都还很但而或又才即如";
const STOP_WORDS: [&str; 43] = [
    "举报", "反映", "投诉", "咨询", "建议", "请求", "要求", "希望", "领导", "书记", "市长", "县长",
    "您好", "你好", "孩子", "业主", "居民", "就读", "位于", "附近", "旁边", "关于", "学生", "购买",
    "询问", "解决", "增加", "加快", "开通", "整治", "严查", "查处", "强制", "尊敬", "经过", "通过",
    "建设", "现在", "恳请", "关注", "重视", "质疑", "呼吁",
];

/// Longest name before its ending, in characters.
const NAME_MAX_CHARS: usize = 8;
/// Shortest: 东路 alone names no road.
const NAME_MIN_CHARS: usize = 2;

/// Names, each without the city or county before it, sorted; and the characters they cover, for the page.
pub(super) fn read(text: &Folded) -> Vec<String> {
    let mut names = Vec::new();
    for end in ENDS {
        for at in text.find(end) {
            names.extend(name_before(text, at, end));
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// What of a name is compared: its ending and the two characters before, since what stands further before is often no
/// part of it.
pub(crate) fn core(name: &str) -> &str {
    let end = ENDS.iter().find(|end| name.ends_with(**end));
    let stem = end.map_or(name, |end| &name[..name.len() - end.len()]);
    let from = stem.char_indices().rev().nth(NAME_MIN_CHARS - 1);
    from.filter(|(at, _)| !is_generic(&stem[*at..]))
        .map_or(name, |(at, _)| &name[at..])
}

fn name_before(text: &Folded, end_at: usize, end: &str) -> Option<String> {
    let mut from = end_at;
    while from > 0 && end_at - from < NAME_MAX_CHARS && is_part(text, from - 1) {
        from -= 1;
    }
    from = after_stop_word(text, from, end_at);
    let county = from;
    from = after_county(text, from, end_at);
    if end_at - from < NAME_MIN_CHARS {
        return None;
    }
    let stem = text.text(from, end_at);
    if !is_generic(&stem) {
        return Some(format!("{stem}{end}"));
    }
    // 第二小学 is in every county: the county is its name.
    let county = after_county(text, county, from.saturating_sub(1));
    (SCHOOLS.contains(&end) && from > county + NAME_MIN_CHARS)
        .then(|| format!("{}{end}", text.text(county, end_at)))
}

fn is_generic(stem: &str) -> bool {
    GENERIC.contains(&stem)
}

/// Endings of schools for children.
pub(super) const SCHOOLS: [&str; 6] = ["小学", "中学", "初中", "高中", "幼儿园", "学校"];

/// Said of any place.
const GENERIC: [&str; 35] = [
    "培训", "实验", "中心", "教育", "第一", "第二", "第三", "全市", "全省", "全县", "城市", "物业",
    "管理", "开发", "建设", "私立", "相关", "政府", "有关", "住宅", "整个", "多个", "周边", "部分",
    "所有", "其他", "老旧", "商品", "公共", "农村", "街道", "马路", "道路", "铺设", "安置",
];

fn is_part(text: &Folded, at: usize) -> bool {
    let c = text.chars[at];
    (is_han(c) && !STOPS.contains(c)) || c.is_ascii_alphanumeric()
}

fn after_stop_word(text: &Folded, from: usize, to: usize) -> usize {
    let last = (from..to)
        .flat_map(|at| {
            STOP_WORDS
                .iter()
                .filter(move |word| text.has_at(at, word))
                .map(move |word| at + word.chars().count())
        })
        .filter(|at| *at <= to);
    last.max().unwrap_or(from)
}

/// Past 省, 市, 县, 区, 镇 inside the name: the same estate is written with and without its city.
fn after_county(text: &Folded, from: usize, to: usize) -> usize {
    let last = (from..to).rev().find(|at| {
        matches!(
            text.chars[*at],
            '省' | '市' | '县' | '区' | '镇' | '乡' | '州'
        )
    });
    match last {
        Some(at) if to - (at + 1) >= NAME_MIN_CHARS => at + 1,
        _ => from,
    }
}
