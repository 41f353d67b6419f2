//! What every page has in common: who asks, in which language, and the words.

#![expect(
    clippy::result_large_err,
    reason = "the error is the answer itself, made once a refused request"
)]

use super::WebState;
use crate::serving::is_same_origin;
use crate::storage::StoreError;
use crate::telemetry::{Event, log};
use crate::tip::{Category, Language};
use crate::triage::cases::{CaseState, ClockView, Mode, Outcome, QueueRow, Urgency};
use crate::triage::deadlines::Rung;
use crate::triage::desk::Candidate;
use crate::triage::routing::Standing;
use crate::triage::staff::{Member, Role, SignedIn, Viewer};
use crate::triage::trail::{Act, Kind};
use crate::words::Words;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::borrow::Borrow;
use std::collections::HashMap;

/// Name of the session's cookie; over TLS the prefix binds it to this host.
pub(super) fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-desk" } else { "desk" }
}

/// The session's token, if the browser sent one.
pub(super) fn session_token<'a>(request: &'a HttpRequest, state: &WebState) -> Option<&'a str> {
    let name = cookie_name(state.secure);
    request
        .headers()
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, token)| (key == name).then_some(token))
}

/// The header that sets the session's cookie, or takes it away where there is no token.
pub(super) fn set_cookie(answer: &mut HttpResponse, state: &WebState, token: Option<&str>) {
    let name = cookie_name(state.secure);
    let secure = if state.secure { "; Secure" } else { "" };
    let gone = if token.is_none() { "; Max-Age=0" } else { "" };
    let token = token.unwrap_or_default();
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{gone}");
    let value = header::HeaderValue::from_str(&text).expect("a name and hex digits of ours");
    answer.headers_mut().insert(header::SET_COOKIE, value);
}

/// Fields as typed, and which form they came from.
#[derive(Default)]
pub(super) struct Typed {
    pub action: String,
    pub fields: HashMap<String, String>,
}

impl Typed {
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// A field that several forms have, for the one it was typed in.
    pub fn only(&self, action: &str, name: &str) -> &str {
        if self.action == action {
            self.get(name)
        } else {
            ""
        }
    }
}

pub(super) struct Page<'a> {
    pub w: &'a Words,
    pub lang: Language,
    pub office: &'a str,
    pub member: Option<&'a Member>,
    pub tab: &'static str,
    /// This page's address after the language: where the other language leads.
    pub here: String,
    pub state: &'a WebState,
    /// Without the tabs of the role: for whoever has to choose a password first.
    pub bare: bool,
}

impl<'a> Page<'a> {
    pub fn new(
        state: &'a WebState,
        lang: Language,
        member: Option<&'a Member>,
        tab: &'static str,
    ) -> Self {
        let (chinese, english) = &state.office_names;
        let office = if lang.is_chinese() { chinese } else { english };
        Self {
            w: state.words.of(lang),
            lang,
            office,
            member,
            tab,
            here: tab.to_owned(),
            state,
            bare: false,
        }
    }

    /// The same page with its own address.
    pub fn at(mut self, here: String) -> Self {
        self.here = here;
        self
    }

    /// A unit's name; its id if the rules no longer have it.
    pub fn unit(&self, id: &str) -> String {
        let rules = self.state.desk.rules();
        let unit = rules.unit(id);
        let names = unit.map(|unit| (unit.name_zh.as_str(), unit.name_en.as_str()));
        self.name_in(names, id)
    }

    /// What the office calls a part of the county.
    pub fn area(&self, id: &str) -> String {
        let rules = self.state.desk.rules();
        let area = rules.area(id);
        let names = area.map(|area| (area.name_zh.as_str(), area.name_en.as_str()));
        self.name_in(names, id)
    }

    /// The Chinese or the English of two names, or else the id.
    fn name_in(&self, names: Option<(&str, &str)>, id: &str) -> String {
        let chinese = self.lang.is_chinese();
        let name = names.map(|(zh, en)| if chinese { zh } else { en });
        name.unwrap_or(id).to_owned()
    }

    /// Ids and names of every unit.
    pub fn units(&self) -> Vec<(String, String)> {
        let rules = self.state.desk.rules();
        let units = rules.units().iter();
        units
            .map(|unit| (unit.id.clone(), self.unit(&unit.id)))
            .collect()
    }

