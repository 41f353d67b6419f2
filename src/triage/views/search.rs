//! Searching: in what the viewer may open, and nowhere else.

use super::own::own_cases;
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::casework::keyed;
use crate::ledger::LedgerLine;
use crate::model::{CaseNumber, Viewer};
use crate::office::indexing::{
    text_of_tip, texts_of, texts_of_files, texts_of_history, texts_of_summary,
};
use crate::office::{Office, OfficeError, index_case, open_tip, search_words};
use crate::search::{Part, Query};

/// Results on a page.
pub const PAGE_RESULTS: usize = 20;

/// A case that was found.
#[derive(Clone, Debug)]
pub struct SearchLine {
    /// Its line in the ledger.
    pub line: LedgerLine,
    /// School and subject in a line.
    pub title: String,
    /// Where the words stand; nowhere where its number was looked for.
    pub parts: Vec<Part>,
}

/// A page of what was found.
#[derive(Clone, Debug, Default)]
pub struct SearchPage {
    /// The cases, the latest first.
    pub lines: Vec<SearchLine>,
    /// Where the next page begins, if there is more.
    pub next: Option<usize>,
}

/// Cases that hold all the words, from the `skip`th that has to be looked at. That somebody searched is on record;
/// for what is not.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for a role that reads no tips, [`OfficeError::Damaged`], or what the store says.
pub async fn search(
    office: &Office,
    viewer: &Viewer,
    query: &Query,
    skip: usize,
) -> Result<SearchPage, OfficeError> {
    if !viewer.role.reads_tips() {
        return Err(OfficeError::NotPermitted);
    }
    let act = Act::new(Kind::Searched);
    office.audit_log().record(Some(viewer.id), act).await?;
    let own = own_cases(office, viewer, None).await?;
    if let Some(own) = &own {
        index_own(own, viewer).await?;
    }
    let office = own.as_ref().unwrap_or(office);
    let (members, today) = (office.members().await?, office.today());
    Ok(office.visible_to(viewer, |seen| {
        let (found, next) = search_words(office, |index| {
            index.find(query, skip, PAGE_RESULTS, |case| seen.by_id(case).is_some())
        });
        let line = |(entry, group): (&Entry, Group<'_>), parts| SearchLine {
            line: LedgerLine::of(entry, group.lead, &members, today),
            title: entry.summary.title(),
            parts,
        };
        // Whoever typed the number of a case wants that one first.
        let asked = Some(CaseNumber::typed(query.typed())).filter(|_| skip == 0);
        let asked = asked.and_then(|number| seen.by_number(&number));
        let first = asked.as_ref().map(|(entry, _)| entry.row.id);
        let others = found.into_iter().filter(|one| Some(one.case) != first);
        let others = others.filter_map(|one| Some(line(seen.by_id(one.case)?, one.parts)));
        SearchPage {
            lines: asked
                .map(|asked| line(asked, Vec::new()))
                .into_iter()
                .chain(others)
                .collect(),
            next,
        }
    }))
}

/// While the office's key is locked: fills the index with the viewer's own cases, opened by her own key.
async fn index_own(office: &Office, viewer: &Viewer) -> Result<(), OfficeError> {
    let store = &office.parts.store;
    let groups = office.caseload(|caseload| {
        let groups = caseload.groups();
        groups
            .map(|group: Group<'_>| group.to_entries())
            .collect::<Vec<_>>()
    });
    for entries in groups {
        for (entry, key) in keyed(office, viewer, &entries).await? {
            let case = entry.row.id;
            let messages = store.messages(case).await?;
            let papers = store.papers(case).await?;
            let mut texts = texts_of(&key, messages.iter().map(|(row, _)| row), &papers)?;
            texts.extend(texts_of_summary(&entry.summary));
            texts.extend(texts_of_files(&key, &store.attachments(case).await?)?);
            texts.extend(texts_of_history(&key, &store.history(case).await?)?);
            for tip in store.tips(Some(case)).await? {
                texts.push(text_of_tip(&open_tip(&key, &tip.sealed)?));
            }
            index_case(office, &entry.row, texts);
        }
    }
    Ok(())
}
