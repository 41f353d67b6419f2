//! Need to know by keys: who may open a case is who holds its key. The rule says who may; this brings the keys into line
//! with it, in the same transaction as each change, and at start.

use crate::cases::{Entry, Group};
use crate::model::{CaseState, Member, MemberId, Role};
use crate::office::{Office, OfficeError};
use crate::routing::NameSearchText;
use mifeng_foundation::clock::Day;
use mifeng_names::Answer;
use std::collections::BTreeSet;

/// What a member has to do with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Involved {
    /// Nothing.
    No,
    /// His name stands in it as a part of a longer one; that keeps nothing from him.
    Mentioned,
    /// He may be meant: a person has to say.
    Perhaps,
    /// It is about him.
    Yes,
}

impl Involved {
    /// Whether the case is kept from him.
    pub(crate) fn keeps(self) -> bool {
        matches!(self, Self::Perhaps | Self::Yes)
    }
}

impl Office {
    /// Who works there.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn members(&self) -> Result<Vec<Member>, OfficeError> {
        Ok(self.parts.directory.members().await?)
    }

    /// The supervisors who may see a case, all of what is handled together in it.
    pub(crate) fn supervisors(&self, whole: &[Entry], members: &[Member]) -> Vec<MemberId> {
        let may = |member: &&Member| {
            member.is_reader()
                && member.role == Role::Supervisor
                && !whole.iter().any(|entry| self.recused(member, entry))
        };
        let may_see = members.iter().filter(may);
        may_see.map(|member| member.id).collect()
    }

    /// Whether the viewer may have the case before him: the rule lets him, and he holds its key.
    pub(crate) fn sees(&self, viewer: &Member, group: &Group<'_>) -> bool {
        group.lead.holders.contains(&viewer.id) && self.entitled(viewer, group)
    }

    /// Whether the rule lets a member have the case: all of it or nothing, since whoever is recused from one of the tips in
    /// it is recused from the matter.
    pub(crate) fn entitled(&self, member: &Member, group: &Group<'_>) -> bool {
        Self::in_role(member, group) && !group.cases().any(|entry| self.recused(member, entry))
    }

    /// Whether role and work let a member have the case, if he is not recused from it.
    pub(crate) fn in_role(member: &Member, group: &Group<'_>) -> bool {
        // What the office above has is closed to everybody here.
        let passed = |entry: &Entry| entry.row.state == CaseState::PassedUp;
        member.is_reader()
            && !group.cases().any(passed)
            && (member.role.sees_all_cases() || group.lead.handles(member.id))
    }

    /// Whether a case is kept from a member: it has to do with him, or may, and nobody has said that it does not.
    pub(crate) fn recused(&self, member: &Member, entry: &Entry) -> bool {
        self.involved(member, entry).keeps()
    }

    /// Whether a tip is about the member's school, himself or his kin, or he recused himself from it.
    pub(crate) fn involved(&self, member: &Member, entry: &Entry) -> Involved {
        let (school, id) = (entry.summary.school_id.as_deref(), hex::encode(member.id.0));
        if entry.summary.recused.contains(&id) {
            return Involved::Yes;
        }
        let none = BTreeSet::new();
        let answered = entry.summary.not_meant.get(&id).unwrap_or(&none);
        let tip = (&entry.name_search_text, entry.row.opened_day);
        self.involved_in(member, school, tip, answered)
    }

    /// The same of what stands in a tip that came on a day, without words that were found not to mean him.
    pub(crate) fn involved_in(
        &self,
        member: &Member,
        school: Option<&str>,
        (text, day): (&NameSearchText, Day),
        answered: &BTreeSet<String>,
    ) -> Involved {
        let recusal = self.recusal_of(member);
        if recusal.is_of_school(school, text) {
            return Involved::Yes;
        }
        match recusal.find(text, day).answer(answered) {
            Answer::Certain => Involved::Yes,
            Answer::Possible => Involved::Perhaps,
            Answer::Mention => Involved::Mentioned,
            Answer::No => Involved::No,
        }
    }
}
