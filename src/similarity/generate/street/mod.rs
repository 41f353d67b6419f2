//! Citizens' messages about invented estates, roads and firms, where no list knows the names: short and long, with a
//! title, many about one place and each about another matter, some by people who write about everything.

mod wording;

use crate::generate::matters::{FILLERS, MATTERS};
use crate::generate::words::{GIVEN, SURNAMES, TOWNS};
use crate::generate::{Chance, MINUTES_A_DAY, MadeTip, Pile, edit};
use wording::{habit, loosely, message, run};

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
