//! Passing up: one person asks with a reason and another approves, or it goes by itself after a delay, where nobody here may
//! even see the case or nobody else can sign. And keeping here what only looked as if it were for the office above.

use super::candidates::standing;
use super::draft::Draft;
use super::on_record::{change_case, state_of};
use super::sealed_to_parent::pass_up_draft;
use super::second_person::signature;
use super::storing::{drafts, store_drafts};
use super::texts::{REASON_MAX_CHARS, check_text};
use super::told::told;
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group, Signing};
use crate::model::{CaseNumber, CaseState, Member, Note, Passing, Step};
use crate::office::{Office, OfficeError, passing_day};
use crate::routing::{Standing, works};
use mifeng_sealing::ParentOffice;

/// The office above, if there is one.
#[must_use]
pub fn parent(office: &Office) -> Option<&ParentOffice> {
    office.parts.parent.as_ref()
}

/// Asks for a case to be passed up, with its files and with all that are handled with it and are not finished. It goes once
/// another person approves; where nobody else can, by itself after the delay in which the office above is told.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`], [`OfficeError::BadText`] without a reason, [`OfficeError::Changed`],
/// [`OfficeError::NotPossible`] where there is no office above, the case is finished or it was asked for already,
/// [`OfficeError::Unsound`] where there are files and no place is set through which they could go.
pub async fn ask_passing(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::PassingAsked);
    change_case(office, actor, number, act, async |entries| {
        check_passes(actor)?;
        check_text("reason", reason, REASON_MAX_CHARS)?;
        check_passable(office, &entries).await?;
        if entries[0].summary.passing.is_some() {
            return Err(OfficeError::NotPossible);
        }
        let passing = Passing {
            reason: reason.trim().to_owned(),
            asked: signature(office, actor),
        };
        let members = office.members().await?;
        let group = Group::of(&entries).ok_or(OfficeError::NotYours)?;
        let signers = members
            .iter()
            .filter(|one| signs_passing(office, one, &passing, &group));
        let signers: Vec<_> = signers.map(|one| one.id).collect();
        let mut drafts = drafts(office, entries, version)?;
        for draft in &mut drafts {
            draft.entry.summary.passing = Some(Box::new(passing.clone()));
            draft.note(Some(&actor.name), Note::PassingAsked, reason)?;
        }
        drafts[0].remind_all(signers);
        store_drafts(office, drafts).await
    })
    .await
}

/// Approves what another asked for: the case is passed up, and closed to everybody here.
///
/// # Errors
/// As [`ask_passing`]; [`OfficeError::SecondPerson`] for whoever asked for it; [`OfficeError::NotPossible`] where nothing
/// waits for approval.
pub async fn approve_passing(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::PassedUp);
    change_case(office, actor, number, act, async |entries| {
        check_passes(actor)?;
        let passing = passing_asked(&entries).ok_or(OfficeError::NotPossible)?;
        if passing.asked.is_of(actor.id) {
            return Err(OfficeError::SecondPerson);
        }
        check_passable(office, &entries).await?;
        let drafts = drafts(office, entries.clone(), version)?;
        let reason = passing.reason.clone();
        pass(office, &entries, drafts, Some(&actor.name), &reason).await
    })
    .await
}

/// Sends it back with a reason; whoever asked for it may take it back so too.
///
/// # Errors
/// As [`approve_passing`]; [`OfficeError::BadText`].
pub async fn reject_passing(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::PassingRejected);
    change_case(office, actor, number, act, async |entries| {
        check_passes(actor)?;
        let passing = passing_asked(&entries)
            .cloned()
            .ok_or(OfficeError::NotPossible)?;
        check_text("reason", reason, REASON_MAX_CHARS)?;
        let members = office.members().await?;
        let asker = members.iter().find(|one| passing.asked.is_of(one.id));
        let asker = asker.filter(|one| one.id != actor.id).map(|one| one.id);
        let mut drafts = drafts(office, entries, version)?;
        for draft in &mut drafts {
            let summary = &mut draft.entry.summary;
            (summary.passing, summary.leaves_day) = (None, None);
            draft.note(Some(&actor.name), Note::PassingRejected, reason)?;
        }
        drafts[0].remind_all(asker);
        store_drafts(office, drafts).await
    })
    .await
}

