//! Names in Latin letters.

use super::in_text;
use Answer::{No, Possible};
use mifeng_names::Answer;

#[test]
fn latin_letters_are_possible_in_either_order() {
    for text in [
        "Wen Yining took money",
        "wenyining",
        "Yining Wen",
        "WEN Yi-Ning",
        "Wen Yi'ning",
        "wen yi ning",
        "Wēn Yǐníng",
        "wen1 yi3 ning2",
        "wen_yi_ning@mail",
        "Ｗｅｎ　Ｙｉｎｉｎｇ",
        "YININGWEN",
    ] {
        assert_eq!(in_text("温以宁", text), Possible, "{text}");
    }
    for text in [
        "W. Yining",
        "wyn",
        "Wen Y. N.",
        "Wenyi ninger",
        "owen yining",
        "Wen Yi Ling",
    ] {
        assert_eq!(in_text("温以宁", text), No, "{text}");
    }
    for text in [
        "lü li",
        "lv li",
        "lyu li",
        "lu li",
        "LÜ Li",
        "Li Lv",
        "lǚ lì",
        "lu\u{308} li",
    ] {
        assert_eq!(in_text("吕丽", text), Possible, "{text}");
    }
    for (name, text) in [
        ("单雪", "Shan Xue"),
        ("仇英", "Qiu Ying"),
        ("曾敏", "Zeng Min"),
        ("解东", "Xie Dong"),
        ("欧阳修", "Ouyang Xiu"),
        ("欧阳修", "Xiu Ouyang"),
        ("阿依古丽·买买提", "Ayiguli Maimaiti"),
    ] {
        assert_eq!(in_text(name, text), Possible, "{name} {text}");
    }
    let english =
        "The man said that he ran home and then he sang a song for the child in the class.";
    for name in ["何冉", "何桑", "宋安"] {
        assert_eq!(in_text(name, english), No, "{name}");
    }
    let english = "The officer He Ran told me that it would cost more than the others had paid.";
    assert_eq!(in_text("何冉", english), Possible);
}

#[test]
fn other_romanisations_are_possible() {
    for (name, text) in [
        ("何志", "Ho Chih took money"),
        ("温以宁", "Wen I-ning"),
        ("温以宁", "WEN I NING"),
        ("曾敏", "Tseng Min"),
        ("陈秋霞", "Ch'en Ch'iu-hsia"),
        ("徐志远", "Hsü Chih-yüan"),
        ("徐志远", "Hsu Chih Yuan"),
        ("郭小东", "Kuo Hsiao-tung"),
        ("何志", "He Jhih"),
        ("徐志远", "Syu Jhih-yuan"),
        ("温以宁", "Wun Yi-ning"),
        ("温以宁", "ㄨㄣ ㄧˇ ㄋㄧㄥˊ"),
        ("温以宁", "ㄨㄣㄧˇㄋㄧㄥˊ收钱"),
        ("温以宁", "温ㄧˇ宁"),
        ("何志", "ㄏㄜˊㄓˋ"),
        ("徐志远", "ㄒㄩˊ ㄓˋ ㄩㄢˇ"),
        ("吕绿漪", "ㄌㄩˇ ㄌㄩˋ ㄧ"),
    ] {
        assert_eq!(in_text(name, text), Possible, "{name} {text}");
    }
    for (name, text) in [
        ("何志", "Hochi"),
        ("温以宁", "ㄨㄣ ㄋㄧㄥˊ"),
        ("温以宁", "Wen I-lin"),
        ("何伊", "ho i"),
    ] {
        assert_eq!(in_text(name, text), No, "{name} {text}");
    }
}
