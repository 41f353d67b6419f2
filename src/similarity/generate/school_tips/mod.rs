//! Parents' tips about invented schools, with what makes them hard: other teachers of one school, other wrongs of one
//! teacher, one name at two schools, form letters, floods, English.

mod wording;

use crate::generate::words::{
    ACTS, CLOSINGS, FORWARDS, GIFTS, GIVEN, GRADES, KINDS, SUBJECTS, SURNAMES, TOWNS, VENUES,
    VENUES_EN,
};
use crate::generate::{Chance, MINUTES_A_DAY, MadeSchool, MadeTip, Pile, edit};
use wording::{account, edited, english, form};

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
