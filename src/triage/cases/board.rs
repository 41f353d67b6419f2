//! Every case as the queue needs it, in memory: loaded at start, kept in step with each stored change.

use super::{Card, CaseNumber, QueueRow, QueueView, Urgency};
use crate::clock::Day;
use crate::triage::routing::{Haystack, Load};
use crate::triage::similarity::{Index, Sketch};
use crate::triage::staff::{Member, MemberId};
use crate::triage::store::{CaseId, CaseRow, ClockRow};
use std::collections::HashMap;

/// Days before the due day at which a case is due soon.
const SOON_DAYS: i32 = 3;

/// One case.
#[derive(Clone)]
pub struct Entry {
    /// Its row.
    pub row: CaseRow,
    /// Its card, opened.
    pub card: Card,
    /// Its clocks.
    pub clocks: Vec<ClockRow>,
    /// What names are looked for in.
    pub haystack: Haystack,
    /// What its first tip is compared by.
    pub sketch: Sketch,
}

impl Entry {
    /// The clock that ends first of those that run.
    #[must_use]
    pub fn next_clock(&self) -> Option<&ClockRow> {
        let running = self.clocks.iter().filter(|clock| clock.met_day.is_none());
        running.min_by_key(|clock| clock.due_day)
    }

    /// How time presses on `today`.
    #[must_use]
    pub fn urgency(&self, today: Day) -> Urgency {
        match self
            .next_clock()
            .map(|clock| clock.due_day.days_since(today))
        {
            None => Urgency::Done,
            Some(left) if left < 0 => Urgency::Late,
            Some(left) if left <= SOON_DAYS => Urgency::Soon,
            Some(_) => Urgency::OnTime,
        }
    }

    /// Whether it belongs into `view` of the member with id `viewer`.
    #[must_use]
    pub fn is_in(&self, view: QueueView, viewer: MemberId, today: Day) -> bool {
        let open = !self.row.state.is_finished();
        match view {
            QueueView::Mine => open && self.row.handler == Some(viewer),
            QueueView::New => self.row.state == super::CaseState::Received,
            QueueView::DueSoon => open && self.urgency(today) == Urgency::Soon,
            QueueView::Overdue => open && self.urgency(today) == Urgency::Late,
            QueueView::Open => open,
            QueueView::Finished => !open,
        }
    }

    /// Its line in the queue.
    #[must_use]
    pub fn queue_row(&self, members: &[Member], today: Day) -> QueueRow {
        let clock = self.next_clock();
        let handler = members.iter().find(|m| Some(m.id) == self.row.handler);
        QueueRow {
            number: CaseNumber(self.row.number.clone()),
            title: self.card.title(),
            category: self.card.category,
            state: self.row.state,
            due_day: clock.map(|clock| clock.due_day),
            due_is_provisional: clock.is_some_and(|clock| clock.provisional),
            days_left: clock.map(|clock| clock.due_day.days_since(today)),
            urgency: self.urgency(today),
            handler: handler.map(|member| member.name.clone()),
            changed_day: self.row.changed_day,
            reporter_wrote: self.card.reporter_wrote,
        }
    }
}

/// Every case.
#[derive(Default)]
pub struct Board {
    entries: HashMap<CaseId, Entry>,
    numbers: HashMap<String, CaseId>,
    tips: HashMap<[u8; 16], CaseId>,
    index: Index,
}

impl Board {
    /// Takes in a new case with its first tip.
    pub fn add(&mut self, tip: [u8; 16], entry: Entry) {
        self.index.add(tip, &entry.sketch);
        self.tips.insert(tip, entry.row.id);
        self.numbers.insert(entry.row.number.clone(), entry.row.id);
        self.entries.insert(entry.row.id, entry);
    }

    /// Replaces a case after a stored change.
    pub fn replace(&mut self, entry: Entry) {
        self.entries.insert(entry.row.id, entry);
    }

    /// The case with this number.
    #[must_use]
    pub fn by_number(&self, number: &CaseNumber) -> Option<&Entry> {
        self.entries.get(self.numbers.get(&number.0)?)
    }

    /// The case with this id.
    #[must_use]
    pub fn by_id(&self, id: CaseId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// The tips of a case, in no order.
    #[must_use]
    pub fn tips_of(&self, case: CaseId) -> Vec<[u8; 16]> {
        let tips = self.tips.iter().filter(|(_, of)| **of == case);
        tips.map(|(tip, _)| *tip).collect()
    }

    /// The case of a tip.
    #[must_use]
    pub fn of_tip(&self, tip: &[u8; 16]) -> Option<&Entry> {
        self.entries.get(self.tips.get(tip)?)
    }

    /// Every case, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Cases whose text is the same, by number.
    #[must_use]
    pub fn same_text(&self, sketch: &Sketch) -> Vec<&Entry> {
        let tips = self.index.same_text(sketch).into_iter();
        let mut found: Vec<_> = tips
            .filter_map(|tip| self.entries.get(self.tips.get(&tip)?))
            .collect();
        found.sort_by(|a, b| a.row.number.cmp(&b.row.number));
        found
    }

    /// Every tip's sketch.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Open cases of each member.
    #[must_use]
    pub fn load(&self) -> Load {
        let mut load = Load::new();
        for entry in self.iter().filter(|entry| !entry.row.state.is_finished()) {
            if let Some(handler) = entry.row.handler {
                *load.entry(handler).or_default() += 1;
            }
        }
        load
    }
}
