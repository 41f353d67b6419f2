//! The staff's pages: rendered here, complete without scripts, in Chinese and English.

mod accounts;
mod acting;
mod alike;
mod board;
mod cases;
mod compare;
mod door;
mod factor;
mod feed;
mod fields;
mod files;
mod handling;
mod keys;
mod ledger;
mod loading;
mod own;
mod page;
mod papers;
mod quarantine;
mod queue;
mod routing;
mod rules_form;
mod search;
mod trail;
mod typing_in;
mod unlock;

pub use accounts::ACTIONS as ACCOUNT_ACTIONS;
pub use acting::ACTIONS as CASE_ACTIONS;
pub use board::ACTIONS as BOARD_ACTIONS;
pub use compare::DECISIONS;
pub use feed::ACTIONS as FEED_ACTIONS;
pub use ledger::ACTIONS as LEDGER_ACTIONS;
pub use loading::configure_loading;
pub use quarantine::DECISIONS as QUARANTINE_DECISIONS;
pub use routing::RULES_ACTIONS;
pub use unlock::WAYS as UNLOCK_WAYS;

use super::desk::Desk;
use super::feed::WrongTokens;
use super::staff::SignIn;
use super::trail::Trail;
use super::unlocking::Unlocking;
use super::viewer::Renderer;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::serving::security_headers;
use crate::tip::Language;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the pages need.
pub struct WebState {
    /// Cases.
    pub desk: Arc<Desk>,
    /// Accounts, sessions, throttle.
    pub sign_in: Arc<SignIn>,
    /// For new accounts' ids.
    pub entropy: Arc<dyn Entropy>,
    /// The office's name in Chinese and English.
    pub office_names: (String, String),
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
}

/// The files of words in Chinese, one for each part of the pages.
const CHINESE: &[&str] = &[
    include_str!("words/zh-Hans.ftl"),
    include_str!("words/trail.zh-Hans.ftl"),
    include_str!("words/clocks.zh-Hans.ftl"),
    include_str!("words/casework.zh-Hans.ftl"),
    include_str!("words/keys.zh-Hans.ftl"),
    include_str!("words/quarantine.zh-Hans.ftl"),
    include_str!("words/routing.zh-Hans.ftl"),
    include_str!("words/end.zh-Hans.ftl"),
    include_str!("words/handling.zh-Hans.ftl"),
    include_str!("words/factor.zh-Hans.ftl"),
    include_str!("words/ledger.zh-Hans.ftl"),
    include_str!("words/board.zh-Hans.ftl"),
];
/// The same in English, with the same keys in the same order.
const ENGLISH: &[&str] = &[
    include_str!("words/en.ftl"),
    include_str!("words/trail.en.ftl"),
    include_str!("words/clocks.en.ftl"),
    include_str!("words/casework.en.ftl"),
    include_str!("words/keys.en.ftl"),
    include_str!("words/quarantine.en.ftl"),
    include_str!("words/routing.en.ftl"),
    include_str!("words/end.en.ftl"),
    include_str!("words/handling.en.ftl"),
    include_str!("words/factor.en.ftl"),
    include_str!("words/ledger.en.ftl"),
    include_str!("words/board.en.ftl"),
];

/// The words of the staff's pages in every language.
pub struct StaffWords([Words; 2]);

impl StaffWords {
    /// Reads the words that are compiled in.
    #[must_use]
    pub fn new() -> Self {
        Self([
            Words::new(Language::ZhHans, CHINESE),
            Words::new(Language::En, ENGLISH),
        ])
    }

    fn of(&self, language: Language) -> &Words {
        let [chinese, english] = &self.0;
        if language.is_chinese() {
            chinese
        } else {
            english
        }
    }
}

