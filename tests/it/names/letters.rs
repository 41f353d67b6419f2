//! Letters that are one, letters that are not, and the tables they come from.

use mifeng_names::{fold_letter, is_alike, letters_of, readings, sounds_alike};
use proptest::prelude::*;
use std::collections::HashMap;
use std::process::Command;

#[test]
fn the_tables_are_what_the_generator_makes_of_the_unicode_data() {
    let generator = concat!(env!("CARGO_MANIFEST_DIR"), "/src/names/generate/letters.py");
    let output = Command::new("python3")
        .args([generator, "--check"])
        .output();
    let output = output.expect("python3 runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{said} (Debian's unicode-data has them: tests/install-debian.sh)"
    );
}

/// Names of the cases, as they were typed and as the account has them.
const ONE: [(&str, &str); 26] = [
    ("溫以寧", "温以宁"),
    ("鍾銘鋒", "钟铭锋"),
    ("锺铭锋", "钟铭锋"),
    ("鐘銘鋒", "钟铭锋"),
    ("龐駱聶藍魯鮑寧鄺欒", "庞骆聂蓝鲁鲍宁邝栾"),
    ("鄔竇塗儲繆鈕邊喬闞鞏", "邬窦涂储缪钮边乔阚巩"),
    ("鴻駿瑋煒燁暉暢嫻壽瓊禎穎", "鸿骏玮炜烨晖畅娴寿琼祯颖"),
    ("⻩建国", "黄建国"),
    ("⻢⻬⻰⻋⻓⺠⻔⻅", "马齐龙车长民门见"),
    ("⼈⼒⾦⽯", "人力金石"),
    ("校⻓", "校长"),
    ("金李凉", "金李凉"),
    ("\u{f90a}\u{f9e1}", "金李"),
    ("溼峯羣裏", "湿峰群里"),
    ("\u{e81e}\u{e864}", "\u{9fb4}\u{9fbb}"),
    ("\u{e816}", "\u{20087}"),
    ("ＷＡＮＧ　ｆａｎｇ", "wangfang"),
    ("阿依古丽•买买提", "阿依古丽·买买提"),
    ("阿依古丽・买买提", "阿依古丽·买买提"),
    ("阿依古丽‧买买提", "阿依古丽·买买提"),
    ("阿依古丽．买买提", "阿依古丽·买买提"),
    ("阿依古丽.买买提", "阿依古丽·买买提"),
    ("阿依古丽･买买提", "阿依古丽·买买提"),
    ("阿依古丽 买买提", "阿依古丽·买买提"),
    ("阿依古丽买买提", "阿依古丽·买买提"),
    ("张\u{200b}*✨三", "张三"),
];

#[test]
fn a_name_is_one_however_it_is_written() {
    for (typed, name) in ONE {
        assert_eq!(letters_of(typed), letters_of(name), "{typed} {name}");
    }
}

/// The commonest four hundred, each another.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦\
贾夏付傅方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪辛柯庄温鲁葛阎殷章倪牛樊梅童伍鲍尤翟左安齐聂欧涂祝岳柳骆关\
俞申华裴苗阮甘焦柴盛霍单古耿凌费纪饶包管穆柏戚滕岑毕邬卞卜湛祁禹狄贝臧伏茅庞舒屈蓝闵季娄颜刁虞昝裘缪宗郁吉钮嵇邢荣翁荀惠甄曲封芮储靳汲糜巫牧隗谷宓\
郗仲伊宫宁仇栾厉戎符景詹韶郜薄蒲邰鄂索卓蔺屠蒙池胥闻莘劳逄姬冉雍桑桂濮扈燕冀浦尚晏瞿慕茹艾暨衡匡寇阙沃隆巩晁勾敖冷阚简沙鞠巢荆竺桓佟亢牟佘谌丛苟冼麦\
邝揭粟隋郎亓邸栗楚迟晋苑游项商解查区盖朴乐员种应车容路花";

#[test]
fn no_two_surnames_are_one() {
    let mut of: HashMap<char, char> = HashMap::new();
    for surname in SURNAMES.chars() {
        let other = of.insert(fold_letter(surname), surname);
        assert_eq!(other, None, "{surname}");
    }
    assert_ne!(fold_letter('张'), fold_letter('章'));
}

#[test]
fn folding_is_done_after_one_step() {
    for code in (0..=0x3_ffff).filter_map(char::from_u32) {
        assert_eq!(fold_letter(fold_letter(code)), fold_letter(code), "{code}");
    }
}

#[test]
fn surnames_have_their_own_readings() {
    for (surname, reading) in [
        ('单', "shan"),
        ('仇', "qiu"),
        ('曾', "zeng"),
        ('解', "xie"),
        ('查', "zha"),
        ('区', "ou"),
        ('盖', "ge"),
        ('朴', "piao"),
        ('尉', "yu"),
        ('覃', "qin"),
        ('覃', "tan"),
        ('乐', "yue"),
        ('任', "ren"),
        ('缪', "miao"),
        ('翟', "zhai"),
        ('冼', "xian"),
        ('吕', "lv"),
        ('長', "zhang"),
    ] {
        assert!(readings(surname).contains(&reading), "{surname} {reading}");
    }
}

#[test]
fn some_letters_sound_or_look_alike() {
    assert!(sounds_alike('宁', '凝') && sounds_alike('溫', '文'));
    assert!(is_alike('末', '未') && is_alike('己', '巳') && is_alike('溫', '湿'));
    assert!(!sounds_alike('宁', '安') && !is_alike('宁', '安') && !sounds_alike('a', 'a'));
}

proptest! {
    /// Whatever is neither letter nor digit leaves a name what it is.
    #[test]
    fn signs_change_no_name(signs in proptest::collection::vec("[^\\p{L}\\p{N}\\p{M}\\p{Co}\\p{So}]{0,3}", 4)) {
        let typed = format!("{}温{}以{}宁{}", signs[0], signs[1], signs[2], signs[3]);
        let letters: Vec<char> = letters_of(&typed).into_iter().filter(|c| "温以宁".contains(*c)).collect();
        prop_assert_eq!(letters, letters_of("温以宁"));
    }

    #[test]
    fn any_text_is_folded(text in ".{0,200}") {
        prop_assert!(letters_of(&text).iter().all(|c| c.is_alphanumeric()));
    }
}
