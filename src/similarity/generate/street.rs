//! Citizens' messages about invented estates, roads and firms, where no list knows the names: short and long, with a
//! title, many about one place and each about another matter, some by people who write about everything.

use super::matters::{FILLERS, MATTERS, TITLE_HEADS, TITLE_TAILS};
use super::words::{GIVEN, SURNAMES, TOWNS};
use super::{Chance, MINUTES_A_DAY, MadeTip, Pile, edit};

const PLACE: &str = "金瑞华盛景和鼎恒泰康宁嘉御翠澜锦绣禾润星河湖岸汇康桂芙蓉梧桐橡树云锦东方润德天元御景福临紫荆玫瑰柏竹松梅兰溪泉石塘桥坪坡垅冲洞堤港渡丰永安平顺昌兴隆";
/// What names of places end with; nothing where only those who live there know that it is a place.
const ENDS: [&str; 26] = [
    "小区",
    "小区",
    "花园",
    "苑",
    "公馆",
    "大道",
    "路",
    "路",
    "新城",
    "有限公司",
    "学校",
    "中学",
    "小学",
    "幼儿园",
    "村",
    "村",
    "广场",
    "家园",
    "府",
    "湾",
    "集团",
    "医院",
    "",
    "",
    "",
    "",
];
const COUNTIES: [&str; 4] = ["区", "县", "市", "镇"];
const PARTS: [&str; 10] = [
    "二期", "一期", "南门", "北边", "3栋", "门口", "附近", "旁边", "业主", "里面",
];

struct Incident {
    number: u32,
    place: String,
    town: &'static str,
    matter: usize,
    /// What of the matter this one is about, and what is told of it.
    subjects: Vec<&'static str>,
    clauses: Vec<&'static str>,
    trouble: &'static str,
    firm: String,
    name: String,
    numbers: [usize; 2],
    /// What only those who were there can tell.
    details: Vec<String>,
    /// Turns of phrase of whoever tells it, where he writes often.
    habits: Vec<String>,
    first_minute: i64,
}

/// `incidents` matters at invented places, in order of arrival.
#[must_use]
pub fn street_tips(seed: u64, incidents: usize) -> Vec<MadeTip> {
    let mut chance = Chance::new(seed);
    let mut pile = Pile::default();
    let writers: Vec<Vec<String>> = (0..=incidents / 40)
        .map(|_| (0..9).map(|_| habit(&mut chance)).collect())
        .collect();
    let mut before: Vec<Incident> = Vec::new();
    for number in 0..incidents {
        let mut new = incident(number, incidents, &mut chance);
        if !before.is_empty() && chance.percent(45) {
            let other = &before[chance.below(before.len())];
            like_before(&mut new, other, &mut chance);
        }
        if chance.percent(14) {
            new.habits.clone_from(&writers[chance.below(writers.len())]);
        }
        messages(&new, &mut pile, &mut chance);
        before.push(new);
    }
    pile.in_order()
}

/// What neighbours write about is seldom one thing, and one thing is wrong in many places.
fn like_before(new: &mut Incident, other: &Incident, chance: &mut Chance) {
    let later = i64::try_from(chance.below(150 * 1440)).unwrap_or(0);
    if chance.percent(65) {
        new.place.clone_from(&other.place);
        new.town = other.town;
        if chance.percent(50) {
            new.firm.clone_from(&other.firm);
        }
        // Now and then another thing of the same kind at the same place.
        let matter = if chance.percent(30) {
            other.matter
        } else {
            (other.matter + 1 + chance.below(MATTERS.len() - 1)) % MATTERS.len()
        };
        retell(new, matter, chance);
    } else {
        retell(new, other.matter, chance);
        new.subjects.clone_from(&other.subjects);
        new.town = other.town;
    }
    new.first_minute = other.first_minute + later;
}

/// Makes it about another matter.
fn retell(incident: &mut Incident, matter: usize, chance: &mut Chance) {
    incident.matter = matter;
    let told = &MATTERS[matter];
    let subjects = chance.within(1, 3).min(chance.within(1, 3));
    incident.trouble = chance.pick(told.troubles);
    incident.subjects = chance.some(told.subjects, subjects);
    let clauses = chance.within(3, 7);
    incident.clauses = chance.some(told.clauses, clauses);
}

