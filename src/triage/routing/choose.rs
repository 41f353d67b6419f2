//! From a unit to a person: recusals left out, the fewest open cases first.

use super::{Rules, UnitChoice};
use crate::triage::similarity::fold;
use crate::triage::staff::{Member, MemberId, Role};
use std::collections::HashMap;
use zeroize::Zeroizing;

/// Open cases of each member.
pub type Load = HashMap<MemberId, usize>;

/// Everything of a tip that a name could stand in, folded; in memory only.
#[derive(Clone, Default)]
pub struct Haystack {
    compact: Zeroizing<String>,
    words: Zeroizing<String>,
}

impl Haystack {
    /// Takes in a field.
    pub fn add(&mut self, text: &str) {
        self.compact.push_str(&fold(text));
        self.compact.push('\n');
        self.words.push_str(&text.to_lowercase());
        self.words.push('\n');
    }

    /// Whether `name` stands in it. A Latin name has to stand as words; a single character is no name.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        if name.chars().count() < 2 {
            return false;
        }
        if !name.is_ascii() {
            return self.compact.contains(fold(&name).as_str());
        }
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        self.words.match_indices(&name).any(|(at, found)| {
            edge(self.words[..at].chars().next_back())
                && edge(self.words[at + found.len()..].chars().next())
        })
    }
}

/// Whether a member may have nothing to do with a tip: it is about his school, or names him or his kin.
#[must_use]
pub fn is_recused(
    member: &Member,
    school: Option<&str>,
    haystack: &Haystack,
    rules: &Rules,
) -> bool {
    let own_name = std::iter::once(&member.name);
    let by_school = member.recused_schools.iter().any(|id| {
        school == Some(id.as_str())
            || rules.school_by_id(id).is_some_and(|school| {
                // Short aliases (三中) stand inside other words too often to say anything about a long text.
                let long = school.alias.iter().filter(|a| a.chars().count() >= 4);
                long.chain([&school.name]).any(|name| haystack.names(name))
            })
    });
    by_school
        || member
            .recused_names
            .iter()
            .chain(own_name)
            .any(|name| haystack.names(name))
}

/// A handler, if there is anyone, and the reasons.
#[derive(Clone, Debug)]
pub struct Routed {
    /// Who.
    pub handler: Option<MemberId>,
    /// Why, step by step, in Chinese and English.
    pub reasons: Vec<(String, String)>,
}

/// Chooses who gets a tip that goes to `choice.unit`. `mate` is the handler of a case with the same text, with its
/// number.
#[must_use]
pub fn choose_handler(
    choice: &UnitChoice,
    members: &[Member],
    load: &Load,
    recused: impl Fn(&Member) -> bool,
    mate: Option<(MemberId, &str)>,
) -> Routed {
    let mut reasons = vec![choice.reason.clone()];
    let working = |member: &&Member| member.is_reader() && member.role == Role::Investigator;
    if let Some((id, number)) = mate {
        let mate = members.iter().filter(working).find(|m| m.id == id);
        if let Some(mate) = mate.filter(|member| !recused(member)) {
            reasons.push((
                format!("文字与{number}号相同，由同一承办人办理。"),
                format!("The text is the same as that of {number}, so the same person handles it."),
            ));
            return Routed {
                handler: Some(mate.id),
                reasons,
            };
        }
    }
    let of_unit = |member: &&Member| member.unit.as_deref() == Some(choice.unit.as_str());
    let (left_out, free): (Vec<_>, Vec<_>) = members
        .iter()
        .filter(working)
        .filter(of_unit)
        .partition(|member| recused(member));
    if !left_out.is_empty() {
        let count = left_out.len();
        reasons.push((
            format!("科室内有{count}人按回避规定不参与。"),
            format!("{count} in the unit are left out because of recusal."),
        ));
    }
    if let Some(member) = least_loaded(&free, load) {
        reasons.push((
            "科室内在办件最少的承办人。".to_owned(),
            "The person in the unit with the fewest open cases.".to_owned(),
        ));
        return Routed {
            handler: Some(member.id),
            reasons,
        };
    }
    let dispatchers: Vec<_> = members
        .iter()
        .filter(|m| m.is_reader() && m.role == Role::Dispatcher && !recused(m))
        .collect();
    let handler = least_loaded(&dispatchers, load).map(|member| member.id);
    reasons.push(if handler.is_some() {
        (
            "科室内没有可承办的人，交分派人。".to_owned(),
            "Nobody in the unit can handle it, so it goes to the dispatcher.".to_owned(),
        )
    } else {
        (
            "没有可承办的人，等待指定。".to_owned(),
            "Nobody can handle it yet; someone has to be named.".to_owned(),
        )
    });
    Routed { handler, reasons }
}

fn least_loaded<'a>(members: &[&'a Member], load: &Load) -> Option<&'a Member> {
    members
        .iter()
        .min_by_key(|member| (load.get(&member.id).copied().unwrap_or(0), member.id))
        .copied()
}
