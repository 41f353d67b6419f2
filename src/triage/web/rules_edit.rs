//! The routing rules as a form: changed by a dispatcher or the administrator, tried on the last tips by a dispatcher.

use super::WebState;
use super::admission::admit;
use super::asked::{Admitted, Roles, RuleWriters};
use super::page::{Page, render, see};
use super::refusal::refuse;
use super::rules_form::RulesForm;
use super::typed_form::Form;
use crate::administration;
use crate::administration::{FIRST_VERSION, RulesRefused, TriedTip};
use crate::model::{Role, Viewer};
use crate::office::OfficeError;
use crate::routing::{Condition, Rule};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::words::Language;
use std::borrow::Borrow;
use std::fmt::Display;

/// What can be done with rules, by the last word of the address. What is not named here is not done.
pub const RULES_ACTIONS: [&str; 2] = ["save", "try"];

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

impl EditPage<'_> {
    fn unit_of(&self, tried: &TriedTip, then: bool) -> String {
        let choice = if then { &tried.then } else { &tried.now };
        self.p.unit(&choice.unit)
    }

    fn subject(&self, tried: &TriedTip) -> String {
        let category = self.p.category(tried.entry.summary.category);
        match &tried.entry.summary.school_id {
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
        let by = self.p.listed(&names);
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
        let rules = self.p.state.office.rules();
        let mut values: Vec<&str> = match condition {
            Condition::Category => mifeng_sealing::tip::Category::ALL
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

/// The form with the rules in force.
pub(super) async fn edit(who: Admitted<RuleWriters>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = (who.lang, who.viewer);
    let versions = match administration::rules_versions(&state.office, &viewer).await {
        Ok(versions) => versions,
        Err(error) => return refuse(&state, lang, Some(&viewer), &error),
    };
    let base = versions.first().map_or(FIRST_VERSION, |one| one.number);
    let form = RulesForm::of(state.office.rules().set(), base);
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
    let page = EditPage {
        p: &p,
        f: form,
        tried,
        may_try: viewer.role == Role::Dispatcher,
        error: p.say_if(error),
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
        &RuleWriters::ALLOWED[..1]
    } else {
        RuleWriters::ALLOWED
    };
    let (lang, viewer) = match admit(&request, &state, allowed).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let unsound = StatusCode::UNPROCESSABLE_ENTITY;
    let mut form = RulesForm::typed(form.into_inner());
    let refused = match (action, form.set()) {
        _ if !RULES_ACTIONS.contains(&action) => {
            return refuse(&state, lang, Some(&viewer), &OfficeError::NotYours);
        }
        (_, None) => RulesRefused::Faulty(Vec::new()),
        ("try", Some(set)) => match administration::try_rules(&state.office, &viewer, set).await {
            Ok(tried) => {
                let ok = StatusCode::OK;
                return edit_page(&state, lang, &viewer, &form, ok, Some(tried), "");
            }
            Err(refused) => refused,
        },
        (_, Some(set)) => {
            let (office, base) = (&state.office, form.base());
            match administration::write_rules(office, &viewer, base, set, form.reason()).await {
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
        RulesRefused::Office(OfficeError::BadText(_)) => {
            form.mark_reason();
            edit_page(&state, lang, &viewer, &form, unsound, None, "error-rules")
        }
        RulesRefused::Office(OfficeError::Changed) => {
            let (status, told) = (StatusCode::CONFLICT, "error-rules-changed");
            edit_page(&state, lang, &viewer, &form, status, None, told)
        }
        RulesRefused::Office(error) => refuse(&state, lang, Some(&viewer), &error),
    }
}
