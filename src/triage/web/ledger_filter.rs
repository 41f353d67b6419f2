//! The ledger's filter as a form, and its columns' heads, each of which sorts.

use super::ledger::Asked;
use super::page::Page;
use crate::ledger::{Filter, HandlerFilter, Sort, StateFilter, Wrong};
use crate::model::{MemberId, Mode, Outcome, Urgency};
use mifeng_sealing::tip::Category;

/// A field of the filter: what can be chosen, or a day where there is nothing to choose from.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) typed: String,
    pub(super) error: String,
    /// Code, name.
    pub(super) choices: Vec<(String, String)>,
}

/// A column's head: its name, where a click leads, and how the table is sorted by it (for machines that read aloud).
pub(super) struct Head {
    pub(super) name: String,
    pub(super) query: String,
    pub(super) sorted: &'static str,
}

pub(super) fn fields(
    p: &Page<'_>,
    asked: &Asked<'_>,
    handlers: &[(MemberId, String)],
) -> Vec<Field> {
    let wrong: &[Wrong] = asked.filter.as_ref().err().map_or(&[], Vec::as_slice);
    let field = |name: &'static str, label: String, mut choices: Vec<(String, String)>| {
        let typed = asked.typed.get(name).map_or("", |text| text.trim());
        let error = wrong.iter().find(|(field, _)| *field == name);
        // What cannot be chosen stays on the page, so that it is seen what was asked for.
        let known = choices.iter().any(|(code, _)| code == typed);
        if !choices.is_empty() && !typed.is_empty() && !known {
            choices.push((typed.to_owned(), typed.to_owned()));
        }
        Field {
            name,
            label,
            typed: typed.to_owned(),
            error: error.map(|(_, key)| p.w.say(key)).unwrap_or_default(),
            choices,
        }
    };
    let any = || vec![(String::new(), p.w.say("any"))];
    let with = |more: Vec<(String, String)>| any().into_iter().chain(more).collect::<Vec<_>>();
    let states = StateFilter::all().map(|one| (one.code().to_owned(), p.state_filter(one)));
    let modes = Mode::ALL.map(|one| (one.code().to_owned(), p.mode(one)));
    let kinds = Category::ALL.iter();
    let kinds = kinds.map(|one| (one.code().to_owned(), p.category(one)));
    let people = handlers.iter();
    let people = people.map(|(id, name)| (HandlerFilter::Is(*id).code(), name.clone()));
    let nobody = (HandlerFilter::Nobody.code(), p.w.say("nobody"));
    let outcomes = Outcome::ALL.map(|one| (one.code().to_owned(), p.outcome(one)));
    let times = Urgency::ALL.map(|one| {
        let words = p.w.say(&format!("time-{}", one.code()));
        (one.code().to_owned(), words)
    });
    let sorts = Sort::ALL.iter();
    let sorts = sorts.map(|one| (one.code().to_owned(), p.column(*one)));
    let orders = ["first-first", "last-first"];
    let orders = orders.map(|code| (code.to_owned(), p.w.say(&format!("order-{code}"))));
    let said = |key: &str| p.w.say(key);
    vec![
        field("state", said("col-state"), with(states.collect())),
        field("time", said("col-due"), with(times.to_vec())),
        field("mode", said("mode"), with(modes.to_vec())),
        field("category", said("col-category"), with(kinds.collect())),
        field("unit", said("unit"), with(p.units())),
        field(
            "handler",
            said("col-handler"),
            with(std::iter::once(nobody).chain(people).collect()),
        ),
        field("outcome", said("outcome"), with(outcomes.to_vec())),
        field("received-from", said("received-from"), Vec::new()),
        field("received-to", said("received-to"), Vec::new()),
        field("due-from", said("due-from"), Vec::new()),
        field("due-to", said("due-to"), Vec::new()),
        field("sort", said("sort-by"), sorts.collect()),
        field("order", said("sort-order"), orders.to_vec()),
    ]
}

pub(super) fn heads(p: &Page<'_>, filter: &Filter) -> Vec<Head> {
    let head = |sort: &Sort| {
        let is_sorted = filter.sort == *sort;
        let mut next = filter.clone();
        next.sort = *sort;
        next.descending = is_sorted && !filter.descending;
        Head {
            name: p.column(*sort),
            query: next.query(),
            sorted: match (is_sorted, filter.descending) {
                (false, _) => "",
                (true, false) => "ascending",
                (true, true) => "descending",
            },
        }
    };
    Sort::ALL.iter().map(head).collect()
}

impl Page<'_> {
    fn state_filter(&self, filter: StateFilter) -> String {
        match filter {
            StateFilter::Is(state) => self.state(state),
            other => self.view(other.code()),
        }
    }
}