    pub fn tabs(&self) -> &'static [&'static str] {
        let member = self.member.filter(|_| !self.bare);
        match member.map(|member| member.role) {
            Some(Role::Dispatcher) => &[
                "queue",
                "ledger",
                "search",
                "type-in",
                "quarantine",
                "keys",
                "routing",
            ],
            Some(Role::Supervisor) => &[
                "queue",
                "ledger",
                "search",
                "board",
                "quarantine",
                "keys",
                "routing",
            ],
            Some(Role::Investigator) => &["queue", "ledger", "search", "type-in"],
            Some(Role::Administrator) => &["accounts", "routing"],
            Some(Role::Auditor) => &["trail"],
            None => &[],
        }
    }

    /// Whether the office's key is locked, for whoever is signed in.
    pub fn is_sealed(&self) -> bool {
        self.member.is_some() && self.state.desk.is_sealed()
    }

    /// Whether the member can open it.
    pub fn may_unlock(&self) -> bool {
        let roles = [Role::Dispatcher, Role::Supervisor, Role::Administrator];
        let member = self.member.filter(|_| !self.bare && self.tab != "unlock");
        member.is_some_and(|member| roles.contains(&member.role))
    }

    pub fn tab_key(&self, tab: &str) -> String {
        debug_assert!(self.tabs().contains(&tab));
        format!("tab-{tab}")
    }

    pub fn other(&self) -> Language {
        let [chinese, english] = Language::OF_STAFF;
        if self.lang == chinese {
            english
        } else {
            chinese
        }
    }

    pub fn view(&self, code: &str) -> String {
        self.w.say(&format!("view-{code}"))
    }

    pub fn category(&self, category: impl Borrow<Category>) -> String {
        self.w.say(&format!("category-{}", category.borrow()))
    }

    pub fn state(&self, state: impl Borrow<CaseState>) -> String {
        self.w.say(&format!("state-{}", state.borrow().code()))
    }

    /// Moving to a state, as something to do.
    pub fn move_to(&self, state: CaseState) -> String {
        match state {
            CaseState::Reopened => self.w.say("move-reopened"),
            state => self.state(state),
        }
    }

    /// What words to the reporter are asked for when a case moves on from `state`.
    pub fn told_label(&self, state: impl Borrow<CaseState>) -> String {
        let key = match state.borrow() {
            CaseState::Received => "told-if-declined",
            _ => "told-too",
        };
        self.w.say(key)
    }

    pub fn mode(&self, mode: impl Borrow<Mode>) -> String {
        self.w.say(&format!("mode-{}", mode.borrow().code()))
    }

    pub fn outcome(&self, outcome: Outcome) -> String {
        self.w.say(&format!("outcome-{}", outcome.code()))
    }

    pub fn role(&self, role: impl Borrow<Role>) -> String {
        self.w.say(&format!("role-{}", role.borrow().code()))
    }

    pub fn history(&self, key: &str) -> String {
        self.w.say(&format!("history-{key}"))
    }

    pub fn clock(&self, rule: &str) -> String {
        self.w.say(&format!("clock-{rule}"))
    }

    /// What else there is to say of a clock: that it was extended, and to whom it climbed.
    pub fn clock_more(&self, clock: &ClockView) -> String {
        let days = clock.extended_days.to_string();
        let extended = self.w.say_with("clock-extended", &[("days", &days)]);
        let climbed = self.w.say(&format!("rung-{}", clock.climbed.code()));
        let said = [
            (clock.extended_days > 0).then_some(extended),
            (clock.climbed != Rung::Nobody && clock.met_day.is_none())
                .then(|| format!("▲ {} {climbed}", self.w.say("clock-climbed"))),
        ];
        said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Whether somebody can be given a case, and why not.
    pub fn standing(&self, one: &Candidate) -> String {
        let open = one.open_cases.to_string();
        let until = match one.standing {
            Standing::Away(day) => day.to_string(),
            Standing::Free { .. } | Standing::Recused => String::new(),
        };
        let key = format!("standing-{}", one.standing.code());
        self.w.say_with(&key, &[("open", &open), ("until", &until)])
    }

    /// Until when a case is kept.
    pub fn kept_until(&self, day: impl std::fmt::Display) -> String {
        let day = day.to_string();
        self.w.say_with("end-until", &[("day", &day)])
    }

    /// Where a rule stands, of its words in Chinese and English.
    pub fn source(&self, (zh, en): &(String, String)) -> String {
        if self.lang.is_chinese() { zh } else { en }.clone()
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    pub fn urgency(&self, row: &QueueRow) -> &'static str {
        row.urgency.code()
    }

    /// What a case is called: what it is about, where neither a school nor a person was named.
    pub fn title(&self, row: &QueueRow) -> String {
        if row.title.is_empty() {
            return self.category(row.category);
        }
        row.title.clone()
    }

    pub fn due(&self, row: &QueueRow) -> String {
        self.due_in(row.urgency, row.days_left.unwrap_or(0))
    }

    /// How much time there is, or by how much it is late.
    pub(super) fn due_in(&self, urgency: Urgency, days: i32) -> String {
        let key = match urgency {
            Urgency::Done => "due-done",
            Urgency::Late => "due-late",
            Urgency::Soon if days == 0 => "due-today",
            Urgency::Soon => "due-soon",
            Urgency::OnTime => "due-on-time",
        };
        self.w.say_with(key, &[("days", &days.abs().to_string())])
    }

    pub fn plain(&self, status: StatusCode, key: &str) -> HttpResponse {
        let title = self.w.say(&format!("{key}-title"));
        let text = self.w.say(&format!("{key}-text"));
        render(
            status,
            &Plain {
                p: self,
                title,
                text,
                code: "",
            },
        )
    }
}

