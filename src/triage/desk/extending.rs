//! One extension of a clock, by a supervisor, with a reason that the reporter is told.

use super::Desk;
use super::changing::{REASON_MAX_CHARS, check_text};
use crate::cases::Entry;
use crate::casework::{Draft, told, unended};
use crate::deadlines::{ClockRule, Rung};
use crate::model::{CaseNumber, Member, Note, Role};
use crate::office::OfficeError;
use crate::store::ClockRow;
use crate::trail::{Act, Kind};
use mifeng_sealing::tip::MessageKind;

impl Desk {
    /// Whether `clock` can be extended, and by which rule: it runs, its rule allows it, and it was not extended before.
    pub(super) fn extensible(&self, clock: &ClockRow) -> Option<(&ClockRule, u16)> {
        let rule = self.office.parts.deadlines.rule(&clock.rule)?;
        let free = clock.met_day.is_none() && clock.extended_days == 0;
        free.then_some((rule, rule.extension_days?))
    }

    /// Extends the clock that runs under the rule `clock`, once; of joined tips, that of each where it still runs. Every
    /// reporter is told the day of his own.
    ///
    /// # Errors
    /// As [`Self::case`]; [`OfficeError::NotPermitted`] for all but a supervisor, [`OfficeError::NotPossible`] where the rule
    /// allows none or it was given before, [`OfficeError::Changed`], [`OfficeError::BadText`].
    pub async fn extend(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        clock: &str,
        reason: &str,
    ) -> Result<(), OfficeError> {
        let act = Act::new(Kind::Extended);
        self.change_case(actor, number, act, async |entries| {
            self.give_time(actor, entries, version, clock, reason).await
        })
        .await
    }

    async fn give_time(
        &self,
        actor: &Member,
        entries: Vec<Entry>,
        version: i64,
        clock: &str,
        reason: &str,
    ) -> Result<(), OfficeError> {
        if actor.role != Role::Supervisor {
            return Err(OfficeError::NotPermitted);
        }
        check_text("reason", reason, REASON_MAX_CHARS)?;
        let runs = |entry: &Entry| {
            let mut clocks = entry.clocks.iter().filter(|row| row.rule == clock);
            let found = clocks.find(|row| self.extensible(row).is_some());
            found.cloned()
        };
        let clocks: Vec<_> = entries.iter().map(runs).collect();
        if clocks.iter().all(Option::is_none) {
            return Err(OfficeError::NotPossible);
        }
        let mut drafts = self.drafts(entries, version)?;
        for (draft, clock) in drafts.iter_mut().zip(clocks) {
            if let Some(clock) = clock {
                self.extend_one(actor, draft, clock, reason).await?;
            }
        }
        self.store(drafts).await
    }

    async fn extend_one(
        &self,
        actor: &Member,
        draft: &mut Draft<'_>,
        mut clock: ClockRow,
        reason: &str,
    ) -> Result<(), OfficeError> {
        let (rule, days) = self.extensible(&clock).ok_or(OfficeError::NotPossible)?;
        let deadlines = &self.office.parts.deadlines;
        let due = deadlines.extended(rule, clock.due_day, days);
        clock.extended_days = days;
        clock.due_day = due.day;
        clock.provisional |= due.provisional;
        clock.climbed = Rung::Nobody;
        draft.move_clock(clock);
        let day = due.day.to_string();
        draft.note(
            Some(&actor.name),
            Note::Extended,
            &format!("{day}: {reason}"),
        )?;
        if rule.tell {
            let told_of = [("reason", unended(reason)), ("due", day.as_str())];
            let say = |language| told(language, "told-extended", &told_of);
            draft
                .tell_each(MessageKind::Message, Some(&actor.name), say)
                .await?;
        }
        Ok(())
    }
}
