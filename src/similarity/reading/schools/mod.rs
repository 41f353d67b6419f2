//! The office's schools, and how parents shorten their names.

mod short_forms;

use mifeng_names::{Folded, fold};
use serde::Deserialize;
use short_forms::add_usual_short_forms;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A school of the list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchoolEntry {
    /// What the office calls it elsewhere; the full name where the list has no ids.
    #[serde(default)]
    pub id: String,
    /// Full name.
    pub full: String,
    /// Short forms in use.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Names of its teachers, where the office keeps a roster.
    #[serde(default)]
    pub staff: Vec<String>,
    /// The county or town it lies in, where the full name does not say so.
    #[serde(default)]
    pub place: Option<String>,
}

/// A school list that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchoolsError {
    /// Not the JSON of a school list.
    #[error("the school list is not well formed: {0}")]
    Malformed(#[from] serde_json::Error),
    /// One name for two schools: a tip that uses it would be about either.
    #[error("\"{alias}\" stands for both \"{first}\" and \"{second}\" in the school list")]
    Clash {
        /// The name.
        alias: String,
        /// One school.
        first: String,
        /// The other.
        second: String,
    },
    /// A school without a name.
    #[error("a school in the list has no name")]
    Nameless,
}

/// A checked school list.
#[derive(Clone, Debug, Default)]
pub struct Schools {
    entries: Vec<School>,
    /// Names by their first character, the longest first.
    names: HashMap<char, Vec<(Vec<char>, usize)>>,
    /// Counties and towns that the list itself speaks of.
    places: HashSet<String>,
    roster: HashMap<char, Vec<(Vec<char>, usize)>>,
}

#[derive(Clone, Debug)]
struct School {
    id: String,
    full: String,
}

/// A name of the list, found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Which school.
    pub school: usize,
    /// First character.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// Whether another school has this name too.
    pub is_shared: bool,
}

impl Schools {
    /// Checks a list in which no two schools may share a name.
    ///
    /// # Errors
    /// [`SchoolsError::Clash`] names both schools that share a name.
    pub fn new(list: Vec<SchoolEntry>) -> Result<Self, SchoolsError> {
        let (schools, clashes) = Self::with_clashes(list)?;
        clashes.into_iter().next().map_or(Ok(schools), Err)
    }

    /// Takes a list in which schools may share an alias, as lists kept by hand do, and says which: a tip that uses
    /// such an alias is about either, until a teacher it names tells them apart.
    ///
    /// # Errors
    /// [`SchoolsError::Clash`] where two schools have one full name, [`SchoolsError::Nameless`].
    pub fn with_clashes(list: Vec<SchoolEntry>) -> Result<(Self, Vec<SchoolsError>), SchoolsError> {
        let mut owners: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, entry) in list.iter().enumerate() {
            for name in entry.alias.iter().chain([&entry.full]) {
                let folded = fold(name).to_string();
                if folded.chars().count() < 2 {
                    return Err(SchoolsError::Nameless);
                }
                let owners = owners.entry(folded).or_default();
                if !owners.contains(&index) {
                    owners.push(index);
                }
            }
        }
        let clash = |name: &str, schools: &[usize]| SchoolsError::Clash {
            alias: name.to_owned(),
            first: list[schools[0]].full.clone(),
            second: list[schools[1]].full.clone(),
        };
        let shared = owners.iter().filter(|(_, schools)| schools.len() > 1);
        let clashes: Vec<_> = shared.map(|(name, schools)| clash(name, schools)).collect();
        let has_one_full_name = |error: &SchoolsError| matches!(error, SchoolsError::Clash { first, second, .. } if fold(first) == fold(second));
        let mut clashes = clashes;
        if let Some(at) = clashes.iter().position(has_one_full_name) {
            return Err(clashes.swap_remove(at));
        }
        Ok((Self::of_checked(list, owners), clashes))
    }

    fn of_checked(list: Vec<SchoolEntry>, mut owners: BTreeMap<String, Vec<usize>>) -> Self {
        let mut made = Self::default();
        add_usual_short_forms(&list, &mut owners);
        for (name, schools) in owners {
            for index in schools {
                push(&mut made.names, &name, index);
            }
        }
        for (index, entry) in list.into_iter().enumerate() {
            made.places
                .extend(entry.place.map(|place| fold(&place).to_string()));
            made.places
                .extend(place_of(&fold(&entry.full)).map(str::to_owned));
            for name in &entry.staff {
                push(&mut made.roster, &fold(name), index);
            }
            let id = if entry.id.is_empty() {
                entry.full.clone()
            } else {
                entry.id
            };
            made.entries.push(School {
                id,
                full: entry.full,
            });
        }
        for names in made.names.values_mut().chain(made.roster.values_mut()) {
            names.sort_by(|a, b| (b.0.len(), &a.0, a.1).cmp(&(a.0.len(), &b.0, b.1)));
        }
        made
    }

    /// Reads the JSON form: `[{"full", "alias": [], "staff": []}]`.
    ///
    /// # Errors
    /// [`SchoolsError`].
    pub fn from_json(text: &str) -> Result<Self, SchoolsError> {
        Self::new(serde_json::from_str(text)?)
    }

    /// The same for a list in which schools may share an alias; says which.
    ///
    /// # Errors
    /// [`SchoolsError`].
    pub fn from_json_with_clashes(text: &str) -> Result<(Self, Vec<SchoolsError>), SchoolsError> {
        Self::with_clashes(serde_json::from_str(text)?)
    }

    /// The id of a school.
    #[must_use]
    pub(super) fn id(&self, index: usize) -> &str {
        &self.entries[index].id
    }

    /// Ids and full names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|school| (school.id.as_str(), school.full.as_str()))
    }

    /// Whether the list speaks of this county or town.
    pub(super) fn knows_place(&self, place: &str) -> bool {
        self.places.contains(place)
    }

    /// Every school name in a text, the longest at each place, none inside another.
    pub(super) fn find(&self, text: &Folded) -> Vec<Found> {
        find(&self.names, text)
    }

    /// Every roster name in a text.
    pub(super) fn find_staff(&self, text: &Folded) -> Vec<Found> {
        find(&self.roster, text)
    }
}

fn push(names: &mut HashMap<char, Vec<(Vec<char>, usize)>>, name: &str, index: usize) {
    let chars: Vec<char> = name.chars().collect();
    if let Some(first) = chars.first() {
        names.entry(*first).or_default().push((chars, index));
    }
}

fn find(names: &HashMap<char, Vec<(Vec<char>, usize)>>, text: &Folded) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text.chars.get(at) {
        let here: Vec<_> = names
            .get(c)
            .into_iter()
            .flatten()
            .filter(|(name, _)| text.chars[at..].starts_with(name))
            .collect();
        let length = here.first().map_or(0, |(name, _)| name.len());
        // The longest come first; several of one length are one name that several share.
        let longest: Vec<_> = here
            .into_iter()
            .take_while(|(name, _)| name.len() == length)
            .collect();
        found.extend(longest.iter().map(|(_, school)| Found {
            school: *school,
            from: at,
            to: at + length,
            is_shared: longest.len() > 1,
        }));
        at += length.max(1);
    }
    found
}

/// Up to and with the county or town a name begins with: 柳河镇 of 柳河镇中心小学.
pub(super) fn place_of(name: &str) -> Option<&str> {
    let (at, c) = name
        .char_indices()
        .take(6)
        .find(|(at, c)| *at > 0 && matches!(c, '县' | '市' | '区' | '镇' | '乡'))?;
    Some(&name[..at + c.len_utf8()])
}
