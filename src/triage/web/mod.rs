//! The staff's pages: rendered here, complete without scripts, in Chinese and English.

mod account;
mod account_form;
mod accounts;
mod admission;
mod alike;
mod asked;
mod audit;
mod case_actions;
mod cases;
mod compare;
mod dashboard;
mod detached;
mod door;
mod expiring;
mod factor;
mod feed;
mod fields;
mod files;
mod keys;
mod ledger;
mod ledger_filter;
mod loading;
mod naming;
mod neutral;
mod offers;
mod own;
mod own_changes;
mod page;
mod papers;
mod quarantine;
mod queue;
mod refusal;
mod routing;
mod rules_edit;
mod rules_form;
mod search;
mod sheets;
mod signatures;
mod typed_form;
mod typing_in;
mod unlock;
mod words;

use crate::model::Role;
use crate::views;
pub use account::ACTIONS as ACCOUNT_ACTIONS;
pub use case_actions::CaseAction;
pub use compare::DECISIONS;
pub use dashboard::ACTIONS as DASHBOARD_ACTIONS;
pub use feed::ACTIONS as FEED_ACTIONS;
pub use ledger::ACTIONS as LEDGER_ACTIONS;
pub use loading::configure_loading;
pub use quarantine::DECISIONS as QUARANTINE_DECISIONS;
pub use rules_edit::RULES_ACTIONS;
pub use signatures::ANSWERS as SIGNATURE_ANSWERS;
pub use unlock::WAYS as UNLOCK_WAYS;
pub use words::StaffWords;

use crate::audit::AuditLog;
use crate::feed::WrongTokens;
use crate::office::Office;
use crate::office::unlocking::Unlocking;
use crate::staff::SignIn;
use crate::viewer::Renderer;
use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use mifeng_foundation::clock::{Clock, Day};
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::serving::security_headers;
use mifeng_foundation::supervisor::Supervisor;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the pages need.
pub struct WebState {
    /// Cases.
    pub office: Arc<Office>,
    /// Accounts, sessions, throttle.
    pub sign_in: Arc<SignIn>,
    /// For new accounts' ids.
    pub entropy: Arc<dyn Entropy>,
    /// The office's name in Chinese and English.
    pub office_names: (String, String),
    /// Last day of the office's manifest.
    pub manifest_until: Day,
    /// The routing rules as their file says them.
    pub routing_rules: String,
    /// Whether the listener speaks TLS: cookies are then bound to it.
    pub secure: bool,
    /// Draws files; `None` where the process that draws cannot be confined, and then files are only to be saved.
    pub renderer: Option<Renderer>,
    /// The pages' words.
    pub words: StaffWords,
    /// Where the office's key is locked: what opens it.
    pub unlocking: Option<Unlocking>,
    /// Counts calendars that were asked for at wrong addresses.
    pub wrong_feeds: Arc<WrongTokens>,
    /// Looks after the tasks behind the pages.
    pub supervisor: Supervisor,
}

/// Sign-in, sessions and throttle for [`WebState`], over one store, clock and source of randomness; `by_two` are the roles
/// that need a second factor.
///
/// # Errors
/// [`super::staff::PasswordError`] if the machine cannot hash passwords.
pub fn sign_in(
    store: Arc<dyn super::staff::StaffStore>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    audit_log: AuditLog,
    by_two: BTreeSet<Role>,
) -> Result<SignIn, super::staff::PasswordError> {
    Ok(SignIn {
        store,
        passwords: super::staff::Passwords::new(entropy.clone())?,
        sessions: super::staff::Sessions::new(clock.clone(), entropy.clone()),
        pending: super::staff::Sessions::new(clock.clone(), entropy),
        by_two,
        clock: clock.clone(),
        throttle: super::staff::Throttle::new(clock),
        audit_log,
    })
}

/// Method and path of every route of the staff's pages.
pub const ROUTES: [(&str, &str); PAGES.len() + case_actions::ROUTES.len()] = {
    let mut all = [("", ""); PAGES.len() + case_actions::ROUTES.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < PAGES.len() {
            PAGES[at]
        } else {
            case_actions::ROUTES[at - PAGES.len()]
        };
        at += 1;
    }
    all
};

