//! "Is this she?": where a tip may name a member, it is kept from her until a dispatcher who is not she has said.

use super::on_record::change_case_alone;
use super::storing::{drafts, store_drafts};
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group, Question};
use crate::model::{CaseId, CaseNumber, Member, MemberId, Note, Role};
use crate::office::{Involved, Office, OfficeError};
use std::collections::{BTreeMap, BTreeSet};

/// Whether the viewer says who is meant in a case: a dispatcher from whom it is not kept; a supervisor where it is kept from
/// every dispatcher.
fn may_say(office: &Office, viewer: &Member, group: &Group<'_>, members: &[Member]) -> bool {
    let may = |member: &Member| office.entitled(member, group);
    let dispatches = |member: &Member| member.role == Role::Dispatcher && may(member);
    dispatches(viewer)
        || viewer.role == Role::Supervisor && may(viewer) && !members.iter().any(dispatches)
}

/// What the viewer is asked about a case: of each member whom its tips may name.
pub(crate) fn questions(
    office: &Office,
    viewer: &Member,
    group: &Group<'_>,
    members: &[Member],
) -> Vec<Question> {
    if !may_say(office, viewer, group, members) {
        return Vec::new();
    }
    let others = members
        .iter()
        .filter(|one| one.id != viewer.id && one.is_reader());
    others
        .filter_map(|member| question(office, member, group))
        .collect()
}

fn question(office: &Office, member: &Member, group: &Group<'_>) -> Option<Question> {
    let recusal = office.recusal_of(member);
    let id = hex::encode(member.id.0);
    let mut words = BTreeMap::new();
    for entry in group.cases() {
        match office.involved(member, entry) {
            // Nothing is asked about whom it is kept from for good.
            Involved::Yes => return None,
            Involved::No => continue,
            Involved::Perhaps | Involved::Mentioned => {}
        }
        let none = BTreeSet::new();
        let answered = entry.summary.not_meant.get(&id).unwrap_or(&none);
        let found = recusal.find(&entry.name_search_text, entry.row.opened_day);
        for one in found.open(answered) {
            let keeps = words.entry((one.words.clone(), one.kind)).or_insert(false);
            *keeps |= one.keeps;
        }
    }
    let keeps = words.values().any(|keeps| *keeps);
    let said = words.into_keys().collect::<Vec<_>>();
    (!said.is_empty()).then(|| Question {
        member: id,
        name: member.name.clone(),
        said,
        keeps,
    })
}

/// How many of some groups that the viewer sees, given by the case that leads each, wait for her to say who is meant.
pub(crate) fn open_questions(
    office: &Office,
    viewer: &Member,
    seen: &[CaseId],
    members: &[Member],
) -> usize {
    if !viewer.role.sees_all_cases() {
        return 0;
    }
    let others = members.iter();
    let others = others.filter(|one| one.id != viewer.id && one.is_reader());
    office.caseload(|caseload| {
        let leads = seen.iter().filter_map(|case| caseload.by_id(*case));
        let groups: Vec<Group<'_>> = leads.map(|lead| caseload.group_of(lead)).collect();
        let mut asked: BTreeSet<CaseId> = BTreeSet::new();
        for member in others {
            let cases = groups.iter().flat_map(Group::cases);
            asked.extend(office.asked_of(member, cases));
        }
        let waits = |group: &&Group<'_>| {
            group.cases().any(|entry| asked.contains(&entry.row.id))
                && may_say(office, viewer, group, members)
        };
        groups.iter().filter(waits).count()
    })
}

/// Says whether a member is meant by what was found in a case's tips. Is she, then the case is kept from her for good; is
/// she not, it is hers to see as far as her role goes, until other words are found.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`] for whoever is not [asked](Question), [`OfficeError::NotPossible`] where
/// nothing is asked of the member or neither yes nor no is said (`None`), [`OfficeError::Changed`].
pub async fn say_meant(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    member: MemberId,
    is_meant: Option<bool>,
) -> Result<(), OfficeError> {
    let kind = match is_meant {
        Some(false) => Kind::PersonNotMeant,
        Some(true) | None => Kind::PersonMeant,
    };
    let act = Act::new(kind).of(member.0);
    change_case_alone(office, actor, number, act, async |entries| {
        record_answer(office, actor, entries, version, (member, is_meant)).await
    })
    .await
}

async fn record_answer(
    office: &Office,
    actor: &Member,
    entries: Vec<Entry>,
    version: i64,
    (member, is_meant): (MemberId, Option<bool>),
) -> Result<(), OfficeError> {
    let members = office.members().await?;
    let group = Group::of(&entries).ok_or(OfficeError::NotYours)?;
    if !may_say(office, actor, &group, &members) {
        return Err(OfficeError::NotPermitted);
    }
    let is_meant = is_meant.ok_or(OfficeError::NotPossible)?;
    let id = hex::encode(member.0);
    let mut asked = questions(office, actor, &group, &members).into_iter();
    let question = asked.rfind(|one| one.member == id);
    let question = question.ok_or(OfficeError::NotPossible)?;
    let words: BTreeSet<String> = question.said.into_iter().map(|(words, _)| words).collect();
    let said: Vec<&str> = words.iter().map(String::as_str).collect();
    let detail = format!("{}: {}", question.name, said.join("、"));
    let mut drafts = drafts(office, entries, version)?;
    for draft in &mut drafts {
        let summary = &mut draft.entry.summary;
        if is_meant {
            summary.recused.insert(id.clone());
            draft.take_off(member);
            draft.note(Some(&actor.name), Note::PersonMeant, &detail)?;
        } else {
            let known = summary.not_meant.entry(id.clone()).or_default();
            known.extend(words.iter().cloned());
            draft.note(Some(&actor.name), Note::PersonNotMeant, &detail)?;
        }
    }
    store_drafts(office, drafts).await
}
