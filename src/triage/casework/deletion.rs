//! Destroying a case before its time takes two, as closing does; holding one that must not be destroyed is a supervisor's.

use super::destroying::{BY_TWO, destroy, holds_back};
use super::on_record::{change_case, change_case_alone};
use super::second_person::{check_second, check_sending_back, signature, signing_of};
use super::storing::{drafts, store_drafts};
use super::texts::{REASON_MAX_CHARS, check_text};
use super::wiping::wipe;
use crate::audit::{Act, Kind};
use crate::cases::{EndView, Entry, Group};
use crate::model::{CaseNumber, Deletion, Hold, Member, Note, Role};
use crate::office::{Office, OfficeError};
use mifeng_foundation::telemetry::{Event, log};

/// Asks for a case that is off the ledger to be destroyed before its time.
///
/// # Errors
/// As [every change](super); [`OfficeError::BadText`]; [`OfficeError::NotPossible`] where it is not off the ledger, is objected to,
/// held or waits for a file, or it was asked for already; [`OfficeError::TooEarly`]; [`OfficeError::NotTold`];
/// [`OfficeError::Changed`].
pub async fn ask_deletion(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::DeletionAsked);
    change_case(office, actor, number, act, async |entries| {
        check_text("reason", reason, REASON_MAX_CHARS)?;
        check_destroyable(office, &entries).await?;
        if asked(&entries).is_some() {
            return Err(OfficeError::NotPossible);
        }
        let deletion = Deletion {
            reason: reason.trim().to_owned(),
            asked: signature(office, actor),
        };
        let change = |entry: &mut Entry| entry.summary.deletion = Some(Box::new(deletion.clone()));
        let note = (Note::DeletionAsked, reason);
        change_end(office, actor, entries, version, change, note).await
    })
    .await
}

/// Approves what another asked for: the case is destroyed at once.
///
/// # Errors
/// As [`ask_deletion`]; [`OfficeError::NotPermitted`] for whoever does not see all cases,
/// [`OfficeError::SecondPerson`] for whoever asked for it or handles or handled a tip of it; [`OfficeError::NotPossible`]
/// where nothing waits for approval.
pub async fn approve_deletion(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::DeletionApproved);
    let destroyed = change_case_alone(office, actor, number, act, async |entries| {
        let deletion = asked(&entries).ok_or(OfficeError::NotPossible)?;
        check_second(actor, &deletion.asked, &entries)?;
        check_destroyable(office, &entries).await?;
        if entries[0].row.version != version {
            return Err(OfficeError::Changed);
        }
        destroy(office, &entries, BY_TWO, Some(actor.id)).await
    });
    destroyed.await?;
    // It is destroyed; what is left to wipe is wiped now, or in the next round.
    if let Err(cause) = wipe(office).await {
        log(Event::RequestFailed {
            place: "wipe",
            cause: &cause,
        });
    }
    Ok(())
}

/// Sends it back with a reason; whoever asked for it may take it back so too.
///
/// # Errors
/// As [`approve_deletion`]; [`OfficeError::BadText`].
pub async fn reject_deletion(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::DeletionRejected);
    change_case(office, actor, number, act, async |entries| {
        let deletion = asked(&entries).ok_or(OfficeError::NotPossible)?;
        check_sending_back(actor, &deletion.asked, &entries)?;
        check_text("reason", reason, REASON_MAX_CHARS)?;
        let change = |entry: &mut Entry| entry.summary.deletion = None;
        let note = (Note::DeletionRejected, reason);
        change_end(office, actor, entries, version, change, note).await
    })
    .await
}

/// Keeps a case whatever its age, or lets it go again.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`] for all but supervisors; [`OfficeError::BadText`];
/// [`OfficeError::NotPossible`] where it is so already; [`OfficeError::Changed`].
pub async fn set_hold(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    (keep, reason): (bool, &str),
) -> Result<(), OfficeError> {
    let (kind, key) = if keep {
        (Kind::HoldSet, Note::HoldSet)
    } else {
        (Kind::HoldLifted, Note::HoldLifted)
    };
    change_case(office, actor, number, Act::new(kind), async |entries| {
        if actor.role != Role::Supervisor {
            return Err(OfficeError::NotPermitted);
        }
        check_text("reason", reason, REASON_MAX_CHARS)?;
        if entries.iter().any(|entry| entry.summary.hold.is_some()) == keep {
            return Err(OfficeError::NotPossible);
        }
        let hold = keep.then(|| {
            Box::new(Hold {
                reason: reason.trim().to_owned(),
                set: signature(office, actor),
            })
        });
        // Of each tip, so that splitting takes it off none.
        let change = |entry: &mut Entry| entry.summary.hold.clone_from(&hold);
        let note = (key, reason);
        change_end(office, actor, entries, version, change, note).await
    })
    .await
}

/// Stores a change that says nothing new of the matter: the time for which the case is kept runs on.
async fn change_end(
    office: &Office,
    actor: &Member,
    entries: Vec<Entry>,
    version: i64,
    mut change: impl FnMut(&mut Entry),
    (note, reason): (Note, &str),
) -> Result<(), OfficeError> {
    let mut drafts = drafts(office, entries, version)?;
    for draft in &mut drafts {
        change(&mut draft.entry);
        draft.keep_day();
        draft.note(Some(&actor.name), note, reason)?;
    }
    store_drafts(office, drafts).await
}

async fn check_destroyable(office: &Office, entries: &[Entry]) -> Result<(), OfficeError> {
    match holds_back(office, entries).await? {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// What the page shows of the end.
pub(crate) async fn end_of(
    office: &Office,
    viewer: &Member,
    entries: &[Entry],
) -> Result<EndView, OfficeError> {
    let group = Group::of(entries).ok_or(OfficeError::NotYours)?;
    let kept = office.retention().of(&group);
    let deletion = asked(entries).cloned();
    let asked_by = deletion.as_ref().map(|one| &one.asked);
    let signing = signing_of(viewer, asked_by, entries);
    let changes = !office.is_locked();
    Ok(EndView {
        kept_until: kept.map(|(day, _)| day),
        earliest: office.retention().earliest(&group),
        source: kept.map_or_else(Default::default, |(_, rule)| {
            (rule.source_zh.clone(), rule.source_en.clone())
        }),
        checked: kept.is_some_and(|(_, rule)| rule.checked),
        can_ask: changes
            && deletion.is_none()
            && kept.is_some()
            && holds_back(office, entries).await?.is_none(),
        can_hold: changes && viewer.role == Role::Supervisor,
        hold: group
            .cases()
            .find_map(|entry| entry.summary.hold.as_deref().cloned()),
        deletion,
        signing,
    })
}

/// What was asked for and waits for a second person.
fn asked(entries: &[Entry]) -> Option<&Deletion> {
    entries
        .iter()
        .find_map(|entry| entry.summary.deletion.as_deref())
}
