//! Titles without a name, and names that are words.

use super::{as_subject, asked, day, in_text, person};
use Answer::{Certain, No, Possible};
use mifeng_names::{Answer, Held, Person};

#[test]
fn a_name_that_is_a_word_needs_somebody_beside_it() {
    for (name, text) in [
        ("安全", "食品安全没有人管"),
        ("安全", "安全的环境"),
        ("安全", "安全路小学的饭不好"),
        ("高兴", "孩子很高兴"),
        ("马上", "马上收钱"),
        ("成功", "没有成功"),
        ("方圆", "方圆两公里"),
        ("江山", "江山如画"),
        ("石头", "扔石头"),
        ("文明", "文明校园"),
        ("常青", "四季常青"),
        ("高三", "高三每天补课到十点"),
    ] {
        assert_eq!(in_text(name, text), No, "{name} {text}");
        assert_eq!(as_subject(name, name), Certain, "{name}");
    }
    for (name, text) in [
        ("安全", "安全老师收钱"),
        ("安全", "那个叫安全的"),
        ("高兴", "，高兴打骂学生"),
        ("马上", "马上收了家长的钱"),
        ("文明", "被举报人：文明"),
    ] {
        assert_eq!(in_text(name, text), Possible, "{name} {text}");
    }
    assert_eq!(
        asked(
            &person("安全"),
            ["安全路小学", "", "老师打人"],
            "2026-11-20"
        ),
        No
    );
    assert_eq!(as_subject("安全", "食品安全"), No);
}

#[test]
fn a_title_means_whoever_held_it_in_those_days() {
    let head = |from: &str, to: Option<&str>| Person {
        names: vec!["骆定山".to_owned()],
        titles: vec![Held {
            title: "局长".to_owned(),
            from: Some(day(from)),
            to: to.map(day),
        }],
        ..Person::default()
    };
    let now = head("2024-03-01", None);
    for text in [
        "局长收礼",
        "教育局一把手收礼",
        "教体局老大收礼",
        "教科局局长收礼",
        "县教育局的局长",
        "给局长送礼",
        "请局长吃饭",
        "骆局长收礼",
        "我们局里一把手",
        "教育体育局的主要领导有股份",
        "现任局长收礼",
    ] {
        assert_eq!(
            asked(&now, ["", "", text], "2026-11-20"),
            Possible,
            "{text}"
        );
    }
    for text in [
        "公安局局长收礼",
        "财政局一把手收礼",
        "学校一把手收礼",
        "副局长收礼",
        "尊敬的局长：您好",
        "请局长查一查",
        "希望教育局局长重视",
        "王局长收礼",
        "局长信箱没有人回",
        "前任局长收礼",
        "老局长收礼",
        "班长和组长",
    ] {
        assert_eq!(asked(&now, ["", "", text], "2026-11-20"), No, "{text}");
    }
    let before = head("2015-03-01", Some("2024-02-28"));
    assert_eq!(
        asked(&before, ["", "", "局长收礼"], "2026-11-20"),
        No,
        "long ago"
    );
    assert_eq!(
        asked(&before, ["", "", "前局长收礼"], "2026-11-20"),
        Possible
    );
    assert_eq!(
        asked(&before, ["", "", "局长收礼"], "2024-09-01"),
        Possible,
        "people go on saying it"
    );
    assert_eq!(asked(&before, ["", "", "局长收礼"], "2020-09-01"), Possible);
    assert_eq!(
        asked(&before, ["", "", "局长收礼"], "2014-09-01"),
        No,
        "not yet"
    );

    let section = Person {
        names: vec!["温以宁".to_owned()],
        titles: vec![Held::always("督导室主任")],
        ..Person::default()
    };
    for text in [
        "督导室主任收礼",
        "督导室的主任收礼",
        "督导室一把手收礼",
        "温主任收礼",
        "温副主任收礼",
    ] {
        assert_eq!(
            asked(&section, ["", "", text], "2026-11-20"),
            Possible,
            "{text}"
        );
    }
    for text in [
        "主任收礼",
        "班主任收礼",
        "教导主任收礼",
        "基教股主任收礼",
        "王主任收礼",
    ] {
        assert_eq!(asked(&section, ["", "", text], "2026-11-20"), No, "{text}");
    }
}
