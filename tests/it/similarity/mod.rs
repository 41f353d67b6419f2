//! Comparing tips: what always holds, what bad input does, and how well invented tips are found.

mod company;
mod floods;
pub mod quality;
mod reading;
mod renewed;

use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_opening::{Identity, SketchKey};
use mifeng_similarity::generate::school_tips;
use mifeng_similarity::{
    Candidate, Feature, Fields, Index, Reading, SchoolEntry, Schools, Sketch, Speaks, Tier, TipId,
    Veto, Weights,
};
use proptest::prelude::*;

const PASTED: &str = "我家孩子在北坡镇中心小学读五年级,班主任姚梅芳老师每个周末在她家里开补习班,一个学期收2600元,\
    不去的孩子被调到最后一排。群里的通知我都留着,请领导查一查。";

fn day(number: i32) -> Day {
    Day::from_number(20_000 + number).expect("a day of our time")
}

fn key() -> SketchKey {
    SketchKey::derive(&Identity::generate())
}

fn school(full: &str, alias: &[&str], staff: &[&str]) -> SchoolEntry {
    let owned = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
    SchoolEntry {
        id: String::new(),
        full: full.to_owned(),
        alias: owned(alias),
        staff: owned(staff),
        place: None,
    }
}

fn schools() -> Schools {
    let list = vec![
        school(
            "北坡镇中心小学",
            &["北坡小学", "北坡中心校"],
            &["姚梅芳", "罗海"],
        ),
        school("南岸镇中学", &["南岸中学"], &["姚梅英"]),
        school("县第一中学", &["县一中"], &[]),
    ];
    Schools::new(list).expect("no two share a name")
}

/// A tip of a day with nothing in it.
fn fields(on: i32) -> Fields<'static> {
    Fields::of_account("", day(on))
}

fn read_fields(fields: &Fields<'_>) -> Reading {
    Reading::of(fields, &schools())
}

fn read(text: &str, on: i32) -> Reading {
    read_fields(&Fields { text, ..fields(on) })
}

fn id(number: u8) -> TipId {
    [number; 16]
}

fn tier(earlier: &str, later: &str) -> Tier {
    let (key, mut index) = (key(), Index::default());
    index.add(id(1), &index.sketch(&read(earlier, 0), &key));
    let candidates = index.candidates(&index.sketch(&read(later, 1), &key));
    candidates
        .first()
        .map_or(Tier::Unrelated, |candidate| candidate.compared.tier)
}

#[test]
fn a_copy_in_other_marks_width_and_characters_is_found() {
    let widened = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        other => other,
    };
    let wide: String = PASTED.chars().map(widened).collect();
    let traditional = PASTED
        .replace('师', "師")
        .replace('个', "個")
        .replace('学', "學")
        .replace('领', "領");
    let bare: String = PASTED.chars().filter(|c| c.is_alphanumeric()).collect();
    for copy in [wide, traditional, bare, format!(" {PASTED}\u{200b} ")] {
        assert_eq!(tier(PASTED, &copy), Tier::Same, "{copy}");
    }
}

#[test]
fn a_veto_always_wins() {
    let other_school = PASTED.replace("北坡镇中心小学", "南岸镇中学");
    let other_name = PASTED.replace("姚梅芳", "罗海");
    let (key, index) = (key(), Index::default());
    let sketch = |text: &str| index.sketch(&read(text, 0), &key);
    for (text, veto) in [(other_school, Veto::Schools), (other_name, Veto::Names)] {
        let compared = index.compare(&sketch(PASTED), &sketch(&text));
        assert_eq!(compared.veto, Some(veto));
        assert_ne!(compared.tier, Tier::Same);
    }
}

#[test]
fn a_letter_filled_in_with_another_place_is_never_the_same() {
    let letter = "尊敬的领导,我是{p}的一名家长,现就收费一事反映如下。{p}未经公示收取资料费,家长多次询问均无答复。\
        根据有关文件,中小学不得以任何名义向学生收取未列入目录的费用。恳请贵局核查,责令退还,并公开处理结果。此致敬礼。";
    let places = [
        "青石岭学校",
        "白云湾学校",
        "锦绣花园小区",
        "御景湾小区",
        "东港路",
        "桂溪村",
    ];
    for (one, other) in places
        .iter()
        .flat_map(|one| places.map(|other| (*one, other)))
    {
        let [one_text, other_text] = [one, other].map(|place| letter.replace("{p}", place));
        let same = tier(&one_text, &other_text) == Tier::Same;
        assert_eq!(same, one == other, "{one}, {other}");
    }
}

