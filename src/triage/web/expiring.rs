//! The list of what will be destroyed soon.

use super::WebState;
use super::asked::{Admitted, Officers};
use super::page::{Page, render};
use super::refusal::refuse;
use crate::views;
use crate::views::ExpiringLine;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

#[derive(Template)]
#[template(path = "staff_expiring.html")]
struct ExpiringPage<'a> {
    p: &'a Page<'a>,
    lines: Vec<ExpiringLine>,
}

impl ExpiringPage<'_> {
    /// How many go so early because the rules were shortened.
    fn shortened(&self) -> usize {
        self.lines.iter().filter(|line| line.shortened).count()
    }
}

impl Page<'_> {
    /// That so many go earlier because the rules were shortened.
    pub fn shortened(&self, cases: usize) -> String {
        self.w
            .say_with("expiring-shortened-count", &[("count", &cases.to_string())])
    }
}

pub(super) async fn show(who: Admitted<Officers>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = (who.lang, who.viewer);
    match views::expiring(&state.office, &viewer).await {
        Ok(lines) => {
            let p = Page::new(&state, lang, Some(&viewer), "queue").at("expiring".to_owned());
            render(StatusCode::OK, &ExpiringPage { p: &p, lines })
        }
        Err(error) => refuse(&state, lang, Some(&viewer), &error),
    }
}
