//! A line of the ledger: one case, whatever it is handled with.

use super::filter::{Filter, HandlerFilter};
use crate::cases::Entry;
use crate::model::{CaseNumber, CaseState, Member, MemberId, Mode, Outcome, PagePosition, Urgency};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::Category;
use std::cmp::Ordering;

/// Declares the columns that lines are sorted by, once.
macro_rules! sorts {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// By which column lines are sorted.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum Sort {
            $($(#[$doc])* $name,)*
        }

        impl Sort {
            /// Every one, as the columns stand.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in the address, and the end of the key of the column's name.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The one with this word.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().find(|one| one.code() == code).copied()
            }
        }
    };
}

sorts! {
    /// By number.
    Number = "number",
    /// By state, as a case goes through them.
    State = "state",
    /// By mode.
    Mode = "mode",
    /// By category.
    Category = "category",
    /// By unit.
    Unit = "unit",
    /// By handler.
    Handler = "handler",
    /// By day of receipt.
    Received = "received",
    /// By the next due day, those without one last.
    #[default]
    Due = "due",
    /// By outcome.
    Outcome = "outcome",
}

/// A line, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Case number.
    pub number: CaseNumber,
    /// Where it stands.
    pub state: CaseState,
    /// How it is handled.
    pub mode: Option<Mode>,
    /// What it is about.
    pub category: Category,
    /// Unit id.
    pub unit: String,
    /// Who handles it, by name.
    pub handler: Option<String>,
    /// Day of receipt.
    pub received_day: Day,
    /// The next due day, while a deadline runs.
    pub due_day: Option<Day>,
    /// Whether that day may move with the calendar.
    pub due_is_provisional: bool,
    /// Days until due, negative when late.
    pub days_left: Option<i32>,
    /// How time presses.
    pub urgency: Urgency,
    /// What was found, once concluded.
    pub outcome: Option<Outcome>,
    /// The case it was joined to.
    pub joined_to: Option<CaseNumber>,
}

/// A page of lines.
#[derive(Clone, Debug, Default)]
pub struct LedgerPage {
    /// The lines of this page.
    pub lines: Vec<LedgerLine>,
    /// Which page this is.
    pub position: PagePosition,
    /// Who handles any case that the viewer may see, by name.
    pub handlers: Vec<(MemberId, String)>,
}

fn next_due(entry: &Entry) -> Option<(Day, bool)> {
    let running = entry
        .deadlines
        .iter()
        .filter(|deadline| deadline.met_day.is_none());
    let next = running.min_by_key(|deadline| deadline.due_day)?;
    Some((next.due_day, next.provisional))
}

fn is_within(day: Option<Day>, (first, last): (Option<Day>, Option<Day>)) -> bool {
    if first.is_none() && last.is_none() {
        return true;
    }
    day.is_some_and(|day| {
        first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last)
    })
}

/// Whether a case that is handled in that of `lead` is asked for.
#[must_use]
pub fn matches(filter: &Filter, entry: &Entry, lead: &Entry, today: Day) -> bool {
    let (row, summary) = (&entry.row, &entry.summary);
    let due = || next_due(entry).map(|(day, _)| day);
    filter.state.is_none_or(|state| state.takes(row.state))
        && filter.mode.is_none_or(|mode| summary.mode == Some(mode))
        && filter.category.is_none_or(|one| summary.category == one)
        && filter
            .unit
            .as_ref()
            .is_none_or(|unit| lead.summary.unit == *unit)
        && filter.handler.is_none_or(|handler| match handler {
            HandlerFilter::Nobody => lead.handlers().is_empty(),
            HandlerFilter::Is(member) => lead.handles(member),
        })
        && filter
            .outcome
            .is_none_or(|one| summary.outcome == Some(one))
        && filter
            .time
            .is_none_or(|time| Urgency::of(due().map(|day| day.days_since(today))) == time)
        && is_within(Some(row.opened_day), filter.received)
        && (filter.due == (None, None) || is_within(due(), filter.due))
}

impl LedgerLine {
    /// The line of a case that is handled in that of `lead`.
    #[must_use]
    pub fn of(entry: &Entry, lead: &Entry, members: &[Member], today: Day) -> Self {
        let due = next_due(entry);
        let days_left = due.map(|(day, _)| day.days_since(today));
        let handlers = lead.handlers().into_iter().filter_map(|id| {
            let member = members.iter().find(|member| member.id == id);
            member.map(|member| member.name.as_str())
        });
        let handlers: Vec<_> = handlers.collect();
        let number = |entry: &Entry| CaseNumber(entry.row.number.clone());
        Self {
            number: number(entry),
            state: entry.row.state,
            mode: entry.summary.mode,
            category: entry.summary.category,
            unit: lead.summary.unit.clone(),
            handler: (!handlers.is_empty()).then(|| handlers.join(" · ")),
            received_day: entry.row.opened_day,
            due_day: due.map(|(day, _)| day),
            due_is_provisional: due.is_some_and(|(_, provisional)| provisional),
            days_left,
            urgency: Urgency::of(days_left),
            outcome: entry.summary.outcome,
            joined_to: entry.row.joined.as_ref().map(|_| number(lead)),
        }
    }
}

/// What stands first of two cases, each with the one that leads. No two stand in the same place.
#[must_use]
pub fn order(
    filter: &Filter,
    (a, a_lead): (&Entry, &Entry),
    (b, b_lead): (&Entry, &Entry),
    name: impl Fn(Option<MemberId>) -> Option<usize>,
) -> Ordering {
    let by = match filter.sort {
        Sort::Number => a.row.number.cmp(&b.row.number),
        Sort::State => a.row.state.rank().cmp(&b.row.state.rank()),
        Sort::Mode => last(
            a.summary.mode.map(Mode::code),
            b.summary.mode.map(Mode::code),
        ),
        Sort::Category => a.summary.category.code().cmp(b.summary.category.code()),
        Sort::Unit => a_lead.summary.unit.cmp(&b_lead.summary.unit),
        Sort::Handler => last(name(a_lead.row.handler), name(b_lead.row.handler)),
        Sort::Received => a.row.opened_day.cmp(&b.row.opened_day),
        Sort::Due => last(next_due(a), next_due(b)),
        Sort::Outcome => last(
            a.summary.outcome.map(Outcome::code),
            b.summary.outcome.map(Outcome::code),
        ),
    };
    let by = by.then_with(|| a.row.number.cmp(&b.row.number));
    if filter.descending { by.reverse() } else { by }
}

/// Those that have nothing to be sorted by come last.
#[must_use]
pub fn last<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    (a.is_none(), a).cmp(&(b.is_none(), b))
}
