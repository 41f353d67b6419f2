//! What things are called on a page, in its language.

use super::page::Page;
use crate::cases::{DeadlineView, QueueRow};
use crate::casework::Candidate;
use crate::deadlines::EscalationLevel;
use crate::model::{CaseState, Mode, Note, Outcome, Role, Urgency};
use crate::routing::Standing;
use mifeng_sealing::tip::{Category, PassedPaper, SaidKind};
use std::borrow::Borrow;

impl Page<'_> {
    /// The one of two texts that is in the page's language.
    pub fn pick<'b>(&self, chinese: &'b str, english: &'b str) -> &'b str {
        if self.lang.is_chinese() {
            chinese
        } else {
            english
        }
    }

    /// Several in a line.
    pub fn listed(&self, items: &[String]) -> String {
        items.join(self.pick("、", ", "))
    }

    /// The words of a key; nothing where there is none.
    pub fn say_if(&self, key: &str) -> String {
        if key.is_empty() {
            return String::new();
        }
        self.w.say(key)
    }

    /// A unit's name; its id if the rules no longer have it.
    pub fn unit(&self, id: &str) -> String {
        let rules = self.state.office.rules();
        let unit = rules.unit(id);
        let names = unit.map(|unit| (unit.name_zh.as_str(), unit.name_en.as_str()));
        self.name_in(names, id)
    }

    /// What the office calls a part of the county.
    pub fn area(&self, id: &str) -> String {
        let rules = self.state.office.rules();
        let area = rules.area(id);
        let names = area.map(|area| (area.name_zh.as_str(), area.name_en.as_str()));
        self.name_in(names, id)
    }

    /// The Chinese or the English of two names, or else the id.
    fn name_in(&self, names: Option<(&str, &str)>, id: &str) -> String {
        let name = names.map(|(zh, en)| self.pick(zh, en));
        name.unwrap_or(id).to_owned()
    }

    /// Ids and names of every unit.
    pub fn units(&self) -> Vec<(String, String)> {
        let rules = self.state.office.rules();
        let units = rules.units().iter();
        units
            .map(|unit| (unit.id.clone(), self.unit(&unit.id)))
            .collect()
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

    /// What a paper of the office below is.
    pub fn passed_kind(&self, paper: &PassedPaper) -> String {
        self.w.say(&format!("passed-{}", paper.kind.code()))
    }

    pub fn role(&self, role: impl Borrow<Role>) -> String {
        self.w.say(&format!("role-{}", role.borrow().code()))
    }

    pub fn history(&self, note: impl Borrow<Note>) -> String {
        self.w.say(&format!("history-{}", note.borrow().code()))
    }

    /// Who did what stands in the history without a name: the reporter, or the program by itself.
    pub fn without_name(&self, note: impl Borrow<Note>) -> String {
        let who = if note.borrow().is_reporters() {
            "history-who-reporter"
        } else {
            "system"
        };
        self.w.say(who)
    }

    /// What kind of thing a reporter said.
    pub fn said(&self, kind: SaidKind) -> String {
        self.w.say(&format!("said-kind-{}", kind.code()))
    }

    pub fn deadline(&self, rule: &str) -> String {
        self.w.say(&format!("deadline-{rule}"))
    }

    /// What else there is to say of a deadline: that it was extended, and to whom it was escalated.
    pub fn deadline_more(&self, deadline: &DeadlineView) -> String {
        let days = deadline.extended_days.to_string();
        let extended = self.w.say_with("deadline-extended", &[("days", &days)]);
        let escalated = self
            .w
            .say(&format!("escalation-{}", deadline.escalated.code()));
        let said = [
            (deadline.extended_days > 0).then_some(extended),
            (deadline.escalated != EscalationLevel::Nobody && deadline.met_day.is_none())
                .then(|| format!("▲ {} {escalated}", self.w.say("deadline-escalated"))),
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
        self.pick(zh, en).to_owned()
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
}
