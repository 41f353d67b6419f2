//! Who has to do with a tip: by the schools, names and offices of an account, made ready once.

use super::{NameSearchText, Person, Rules};
use crate::model::Member;
use mifeng_foundation::clock::Day;
use mifeng_names::{Found, Matcher, letters_of};

/// Fewest letters of a school's short form that is looked for in a text: 三中 stands inside other words too often.
const ALIAS_MIN_CHARS: usize = 4;

/// What a member may have nothing to do with.
pub struct Recusal {
    /// Her schools, with the names that are looked for.
    schools: Vec<(String, Vec<Vec<char>>)>,
    matcher: Matcher,
}

impl Recusal {
    /// Makes ready what an account and the rules say.
    #[must_use]
    pub fn of(member: &Member, rules: &Rules) -> Self {
        let schools = member.recused_schools.iter().map(|id| {
            let school = rules.school_by_id(id);
            let long = school.into_iter().flat_map(|school| {
                let alias = school.alias.iter();
                let long = alias.filter(|alias| alias.chars().count() >= ALIAS_MIN_CHARS);
                long.chain([&school.name]).map(|name| letters_of(name))
            });
            (id.clone(), long.collect())
        });
        Self {
            schools: schools.collect(),
            matcher: Matcher::new(&person(member, rules)),
        }
    }

    /// Whether a tip is about one of her schools: `school` is the one that was chosen.
    #[must_use]
    pub fn is_of_school(&self, school: Option<&str>, text: &NameSearchText) -> bool {
        let mut schools = self.schools.iter();
        schools.any(|(id, names)| {
            school == Some(id.as_str()) || names.iter().any(|name| text.has(name))
        })
    }

    /// What a tip that came on `day` says of her, her kin and her unit's head.
    #[must_use]
    pub fn find(&self, text: &NameSearchText, day: Day) -> Found {
        self.matcher.find(text, day)
    }
}

/// A member as names are looked for.
fn person(member: &Member, rules: &Rules) -> mifeng_names::Person {
    let unit = member.unit.as_ref().and_then(|unit| rules.unit(unit));
    let head = unit.and_then(|unit| unit.head.as_ref());
    let schools = member.recused_schools.iter();
    let schools = schools.filter_map(|id| rules.school_by_id(id));
    let schools = schools.flat_map(|school| school.alias.iter().chain([&school.name]));
    let own = std::iter::once(&member.name).chain(&member.recused_names);
    mifeng_names::Person {
        names: own
            .map(String::as_str)
            .chain(rules.called(&member.name))
            .map(str::to_owned)
            .collect(),
        exact_names: head
            .into_iter()
            .flat_map(Person::names)
            .map(str::to_owned)
            .collect(),
        titles: member
            .titles
            .iter()
            .chain(rules.titles_of(&member.name))
            .cloned()
            .collect(),
        agreeing: unit
            .map(|unit| unit.name_zh.clone())
            .into_iter()
            .chain(schools.cloned())
            .collect(),
    }
}

/// Whether what was typed as the subject of a tip that came on `day` may be a person, in whatever way he is called.
#[must_use]
pub fn is_about(person: &Person, subject: &NameSearchText, day: Day) -> mifeng_names::Answer {
    let person = mifeng_names::Person {
        names: person.names().map(str::to_owned).collect(),
        titles: person.title.clone(),
        ..mifeng_names::Person::default()
    };
    Matcher::new(&person)
        .find(subject, day)
        .answer(&std::collections::BTreeSet::new())
}
