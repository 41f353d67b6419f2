//! Tips that name nobody of the office.

use super::Tip;
use super::chance::Chance;
use super::texts::{ABOUT, ENGLISH, NUMBERED, ORDINARY, SCHOOLS};
use crate::{Person, is_alike, letters_of, sounds_alike};

/// Surnames and given letters of other people.
const SURNAMES: &str = "刘陈杨赵吴周徐孙朱胡郭林罗郑梁谢宋唐许韩邓冯曹彭肖田董潘袁蔡蒋余杜叶程魏苏丁任卢姚沈姜崔谭陆范汪廖石贾夏付邹熊白孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱戴严武康";
const GIVEN: &str = "伟娜秀静丽强磊洋艳勇杰娟涛超霞平刚桂英华玉兰红梅辉斌波宇浩凯健俊帆雯婷雪倩慧玲燕鹏翔晨阳旭昊博文思雨欣怡梓轩涵子萱佳琪琳瑶璐洁莹颖";

/// Tips of which none names any of `people`.
#[must_use]
pub fn not_naming(seed: u64, count: usize, people: &[Person]) -> Vec<Tip> {
    let mut chance = Chance::new(seed);
    (0..count)
        .map(|number| tip(number, people, &mut chance))
        .collect()
}

fn tip(number: usize, people: &[Person], chance: &mut Chance) -> Tip {
    let school = (*chance.of(&SCHOOLS)).to_owned();
    let other = other(people, chance);
    let about = chance.of(&ABOUT).replace("{}", &other);
    let (subject, text) = match number % 5 {
        0 => (String::new(), ordinary(chance)),
        1 => (String::new(), chance.of(&ENGLISH).to_string()),
        2 => (other, ordinary(chance)),
        _ => (
            String::new(),
            format!("{}{about}{}", chance.of(&ORDINARY), chance.of(&ORDINARY)),
        ),
    };
    Tip {
        school,
        subject,
        text,
    }
}

fn ordinary(chance: &mut Chance) -> String {
    let count = 1 + chance.below(6);
    let sentences = (0..count).map(|_| {
        if chance.once_in(4) {
            *chance.of(&NUMBERED)
        } else {
            *chance.of(&ORDINARY)
        }
    });
    sentences.collect()
}

fn letter(list: &str, chance: &mut Chance) -> char {
    let letters: Vec<char> = list.chars().collect();
    *chance.of(&letters)
}

/// Somebody else: a stranger, or somebody with a part of one of the names.
fn other(people: &[Person], chance: &mut Chance) -> String {
    loop {
        let person = chance.of(people);
        let name = letters_of(&person.names[0]);
        let mut other = match chance.below(5) {
            0 => vec![name[0], letter(GIVEN, chance), letter(GIVEN, chance)],
            1 => {
                let mut other = name.clone();
                let at = chance.below(other.len());
                other[at] = letter(if at == 0 { SURNAMES } else { GIVEN }, chance);
                other
            }
            2 if name.len() == 2 => {
                // 王芳芳, 王芳玲: a longer name.
                let more = if chance.once_in(2) {
                    name[1]
                } else {
                    letter("芳玲娟琳婷", chance)
                };
                vec![name[0], name[1], more]
            }
            3 => vec![letter(SURNAMES, chance), letter(GIVEN, chance)],
            _ => vec![
                letter(SURNAMES, chance),
                letter(GIVEN, chance),
                letter(GIVEN, chance),
            ],
        };
        if other.len() > 4 {
            other.truncate(3);
        }
        if people
            .iter()
            .all(|one| !is_near(&other, &letters_of(&one.names[0])))
        {
            return other.into_iter().collect();
        }
    }
}

/// Whether somebody could write the one and mean the other: then it is a name of the other kind.
fn is_near(one: &[char], other: &[char]) -> bool {
    let longer_word = one.len() == 3
        && other.len() == 2
        && one.starts_with(other)
        && !"王李曾".contains(other[0]);
    let same = |(a, b): (&char, &char)| a == b || sounds_alike(*a, *b) || is_alike(*a, *b);
    longer_word || one.len() == other.len() && one.iter().zip(other).all(same)
}
