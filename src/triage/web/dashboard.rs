//! The dashboard: a supervisor's figures, as they are and as they may leave the office.

use super::WebState;
use super::asked::{Admitted, Sent, Supervisors};
use super::page::{Page, render};
use super::refusal::refuse;
use super::sheets::file;
use crate::ledger::{Cell, Format, Sheet};
use crate::model::{Member, Viewer};
use crate::office::OfficeError;
use crate::oversight::{Dimension, Key, Measure, Published, Table, Tally, publish};
use crate::views;
use crate::views::Publication;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::words::Language;
use std::collections::HashMap;

/// As what the figures leave the office, by the last word of the address.
pub const ACTIONS: [&str; 2] = ["csv", "xlsx"];

/// A row of a table, with the lengths of its bars in hundredths of the longest.
struct Line {
    name: String,
    cells: Vec<String>,
    received: u32,
    overdue: u32,
}

/// A table with its chart.
struct Part {
    code: &'static str,
    title: String,
    sentence: String,
    lines: Vec<Line>,
    total: Vec<String>,
}

#[derive(Template)]
#[template(path = "staff_dashboard.html")]
struct DashboardPage<'a> {
    p: &'a Page<'a>,
    year: i16,
    /// The latest first.
    years: Vec<i16>,
    outside: bool,
    columns: Vec<String>,
    parts: Vec<Part>,
    error: String,
    typed: String,
}

impl Page<'_> {
    fn measures(&self) -> Vec<String> {
        let name = |one: Measure| self.w.say(&format!("measure-{}", one.code()));
        Measure::ALL.map(name).to_vec()
    }

    fn dimension(&self, dimension: Dimension) -> String {
        self.w.say(&format!("by-{}", dimension.code()))
    }

    fn key(&self, key: &Key, members: &[Member]) -> String {
        match key {
            Key::Month(month) => self.w.say(&format!("month-{month}")),
            Key::School(Some(id)) => self.school(id),
            Key::School(None) => self.w.say("school-unlisted"),
            Key::Category(code) => self.w.say(&format!("category-{code}")),
            Key::Unit(id) => self.unit(id),
            Key::Handler(None) => self.w.say("nobody"),
            Key::Handler(Some(id)) => {
                let member = members.iter().find(|member| member.id == *id);
                member.map_or_else(String::new, |member| member.name.clone())
            }
        }
    }
}

/// Everything as it is.
fn whole(table: &Table) -> Published {
    Published {
        rows: table
            .rows
            .iter()
            .map(|(_, counts)| counts.map(Some))
            .collect(),
        total: table.total.map(Some),
    }
}

fn told(outside: bool, table: &Table) -> Published {
    if outside {
        publish(table)
    } else {
        whole(table)
    }
}

fn part(p: &Page<'_>, table: &Table, members: &[Member], outside: bool) -> Part {
    let told = told(outside, table);
    let at = |measure: Measure| measure as usize;
    let longest = told
        .rows
        .iter()
        .filter_map(|row| row[at(Measure::Received)])
        .max();
    let longest = longest.unwrap_or(0).max(1);
    let cell = |count: Option<u32>| count.map_or_else(|| "·".to_owned(), |count| count.to_string());
    // In the office rows without a case are left out; outside that would tell.
    let rows = table.rows.iter().zip(&told.rows);
    let rows = rows.filter(|((key, counts), _)| {
        outside || matches!(key, Key::Month(_)) || counts.iter().any(|count| *count > 0)
    });
    let line = |((key, _), row): (&(Key, _), &[Option<u32>; 5])| Line {
        name: p.key(key, members),
        cells: row.iter().copied().map(cell).collect(),
        received: row[at(Measure::Received)].unwrap_or(0) * 100 / longest,
        overdue: row[at(Measure::Overdue)].unwrap_or(0) * 100 / longest,
    };
    let mut lines: Vec<Line> = rows.map(line).collect();
    if !outside && table.dimension != Dimension::Month {
        lines.sort_by_key(|line| std::cmp::Reverse(line.received));
    }
    let total: Vec<String> = told.total.into_iter().map(cell).collect();
    let title = p.dimension(table.dimension);
    let variables = [
        ("title", title.as_str()),
        ("received", total[at(Measure::Received)].as_str()),
        ("overdue", total[at(Measure::Overdue)].as_str()),
    ];
    Part {
        code: table.dimension.code(),
        sentence: p.w.say_with("dashboard-sentence", &variables),
        title,
        lines,
        total,
    }
}