fn messages(incident: &Incident, pile: &mut Pile, chance: &mut Chance) {
    // Most are told once.
    let told_once = chance.percent(82);
    let count = if told_once {
        1
    } else {
        [2, 2, 2, 2, 3, 3, 4, 7][chance.below(8)]
    };
    let (mut minute, mut last) = (incident.first_minute, None::<(String, String)>);
    for _ in 0..count {
        let (kind, (title, text)) = match last.take() {
            Some(before) if chance.percent(40) => ("edited", again(before, incident, chance)),
            _ => ("para", message(incident, chance)),
        };
        last = Some((title.clone(), text.clone()));
        let tip = MadeTip {
            tip: String::new(),
            submitted: String::new(),
            title,
            text,
            incident: incident.number,
            campaign: None,
            kind,
            lang: "zh",
        };
        pile.put(minute, tip);
        let days = [0, 0, 1, 2, 5, 12, 25, 45, 90][chance.below(9)];
        minute += i64::try_from(days * 1440 + chance.below(900)).unwrap_or(0);
    }
}

/// The same writer once more: a copy, a copy with slips, one with more to say, or a part of it.
fn again(
    (title, text): (String, String),
    incident: &Incident,
    chance: &mut Chance,
) -> (String, String) {
    let title = if chance.percent(50) {
        title
    } else {
        message(incident, chance).0
    };
    let text = match chance.below(4) {
        0 => text,
        1 => edit::slips(&text, 4, chance),
        2 => format!("{text}{}", message(incident, chance).1),
        _ => {
            let length = text.chars().count();
            let kept: String = text.chars().skip(chance.below(length / 2 + 1)).collect();
            format!("{}{kept}", loosely(chance.pick(&FILLERS), chance))
        }
    };
    (title, text)
}

/// Length of the benchmark's tips, in characters.
const BENCH_CHARS: usize = 180;

/// An account of about 180 characters, each with particulars of its own.
#[must_use]
pub fn bench_tip(chance: &mut Chance) -> String {
    let incident = incident(0, 0, chance);
    let mut text = String::new();
    while text.chars().count() < BENCH_CHARS {
        text.push_str(&message(&incident, chance).1);
    }
    text.chars().take(BENCH_CHARS).collect()
}

fn name_of(chance: &mut Chance, letters: usize) -> String {
    (0..letters).map(|_| chance.letter(PLACE)).collect()
}

fn incident(number: usize, incidents: usize, chance: &mut Chance) -> Incident {
    let length = chance.within(2, 5);
    let details = chance.within(5, 20);
    let mut new = Incident {
        number: u32::try_from(number).unwrap_or(0),
        place: format!("{}{}", name_of(chance, length), chance.pick(&ENDS)),
        town: chance.pick(&TOWNS),
        matter: 0,
        subjects: Vec::new(),
        clauses: Vec::new(),
        trouble: "",
        firm: format!("{}公司", name_of(chance, 3)),
        name: (0..3)
            .map(|at| chance.letter(if at == 0 { SURNAMES } else { GIVEN }))
            .collect(),
        numbers: [chance.within(2, 30), chance.within(30, 900)],
        details: (0..details).map(|_| run(2, 5, chance)).collect(),
        habits: Vec::new(),
        first_minute: i64::try_from(chance.below(incidents / 4 + 60)).unwrap_or(0) * MINUTES_A_DAY,
    };
    let matter = chance.below(MATTERS.len());
    retell(&mut new, matter, chance);
    new
}

/// Characters that seldom stand together: the particulars that real accounts are full of.
fn run(from: usize, to: usize, chance: &mut Chance) -> String {
    (0..chance.within(from, to))
        .map(|_| chance.letter(COMMON))
        .collect()
}

/// A turn of phrase.
fn habit(chance: &mut Chance) -> String {
    run(6, 14, chance)
}

