//! Who could be given a case.

use super::on_record::entries;
use crate::cases::Entry;
use crate::model::{CaseNumber, Member, MemberId};
use crate::office::{Office, OfficeError};
use crate::routing::{Matter, Standing, works};

/// Somebody who handles cases, and whether she can be given this one.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The member's id.
    pub id: MemberId,
    /// Shown name, told apart from others of the same.
    pub name: String,
    /// Unit id.
    pub unit: Option<String>,
    /// Open cases in hand, of those that whoever chooses may see.
    pub open_cases: usize,
    /// Whether she can be given it, and why not.
    pub standing: Standing,
    /// Whether she is of the unit that the case is in.
    pub of_unit: bool,
}

/// Everybody who handles cases, and whether she can be given this one and why not: those of the unit first, of them
/// those who know such tips best, then those with the fewest open cases.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`] for whoever does not assign.
pub async fn candidates(
    office: &Office,
    viewer: &Member,
    number: &CaseNumber,
) -> Result<Vec<Candidate>, OfficeError> {
    let entries = entries(office, viewer, number).await?;
    if !viewer.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method would be one of a single lifetime"
    )]
    let load = office.visible_to(viewer, |seen| seen.load());
    let all = office.members().await?;
    let unit = &entries.first().ok_or(OfficeError::NotYours)?.summary.unit;
    let candidate = |member: &Member| {
        Some(Candidate {
            standing: standing(office, member, &entries)?,
            open_cases: load.get(&member.id).copied().unwrap_or(0),
            of_unit: member.unit.as_ref() == Some(unit),
            id: member.id,
            name: member.called_among(&all),
            unit: member.unit.clone(),
        })
    };
    let mut candidates: Vec<_> = all.iter().filter_map(candidate).collect();
    let skilled = |one: &Candidate| one.standing == Standing::Free { skilled: true };
    candidates.sort_by(|a, b| {
        let by = |one: &Candidate| {
            let (free, skilled) = (one.standing.is_free(), skilled(one));
            (!free, !one.of_unit, !skilled, one.open_cases)
        };
        by(a).cmp(&by(b)).then_with(|| a.name.cmp(&b.name))
    });
    Ok(candidates)
}

/// Whether a member can be given a case with these tips; `None` for one who handles none at all.
pub(super) fn standing(office: &Office, member: &Member, entries: &[Entry]) -> Option<Standing> {
    let recused = |member: &Member| entries.iter().any(|entry| office.recused(member, entry));
    let matter = Matter {
        category: entries.first()?.summary.category,
        today: office.today(),
        recused: &recused,
    };
    works(member).then(|| matter.standing(member))
}

pub(super) fn could_handle(office: &Office, member: &Member, entries: &[Entry]) -> bool {
    let standing = standing(office, member, entries);
    standing.is_some_and(Standing::is_free)
}
