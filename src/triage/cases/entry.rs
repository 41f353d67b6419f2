//! A case in memory.

use crate::model::{CaseSummary, MemberId};
use crate::routing::NameSearchText;
use crate::store::{CaseRow, DeadlineRow};
use mifeng_similarity::Sketch;
use std::sync::Arc;

/// One case.
#[derive(Clone)]
pub struct Entry {
    /// Its row.
    pub row: CaseRow,
    /// Its summary, opened.
    pub summary: CaseSummary,
    /// Its deadlines.
    pub deadlines: Vec<DeadlineRow>,
    /// The text in which names of staff are searched.
    pub name_search_text: NameSearchText,
    /// What its first tip is compared by. The index has it only taken apart, and is made anew from these when cases were
    /// destroyed; so it is kept whole, in somewhat more than a kilobyte.
    pub sketch: Arc<Sketch>,
    /// Who holds its key, in no order.
    pub holders: Vec<MemberId>,
}

impl Entry {
    /// Whether the member with this id handles the case: leads it, or helps.
    #[must_use]
    pub fn handles(&self, member: MemberId) -> bool {
        self.row.handler == Some(member) || self.summary.helps(member)
    }

    /// Who handles it and holds its key, the one who leads it first.
    #[must_use]
    pub fn handlers(&self) -> Vec<MemberId> {
        let helpers = self.holders.iter().copied();
        let mut helpers: Vec<_> = helpers
            .filter(|member| self.summary.helps(*member))
            .collect();
        helpers.sort_unstable();
        let lead = self.row.handler.into_iter();
        lead.chain(helpers).collect()
    }
}
