//! Joining (并案) and holding apart: done by a person, with a reason, all in one transaction. No reporter is
//! told anything by it that a reporter whose tip stands by itself would not be told.

use super::draft::Draft;
use super::on_record::{entries, on_record};
use super::storing::store_drafts_with;
use super::texts::{REASON_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::model::{CaseNumber, CaseState, Member, MemberId, Note};
use crate::office::{Office, OfficeError, seal};
use crate::store::{ChangeSet, JoinedRow, Pair};
use mifeng_foundation::clock::Day;
use mifeng_opening::Identity;
use mifeng_sealing::Recipient;
use mifeng_sealing::tip::MessageKind;
use secrecy::ExposeSecret as _;

/// Two cases as they were shown, with the version of each.
pub struct Shown<'a> {
    /// One of them, and its version.
    pub one: (&'a CaseNumber, i64),
    /// The other, and its version.
    pub other: (&'a CaseNumber, i64),
}

/// Joins two cases; the number of the one that leads from now on. Every tip keeps its number, key, mailbox, deadlines
/// and answer. A tip nobody had decided on is accepted with it where the case it joins was.
///
/// # Errors
/// As [every change](super) for both; [`OfficeError::NotPermitted`] for whoever does not assign, [`OfficeError::NotPossible`] if
/// they are one case already, [`OfficeError::HandlerRecused`], [`OfficeError::Changed`], [`OfficeError::BadText`].
pub async fn join(
    office: &Office,
    actor: &Member,
    shown: &Shown<'_>,
    reason: &str,
) -> Result<CaseNumber, OfficeError> {
    let _exclusive = office.exclusive().await;
    let (one, other) = both(office, actor, shown.one.0, shown.other.0).await?;
    let act = Act::new(Kind::Joined)
        .on(one[0].row.id)
        .of(other[0].row.id.0);
    let versions = (shown.one.1, shown.other.1);
    on_record(
        office,
        actor,
        act,
        Box::pin(join_both(office, actor, (one, other), versions, reason)),
    )
    .await
}

async fn join_both(
    office: &Office,
    actor: &Member,
    (one, other): (Vec<Entry>, Vec<Entry>),
    shown: (i64, i64),
    reason: &str,
) -> Result<CaseNumber, OfficeError> {
    check_text("reason", reason, REASON_MAX_CHARS)?;
    check_both(actor, &one, &other)?;
    let versions = [(&one, shown.0), (&other, shown.1)];
    if versions
        .iter()
        .any(|(entries, version)| entries[0].row.version != *version)
    {
        return Err(OfficeError::Changed);
    }
    let apart = held_apart_between(office, &one, &other);
    let (stays, moves) = if leads(&one, &other) {
        (one, other)
    } else {
        (other, one)
    };
    let handler = stays[0].row.handler.or(moves[0].row.handler);
    let all: Vec<Entry> = stays.iter().chain(&moves).cloned().collect();
    let helpers = stays[0].handlers();
    check_handlers(office, handler.into_iter().chain(helpers), &all).await?;
    let number = CaseNumber(stays[0].row.number.clone());
    let drafts = joined_drafts(office, actor, stays, moves, handler, reason).await?;
    let together = ChangeSet {
        no_longer_apart: apart,
        ..ChangeSet::default()
    };
    store_drafts_with(office, drafts, together).await?;
    Ok(number)
}

async fn joined_drafts<'a>(
    office: &'a Office,
    actor: &Member,
    stays: Vec<Entry>,
    moves: Vec<Entry>,
    handler: Option<MemberId>,
    reason: &str,
) -> Result<Vec<Draft<'a>>, OfficeError> {
    let (lead, first) = (stays[0].clone(), moves[0].clone());
    let (running, reopened) = {
        let (before, came) = (group(&stays)?, group(&moves)?);
        let state = before.state();
        (
            !state.is_finished() && state != CaseState::Received,
            state.is_finished() && !came.state().is_finished(),
        )
    };
    let mut drafts = Vec::new();
    for entry in stays {
        let mut draft = Draft::new(office, entry)?;
        draft.entry.row.handler = handler;
        // What waits for a second person was proposed before this tip was in it.
        draft
            .entry
            .summary
            .closing
            .take_if(|closing| closing.waits());
        drafts.push(draft);
    }
    let key = if reopened {
        Note::Reopened
    } else {
        Note::Joined
    };
    drafts[0].note_about(&first, &actor.name, key, reason)?;
    for entry in moves {
        let joined = joined_row(office, &entry, &lead, office.today())?;
        let mut draft = Draft::new(office, entry)?;
        let before = draft.entry.row.handler;
        if draft.entry.row.joined.replace(joined).is_none() {
            draft.entry.summary.handler_before = before.map(|member| hex::encode(member.0));
        }
        draft.entry.row.handler = handler;
        // To be accepted is what every reporter is told first, alone or not.
        if running && draft.entry.row.state == CaseState::Received {
            draft.entry.summary.mode = lead.summary.mode;
            draft.enter(CaseState::Accepted);
            draft.tell(MessageKind::Status, None, "").await?;
        }
        draft.note_about(&lead, &actor.name, Note::Joined, reason)?;
        drafts.push(draft);
    }
    drafts[0].remind_all(handler);
    Ok(drafts)
}

