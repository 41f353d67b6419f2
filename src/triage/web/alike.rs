//! Cases that are like the one shown, in words: how near, and what speaks for and against.

use super::compare::veto_key;
use super::page::Page;
use crate::cases::{AlikeCase, BurstView, Copies};
use mifeng_similarity::Offence;

impl Page<'_> {
    /// How near a case is.
    pub fn tier(&self, alike: &AlikeCase) -> String {
        self.w.say(&format!("tier-{}", alike.compared.tier.code()))
    }

    /// How many tips are handled together.
    pub fn joined(&self, tips: usize) -> String {
        self.w
            .say_with("joined-count", &[("tips", &tips.to_string())])
    }

    /// Copies of one text, by what they are: so many, from when to when.
    pub fn copies(&self, copies: &Copies) -> String {
        let count = copies.numbers.len().to_string();
        let (first, last) = (copies.first_day.to_string(), copies.last_day.to_string());
        let said = [
            ("count", count.as_str()),
            ("first", first.as_str()),
            ("last", last.as_str()),
        ];
        let key = if first == last {
            "copies-one-day"
        } else {
            "copies"
        };
        self.w.say_with(key, &said)
    }

    /// How long two tips lie apart.
    pub fn days_apart(&self, days: i32) -> String {
        if days == 0 {
            return self.w.say("alike-one-day");
        }
        let days = days.abs().to_string();
        self.w.say_with("alike-days", &[("days", &days)])
    }

    /// How many of them are in this view.
    pub fn here(&self, count: usize) -> String {
        self.w
            .say_with("copies-here", &[("count", &count.to_string())])
    }

    /// A school with more tips of one kind than usual.
    pub fn burst(&self, burst: &BurstView) -> String {
        let kind = burst.offence.map_or("any", Offence::code);
        let kind = self.w.say(&format!("offence-{kind}"));
        let tips = burst.tips.to_string();
        let usual = format!("{:.1}", burst.usual_per_week);
        let said = [
            ("school", burst.school.as_str()),
            ("kind", kind.as_str()),
            ("tips", tips.as_str()),
            ("usual", usual.as_str()),
        ];
        let key = if burst.usual_per_week < 0.05 {
            "burst-first"
        } else {
            "burst"
        };
        self.w.say_with(key, &said)
    }

    /// Where it is handled, if it is handled with others.
    pub fn within(&self, alike: &AlikeCase) -> String {
        if alike.tips == 1 {
            return String::new();
        }
        let tips = alike.tips.to_string();
        let within = [("number", alike.case().0.as_str()), ("tips", &tips)];
        self.w.say_with("alike-within", &within)
    }

    /// What speaks for and against, the weightiest first; and first of all what forbids taking them for the same.
    pub fn alike_reasons(&self, alike: &AlikeCase) -> String {
        let veto = alike.compared.veto.map(|veto| self.w.say(veto_key(veto)));
        let said = alike.said.iter().map(|one| {
            let sign = if one.weight < 0.0 { "−" } else { "+" };
            format!("{sign} {}", self.w.say(&format!("said-{}", one.key)))
        });
        let apart = self.days_apart(alike.days_apart);
        let all: Vec<String> = veto.into_iter().chain(said).chain([apart]).collect();
        all.join(" · ")
    }
}
