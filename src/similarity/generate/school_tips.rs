//! Parents' tips about invented schools, with what makes them hard: other teachers of one school, other wrongs of one
//! teacher, one name at two schools, form letters, floods, English.

use super::words::{
    ACTS, CHARGING, CLOSINGS, ENGLISH, FEEDING, FORMS, FORWARDS, GIFTING, GIFTS, GIVEN, GRADES,
    HURTING, KINDS, OPENINGS, SUBJECTS, SURNAMES, TOWNS, TUTORING, VENUES, VENUES_EN,
};
use super::{Chance, MINUTES_A_DAY, MadeSchool, MadeTip, Pile, edit};

/// What happened.
#[derive(Clone)]
struct Incident {
    number: u32,
    school: usize,
    name: String,
    offence: usize,
    sum: usize,
    grade: &'static str,
    subject: &'static str,
    venue: &'static str,
    venue_en: &'static str,
    gift: &'static str,
    act: &'static str,
    first_minute: i64,
}

const OFFENCES: [(&str, &[&str]); 5] = [
    ("有偿补课", &TUTORING),
    ("收受礼品", &GIFTING),
    ("违规收费", &CHARGING),
    ("体罚学生", &HURTING),
    ("食堂问题", &FEEDING),
];
const SUMS: [usize; 16] = [
    60, 90, 150, 180, 240, 280, 360, 450, 550, 680, 900, 1300, 1600, 2200, 2800, 3600,
];
/// Days over which incidents begin, for each hundred of them.
const DAYS_PER_HUNDRED: usize = 75;
/// Incidents of which one is a flood.
const FLOOD_EVERY: usize = 70;

/// `incidents` incidents at invented schools: the tips in order of arrival, and the school list.
#[must_use]
pub fn school_tips(seed: u64, incidents: usize) -> (Vec<MadeTip>, Vec<MadeSchool>) {
    let mut chance = Chance::new(seed);
    let schools = schools(&mut chance);
    let mut pile = Pile::default();
    let mut before: Vec<Incident> = Vec::new();
    let days = incidents * DAYS_PER_HUNDRED / 100 + 30;
    for number in 0..incidents {
        let incident = incident(number, days, &schools, &before, &mut chance);
        if number % FLOOD_EVERY == FLOOD_EVERY / 2 {
            flood(&incident, &schools, &mut pile, &mut chance);
        } else {
            accounts(&incident, &schools, &mut pile, &mut chance);
        }
        before.push(incident);
    }
    (pile.in_order(), schools)
}

fn schools(chance: &mut Chance) -> Vec<MadeSchool> {
    let mut schools = Vec::new();
    for (index, town) in TOWNS.iter().enumerate() {
        for (kind, short) in [KINDS[index % 5], KINDS[(index + 2) % 5]] {
            let alias = short.iter().map(|short| format!("{town}{short}")).collect();
            let staff = (0..10).map(|_| person(chance)).collect();
            schools.push(MadeSchool {
                full: format!("{town}{kind}"),
                alias,
                staff,
            });
        }
    }
    schools
}

fn person(chance: &mut Chance) -> String {
    let mut name = String::from(chance.letter(SURNAMES));
    for _ in 0..chance.within(1, 3) {
        name.push(chance.letter(GIVEN));
    }
    name
}

fn minutes(days: usize) -> i64 {
    i64::try_from(days).unwrap_or(0) * MINUTES_A_DAY
}

