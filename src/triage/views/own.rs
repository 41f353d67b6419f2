//! What a member opens while the office's key is locked: her own cases, with her own key, and no other. The office is then a
//! small one for each request, which holds the cases that she opened herself.

use crate::cases::Entry;
use crate::model::{CaseNumber, MemberId, Role, Viewer};
use crate::office::{Office, OfficeError, name_search_text_of_case, open_json, open_tip};
use crate::store::CaseRow;
use mifeng_opening::Identity;
use std::sync::Arc;

/// An office of the viewer's own cases, or with the one that has this number if she holds its key; `None` where the
/// office is open and has all of them.
pub(super) async fn own_cases(
    office: &Office,
    viewer: &Viewer,
    number: Option<&CaseNumber>,
) -> Result<Option<Office>, OfficeError> {
    if !office.locked {
        return Ok(None);
    }
    let store = &office.parts.store;
    let rows = match number {
        Some(number) => store.case_group(&number.0).await?,
        // An investigator holds the keys of what she handles, alone or with others, and no more.
        None if viewer.role == Role::Investigator => store.cases_held_by(viewer.id).await?,
        None => store.cases_handled_by(viewer.id).await?,
    };
    let own = Office::empty(Arc::clone(&office.parts), false);
    let own = own.with_blobs(office.blobs.clone());
    own.set_rules(office.rules());
    for row in &rows {
        for (number, case) in store.older_numbers(Some(row.id)).await? {
            own.caseload_mut(|caseload| caseload.add_older_number(number, case));
        }
    }
    for lead in rows.iter().filter(|row| row.joined.is_none()) {
        let Some(wrapped) = store.wrap(lead.id, viewer.id).await? else {
            continue;
        };
        let damaged = |_| OfficeError::Damaged;
        let key = viewer.identity().open_identity(&wrapped).map_err(damaged)?;
        let holders = store.holders_of(lead.id).await?;
        take_in(&own, lead, &key, holders).await?;
        let of_lead = |row: &&CaseRow| {
            let joined = row.joined.as_ref();
            joined.is_some_and(|joined| joined.lead == lead.id)
        };
        for row in rows.iter().filter(of_lead) {
            let joined = row.joined.as_ref().ok_or(OfficeError::Damaged)?;
            let key = key.open_identity(&joined.identity).map_err(damaged)?;
            take_in(&own, row, &key, Vec::new()).await?;
        }
    }
    own.settle(&own.parts.directory.members().await?);
    Ok(Some(own))
}

async fn take_in(
    office: &Office,
    row: &CaseRow,
    key: &Identity,
    holders: Vec<MemberId>,
) -> Result<(), OfficeError> {
    let store = &office.parts.store;
    let tips = store.tips(Some(row.id)).await?;
    let tip = tips.first().ok_or(OfficeError::Damaged)?;
    let document = open_tip(key, &tip.sealed)?;
    let messages = store.messages(row.id).await?;
    let messages = messages.iter().map(|(message, _)| message);
    let name_search_text = name_search_text_of_case(key, &document, messages)?;
    let entry = Entry {
        summary: open_json(key, &row.summary)?,
        deadlines: store.deadlines(Some(row.id)).await?,
        sketch: Arc::new(office.sketch_of(&document, tip.received_day)),
        row: row.clone(),
        name_search_text,
        holders,
    };
    office.caseload_mut(|caseload| caseload.add(tip.id, entry));
    Ok(())
}
