//! The ledger: a table with filters in the address, and the filters that a member saved.

use super::WebState;
use super::asked::{Admitted, Readers, Sent};
use super::ledger_filter::{Field, Head, fields, heads};
use super::page::{Page, render, see};
use super::refusal::refuse;
use super::sheets::{file, sheet};
use crate::ledger::{Filter, Format, LedgerLine, LedgerPage, Sort, Wrong};
use crate::model::{PagePosition, Viewer};
use crate::office::OfficeError;
use crate::views;
use crate::views::SavedView;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::entropy::parse_id;
use mifeng_foundation::words::Language;
use std::collections::HashMap;

/// What can be done with the ledger, by the last word of the address.
pub const ACTIONS: [&str; 4] = ["csv", "xlsx", "save", "forget"];

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
    pub fn place(&self, position: PagePosition) -> String {
        let [page, pages] = [position.page, position.pages].map(|number| number.to_string());
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
pub(super) struct Asked<'a> {
    /// Fields as typed.
    pub(super) typed: &'a HashMap<String, String>,
    pub(super) filter: Result<Filter, Vec<Wrong>>,
    /// What was typed for a view's name, and the key of what is wrong with it.
    view: (&'a str, &'static str),
}

impl<'a> Asked<'a> {
    fn new(state: &WebState, typed: &'a HashMap<String, String>) -> Self {
        Self {
            typed,
            filter: Filter::parse(typed, &state.office.rules()),
            view: ("", ""),
        }
    }
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    asked: Asked<'_>,
) -> Result<HttpResponse, OfficeError> {
    let number = asked.typed.get("page").and_then(|page| page.parse().ok());
    let filter = asked.filter.clone().unwrap_or_default();
    let mut shown = views::ledger(&state.office, viewer, &filter, number.unwrap_or(1)).await?;
    let handlers = std::mem::take(&mut shown.handlers);
    let shown = Some(shown).filter(|_| asked.filter.is_ok());
    let query = filter.query();
    let p = Page::new(state, lang, Some(viewer), "ledger").at(format!("ledger?{query}"));
    let views = views::saved_views(&state.office, viewer).await?;
    let (name, key) = asked.view;
    let error = p.say_if(key);
    let is_sound = shown.is_some() && error.is_empty();
    let number = |count: usize| count.to_string();
    let total = shown.as_ref().map_or(0, |page| page.position.total);
    let place = shown.as_ref().map(|page| p.place(page.position));
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
    query: Query<HashMap<String, String>>,
    who: Admitted<Readers>,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer) = (who.lang, who.viewer);
    page(&state, lang, &viewer, Asked::new(&state, &query))
        .await
        .unwrap_or_else(|error| refuse(&state, lang, Some(&viewer), &error))
}

pub(super) async fn act(
    sent: Sent<Readers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer) = (sent.lang, sent.viewer);
    let action = request.match_info().get("action").unwrap_or_default();
    done(&state, lang, &viewer, action, &sent.fields)
        .await
        .unwrap_or_else(|error| refuse(&state, lang, Some(&viewer), &error))
}

async fn done(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    action: &str,
    typed: &HashMap<String, String>,
) -> Result<HttpResponse, OfficeError> {
    if action == "forget" {
        let id = typed.get("view").and_then(|id| parse_id(id));
        let id = id.ok_or(OfficeError::NotYours)?;
        views::forget_view(&state.office, viewer, id).await?;
        return Ok(see(&format!("/{lang}/ledger")));
    }
    let asked = Asked::new(state, typed);
    let filter = match &asked.filter {
        Ok(filter) => filter.clone(),
        Err(_) => return page(state, lang, viewer, asked).await,
    };
    if let Some(format) = Format::from_code(action) {
        let lines = views::export_ledger(&state.office, viewer, &filter, format).await?;
        let p = Page::new(state, lang, Some(viewer), "ledger");
        return Ok(file(sheet(&p, &lines), format, "ledger").await);
    }
    if action != "save" {
        return Err(OfficeError::NotYours);
    }
    let name = typed.get("name").map_or("", String::as_str);
    match views::save_view(&state.office, viewer, name, &filter).await {
        Ok(()) => Ok(see(&format!("/{lang}/ledger?{}", filter.query()))),
        Err(OfficeError::Unsound(_, key)) => {
            let view = (name, key);
            page(state, lang, viewer, Asked { view, ..asked }).await
        }
        Err(error) => Err(error),
    }
}
