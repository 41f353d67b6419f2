//! What rules read out of a tip: who, where, which kind of wrong, how much and when.

use super::{day, id, key, read, read_fields, school, schools, tier};
use mifeng_sealing::tip::Category;
use mifeng_similarity::reading::SchoolRead;
use mifeng_similarity::{
    Fields, Index, Offence, Reading, SchoolEntry, Schools, SchoolsError, Tier,
};

/// The schools that a text names, the one it is about first.
fn named(text: &str, list: &Schools) -> Vec<SchoolRead> {
    let fields = Fields {
        text,
        ..super::fields(0)
    };
    Reading::of(&fields, list).schools
}

fn listed(id: &str) -> SchoolRead {
    SchoolRead {
        id: id.to_owned(),
        is_listed: true,
    }
}

#[test]
fn a_school_is_known_by_its_short_forms() {
    let list = Schools::new(vec![
        school("青溪县第一中学", &["县一中"], &[]),
        school("青溪县实验小学", &[], &[]),
        school("柳河镇中心小学", &[], &[]),
    ])
    .expect("no two share a name");
    for (said, full) in [
        ("一中", "青溪县第一中学"),
        ("县一中", "青溪县第一中学"),
        ("第一中学", "青溪县第一中学"),
        ("青溪一中", "青溪县第一中学"),
        ("青溪县第一中学", "青溪县第一中学"),
        // What every county has says nothing by itself.
        ("实验小学", ""),
        ("青溪实小", "青溪县实验小学"),
        ("柳河小学", "柳河镇中心小学"),
        ("柳河中心校", "柳河镇中心小学"),
    ] {
        let text = format!("我要反映{said}的老师在外面补课");
        let read = named(&text, &list);
        let of_the_list: Vec<_> = read.into_iter().filter(|one| one.is_listed).collect();
        let expected = (!full.is_empty()).then(|| listed(full));
        assert_eq!(of_the_list, Vec::from_iter(expected), "{said}");
    }
}

#[test]
fn another_countys_first_school_is_not_ours() {
    assert!(read("县一中违规补课", 0).schools[0].is_listed);
    assert!(!read("听说东河县一中违规补课", 0).schools[0].is_listed);
}

#[test]
fn of_two_schools_with_one_short_name_the_teacher_tells_which() {
    let list = vec![
        school("东坡小学", &["坡小"], &["柏文静"]),
        school("西坡小学", &["坡小"], &["岑立新"]),
    ];
    let (list, _) = Schools::with_clashes(list).expect("an alias may be shared where it is said");
    let either = named("坡小的老师补课", &list);
    assert_eq!(either, [listed("东坡小学"), listed("西坡小学")]);
    assert_eq!(named("坡小岑立新补课", &list), [listed("西坡小学")]);
}

#[test]
fn clashing_aliases_are_refused_by_name() {
    let list = || -> Vec<SchoolEntry> {
        vec![
            school("东坡小学", &["坡小"], &[]),
            school("西坡小学", &["坡小"], &[]),
        ]
    };
    let error = Schools::new(list()).expect_err("one name for two schools");
    let told = error.to_string();
    assert!(matches!(error, SchoolsError::Clash { .. }));
    assert!(told.contains("坡小") && told.contains("东坡小学") && told.contains("西坡小学"));
    let (_, clashes) =
        Schools::with_clashes(list()).expect("an alias may be shared where it is said");
    assert_eq!(clashes.len(), 1);
}

#[test]
fn teachers_are_read_by_roster_by_title_and_by_surname() {
    for (text, names, surnames) in [
        // On the roster: no title is needed.
        ("姚梅芳在家里补课", &["姚梅芳"][..], "姚"),
        ("班里的柏文静老师收礼", &["柏文静"], "柏"),
        ("柏老师收礼", &[], "柏"),
        ("柏小明老师收礼", &["柏小明"], "柏"),
        ("岑立新老师收礼", &["岑立新"], "岑"),
        ("来了一位新老师", &[], ""),
        ("王梅老师收礼", &["王梅"], "王"),
        ("教数学的柏某某收礼", &[], "柏"),
        ("那个老师收礼", &[], ""),
        ("被举报人:岑立新", &["岑立新"], "岑"),
    ] {
        let people = read(text, 0).people;
        assert_eq!(people.names, names, "{text}");
        let mut expected: Vec<char> = surnames.chars().collect();
        expected.sort_unstable();
        assert_eq!(people.surnames, expected, "{text}");
    }
    let maths = read("教数学的柏老师", 0).people.subjects;
    assert_eq!(maths, read("柏老师,数学老师", 0).people.subjects);
    assert_ne!(maths, read("教英语的柏老师", 0).people.subjects);
    assert_eq!(read("Ms. Bai sells lessons", 0).people.pinyin, ["bai"]);
    assert!(read("柏老师", 0).people.pinyin.contains(&"bai".to_owned()));
}

