//! Searching. What is looked for is posted, so that it stands in no address and no browser's history.

use super::WebState;
use super::asked::{Admitted, Readers, Sent};
use super::page::{Page, render};
use super::refusal::refuse;
use crate::model::Viewer;
use crate::office::OfficeError;
use crate::search::{Part, Query, QueryError};
use crate::views;
use crate::views::SearchPage;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use mifeng_foundation::words::Language;

#[derive(Template)]
#[template(path = "staff_search.html")]
struct SearchView<'a> {
    p: &'a Page<'a>,
    typed: &'a str,
    error: String,
    /// `None` before anything was looked for.
    found: Option<SearchPage>,
}

impl Page<'_> {
    /// Where words stand, in words.
    pub fn parts(&self, parts: &[Part]) -> String {
        let name = |part: &Part| self.w.say(&format!("part-{}", part.code()));
        let names: Vec<String> = parts.iter().map(name).collect();
        names.join(" · ")
    }
}

fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    typed: &str,
    found: Result<Option<SearchPage>, QueryError>,
) -> HttpResponse {
    let p = Page::new(state, lang, Some(viewer), "search");
    let (found, error) = match found {
        Ok(found) => (found, String::new()),
        Err(QueryError::Empty) => (None, p.w.say("error-search-empty")),
        Err(QueryError::TooLong) => (None, p.w.say("error-search-long")),
    };
    let status = if error.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    render(
        status,
        &SearchView {
            p: &p,
            typed,
            error,
            found,
        },
    )
}

pub(super) async fn show(who: Admitted<Readers>, state: Data<WebState>) -> HttpResponse {
    page(&state, who.lang, &who.viewer, "", Ok(None))
}

pub(super) async fn find(sent: Sent<Readers>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer, form) = (sent.lang, sent.viewer, sent.fields);
    let typed = form.get("q").map_or("", String::as_str);
    let skip = form.get("from").and_then(|from| from.parse().ok());
    match found(&state, &viewer, typed, skip.unwrap_or(0)).await {
        Ok(found) => page(&state, lang, &viewer, typed, found),
        Err(error) => refuse(&state, lang, Some(&viewer), &error),
    }
}

async fn found(
    state: &WebState,
    viewer: &Viewer,
    typed: &str,
    skip: usize,
) -> Result<Result<Option<SearchPage>, QueryError>, OfficeError> {
    match Query::parse(typed) {
        Ok(query) => Ok(Ok(Some(
            views::search(&state.office, viewer, &query, skip).await?,
        ))),
        Err(error) => Ok(Err(error)),
    }
}
