//! What is answered while the cases are being loaded: how far it is, and nothing else.

use super::words::StaffWords;
use crate::office::Progress;
use actix_web::http::header;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::serving::security_headers;
use mifeng_foundation::words::Language;
use std::sync::Arc;

/// After how long to ask again, in seconds.
const RETRY_S: u32 = 2;

struct Loading {
    progress: Arc<Progress>,
    words: StaffWords,
}

#[derive(Template)]
#[template(path = "staff_loading.html")]
struct LoadingPage {
    lang: Language,
    site: String,
    title: String,
    text: String,
    again: String,
    is_broken_off: bool,
    percent: usize,
}

/// The routes of a service that is still loading; `secure` is whether its listener speaks TLS.
pub fn configure_loading(progress: Arc<Progress>, secure: bool) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let loading = Data::new(Loading {
            progress,
            words: StaffWords::new(),
        });
        let pages = web::scope("")
            .wrap(security_headers("same-origin", secure))
            .app_data(loading)
            .route("/healthz", web::get().to(health))
            .route("/readyz", web::get().to(health))
            .route("/assets/staff.css", web::get().to(super::css))
            .default_service(web::route().to(page));
        config.service(pages);
    }
}

async fn health(loading: Data<Loading>) -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, RETRY_S.to_string()))
        .body(if loading.progress.is_broken_off() {
            "loading was broken off, and is tried again\n".to_owned()
        } else {
            format!("loading {}%\n", loading.progress.percent())
        })
}

async fn page(request: HttpRequest, loading: Data<Loading>) -> HttpResponse {
    let [chinese, english] = Language::OF_STAFF;
    let asked_in = request.path().split('/').nth(1).unwrap_or_default();
    let lang = if asked_in == english.tag() {
        english
    } else {
        chinese
    };
    let (words, percent) = (loading.words.of(lang), loading.progress.percent());
    let (title, text) = if loading.progress.is_broken_off() {
        ("loading-broken-off-title", words.say("loading-broken-off"))
    } else {
        let percent = percent.to_string();
        let text = words.say_with("loading-text", &[("percent", &percent)]);
        ("loading-title", text)
    };
    let page = LoadingPage {
        lang,
        is_broken_off: loading.progress.is_broken_off(),
        site: words.say("site-title"),
        title: words.say(title),
        text,
        again: words.say("loading-again"),
        percent,
    };
    match page.render() {
        Ok(html) => HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, RETRY_S.to_string()))
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(_) => HttpResponse::ServiceUnavailable().finish(),
    }
}