/// A given name may be a surname elsewhere: it is one here only where no name stands before it.
#[test]
fn a_given_name_that_is_also_a_surname_is_part_of_the_name() {
    for (text, name) in [
        ("张林老师说不补课就调座位", "张林"),
        ("教数学的李华老师收费", "李华"),
        ("三班班主任陈江老师让家长买辅导书", "陈江"),
        ("我们都怕刘荣主任", "刘荣"),
        ("李建华老师在家里办班", "李建华"),
        ("王小林老师打了孩子", "王小林"),
        ("体育老师赵文龙教练收钱", "赵文龙"),
        ("听说周志安校长收礼", "周志安"),
        ("何金梅老师骂学生", "何金梅"),
        ("谁都认识胡华衡校长", "胡华衡"),
        ("被举报人是周海洪老师", "周海洪"),
        // No name of two stands before it, only the end of a word.
        ("感谢李华老师", "李华"),
        ("上周王林老师又收了一次", "王林"),
    ] {
        let people = read(text, 0).people;
        assert_eq!(people.names, [name], "{text}");
        assert_eq!(
            people.surnames,
            Vec::from_iter(name.chars().next()),
            "{text}"
        );
    }
    for (text, surname) in [
        ("感谢华老师", '华'),
        ("谢谢江老师", '江'),
        ("上周梅老师又收了一次", '梅'),
        ("每周六林老师都在家里补课", '林'),
        ("周日华老师让大家去她家", '华'),
        ("红包给了王老师", '王'),
        ("我们上周李老师补课", '李'),
        ("家长都清楚张老师收费", '张'),
        ("孩子叫周老师收去了", '周'),
        ("业余时间马老师办班", '马'),
        ("教语文的文老师收礼", '文'),
        ("教历史的史老师收礼", '史'),
        ("任老师收礼", '任'),
        ("的向老师收礼", '向'),
        ("于老师收礼", '于'),
        ("孩子不去于某某那里", '于'),
        ("三班班主任何老师收礼", '何'),
    ] {
        let people = read(text, 0).people;
        assert_eq!(people.names, [""; 0], "{text}");
        assert_eq!(people.surnames, [surname], "{text}");
    }
}

/// The last character of many a word is a surname elsewhere.
#[test]
fn what_stands_before_a_title_is_not_always_a_name() {
    for text in [
        "任何老师都不能这样做",
        "其余老师没有参加",
        "语文老师和英文老师都补课",
        "历史老师不上课",
        "班主任老师让家长转账",
        "科任老师收礼",
        "托管老师打孩子",
        "宿管老师不让进门",
        "分管校长知道这件事",
        "有关老师没有受到处理",
        "希望严肃处理相关老师",
        "校方老师不承认",
        "由于某些原因没有人说",
        "关于某小学乱收费的问题",
        "我们向校长反映过",
        "家长向老师送礼",
        "前任校长也不管",
        "低段老师都去补课",
        "上周老师又收了一次",
    ] {
        let people = read(text, 0).people;
        assert_eq!(people.names, [""; 0], "{text}");
        assert_eq!(people.surnames, [' '; 0], "{text}");
    }
}

#[test]
fn whom_a_letter_greets_is_nobody_it_is_about() {
    let told = "罗海老师周末在家补课收钱";
    for greeting in [
        "尊敬的何建国主任:",
        "敬爱的杜书记,",
        "范局长您好!",
        "田文博局长:你好。",
    ] {
        let people = read(&format!("{greeting}{told}"), 0).people;
        assert_eq!(people.names, ["罗海"], "{greeting}");
        assert_eq!(people.surnames, ['罗'], "{greeting}");
    }
    // Two letters about one matter, to two people, are not kept apart by whom they are written to.
    let letter = |to: &str| format!("尊敬的{to}:{}", super::PASTED);
    assert_eq!(
        tier(&letter("何建国局长"), &letter("田文博主任")),
        Tier::Same
    );
}

#[test]
fn contacts_are_read_in_one_spelling() {
    for (typed, read_as) in [
        ("电话13800001111", "13800001111"),
        ("电话138-0000-1111", "13800001111"),
        ("电话１３８ ００００ １１１１", "13800001111"),
        ("打+8613800001111", "13800001111"),
        ("座机0731-8880000", "07318880000"),
        ("微信号ming_li88", "ming_li88"),
        ("加她VX:Ming_Li88", "ming_li88"),
        ("qq 10000123", "10000123"),
        ("支付宝mingli@example.com", "mingli@example.com"),
        ("卡号6222 0200 0000 1234", "6222020000001234"),
        ("车牌湘A·12345", "湘a12345"),
        ("车牌湘AD12345", "湘ad12345"),
        (
            "网址https://www.Example.com/class?id=7",
            "example.com/class",
        ),
        ("网址example.com/class", "example.com/class"),
    ] {
        let contacts = read(&format!("老师的{typed},收了钱"), 0).contacts;
        assert_eq!(contacts, [read_as], "{typed}");
    }
    // So many digits are one, whatever stands around them.
    assert_eq!(read("第12345678910章节abc", 0).contacts, ["12345678910"]);
    for none in ["20210929这天", "2000元", "class"] {
        assert!(read(none, 0).contacts.is_empty(), "{none}");
    }
}

