//! The ledger: a table with filters in the address, the filters that a member saved, and the file that leaves the office.

use super::WebState;
use super::admission::admit;
use super::cases::{READERS, refuse};
use super::page::{Page, render, see};
use crate::entropy::parse_id;
use crate::tip::{Category, Language};
use crate::triage::cases::{Mode, Outcome, Urgency};
use crate::triage::desk::{DeskError, SavedView};
use crate::triage::ledger::{
    Cell, Filter, Format, HandlerFilter, LedgerLine, LedgerPage, Sheet, Sort, StateFilter, Turned,
    Wrong,
};
use crate::triage::staff::{MemberId, Viewer};
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::HashMap;

/// What can be done with the ledger, by the last word of the address.
pub const ACTIONS: [&str; 4] = ["csv", "xlsx", "save", "forget"];

/// A field of the filter: what can be chosen, or a day where there is nothing to choose from.
struct Field {
    name: &'static str,
    label: String,
    typed: String,
    error: String,
    /// Code, name.
    choices: Vec<(String, String)>,
}

/// A column's head: its name, where a click leads, and how the table is sorted by it (for machines that read aloud).
struct Head {
    name: String,
    query: String,
    sorted: &'static str,
}

#[derive(Template)]
#[template(path = "staff_ledger.html")]
struct LedgerPageView<'a> {
    p: &'a Page<'a>,
    fields: Vec<Field>,
    heads: Vec<Head>,
    /// `None` while a filter is unsound: then nothing is shown, rather than something that was not asked for.
    page: Option<LedgerPage>,
    /// What is shown now, as names and values, and as the end of an address.
    pairs: Vec<(&'static str, String)>,
    query: String,
    views: Vec<(String, SavedView)>,
    /// The name that was typed for a view, and what is wrong with it.
    view_name: (String, String),
    count: String,
    place: String,
    is_filtered: bool,
}

impl Page<'_> {
    /// How time presses on a line, in words.
    pub fn ledger_due(&self, line: &LedgerLine) -> String {
        self.due_in(line.urgency, line.days_left.unwrap_or(0))
    }

    /// Which page of how many.
    pub fn place(&self, turned: Turned) -> String {
        let [page, pages] = [turned.page, turned.pages].map(|number| number.to_string());
        let variables = [("page", page.as_str()), ("pages", pages.as_str())];
        self.w.say_with("page-of", &variables)
    }

    /// How it is handled; empty before that was said.
    pub fn ledger_mode(&self, line: &LedgerLine) -> String {
        line.mode.map(|mode| self.mode(mode)).unwrap_or_default()
    }

    /// What was found; empty before that.
    pub fn ledger_outcome(&self, line: &LedgerLine) -> String {
        let outcome = line.outcome.map(|outcome| self.outcome(outcome));
        outcome.unwrap_or_default()
    }

    /// A column's name.
    pub fn column(&self, sort: Sort) -> String {
        let key = match sort {
            Sort::Number | Sort::State | Sort::Category | Sort::Handler | Sort::Due => {
                format!("col-{}", sort.code())
            }
            Sort::Mode => "mode".to_owned(),
            Sort::Unit => "unit".to_owned(),
            Sort::Outcome => "outcome".to_owned(),
            Sort::Received => "col-received".to_owned(),
        };
        self.w.say(&key)
    }
}

/// What the page is drawn from.
struct Asked<'a> {
    /// Fields as typed.
    typed: &'a HashMap<String, String>,
    filter: Result<Filter, Vec<Wrong>>,
    /// What was typed for a view's name, and the key of what is wrong with it.
    view: (&'a str, &'static str),
}

impl<'a> Asked<'a> {
    fn new(state: &WebState, typed: &'a HashMap<String, String>) -> Self {
        Self {
            typed,
            filter: Filter::parse(typed, &state.desk.rules()),
            view: ("", ""),
        }
    }
}

fn fields(p: &Page<'_>, asked: &Asked<'_>, handlers: &[(MemberId, String)]) -> Vec<Field> {
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

impl Page<'_> {
    fn state_filter(&self, filter: StateFilter) -> String {
        match filter {
            StateFilter::Is(state) => self.state(state),
            other => self.view(other.code()),
        }
    }
}

