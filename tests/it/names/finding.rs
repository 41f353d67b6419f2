//! Named cases: what a tip says of somebody.

mod latin;

use Answer::{Certain, Mention, No, Possible};
use mifeng_foundation::clock::Day;
use mifeng_names::{Answer, Held, Matcher, Part, Person, Text};
use proptest::prelude::*;
use std::collections::BTreeSet;

mod titles;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn person(name: &str) -> Person {
    Person {
        names: vec![name.to_owned()],
        ..Person::default()
    }
}

fn asked(person: &Person, fields: [&str; 3], on: &str) -> Answer {
    let mut text = Text::default();
    text.add_to(Part::School, fields[0]);
    text.add_to(Part::Subject, fields[1]);
    text.add(fields[2]);
    let found = Matcher::new(person).find(&text, day(on));
    found.answer(&BTreeSet::new())
}

fn in_text(name: &str, text: &str) -> Answer {
    asked(&person(name), ["", "", text], "2026-11-20")
}

fn as_subject(name: &str, subject: &str) -> Answer {
    asked(&person(name), ["", subject, "这个人收钱。"], "2026-11-20")
}

#[test]
fn a_full_name_is_certain_in_any_letters_and_with_any_signs() {
    for text in [
        "听说温以宁收钱。",
        "听说溫以寧收錢。",
        "温*以*宁 收钱",
        "温✨以✨宁",
        "温\n以\n宁",
        "温。以。宁",
        "温\u{200b}以\u{feff}宁",
        "督导室的温 以 宁老师",
    ] {
        assert_eq!(in_text("温以宁", text), Certain, "{text}");
    }
    for dot in ["·", "•", "・", "‧", "．", ".", "･", "", " "] {
        let text = format!("听说阿依古丽{dot}买买提收钱");
        assert_eq!(in_text("阿依古丽·买买提", &text), Certain, "{dot}");
    }
    assert_eq!(in_text("黄建国", "⻩建国收钱"), Certain);
    assert_eq!(in_text("马长军", "⻢⻓军收钱"), Certain);
    for text in [
        "张*三收钱",
        "张.三",
        "张✨三收钱",
        "张/三",
        "張 三",
        "张三在校外办班",
    ] {
        assert_eq!(
            in_text("张三", text),
            Possible,
            "{text}: 三 is a number besides"
        );
    }
    assert_eq!(as_subject("张三", "張*三"), Certain);
    assert_eq!(in_text("张三", "每张三元，两张三块"), No);
    for text in [
        "王*芳收钱",
        "王.芳",
        "王✨芳收钱",
        "王/芳",
        "王 芳",
        "王1️⃣芳",
        "王①芳",
    ] {
        assert_eq!(in_text("王芳", text), Certain, "{text}");
    }
    assert_eq!(in_text("Li Ming", "the officer li ming took it"), Certain);
    assert_eq!(in_text("Li Ming", "the officer lili mingle"), No);
}

#[test]
fn both_scripts_in_one_name_are_possible() {
    for text in [
        "温yi宁收钱",
        "Wen以宁收钱",
        "温Yining收了",
        "温 yi-ning",
        "以宁Wen",
        "Yining温",
        "温以N收钱",
        "温Y宁",
        "Wēn以宁",
        "温yi3宁",
        "温以ning2",
    ] {
        assert_eq!(in_text("温以宁", text), Possible, "{text}");
    }
    for text in [
        "温y",
        "温Y.N.",
        "温yi学校",
        "温ying宁",
        "气温wifi宁静",
        "以宁we",
    ] {
        assert_eq!(in_text("温以宁", text), No, "{text}");
    }
    assert_eq!(in_text("吕丽", "Lv丽收钱"), Possible);
    assert_eq!(in_text("吕丽", "吕L收钱"), No, "one letter and an initial");
}

#[test]
fn a_given_name_alone_is_possible_as_the_whole_subject_or_before_a_title() {
    for subject in ["以宁", "以宁老师", "王芳、以宁"] {
        assert_eq!(as_subject("温以宁", subject), Possible, "{subject}");
    }
    for text in ["以宁局长收了钱", "听说以宁老师收钱", "以寧主任"] {
        assert_eq!(in_text("温以宁", text), Possible, "{text}");
    }
    for text in [
        "王以宁老师收钱",
        "欧阳以宁老师收钱",
        "以宁静致远为校训",
        "以宁可不要的态度",
    ] {
        assert_eq!(in_text("温以宁", text), No, "{text}");
    }
}

