//! What lines of the ledger are asked for: codes, ids and days. There is no place for words of a person.

use super::line::Sort;
use crate::model::{CaseState, MemberId, Mode, Outcome, Urgency};
use crate::routing::Rules;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::Category;
use std::collections::HashMap;

/// The names of the filters, as they stand in addresses and forms.
pub const FIELDS: [&str; 13] = [
    "state",
    "mode",
    "category",
    "unit",
    "handler",
    "outcome",
    "time",
    "received-from",
    "received-to",
    "due-from",
    "due-to",
    "sort",
    "order",
];

/// A field that is unsound, and the key of the words that say how.
pub type Wrong = (&'static str, &'static str);

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFilter {
    /// Not finished.
    Open,
    /// Finished, in whatever way.
    Finished,
    /// In this state.
    Is(CaseState),
}

impl StateFilter {
    /// Every one, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Open, Self::Finished]
            .into_iter()
            .chain(CaseState::ALL.map(Self::Is))
    }

    /// The word in the address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Finished => "finished",
            Self::Is(state) => state.code(),
        }
    }

    /// Whether a case that stands there is asked for.
    #[must_use]
    pub fn takes(self, state: CaseState) -> bool {
        match self {
            Self::Open => !state.is_finished(),
            Self::Finished => state.is_finished(),
            Self::Is(one) => one == state,
        }
    }
}

/// Who handles a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlerFilter {
    /// Nobody.
    Nobody,
    /// This member.
    Is(MemberId),
}

impl HandlerFilter {
    /// The word in the address.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Nobody => "nobody".to_owned(),
            Self::Is(member) => hex::encode(member.0),
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        if code == "nobody" {
            return Some(Self::Nobody);
        }
        let mut id = [0; 16];
        hex::decode_to_slice(code, &mut id).ok()?;
        Some(Self::Is(MemberId(id)))
    }
}

/// Which lines, in which order. Empty for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub state: Option<StateFilter>,
    /// How they are handled.
    pub mode: Option<Mode>,
    /// What they are about.
    pub category: Option<Category>,
    /// The id of a unit of the rules.
    pub unit: Option<String>,
    /// Who handles them.
    pub handler: Option<HandlerFilter>,
    /// What was found.
    pub outcome: Option<Outcome>,
    /// How time presses.
    pub time: Option<Urgency>,
    /// First and last day of receipt.
    pub received: (Option<Day>, Option<Day>),
    /// First and last day by which something is due.
    pub due: (Option<Day>, Option<Day>),
    /// By which column.
    pub sort: Sort,
    /// The last first.
    pub descending: bool,
}

impl Filter {
    /// Reads what was typed or stands in an address; what is not there or empty asks for all.
    ///
    /// # Errors
    /// Each field that is unsound. A unit must be one of `rules`.
    pub fn parse(typed: &HashMap<String, String>, rules: &Rules) -> Result<Self, Vec<Wrong>> {
        let mut reader = Reader {
            typed,
            wrong: Vec::new(),
        };
        let unit = |id: &str| rules.unit(id).map(|unit| unit.id.clone());
        let category = |code: &str| {
            let mut all = Category::ALL.iter();
            all.find(|one| one.code() == code).copied()
        };
        let filter = Self {
            state: reader.choice("state", |code| {
                StateFilter::all().find(|one| one.code() == code)
            }),
            mode: reader.choice("mode", Mode::from_code),
            category: reader.choice("category", category),
            unit: reader.choice("unit", unit),
            handler: reader.choice("handler", HandlerFilter::from_code),
            outcome: reader.choice("outcome", Outcome::from_code),
            time: reader.choice("time", Urgency::from_code),
            received: reader.days("received-from", "received-to"),
            due: reader.days("due-from", "due-to"),
            sort: reader.choice("sort", Sort::from_code).unwrap_or_default(),
            descending: reader.choice("order", is_descending).unwrap_or(false),
        };
        if reader.wrong.is_empty() {
            Ok(filter)
        } else {
            Err(reader.wrong)
        }
    }

    /// Names and values, without those that ask for nothing; [`Self::parse`] reads them.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        let code = |code: &'static str| code.to_owned();
        let sort = (self.sort != Sort::default()).then(|| code(self.sort.code()));
        let values = [
            self.state.map(|one| code(one.code())),
            self.mode.map(|one| code(one.code())),
            self.category.map(|one| code(one.code())),
            self.unit.clone(),
            self.handler.map(HandlerFilter::code),
            self.outcome.map(|one| code(one.code())),
            self.time.map(|one| code(one.code())),
            day(self.received.0),
            day(self.received.1),
            day(self.due.0),
            day(self.due.1),
            sort,
            self.descending.then(|| code("last-first")),
        ];
        let pairs = FIELDS.into_iter().zip(values);
        pairs
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// The same as the end of an address.
    #[must_use]
    pub fn query(&self) -> String {
        let pairs = self.pairs().into_iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    }
}

fn is_descending(code: &str) -> Option<bool> {
    match code {
        "first-first" => Some(false),
        "last-first" => Some(true),
        _ => None,
    }
}

struct Reader<'a> {
    typed: &'a HashMap<String, String>,
    wrong: Vec<Wrong>,
}

impl Reader<'_> {
    fn value(&self, field: &str) -> Option<&str> {
        let value = self.typed.get(field)?.trim();
        (!value.is_empty()).then_some(value)
    }

    fn choice<T>(&mut self, field: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let read = self.value(field).map(read)?;
        if read.is_none() {
            self.wrong.push((field, "error-choice"));
        }
        read
    }

    fn day(&mut self, field: &'static str) -> Option<Day> {
        let read = self.value(field)?.parse().ok();
        if read.is_none() {
            self.wrong.push((field, "error-filter-day"));
        }
        read
    }

    /// A first and a last day, in this order.
    fn days(&mut self, from: &'static str, to: &'static str) -> (Option<Day>, Option<Day>) {
        let days = (self.day(from), self.day(to));
        if let (Some(first), Some(last)) = days
            && last < first
        {
            self.wrong.push((to, "error-days-order"));
        }
        days
    }
}