#[test]
fn odd_texts_are_taken_in() {
    let (key, mut index) = (key(), Index::default());
    let long = PASTED.repeat(100_000 / PASTED.chars().count() + 1);
    let long: String = long.chars().take(100_000).collect();
    let texts = [
        "",
        "好",
        "😀😀😀😡",
        "Привет 王老师 שלום テスト",
        "\u{200b}\u{200b}",
        long.as_str(),
    ];
    for (number, text) in (0..).zip(texts) {
        let sketch = index.sketch(&read(text, 0), &key);
        let sealed = sketch.seal(&id(number), &key, &SystemEntropy);
        assert_eq!(Sketch::open(&id(number), &sealed, &key), Ok(sketch.clone()));
        let _ = index.candidates(&sketch);
        index.add(id(number), &sketch);
        assert_eq!(index.same_text(&sketch).last(), Some(&id(number)));
    }
    index.remove(&id(1));
    assert_eq!(index.len(), texts.len() - 1);
}

#[test]
fn tips_taken_in_at_once_are_found_like_those_that_came_one_by_one() {
    let (key, mut one_by_one) = (key(), Index::default());
    let (made, _) = school_tips(5, 120);
    let mut sketches = Vec::new();
    for (number, tip) in (0_u128..).zip(&made) {
        let on = tip.submitted[..10].parse::<Day>().expect("a day");
        let mut reading = read(&tip.text, 0);
        reading.day = on;
        let sketch = one_by_one.sketch(&reading, &key);
        one_by_one.add(number.to_be_bytes(), &sketch);
        sketches.push((number.to_be_bytes(), sketch));
    }
    let mut at_once = Index::default();
    at_once.extend(
        sketches
            .iter()
            .map(|(tip, sketch)| (*tip, sketch))
            .collect(),
    );
    // Twice the same tip changes nothing.
    at_once.extend(
        sketches[..7]
            .iter()
            .map(|(tip, sketch)| (*tip, sketch))
            .collect(),
    );
    assert_eq!(at_once.len(), one_by_one.len());
    assert_eq!(at_once.floods(), one_by_one.floods());
    for (tip, sketch) in &sketches {
        assert_eq!(at_once.same_text(sketch), one_by_one.same_text(sketch));
        let [a, b] = [&at_once, &one_by_one].map(|index| index.candidates_of(tip, |_| true));
        let names = |found: &[Candidate]| found.iter().map(|one| one.tip).collect::<Vec<_>>();
        let (a, b) = (a.expect("it is there"), b.expect("it is there"));
        assert_eq!(names(&a), names(&b));
    }
}

#[test]
fn rows_are_of_one_size_and_no_two_alike_and_a_damaged_one_is_refused() {
    let (key, index) = (key(), Index::default());
    let [long, short] = [PASTED, "好"].map(|text| index.sketch(&read(text, 0), &key));
    let [a, b] = [1, 2].map(|number| long.seal(&id(number), &key, &SystemEntropy));
    assert_eq!(a.len(), short.seal(&id(3), &key, &SystemEntropy).len());
    assert!(
        a.windows(8)
            .all(|part| !b.windows(8).any(|other| other == part))
    );
    for at in [0, 30, a.len() - 1] {
        let mut damaged = a.clone();
        damaged[at] ^= 1;
        assert!(Sketch::open(&id(1), &damaged, &key).is_err());
    }
    assert!(Sketch::open(&id(2), &a, &key).is_err());
}

#[test]
fn what_agrees_never_speaks_against_and_what_differs_never_for() {
    let weights: toml::Table = Weights::default().to_toml().parse().expect("TOML");
    for regression in ["listed", "open"] {
        for feature in Feature::ALL {
            let weight = weights[regression][feature.name()].as_float();
            let weight = weight.expect("a number");
            match feature.speaks() {
                Speaks::For => assert!(weight >= 0.0, "{feature:?} {weight}"),
                Speaks::Against => assert!(weight <= 0.0, "{feature:?} {weight}"),
                Speaks::Either => {}
            }
        }
    }
    assert_eq!(Feature::SubjectAgrees.speaks(), Speaks::For);
    assert_eq!(Feature::HeadlinePlacesDiffer.speaks(), Speaks::Against);
    assert_eq!(Feature::Gap.speaks(), Speaks::Either);
}

