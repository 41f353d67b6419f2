//! The form of the routing rules: as the rules fill it, and as somebody typed it, down to what cannot be used.

use crate::routing::{Fault, RULES_MAX, Rule, RuleSet};
use std::collections::BTreeMap;
use std::fmt::Display;

/// One rule's part of the form.
#[derive(Clone, Default)]
pub(super) struct RuleForm {
    /// Where it shall stand among the others, as typed.
    pub order: String,
    /// What was typed of it.
    pub rule: Rule,
    /// Whether it is to be taken out.
    pub removed: bool,
    /// A category was named that there is not.
    unknown_category: bool,
}

impl RuleForm {
    /// Whether nothing was typed: the empty one at the end.
    fn is_empty(&self) -> bool {
        self.rule == Rule::default()
    }

    fn take(&mut self, field: &str, value: String) {
        let push = |list: &mut Option<Vec<String>>, value| {
            list.get_or_insert_default().push(value);
        };
        match field {
            "order" => self.order = value,
            "id" => value.trim().clone_into(&mut self.rule.id),
            "unit" => self.rule.unit = value,
            "zh" => value.trim().clone_into(&mut self.rule.reason_zh),
            "en" => value.trim().clone_into(&mut self.rule.reason_en),
            "remove" => self.removed = true,
            "category" => match value.parse() {
                Ok(category) => self.rule.category.get_or_insert_default().push(category),
                Err(_) => self.unknown_category = true,
            },
            "stage" => push(&mut self.rule.stage, value),
            "area" => push(&mut self.rule.area, value),
            "school" => push(&mut self.rule.school, value),
            _ => {}
        }
    }
}

/// The whole form.
pub(super) struct RulesForm {
    /// The version that it was made from, as typed.
    base: String,
    /// The unit for what no rule matches.
    pub leading: String,
    reason: String,
    /// The rules in the order of the form, with an empty one at the end.
    pub rules: Vec<RuleForm>,
    /// Key of the words for what is wrong, by field: `r3-unit`, `leading`, `reason`.
    wrong: BTreeMap<String, &'static str>,
}

impl RulesForm {
    /// With the rules of a version.
    pub fn of(set: &RuleSet, base: i64) -> Self {
        let rules = set.rule.iter().enumerate();
        let rules = rules.map(|(index, rule)| RuleForm {
            order: place(index),
            rule: rule.clone(),
            ..RuleForm::default()
        });
        let form = Self {
            base: base.to_string(),
            leading: set.leading_group_unit.clone(),
            reason: String::new(),
            rules: rules.collect(),
            wrong: BTreeMap::new(),
        };
        form.with_an_empty_one()
    }

    /// As it was typed: fields `base`, `leading`, `reason`, and `r0-id` and so on for each rule.
    pub fn typed(fields: Vec<(String, String)>) -> Self {
        let mut form = Self {
            base: String::new(),
            leading: String::new(),
            reason: String::new(),
            rules: Vec::new(),
            wrong: BTreeMap::new(),
        };
        let mut rules: BTreeMap<usize, RuleForm> = BTreeMap::new();
        for (name, value) in fields {
            match name.as_str() {
                "base" => form.base = value,
                "leading" => form.leading = value,
                "reason" => form.reason = value,
                name => {
                    let rest = name.strip_prefix('r').and_then(|rest| rest.split_once('-'));
                    let Some((number, field)) = rest else {
                        continue;
                    };
                    // One more than may be kept, so that too many are told and not lost.
                    let number = number
                        .parse()
                        .ok()
                        .filter(|number| *number <= RULES_MAX + 1);
                    if let Some(number) = number {
                        rules.entry(number).or_default().take(field, value);
                    }
                }
            }
        }
        form.rules = rules
            .into_values()
            .filter(|rule| !rule.is_empty())
            .collect();
        form.with_an_empty_one()
    }

    fn with_an_empty_one(mut self) -> Self {
        let order = place(self.rules.len());
        self.rules.push(RuleForm {
            order,
            ..RuleForm::default()
        });
        self
    }

    /// The version that it was made from; one that never was where that cannot be read.
    pub fn base(&self) -> i64 {
        self.base.parse().unwrap_or(-1)
    }

    /// Why the rules are changed.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Which rules are kept, by their place in the form, in the order that they shall have. What has no order stands where
    /// it stood.
    fn kept(&self) -> Vec<usize> {
        let kept = self.rules.iter().enumerate();
        let mut kept: Vec<_> = kept
            .filter(|(_, rule)| !rule.removed && !rule.is_empty())
            .map(|(index, rule)| (rule.order.trim().parse::<u32>().ok(), index))
            .collect();
        kept.sort();
        kept.into_iter().map(|(_, index)| index).collect()
    }

    /// The rules; `None` where some of it cannot be one, which is [marked](Self::wrong).
    pub fn set(&mut self) -> Option<RuleSet> {
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.order.trim().parse::<u32>().is_err() {
                let field = format!("r{index}-order");
                self.wrong.insert(field, "error-rule-order");
            }
            if rule.unknown_category {
                let field = format!("r{index}-category");
                self.wrong.insert(field, "error-rule-unknown");
            }
        }
        let rules = self.kept().into_iter();
        let set = RuleSet {
            leading_group_unit: self.leading.clone(),
            rule: rules.map(|index| self.rules[index].rule.clone()).collect(),
        };
        self.wrong.is_empty().then_some(set)
    }

    /// Marks what is wrong with the fields.
    pub fn mark(&mut self, faults: &[Fault]) {
        let kept = self.kept();
        for fault in faults {
            let field = match fault.rule.and_then(|rule| kept.get(rule)) {
                Some(index) => format!("r{index}-{}", fault.field),
                None => fault.field.to_owned(),
            };
            self.wrong.entry(field).or_insert(fault.key);
        }
    }

    /// Marks that the reason is missing or too long.
    pub fn mark_reason(&mut self) {
        self.wrong.insert("reason".to_owned(), "error-bad-text");
    }

    /// What is wrong with a field, as a key of words.
    pub fn wrong(&self, field: &str) -> Option<&'static str> {
        self.wrong.get(field).copied()
    }

    /// Whether anything is wrong with the rule at a place of the form.
    pub fn is_wrong(&self, index: impl Display) -> bool {
        let prefix = format!("r{index}-");
        self.wrong.keys().any(|field| field.starts_with(&prefix))
    }

    /// The version that it was made from, as typed.
    pub fn base_typed(&self) -> &str {
        &self.base
    }
}

/// The number that stands for a place: tens, so that others fit between.
fn place(index: usize) -> String {
    ((index + 1) * 10).to_string()
}