#[test]
fn one_letter_that_sounds_or_looks_alike_is_possible() {
    for text in [
        "温亦宁收钱",
        "闻以宁收钱",
        "温以凝收钱",
        "湿以宁收钱",
        "文一宁主任收钱",
    ] {
        assert_eq!(in_text("温以宁", text), Possible, "{text}");
    }
    for text in [
        "温以安收钱",
        "温以林收钱",
        "李以宁收钱",
        "温宁收钱",
        "以宁收钱",
    ] {
        assert_eq!(in_text("温以宁", text), No, "{text}");
    }
    let mut wang = person("王芳");
    assert_eq!(
        asked(&wang, ["", "", "王方收钱"], "2026-11-20"),
        No,
        "two letters alone"
    );
    wang.agreeing = vec!["政教股".to_owned(), "第三中学".to_owned()];
    assert_eq!(
        asked(&wang, ["", "", "政教股王方收钱"], "2026-11-20"),
        Possible
    );
    assert_eq!(
        asked(&wang, ["第三中学", "王方", "收钱"], "2026-11-20"),
        Possible
    );
    assert_eq!(asked(&wang, ["第一中学", "王方", "收钱"], "2026-11-20"), No);
    wang.titles = vec![Held::always("政教股股长")];
    assert_eq!(
        asked(&wang, ["", "", "王方股长收钱"], "2026-11-20"),
        Possible
    );
}

#[test]
fn letters_in_circles_squares_and_other_scripts_are_possible() {
    for text in [
        "ⓗⓔⓩⓗⓘ收钱",
        "🅗🅔🅩🅗🅘",
        "🄷🄴🅉🄷🄸",
        "🅷🅴🆉🅷🅸",
        "🇭🇪🇿🇭🇮",
        "⒣⒠⒵⒣⒤",
        "𝐡𝐞𝐳𝐡𝐢",
        "𝓱𝓮 𝔃𝓱𝓲",
        "ℋ𝑒𝓏𝒽𝒾",
        "ʜᴇᴢʜɪ",
        "һеzһі",
        "Ηе Ζhι",
        "ꓧꓰ ꓜꓧꓲ",
        "ħeƶħɨ",
        "ⓗ𝐞zһ🅘",
    ] {
        assert_eq!(in_text("何芝", text), Possible, "{text}");
    }
    for (name, text) in [
        ("王正一", "王㊣㈠收钱"),
        ("林正", "林㊣老师收钱"),
        ("张三丰", "张🈔丰"),
    ] {
        let expected = if name == "张三丰" { No } else { Possible };
        assert_eq!(in_text(name, text), expected, "{text}");
    }
    for text in ["привет", "αβγ", "ⓐⓑⓒ", "🇨🇳", "ⓗⓔ"] {
        assert_eq!(in_text("何芝", text), No, "{text}");
    }
}

#[test]
fn letters_one_by_one_are_possible() {
    for text in [
        "h e z h i",
        "h.e.z.h.i",
        "h-e-z-h-i",
        "H * E * Z * H * I",
        "z h i h e",
        "hez hi收钱",
        "h1e2z3h4i",
        "h\ne\nz\nh\ni",
    ] {
        assert_eq!(in_text("何芝", text), Possible, "{text}");
    }
    for text in ["h e z h", "a b c h e", "h e z h a n g", "h e 说 z h i"] {
        assert_eq!(in_text("何芝", text), No, "{text}");
    }
}

#[test]
fn text_that_is_shown_reversed_is_read_as_shown() {
    for text in [
        "\u{202e}宁以温\u{202c}收钱",
        "\u{202e}钱收宁以温",
        "听说\u{202e}gniniynew",
        "\u{202e}宁\u{202d}温以\u{202c}",
        "\u{202e}\u{2066}温\u{2069}以",
        "甲\n\u{202e}宁以温\n乙",
    ] {
        let expected = if text.contains("温\u{2069}") {
            No
        } else {
            Possible
        };
        assert_eq!(in_text("温以宁", text), expected, "{text:?}");
    }
    assert_eq!(as_subject("王芳", "\u{202e}芳王"), Possible);
    assert_eq!(
        in_text("温以宁", "\u{202e}宁以\n温"),
        No,
        "a line is a run's end"
    );
}

