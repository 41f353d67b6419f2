//! Figures of a year: how many cases were received, are open, due, overdue, upheld; by month, school, category, unit and
//! handler.

use crate::cases::Entry;
use crate::model::{MemberId, Outcome, Urgency};
use mifeng_foundation::clock::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Received in the year.
    Received,
    /// Of those, not finished.
    Open,
    /// Of those, due this week and not late.
    DueThisWeek,
    /// Of the open ones, past a due day.
    Overdue,
    /// Found true, in part at least.
    Upheld,
}

impl Measure {
    /// Every one, as the columns stand.
    pub const ALL: [Self; 5] = [
        Self::Received,
        Self::Open,
        Self::DueThisWeek,
        Self::Overdue,
        Self::Upheld,
    ];

    /// The end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Open => "open",
            Self::DueThisWeek => "due-week",
            Self::Overdue => "overdue",
            Self::Upheld => "upheld",
        }
    }

    /// The one that counts no fewer in any row.
    #[must_use]
    pub fn wider(self) -> Option<Self> {
        match self {
            Self::Received => None,
            Self::Open | Self::Upheld => Some(Self::Received),
            Self::DueThisWeek | Self::Overdue => Some(Self::Open),
        }
    }
}

/// By what it is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Month of receipt.
    Month,
    /// School.
    School,
    /// What it is about.
    Category,
    /// Unit.
    Unit,
    /// Handler.
    Handler,
}

impl Dimension {
    /// Every one, as the tables stand.
    pub const ALL: [Self; 5] = [
        Self::Month,
        Self::School,
        Self::Category,
        Self::Unit,
        Self::Handler,
    ];

    /// The end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::School => "school",
            Self::Category => "category",
            Self::Unit => "unit",
            Self::Handler => "handler",
        }
    }
}

/// What a row is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A month, from 1.
    Month(i8),
    /// A school of the rules; `None` for one that they do not have.
    School(Option<String>),
    /// A category, by code.
    Category(&'static str),
    /// A unit, by id.
    Unit(String),
    /// A member; `None` for nobody.
    Handler(Option<MemberId>),
}

/// Counts by [`Measure`].
pub type Counts = [u32; Measure::ALL.len()];

/// Rows of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// By what they are told apart.
    pub dimension: Dimension,
    /// Each with its counts.
    pub rows: Vec<(Key, Counts)>,
    /// Of all rows together.
    pub total: Counts,
}

/// Counts as they come together.
#[derive(Clone, Debug)]
pub struct Tally {
    year: i16,
    today: Day,
    rows: [BTreeMap<Key, Counts>; Dimension::ALL.len()],
    total: Counts,
    /// Years in which any case was received, with this one.
    pub years: BTreeSet<i16>,
}

impl Tally {
    /// Nothing yet, of what was received in `year` and as it stands `today`.
    #[must_use]
    pub fn new(year: i16, today: Day) -> Self {
        Self {
            year,
            today,
            rows: Default::default(),
            total: Counts::default(),
            years: [year, today.date().year()].into(),
        }
    }

    /// Rows that stand in the tables even where nothing is counted in them.
    pub fn expect(&mut self, dimension: Dimension, keys: impl IntoIterator<Item = Key>) {
        for key in keys {
            self.rows[dimension as usize].entry(key).or_default();
        }
    }

    /// Counts a case that is handled in that of `lead`.
    pub fn count(&mut self, entry: &Entry, lead: &Entry) {
        let received = entry.row.opened_day.date();
        self.years.insert(received.year());
        if received.year() != self.year {
            return;
        }
        let counts = self.counts(entry);
        let keys = [
            Key::Month(received.month()),
            Key::School(entry.summary.school_id.clone()),
            Key::Category(entry.summary.category.code()),
            Key::Unit(lead.summary.unit.clone()),
            Key::Handler(lead.row.handler),
        ];
        let rows = self.rows.iter_mut().zip(keys);
        let rows = rows.map(|(rows, key)| rows.entry(key).or_default());
        for sum in rows.chain([&mut self.total]) {
            for (sum, count) in sum.iter_mut().zip(counts) {
                *sum += count;
            }
        }
    }

    fn counts(&self, entry: &Entry) -> Counts {
        let open = !entry.row.state.is_finished();
        let running = entry
            .deadlines
            .iter()
            .filter(|deadline| deadline.met_day.is_none());
        let due = running
            .map(|deadline| deadline.due_day)
            .min()
            .filter(|_| open);
        let is_late = |due: Day| Urgency::of(Some(due.days_since(self.today))) == Urgency::Late;
        let week = self.today.date().weekday().to_monday_zero_offset();
        let sunday = self.today.plus_days(6 - i32::from(week));
        let upheld = [Outcome::Upheld, Outcome::PartlyUpheld];
        [
            true,
            open,
            due.is_some_and(|due| !is_late(due) && due <= sunday),
            due.is_some_and(is_late),
            entry
                .summary
                .outcome
                .is_some_and(|one| upheld.contains(&one)),
        ]
        .map(u32::from)
    }

    /// The tables, their rows in the order of their keys.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        let tables = Dimension::ALL.into_iter().zip(&self.rows);
        tables
            .map(|(dimension, rows)| Table {
                dimension,
                rows: rows
                    .iter()
                    .map(|(key, counts)| (key.clone(), *counts))
                    .collect(),
                total: self.total,
            })
            .collect()
    }
}
