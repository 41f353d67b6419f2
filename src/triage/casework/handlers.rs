//! Several who handle one case: named and taken off by whoever leads it or sees all cases. Whoever is recused cannot be named,
//! and whoever is taken off loses the key at once.

use super::candidates::could_handle;
use super::draft::Draft;
use super::on_record::{change_case, state_of};
use super::opining::{asked, may_opine};
use super::storing::{drafts, store_drafts};
use super::texts::{REASON_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Handling};
use crate::model::{CaseNumber, Member, MemberId, Note};
use crate::office::{Office, OfficeError};

/// Has `helper` handle the case too.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`] for whoever neither leads the case nor sees all of them,
/// [`OfficeError::NotPossible`] where `helper` cannot have it or has it already, or the case is finished;
/// [`OfficeError::BadText`] without a reason, [`OfficeError::Changed`].
pub async fn add_handler(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    helper: MemberId,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::HandlerAdded).of(helper.0);
    change_case(office, actor, number, act, async |entries| {
        if !names_handlers(actor, &entries) {
            return Err(OfficeError::NotPermitted);
        }
        check_text("reason", reason, REASON_MAX_CHARS)?;
        let members = office.members().await?;
        let chosen = members.iter().find(|member| member.id == helper);
        let chosen = chosen.filter(|member| could_help(office, member, &entries));
        let chosen = chosen.ok_or(OfficeError::NotPossible)?;
        let mut drafts = drafts(office, entries, version)?;
        let lead = &mut drafts[0];
        lead.entry.summary.co_handlers.insert(hex::encode(helper.0));
        let detail = format!("{}: {reason}", chosen.name);
        lead.note(Some(&actor.name), Note::HandlerAdded, &detail)?;
        lead.remind(helper);
        store_drafts(office, drafts).await
    })
    .await
}

/// Takes `helper` off the case; it stays with the one who leads it. Who helps may also say so herself.
///
/// # Errors
/// As [`add_handler`]; [`OfficeError::NotPossible`] where `helper` does not help.
pub async fn remove_handler(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    helper: MemberId,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::HandlerRemoved).of(helper.0);
    change_case(office, actor, number, act, async |entries| {
        if !names_handlers(actor, &entries) && actor.id != helper {
            return Err(OfficeError::NotPermitted);
        }
        check_text("reason", reason, REASON_MAX_CHARS)?;
        if !entries[0].summary.helps(helper) {
            return Err(OfficeError::NotPossible);
        }
        let members = office.members().await?;
        let name = members.iter().find(|member| member.id == helper);
        let name = name.map_or("", |member| member.name.as_str());
        let mut drafts = drafts(office, entries, version)?;
        for draft in &mut drafts {
            draft.take_off(helper);
        }
        let detail = format!("{name}: {reason}");
        drafts[0].note(Some(&actor.name), Note::HandlerRemoved, &detail)?;
        store_drafts(office, drafts).await
    })
    .await
}

/// Who handles the case together, and what `viewer` can do about it.
pub(crate) fn handling(
    office: &Office,
    viewer: &Member,
    entries: &[Entry],
    members: &[Member],
) -> Handling {
    let lead = &entries[0];
    let line = |member: &Member| (hex::encode(member.id.0), member.called_among(members));
    let lines = |ids: &mut dyn Iterator<Item = MemberId>| -> Vec<(String, String)> {
        let found = ids.filter_map(|id| members.iter().find(|member| member.id == id));
        found.map(line).collect()
    };
    let handlers = lead.handlers();
    let mut helpers = handlers
        .iter()
        .copied()
        .filter(|id| lead.summary.helps(*id));
    let names = names_handlers(viewer, entries) && !office.is_locked();
    let could = members
        .iter()
        .filter(|member| names && could_help(office, member, entries));
    let (last, asked) = (lead.summary.opinions.last(), asked(lead));
    let mut unsigned = last.into_iter().flat_map(|last| last.unsigned(&asked));
    let may = may_opine(viewer, entries);
    Handling {
        helpers: lines(&mut helpers),
        could_help: could.map(line).collect(),
        names,
        unsigned: lines(&mut unsigned)
            .into_iter()
            .map(|(_, name)| name)
            .collect(),
        can_write: may,
        can_sign: may && last.is_some_and(|last| !last.is_signed_by(viewer.id)),
        opinions: lead.summary.opinions.clone(),
    }
}

/// Whether `member` can be named to handle the case too.
fn could_help(office: &Office, member: &Member, entries: &[Entry]) -> bool {
    let handles = entries[0].handles(member.id);
    could_handle(office, member, entries) && !handles && !state_of(entries).is_finished()
}

/// Whether `actor` says who handles the case besides: its first handler, and whoever sees all cases.
fn names_handlers(actor: &Member, entries: &[Entry]) -> bool {
    actor.role.sees_all_cases() || entries[0].row.handler == Some(actor.id)
}

impl Draft<'_> {
    /// Takes a member off who handles it with others; she handled it, and approves nothing of it any more.
    pub(super) fn take_off(&mut self, member: MemberId) {
        let id = hex::encode(member.0);
        if self.entry.summary.co_handlers.remove(&id) {
            self.entry.summary.handled_by.insert(id);
        }
    }
}