/// The same said in other words: two characters at a time are kept or not; slots stay, to be filled later.
fn loosely(clause: &str, chance: &mut Chance) -> String {
    let mut text = String::new();
    for (index, part) in clause.split_inclusive(['{', '}']).enumerate() {
        let is_slot = index % 2 == 1;
        let chars: Vec<char> = part.chars().collect();
        for piece in chars.chunks(2) {
            if is_slot || piece.contains(&'{') || chance.percent(65) {
                text.extend(piece);
            } else {
                text.push_str(&run(1, 4, chance));
            }
        }
    }
    text
}

/// A clause of one's own around a word that others use too.
fn around(term: &str, chance: &mut Chance) -> String {
    format!("{}{term}{}", run(0, 6, chance), run(0, 6, chance))
}

/// Common characters, for particulars.
const COMMON: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运";

fn message(incident: &Incident, chance: &mut Chance) -> (String, String) {
    let title = title(incident, chance);
    let mut clauses: Vec<String> = Vec::new();
    if chance.percent(92) {
        let place = place(incident, chance);
        clauses.push(around(&place, chance));
    }
    // Most are short, a few go on for pages.
    let long = [1, 1, 2, 2, 3, 5, 9, 16][chance.below(8)];
    let told = chance.within(incident.clauses.len() / 2, incident.clauses.len() + 1);
    let told = chance.some(&incident.clauses, told);
    clauses.extend(told.into_iter().map(|clause| loosely(clause, chance)));
    let details: Vec<&str> = incident.details.iter().map(String::as_str).collect();
    let own = chance.within(details.len() / 3, details.len() + 1);
    let own = own.min(3 + 3 * long);
    let own = chance.some(&details, own);
    clauses.extend(own.into_iter().map(|term| around(term, chance)));
    let others = chance.within(0, 5 * long);
    clauses.extend((0..others).map(|_| run(4, 15, chance)));
    let fillers = chance.below(5);
    let fillers = chance.some(&FILLERS, fillers);
    clauses.extend(fillers.into_iter().map(|filler| loosely(filler, chance)));
    let habits: Vec<&str> = incident.habits.iter().map(String::as_str).collect();
    clauses.extend(chance.some(&habits, 4).into_iter().map(str::to_owned));
    let all: Vec<&str> = clauses.iter().map(String::as_str).collect();
    let mut text = String::new();
    for clause in chance.some(&all, all.len()) {
        text.push_str(clause);
        text.push_str(chance.pick(&[",", ",", "。", "!"]));
    }
    (
        fill(&title, incident, chance),
        fill(&text, incident, chance),
    )
}

fn title(incident: &Incident, chance: &mut Chance) -> String {
    let told = &MATTERS[incident.matter];
    let subject = if chance.percent(85) {
        incident.subjects[chance.below(incident.subjects.len())]
    } else {
        chance.pick(told.subjects)
    };
    let detail = if chance.percent(60) {
        incident.details[chance.below(incident.details.len())].clone()
    } else {
        run(0, 3, chance)
    };
    let trouble = if chance.percent(45) {
        incident.trouble.to_owned()
    } else if chance.percent(60) {
        loosely(chance.pick(told.troubles), chance)
    } else {
        run(1, 6, chance)
    };
    let part = if chance.percent(25) {
        chance.pick(&PARTS)
    } else {
        ""
    };
    let place = if chance.percent(94) {
        place(incident, chance)
    } else {
        String::new()
    };
    let (head, tail) = (chance.pick(&TITLE_HEADS), chance.pick(&TITLE_TAILS));
    format!("{head}{place}{part}{detail}{subject}{trouble}{tail}")
}

/// The place's name, with its town or without, now and then misspelled.
fn place(incident: &Incident, chance: &mut Chance) -> String {
    let town = match chance.below(10) {
        0..5 => format!("{}{}", incident.town, chance.pick(&COUNTIES)),
        5 => incident.town.to_owned(),
        _ => String::new(),
    };
    format!("{town}{}", edit::slips(&incident.place, 2, chance))
}

fn fill(text: &str, incident: &Incident, chance: &mut Chance) -> String {
    let number = incident.numbers[chance.below(2)].to_string();
    text.replace("{f}", &incident.firm)
        .replace("{m}", &incident.name)
        .replace("{n}", &number)
}
