//! From a unit to a person: recusals and leave left out, who knows such tips first, then the fewest open cases.

use super::UnitChoice;
use crate::model::{Member, MemberId, Role};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::Category;
use std::collections::HashMap;

/// Open cases of each member.
pub type Load = HashMap<MemberId, usize>;

/// Whether a member can be given a case, and why not. Nothing of it says what a recusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// She can.
    Free {
        /// Whether she knows such tips best.
        skilled: bool,
    },
    /// She has to do with it.
    Recused,
    /// She is away until this day.
    Away(Day),
}

impl Standing {
    /// Whether she can be given it.
    #[must_use]
    pub fn is_free(self) -> bool {
        matches!(self, Self::Free { .. })
    }

    /// The end of the key of the words that say it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Free { skilled: true } => "skilled",
            Self::Free { skilled: false } => "free",
            Self::Recused => "recused",
            Self::Away(_) => "away",
        }
    }
}

/// A tip, as far as it decides who may handle it.
pub struct Matter<'a> {
    /// What it is about.
    pub category: Category,
    /// Today: whoever is away is given nothing.
    pub today: Day,
    /// Who has to do with it.
    pub recused: &'a dyn Fn(&Member) -> bool,
}

impl Matter<'_> {
    /// Whether `member` can be given it, as far as the member is one who [works on cases](works).
    #[must_use]
    pub fn standing(&self, member: &Member) -> Standing {
        if (self.recused)(member) {
            return Standing::Recused;
        }
        let skilled = member.skills.contains(&self.category);
        let away = member.away_until(self.today);
        away.map_or(Standing::Free { skilled }, Standing::Away)
    }

    /// Of those who are free, who knows such tips best, then who has the fewest open cases.
    fn first<'a>(
        &self,
        members: impl Iterator<Item = &'a Member>,
        load: &Load,
    ) -> Option<(&'a Member, bool)> {
        let free = members.filter_map(|member| match self.standing(member) {
            Standing::Free { skilled } => Some((member, skilled)),
            Standing::Recused | Standing::Away(_) => None,
        });
        free.min_by_key(|(member, skilled)| {
            let open = load.get(&member.id).copied().unwrap_or(0);
            (!skilled, open, member.id)
        })
    }
}

/// Whether a member handles cases at all.
#[must_use]
pub fn works(member: &Member) -> bool {
    member.is_reader() && matches!(member.role, Role::Investigator | Role::Dispatcher)
}

/// A handler, if there is anyone, and the reasons.
#[derive(Clone, Debug)]
pub struct Routed {
    /// Who.
    pub handler: Option<MemberId>,
    /// Why, step by step, in Chinese and English.
    pub reasons: Vec<(String, String)>,
    /// Whether it goes to whoever handles the case with the same text.
    pub with_mate: bool,
}

/// Chooses who gets a tip that goes to `choice.unit`. `mate` is the handler of a case with the same text. The reasons name no
/// case: who may read of the one may not read of the other.
#[must_use]
pub fn choose_handler(
    choice: &UnitChoice,
    members: &[Member],
    load: &Load,
    matter: &Matter<'_>,
    mate: Option<MemberId>,
) -> Routed {
    let mut reasons = vec![choice.reason.clone()];
    let investigates = |member: &&Member| works(member) && member.role == Role::Investigator;
    if let Some(id) = mate {
        let mate = members.iter().filter(investigates).find(|m| m.id == id);
        if let Some(mate) = mate.filter(|member| matter.standing(member).is_free()) {
            return Routed {
                handler: Some(mate.id),
                reasons,
                with_mate: true,
            };
        }
    }
    let of_unit = |member: &&Member| member.unit.as_deref() == Some(choice.unit.as_str());
    let unit = || members.iter().filter(investigates).filter(of_unit);
    reasons.extend(left_out(unit(), matter));
    if let Some((member, skilled)) = matter.first(unit(), load) {
        reasons.push(if skilled {
            (
                "科室内熟悉这类问题的人中，在办件最少的承办人。".to_owned(),
                "Of those in the unit who know such tips best, the person with the fewest open cases."
                    .to_owned(),
            )
        } else {
            (
                "科室内在办件最少的承办人。".to_owned(),
                "The person in the unit with the fewest open cases.".to_owned(),
            )
        });
        return Routed {
            handler: Some(member.id),
            reasons,
            with_mate: false,
        };
    }
    let dispatchers = members
        .iter()
        .filter(|member| works(member) && member.role == Role::Dispatcher);
    let handler = matter.first(dispatchers, load).map(|(member, _)| member.id);
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
    Routed {
        handler,
        reasons,
        with_mate: false,
    }
}

/// How many of a unit are recused, and how many are away.
fn left_out<'a>(
    unit: impl Iterator<Item = &'a Member>,
    matter: &Matter<'_>,
) -> Vec<(String, String)> {
    let standings: Vec<_> = unit.map(|member| matter.standing(member)).collect();
    let count = |is: fn(&Standing) -> bool| standings.iter().filter(|one| is(one)).count();
    let mut reasons = Vec::new();
    let recused = count(|one| *one == Standing::Recused);
    if recused > 0 {
        reasons.push((
            format!("科室内有{recused}人按回避规定不参与。"),
            format!("{recused} in the unit are left out because of recusal."),
        ));
    }
    let away = count(|one| matches!(one, Standing::Away(_)));
    if away > 0 {
        reasons.push((
            format!("科室内有{away}人请假。"),
            format!("{away} in the unit are on leave."),
        ));
    }
    reasons
}
