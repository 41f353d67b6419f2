//! Units and schools that open cases name and the routing rules have no more.

use super::Office;
use crate::cases::Entry;

/// What a case that is not finished names and the routing file has no more: a unit or a school, by its id. Without it nobody
/// could be given the case, and who has to do with the school could not be told.
#[must_use]
pub fn named_and_missing(office: &Office) -> Option<String> {
    let rules = office.rules();
    office.caseload(|caseload| {
        let open = caseload
            .groups()
            .filter(|group| !group.state().is_finished());
        let missing = open.flat_map(|group| {
            let named = |entry: &Entry| {
                let unit = &entry.summary.unit;
                let unit = rules
                    .unit(unit)
                    .is_none()
                    .then(|| format!("[[unit]] \"{unit}\""));
                let school = entry.summary.school_id.as_deref();
                let school = school.filter(|id| rules.school_by_id(id).is_none());
                unit.or_else(|| school.map(|id| format!("[[school]] \"{id}\"")))
            };
            group.cases().filter_map(named).collect::<Vec<_>>()
        });
        missing.min()
    })
}
