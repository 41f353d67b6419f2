//! What is late climbs by itself, and what was counted without a calendar is counted again once it is out.

use super::cases::{Draft, Entry};
use super::deadlines::Rung;
use super::desk::DeskError;
use super::office::Office;
use super::routing::is_recused;
use super::staff::{Member, Role};
use super::store::ClockRow;
use super::trail::{Act, Kind};
use crate::clock::Day;
use crate::tip::MessageKind;

impl Office {
    /// How far the case has climbed today. Where there is no supervisor who may see it, it goes on to the office above.
    #[must_use]
    pub fn rung(&self, entry: &Entry, members: &[Member]) -> Rung {
        let today = self.today();
        let running = entry.clocks.iter().filter(|clock| clock.met_day.is_none());
        let reached = running.map(|clock| self.rung_of(clock, today)).max();
        self.passed_on(reached.unwrap_or_default(), entry, members)
    }

    fn rung_of(&self, clock: &ClockRow, today: Day) -> Rung {
        let late = today.days_since(clock.due_day);
        self.parts.deadlines.climb().rung(late)
    }

    fn passed_on(&self, rung: Rung, entry: &Entry, members: &[Member]) -> Rung {
        let mut supervisors = members
            .iter()
            .filter(|member| member.role == Role::Supervisor);
        let supervised = supervisors.any(|member| self.may_see(member, entry));
        if rung == Rung::Supervisor && !supervised {
            return Rung::Parent;
        }
        rung
    }

    /// Whether a member who sees every case sees this one.
    pub(super) fn may_see(&self, member: &Member, entry: &Entry) -> bool {
        let school = entry.card.school_id.as_deref();
        member.active
            && member.role.sees_all_cases()
            && !is_recused(member, school, &entry.haystack, &self.parts.rules)
    }

    /// Lets every clock climb that is late enough, each step once and on record; how many did.
    ///
    /// # Errors
    /// What the store says.
    pub async fn climb(&self) -> Result<usize, DeskError> {
        let _one = self.writing.lock().await;
        let today = self.today();
        let higher = |entry: &Entry| {
            let mut running = entry.clocks.iter().filter(|clock| clock.met_day.is_none());
            running.any(|clock| self.rung_of(clock, today) > clock.climbed)
        };
        let late: Vec<Entry> = self.board(|board| {
            board
                .iter()
                .filter(|entry| higher(entry))
                .cloned()
                .collect()
        });
        if late.is_empty() {
            return Ok(0);
        }
        let (members, mut climbed) = (self.parts.directory.members().await?, 0);
        for mut entry in late {
            let mut clocks = std::mem::take(&mut entry.clocks);
            for clock in clocks.iter_mut().filter(|clock| clock.met_day.is_none()) {
                let reached = self.passed_on(self.rung_of(clock, today), &entry, &members);
                if reached > clock.climbed {
                    let act = Act::new(Kind::Climbed).on(entry.row.id).of(clock.id);
                    self.trail()
                        .record_own(act.detailed(reached.code()))
                        .await?;
                    self.parts.store.clock_climbed(clock.id, reached).await?;
                    clock.climbed = reached;
                    climbed += 1;
                }
            }
            entry.clocks = clocks;
            self.board_mut(|board| board.replace(entry));
        }
        Ok(climbed)
    }

    /// Counts again what was counted without a calendar; how many clocks moved or became certain. Each is on record, and
    /// a reporter whose day moved is told.
    ///
    /// # Errors
    /// What the store says, or [`DeskError::Damaged`].
    pub async fn recount(&self) -> Result<usize, DeskError> {
        let _one = self.writing.lock().await;
        let provisional = |entry: &Entry| {
            let mut clocks = entry.clocks.iter();
            clocks.any(|clock| clock.met_day.is_none() && clock.provisional)
        };
        let waiting: Vec<Entry> = self.board(|board| {
            board
                .iter()
                .filter(|entry| provisional(entry))
                .cloned()
                .collect()
        });
        let mut counted = 0;
        for entry in waiting {
            let moved: Vec<_> = entry
                .clocks
                .iter()
                .filter_map(|clock| self.counted_again(clock))
                .collect();
            if moved.is_empty() {
                continue;
            }
            counted += moved.len();
            let mut draft = Draft::new(self, entry)?;
            let mut told = false;
            for (clock, was) in moved {
                let act = Act::new(Kind::Recounted).on(clock.case).of(clock.id);
                self.trail().record_own(act).await?;
                draft.note(None, "recounted", &format!("{was} → {}", clock.due_day))?;
                let rule = self.parts.deadlines.rule(&clock.rule);
                told |= rule.is_some_and(|rule| rule.tell);
                draft.move_clock(clock);
            }
            if told {
                draft.tell(MessageKind::Status, None, "").await?;
            }
            let (change, entry) = draft.finish()?;
            if !self.parts.store.change(&change).await? {
                return Err(DeskError::Changed);
            }
            self.board_mut(|board| board.replace(entry));
        }
        Ok(counted)
    }

    /// The clock as it stands now, with the day it stood at, if that is another or was a guess.
    fn counted_again(&self, clock: &ClockRow) -> Option<(ClockRow, Day)> {
        if clock.met_day.is_some() || !clock.provisional {
            return None;
        }
        let deadlines = &self.parts.deadlines;
        let rule = deadlines.rule(&clock.rule)?;
        let mut due = deadlines.due(rule, clock.start_day);
        if clock.extended_days > 0 {
            let more = deadlines.extended(rule, due.day, clock.extended_days);
            due.day = more.day;
            due.provisional |= more.provisional;
        }
        let changed = due.day != clock.due_day || due.provisional != clock.provisional;
        changed.then(|| {
            let now = ClockRow {
                due_day: due.day,
                provisional: due.provisional,
                ..clock.clone()
            };
            (now, clock.due_day)
        })
    }
}