#[test]
fn digits_between_letters_and_for_letters_are_possible() {
    for text in [
        "温1以2宁收钱",
        "温12以34宁",
        "温x以X宁",
        "听说1温2以3宁4收钱",
    ] {
        assert_eq!(in_text("温以宁", text), Possible, "{text}");
    }
    for text in ["王1芳收钱", "王１芳老师"] {
        assert_eq!(in_text("王芳", text), Possible, "{text}");
    }
    for text in ["高2兴趣班", "高3兴办", "2高1兴2"] {
        assert_eq!(in_text("高兴", text), No, "{text}");
    }
    for text in [
        "h3zh1",
        "H3 ZH1",
        "hez|-|1",
        "h3zh!",
        "w3n y1n1ng",
        "W3nY1ning",
        "wen y!n!ng",
    ] {
        let name = if text.starts_with(['h', 'H']) {
            "何芝"
        } else {
            "温以宁"
        };
        let expected = if matches!(text, "hez|-|1" | "h3zh!") {
            No
        } else {
            Possible
        };
        assert_eq!(in_text(name, text), expected, "{text}");
    }
    for text in ["h321", "w1f1", "a1b2c3", "h3", "h3zh1p"] {
        assert_eq!(in_text("何芝", text), No, "{text}");
    }
}

#[test]
fn a_name_in_a_longer_name_or_word_keeps_nothing() {
    assert_eq!(as_subject("王芳", "王芳芳"), Mention);
    assert_eq!(as_subject("王芳", "王芳"), Certain);
    assert_eq!(as_subject("王芳", "王芳老师、李某"), Certain);
    for text in ["王芳芳收钱", "王芳玲老师收钱", "国王芳名远播"] {
        assert_eq!(in_text("王芳", text), Mention, "{text}");
    }
    for text in [
        "王芳收钱",
        "中学王芳在班里说",
        "王芳老师",
        "叫王芳的",
        "（王芳）",
    ] {
        assert_eq!(in_text("王芳", text), Certain, "{text}");
    }
    assert_eq!(in_text("王芳", "王芳明目张胆收钱"), Certain);
    assert_eq!(in_text("王芳", "王芳新鲜事"), Possible, "either");
    assert_eq!(in_text("李想", "我们的理想"), No);
    assert_eq!(in_text("马光", "司马光收钱"), Mention);
    assert_eq!(in_text("马光", "公司马光收钱"), Possible);
    assert_eq!(in_text("阳春雪", "欧阳春雪"), Mention);
    assert_eq!(in_text("司马光", "司马光收钱"), Certain);
}

#[test]
fn what_was_answered_is_asked_no_more_and_other_words_are() {
    let mut text = Text::default();
    text.add("Wen Yining took money");
    let matcher = Matcher::new(&person("温以宁"));
    let found = matcher.find(&text, day("2026-11-20"));
    let answered: BTreeSet<String> = found.evidence.iter().map(|one| one.words.clone()).collect();
    assert_eq!(found.answer(&answered), No);
    text.add("温亦宁收钱");
    assert_eq!(
        matcher.find(&text, day("2026-11-20")).answer(&answered),
        Possible
    );
    text.add("温以宁收钱");
    assert_eq!(
        matcher.find(&text, day("2026-11-20")).answer(&answered),
        Certain
    );
}

proptest! {
    /// No sign, emoji or blank between the letters hides a name.
    #[test]
    fn no_sign_hides_a_name(signs in proptest::collection::vec("[\\p{P}\\p{Sm}\\p{Sc}\\p{Sk}\\p{Z}\\p{Cf}🀀-🙏]{0,6}", 2), before in "[a-z0-9 ，。在找]{0,9}") {
        let text = format!("{before}温{}以{}宁收钱", signs[0], signs[1]);
        prop_assert_eq!(in_text("温以宁", &text), Certain);
    }

    /// Any text is looked through.
    #[test]
    fn any_text_is_looked_through(text in ".{0,120}", name in ".{0,12}", title in ".{0,9}") {
        let person = Person {
            names: vec![name],
            titles: vec![Held::always(&title)],
            agreeing: vec![title.clone()],
            ..Person::default()
        };
        asked(&person, [&text, &text, &text], "2026-11-20");
    }
}
