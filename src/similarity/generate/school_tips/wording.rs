//! How parents put what happened at an invented school: an account, a form, in English, or another's text with slips.

use super::Incident;
use crate::generate::words::{
    CHARGING, CLOSINGS, ENGLISH, FEEDING, FORMS, GIFTING, HURTING, OPENINGS, TUTORING,
};
use crate::generate::{Chance, MINUTES_A_DAY, MadeSchool, edit, time};

const OFFENCES: [(&str, &[&str]); 5] = [
    ("有偿补课", &TUTORING),
    ("收受礼品", &GIFTING),
    ("违规收费", &CHARGING),
    ("体罚学生", &HURTING),
    ("食堂问题", &FEEDING),
];

pub(super) fn edited(text: &str, chance: &mut Chance) -> String {
    let slipped = edit::slips(text, 3, chance);
    match chance.below(4) {
        0 => edit::phone(&slipped, chance),
        1 => edit::traditional(&slipped),
        2 => edit::wide(&slipped),
        _ => slipped,
    }
}

pub(super) fn account(incident: &Incident, schools: &[MadeSchool], chance: &mut Chance) -> String {
    let mut text = String::new();
    let opening = chance.pick(&OPENINGS);
    text.push_str(opening);
    if !opening.contains("{school}") {
        text.push_str(chance.pick(&[
            "{school}的事:",
            "说的是{school},",
            "{school},",
            "我孩子在{school},",
        ]));
    }
    let count = chance.within(1, 4);
    for line in chance.some(OFFENCES[incident.offence].1, count) {
        text.push_str(line);
        text.push_str(chance.pick(&["。", "。", ",", "!"]));
    }
    let count = chance.below(3);
    for line in chance.some(&CLOSINGS, count) {
        text.push_str(line);
    }
    filled(&text, incident, schools, chance)
}

pub(super) fn form(incident: &Incident, schools: &[MadeSchool], chance: &mut Chance) -> String {
    let (what, lines) = OFFENCES[incident.offence];
    let form = chance
        .pick(&FORMS)
        .replace("{what}", what)
        .replace("{line}", chance.pick(lines));
    let form = form
        .replace("{who}", &incident.name)
        .replace("{school}", &schools[incident.school].full);
    filled(&form, incident, schools, chance)
}

pub(super) fn english(incident: &Incident, schools: &[MadeSchool], chance: &mut Chance) -> String {
    let text = chance.pick(ENGLISH[incident.offence].1);
    let more = chance.pick(&[
        "",
        " Please look into it.",
        " Please keep my name out of it.",
        " It has gone on for months.",
    ]);
    filled(&format!("{text}{more}"), incident, schools, chance)
}

/// Fills the slots; each mention may be put another way.
fn filled(text: &str, incident: &Incident, schools: &[MadeSchool], chance: &mut Chance) -> String {
    let school = &schools[incident.school];
    let short = &school.alias[chance.below(school.alias.len())];
    let school = if chance.percent(40) {
        &school.full
    } else {
        short
    };
    let surname: String = incident.name.chars().take(1).collect();
    let who = match chance.below(6) {
        0 | 1 => incident.name.clone(),
        2 => format!("{surname}某某"),
        3 => format!("教{}的{surname}老师", incident.subject),
        _ => format!("{surname}老师"),
    };
    text.replace("{school}", school)
        .replace("{name}", &incident.name)
        .replace("{who}", &who)
        .replace("{grade}", incident.grade)
        .replace("{venue}", incident.venue)
        .replace("{venue_en}", incident.venue_en)
        .replace("{gift}", incident.gift)
        .replace("{act}", incident.act)
        .replace("{when}", &when(incident, chance))
        .replace("{num}", &incident.sum.to_string())
        .replace("{sum}", &sum(incident.sum, chance))
}

fn when(incident: &Incident, chance: &mut Chance) -> String {
    let day = time(incident.first_minute - MINUTES_A_DAY);
    let part = |range: std::ops::Range<usize>| {
        day.get(range)
            .unwrap_or("1")
            .trim_start_matches('0')
            .to_owned()
    };
    match chance.below(4) {
        0 => format!("{}月{}号", part(5..7), part(8..10)),
        1 => "周末".to_owned(),
        2 => "放学后".to_owned(),
        _ => "上个星期".to_owned(),
    }
}

fn sum(sum: usize, chance: &mut Chance) -> String {
    match chance.below(7) {
        0 if sum >= 1000 => format!("{}千多块", ["", "一", "两", "三"][sum / 1000]),
        0 => "几百块".to_owned(),
        1 => "不少钱".to_owned(),
        2 => format!("{sum}块"),
        3 if sum.is_multiple_of(1000) => format!("{}k", sum / 1000),
        _ => format!("{sum}元"),
    }
}
