//! The routing rules, shown to those who work by them, with their versions.

use super::WebState;
use super::asked::{Admitted, Roles, RuleReaders, RuleWriters};
use super::page::{Page, render};
use super::refusal::refuse;
use crate::administration;
use crate::administration::{FIRST_VERSION, RulesVersion};
use crate::routing::{Condition, Rule, RuleSet};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use std::borrow::Borrow;

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

impl Page<'_> {
    /// A rule's condition in words; empty where it has none.
    pub fn condition(&self, rule: &Rule, condition: impl Borrow<Condition>) -> String {
        let condition = *condition.borrow();
        let listed = rule.listed(condition).into_iter();
        let words: Vec<_> = listed.map(|value| self.value(condition, value)).collect();
        self.listed(&words)
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
        self.p.pick(&rule.reason_zh, &rule.reason_en)
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
        told.join(self.p.pick("；", "; "))
    }
}

/// The rules in force, their versions, and the file.
pub(super) async fn show(who: Admitted<RuleReaders>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = (who.lang, who.viewer);
    let versions = match administration::rules_versions(&state.office, &viewer).await {
        Ok(versions) => versions,
        Err(error) => return refuse(&state, lang, Some(&viewer), &error),
    };
    let p = Page::new(&state, lang, Some(&viewer), "routing");
    let page = RoutingPage {
        set: state.office.rules().set().clone(),
        versions,
        file: &state.routing_rules,
        may_write: RuleWriters::ALLOWED.contains(&viewer.role) && !state.office.is_locked(),
        p: &p,
    };
    render(StatusCode::OK, &page)
}
