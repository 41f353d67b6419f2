//! The routing rules: shown to those who work by them, changed by a dispatcher or the administrator, tried on the last tips
//! by a dispatcher.

use super::WebState;
use super::admission::admit;
use super::cases::refuse;
use super::page::{Page, render, see};
use super::rules_form::RulesForm;
use crate::tip::Language;
use crate::triage::desk::{DeskError, FIRST_VERSION, RulesRefused, RulesVersion, TriedTip};
use crate::triage::routing::{Condition, Rule, RuleSet};
use crate::triage::staff::{Role, Viewer};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::borrow::Borrow;
use std::fmt::Display;

const READERS: [Role; 3] = [Role::Dispatcher, Role::Supervisor, Role::Administrator];
const WRITERS: [Role; 2] = [Role::Dispatcher, Role::Administrator];

/// What can be done with rules, by the last word of the address. What is not named here is not done.
pub const RULES_ACTIONS: [&str; 2] = ["save", "try"];

#[derive(Template)]
#[template(path = "staff_routing.html")]
struct RoutingPage<'a> {
    p: &'a Page<'a>,
    set: RuleSet,
    versions: Vec<RulesVersion>,
    /// The directory and first version as the file says them.
    file: &'a str,
    may_write: bool,
}

#[derive(Template)]
#[template(path = "staff_routing_edit.html")]
struct EditPage<'a> {
    p: &'a Page<'a>,
    f: &'a RulesForm,
    tried: Option<Vec<TriedTip>>,
    may_try: bool,
    /// What is wrong, but not with a field.
    error: String,
}

impl Page<'_> {
    /// A rule's condition in words; empty where it has none.
    pub fn condition(&self, rule: &Rule, condition: impl Borrow<Condition>) -> String {
        let condition = *condition.borrow();
        let listed = rule.listed(condition).into_iter();
        let words: Vec<_> = listed.map(|value| self.value(condition, value)).collect();
        words.join(if self.lang.is_chinese() { "、" } else { ", " })
    }

    /// A value of a condition in words.
    pub fn value(&self, condition: Condition, value: &str) -> String {
        match condition {
            Condition::Category => self.w.say(&format!("category-{value}")),
            Condition::Stage => {
                let key = format!("stage-{value}");
                if self.w.has(&key) {
                    self.w.say(&key)
                } else {
                    value.to_owned()
                }
            }
            Condition::Area => self.area(value),
            Condition::School => self.school(value),
        }
    }

    pub fn condition_name(&self, condition: impl Borrow<Condition>) -> String {
        self.w
            .say(&format!("condition-{}", condition.borrow().code()))
    }
}

impl RoutingPage<'_> {
    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn conditions(&self) -> [Condition; 4] {
        Condition::ALL
    }

    /// Which version is in force, in words.
    fn version(&self) -> String {
        let latest = self.versions.first();
        let number = latest.map_or(FIRST_VERSION, |version| version.number);
        let number = number.to_string();
        self.p.w.say_with("rules-version", &[("number", &number)])
    }

    fn reason<'r>(&self, rule: &'r Rule) -> &'r str {
        if self.p.lang.is_chinese() {
            &rule.reason_zh
        } else {
            &rule.reason_en
        }
    }

    /// What a version changed against the one before it, in ids of rules.
    fn differs(&self, index: impl Borrow<usize>) -> String {
        let index = *index.borrow();
        let set = &self.versions[index].set;
        let Some(before) = self.versions.get(index + 1) else {
            return String::new();
        };
        let ids = |one: &RuleSet| {
            one.rule
                .iter()
                .map(|rule| rule.id.clone())
                .collect::<Vec<_>>()
        };
        let (old, new) = (ids(&before.set), ids(set));
        let kept = |rule: &&Rule| old.contains(&rule.id) && !before.set.rule.contains(rule);
        let say = |key: &str, list: Vec<String>| {
            let list = list.join(", ");
            (!list.is_empty()).then(|| self.p.w.say_with(key, &[("list", &list)]))
        };
        let told = [
            say(
                "rules-added",
                new.iter().filter(|id| !old.contains(id)).cloned().collect(),
            ),
            say(
                "rules-removed",
                old.iter().filter(|id| !new.contains(id)).cloned().collect(),
            ),
            say(
                "rules-edited",
                set.rule
                    .iter()
                    .filter(kept)
                    .map(|rule| rule.id.clone())
                    .collect(),
            ),
        ];
        let told: Vec<_> = told.into_iter().flatten().collect();
        told.join(if self.p.lang.is_chinese() {
            "；"
        } else {
            "; "
        })
    }
}