/// What was asked for: a year, and for outside or not.
struct Asked {
    year: Option<i16>,
    typed: String,
    outside: bool,
}

impl Asked {
    fn read(typed: &HashMap<String, String>) -> Self {
        let year = typed.get("year").map_or("", |year| year.trim());
        Self {
            year: year
                .parse()
                .ok()
                .filter(|year| (1970..=9999).contains(year)),
            typed: year.to_owned(),
            outside: typed.contains_key("outside"),
        }
    }

    fn is_wrong(&self) -> bool {
        self.year.is_none() && !self.typed.is_empty()
    }
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    asked: Asked,
) -> Result<HttpResponse, OfficeError> {
    let this_year = state.office.today().date().year();
    let year = asked.year.unwrap_or(this_year);
    let leaving = if asked.outside {
        Publication::Shown
    } else {
        Publication::No
    };
    let tally = views::figures(&state.office, viewer, year, leaving).await?;
    let members = members(state).await?;
    let here = if asked.outside { "&outside=1" } else { "" };
    let p = Page::new(state, lang, Some(viewer), "board").at(format!("board?year={year}{here}"));
    let tables = if asked.is_wrong() {
        Vec::new()
    } else {
        tally.tables()
    };
    let (status, error) = if asked.is_wrong() {
        (StatusCode::UNPROCESSABLE_ENTITY, p.w.say("error-year"))
    } else {
        (StatusCode::OK, String::new())
    };
    let parts = tables.iter();
    let parts = parts.map(|table| part(&p, table, &members, asked.outside));
    Ok(render(
        status,
        &DashboardPage {
            year,
            years: tally.years.iter().rev().copied().collect(),
            outside: asked.outside,
            columns: p.measures(),
            parts: parts.collect(),
            error,
            typed: asked.typed,
            p: &p,
        },
    ))
}

async fn members(state: &WebState) -> Result<Vec<Member>, StoreError> {
    state.sign_in.store.members().await
}

pub(super) async fn show(
    query: Query<HashMap<String, String>>,
    who: Admitted<Supervisors>,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer) = (who.lang, who.viewer);
    page(&state, lang, &viewer, Asked::read(&query))
        .await
        .unwrap_or_else(|error| refuse(&state, lang, Some(&viewer), &error))
}

pub(super) async fn export(
    sent: Sent<Supervisors>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer) = (sent.lang, sent.viewer);
    let action = request.match_info().get("action").unwrap_or_default();
    leave(&state, lang, &viewer, action, Asked::read(&sent.fields))
        .await
        .unwrap_or_else(|error| refuse(&state, lang, Some(&viewer), &error))
}

async fn leave(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    action: &str,
    asked: Asked,
) -> Result<HttpResponse, OfficeError> {
    let format = Format::from_code(action).ok_or(OfficeError::NotYours)?;
    if asked.is_wrong() {
        return page(state, lang, viewer, asked).await;
    }
    let year = asked.year.unwrap_or(state.office.today().date().year());
    let table = match format {
        Format::Csv => "board-csv",
        Format::Xlsx => "board-xlsx",
    };
    let tally = views::figures(&state.office, viewer, year, Publication::As(table)).await?;
    let members = members(state).await?;
    let p = Page::new(state, lang, Some(viewer), "board");
    Ok(file(
        sheet(&p, &tally, &members),
        format,
        &format!("board-{year}"),
    )
    .await)
}

fn sheet(p: &Page<'_>, tally: &Tally, members: &[Member]) -> Sheet {
    let cell = |count: &Option<u32>| match count {
        Some(count) => Cell::Count(*count),
        None => Cell::Text(p.w.say("withheld")),
    };
    let mut rows = Vec::new();
    for table in tally.tables() {
        let told = publish(&table);
        let by = p.dimension(table.dimension);
        let row = |name: String, cells: &[Option<u32>]| {
            let names = [Cell::Text(by.clone()), Cell::Text(name)];
            names
                .into_iter()
                .chain(cells.iter().map(cell))
                .collect::<Vec<_>>()
        };
        let keys = table.rows.iter().zip(&told.rows);
        rows.extend(keys.map(|((key, _), cells)| row(p.key(key, members), cells)));
        rows.push(row(p.w.say("dashboard-total"), &told.total));
    }
    let names = [p.w.say("dashboard-by"), p.w.say("dashboard-of")];
    Sheet {
        columns: names.into_iter().chain(p.measures()).collect(),
        rows,
        day: p.state.office.today(),
        cut: p.w.say("cell-cut"),
    }
}
