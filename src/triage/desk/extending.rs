//! One extension of a clock, by a supervisor, with a reason that the reporter is told.

use super::changing::{REASON_MAX_CHARS, check_text};
use super::{Desk, DeskError};
use crate::tip::{Language, MessageKind};
use crate::triage::cases::{CaseNumber, Entry};
use crate::triage::deadlines::{ClockRule, Rung};
use crate::triage::staff::{Member, Role};
use crate::triage::store::ClockRow;
use crate::triage::trail::{Act, Kind};
use crate::words::Words;
use std::sync::LazyLock;

static TOLD: LazyLock<[Words; 3]> = LazyLock::new(|| {
    [
        Words::new(Language::ZhHans, &[include_str!("words/zh-Hans.ftl")]),
        Words::new(Language::ZhHant, &[include_str!("words/zh-Hant.ftl")]),
        Words::new(Language::En, &[include_str!("words/en.ftl")]),
    ]
});

/// What a reporter is told in `language`.
fn told(language: Language, key: &str, variables: &[(&'static str, &str)]) -> String {
    let words = TOLD.iter().find(|words| words.language() == language);
    words.unwrap_or(&TOLD[0]).say_with(key, variables)
}

impl Desk {
    /// Whether `clock` can be extended, and by which rule: it runs, its rule allows it, and it was not extended before.
    pub(super) fn extensible(&self, clock: &ClockRow) -> Option<(&ClockRule, u16)> {
        let rule = self.office.parts.deadlines.rule(&clock.rule)?;
        let free = clock.met_day.is_none() && clock.extended_days == 0;
        free.then_some((rule, rule.extension_days?))
    }

    /// Extends the clock that runs under the rule `clock`, once.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotPermitted`] for all but a supervisor, [`DeskError::NotPossible`] where the rule
    /// allows none or it was given before, [`DeskError::Changed`], [`DeskError::BadText`].
    pub async fn extend(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        clock: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number).await?;
        let act = Act::new(Kind::Extended).on(entry.row.id);
        self.on_record(
            actor,
            act,
            self.give_time(actor, entry, version, clock, reason),
        )
        .await
    }

    async fn give_time(
        &self,
        actor: &Member,
        entry: Entry,
        version: i64,
        clock: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        if actor.role != Role::Supervisor {
            return Err(DeskError::NotPermitted);
        }
        check_text(reason, REASON_MAX_CHARS)?;
        let clock = entry.clocks.iter().find(|row| row.rule == clock).cloned();
        let mut clock = clock.ok_or(DeskError::NotPossible)?;
        let (rule, days) = self.extensible(&clock).ok_or(DeskError::NotPossible)?;
        let due = self
            .office
            .parts
            .deadlines
            .extended(rule, clock.due_day, days);
        clock.extended_days = days;
        clock.due_day = due.day;
        clock.provisional |= due.provisional;
        clock.climbed = Rung::Nobody;
        let mut draft = self.draft(entry, version)?;
        draft.move_clock(clock);
        let day = due.day.to_string();
        draft.note(Some(&actor.name), "extended", &format!("{day}: {reason}"))?;
        if rule.tell {
            let say = |language| {
                told(
                    language,
                    "told-extended",
                    &[("reason", reason), ("due", &day)],
                )
            };
            draft
                .tell_each(MessageKind::Message, Some(&actor.name), say)
                .await?;
        }
        self.store(draft).await
    }
}