impl EditPage<'_> {
    fn unit_of(&self, tried: &TriedTip, then: bool) -> String {
        let choice = if then { &tried.then } else { &tried.now };
        self.p.unit(&choice.unit)
    }

    fn subject(&self, tried: &TriedTip) -> String {
        let category = self.p.category(tried.entry.card.category);
        match &tried.entry.card.school_id {
            Some(id) => format!("{category} · {}", self.p.school(id)),
            None => category,
        }
    }

    /// Which rule matched, and by what.
    fn why(&self, tried: &TriedTip) -> String {
        let words = self.p.w;
        let Some((index, conditions)) = &tried.explained.matched else {
            return words.say("tried-none");
        };
        let id = tried.then.rule.as_deref().unwrap_or_default();
        let names: Vec<_> = conditions
            .iter()
            .map(|one| self.p.condition_name(*one))
            .collect();
        let by = names.join(if self.p.lang.is_chinese() {
            "、"
        } else {
            ", "
        });
        let number = (index + 1).to_string();
        let key = if by.is_empty() {
            "tried-all"
        } else {
            "tried-rule"
        };
        words.say_with(key, &[("number", &number), ("id", id), ("by", &by)])
    }

    /// Rules before it, and what each did not find in the tip.
    fn passed_over(&self, tried: &TriedTip) -> String {
        let over = tried.explained.passed_over.iter();
        let said = over.map(|(id, unmet)| format!("{id} ({})", self.p.condition_name(*unmet)));
        said.collect::<Vec<_>>().join(", ")
    }

    fn summary(&self, tried: &[TriedTip]) -> String {
        let changed = tried.iter().filter(|one| one.is_changed()).count();
        let (count, changed) = (tried.len().to_string(), changed.to_string());
        let said = [("count", count.as_str()), ("changed", changed.as_str())];
        self.p.w.say_with("tried-summary", &said)
    }

    /// Everything that can be chosen for a condition: value, words, whether the rule has it.
    fn options(
        &self,
        rule: &Rule,
        condition: impl Borrow<Condition>,
    ) -> Vec<(String, String, bool)> {
        let condition = *condition.borrow();
        let rules = self.p.state.desk.rules();
        let mut values: Vec<&str> = match condition {
            Condition::Category => crate::tip::Category::ALL
                .iter()
                .map(|one| one.code())
                .collect(),
            Condition::Stage => rules
                .schools()
                .iter()
                .map(|one| one.stage.as_str())
                .collect(),
            Condition::Area => rules
                .schools()
                .iter()
                .map(|one| one.area.as_str())
                .collect(),
            Condition::School => rules.schools().iter().map(|one| one.id.as_str()).collect(),
        };
        let mut seen = std::collections::HashSet::new();
        values.retain(|value| seen.insert(*value));
        let listed = rule.listed(condition);
        let option = |value: &str| {
            let chosen = listed.contains(&value);
            (value.to_owned(), self.p.value(condition, value), chosen)
        };
        values.into_iter().map(option).collect()
    }

    /// What is wrong with a field of a rule, or of the whole.
    fn wrong(&self, field: &str) -> String {
        let key = self.f.wrong(field);
        key.map_or_else(String::new, |key| self.p.w.say(key))
    }

    /// The same with a field of the rule at a place of the form.
    fn wrong_in(&self, index: impl Display, field: impl Display) -> String {
        self.wrong(&format!("r{index}-{field}"))
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn conditions(&self) -> [Condition; 4] {
        Condition::ALL
    }
}

