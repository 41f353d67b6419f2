//! Cases that are handled together (并案): one leads, and each keeps its number, key, deadlines, mailbox and answer. A case
//! by itself is a group of one.

use super::{Entry, QueueRow, QueueView};
use crate::model::{CaseNumber, CaseState, Member, MemberId, Urgency};
use crate::store::DeadlineRow;
use mifeng_foundation::clock::Day;

/// Cases that are handled together.
#[derive(Clone)]
pub struct Group<'a> {
    /// The case that leads.
    pub lead: &'a Entry,
    /// Those that were joined to it, by number.
    pub joined: Vec<&'a Entry>,
}

impl<'a> Group<'a> {
    /// From entries of which the first leads.
    #[must_use]
    pub fn of(entries: &'a [Entry]) -> Option<Self> {
        let (lead, joined) = entries.split_first()?;
        Some(Self {
            lead,
            joined: joined.iter().collect(),
        })
    }

    /// Every case, the one that leads first.
    pub fn cases(&self) -> impl Iterator<Item = &'a Entry> + '_ {
        std::iter::once(self.lead).chain(self.joined.iter().copied())
    }

    /// Every case as it is now, the one that leads first.
    #[must_use]
    pub fn to_entries(&self) -> Vec<Entry> {
        self.cases().cloned().collect()
    }

    /// Where the whole stands. A case that was finished and got a tip with new facts is open again, and stands where that
    /// tip stands; its own answer was given, and stays. It is off the ledger once nothing in it is only concluded.
    #[must_use]
    pub fn state(&self) -> CaseState {
        let open = self.cases().map(|entry| entry.row.state);
        let open = open.filter(|state| !state.is_finished());
        let lead = self.lead.row.state;
        if !lead.is_finished() {
            return lead;
        }
        let concluded = |entry: &Entry| entry.row.state == CaseState::Concluded;
        let finished = if self.cases().any(concluded) {
            CaseState::Concluded
        } else {
            lead
        };
        open.max_by_key(|state| state.rank()).unwrap_or(finished)
    }

    /// Whether a finished case is open again because of a tip that was joined to it.
    #[must_use]
    pub fn is_reopened(&self) -> bool {
        self.lead.row.state.is_finished() && !self.state().is_finished()
    }

    /// The deadline that ends first of those that run.
    #[must_use]
    pub fn next_deadline(&self) -> Option<&'a DeadlineRow> {
        let deadlines = self.cases().flat_map(|entry| entry.deadlines.iter());
        let running = deadlines.filter(|deadline| deadline.met_day.is_none());
        running.min_by_key(|deadline| deadline.due_day)
    }

    /// Whether anything is still to be done by a day: it is open, or an objection to its decision waits for an answer.
    #[must_use]
    pub fn presses(&self) -> bool {
        !self.state().is_finished() || self.next_deadline().is_some()
    }

    /// How time presses on `today`.
    #[must_use]
    pub fn urgency(&self, today: Day) -> Urgency {
        let deadline = self.next_deadline();
        Urgency::of(deadline.map(|deadline| deadline.due_day.days_since(today)))
    }

    /// Whether it belongs into `view` of the member with id `viewer`.
    #[must_use]
    pub fn is_in(&self, view: QueueView, viewer: MemberId, today: Day) -> bool {
        self.views(viewer, today)(view)
    }

    /// The same for every view, looked at once.
    pub fn views(&self, viewer: MemberId, today: Day) -> impl Fn(QueueView) -> bool + use<'a> {
        let (state, urgency) = (self.state(), self.urgency(today));
        let open = !state.is_finished();
        let presses = self.presses();
        let mine = self.lead.handles(viewer);
        move |view| match view {
            QueueView::Mine => open && mine,
            QueueView::New => state == CaseState::Received,
            QueueView::DueSoon => presses && urgency == Urgency::Soon,
            QueueView::Overdue => presses && urgency == Urgency::Late,
            QueueView::Open => open,
            QueueView::Finished => !open,
        }
    }

    /// Its line in the queue.
    #[must_use]
    pub fn queue_row(&self, members: &[Member], today: Day) -> QueueRow {
        let deadline = self.next_deadline();
        let row = &self.lead.row;
        let names = self.lead.handlers().into_iter().filter_map(|id| {
            let member = members.iter().find(|member| member.id == id);
            member.map(|member| member.name.as_str())
        });
        let names: Vec<_> = names.collect();
        let changed = self.cases().map(|entry| entry.row.changed_day).max();
        let reporters = || {
            self.cases()
                .flat_map(|entry| entry.summary.reporters.values())
        };
        QueueRow {
            number: CaseNumber(row.number.clone()),
            title: self.lead.summary.title(),
            category: self.lead.summary.category,
            state: self.state(),
            due_day: deadline.map(|deadline| deadline.due_day),
            due_is_provisional: deadline.is_some_and(|deadline| deadline.provisional),
            days_left: deadline.map(|deadline| deadline.due_day.days_since(today)),
            urgency: self.urgency(today),
            handler: (!names.is_empty()).then(|| names.join(" · ")),
            changed_day: changed.unwrap_or(row.changed_day),
            reporter_wrote: self.cases().any(|entry| entry.summary.reporter_wrote),
            corrected: reporters().any(|reporter| reporter.corrected),
            withdrawn: reporters().any(|reporter| reporter.withdrawn),
            unproven_words: self.cases().any(|entry| entry.summary.unproven_words),
            tips: self.joined.len() + 1,
            copies: None,
        }
    }
}
