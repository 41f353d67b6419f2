//! What rules read out of one tip: no model, no download. Everything here is in memory only.

mod contacts;
mod dates;
mod grades;
mod matters;
mod numbers;
mod offence;
mod offence_words;
mod people;
mod places;
mod school;
mod schools;
mod sums;
mod surnames;
mod things;
mod words;

pub use dates::When;
pub use numbers::Amount;
pub use offence::{Offence, Offences};
pub use people::People;
pub(super) use places::core;
pub use school::SchoolRead;
pub use schools::{SchoolEntry, Schools, SchoolsError};
pub use things::{GIFTS, VENUES};
pub use words::{Gram, Sentence};

use mifeng_foundation::clock::Day;
use mifeng_names::{Folded, is_han};
use mifeng_sealing::tip::{Category, TipDocument};
use std::fmt;

/// What is compared of a tip, as it was typed.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    /// What the reporter chose.
    pub category: Option<Category>,
    /// School or body; may be empty.
    pub school: &'a str,
    /// Who it is about; may be empty.
    pub subject: &'a str,
    /// When it happened; may be empty.
    pub when: &'a str,
    /// A title, where the channel has one; may be empty.
    pub title: &'a str,
    /// The account.
    pub text: &'a str,
    /// The day it came.
    pub day: Day,
}

impl<'a> Fields<'a> {
    /// An account, and no field filled in.
    #[must_use]
    pub fn of_account(text: &'a str, day: Day) -> Self {
        Self {
            category: None,
            school: "",
            subject: "",
            when: "",
            title: "",
            text,
            day,
        }
    }
}

impl<'a> From<&'a TipDocument> for Fields<'a> {
    fn from(tip: &'a TipDocument) -> Self {
        Self {
            category: Some(tip.category),
            school: &tip.school,
            subject: &tip.subject,
            when: &tip.when,
            title: "",
            text: &tip.text,
            day: tip.received_day,
        }
    }
}

/// The script an account is mostly written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Chinese characters.
    Chinese,
    /// Latin letters.
    Latin,
    /// Both in like measure, or neither.
    Mixed,
}

/// What was read out of one tip. Holds the tip's text; wiped when dropped.
pub struct Reading {
    /// The day it came.
    pub day: Day,
    /// How it is written.
    pub script: Script,
    /// The account, folded. Ranges of [`Self::sentences`] and [`Self::grams`] are characters of it.
    pub text: Folded,
    /// Schools, the one it is about first.
    pub schools: Vec<SchoolRead>,
    /// Persons.
    pub people: People,
    /// Contacts, each in one spelling.
    pub contacts: Vec<String>,
    /// Sums.
    pub sums: Vec<Amount>,
    /// Times.
    pub when: When,
    /// Grades and classes: grade × 64 + class.
    pub grades: Vec<u16>,
    /// Venues and gifts, one bit each.
    pub things: u32,
    /// Kinds of wrong.
    pub offences: Offences,
    /// Bodies and places of no list.
    pub places: Vec<String>,
    /// Those of the title and the fields.
    pub headline_places: Vec<String>,
    /// Kinds of matter that citizens write about, one bit each.
    pub matters: u32,
    /// Those of the title.
    pub headline_matters: u32,
    /// Clauses of the account.
    pub sentences: Vec<Sentence>,
    /// Grams of the account.
    pub grams: Vec<Gram>,
    /// Grams of the title and the fields: said in few words, so each counts for more.
    pub headline: Vec<Gram>,
}

impl Reading {
    /// Reads a tip.
    #[must_use]
    pub fn of(fields: &Fields<'_>, schools: &Schools) -> Self {
        let text = Folded::of(fields.text);
        let [title, school, subject, when] =
            [fields.title, fields.school, fields.subject, fields.when].map(Folded::of);
        let sources = [&school, &title, &subject, &when, &text];
        let mut people = People::default();
        let (mut contacts, mut sums, mut grades, mut places) = (vec![], vec![], vec![], vec![]);
        let mut times = When::default();
        for source in sources {
            let numbers = numbers::read(source);
            people::read(
                source,
                schools,
                std::ptr::eq(source, &raw const subject),
                &mut people,
            );
            contacts.extend(contacts::read(source));
            sums.extend(sums::read(source, &numbers));
            grades.extend(grades::read(source, &numbers));
            places.extend(places::read(source));
            let read = dates::read(source, &numbers, fields.day);
            times.seasons |= read.seasons;
            times.days.extend(read.days);
        }
        times.days.sort_unstable();
        times.days.dedup();
        let places = set(places);
        let headline = [&title, &school, &subject];
        let headline_matters = matters::read(&title);
        Self {
            day: fields.day,
            script: script(&text),
            schools: school::read(&school, &[&title, &text], schools, &places),
            people,
            contacts: set(contacts),
            sums: set(sums),
            when: times,
            grades: set(grades),
            things: things::read(&title) | things::read(&text),
            offences: offence::read(fields.category, &[&title, &text]),
            places,
            headline_places: set(headline.into_iter().flat_map(places::read).collect()),
            matters: headline_matters | matters::read(&text),
            headline_matters,
            sentences: words::sentences(&text),
            grams: words::grams(&text),
            headline: headline.into_iter().flat_map(words::grams).collect(),
            text,
        }
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reading(..)")
    }
}

fn set<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}

fn script(text: &Folded) -> Script {
    let han = text.chars.iter().filter(|c| is_han(**c)).count();
    let latin = text
        .chars
        .iter()
        .filter(|c| c.is_ascii_alphabetic())
        .count();
    // A word of Latin letters has about five of them.
    match (han * 5 > latin * 2, latin > han * 2) {
        (true, false) => Script::Chinese,
        (false, true) => Script::Latin,
        _ => Script::Mixed,
    }
}
