//! The ledger, on the screen and on its way out, and the filters that members save.

use super::own::own_cases;
use crate::audit::{Act, AskedBy, Kind};
use crate::cases::Entry;
use crate::casework::on_record;
use crate::ledger::{Filter, Format, LedgerLine, LedgerPage, PAGE_LINES, matches, order};
use crate::model::{Member, MemberId, Viewer, sort_page};
use crate::office::{Office, OfficeError, VisibleCases, open_json, seal_json};
use mifeng_opening::Identity;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// Filters that one member saves at most.
const MOST_VIEWS: usize = 50;

/// Longest name of a saved filter, in characters.
pub const VIEW_NAME_MAX_CHARS: usize = 40;

/// A saved filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: [u8; 16],
    /// What its owner calls it, and the end of its address; `None` where it was sealed to a key that she no longer has.
    pub opened: Option<(String, String)>,
}

/// A saved filter as it stands inside its seal: its name is words of a person, and may be a name.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewText {
    name: String,
    query: String,
}

/// Cases that are asked for, each with the one that leads.
struct Found<'b> {
    cases: Vec<(&'b Entry, &'b Entry)>,
    handlers: BTreeSet<MemberId>,
}

/// A page of the ledger, from 1; the last one where there are fewer.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for a role that reads no tips, or what the store says.
pub async fn ledger(
    office: &Office,
    viewer: &Viewer,
    filter: &Filter,
    page: usize,
) -> Result<LedgerPage, OfficeError> {
    let own = own_cases(office, viewer, None).await?;
    let office = own.as_ref().unwrap_or(office);
    if !viewer.role.reads_tips() {
        return Err(OfficeError::NotPermitted);
    }
    let act = Act::new(Kind::LedgerSeen);
    office.audit_log().record(Some(viewer.id), act).await?;
    let members = office.members().await?;
    Ok(office.visible_to(viewer, |seen| {
        let found = found(office, seen, filter);
        page_of(office, found, filter, &members, page)
    }))
}

/// Every line that is asked for, on its way out of the office as a file: on record with how many there are.
///
/// # Errors
/// As [`ledger`].
pub async fn export_ledger(
    office: &Office,
    viewer: &Viewer,
    filter: &Filter,
    format: Format,
) -> Result<Vec<LedgerLine>, OfficeError> {
    let own = own_cases(office, viewer, None).await?;
    let office = own.as_ref().unwrap_or(office);
    if !viewer.role.reads_tips() {
        return Err(OfficeError::NotPermitted);
    }
    let members = office.members().await?;
    let today = office.today();
    let lines: Vec<LedgerLine> = office.visible_to(viewer, |seen| {
        let mut cases = found(office, seen, filter).cases;
        cases.sort_unstable_by(in_order(filter, &members));
        let line = |(entry, lead): (&Entry, &Entry)| LedgerLine::of(entry, lead, &members, today);
        cases.into_iter().map(line).collect()
    });
    let audit_log = office.audit_log();
    audit_log
        .record_export(
            viewer.id,
            format.code(),
            lines.len(),
            AskedBy::Filter(filter),
        )
        .await?;
    Ok(lines)
}

fn found<'b>(office: &Office, seen: &VisibleCases<'_, 'b>, filter: &Filter) -> Found<'b> {
    let today = office.today();
    let mut found = Found {
        cases: Vec::new(),
        handlers: BTreeSet::new(),
    };
    for group in seen.groups() {
        found.handlers.extend(group.lead.handlers());
        let lead = group.lead;
        let asked = group
            .cases()
            .filter(|entry| matches(filter, entry, lead, today));
        found.cases.extend(asked.map(|entry| (entry, lead)));
    }
    found
}

fn page_of(
    office: &Office,
    found: Found<'_>,
    filter: &Filter,
    members: &[Member],
    page: usize,
) -> LedgerPage {
    let Found {
        mut cases,
        handlers,
    } = found;
    let (here, position) = sort_page(&mut cases, page, PAGE_LINES, in_order(filter, members));
    let today = office.today();
    let line = |(entry, lead): &(&Entry, &Entry)| LedgerLine::of(entry, lead, members, today);
    let known = members.iter().filter(|one| handlers.contains(&one.id));
    let mut handlers: Vec<_> = known
        .map(|one| (one.id, one.called_among(members)))
        .collect();
    handlers.sort_by(|a, b| a.1.cmp(&b.1));
    LedgerPage {
        lines: cases[here].iter().map(line).collect(),
        position,
        handlers,
    }
}

/// The filters that the viewer saved, by name. Only her own key opens them, whether or not the office's is locked.
///
/// # Errors
/// What the store says.
pub async fn saved_views(office: &Office, viewer: &Viewer) -> Result<Vec<SavedView>, OfficeError> {
    let rows = office.parts.store.ledger_views(viewer.id).await?;
    let open = |sealed: &[u8]| -> Option<(String, String)> {
        let text: ViewText = open_json(viewer.identity(), sealed).ok()?;
        Some((text.name, text.query))
    };
    let rows = rows.into_iter();
    let mut views: Vec<SavedView> = rows
        .map(|(id, sealed)| SavedView {
            id,
            opened: open(&sealed),
        })
        .collect();
    views.sort_by(|a, b| (&a.opened, a.id).cmp(&(&b.opened, b.id)));
    Ok(views)
}

/// Saves a filter under a name, sealed to the viewer's own key.
///
/// # Errors
/// [`OfficeError::Unsound`] with the field `name`; [`OfficeError::NotPossible`] where she has saved as many as there
/// may be; or what the store says.
pub async fn save_view(
    office: &Office,
    viewer: &Viewer,
    name: &str,
    filter: &Filter,
) -> Result<(), OfficeError> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= VIEW_NAME_MAX_CHARS;
    if !fits {
        return Err(OfficeError::Unsound("name", "error-view-name"));
    }
    let store = &office.parts.store;
    if store.ledger_views(viewer.id).await?.len() >= MOST_VIEWS {
        return Err(OfficeError::Unsound("name", "error-views-many"));
    }
    let text = ViewText {
        name: name.to_owned(),
        query: filter.query(),
    };
    let sealed = seal_json(&text, &Identity::recipient(viewer.identity()))?;
    let id = office.new_id();
    let act = Act::new(Kind::ViewSaved).of(id);
    on_record(office, viewer, act, async {
        Ok(store.add_ledger_view(viewer.id, id, &sealed).await?)
    })
    .await
}

/// Takes a saved filter away.
///
/// # Errors
/// [`OfficeError::NotYours`] where the viewer has saved none with this id, or what the store says.
pub async fn forget_view(
    office: &Office,
    viewer: &Viewer,
    id: [u8; 16],
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::ViewForgotten).of(id);
    on_record(office, viewer, act, async {
        let store = &office.parts.store;
        let gone = store.remove_ledger_view(viewer.id, id).await?;
        gone.then_some(()).ok_or(OfficeError::NotYours)
    })
    .await
}

/// The order of a filter, handlers by their names.
fn in_order<'a>(
    filter: &'a Filter,
    members: &[Member],
) -> impl Fn(&(&Entry, &Entry), &(&Entry, &Entry)) -> Ordering + 'a {
    let mut names: Vec<_> = members.iter().map(|one| (&one.name, one.id)).collect();
    names.sort();
    let ranks = names.into_iter().enumerate();
    let ranks: HashMap<MemberId, usize> = ranks.map(|(rank, (_, id))| (id, rank)).collect();
    move |a, b| {
        let rank = |id: Option<MemberId>| id.and_then(|id| ranks.get(&id).copied());
        order(filter, *a, *b, rank)
    }
}