/// The joined case's identity, sealed to the one that leads: whoever may open that one opens this one too.
pub(super) fn joined_row(
    office: &Office,
    entry: &Entry,
    lead: &Entry,
    day: Day,
) -> Result<JoinedRow, OfficeError> {
    let key: Identity = office.case_key(&entry.row)?;
    let to: Recipient = lead
        .row
        .recipient
        .parse()
        .map_err(|_| OfficeError::Damaged)?;
    Ok(JoinedRow {
        lead: lead.row.id,
        day,
        identity: seal(key.to_secret_text().expose_secret().as_bytes(), &to)?,
    })
}

/// Holds two cases apart: they are not proposed to be joined again.
///
/// # Errors
/// As [`join`].
pub async fn hold_apart(
    office: &Office,
    actor: &Member,
    one: &CaseNumber,
    other: &CaseNumber,
    reason: &str,
) -> Result<(), OfficeError> {
    let _exclusive = office.exclusive().await;
    let (ours, theirs) = both(office, actor, one, other).await?;
    let find = |entries: &[Entry], number: &CaseNumber| {
        let found = entries.iter().find(|entry| entry.row.number == number.0);
        found.cloned().ok_or(OfficeError::Damaged)
    };
    let (ours_one, theirs_one) = (find(&ours, one)?, find(&theirs, other)?);
    let act = Act::new(Kind::HeldApart)
        .on(ours_one.row.id)
        .of(theirs_one.row.id.0);
    on_record(office, actor, act, async {
        check_text("reason", reason, REASON_MAX_CHARS)?;
        check_both(actor, &ours, &theirs)?;
        let mut drafts = Vec::new();
        for (entry, about) in [(&ours_one, &theirs_one), (&theirs_one, &ours_one)] {
            let mut draft = Draft::new(office, entry.clone())?;
            draft.note_about(about, &actor.name, Note::HeldApart, reason)?;
            drafts.push(draft);
        }
        let today = office.today();
        let together = ChangeSet {
            apart: pairs(&ours, &theirs).map(|pair| (pair, today)).collect(),
            ..ChangeSet::default()
        };
        store_drafts_with(office, drafts, together).await
    })
    .await
}

/// Two cases that the actor may see.
async fn both(
    office: &Office,
    actor: &Member,
    one: &CaseNumber,
    other: &CaseNumber,
) -> Result<(Vec<Entry>, Vec<Entry>), OfficeError> {
    let ours = entries(office, actor, one).await?;
    Ok((ours, entries(office, actor, other).await?))
}

async fn check_handlers(
    office: &Office,
    mut handlers: impl Iterator<Item = MemberId>,
    entries: &[Entry],
) -> Result<(), OfficeError> {
    let members = office.members().await?;
    let recused = |handler: MemberId| {
        let member = members.iter().find(|member| member.id == handler);
        member.is_some_and(|member| entries.iter().any(|entry| office.recused(member, entry)))
    };
    if handlers.any(recused) {
        return Err(OfficeError::HandlerRecused);
    }
    Ok(())
}

fn held_apart_between(office: &Office, one: &[Entry], other: &[Entry]) -> Vec<Pair> {
    office.caseload(|caseload| {
        let pairs = pairs(one, other);
        pairs
            .filter(|pair| caseload.held_apart().contains(*pair))
            .collect()
    })
}

/// Whether the actor joins, and there are two.
fn check_both(actor: &Member, one: &[Entry], other: &[Entry]) -> Result<(), OfficeError> {
    if !actor.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    if one[0].row.id == other[0].row.id {
        return Err(OfficeError::NotPossible);
    }
    Ok(())
}

/// Every pair of a case here with a case there.
fn pairs<'a>(one: &'a [Entry], other: &'a [Entry]) -> impl Iterator<Item = Pair> + 'a {
    let ids = one.iter().map(|entry| entry.row.id);
    ids.flat_map(|id| other.iter().map(move |mate| Pair::of(id, mate.row.id)))
}

fn group(entries: &[Entry]) -> Result<Group<'_>, OfficeError> {
    Group::of(entries).ok_or(OfficeError::Damaged)
}

/// Which of two leads: the one that is being handled, or else was; the one with more tips; the older one.
fn leads(one: &[Entry], other: &[Entry]) -> bool {
    let rank = |entries: &[Entry]| {
        let state = group(entries).map_or(CaseState::Received, |group| group.state());
        let step = match state {
            CaseState::Received => 0,
            finished if finished.is_finished() => 1,
            _ => 2,
        };
        (step, entries.len())
    };
    let (ours, theirs) = (rank(one), rank(other));
    let age = |entries: &[Entry]| (entries[0].row.opened_day, entries[0].row.number.clone());
    ours > theirs || (ours == theirs && age(one) < age(other))
}
