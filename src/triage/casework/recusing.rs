//! Recusing oneself (回避): whoever knows that he should have nothing to do with a case says so, loses its key at once, and it
//! goes to another.

use super::on_record::change_case_alone;
use super::storing::{drafts, store_drafts};
use super::texts::{REASON_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{CaseNumber, Member, Note};
use crate::office::{Office, OfficeError};
use crate::routing::{Matter, Routed, UnitChoice, choose_handler};

/// Recuses `actor` from the case for good. Where he handles it, it goes to the person in its unit with the fewest open
/// cases who is not recused, else to a dispatcher, else it waits for somebody to be named.
///
/// # Errors
/// As [every change](super); [`OfficeError::BadText`] without a reason, [`OfficeError::LastReader`] where nobody else sees (or oversees) it,
/// [`OfficeError::Changed`].
pub async fn recuse_oneself(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::RecusedOneself);
    // Who has the fewest cases is another once somebody else is given one.
    change_case_alone(office, actor, number, act, async |entries| {
        step_aside(office, actor, entries, version, reason).await
    })
    .await
}

async fn step_aside(
    office: &Office,
    actor: &Member,
    entries: Vec<Entry>,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    check_text("reason", reason, REASON_MAX_CHARS)?;
    let members = office.members().await?;
    if !is_left(actor, &entries, &members) {
        return Err(OfficeError::LastReader);
    }
    let id = hex::encode(actor.id.0);
    let next = match entries[0].row.handler {
        Some(handler) if handler == actor.id => Some(next_handler(office, actor, &entries).await?),
        _ => None,
    };
    let mut drafts = drafts(office, entries, version)?;
    for draft in &mut drafts {
        draft.entry.summary.recused.insert(id.clone());
        draft.take_off(actor.id);
        draft.note(Some(&actor.name), Note::RecusedOneself, reason)?;
        let Some(next) = &next else { continue };
        draft.entry.row.handler = next.handler;
        let summary = &mut draft.entry.summary;
        summary.handled_by.insert(id.clone());
        summary.reasons.extend(next.reasons.iter().cloned());
    }
    drafts[0].remind_all(next.and_then(|next| next.handler));
    store_drafts(office, drafts).await
}

/// Who handles the case instead of `actor`.
async fn next_handler(
    office: &Office,
    actor: &Member,
    entries: &[Entry],
) -> Result<Routed, OfficeError> {
    let choice = UnitChoice {
        unit: entries[0].summary.unit.clone(),
        rule: None,
        reason: (
            "承办人自行回避，在科室内另行分派。".to_owned(),
            "The handler recused himself, so it goes to another in the unit.".to_owned(),
        ),
    };
    let members = office.members().await?;
    let recused = |member: &Member| {
        member.id == actor.id || entries.iter().any(|entry| office.recused(member, entry))
    };
    let matter = Matter {
        category: entries[0].summary.category,
        today: office.today(),
        recused: &recused,
    };
    let kept = Office::kept_from(&members, recused);
    let load = office.caseload(|caseload| caseload.load_without(&kept));
    Ok(choose_handler(&choice, &members, &load, &matter, None))
}

/// Whether somebody else sees the case, and oversees it where `actor` does: it is left to nobody by one person's word. It goes
/// to the office above, as he may ask, or he waits until another is there.
fn is_left(actor: &Member, entries: &[Entry], members: &[Member]) -> bool {
    let oversees = actor.role.sees_all_cases();
    members.iter().any(|one| {
        one.id != actor.id
            && (one.role.sees_all_cases() || !oversees)
            && entries[0].holders.contains(&one.id)
    })
}