/// Every route once, but for the actions of a case: what is served, and what the tests walk as every role.
macro_rules! routes {
    ($($method:ident $path:literal => $handler:expr,)*) => {
        /// Method and path of each of them.
        const PAGES: &[(&str, &str)] = &[$((stringify!($method), $path),)*];

        fn register(config: &mut ServiceConfig) {
            $(config.route($path, web::$method().to($handler));)*
        }
    };
}

routes! {
    get "/healthz" => healthz,
    get "/readyz" => readyz,
    get "/assets/staff.css" => css,
    get "/assets/staff.js" => script,
    get "/" => door::start,
    get "/{lang}/login" => door::show,
    post "/{lang}/login" => door::enter,
    post "/{lang}/login/code" => factor::enter_code,
    post "/{lang}/logout" => door::leave,
    get "/{lang}/own" => own::show,
    post "/{lang}/own" => own_changes::change,
    post "/{lang}/own/second-factor" => factor::set_up,
    post "/{lang}/own/mail" => own_changes::seal_mail,
    post "/{lang}/own/leave" => own_changes::leave,
    post "/{lang}/own/calendar/{action}" => feed::change,
    get "/{lang}/calendar/{token}" => feed::read,
    head "/{lang}/calendar/{token}" => feed::read,
    get "/{lang}/queue" => queue::queue,
    get "/{lang}/expiring" => expiring::show,
    get "/{lang}/ledger" => ledger::show,
    post "/{lang}/ledger/{action}" => ledger::act,
    get "/{lang}/board" => dashboard::show,
    post "/{lang}/board/{action}" => dashboard::export,
    get "/{lang}/search" => search::show,
    post "/{lang}/search" => search::find,
    get "/{lang}/case/{number}" => cases::show,
    post "/{lang}/case/{number}/{action}" => case_actions::unknown,
    get "/{lang}/case/{number}/compare/{other}" => compare::show,
    post "/{lang}/case/{number}/compare/{other}/{decision}" => compare::decide,
    get "/{lang}/case/{number}/file/{file}" => files::download,
    get "/{lang}/case/{number}/file/{file}/view" => files::view,
    get "/{lang}/type-in" => typing_in::show,
    post "/{lang}/type-in" => typing_in::send,
    get "/{lang}/quarantine" => quarantine::show,
    post "/{lang}/quarantine/{id}/{decision}" => quarantine::decide,
    get "/{lang}/keys" => keys::list,
    post "/{lang}/keys/{id}" => keys::confirm,
    post "/{lang}/keys/{id}/second-factor" => factor::take_off,
    post "/{lang}/signatures/{id}/{answer}" => signatures::answer,
    get "/{lang}/accounts" => accounts::list,
    post "/{lang}/accounts" => accounts::add,
    get "/{lang}/accounts/{id}" => account::show,
    post "/{lang}/accounts/{id}/{action}" => account::change,
    get "/{lang}/routing" => routing::show,
    get "/{lang}/routing/edit" => rules_edit::edit,
    post "/{lang}/routing/{action}" => rules_edit::change,
    get "/{lang}/trail" => audit::show,
    get "/{lang}/unlock" => unlock::show,
    post "/{lang}/unlock/{way}" => unlock::enter,
}

/// The staff's pages.
pub fn configure(state: web::Data<WebState>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let pages = web::scope("")
            .wrap(from_fn(detached::run_detached))
            .wrap(from_fn(admission::own_pages_only))
            .wrap(security_headers("same-origin", state.secure))
            .app_data(state)
            .app_data(web::FormConfig::default().limit(1 << 20))
            // Before the pages, of which one takes whatever is no action.
            .configure(case_actions::register)
            .configure(register);
        config.service(pages);
    }
}

async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// Whether tips are taken: the office is open, its store answers and collecting is not overdue.
async fn readyz(state: web::Data<WebState>) -> HttpResponse {
    let collects = !state.office.is_locked() && !views::pull_health(&state.office).overdue;
    if collects && state.supervisor.is_whole() && views::store_answers(&state.office).await {
        HttpResponse::Ok()
            .content_type("text/plain")
            .body("ready\n")
    } else {
        HttpResponse::ServiceUnavailable()
            .content_type("text/plain")
            .body("not ready\n")
    }
}

async fn css() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(include_str!("assets/staff.css"))
}

async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .body(include_str!("assets/staff.js"))
}
