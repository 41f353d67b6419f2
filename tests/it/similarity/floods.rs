//! One text many times, form letters, and more tips of one kind than a school is used to.

use super::{PASTED, day, id, key, read, schools};
use mifeng_opening::SketchKey;
use mifeng_similarity::{Burst, Flood, Index, Tier};

/// Six ways in which a pasted text differs from itself.
const ENDS: [&str; 6] = ["", "!", "请查", "急", "谢谢", "盼复"];

/// Tips as they came: text and day.
fn taken_in<'a>(key: &SketchKey, tips: impl IntoIterator<Item = (&'a str, i32)>) -> Index {
    let mut index = Index::default();
    for (number, (text, on)) in (1..).zip(tips) {
        index.add(id(number), &index.sketch(&read(text, on), key));
    }
    index
}

fn copies() -> [String; 6] {
    ENDS.map(|end| format!("{PASTED}{end}"))
}

fn floods_of(days: &[i32]) -> Vec<Flood> {
    let copies = copies();
    let tips = copies.iter().map(String::as_str).zip(days.iter().copied());
    taken_in(&key(), tips).floods()
}

#[test]
fn five_near_copies_within_seven_days_are_a_flood() {
    let [flood] = &floods_of(&[0, 1, 3, 5, 7])[..] else {
        panic!("one flood");
    };
    assert_eq!(flood.tips, [1, 2, 3, 4, 5].map(id));
    assert_eq!((flood.first_day, flood.last_day), (day(0), day(7)));
    assert!(floods_of(&[0, 1, 3, 5]).is_empty(), "four are none");
    assert!(
        floods_of(&[0, 2, 4, 6, 8]).is_empty(),
        "nor five in nine days"
    );
}

#[test]
fn independent_accounts_are_no_flood() {
    let told = [
        "北坡小学姚梅芳老师周末在家办班,一个学期2600元",
        "我孩子五年级,班主任姚老师让去她家补课,收了两千六",
        "姚梅芳补课不去就调座位,北坡中心校的家长都知道",
        "北坡镇中心小学五年级班主任办补习班收费,请查处",
        "在姚梅芳家上课,每周六上午,一屋子都是班上的学生",
        "孩子说姚老师把考试题放在补习班上讲,课上不讲",
    ];
    let index = taken_in(&key(), told.into_iter().map(|text| (text, 0)));
    assert!(index.floods().is_empty());
}

/// A form letter to five schools is what none of them is about: no flood, and its own words count for nothing.
#[test]
fn what_five_schools_are_told_alike_is_a_template() {
    let key = key();
    let letter = |school: &str| {
        format!(
            "我是一名普通家长,近年来教育乱象令人痛心。有的学校巧立名目,让家长苦不堪言。{school}的老师在外办班。\
             希望有关部门严肃查处,还孩子一个快乐的童年。"
        )
    };
    let listed = ["北坡镇中心小学", "南岸镇中学", "县第一中学"].map(letter);
    let others = ["东河县第二小学", "白云湾学校", "青石岭中学"].map(letter);
    let all = listed.iter().chain(&others).map(|text| (text.as_str(), 0));
    let index = taken_in(&key, all);
    assert!(index.floods().is_empty());
    assert!((1..=6).all(|number| index.has_template(&id(number))));
    let reading = read(&listed[0], 0);
    let ignored: String = index
        .template_text(&reading, &key)
        .into_iter()
        .map(|range| &listed[0][range])
        .collect();
    assert!(ignored.contains("快乐的童年") && !ignored.contains("北坡镇中心小学"));
    for number in 1..=6 {
        let candidates = index
            .candidates_of(&id(number), |_| true)
            .expect("it is there");
        let mut same = candidates
            .iter()
            .filter(|it| it.compared.tier == Tier::Same);
        let same = same.next().map(|it| it.tip[0]);
        assert_eq!(same, None, "{number}");
    }
}

/// A tip of the school's on each of `days`, all different; the bursts as they are seen on day 100.
fn bursts(days: &[i32]) -> Vec<Burst> {
    let key = key();
    let texts: Vec<String> = (0..days.len())
        .map(|number| format!("北坡小学的老师补课,第{number}位家长说"))
        .collect();
    let tips = texts.iter().map(String::as_str).zip(days.iter().copied());
    taken_in(&key, tips).bursts(day(100), &schools(), &key)
}

#[test]
fn a_burst_is_measured_by_the_schools_own_past() {
    let [burst] = &bursts(&[95, 96, 97, 98, 99, 100])[..] else {
        panic!("one burst");
    };
    assert_eq!((burst.school.as_str(), burst.tips), ("北坡镇中心小学", 6));
    assert!(burst.usual_per_week.abs() < 1e-6);
    assert!(bursts(&[97, 98, 99, 100]).is_empty(), "four are few");
    assert!(
        bursts(&[80, 81, 82, 83, 84, 85]).is_empty(),
        "that was before"
    );
    // Five a week are no burst where five a week are usual.
    let usual: Vec<i32> = (10..=100).filter(|on| on % 7 < 5).collect();
    assert!(bursts(&usual).is_empty());
    let more: Vec<i32> = usual.into_iter().chain([100; 9]).collect();
    let [burst] = &bursts(&more)[..] else {
        panic!("one burst");
    };
    assert!(burst.usual_per_week > 4.0);
}