fn heads(p: &Page<'_>, filter: &Filter) -> Vec<Head> {
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

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    asked: Asked<'_>,
) -> Result<HttpResponse, DeskError> {
    let number = asked.typed.get("page").and_then(|page| page.parse().ok());
    let filter = asked.filter.clone().unwrap_or_default();
    let mut shown = state
        .desk
        .ledger(viewer, &filter, number.unwrap_or(1))
        .await?;
    let handlers = std::mem::take(&mut shown.handlers);
    let shown = Some(shown).filter(|_| asked.filter.is_ok());
    let query = filter.query();
    let p = Page::new(state, lang, Some(viewer), "ledger").at(format!("ledger?{query}"));
    let views = state.desk.saved_views(viewer).await?;
    let (name, key) = asked.view;
    let error = if key.is_empty() {
        String::new()
    } else {
        p.w.say(key)
    };
    let is_sound = shown.is_some() && error.is_empty();
    let number = |count: usize| count.to_string();
    let total = shown.as_ref().map_or(0, |page| page.turned.total);
    let place = shown.as_ref().map(|page| p.place(page.turned));
    let is_filtered = filter
        .pairs()
        .iter()
        .any(|(name, _)| !matches!(*name, "sort" | "order"));
    let status = if is_sound {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(render(
        status,
        &LedgerPageView {
            fields: fields(&p, &asked, &handlers),
            heads: heads(&p, &filter),
            page: shown,
            pairs: filter.pairs(),
            views: views
                .into_iter()
                .map(|view| (hex::encode(view.id), view))
                .collect(),
            view_name: (name.to_owned(), error),
            count: p.w.say_with("ledger-count", &[("count", &number(total))]),
            place: place.unwrap_or_default(),
            is_filtered,
            query,
            p: &p,
        },
    ))
}

pub(super) async fn show(
    request: HttpRequest,
    state: Data<WebState>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    match admit(&request, &state, &READERS).await {
        Err(answer) => answer,
        Ok((lang, viewer)) => page(&state, lang, &viewer, Asked::new(&state, &query))
            .await
            .unwrap_or_else(|error| refuse(&state, lang, &error)),
    }
}

pub(super) async fn act(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    match admit(&request, &state, &READERS).await {
        Err(answer) => answer,
        Ok((lang, viewer)) => {
            let action = request.match_info().get("action").unwrap_or_default();
            done(&state, lang, &viewer, action, &form)
                .await
                .unwrap_or_else(|error| refuse(&state, lang, &error))
        }
    }
}

async fn done(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    action: &str,
    typed: &HashMap<String, String>,
) -> Result<HttpResponse, DeskError> {
    if action == "forget" {
        let id = typed.get("view").and_then(|id| parse_id(id));
        let id = id.ok_or(DeskError::NotYours)?;
        state.desk.forget_view(viewer, id).await?;
        return Ok(see(&format!("/{lang}/ledger")));
    }
    let asked = Asked::new(state, typed);
    let filter = match &asked.filter {
        Ok(filter) => filter.clone(),
        Err(_) => return page(state, lang, viewer, asked).await,
    };
    if let Some(format) = Format::from_code(action) {
        let lines = state.desk.export_ledger(viewer, &filter, format).await?;
        let p = Page::new(state, lang, Some(viewer), "ledger");
        return Ok(file(sheet(&p, &lines), format, "ledger").await);
    }
    if action != "save" {
        return Err(DeskError::NotYours);
    }
    let name = typed.get("name").map_or("", String::as_str);
    match state.desk.save_view(viewer, name, &filter).await {
        Ok(()) => Ok(see(&format!("/{lang}/ledger?{}", filter.query()))),
        Err(DeskError::Unsound(_, key)) => {
            let view = (name, key);
            page(state, lang, viewer, Asked { view, ..asked }).await
        }
        Err(error) => Err(error),
    }
}

/// The lines as a table to take away.
fn sheet(p: &Page<'_>, lines: &[LedgerLine]) -> Sheet {
    let text = |text: String| Cell::Text(text);
    let row = |line: &LedgerLine| {
        vec![
            text(line.number.0.clone()),
            text(p.state(line.state)),
            line.mode.map_or(Cell::Empty, |mode| text(p.mode(mode))),
            text(p.category(line.category)),
            text(p.unit(&line.unit)),
            match &line.handler {
                Some(names) => text(names.clone()),
                None => Cell::Empty,
            },
            Cell::Day(line.received_day),
            line.due_day.map_or(Cell::Empty, Cell::Day),
            text(p.ledger_due(line)),
            line.outcome.map_or(Cell::Empty, |one| text(p.outcome(one))),
            match &line.joined_to {
                Some(lead) => text(lead.0.clone()),
                None => Cell::Empty,
            },
        ]
    };
    let mut columns: Vec<String> = Sort::ALL.iter().map(|sort| p.column(*sort)).collect();
    columns.insert(8, p.w.say("col-time"));
    columns.push(p.w.say("col-joined"));
    Sheet {
        columns,
        rows: lines.iter().map(row).collect(),
        day: p.state.desk.today(),
    }
}

/// A table as a file to save, put together beside the event loop. Its name says nothing but what kind it is.
pub(super) async fn file(sheet: Sheet, format: Format, name: &str) -> HttpResponse {
    let day = sheet.day;
    let made = tokio::task::spawn_blocking(move || sheet.to_file(format)).await;
    let Ok(Some(made)) = made else {
        return HttpResponse::InternalServerError().finish();
    };
    let name = format!("attachment; filename=\"{name}-{day}.{}\"", format.code());
    HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(made)
}
