//! How parents shorten the name of a school: 第一中学 is 一中, 实验小学 is 实小.

use crate::SchoolEntry;
use mifeng_names::fold;
use std::collections::{BTreeMap, HashMap};

/// Forms that follow from the names: 第一中学 is 一中, 实验小学 is 实小. One that two schools could mean is left out.
pub(super) fn add_usual_short_forms(
    list: &[SchoolEntry],
    owners: &mut BTreeMap<String, Vec<usize>>,
) {
    let mut derived: HashMap<String, Option<usize>> = HashMap::new();
    for (index, entry) in list.iter().enumerate() {
        for name in entry.alias.iter().chain([&entry.full]) {
            for form in short_forms(&fold(name)) {
                let meant = derived.entry(form).or_insert(Some(index));
                if *meant != Some(index) {
                    *meant = None;
                }
            }
        }
    }
    for (form, index) in derived {
        if let Some(index) = index {
            owners.entry(form).or_insert_with(|| vec![index]);
        }
    }
}

const REWRITES: [(&str, &str); 8] = [
    ("实验小学", "实小"),
    ("实验中学", "实中"),
    ("初级中学", "初中"),
    ("初级中学", "中学"),
    ("高级中学", "高中"),
    ("中心小学", "中心校"),
    ("中心小学", "小学"),
    ("中心幼儿园", "幼儿园"),
];

fn short_forms(name: &str) -> Vec<String> {
    let mut forms = vec![name.to_owned()];
    for drop in ['县', '市', '区', '镇', '乡'] {
        let more: Vec<_> = forms
            .iter()
            .map(|form| form.replacen(drop, "", 1))
            .collect();
        forms.extend(more);
    }
    let shorter: Vec<_> = forms.iter().filter_map(|form| numbered(form)).collect();
    forms.extend(shorter);
    for (long, short) in REWRITES {
        let more: Vec<_> = forms
            .iter()
            .filter(|form| form.ends_with(long))
            .map(|form| form.replace(long, short))
            .collect();
        forms.extend(more);
    }
    forms.retain(|form| form.chars().count() >= 2 && !GENERIC.contains(&form.as_str()));
    forms
}

/// What is left of a name that says nothing by itself.
const GENERIC: [&str; 13] = [
    "小学",
    "中学",
    "初中",
    "高中",
    "学校",
    "幼儿园",
    "中心校",
    "中心小学",
    "实小",
    "实中",
    "初级中学",
    "实验小学",
    "实验中学",
];

/// 第三中学 as 三中.
fn numbered(name: &str) -> Option<String> {
    let (before, rest) = name.split_once('第')?;
    let mut rest = rest.chars();
    let number = rest
        .next()
        .filter(|c| "一二三四五六七八九十".contains(*c))?;
    let level = match rest.as_str() {
        "中学" | "初级中学" | "高级中学" => "中",
        "小学" => "小",
        "幼儿园" => "幼",
        _ => return None,
    };
    Some(format!("{before}{number}{level}"))
}
