//! Tips that name somebody.

use super::chance::Chance;
use super::texts::{ABOUT, ORDINARY, SCHOOLS};
use super::{Tip, disguise, spelling};
use crate::lists::WORDS;
use crate::romanised;
use crate::{Person, letters_of};

/// In which way a tip names somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// The whole name in the subject field.
    Subject,
    /// The name in the text.
    Text,
    /// With variants of its letters.
    Variant,
    /// With signs between its letters.
    Signs,
    /// With another dot, for a name with dots.
    Dot,
    /// In Latin letters.
    Latin,
    /// In both scripts at once.
    Mixed,
    /// With a letter that sounds or looks alike.
    Alike,
    /// By title alone, or surname and title.
    Title,
    /// In Latin letters that stand in circles, squares or parentheses, or are those of mathematics.
    Enclosed,
    /// In Latin letters one by one, or in pieces that are no syllables.
    Pieces,
    /// In Latin letters some of which are those of another script that look like them.
    OtherScript,
    /// Shown reversed by a mark of direction.
    Reversed,
    /// With digits between the letters.
    Digits,
    /// In Latin letters with digits for those that they look like.
    DigitsFor,
    /// In Wade-Giles.
    WadeGiles,
    /// In Tongyong pinyin.
    Tongyong,
    /// In bopomofo, all or some of them.
    Bopomofo,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 18] = [
        Self::Subject,
        Self::Text,
        Self::Variant,
        Self::Signs,
        Self::Dot,
        Self::Latin,
        Self::Mixed,
        Self::Alike,
        Self::Title,
        Self::Enclosed,
        Self::Pieces,
        Self::OtherScript,
        Self::Reversed,
        Self::Digits,
        Self::DigitsFor,
        Self::WadeGiles,
        Self::Tongyong,
        Self::Bopomofo,
    ];
}

/// Tips that name one of `people` each: which, how, and the tip.
#[must_use]
pub fn naming(seed: u64, count: usize, people: &[Person]) -> Vec<(usize, Way, Tip)> {
    let mut chance = Chance::new(seed);
    let tips = (0..count).map(|number| {
        let who = chance.below(people.len());
        let way = Way::ALL[number % Way::ALL.len()];
        (who, way, tip(&people[who], way, &mut chance))
    });
    tips.collect()
}

fn tip(person: &Person, way: Way, chance: &mut Chance) -> Tip {
    let name = person.names[0].as_str();
    let letters = letters_of(name);
    let title = person.titles[0].title.as_str();
    let is_short = letters.len() == 2;
    let whole: String = letters.iter().collect();
    let is_word = WORDS.contains(whole.as_str());
    let written = match way {
        Way::Subject => return subject(&spelling::variant(name, chance), chance),
        Way::Text => name.to_owned(),
        Way::Variant => spelling::variant(name, chance),
        Way::Signs => spelling::spread(name, chance),
        Way::Dot => spelling::dotted(name, chance),
        Way::Latin => spelling::latin(name, chance),
        Way::Mixed => spelling::mixed(name, chance),
        Way::Alike => spelling::alike(name, chance),
        Way::Title => return by_title(person, chance),
        Way::Enclosed => disguise::enclosed(&spelling::latin(name, chance), chance),
        Way::Pieces => disguise::in_pieces(name, chance),
        Way::OtherScript => disguise::other_script(&spelling::latin(name, chance), chance),
        Way::Reversed => disguise::reversed(name, chance),
        Way::Digits => disguise::with_digits(name, chance),
        Way::DigitsFor => disguise::digits_for(name, chance),
        Way::WadeGiles => disguise::romanised(name, romanised::wade_giles, chance),
        Way::Tongyong => disguise::romanised(name, romanised::tongyong, chance),
        Way::Bopomofo => disguise::bopomofo(name, chance),
    };
    // A name that is a word is one where a title says so; a near one of two letters where the unit does.
    let written = match way {
        Way::Alike if is_short => format!("{}{written}", person.agreeing[0]),
        Way::Text | Way::Variant | Way::Signs | Way::Dot | Way::Reversed | Way::Digits
            if is_word =>
        {
            let rank = title
                .trim_start_matches(&person.agreeing[0])
                .trim_start_matches('副');
            format!("{written}{rank}")
        }
        _ => written,
    };
    let about = chance.of(&ABOUT).replace("{}", &written);
    Tip {
        school: (*chance.of(&SCHOOLS)).to_owned(),
        subject: String::new(),
        text: around(&about, chance),
    }
}

/// With ordinary sentences before and behind.
fn around(about: &str, chance: &mut Chance) -> String {
    let before = if chance.once_in(2) {
        *chance.of(&ORDINARY)
    } else {
        ""
    };
    let after = if chance.once_in(2) {
        *chance.of(&ORDINARY)
    } else {
        ""
    };
    format!("{before}{about}{after}")
}

fn subject(name: &str, chance: &mut Chance) -> Tip {
    let rest = *chance.of(&[
        "",
        "老师",
        "、另外一人",
        "（局里的）",
        " ",
        "同志",
        "，主任",
    ]);
    Tip {
        school: (*chance.of(&SCHOOLS)).to_owned(),
        subject: format!("{name}{rest}"),
        text: around("这个人在外面办班收费。", chance),
    }
}

fn by_title(person: &Person, chance: &mut Chance) -> Tip {
    let title = person.titles[0].title.as_str();
    let surname = spelling::surname(&person.names[0]);
    let rank: String = title.trim_start_matches(&person.agreeing[0]).to_owned();
    let rank = rank.trim_start_matches('副').to_owned();
    let named = format!("{surname}{rank}");
    let said = match title {
        "局长" => *chance.of(&[
            "教育局一把手",
            "教体局老大",
            "局长",
            "教育局局长",
            "教科局的局长",
            "局里一把手",
            "县教育局的老大",
            "我们局长",
        ]),
        _ => title,
    };
    let said = if chance.once_in(3) && rank.chars().count() >= 2 && title != "督学" {
        named.as_str()
    } else {
        said
    };
    let about = *chance.of(&[
        "{}收了机构的好处。",
        "{}的老婆开培训班。",
        "听说{}有股份，没有人敢管。",
        "是{}打的招呼。",
        "逢年过节都要给{}送礼。",
    ]);
    Tip {
        school: String::new(),
        subject: if chance.once_in(3) {
            said.to_owned()
        } else {
            String::new()
        },
        text: around(&about.replace("{}", said), chance),
    }
}