#[derive(Template)]
#[template(path = "staff_plain.html")]
pub(super) struct Plain<'a> {
    pub p: &'a Page<'a>,
    pub title: String,
    pub text: String,
    pub code: &'a str,
}

pub(super) fn render(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            log(Event::RequestFailed {
                place: "page",
                cause: &error,
            });
            HttpResponse::InternalServerError().finish()
        }
    }
}

pub(super) fn see(address: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .finish()
}

pub(super) fn language(request: &HttpRequest) -> Result<Language, HttpResponse> {
    let tag = request.match_info().get("lang").unwrap_or_default();
    let offered = Language::OF_STAFF.into_iter().find(|it| it.tag() == tag);
    offered.ok_or_else(|| HttpResponse::NotFound().finish())
}

pub(super) fn failed(state: &WebState, lang: Language, error: &StoreError) -> HttpResponse {
    log(Event::RequestFailed {
        place: "staff",
        cause: error,
    });
    Page::new(state, lang, None, "queue").plain(StatusCode::SERVICE_UNAVAILABLE, "failed")
}

/// Refuses a changing request that comes from elsewhere.
pub(super) fn check_origin(
    request: &HttpRequest,
    state: &WebState,
    lang: Language,
) -> Result<(), HttpResponse> {
    if request.method() == Method::GET || is_same_origin(request.headers(), false) {
        return Ok(());
    }
    Err(Page::new(state, lang, None, "login").plain(StatusCode::FORBIDDEN, "origin"))
}

/// Parts of the pages, as the trail names them.
pub(super) const AREAS: [&str; 12] = [
    "board",
    "search",
    "ledger",
    "type-in",
    "queue",
    "case",
    "quarantine",
    "accounts",
    "keys",
    "routing",
    "trail",
    "unlock",
];

/// The part of the pages that an address leads to.
fn area(request: &HttpRequest) -> &'static str {
    let part = request.path().split('/').nth(2).unwrap_or_default();
    let known = AREAS.into_iter().find(|area| *area == part);
    known.unwrap_or_default()
}

/// Who is signed in, active, in whatever way; otherwise the answer to give.
pub(super) async fn signed_in(
    request: &HttpRequest,
    state: &WebState,
) -> Result<(Language, Member, SignedIn), HttpResponse> {
    let lang = language(request)?;
    check_origin(request, state, lang)?;
    let to_login = || see(&format!("/{lang}/login"));
    let token = session_token(request, state).ok_or_else(to_login)?;
    let who = state.sign_in.sessions.who(token).ok_or_else(to_login)?;
    let member = state.sign_in.store.member(who.member).await;
    let member = member.map_err(|error| failed(state, lang, &error))?;
    let member = member.filter(|member| member.active).ok_or_else(to_login)?;
    Ok((lang, member, who))
}

/// Who asks, if signed in, active and in a role that may; otherwise the answer to give.
pub(super) async fn admit(
    request: &HttpRequest,
    state: &WebState,
    allowed: &[Role],
) -> Result<(Language, Viewer), HttpResponse> {
    let (lang, member, who) = signed_in(request, state).await?;
    // A password that somebody else set opens no key, and is good for one thing.
    let to_own = || see(&format!("/{lang}/own"));
    if !state.sign_in.suffices(member.role, &who) {
        return Err(to_own());
    }
    let identity = who.identity.ok_or_else(to_own)?;
    if !allowed.contains(&member.role) {
        let act = Act::new(Kind::RefusedRole).detailed(area(request));
        let recorded = state.desk.trail().record(Some(member.id), act).await;
        recorded.map_err(|error| failed(state, lang, &error))?;
        return Err(
            Page::new(state, lang, Some(&member), "login").plain(StatusCode::FORBIDDEN, "refused")
        );
    }
    Ok((lang, Viewer::new(member, identity)))
}