#[test]
fn sums_are_read_as_they_are_typed() {
    for (typed, low, high) in [
        ("2000元", 2000, 2000),
        ("2,000元", 2000, 2000),
        ("两千块", 2000, 2000),
        ("2k块", 2000, 2000),
        ("一万二", 12_000, 12_000),
        ("三百五十元", 350, 350),
        ("几百元", 100, 900),
        ("一千多元", 1000, 1999),
    ] {
        let sums = read(&format!("老师收了{typed},不给票"), 0).sums;
        assert_eq!(sums.len(), 1, "{typed}");
        assert_eq!(sums[0].low, low, "{typed}");
        assert!(sums[0].high >= high, "{typed}: {}", sums[0].high);
    }
    // Rooms, classes, ages and telephones are no sums.
    for typed in ["3栋502室", "五年级三班", "45个学生", "电话13800001111"] {
        assert!(
            read(&format!("老师在{typed}"), 0).sums.is_empty(),
            "{typed}"
        );
    }
}

#[test]
fn days_are_read_from_the_day_the_tip_came() {
    // 2024-10-04, a Friday.
    let came = 0;
    assert_eq!(day(came).to_string(), "2024-10-04");
    for (said, expected) in [
        ("昨天", "2024-10-03"),
        ("前天", "2024-10-02"),
        ("大前天", "2024-10-01"),
        ("上周六", "2024-09-28"),
        ("上个星期一", "2024-09-23"),
        ("9月29日", "2024-09-29"),
        ("9月29号", "2024-09-29"),
        ("2023年12月5日", "2023-12-05"),
        ("2023-12-5", "2023-12-05"),
        ("十二月五日", "2023-12-05"),
    ] {
        let days = read(&format!("{said}老师收了钱"), came).when.days;
        let days: Vec<_> = days.iter().map(ToString::to_string).collect();
        assert_eq!(days, [expected], "{said}");
    }
    let holiday = read("寒假在家里补课", came).when.seasons;
    assert_ne!(holiday, 0);
    assert_eq!(
        holiday,
        read("during the winter holiday", came).when.seasons
    );
    assert_ne!(holiday, read("暑假在家里补课", came).when.seasons);
}

#[test]
fn grades_and_classes_are_read() {
    for (said, grade, class) in [
        ("五年级三班", 5, 3),
        ("5年级(3)班", 5, 3),
        ("初二(4)班", 8, 4),
        ("高一", 10, 0),
        ("grade 5", 5, 0),
    ] {
        let grades = read(&format!("孩子在{said}读书"), 0).grades;
        assert_eq!(grades, [grade * 64 + class], "{said}");
    }
}

#[test]
fn kinds_of_wrong_are_read_by_their_words() {
    for (text, kind) in [
        ("老师周末在家里有偿补课", Offence::Tutoring),
        ("教师节收家长的购物卡和红包", Offence::Gifts),
        ("学校强制订购校服和教辅,乱收费", Offence::Fees),
        ("老师用尺子打孩子,扇耳光", Offence::Harm),
        ("食堂的饭菜里有虫子,孩子拉肚子", Offence::Food),
        ("teacher sells paid tutoring at her home", Offence::Tutoring),
    ] {
        let offences = read(text, 0).offences;
        assert_eq!(offences.main, Some(kind), "{text}");
    }
}

#[test]
fn what_was_filled_in_weighs_more_than_what_the_text_says() {
    let text = "听说南岸中学也有,南岸中学的家长在群里说过";
    assert_eq!(read(text, 0).schools[0], listed("南岸镇中学"));
    let filled_in = Fields {
        school: "北坡小学",
        subject: "姚梅芳",
        category: Some(Category::Gifts),
        text,
        ..super::fields(0)
    };
    let read = read_fields(&filled_in);
    assert_eq!(read.schools[0], listed("北坡镇中心小学"));
    assert_eq!(read.people.names, ["姚梅芳"]);
    assert_eq!(read.offences.main, Some(Offence::Gifts));
    assert!(!read.headline.is_empty(), "counted apart from the account");
    // And so in comparing: with the school filled in, a text that names another is found beside this one's tips.
    let (key, schools, mut index) = (key(), schools(), Index::default());
    let sketch = index.sketch(&read, &key);
    index.add(id(1), &sketch);
    let later = "北坡镇中心小学姚梅芳老师收购物卡";
    let found = index.candidates(&index.sketch(&super::read(later, 2), &key));
    assert_eq!(found.first().map(|found| found.tip), Some(id(1)));
    assert!(found[0].compared.veto.is_none());
    assert_eq!(schools.iter().count(), 3);
}