/// Some begin where an earlier one was: another teacher of the school, another wrong of the teacher, or a namesake.
fn incident(
    number: usize,
    days: usize,
    schools: &[MadeSchool],
    before: &[Incident],
    chance: &mut Chance,
) -> Incident {
    let school = chance.below(schools.len());
    let mut new = Incident {
        number: u32::try_from(number).unwrap_or(0),
        school,
        name: schools[school].staff[chance.below(10)].clone(),
        offence: [0, 0, 1, 1, 2, 3, 4][chance.below(7)],
        sum: SUMS[chance.below(SUMS.len())],
        grade: chance.pick(&GRADES),
        subject: chance.pick(&SUBJECTS),
        venue: chance.pick(&VENUES),
        venue_en: chance.pick(&VENUES_EN),
        gift: chance.pick(&GIFTS),
        act: chance.pick(&ACTS),
        first_minute: minutes(chance.below(days)) + minutes(1) / 3,
    };
    if before.is_empty() || !chance.percent(45) {
        return new;
    }
    let other = &before[chance.below(before.len())];
    let soon = other.first_minute + minutes(chance.within(1, 60));
    match chance.below(3) {
        0 => {
            (new.school, new.offence, new.first_minute) = (other.school, other.offence, soon);
            new.name
                .clone_from(&schools[other.school].staff[chance.below(10)]);
        }
        1 => {
            (new.school, new.first_minute) = (other.school, soon);
            new.name.clone_from(&other.name);
            new.offence = (other.offence + 1 + chance.below(4)) % 5;
            (new.subject, new.grade) = (other.subject, other.grade);
        }
        _ => new.name.clone_from(&other.name),
    }
    new
}

fn accounts(incident: &Incident, schools: &[MadeSchool], pile: &mut Pile, chance: &mut Chance) {
    let count = [1, 1, 1, 2, 2, 3, 3, 4, 5, 6][chance.below(10)];
    let mut minute = incident.first_minute;
    let mut last = String::new();
    for index in 0..count {
        let (kind, lang, text) = match chance.below(100) {
            0..12 => ("form", "zh", form(incident, schools, chance)),
            12..24 => ("english", "en", english(incident, schools, chance)),
            24..40 if index > 0 => ("edited", "zh", edited(&last, chance)),
            40..45 if index > 0 => ("copy", "zh", last.clone()),
            _ => ("para", "zh", account(incident, schools, chance)),
        };
        if lang == "zh" && kind != "form" {
            last.clone_from(&text);
        }
        if last.is_empty() {
            last = account(incident, schools, chance);
        }
        pile.put(minute, tip(incident, text, kind, lang, None));
        minute += minutes([0, 0, 1, 2, 3, 6, 10, 18, 30][chance.below(9)])
            + i64::try_from(chance.within(20, 900)).unwrap_or(0);
    }
}

fn tip(
    incident: &Incident,
    text: String,
    kind: &'static str,
    lang: &'static str,
    campaign: Option<u32>,
) -> MadeTip {
    let (tip, submitted, title) = (String::new(), String::new(), String::new());
    MadeTip {
        tip,
        submitted,
        title,
        text,
        incident: incident.number,
        campaign,
        kind,
        lang,
    }
}

fn flood(incident: &Incident, schools: &[MadeSchool], pile: &mut Pile, chance: &mut Chance) {
    let text = format!(
        "{}{}",
        account(incident, schools, chance),
        account(incident, schools, chance)
    );
    let count = chance.within(14, 42);
    for _ in 0..count {
        let minute = incident.first_minute + i64::try_from(chance.below(5 * 1440)).unwrap_or(0);
        let slips = chance.below(3);
        let mut copy = format!(
            "{}{}",
            chance.pick(&FORWARDS),
            edit::slips(&text, slips, chance)
        );
        if chance.percent(30) {
            copy.push_str(chance.pick(&CLOSINGS));
        }
        pile.put(
            minute,
            tip(incident, copy, "campaign", "zh", Some(incident.number)),
        );
    }
}

fn edited(text: &str, chance: &mut Chance) -> String {
    let slipped = edit::slips(text, 3, chance);
    match chance.below(4) {
        0 => edit::phone(&slipped, chance),
        1 => edit::traditional(&slipped),
        2 => edit::wide(&slipped),
        _ => slipped,
    }
}

fn account(incident: &Incident, schools: &[MadeSchool], chance: &mut Chance) -> String {
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

fn form(incident: &Incident, schools: &[MadeSchool], chance: &mut Chance) -> String {
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

fn english(incident: &Incident, schools: &[MadeSchool], chance: &mut Chance) -> String {
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
    let day = super::time(incident.first_minute - MINUTES_A_DAY);
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