#[test]
fn an_explanation_marks_what_is_shared_and_what_is_new() {
    let (key, index) = (key(), Index::default());
    let later = format!("{PASTED}另外校门口的小卖部也是他亲戚开的,电话13800001111。");
    let (earlier, later_tip) = (read(PASTED, 0), read(&later, 3));
    let sketches = [&earlier, &later_tip].map(|tip| index.sketch(tip, &key));
    let compared = index.compare(&sketches[0], &sketches[1]);
    let explanation = index.explain(compared, &earlier, &later_tip, &key);
    assert_eq!(explanation.days_apart, 3);
    assert!(!explanation.sentences.is_empty());
    for (earlier, after) in &explanation.sentences {
        assert_eq!(PASTED[earlier.clone()], later[after.clone()]);
    }
    assert_eq!(explanation.news.contacts, ["13800001111"]);
    assert!(
        explanation
            .news
            .clauses
            .iter()
            .any(|clause| later[clause.clone()].contains("小卖部"))
    );
    assert!(!explanation.reasons.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_two_tips_changes_nothing(a in "[补课老师收钱送礼孩子北坡小学姚梅芳2600元,]{0,60}", b in "[补课老师收钱送礼孩子北坡小学姚梅芳2600元,]{0,60}") {
        let key = key();
        let score = |first: &str, second: &str| {
            let mut index = Index::default();
            index.add(id(1), &index.sketch(&read(first, 0), &key));
            index.candidates(&index.sketch(&read(second, 0), &key)).first().map(|c| (c.compared.tier, c.compared.score))
        };
        match (score(&a, &b), score(&b, &a)) {
            (Some((tier, one)), Some((other_tier, other))) => {
                prop_assert_eq!(tier, other_tier);
                prop_assert!((one - other).abs() < 1e-4);
            }
            (one, other) => prop_assert_eq!(one.is_some(), other.is_some()),
        }
    }

    #[test]
    fn unrelated_tips_join_nothing(noise in proptest::collection::vec("[马路路灯坏了请修一下公交停水物业垃圾]{20,60}", 1..12)) {
        let key = key();
        let mut index = Index::default();
        index.add(id(0), &index.sketch(&read(PASTED, 0), &key));
        let other = "南岸中学食堂的菜里有虫子,好几个学生吃坏了肚子,学校不让家长进去看";
        for (number, text) in (1..).zip(&noise) {
            index.add(id(number), &index.sketch(&read(text, 0), &key));
        }
        let candidates = index.candidates(&index.sketch(&read(other, 1), &key));
        prop_assert!(candidates.iter().all(|candidate| candidate.compared.tier != Tier::Same));
    }

    #[test]
    fn a_copy_is_always_found(seed in any::<u64>(), marks in "[,。!;、 …]{1,6}") {
        let (made, _) = school_tips(seed, 1);
        let told = &made[0].text;
        let marks: Vec<char> = marks.chars().collect();
        let mut next = marks.iter().cycle();
        let mut other = |c: char| match c {
            c if c.is_alphanumeric() => wide_or_traditional(c),
            c => *next.next().unwrap_or(&c),
        };
        let copy: String = told.chars().map(&mut other).collect();
        let (key, mut index) = (key(), Index::default());
        let sketch = index.sketch(&read(told, 0), &key);
        index.add(id(1), &sketch);
        let copied = index.sketch(&read(&copy, 1), &key);
        let best = index.candidates(&copied).first().map(|found| (found.tip, found.compared.tier));
        prop_assert_eq!(best, Some((id(1), Tier::Same)), "{} / {}", told, copy);
    }

    // Without "老师" and surnames: a name that both tell is no veto.
    #[test]
    fn a_veto_wins_over_any_likeness(alike in "[补课收费送礼孩子家长办公室2600元,]{0,200}", apart in 0_i32..400, at_school in any::<bool>()) {
        let (from, to) = if at_school { ("北坡镇中心小学", "南岸镇中学") } else { ("姚梅芳", "罗海") };
        let (key, mut index) = (key(), Index::default());
        let told = format!("{PASTED}{alike}");
        index.add(id(1), &index.sketch(&read(&told, 0), &key));
        let other = index.sketch(&read(&told.replace(from, to), apart), &key);
        for found in index.candidates(&other) {
            prop_assert!(found.compared.veto.is_some());
            prop_assert!(found.compared.tier < Tier::Maybe && found.compared.score <= 0.2);
        }
        prop_assert!(index.floods().is_empty());
    }
}

/// A character in full width, or as it is written in Hong Kong.
fn wide_or_traditional(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        '师' => '師',
        '学' => '學',
        '个' => '個',
        '课' => '課',
        '费' => '費',
        '钱' => '錢',
        '给' => '給',
        '长' => '長',
        '时' => '時',
        other => other,
    }
}
