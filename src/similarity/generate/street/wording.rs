//! How citizens put what happened at an invented place: titles, clauses told loosely, particulars, turns of phrase.

use super::Incident;
use crate::generate::matters::{FILLERS, MATTERS, TITLE_HEADS, TITLE_TAILS};
use crate::generate::{Chance, edit};

const COUNTIES: [&str; 4] = ["区", "县", "市", "镇"];

const PARTS: [&str; 10] = [
    "二期", "一期", "南门", "北边", "3栋", "门口", "附近", "旁边", "业主", "里面",
];

/// Characters that seldom stand together: the particulars that real accounts are full of.
pub(super) fn run(from: usize, to: usize, chance: &mut Chance) -> String {
    (0..chance.within(from, to))
        .map(|_| chance.letter(COMMON))
        .collect()
}

/// A turn of phrase.
pub(super) fn habit(chance: &mut Chance) -> String {
    run(6, 14, chance)
}

/// The same said in other words: two characters at a time are kept or not; slots stay, to be filled later.
pub(super) fn loosely(clause: &str, chance: &mut Chance) -> String {
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

pub(super) fn message(incident: &Incident, chance: &mut Chance) -> (String, String) {
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
