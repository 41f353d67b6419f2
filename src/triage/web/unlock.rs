//! The page that opens a locked office: by its passphrase, or by officers who enter a share each.

use super::WebState;
use super::admission::source;
use super::asked::{Admitted, Keepers, Sent};
use super::page::{Notice, Page, failed, render, see};
use crate::audit::{Act, Kind};
use crate::model::Viewer;
use crate::office::unlocking::{Entered, UnlockError, Unlocking};
use crate::staff::Source;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::words::Language;
use mifeng_opening::Identity;
use zeroize::Zeroizing;

/// How it is opened, by the last word of the address.
pub const WAYS: [&str; 2] = ["passphrase", "share"];

/// What the tries of a keeper are counted under: nobody uses up another's.
fn throttled_as(viewer: &Viewer) -> String {
    format!("\u{0}unlock by {}", hex::encode(viewer.id.0))
}

#[derive(Template)]
#[template(path = "staff_unlock.html")]
struct UnlockPage<'a> {
    p: &'a Page<'a>,
    locked: bool,
    by_shares: bool,
    entered: Entered,
    wrong: (&'static str, String),
}

impl UnlockPage<'_> {
    fn wrong(&self, way: &str) -> &str {
        if self.wrong.0 == way {
            &self.wrong.1
        } else {
            ""
        }
    }

    fn so_far(&self) -> String {
        let (count, needed) = (self.entered.count, self.entered.needed);
        let numbers = [count.to_string(), needed.to_string()];
        let said = [("count", numbers[0].as_str()), ("needed", &numbers[1])];
        self.p.w.say_with("unlock-entered", &said)
    }
}

fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    wrong: Option<(&'static str, String)>,
) -> HttpResponse {
    let p = Page::new(state, lang, Some(viewer), "unlock");
    let status = wrong
        .as_ref()
        .map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let unlocking = state.unlocking.as_ref();
    render(
        status,
        &UnlockPage {
            p: &p,
            locked: unlocking.is_some(),
            by_shares: unlocking.is_some_and(Unlocking::by_shares),
            entered: unlocking.map(Unlocking::entered).unwrap_or_default(),
            wrong: wrong.unwrap_or_default(),
        },
    )
}

pub(super) async fn show(who: Admitted<Keepers>, state: Data<WebState>) -> HttpResponse {
    page(&state, who.lang, &who.viewer, None)
}

pub(super) async fn enter(
    sent: Sent<Keepers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer, mut fields) = (sent.lang, sent.viewer, sent.fields);
    let way = request.match_info().query("way");
    let Some(way) = WAYS.into_iter().find(|one| *one == way) else {
        return Page::new(&state, lang, Some(&viewer), "unlock")
            .plain(StatusCode::NOT_FOUND, Notice::Missing);
    };
    let Some(unlocking) = &state.unlocking else {
        return see(&format!("/{lang}/unlock"));
    };
    let typed = Zeroizing::new(fields.remove(way).unwrap_or_default());
    let tried = match state
        .sign_in
        .throttle
        .take(&throttled_as(&viewer), source(&request))
    {
        Err(wait) => {
            let seconds = wait.as_secs().max(1).to_string();
            let said = state.words.of(lang);
            let wait = said.say_with("login-wait", &[("seconds", &seconds)]);
            return page(&state, lang, &viewer, Some((way, wait)));
        }
        Ok(()) if way == "share" => unlocking.by_share(viewer.id, &typed),
        Ok(()) => unlocking
            .by_passphrase(typed.as_str().into())
            .await
            .map(Some),
    };
    let recorded = record(&state, &viewer, &tried, source(&request));
    if let Err(error) = recorded.await {
        return failed(&state, lang, &error);
    }
    match tried {
        Err(UnlockError::Wrong) => said(&state, lang, &viewer, way, "error-unlock-wrong"),
        Err(UnlockError::NotAShare) => said(&state, lang, &viewer, way, "error-share"),
        Err(UnlockError::Foreign) => said(&state, lang, &viewer, way, "error-share-foreign"),
        Ok(None) => see(&format!("/{lang}/unlock")),
        // The cases are being loaded: whoever asks for the list sees how far it is.
        Ok(Some(identity)) => {
            unlocking.open(identity);
            see(&format!("/{lang}/queue"))
        }
    }
}

/// Puts on record what came of it, before the office opens.
async fn record(
    state: &WebState,
    viewer: &Viewer,
    tried: &Result<Option<Identity>, UnlockError>,
    source: Source,
) -> Result<(), StoreError> {
    let kind = match tried {
        Ok(None) => Kind::ShareEntered,
        Ok(Some(_)) => Kind::Unlocked,
        Err(_) => Kind::UnlockFailed,
    };
    if tried.is_ok() {
        let throttle = &state.sign_in.throttle;
        throttle.succeeded(&throttled_as(viewer), source);
    }
    let audit_log = state.office.audit_log();
    audit_log.record(Some(viewer.id), Act::new(kind)).await
}

fn said(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    way: &'static str,
    key: &str,
) -> HttpResponse {
    let words = state.words.of(lang).say(key);
    page(state, lang, viewer, Some((way, words)))
}