impl Default for StaffWords {
    fn default() -> Self {
        Self::new()
    }
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
    trail: Trail,
    by_two: BTreeSet<super::staff::Role>,
) -> Result<SignIn, super::staff::PasswordError> {
    Ok(SignIn {
        store,
        passwords: super::staff::Passwords::new(entropy.clone())?,
        sessions: super::staff::Sessions::new(clock.clone(), entropy.clone()),
        pending: super::staff::Sessions::new(clock.clone(), entropy),
        by_two,
        clock: clock.clone(),
        throttle: super::staff::Throttle::new(clock),
        trail,
    })
}

/// Every route once: what is served, and what the tests walk as every role.
macro_rules! routes {
    ($($method:ident $path:literal => $handler:expr,)*) => {
        /// Method and path of every route of the staff's pages.
        pub const ROUTES: &[(&str, &str)] = &[$((stringify!($method), $path),)*];

        fn register(config: &mut ServiceConfig) {
            $(config.route($path, web::$method().to($handler));)*
        }
    };
}

routes! {
    get "/healthz" => HttpResponse::Ok,
    get "/assets/staff.css" => css,
    get "/assets/staff.js" => script,
    get "/" => door::start,
    get "/{lang}/login" => door::show,
    post "/{lang}/login" => door::enter,
    post "/{lang}/login/code" => factor::enter_code,
    post "/{lang}/logout" => door::leave,
    get "/{lang}/own" => own::show,
    post "/{lang}/own" => own::change,
    post "/{lang}/own/second-factor" => factor::set_up,
    post "/{lang}/own/mail" => own::seal_mail,
    post "/{lang}/own/leave" => own::leave,
    post "/{lang}/own/calendar/{action}" => feed::change,
    get "/{lang}/calendar/{token}" => feed::read,
    get "/{lang}/queue" => queue::queue,
    get "/{lang}/ledger" => ledger::show,
    post "/{lang}/ledger/{action}" => ledger::act,
    get "/{lang}/board" => board::show,
    post "/{lang}/board/{action}" => board::export,
    get "/{lang}/search" => search::show,
    post "/{lang}/search" => search::find,
    get "/{lang}/case/{number}" => cases::show,
    post "/{lang}/case/{number}/{action}" => acting::change,
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
    get "/{lang}/accounts" => accounts::list,
    post "/{lang}/accounts" => accounts::add,
    get "/{lang}/accounts/{id}" => accounts::show,
    post "/{lang}/accounts/{id}/{action}" => accounts::change,
    get "/{lang}/routing" => routing::show,
    get "/{lang}/routing/edit" => routing::edit,
    post "/{lang}/routing/{action}" => routing::change,
    get "/{lang}/trail" => trail::show,
    get "/{lang}/unlock" => unlock::show,
    post "/{lang}/unlock/{way}" => unlock::enter,
}

