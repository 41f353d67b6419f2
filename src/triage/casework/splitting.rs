//! Splitting (拆分) what was joined: done by a person, with a reason, all in one transaction. No reporter is told anything
//! by it.

use super::candidates::standing;
use super::draft::Draft;
use super::joining::joined_row;
use super::on_record::{entries, on_record};
use super::storing::{drafts, store_drafts_with};
use super::texts::{REASON_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{CaseId, CaseNumber, Member, MemberId, Note};
use crate::office::{Office, OfficeError};
use crate::routing::Standing;
use crate::store::{ChangeSet, Pair};

/// A case that leaves those it was handled with.
enum Leaving<'a> {
    /// One that was joined to the one that leads.
    Joined { lead: &'a Entry, leaves: &'a Entry },
    /// The one that leads, while there are others enough to go on together: the oldest of them leads from then on.
    Leading {
        lead: &'a Entry,
        heir: &'a Entry,
        rest: Vec<&'a Entry>,
    },
}

impl<'a> Leaving<'a> {
    /// `entries` are handled together, the one that leads first.
    fn of(entries: &'a [Entry], number: &CaseNumber) -> Option<Self> {
        let (lead, joined) = entries.split_first()?;
        let leaves = joined.iter().find(|entry| entry.row.number == number.0);
        match (leaves, joined) {
            (None, []) => None,
            // Of two, each leaves the other.
            (Some(leaves), _) | (None, [leaves]) => Some(Self::Joined { lead, leaves }),
            (None, [..]) => {
                let age = |entry: &&Entry| (entry.row.opened_day, entry.row.number.clone());
                let heir = joined.iter().min_by_key(age)?;
                let rest = joined.iter().filter(|entry| entry.row.id != heir.row.id);
                let rest = rest.collect();
                Some(Self::Leading { lead, heir, rest })
            }
        }
    }

    /// Which leaves, and which leads those it leaves.
    fn ids(&self) -> (CaseId, CaseId) {
        match self {
            Self::Joined { lead, leaves } => (leaves.row.id, lead.row.id),
            Self::Leading { lead, heir, .. } => (lead.row.id, heir.row.id),
        }
    }
}

/// Takes the tip with this number out of those it is handled with, at any time; it goes on by itself, where it
/// stands. If it led the others, the oldest of them does from now on. With `hold_apart` it is not proposed again.
///
/// # Errors
/// As [`join`](super::join); [`OfficeError::NotPossible`] if it stands by itself.
pub async fn split(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    hold_apart: bool,
    reason: &str,
) -> Result<(), OfficeError> {
    let _exclusive = office.exclusive().await;
    let entries = entries(office, actor, number).await?;
    let leaving = Leaving::of(&entries, number);
    let lead = entries[0].row.id;
    let (leaves, of) = leaving.as_ref().map_or((lead, lead), Leaving::ids);
    let act = Act::new(Kind::Split).on(leaves).of(of.0);
    let done = split_off(office, actor, leaving, version, hold_apart, reason);
    on_record(office, actor, act, done).await
}

async fn split_off(
    office: &Office,
    actor: &Member,
    leaving: Option<Leaving<'_>>,
    version: i64,
    hold_apart: bool,
    reason: &str,
) -> Result<(), OfficeError> {
    check_text("reason", reason, REASON_MAX_CHARS)?;
    if !actor.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    let (drafts, apart) = match leaving.ok_or(OfficeError::NotPossible)? {
        Leaving::Joined { lead, leaves } => {
            let pairs = vec![Pair::of(lead.row.id, leaves.row.id)];
            let drafts = joined_leaves(office, actor, (lead, version), leaves, reason).await?;
            (drafts, pairs)
        }
        Leaving::Leading { lead, heir, rest } => {
            let others = std::iter::once(heir).chain(rest.iter().copied());
            let pairs = others.map(|other| Pair::of(lead.row.id, other.row.id));
            let pairs = pairs.collect();
            (
                lead_leaves(office, actor, (lead, version), heir, rest, reason)?,
                pairs,
            )
        }
    };
    let today = office.today();
    let apart = apart.into_iter().filter(|_| hold_apart);
    let together = ChangeSet {
        apart: apart.map(|pair| (pair, today)).collect(),
        ..ChangeSet::default()
    };
    store_drafts_with(office, drafts, together).await
}

async fn joined_leaves<'a>(
    office: &'a Office,
    actor: &Member,
    (lead, version): (&Entry, i64),
    leaves: &Entry,
    reason: &str,
) -> Result<Vec<Draft<'a>>, OfficeError> {
    let mut drafts = drafts(office, vec![lead.clone()], version)?;
    drafts[0]
        .entry
        .summary
        .closing
        .take_if(|closing| closing.waits());
    drafts[0].note_about(leaves, &actor.name, Note::Split, reason)?;
    let before = handler_before(office, leaves).await?;
    let mut draft = Draft::new(office, leaves.clone())?;
    draft.entry.row.joined = None;
    draft.entry.row.handler = before.or(leaves.row.handler);
    draft.entry.summary.handler_before = None;
    let handlers = lead.handlers().into_iter();
    let others = handlers.filter(|member| draft.entry.row.handler != Some(*member));
    let with_lead: Vec<_> = others.map(|member| hex::encode(member.0)).collect();
    draft.entry.summary.handled_by.extend(with_lead);
    draft.note_about(lead, &actor.name, Note::Split, reason)?;
    let handler = draft.entry.row.handler;
    draft.remind_all(handler);
    drafts.push(draft);
    Ok(drafts)
}

/// The one that leads keeps its handlers and its papers; the others go on under the heir with the same handlers.
fn lead_leaves<'a>(
    office: &'a Office,
    actor: &Member,
    (lead, version): (&Entry, i64),
    heir: &Entry,
    rest: Vec<&Entry>,
    reason: &str,
) -> Result<Vec<Draft<'a>>, OfficeError> {
    let mut drafts = drafts(office, vec![lead.clone()], version)?;
    drafts[0]
        .entry
        .summary
        .closing
        .take_if(|closing| closing.waits());
    drafts[0].note_about(heir, &actor.name, Note::Split, reason)?;
    let mut draft = Draft::new(office, heir.clone())?;
    draft.entry.row.joined = None;
    let summary = &mut draft.entry.summary;
    summary.handler_before = None;
    summary.co_handlers.clone_from(&lead.summary.co_handlers);
    summary
        .handled_by
        .extend(lead.summary.handled_by.iter().cloned());
    draft.note_about(lead, &actor.name, Note::Leads, reason)?;
    draft.remind_all(lead.handlers());
    drafts.push(draft);
    for entry in rest {
        let day = entry.row.joined.as_ref().map(|joined| joined.day);
        let joined = joined_row(office, entry, heir, day.ok_or(OfficeError::Damaged)?)?;
        let mut draft = Draft::new(office, entry.clone())?;
        draft.entry.row.joined = Some(joined);
        drafts.push(draft);
    }
    Ok(drafts)
}

/// Who handled a case before it was joined, if that member still can.
async fn handler_before(office: &Office, entry: &Entry) -> Result<Option<MemberId>, OfficeError> {
    let before = entry.summary.handler_before.as_deref();
    let members = office.members().await?;
    let member = members.iter().find(|member| {
        before == Some(hex::encode(member.id.0).as_str())
            // A leave takes nothing away from whom it was given to.
            && standing(office, member, std::slice::from_ref(entry))
                .is_some_and(|standing| standing != Standing::Recused)
    });
    Ok(member.map(|member| member.id))
}
