//! What every page has in common: in which language it is, for whom, its tabs, and how it is drawn.

use super::WebState;
use super::neutral::neutral;
use crate::model::{Member, Role};
use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_foundation::words::{Language, Words};
use std::collections::HashMap;

/// From so many days before the last day of the manifest on it is said that another one is needed: who signs it has to get
/// the key out of the safe.
const MANIFEST_WARNING_DAYS: i32 = 42;

/// Fields as typed, and which form they came from.
#[derive(Default)]
pub(super) struct SubmittedForm {
    pub action: String,
    pub fields: HashMap<String, String>,
}

impl SubmittedForm {
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

    /// Whether the member joins and splits.
    pub fn may_join(&self) -> bool {
        self.member
            .is_some_and(|member| member.role.sees_all_cases())
    }

    /// That the manifest runs out in some weeks or has run out, for whoever can see to another one.
    pub fn manifest_ends(&self) -> Option<String> {
        let member = self.member?;
        let sees_to_it = matches!(
            member.role,
            Role::Dispatcher | Role::Supervisor | Role::Administrator
        );
        let until = self.state.manifest_until;
        let left = until.days_since(self.state.office.today());
        let key = match left {
            ..0 => "manifest-ended",
            0..=MANIFEST_WARNING_DAYS => "manifest-ends",
            _ => return None,
        };
        sees_to_it.then(|| self.w.say_with(key, &[("day", &until.to_string())]))
    }

    /// Whether the office's key is locked, for whoever is signed in.
    pub fn is_locked(&self) -> bool {
        self.member.is_some() && self.state.office.is_locked()
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

    pub fn plain(&self, status: StatusCode, notice: Notice) -> HttpResponse {
        let key = notice.key();
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
            .body(neutral(html)),
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

pub(super) fn failed(state: &WebState, lang: Language, error: &StoreError) -> HttpResponse {
    log(Event::RequestFailed {
        place: "staff",
        cause: error,
    });
    Page::new(state, lang, None, "queue").plain(StatusCode::SERVICE_UNAVAILABLE, Notice::Failed)
}

/// A page that says one thing and has no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Nothing is here for the viewer.
    Missing,
    /// The viewer's role may not.
    Refused,
    /// It was not done.
    Failed,
    /// The office's key is locked.
    Locked,
    /// The request came from a page that is not ours.
    Origin,
}

impl Notice {
    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 5] = [
        Self::Missing,
        Self::Refused,
        Self::Failed,
        Self::Locked,
        Self::Origin,
    ];

    /// The beginning of the keys of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Locked => "locked",
            Self::Origin => "origin",
        }
    }
}