/// The staff's pages.
pub fn configure(state: web::Data<WebState>) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        let pages = web::scope("")
            .wrap(security_headers("same-origin"))
            .app_data(state)
            .app_data(web::FormConfig::default().limit(1 << 20))
            .configure(register);
        config.service(pages);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tip::Category;
    use crate::triage::cases::{CaseState, Mark, Mode, Outcome, PaperKind, QueueView, Urgency};
    use crate::triage::deadlines::Rung;
    use crate::triage::desk::PHRASES;
    use crate::triage::oversight::{Dimension, Measure};
    use crate::triage::routing::Condition;
    use crate::triage::similarity::{Offence, SAID_KEYS};
    use crate::triage::staff::Role;
    use crate::triage::store::{AttachmentState, QuarantineState};
    use crate::triage::trail::Kind;

    const CLOCKS: &str = include_str!("../../../deploy/clocks.toml");

    const TABS: [&str; 11] = [
        "queue",
        "ledger",
        "search",
        "board",
        "type-in",
        "quarantine",
        "accounts",
        "routing",
        "trail",
        "login",
        "keys",
    ];

    /// Keys that the engine writes or the pages put together, which no template spells out.
    fn built_keys() -> Vec<String> {
        let quarantine = [
            "header",
            "wrong-key",
            "damaged",
            "not-a-tip",
            "unknown-mailbox",
            "files",
            "tried",
            "opened",
            "still",
            "discarded",
            "waits",
        ];
        let clocks = CLOCKS
            .lines()
            .filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
        let due = ["done", "late", "today", "soon", "on-time"];
        let plain = ["refused", "missing", "failed", "origin"];
        let fields = [
            "login",
            "name",
            "email",
            "recused_schools",
            "recused_names",
            "leave_from",
            "leave_to",
            "error-leave",
            "leave-changed",
        ];
        let others = [
            "login-refused",
            "login-wait",
            "pull-ok",
            "chart-sentence",
            "routing-text",
            "size-kilobytes",
            "size-megabytes",
        ];
        let with = |prefix: &'static str| move |code: &str| format!("{prefix}-{code}");
        let mut keys: Vec<String> = history_keys();
        keys.extend(clocks.map(with("clock")));
        keys.extend(routing_keys());
        keys.extend(quarantine.map(with("quarantine")));
        let states = QuarantineState::ALL.map(|one| one.code().replace('_', "-"));
        keys.extend(states.map(|one| format!("quarantine-state-{one}")));
        let tiers = ["unrelated", "maybe", "same", "school-or-teacher"];
        keys.extend(tiers.map(|one| format!("tier-{one}")));
        keys.extend(["schools", "names", "places"].map(|one| format!("veto-{one}")));
        keys.extend(
            SAID_KEYS
                .iter()
                .filter(|key| **key != "listed")
                .map(|one| format!("said-{one}")),
        );
        keys.extend(joining_keys());
        keys.extend(account_keys());
        let views = [
            "not-drawable",
            "damaged",
            "too-large",
            "encrypted",
            "failed",
        ];
        keys.extend(views.map(|one| format!("view-{one}")));
        keys.extend(AttachmentState::ALL.map(|one| format!("file-{}", one.code())));
        keys.extend(Kind::ALL.iter().map(|one| format!("trail-{}", one.code())));
        keys.extend(page::AREAS.map(with("area")));
        keys.extend(Rung::ALL.map(|one| format!("rung-{}", one.code())));
        keys.push("clock-extended".to_owned());
        keys.extend(["holds", "broken"].map(with("trail")));
        keys.extend(due.map(with("due")));
        keys.extend(TABS.map(with("tab")));
        keys.extend(error_keys());
        keys.extend(ledger_keys());
        keys.extend(plain.map(|key| format!("{key}-title")));
        keys.extend(plain.map(|key| format!("{key}-text")));
        keys.extend(
            Category::ALL
                .iter()
                .map(|one| format!("category-{}", one.code())),
        );
        keys.extend(CaseState::ALL.map(|one| format!("state-{}", one.code())));
        keys.extend(Mode::ALL.map(|one| format!("mode-{}", one.code())));
        keys.extend(["phone", "letter", "walk-in"].map(with("channel")));
        keys.extend(PHRASES.map(|one| format!("phrase-{one}")));
        keys.extend(PaperKind::ALL.map(|one| format!("paper-{}", one.code())));
        keys.extend(Outcome::ALL.map(|one| format!("outcome-{}", one.code())));
        keys.extend(QueueView::ALL.map(|one| format!("view-{}", one.code())));
        keys.extend(Role::ALL.map(|one| format!("role-{}", one.code())));
        keys.extend(fields.into_iter().chain(others).map(str::to_owned));
        keys
    }

    /// Those of routing: who can be given a case, and the rules.
    fn routing_keys() -> Vec<String> {
        let rules = [
            "pass-up-due",
            "pass-up-lead",
            "error-files-handed",
            "rules-version",
            "rules-added",
            "rules-removed",
            "rules-edited",
            "tried-none",
            "tried-rule",
            "tried-all",
            "tried-summary",
            "error-rules",
            "error-rules-changed",
            "error-rules-many",
            "error-rule-id",
            "error-rule-twice",
            "error-rule-hidden",
            "error-rule-unknown",
            "error-rule-reason",
            "error-rule-order",
        ];
        let standings = ["free", "skilled", "recused", "away"];
        let mut keys: Vec<String> = rules.map(str::to_owned).to_vec();
        keys.extend(standings.map(|one| format!("standing-{one}")));
        keys.extend(Condition::ALL.map(|one| format!("condition-{}", one.code())));
        keys
    }

    /// Those of what a form did not take.
    fn error_keys() -> Vec<String> {
        let errors = [
            "changed",
            "not-possible",
            "handler-recused",
            "second-person",
            "not-told",
            "no-opinion",
            "exhibit",
            "dissent",
            "day",
            "channel",
            "category",
            "language",
            "office-staff",
            "code-used",
            "place",
            "sha256",
            "held",
            "due",
            "member",
            "file-gone",
            "file",
            "accused",
            "passage",
            "mode",
            "told",
            "subject",
            "revisit",
            "bad-text",
            "password",
            "school",
            "unit",
            "login-taken",
            "self",
        ];
        errors.map(|one| format!("error-{one}")).to_vec()
    }

    /// Those of the ledger.
    fn ledger_keys() -> Vec<String> {
        let keys = [
            "ledger-count",
            "page-of",
            "trail-exported-detail",
            "any",
            "received-from",
            "received-to",
            "due-from",
            "due-to",
            "sort-by",
            "sort-order",
            "order-first-first",
            "order-last-first",
            "col-received",
            "col-time",
            "col-joined",
            "error-choice",
            "error-filter-day",
            "error-days-order",
            "error-view-name",
            "error-views-many",
            "error-search-empty",
            "error-search-long",
            "part-tip",
            "calendar-name",
            "feed-made",
            "school-unlisted",
            "board-sentence",
            "board-by",
            "board-of",
            "board-total",
            "month",
            "withheld",
            "error-year",
            "trail-detail-outside",
            "part-message",
            "part-paper",
            "mode",
            "unit",
            "outcome",
        ];
        let times = Urgency::ALL.map(|one| format!("time-{}", one.code()));
        let measures = Measure::ALL.map(|one| format!("measure-{}", one.code()));
        let dimensions = Dimension::ALL.map(|one| format!("by-{}", one.code()));
        let keys = keys.map(str::to_owned).into_iter();
        keys.chain(times)
            .chain(measures)
            .chain(dimensions)
            .collect()
    }

    /// Those of the lines of a case's history.
    fn history_keys() -> Vec<String> {
        let lines = [
            "received",
            "assigned",
            "wrote",
            "reporter-wrote",
            "reporter-objected",
            "reporter-aftercare",
            "reporter-gone",
            "extended",
            "recounted",
            "joined",
            "reopened",
            "split",
            "held-apart",
            "opened-again",
            "typed-in-phone",
            "typed-in-letter",
            "typed-in-walk-in",
            "paper-note",
            "paper-evidence",
            "paper-interview",
            "paper-task",
            "task-done",
            "closing-proposed",
            "closing-rejected",
            "deletion-asked",
            "deletion-rejected",
            "hold-set",
            "hold-lifted",
            "mode-direct",
            "mode-passed",
            "mode-supervised",
            "mode-joint",
            "key-taken",
            "recused-oneself",
            "handler-added",
            "handler-removed",
            "opinion-written",
            "opinion-agrees",
            "opinion-dissents",
            "passing-due",
            "kept-here",
            "reply-passed-up",
        ]
        .into_iter()
        .chain(CaseState::ALL.map(CaseState::code).into_iter().skip(1));
        let lines = lines.map(|code| format!("history-{code}"));
        let ends = ["end-until", "trail-by-two", "trail-destroyed-what"];
        lines.chain(ends.map(str::to_owned)).collect()
    }

    /// Those of one's own account, and of keys that wait for an officer.
    fn account_keys() -> Vec<String> {
        let keys = [
            "own-changed",
            "code-refused",
            "code-over",
            "error-factor-code",
            "error-mail-recipient",
            "own-mail-changed",
            "password-now",
            "password-new",
            "password-again",
            "error-password-now",
            "error-passwords-differ",
            "error-key-code",
            "error-key-nothing",
            "error-sealed",
            "error-unlock-wrong",
            "error-share",
            "error-share-foreign",
            "unlock-entered",
            "sealed-title",
            "sealed-text",
        ];
        keys.map(str::to_owned).to_vec()
    }

    /// Those of joining, comparing, copies and bursts.
    fn joining_keys() -> Vec<String> {
        let compared = [
            "alike-days",
            "alike-within",
            "joined-count",
            "copies",
            "copies-here",
            "burst",
            "burst-first",
            "copies-one-day",
            "alike-one-day",
            "weight-none",
            "loading-title",
            "loading-text",
            "loading-again",
            "sketches-rebuilt",
            "offence-any",
            "compare-reopens",
            "compare-accepts",
            "compare-news",
        ];
        let mut keys: Vec<String> = compared.map(str::to_owned).to_vec();
        keys.extend(Mark::SHOWN.map(|one| format!("mark-{}", one.code())));
        keys.extend(Offence::ALL.map(|one| format!("offence-{}", one.code())));
        let much = ["strong", "clear", "slight"];
        keys.extend(much.map(|one| format!("weight-for-{one}")));
        keys.extend(much.map(|one| format!("weight-against-{one}")));
        keys
    }

    fn template_keys() -> Vec<String> {
        let templates = [
            include_str!("templates/staff_base.html"),
            include_str!("templates/staff_login.html"),
            include_str!("templates/staff_queue.html"),
            include_str!("templates/staff_ledger.html"),
            include_str!("templates/staff_search.html"),
            include_str!("templates/staff_board.html"),
            include_str!("templates/staff_case.html"),
            include_str!("templates/staff_next.html"),
            include_str!("templates/staff_assign.html"),
            include_str!("templates/staff_pass_up.html"),
            include_str!("templates/staff_routing.html"),
            include_str!("templates/staff_routing_edit.html"),
            include_str!("templates/staff_papers.html"),
            include_str!("templates/staff_refer.html"),
            include_str!("templates/staff_talk.html"),
            include_str!("templates/staff_type_in.html"),
            include_str!("templates/staff_typed_in.html"),
            include_str!("templates/staff_closing.html"),
            include_str!("templates/staff_end.html"),
            include_str!("templates/staff_files.html"),
            include_str!("templates/staff_tips.html"),
            include_str!("templates/staff_alike.html"),
            include_str!("templates/staff_compare.html"),
            include_str!("templates/staff_join.html"),
            include_str!("templates/staff_view.html"),
            include_str!("templates/staff_accounts.html"),
            include_str!("templates/staff_trail.html"),
            include_str!("templates/staff_account.html"),
            include_str!("templates/staff_account_fields.html"),
            include_str!("templates/staff_own.html"),
            include_str!("templates/staff_factor.html"),
            include_str!("templates/staff_recovery.html"),
            include_str!("templates/staff_code.html"),
            include_str!("templates/staff_keys.html"),
            include_str!("templates/staff_unlock.html"),
            include_str!("templates/staff_quarantine.html"),
            include_str!("templates/staff_handlers.html"),
            include_str!("templates/staff_opinions.html"),
        ];
        templates
            .iter()
            .flat_map(|template| template.split("w.say(\"").skip(1))
            .filter_map(|part| part.split('"').next())
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn both_languages_have_every_word_the_pages_use() {
        let keys = |sources: &[&'static str]| -> Vec<&str> {
            let lines = sources.iter().flat_map(|source| source.lines());
            lines
                .filter_map(|line| line.split_once(" = "))
                .map(|(key, _)| key)
                .collect()
        };
        assert_eq!(keys(CHINESE), keys(ENGLISH));
        assert!(CLOCKS.contains("id = \"child-harm\""));
        let words = StaffWords::new();
        for key in built_keys().into_iter().chain(template_keys()) {
            for language in [Language::ZhHans, Language::En] {
                assert!(words.of(language).has(&key), "no words for {key}");
            }
        }
    }
}