/// Whether a case can go to the office above from where it stands, files and all.
async fn check_passable(office: &Office, entries: &[Entry]) -> Result<(), OfficeError> {
    let step = state_of(entries).step_to(CaseState::PassedUp);
    if parent(office).is_none() || step != Some(Step::PassingUp) {
        return Err(OfficeError::NotPossible);
    }
    let mut files = false;
    for entry in entries {
        let store = &office.parts.store;
        files |= !store.attachments(entry.row.id).await?.is_empty();
    }
    if files && office.blobs.is_none() {
        return Err(OfficeError::Unsound("reason", "error-files-no-place"));
    }
    Ok(())
}

/// Whether a member can sign what was asked for: another than who asked, who sees all cases and this one.
pub(crate) fn signs_passing(
    office: &Office,
    member: &Member,
    passing: &Passing,
    group: &Group<'_>,
) -> bool {
    member.role.sees_all_cases() && !passing.asked.is_of(member.id) && office.sees(member, group)
}

/// What the viewer has to do with it.
pub(crate) fn passing_signing(office: &Office, viewer: &Member, entries: &[Entry]) -> Signing {
    match (passing_asked(entries), Group::of(entries)) {
        (Some(passing), _) if passing.asked.is_of(viewer.id) => Signing::Proposed,
        (Some(passing), Some(group)) if signs_passing(office, viewer, passing, &group) => {
            Signing::Second
        }
        _ => Signing::Nothing,
    }
}

/// Handles a case here that was to be passed up: its subject only has the name of a leader, say.
///
/// # Errors
/// As [`ask_passing`]; [`OfficeError::NotPossible`] where it was not to be passed up, or nobody can handle it.
pub async fn keep_here(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::KeptHere);
    change_case(office, actor, number, act, async |entries| {
        if !actor.role.sees_all_cases() {
            return Err(OfficeError::NotPermitted);
        }
        check_text("reason", reason, REASON_MAX_CHARS)?;
        let members = office.members().await?;
        let waits = entries
            .iter()
            .any(|entry| passing_day(office, entry).is_some());
        if !waits || nobody_may_handle(office, &members, &entries) {
            return Err(OfficeError::NotPossible);
        }
        let supervisors = office.supervisors(&entries, &members);
        let mut drafts = drafts(office, entries, version)?;
        for draft in &mut drafts {
            draft.stop_passing_deadline();
            draft.entry.summary.passing = None;
            draft.note(Some(&actor.name), Note::KeptHere, reason)?;
        }
        let others = supervisors.into_iter().filter(|one| *one != actor.id);
        drafts[0].remind_all(others);
        store_drafts(office, drafts).await
    })
    .await
}

/// Passes a case up, by whom and why as its history says it; whoever calls has checked that it may, and put it on record.
pub(crate) async fn pass(
    office: &Office,
    entries: &[Entry],
    mut drafts: Vec<Draft<'_>>,
    author: Option<&str>,
    reason: &str,
) -> Result<(), OfficeError> {
    if state_of(entries).step_to(CaseState::PassedUp) != Some(Step::PassingUp) {
        return Err(OfficeError::NotPossible);
    }
    for draft in &mut drafts {
        if !draft.entry.row.state.is_finished() {
            pass_up_draft(office, draft, None, |language, parent| {
                told(language, "told-passed-up", &[("parent", parent)])
            })
            .await?;
        }
        draft.note(author, Note::PassedUp, reason)?;
    }
    store_drafts(office, drafts).await
}

/// Whether everybody who handles cases is recused. Who is only away, or waits for an officer to vouch, comes back.
pub(crate) fn nobody_may_handle(office: &Office, members: &[Member], entries: &[Entry]) -> bool {
    let works = |member: &&Member| works(&as_confirmed(member));
    let mut working = members.iter().filter(works).peekable();
    working.peek().is_some()
        && working.all(|member| {
            let standing = standing(office, &as_confirmed(member), entries);
            standing == Some(Standing::Recused)
        })
}

/// Whether the viewer passes cases up.
#[must_use]
pub fn passes_up(office: &Office, viewer: &Member) -> bool {
    parent(office).is_some() && viewer.role.sees_all_cases()
}

/// What was asked for and waits for a second person.
pub(crate) fn passing_asked(entries: &[Entry]) -> Option<&Passing> {
    entries.first()?.summary.passing.as_deref()
}

fn check_passes(actor: &Member) -> Result<(), OfficeError> {
    let may = actor.role.sees_all_cases();
    may.then_some(()).ok_or(OfficeError::NotPermitted)
}

/// A member as she will be once an officer has vouched for her.
fn as_confirmed(member: &Member) -> Member {
    Member {
        confirmed: true,
        ..member.clone()
    }
}