/// The rules in force, their versions, and the file.
pub(super) async fn show(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = match admit(&request, &state, &READERS).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let versions = match state.desk.rules_versions(&viewer).await {
        Ok(versions) => versions,
        Err(error) => return refuse(&state, lang, &error),
    };
    let p = Page::new(&state, lang, Some(&viewer), "routing");
    let page = RoutingPage {
        set: state.desk.rules().set().clone(),
        versions,
        file: &state.routing_rules,
        may_write: WRITERS.contains(&viewer.role) && !state.desk.is_sealed(),
        p: &p,
    };
    render(StatusCode::OK, &page)
}

/// The form with the rules in force.
pub(super) async fn edit(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = match admit(&request, &state, &WRITERS).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let versions = match state.desk.rules_versions(&viewer).await {
        Ok(versions) => versions,
        Err(error) => return refuse(&state, lang, &error),
    };
    let base = versions.first().map_or(FIRST_VERSION, |one| one.number);
    let form = RulesForm::of(state.desk.rules().set(), base);
    edit_page(&state, lang, &viewer, &form, StatusCode::OK, None, "")
}

fn edit_page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    form: &RulesForm,
    status: StatusCode,
    tried: Option<Vec<TriedTip>>,
    error: &str,
) -> HttpResponse {
    let p = Page::new(state, lang, Some(viewer), "routing").at("routing/edit".to_owned());
    let error = if error.is_empty() {
        String::new()
    } else {
        p.w.say(error)
    };
    let page = EditPage {
        p: &p,
        f: form,
        tried,
        may_try: viewer.role == Role::Dispatcher,
        error,
    };
    render(status, &page)
}

/// Saves the rules that were sent, or tries them.
pub(super) async fn change(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<Vec<(String, String)>>,
) -> HttpResponse {
    let action = request.match_info().query("action");
    let allowed = if action == "try" {
        &WRITERS[..1]
    } else {
        &WRITERS[..]
    };
    let (lang, viewer) = match admit(&request, &state, allowed).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let unsound = StatusCode::UNPROCESSABLE_ENTITY;
    let mut form = RulesForm::typed(form.into_inner());
    let refused = match (action, form.set()) {
        _ if !RULES_ACTIONS.contains(&action) => return refuse(&state, lang, &DeskError::NotYours),
        (_, None) => RulesRefused::Faulty(Vec::new()),
        ("try", Some(set)) => match state.desk.try_rules(&viewer, set).await {
            Ok(tried) => {
                return edit_page(
                    &state,
                    lang,
                    &viewer,
                    &form,
                    StatusCode::OK,
                    Some(tried),
                    "",
                );
            }
            Err(refused) => refused,
        },
        (_, Some(set)) => {
            let (desk, base) = (&state.desk, form.base());
            match desk.write_rules(&viewer, base, set, form.reason()).await {
                Ok(()) => return see(&format!("/{lang}/routing")),
                Err(refused) => refused,
            }
        }
    };
    match refused {
        RulesRefused::Faulty(faults) => {
            form.mark(&faults);
            edit_page(&state, lang, &viewer, &form, unsound, None, "error-rules")
        }
        RulesRefused::Desk(DeskError::BadText) => {
            form.mark_reason();
            edit_page(&state, lang, &viewer, &form, unsound, None, "error-rules")
        }
        RulesRefused::Desk(DeskError::Changed) => {
            let status = StatusCode::CONFLICT;
            edit_page(
                &state,
                lang,
                &viewer,
                &form,
                status,
                None,
                "error-rules-changed",
            )
        }
        RulesRefused::Desk(error) => refuse(&state, lang, &error),
    }
}
